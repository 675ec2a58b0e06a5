#!/usr/bin/env python3
"""Runs the code that `picklescope stubs` writes, in real Python, over this repository's own fixtures.

    python3 scripts/check_stubs.py BINARY [--environment NAME ...] [--only TEXT] [--write]

For every pickle of Python's own library in tests/fixtures/real, legacy, edge, errors/files and code, and with `--environment` in an
environment of scripts/fixtures.sh those of its libraries (the Python that runs this decides what is installed):

  classes       runs before loading; then no name of __main__ or of an unknown module may be missing
  loader        loads the file in a process of its own; what the plain loader takes it takes too, of the same type; a name that the file
                does not have is refused
  torch         where torch is installed: torch.load(weights_only=True) takes the file after these lines
  requirements  pip's own parser (packaging) takes every line, where it is installed

Loading runs what a pickle names, so this is for files of this repository's own making only; nothing of tests/fixtures/hostile is
loaded, its code is only generated and compiled. One line per failure, then the counts. Exit code 1 if something failed.

`--write` keeps what came of it: the counts in tests/fixtures/stubs.json, and for the environment `plain` a line for each file in
tests/fixtures/stubs.tsv, with the sum of the code that was run, without its comments, and the outcome. `cargo test --test it explain::stubs` holds the code
that is written now to these sums: code that was not run in Python does not pass. `--jobs N` runs so many files at once.
"""

import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIXTURES = os.path.join(ROOT, "tests", "fixtures")
COUNTS = os.path.join(FIXTURES, "stubs.json")
SUMS = os.path.join(FIXTURES, "stubs.tsv")

FOLDERS = ["real/*", "legacy", "edge", "errors/files", "code/*", "values/*", "tables/*", "models/*", "joblib/*", "arrays/*", "packed", "containers/joblib-*", "../samples"]
TORCH = ["containers/torch-*", "torch/*", "forecast", "errors/files"]
# Loading these takes too much memory, or time.
LEFT_OUT = {"edge/bomb-dup.pkl", "edge/bomb-dup-dict.pkl", "edge/bomb-shared.pkl"}

# Loads a file plainly, or after stand-ins, and prints what came of it.
PLAIN = r"""
import sys, warnings
warnings.simplefilter("ignore")
path, opener, stubs = sys.argv[1:4]
if stubs:
    exec(compile(open(stubs).read(), stubs, "exec"), vars(sys.modules["__main__"]))
try:
    if opener == "joblib":
        import joblib
        value = joblib.load(path)
    else:
        import pickle, gzip, bz2, lzma
        open_it = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}.get(opener, open)
        with open_it(path, "rb") as file:
            value = pickle.load(file, encoding="latin1")
    print("OK", type(value).__module__, type(value).__qualname__)
except BaseException as error:
    print("ERROR", type(error).__name__, str(error).split("\n")[0][:300])
"""
LOADER = r"""
import sys, warnings, runpy
warnings.simplefilter("ignore")
script, path, stubs = sys.argv[1:4]
if stubs:
    exec(compile(open(stubs).read(), stubs, "exec"), vars(sys.modules["__main__"]))
names = {"__name__": "loader_for_a_file"}
exec(compile(open(script).read(), script, "exec"), names)
try:
    value = names["load"](path)
    pickles = isinstance(value, list) and "range(" in open(script).read()
    value = value[0] if pickles else value
    print("OK", type(value).__module__, type(value).__qualname__)
except BaseException as error:
    print("ERROR", type(error).__name__, str(error).split("\n")[0][:300])
import io, pickle
cls = names.get("Plain") or names.get("Loader")
for name in (b"cposix\nsystem\n.", b"cbuiltins\neval\n.", b"csubprocess\nPopen\n."):
    try:
        cls(io.BytesIO(name)).load()
        print("TOOK", name)
    except pickle.UnpicklingError:
        pass
"""
TORCH_LOAD = r"""
import sys, warnings
warnings.simplefilter("ignore")
lines, stubs = sys.argv[1:3]
if stubs:
    exec(compile(open(stubs).read(), stubs, "exec"), vars(sys.modules["__main__"]))
try:
    exec(compile(open(lines).read(), lines, "exec"), {"__name__": "lines"})
    print("OK")
except BaseException as error:
    print("ERROR", type(error).__name__, str(error)[:900].replace("\n", " "))
"""


def without_comments(code):
    """What decides how code runs: how often a name is called, or whether somebody reviewed it, is said in comments."""
    lines = (line.split("  # ")[0] for line in code.split("\n") if not line.startswith("#"))
    return "".join(line + "\n" for line in lines if line)


class Checker:
    def __init__(self, binary, environment):
        self.binary, self.environment = binary, environment
        self.counts, self.failures, self.rows = {}, [], []
        self.folder = tempfile.mkdtemp()
        self.sum = hashlib.sha256()

    def count(self, word):
        self.counts[word] = self.counts.get(word, 0) + 1

    def fail(self, path, what):
        self.failures.append("%s: %s" % (os.path.relpath(path, FIXTURES), what))

    def stubs(self, path, what):
        done = subprocess.run([self.binary, "stubs", "--" + what, path], capture_output=True)
        text = done.stdout.decode("utf-8")
        if what != "torch":  # which names the path, and runs in the environments of torch
            self.sum.update(without_comments(text).encode("utf-8"))
        if done.returncode not in (0, 2):
            self.fail(path, "stubs --%s: exit code %d" % (what, done.returncode))
        if what != "requirements":
            try:
                compile(text, path, "exec")
            except SyntaxError as error:
                self.fail(path, "stubs --%s does not compile: %s" % (what, error))
                text = ""
        out = os.path.join(self.folder, what + ".py")
        with open(out, "w") as file:
            file.write(text)
        return out, text

    def run(self, script, *arguments):
        try:
            done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, timeout=120, cwd=self.folder)
        except subprocess.TimeoutExpired:
            return "ERROR TimeoutExpired"
        return done.stdout.decode("utf-8", "replace").strip() or "ERROR died %d" % done.returncode

    def file(self, path):
        facts = json.loads(subprocess.run([self.binary, "info", "--json", path], capture_output=True).stdout or b"{}")
        words = [crumb["word"] for crumb in facts.get("chain", [])]
        if not words or "pickle" not in words[-1] or any("torch" in word or word in ("zip", "tar", "7z", "npy", "npz") for word in words):
            return
        opener = "joblib" if "joblib" in "".join(words) or path.endswith(".joblib") else words[0]
        self.sum, failed, before = hashlib.sha256(), len(self.failures), dict(self.counts)
        classes, text = self.stubs(path, "classes")
        loader, loader_text = self.stubs(path, "loader")
        self.stubs(path, "torch")
        requirements, lines = self.stubs(path, "requirements")
        self.requirements(path, lines)
        self.outcome(path, opener, classes, text, loader, loader_text)
        words = [word for word in self.counts if self.counts[word] != before.get(word, 0) and word != "requirements read"]
        words = ["failed"] if len(self.failures) > failed else words
        self.rows.append("%s\t%s\t%s" % (os.path.relpath(path, FIXTURES).replace(os.sep, "/"), self.sum.hexdigest()[:16], ", ".join(words)))

    def outcome(self, path, opener, classes, text, loader, loader_text):
        needs = "_place(" in text
        plain = self.run(PLAIN, path, opener, "")
        with_classes = self.run(PLAIN, path, opener, classes if needs else "") if needs else plain
        self.count("loads" if plain.startswith("OK") else "does not load")
        if needs:
            self.count("needs stand-ins")
            if with_classes.startswith("OK"):
                self.count("loads with stand-ins")
            elif self.is_missing(with_classes, text):
                self.fail(path, "with stand-ins: %s" % with_classes)
            else:
                self.count("does not load with stand-ins for another reason")
        if "def load(" not in loader_text:
            self.count("has no loader script")
            return
        loaded = self.run(LOADER, loader, path, classes if needs else "")
        if "TOOK" in loaded:
            self.fail(path, "the loader took a name that the file does not have: %s" % loaded)
        loaded = loaded.split("\n")[0]
        if "def load(path, buffers)" in loader_text:
            self.count("needs buffers")
        elif with_classes.startswith("OK"):
            if loaded == with_classes:
                self.count("loads by its loader")
            elif "for _ in range(" in loader_text and loaded.startswith("ERROR"):
                self.count("stops in a later pickle, which the plain loader leaves unread")
            elif "is refused: " in loaded:
                self.count("refused by its loader, which says why")
            else:
                self.fail(path, "loader: %s, but plainly: %s" % (loaded, with_classes))
        elif loaded.startswith("OK"):
            self.count("loads by its loader only")

    @staticmethod
    def is_missing(said, text):
        """Whether what is missing is what the stand-ins stand for. A local name can be looked up nowhere."""
        if "<locals>" in said:
            return False
        modules = [line.split('"')[1] for line in text.split("\n") if line.startswith("_place(\"")]
        return any("'%s'" % module in said or "'%s'" % module.split(".")[0] in said for module in modules)

    def requirements(self, path, lines):
        try:
            from packaging.requirements import Requirement
        except ImportError:
            return
        for line in lines.split("\n"):
            if line and not line.startswith("#"):
                try:
                    Requirement(line)
                except Exception as error:
                    self.fail(path, "requirements: %s: %s" % (line, error))
        self.count("requirements read")

    def torch(self, path):
        lines, text = self.stubs(path, "torch")
        classes, class_text = self.stubs(path, "classes")
        if "torch.load(" not in text:
            return
        done = self.run(TORCH_LOAD, lines, classes if "_place(" in class_text else "")
        final = "Names do not help" in text or "is left out" in text or "as a whole" in text
        if done == "OK":
            self.count("torch: takes it")
        elif final:
            self.count("torch: refused, as the lines say")
        else:
            self.fail(path, "torch: %s" % done)


def checked(job):
    """One file, in a process of its own; what came of it."""
    binary, environment, has_torch, path = job
    checker = Checker(binary, environment)
    if has_torch:
        checker.torch(path)
    else:
        checker.file(path)
    return checker.counts, checker.failures, checker.rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--environment", default="plain")
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    checker = Checker(os.path.abspath(options.binary), options.environment)
    has_torch = options.environment.startswith("torch")
    jobs = []
    for folder in TORCH if has_torch else FOLDERS:
        for path in sorted(glob.glob(os.path.join(FIXTURES, folder, "*"))):
            relative = os.path.relpath(path, FIXTURES)
            if not os.path.isfile(path) or options.only not in relative or relative in LEFT_OUT or path.endswith((".json", ".dis", ".md")):
                continue
            jobs.append((checker.binary, options.environment, has_torch, path))
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for counts, failures, rows in pool.map(checked, jobs):
            for word, count in counts.items():
                checker.counts[word] = checker.counts.get(word, 0) + count
            checker.failures += failures
            checker.rows += rows
    if options.environment == "plain":
        # Only generated: nothing of these is loaded.
        for path in sorted(glob.glob(os.path.join(FIXTURES, "hostile", "**", "*.pkl"), recursive=True)):
            if options.only in path:
                for what in ("classes", "loader", "torch"):
                    checker.stubs(path, what)
                checker.count("hostile, compiled only")
    for failure in checker.failures:
        print(failure)
    print("%s, Python %s: %d failures; %s" % (options.environment, platform.python_version(), len(checker.failures), checker.counts))
    if options.write:
        kept = {}
        if os.path.exists(COUNTS):
            with open(COUNTS) as file:
                kept = json.load(file)
        kept[options.environment] = dict(sorted(checker.counts.items()), python=platform.python_version(), failures=len(checker.failures))
        with open(COUNTS, "w", newline="\n") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.write("\n")
        if options.environment == "plain":
            with open(SUMS, "w", newline="\n") as file:
                file.write("# Written by scripts/check_stubs.py: fixture, sum of its code, what came of it in real Python\n")
                file.write("".join(row + "\n" for row in sorted(checker.rows)))
    return 1 if checker.failures else 0


if __name__ == "__main__":
    sys.exit(main())
