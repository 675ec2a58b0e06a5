"""Writes the tables of what loading an instance runs, from the sources of releases.

    python3 scripts/class_facts --wheels FOLDER --cache FOLDER            everything that scripts/class_facts/releases.txt names
    python3 scripts/class_facts --wheels FOLDER --cache FOLDER NAME ...   works out these packages alone; writes no table
    python3 scripts/class_facts --wheels FOLDER --cache FOLDER --merge NAME ...   the same, and replaces their rows in the table

Releases that are not in the folder of wheels are downloaded into it. Their sources are parsed, never imported or run. Skeletons and
results of each release are kept in the cache, and made again where this program or a release that they depend on is another.
"""

import argparse
import gc
import hashlib
import json
import os
import sys
import time

import tables
from engine import DEPTH, Engine
from hunt import facts
from operations import Auditor
from releases import STDLIB, archive_of, members, obtain, package_of, read_list
from skeleton import skeleton
from world import Store, World

HERE = os.path.dirname(os.path.abspath(__file__))


def digest(*names):
    found = hashlib.sha256(sys.version.split()[0].encode())
    for name in names:
        with open(os.path.join(HERE, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()[:12]


SHAPE = digest("skeleton.py", "releases.py")
CODE = digest("skeleton.py", "releases.py", "known.tsv", "known.py", "world.py", "values.py", "engine.py", "frame.py", "expressions.py", "calls.py",
              "conditions.py", "operations.py", "hunt.py")


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", required=True, help="folder of the releases")
    parser.add_argument("--cache", required=True, help="folder of what is kept between runs")
    parser.add_argument("--output", default=tables.DATA, help="folder of the tables")
    parser.add_argument("--evidence", help="folder for what was found of every class, and for the functions that act")
    parser.add_argument("--releases", default=os.path.join(HERE, "releases.txt"), help="list of releases")
    parser.add_argument("--cached", action="store_true", help="take no release whose results are not in the cache")
    parser.add_argument("--merge", action="store_true", help="replace the rows of the packages that are named, and leave the others in the table")
    parser.add_argument("packages", nargs="*", help="packages to work out alone")
    options = parser.parse_args()
    releases = [STDLIB, *read_list(options.releases)]
    unlisted = set(options.packages) - {package_of(release) for release in releases}
    if unlisted:
        parser.error(f"{options.releases} does not list {', '.join(sorted(unlisted))}")
    if options.merge and not options.packages:
        parser.error("--merge needs the names of packages")
    for folder in (options.wheels, options.cache):
        os.makedirs(folder, exist_ok=True)
    listed = [STDLIB, *obtain(releases[1:], options.wheels, options.packages)]
    made = {}

    def stores(release):
        if release not in made:
            path = os.path.join(options.cache, f"{release}.{SHAPE}.skeletons")
            made[release] = Store(release, path, lambda: archive_of(release, options.wheels), lambda: skeletons(release, path, options.wheels))
        return made[release]

    newest = list({package_of(release): release for release in listed}.values())
    chosen = [release for release in listed if not options.packages or package_of(release) in options.packages]
    found = {}
    oldest = set({package_of(release): release for release in reversed(listed)}.values())
    # The newest first, then the oldest: after an interruption the ends of every package's releases are there.
    # Most of what is made stays: the collector would go over all of it again and again.
    gc.disable()
    for count, release in enumerate(sorted(chosen, key=lambda release: (release not in newest, release not in oldest))):
        if count % 5 == 4:
            gc.collect()
        if options.cached and not os.path.exists(os.path.join(options.cache, f"{release}.{CODE}.results")):
            continue
        found[release] = results(release, stores, newest, options.cache, bool(options.evidence))
        if release not in newest:
            made.pop(release, None)
    if options.packages and not options.merge:
        return
    # A package with a release that was not worked out keeps its old rows: the table would otherwise say less of it, or more.
    packages = {package_of(release) for release in chosen} - {package_of(release) for release in chosen if release not in found}
    if options.merge:
        chosen = [release for release in chosen if package_of(release) in packages]
    if chosen:
        tables.write([(release, found[release]) for release in chosen if release in found], options.output, options.evidence, packages if options.merge else ())


if __name__ == "__main__":
    main()
