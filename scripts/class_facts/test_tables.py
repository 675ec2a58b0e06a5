"""The table: what is listed, and what is replaced when some packages alone were worked out."""

import os
import tempfile
import unittest
from unittest import mock

import releases
import tables


def results(**modules):
    """Results of a release: module=[(class, {operation: result}), ...]."""
    classes = [[module, name, {operation: [result, []] for operation, result in row.items()}, []] for module, found in modules.items() for name, row in found]
    return {"classes": classes, "functions": []}


class Tables(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        silent = mock.patch("builtins.print")
        silent.start()
        self.addCleanup(silent.stop)

    def write(self, *found, packages=()):
        tables.write(found, self.folder.name, None, packages)
        with open(os.path.join(self.folder.name, tables.TABLE)) as file:
            return file.read().splitlines()[1:]

    def test_lists_by_what_runs(self):
        found = results(m=[("Plain", {}), ("Items", {"items": "inert"}), ("State", {"state": "inert"}), ("Acts", {"state": "acts"}), ("Called", {"call": "acts"})])
        self.assertEqual(self.write(("a==1", found)), ["m\ta==1\td Items; dp Called Plain; op State"])

    def test_lists_what_must_hold_for_the_state_and_the_maker(self):
        found = results(m=[("Slots", {"slots": "given-method"}), ("Opens", {"slots": "acts"}), ("Array", {"new": "acts", "array": "inert", "state": "inert"}),
                           ("Finalized", {"array": "given"})])
        self.assertEqual(self.write(("a==1", found)), ["m\ta==1\tdps Slots; opa Array"])
        self.assertEqual(tables.worse_kind("dps", "opa"), "opsa")

    def test_errors_that_are_known_by_their_names_are_not_listed(self):
        found = results(**{"numpy.x": [("AxisError", {}), ("Axis", {})], "mylib": [("MyError", {})]})
        self.assertEqual(self.write(("a==1", found)), ["mylib\ta==1\tdp MyError", "numpy.x\ta==1\tdp Axis"])

    def test_merging_replaces_the_rows_of_the_packages_alone(self):
        a, b = results(a=[("A", {})]), results(b=[("Old", {}), ("Kept", {})])
        rows = self.write(("a==1", a), ("b==1", b))
        self.assertEqual(self.write(("b==1", b), packages={"b"}), rows)
        newer = results(b=[("Kept", {"state": "inert"}), ("New", {})], c=[("Moved", {})])
        self.assertEqual(self.write(("b==2", newer), packages={"b"}), ["a\ta==1\tdp A", "b\tb==2\tdp New; op Kept", "c\tb==2\tdp Moved"])

    def test_merging_keeps_the_worse_of_two_packages_with_the_same_module(self):
        self.write(("a==1", results(m=[("Acts", {}), ("Both", {}), ("Runs", {})])), ("b==1", results(n=[("Other", {})])))
        found = results(m=[("Acts", {"drop": "acts"}), ("Both", {}), ("Runs", {"state": "inert", "items": "inert"}), ("Own", {})])
        self.assertEqual(self.write(("b==2", found), packages={"b"}), ["m\ta==1\tdp Both; o Runs", "m\tb==2\tdp Own"])

    def test_the_table_is_written_again_as_it_is(self):
        path = os.path.join(tables.DATA, tables.TABLE)
        tables.write_facts(tables.read_facts(path), self.folder.name)
        with open(path) as before, open(os.path.join(self.folder.name, tables.TABLE)) as after:
            self.assertEqual(before.read(), after.read())


class Releases(unittest.TestCase):
    def test_of_other_packages_the_newest_that_is_there(self):
        there = {"a==1", "a==2", "b==1", "b==2", "c==1"}
        with mock.patch.object(releases, "download", lambda release, _: release in there), mock.patch("builtins.print"):
            listed = ["a==1", "a==2", "a==3", "b==1", "b==2", "c==1", "c==2"]
            self.assertEqual(releases.obtain(listed, "", ["a"]), ["a==1", "a==2", "b==2", "c==1"])
            self.assertEqual(releases.obtain(listed, ""), ["a==1", "a==2", "b==1", "b==2", "c==1"])


if __name__ == "__main__":
    unittest.main()
