"""Writes the tables of what loading an instance runs, from the sources of releases.

    python3 scripts/class_facts --wheels FOLDER --cache FOLDER            everything that scripts/class_facts/releases.txt names
    python3 scripts/class_facts --wheels FOLDER --cache FOLDER NAME ...   works out these packages alone; writes no table
    python3 scripts/class_facts --wheels FOLDER --cache FOLDER --merge NAME ...   the same, and replaces their rows in the table
    python3 scripts/class_facts --check                                   what the list and the table do not have in common

Releases that are not in the folder of wheels are downloaded into it, of packages that are not named only those that imports lead to.
Their sources are parsed, never imported or run. Skeletons and results of each release are kept in the cache, and made again where
this program or a release that they depend on is another.
"""

import argparse
import gc
import hashlib
import json
import multiprocessing
import os
import sys
import time

import ledger
import tables
from engine import DEPTH, Engine
from hunt import facts
from operations import Auditor
from releases import STDLIB, archive_of, members, obtain, package_of, read_list
from skeleton import skeleton
from world import Store, World

HERE = os.path.dirname(os.path.abspath(__file__))


def digest(*names, python=sys.version.split()[0]):
    found = hashlib.sha256(python.encode())
    for name in names:
        with open(os.path.join(HERE, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()[:12]


SHAPE = digest("skeleton.py", "releases.py")
PROGRAM = ("skeleton.py", "releases.py", "known.tsv", "known.py", "world.py", "values.py", "engine.py", "frame.py", "expressions.py", "calls.py",
           "conditions.py", "operations.py", "hunt.py")
CODE = digest(*PROGRAM)


def skeletons(release, path, wheels):
    """Writes the file of a release's skeletons if it is not there."""
    if os.path.exists(path):
        return
    archive, unread = archive_of(release, wheels), []
    with open(f"{path}.{os.getpid()}", "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        for module, member in members(archive):
            found = skeleton(archive.read(member), module, member)
            if found is None:
                unread.append(member)
            else:
                file.write(module + "\t" + json.dumps(found, separators=(",", ":")) + "\n")
    os.replace(f"{path}.{os.getpid()}", path)
    if unread:
        print(f"{release}: {len(unread)} files that this Python cannot parse, {unread[0]} the first")


def analyse(store, others, with_functions):
    """The results of one release, as plain data. The functions that act take half of the time, and are evidence alone."""
    world = World([store, *others])
    engine = Engine(world, store)
    auditor = Auditor(engine)
    classes, functions = [], [] if with_functions else None
    for module in sorted(store.encoded):
        found = world.module(module)
        for qualified in found["classes"]:
            results = auditor.classify(module, qualified, DEPTH)
            row = {name: [result.result, result.lines()] for name, result in results.items() if result.result != "plain"}
            methods = sorted(set().union(*[result.methods for result in results.values()]))
            classes.append([module, qualified, row, methods])
        if with_functions and not found["stub"]:
            functions += [[module, name, {word: what for word, what in words.items()}] for name, words in facts(engine, module)]
        engine.memo.clear() if len(engine.memo) > 200000 else None
    return {"classes": classes, "functions": functions, "uses": sorted(world.used - {store.release}), "missing": sorted(world.missing)}


def results(release, stores, newest, cache, with_functions):
    path = os.path.join(cache, f"{release}.{CODE}.results")
    package = package_of(release)
    others = [stores(name) for name in newest if package_of(name) != package]
    tops = {top for store in others for top in store.tops}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
        is_enough = known["functions"] is not None or not with_functions
        if is_enough and set(known["uses"]) <= set(newest) and not tops & set(known["missing"]):
            return known
    begun = time.time()
    found = analyse(stores(release), others, with_functions)
    with open(f"{path}.{os.getpid()}", "w", encoding="utf-8", errors="surrogatepass") as file:
        json.dump(found, file, separators=(",", ":"))
    os.replace(f"{path}.{os.getpid()}", path)
    print(f"{release}: {len(found['classes'])} classes, {len(found['functions'] or ())} functions that act, {time.time() - begun:.0f} s", flush=True)
    return found


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", help="folder of the releases")
    parser.add_argument("--cache", help="folder of what is kept between runs")
    parser.add_argument("--output", default=tables.DATA, help="folder of the tables")
    parser.add_argument("--evidence", help="folder for what was found of every class, and for the functions that act")
    parser.add_argument("--releases", default=os.path.join(HERE, "releases.txt"), help="list of releases")
    parser.add_argument("--jobs", type=int, default=1, help="releases that are worked out at a time")
    parser.add_argument("--cached", action="store_true", help="take no release whose results are not in the cache")
    parser.add_argument("--merge", action="store_true", help="replace the rows of the packages that are named, and leave the others in the table")
    parser.add_argument("--check", action="store_true", help="compare the list with what the table was made of; download and write nothing")
    parser.add_argument("packages", nargs="*", help="packages to work out alone")
    options = parser.parse_args()
    options.listed = [STDLIB, *read_list(options.releases)]
    unlisted = set(options.packages) - {package_of(release) for release in options.listed}
    if unlisted:
        parser.error(f"{options.releases} does not list {', '.join(sorted(unlisted))}")
    if options.merge and not options.packages:
        parser.error("--merge needs the names of packages")
    if not options.check and not (options.wheels and options.cache):
        parser.error("--wheels and --cache are needed")
    return options


class Run:
    """The releases of one run, their stores, and the newest release of each package."""

    def __init__(self, options):
        self.options = options
        self.made = {}
        listed = options.listed[1:]
        if not options.packages:
            self.listed = [STDLIB, *obtain(listed, options.wheels)]
        else:
            self.listed = [STDLIB, *obtain([release for release in listed if package_of(release) in options.packages], options.wheels)]
            self.add_what_imports_lead_to(listed)
        self.newest = list({package_of(release): release for release in self.listed}.values())

    def store(self, release):
        if release not in self.made:
            options = self.options
            path = os.path.join(options.cache, f"{release}.{SHAPE}.skeletons")
            self.made[release] = Store(release, path, lambda: archive_of(release, options.wheels), lambda: skeletons(release, path, options.wheels))
        return self.made[release]

    def add_what_imports_lead_to(self, listed):
        """The newest releases of packages that the releases here import from, and of those that these do."""
        holders = ledger.holders(self.options.output)
        known, waiting = set(self.options.packages), list(self.listed[1:])
        while waiting:
            tops = set().union(*(ledger.imports(self.store(release)) for release in waiting))
            packages = {holders[top] for top in tops if top in holders} - known
            known |= packages
            others = [release for release in listed if package_of(release) in packages]
            waiting = obtain(list({package_of(release): release for release in others}.values()), self.options.wheels)
            self.listed += waiting

    def chosen(self):
        """The newest first, then the oldest: after an interruption the ends of every package's releases are there."""
        packages = self.options.packages
        chosen = [release for release in self.listed if not packages or package_of(release) in packages]
        oldest = set({package_of(release): release for release in reversed(self.listed)}.values())
        return sorted(chosen, key=lambda release: (release not in self.newest, release not in oldest))

    def work_out(self, release):
        if self.options.cached and not os.path.exists(os.path.join(self.options.cache, f"{release}.{CODE}.results")):
            return None
        found = results(release, self.store, self.newest, self.options.cache, bool(self.options.evidence))
        if release not in self.newest:
            self.made.pop(release, None)
        return found

    def work_out_all(self):
        # Most of what is made stays: the collector would go over all of it again and again.
        gc.disable()
        chosen = self.chosen()
        if self.options.jobs > 1 and not self.options.cached:
            # Each process has its own stores; what they find comes back through the cache.
            for release in self.newest:
                _ = self.store(release).tops
            with multiprocessing.get_context("fork").Pool(self.options.jobs, maxtasksperchild=40) as pool:
                for _ in pool.imap_unordered(self.leave_in_cache, chosen):
                    pass
        found = {}
        for count, release in enumerate(chosen):
            if count % 5 == 4:
                gc.collect()
            found[release] = self.work_out(release)
        return {release: results for release, results in found.items() if results}

    def leave_in_cache(self, release):
        self.work_out(release)
        gc.collect()


def main():
    options = arguments()
    if options.check:
        sys.exit(ledger.check(options.listed, options.output, digest(*PROGRAM, python="")))
    for folder in (options.wheels, options.cache):
        os.makedirs(folder, exist_ok=True)
    run = Run(options)
    found = run.work_out_all()
    if options.packages and not options.merge:
        return
    # A package with a release that was not worked out keeps its old rows: the table would otherwise say less of it, or more.
    chosen = [release for release in run.listed if release in found or not options.packages or package_of(release) in options.packages]
    packages = {package_of(release) for release in chosen} - {package_of(release) for release in chosen if release not in found}
    if options.merge:
        chosen = [release for release in chosen if package_of(release) in packages]
    if chosen:
        known = [(release, found[release]) for release in chosen if release in found]
        tables.write(known, options.output, options.evidence, packages if options.merge else ())
        ledger.write(known, run.store, options.output, digest(*PROGRAM, python=""), packages if options.merge else ())


if __name__ == "__main__":
    main()
