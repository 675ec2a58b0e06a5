"""The ledger: what the table was made of, what a release imports, and what a check says."""

import io
import json
import tempfile
import types
import unittest
from contextlib import redirect_stdout

import ledger
from skeleton import skeleton


def store(*tops, **sources):
    encoded = {name: name.encode() + b"\t" + json.dumps(skeleton(text.encode(), name, f"{name}.py"), separators=(",", ":")).encode() for name, text in sources.items()}
    return types.SimpleNamespace(tops=list(tops), encoded=encoded)


class Ledger(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, program, *releases, packages=()):
        found = [(release, {"classes": [1, 2]}) for release in releases]
        ledger.write(found, lambda release: store(release.split("==")[0]), self.folder, program, packages)

    def check(self, *listed):
        printed = io.StringIO()
        with redirect_stdout(printed):
            result = ledger.check(listed, self.folder, "new")
        return result, printed.getvalue()

    def test_imports_of_a_release_are_those_from_other_packages(self):
        found = store("a", a="import os.path, numpy as np\nfrom sklearn.base import X\nfrom . import b\nfrom pandas import *\nclass C(np.ndarray):\n    import json\n")
        self.assertEqual(ledger.imports(found), {"os", "numpy", "sklearn", "pandas", "json"})

    def test_rows_of_other_packages_stay(self):
        self.write("old", "a==1", "a==2", "b==1")
        self.write("new", "b==2", packages={"b"})
        self.assertEqual(ledger.read(self.folder), {"a==1": ["a", "2", "old"], "a==2": ["a", "2", "old"], "b==2": ["b", "2", "new"]})

    def test_a_check_fails_over_releases_that_only_one_side_has(self):
        self.write("old", "a==1")
        self.write("new", "b==1", packages={"b"})
        self.assertEqual(self.check("a==1", "b==1"), (0, "2 releases, 1 of them read by an older program\n"))
        result, printed = self.check("a==1", "c==1")
        self.assertEqual(result, 1)
        self.assertIn("c==1 is listed, and not in the table", printed)
        self.assertIn("b==1 is in the table, and not listed", printed)


if __name__ == "__main__":
    unittest.main()
