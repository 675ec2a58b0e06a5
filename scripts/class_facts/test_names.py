"""Names, bases and the order in which they are asked."""

import unittest

from skeleton import skeleton
from support import store
from world import World, merge


class Names(unittest.TestCase):
    def world(self, files):
        return World([store("pkg==1", files)])

    def test_follows_re_exports_and_aliases(self):
        world = self.world({"pkg/__init__.py": "from .inner import *\nfrom .inner import Real as Other\n", "pkg/inner.py": "class Real: pass\nAlias = Real\n"})
        real = ("class", "pkg.inner", "Real")
        for name in ("Real", "Alias", "Other"):
            self.assertEqual(world.lookup("pkg", name), (real,))

    def test_a_star_import_does_not_have_every_name(self):
        world = self.world({"pkg/__init__.py": "from .a import *\nfrom .b import *\n", "pkg/a.py": "x = 1\n", "pkg/b.py": "class Wanted: pass\n"})
        self.assertEqual(world.lookup("pkg", "Wanted"), (("class", "pkg.b", "Wanted"),))

    def test_a_module_imports_from_the_package_that_exports_it(self):
        files = {"pkg/__init__.py": "from .user import *\nfrom .maker import *\n", "pkg/maker.py": "class Made: pass\n",
                 "pkg/user.py": "from . import Made\nclass User(Made): pass\n"}
        world = self.world(files)
        made = ("class", "pkg.maker", "Made")
        self.assertEqual(world.lookup("pkg", "Made"), (made,))
        self.assertEqual(world.bases("pkg.user", "User", "Made"), [made])

    def test_relative_imports_of_packages_and_modules(self):
        found = skeleton(b"from . import a\nfrom .. import b\nfrom .c import d\n", "p.q", "p/q/__init__.py")["names"]
        self.assertEqual([found[name][0] for name in "abd"], [["from", "p.q", "a"], ["from", "p", "b"], ["from", "p.q.c", "d"]])
        self.assertEqual(skeleton(b"from . import a\n", "p.q", "p/q.py")["names"]["a"], [["from", "p", "a"]])

    def test_both_branches_of_a_condition_count(self):
        world = self.world({"pkg.py": "try:\n    class A: pass\nexcept ImportError:\n    class A:\n        x = 1\nclass B(A): pass\n"})
        self.assertEqual(len(world.definitions("pkg", "A")), 2)

    def test_names_that_stand_for_each_other(self):
        world = self.world({"pkg.py": "a = b\nb = a\nclass A:\n    x = y\n    y = x\n"})
        self.assertEqual(world.resolve("pkg", "a"), [("outside", "pkg.a")])
        self.assertEqual(world.resolve("pkg", "x", "A"), [("outside", "pkg.x")])

    def test_bases(self):
        source = """
            import collections, abc, six
            from typing import Generic, TypeVar
            T = TypeVar("T")
            class Meta(type): pass
            class A(Generic[T]): pass
            class B(six.with_metaclass(Meta, A)): pass
            class C(collections.namedtuple("C", "a b")): pass
            class D(computed()): pass
        """
        world = self.world({"pkg.py": source})
        self.assertEqual(world.order(("class", "pkg", "B")), [("class", "pkg", "B"), ("class", "pkg", "A"), ("builtin", "typing.Generic")])
        self.assertEqual(world.order(("class", "pkg", "C"))[1:], [("builtin", "tuple")])
        self.assertEqual(world.order(("class", "pkg", "D"))[1:], [("outside", "computed()")])

    def test_order_of_bases(self):
        self.assertEqual(merge([["a", "c"], ["b", "c"]]), ["a", "b", "c"])
        self.assertEqual(merge([["a", "b"], ["b", "a"]]), ["a", "b"])

    def test_source_of_another_language(self):
        self.assertIsNone(skeleton(b"print 'Python 2'\n", "a", "a.py"))
        found = skeleton(b"cdef class Fast:\n    pass\n", "a", "a.pyx")
        self.assertTrue(found["stub"])
        self.assertIn("Fast", found["classes"])


if __name__ == "__main__":
    unittest.main()
