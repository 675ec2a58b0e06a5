#!/usr/bin/env python3
"""Checks that `picklescope python FILE` is Python, and that running it makes the object that pickle loads.

    python3 scripts/check_source.py BINARY [--only TEXT]

Every pickle of tests/fixtures/real, legacy, edge and tests/samples: the source compiles. Those that Python's own library
wrote (environment `plain` of the manifest) and those of legacy and edge that CPython loads: the source is run in an empty
namespace, and what it calls `result` (`pickle_1`, `pickle_2`, ...) is compared with what pickle loads as deeply as
compare_json.py compares: types, values, order, identities.

That runs the code a pickle names, so it is for files of this repository's own making only. Files whose source leaves
something out, or that need an encoding for `str` of Python 2, are compiled and counted, not run.

One line per file that fails, then the counts. Exit code 1 if one failed.
"""

import argparse
import copyreg
import glob
import importlib
import json
import os
import subprocess
import sys
import threading
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import compare_json

FIXTURES = os.path.join(ROOT, "tests", "fixtures")
# Why a file is compiled only.
NOT_RUN = {
    "edge/bomb-dup.pkl": "takes too much memory",
    "edge/bomb-dup-dict.pkl": "takes too much memory",
    "edge/bomb-shared.pkl": "takes too much memory",
    "edge/int-bools.pkl": "the loaders of Python 3.11 take +0 and 0 for bools, newer ones do not",
    "edge/keys-nan-same.pkl": "one NaN under two keys: numbers have no names in the source",
}


def find_class(module, name):
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def namespace(row):
    return {
        "persistent_load": compare_json.persistent,
        "extension": lambda code: find_class(*copyreg._inverted_registry[code]),
        "find_class": find_class,
        "readonly": lambda buffer: buffer if memoryview(buffer).readonly else memoryview(buffer).toreadonly(),
        "buffers": compare_json.loader_buffers(row),
    }


def rows():
    """Name of each file, its line of a manifest, whether it can be run."""
    with open(os.path.join(FIXTURES, "real", "MANIFEST.json"), encoding="ascii") as file:
        for row in json.load(file):
            yield "real/" + row["file"], row, row["environment"] == "plain" and "encoding" not in row
    for folder in ("legacy", "edge"):
        with open(os.path.join(FIXTURES, folder, "MANIFEST.json"), encoding="ascii") as file:
            for row in json.load(file):
                loads = "value" in row["c"] and "value" in row["python"] and "read" not in row
                yield folder + "/" + row["file"], row, loads and "encoding" not in row
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "samples", "*.pkl"))):
        yield os.path.relpath(path, FIXTURES), {}, os.path.basename(path) == "everyday.pkl"


def check(binary, name, row, runs):
    path = os.path.join(FIXTURES, name)
    run = subprocess.run([binary, "python", path], capture_output=True)
    if run.returncode not in (0, 2):
        raise ValueError("exit code %d: %s" % (run.returncode, run.stderr[-300:].decode()))
    source = run.stdout.decode("utf-8")
    code = compile(source, name, "exec")
    if not runs or name in NOT_RUN or "elided(" in source or "numpy.ndarray(...)" in source:
        return False
    with open(path, "rb") as file:
        data = file.read()
    with compare_json.extensions(row):
        expected = compare_json.load_all(data, row)
        names = namespace(row)
        exec(code, names)
        built = [names["pickle_%d" % (n + 1)] for n in range(len(expected))] if len(expected) > 1 else [names["result"]]
        for value, other in zip(expected, built):
            compare_json.Compare().check(value, other)
    return True


def main():
    parser = argparse.ArgumentParser(usage="check_source.py BINARY [--only TEXT]")
    parser.add_argument("binary")
    parser.add_argument("--only", default="", help="only files whose name contains this")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    equal, compiled, failed = 0, 0, 0
    for name, row, runs in rows():
        if options.only not in name:
            continue
        try:
            if check(options.binary, name, row, runs):
                equal += 1
            else:
                compiled += 1
        except Exception as error:
            failed += 1
            print("%s: %s: %s" % (name, type(error).__name__, str(error)[:300]))
    print("%d equal, %d compiled only, %d failed" % (equal, compiled, failed))
    return 1 if failed or not equal else 0


if __name__ == "__main__":
    # Deep structures: comparing and compiling descend, so they get a large stack.
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(512 * 1024 * 1024)
    status = []
    thread = threading.Thread(target=lambda: status.append(main()))
    thread.start()
    thread.join()
    sys.exit(status[0] if status else 1)
