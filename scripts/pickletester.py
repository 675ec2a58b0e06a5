#!/usr/bin/env python3
"""Runs CPython's own pickle tests (Lib/test/pickletester.py) with `picklescope json` in the place of the unpickler.

    python3.11 scripts/pickletester.py BINARY [--source FOLDER] [-v] [TEST ...]

About a minute. The tests are not in this repository. They are read from Debian's package libpython3.11-testsuite:
installed, or unpacked into $PICKLESCOPE_TOOLS (default ~/.cache/picklescope), or from `--source`, the folder that holds
test/pickletester.py. BINARY `reference` runs scripts/fixtures/reference.py instead.

How: the test classes ask for a method `loads`. Ours gives the bytes to the binary, rebuilds the object from the JSON
(scripts/compare_json.py) and returns it, so every assertion of the tests is made on what Picklescope said. A stream
whose status is "stopped" raises UnpicklingError. Where a test expects an error of the byte layer (bad stacks, bad marks,
truncated data, bad quotes, oversized counts), a stopped status or a problem in the JSON counts as the error; errors of
Python itself (a class that is not callable, say) come from the rebuilding, as they would from the loader.

Covered: AbstractUnpickleTests, which holds the byte strings that are written out (DATA0 to DATA4 with create_data(),
DATA_SET, DATA_XRANGE, DATA_COOKIE, DATA_SET2, the exception pickles, python 2 str and unicode, constants, get, dup, put,
frames, compat names, about 150 damaged ones), and AbstractPickleTests, whose values real pickle writes at each protocol:
recursive structures, extension codes, __reduce__ in every form, framing, nested names, out-of-band buffers.
AbstractPersistentPicklerTests too: persistent ids.
Not covered: what tests Python objects instead of bytes (SKIPPED below, with the reason of each), the tests that need
more than 2 GB, and those of pickler and unpickler objects (memo priming, reuse, hooks, dispatch tables).

Prints one line per failing test and `N passed, M failed`: passed and failed are test methods that read at least one
byte string; before it stands the number of byte strings. Exit code 1 if one failed.
"""

import argparse
import importlib.util
import os
import pickle
import shlex
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare_json

SKIPPED = {
    "test_unpickle_module_race": "about threads in the import of a module; uses pickle.loads itself",
    "test_framed_write_sizes_with_delayed_writer": "about the sizes of the pickler's writes; uses pickle.loads itself",
    "test_evil_class_mutating_dict": "about crashes of the pickler",
    "test_evil_pickler_mutating_collection": "about crashes of the pickler",
    "test_picklebuffer_error": "about the pickler",
    "test_buffer_callback_error": "about the pickler",
    "test_buffers_error": "about the argument of loads",
}


def find_source(given):
    """The folder that holds test/pickletester.py."""
    tools = os.environ.get("PICKLESCOPE_TOOLS") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "picklescope")
    unpacked = os.path.join(tools, "python-testsuite")
    inside = os.path.join(unpacked, "usr", "lib", "python3.11")
    for folder in [given] if given else ["/usr/lib/python3.11", inside]:
        if os.path.exists(os.path.join(folder, "test", "pickletester.py")):
            return folder
    if given:
        sys.exit("pickletester: no test/pickletester.py in %s" % given)
    print("pickletester: fetching Debian's libpython3.11-testsuite into %s" % unpacked, file=sys.stderr)
    os.makedirs(unpacked, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "--quiet", "libpython3.11-testsuite"], cwd=unpacked, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        package = next(name for name in os.listdir(unpacked) if name.endswith(".deb"))
        subprocess.run(["dpkg", "-x", package, "."], cwd=unpacked, check=True)
    except (OSError, subprocess.CalledProcessError, StopIteration) as error:
        sys.exit("pickletester: could not fetch the package (%s); give the folder with --source" % error)
    return inside


def load_tests(folder):
    """Imports the file under the name test.pickletester, which its own pickles mention."""
    try:
        import test.support  # noqa: F401
    except ImportError:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location("test.pickletester", os.path.join(folder, "test", "pickletester.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["test.pickletester"] = module
    import test

    test.pickletester = module
    spec.loader.exec_module(module)
    return module


class Stopped(pickle.UnpicklingError, ValueError):
    """The binary stopped before STOP: the error of the byte layer. (CPython raises ValueError for PROTO 6.)"""


def make_cases(tests, command, seen):
    class Reader:
        truncated_errors = bad_stack_errors = size_overflow_errors = (Stopped,)
        unpickling_error = Stopped

        def dumps(self, value, protocol=None, **more):
            return pickle.dumps(value, protocol, **more)

        pickler = pickle.Pickler

        def read(self, data):
            seen.append((self.id(), bytes(data)))
            return compare_json.read_document(command, bytes(data))[0]

        def rebuild(self, document, encoding="ASCII", buffers=None, persistent=None, **more):
            stream = document["streams"][0]
            if stream["status"] != "complete":
                raise Stopped(str(document["problems"]))
            rebuild = compare_json.Rebuild(stream, {"encoding": encoding})
            rebuild.buffers = list(buffers) if buffers is not None else None
            if persistent is not None:
                rebuild.persistent = persistent
            return rebuild.root(stream["root"])

        def loads(self, data, **more):
            return self.rebuild(self.read(data), **more)

        def check_unpickling_error(self, errors, data):
            """An error of Python's loader: here a stopped stream, a problem in the JSON, or the same error from rebuilding."""
            with self.subTest(data=data):
                document = self.read(data)
                if document["problems"] or document["streams"][0]["status"] != "complete":
                    return
                with self.assertRaises(errors):
                    self.rebuild(document)

        def setUp(self):
            if self._testMethodName in SKIPPED:
                self.skipTest(SKIPPED[self._testMethodName])
            super().setUp()

    class UnpickleTests(Reader, tests.AbstractUnpickleTests, unittest.TestCase):
        pass

    class PickleTests(Reader, tests.AbstractPickleTests, unittest.TestCase):
        pass

    class PersistentTests(Reader, tests.AbstractPersistentPicklerTests, unittest.TestCase):
        def dumps(self, value, protocol=None):
            import io

            class Pickler(pickle.Pickler):
                def persistent_id(subself, obj):
                    return self.persistent_id(obj)

            out = io.BytesIO()
            Pickler(out, protocol).dump(value)
            return out.getvalue()

        def loads(self, data, **more):
            return self.rebuild(self.read(data), persistent=self.persistent_load, **more)

    return UnpickleTests, PickleTests, PersistentTests


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.bad = {}

    def note(self, test, error):
        kind, value, _ = error
        self.bad.setdefault(test.id().split(" ")[0].split(".")[-1] if "." in test.id() else test.id(), []).append(
            "%s: %s" % (kind.__name__, " ".join(str(value).split())[:300]))

    def addError(self, test, error):
        self.note(test, error)

    def addFailure(self, test, error):
        self.note(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.note(test, (error[0], "%s %s" % (dict(subtest.params), error[1]), None))


def main():
    parser = argparse.ArgumentParser(usage="pickletester.py BINARY [--source FOLDER] [-v] [TEST ...]")
    parser.add_argument("binary")
    parser.add_argument("tests", nargs="*", help="only the methods with these names")
    parser.add_argument("--source", help="the folder that holds test/pickletester.py")
    parser.add_argument("-v", action="store_true", help="name every test and say what was skipped")
    options = parser.parse_args()
    seen = []
    cases = make_cases(load_tests(find_source(options.source)), shlex.split(options.binary), seen)
    passed, failed, strings = 0, 0, set()
    for case in cases:
        for name in unittest.TestLoader().getTestCaseNames(case):
            if options.tests and name not in options.tests:
                continue
            test, result = case(name), Result()
            del seen[:]
            test.run(result)
            strings.update(data for _, data in seen)
            label = "%s.%s" % (case.__name__, name)
            if result.bad:
                failed += 1
                problems = [problem for group in result.bad.values() for problem in group]
                print("%s: %s%s" % (label, problems[0], " (and %d more)" % (len(problems) - 1) if len(problems) > 1 else ""))
            elif seen:
                passed += 1
            if options.v:
                print("  %s: %s" % (label, "%d byte strings" % len(seen) if not result.skipped else "skipped, " + result.skipped[0][1]))
    print("%d different byte strings" % len(strings))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("pickletester: the tests are those of Python 3.11, this is %d.%d" % sys.version_info[:2])
    sys.setrecursionlimit(20_000)
    threading.stack_size(256 * 1024 * 1024)
    status = []
    thread = threading.Thread(target=lambda: status.append(main()))
    thread.start()
    thread.join()
    sys.exit(status[0] if status else 1)
