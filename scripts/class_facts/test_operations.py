"""What loading an instance runs."""

import unittest

from support import auditor, evidence, hunted, results, store


class Operations(unittest.TestCase):
    def test_a_class_without_code_is_plain(self):
        self.assertEqual(results("class A:\n    def fit(self, x): exec(x)\n", "A"), {})
        self.assertEqual(results("class A(dict): pass\nclass B(A, Exception): pass\n", "B"), {})

    def test_own_code_that_does_nothing_is_inert(self):
        source = """
            class A:
                def __init__(self, x): self.x = x
                def __setstate__(self, state): self.__dict__.update(state)
                def __setitem__(self, key, value): self.items[key] = value
        """
        self.assertEqual(results(source, "A"), {"call": "inert", "state": "inert", "items": "inert"})

    def test_calls_of_what_the_file_gives(self):
        source = """
            class A:
                def __setstate__(self, state):
                    self.__dict__.update(state)
                    self.hook()
                def __setitem__(self, key, value):
                    if callable(key):
                        key = key(self)
                def append(self, value): self.policy.check(value)
                def add(self, value): self.values.append(value)
        """
        self.assertEqual(results(source, "A"), {"state": "given", "items": "given", "append": "given-method", "add": "given-data"})
        self.assertEqual(evidence(source, "A", "state"), ["calls self.hook"])
        self.assertEqual(evidence(source, "A", "append"), ["calls self.policy.check"])

    def test_names_of_typing_stand_for_classes(self):
        typing = store("cpython==3", {"typing.py": "import collections.abc\nMutableMapping = _alias(collections.abc.MutableMapping, 2)\n",
                                      "collections/abc.py": "class MutableMapping: pass\n"})
        self.assertEqual(results("import typing\nclass A(typing.MutableMapping[str, int]): pass\n", "A", [typing]), {})
        self.assertEqual(results("class A(made(dict)): pass\n", "A")["new"], "unread")

    def test_what_every_object_has_is_not_asked_of_getattr(self):
        source = """
            class A:
                def __getattr__(self, name):
                    return self.__getattribute__(name)
            class B:
                def __getattr__(self, name):
                    return self.fetch(name)
        """
        self.assertEqual(results(source, "A")["state"], "inert")
        self.assertEqual(results(source, "B")["state"], "given")

    def test_arrays_are_made_without_their_constructor(self):
        source = """
            import numpy as np
            class Quantity(np.ndarray):
                def __new__(cls, unit): return unit.to(cls)
                def __array_finalize__(self, other): self.unit = getattr(other, "unit", None)
            class Hooked(np.ndarray):
                def __array_finalize__(self, other): exec(self.source)
            class Filled(np.ndarray):
                def __setstate__(self, state): state.hook()
        """
        self.assertEqual(results(source, "Quantity"), {"new": "given", "array": "inert", "call": "given", "state": "inert", "items": "acts"})
        self.assertEqual(results(source, "Hooked")["array"], "acts")
        self.assertEqual(results(source, "Filled")["state"], "given-method")

    def test_what_is_made_is_no_instance(self):
        source = """
            class Wrapper:
                def __new__(cls, wrapped): return wrapped
            class Own:
                def __new__(cls, value):
                    if isinstance(value, Own): return value
                    return super().__new__(cls)
            class Meta(type): pass
        """
        self.assertEqual(results(source, "Wrapper")["new"], "given")
        self.assertEqual(results(source, "Own")["new"], "inert")
        self.assertEqual(results(source, "Meta")["new"], "acts")

    def test_an_object_that_answers_the_lookup_is_called(self):
        source = """
            class Method:
                def __init__(self, calc): self.calc = calc
                def __call__(self, *args): return self.calc.send(args)
            class A:
                def __getattr__(self, name): return Method(self.calc)
        """
        self.assertEqual(results(source, "A")["state"], "given-method")

    def test_what_one_branch_assigns_may_be_of_the_file(self):
        source = """
            class A:
                def hook(self): pass
                def __setstate__(self, state):
                    if "hook" not in state:
                        self.done = self.hook
                    self.done()
            class B:
                def __getattr__(self, name):
                    if not hasattr(self, "values"):
                        object.__setattr__(self, "values", {})
                    return self.values[name]
            class C:
                def __getattr__(self, name):
                    if name in self.__dict__:
                        return getattr(self, name)
                    return getattr(self.__dict__["inner"], name)
            class D:
                def hook(self): pass
                def __setstate__(self, state):
                    if state:
                        self.done = self.hook
                    else:
                        self.done = print
                    self.done()
        """
        self.assertEqual(results(source, "A")["state"], "given")
        self.assertEqual(results(source, "B")["state"], "given")
        self.assertEqual(results(source, "C")["state"], "given-method")
        self.assertEqual(results(source, "D")["state"], "inert")

    def test_follows_calls(self):
        source = """
            import os, subprocess
            def helper(path): inner(path)
            def inner(path): subprocess.run(path)
            class Base:
                def __setstate__(self, state): self.restore(state)
                def restore(self, state): pass
            class A(Base):
                def restore(self, state): helper(state["x"])
        """
        self.assertEqual(results(source, "A"), {"state": "acts"})
        self.assertEqual(results(source, "Base"), {"state": "inert"})

    def test_a_method_of_a_base_is_worked_out_for_each_class(self):
        source = """
            class Base:
                def __setstate__(self, state): self.done(state)
                def done(self, state): pass
            class A(Base):
                def done(self, state): eval(state)
            class B(Base): pass
        """
        found = auditor({"pkg.py": source})
        self.assertEqual([found.classify("pkg", name, 6)["state"].result for name in ("Base", "A", "B")], ["inert", "acts", "inert"])

    def test_super_follows_the_order(self):
        source = """
            class Root:
                def __setstate__(self, state): pass
            class Left(Root):
                def __setstate__(self, state): super().__setstate__(state)
            class Right(Root):
                def __setstate__(self, state): exec(state)
            class Both(Left, Right): pass
        """
        self.assertEqual(results(source, "Both"), {"state": "acts"})
        self.assertEqual(results(source, "Left"), {"state": "inert"})

    def test_properties_run_when_slots_are_set_or_attributes_read(self):
        source = """
            class A:
                @property
                def x(self): return self.make()
                @x.setter
                def x(self, value): value()
                def __hash__(self): return hash(self.x)
        """
        self.assertEqual(results(source, "A"), {"slots": "given", "hash": "given"})

    def test_descriptors_run_when_slots_are_set(self):
        source = """
            class Field:
                def __set__(self, instance, value): instance.check(value)
            class A:
                x = Field()
                def check(self, value): value()
        """
        self.assertEqual(results(source, "A"), {"slots": "given"})

    def test_lookups_that_getattr_answers(self):
        source = """
            class A:
                def __getattr__(self, name): return self.wrapped(name)
        """
        self.assertEqual({name for name, result in results(source, "A").items() if result == "given"}, {"state", "append", "add"})

    def test_what_getattr_gives_is_called(self):
        source = """
            class A:
                def __getattr__(self, name): return getattr(self.stream, name)
            class C:
                def __getattr__(self, name): return object.__getattribute__(self, name)
            class D(dict):
                def __getattr__(self, name): return self[name]
            class B:
                def __getattr__(self, name): raise AttributeError(name)
        """
        self.assertEqual(results(source, "A"), {"state": "given-method", "append": "given-data", "add": "given-data"})
        for name in "BC":
            self.assertEqual(results(source, name), {"state": "inert", "append": "inert", "add": "inert"})
        self.assertEqual(results(source, "D"), {"state": "given", "append": "given", "add": "given"})

    def test_names_that_getattr_refuses(self):
        source = """
            class A:
                def __getattr__(self, name):
                    if name.startswith("__") and name.endswith("__"):
                        raise AttributeError(name)
                    return getattr(self.stream, name)
            class B:
                def __getattr__(self, name):
                    if name in ("append", "extend"):
                        raise AttributeError(name)
                    return self.get(name)
                def get(self, name): return self.stream() if name[:2] == "__" else None
        """
        self.assertEqual(results(source, "A"), {"state": "inert", "append": "given-data", "add": "given-data"})
        self.assertEqual(results(source, "B"), {"state": "given", "append": "inert", "add": "inert"})

    def test_constants_that_change_are_not_known(self):
        source = """
            class A:
                def append(self, value):
                    mode = "a"
                    if value:
                        mode = "b"
                    if mode == "b":
                        value()
                def __setitem__(self, key, value):
                    first = "yes"
                    for item in value:
                        if first == "no":
                            key()
                        first = "no"
        """
        self.assertEqual(results(source, "A"), {"append": "given", "items": "given"})

    def test_types_that_were_tested(self):
        source = """
            class A:
                def __setitem__(self, key, value):
                    if not isinstance(key, str):
                        raise TypeError
                    key.strip()
        """
        self.assertEqual(results(source, "A"), {"items": "inert"})

    def test_attributes_with_computed_names(self):
        source = """
            class A:
                def __setitem__(self, key, value): getattr(self, key)(value)
                def append(self, value): getattr(self, "put")(value)
                def put(self, value): pass
        """
        self.assertEqual(results(source, "A"), {"items": "acts", "append": "inert"})

    def test_paths_that_stand_in_the_source(self):
        source = """
            class A:
                def __setstate__(self, state): open("/etc/hosts")
                def append(self, value): open(self.path)
        """
        self.assertEqual(results(source, "A"), {"state": "inert", "append": "acts"})

    def test_generated_methods(self):
        source = """
            from dataclasses import dataclass
            import enum, attr
            @dataclass
            class A:
                x: int = 0
            @dataclass
            class B:
                x: int = 0
                def __post_init__(self): self.x()
            @attr.s
            class C:
                x = attr.ib()
        """
        self.assertEqual(results(source, "A"), {})
        self.assertEqual(results(source, "B"), {"call": "given"})
        self.assertEqual(results(source, "C"), {"call": "unread"})

    def test_a_metaclass_runs_when_the_class_is_called(self):
        source = """
            class Meta(type):
                def __call__(cls, *args): return args[0]()
            class A(metaclass=Meta): pass
        """
        self.assertEqual(results(source, "A"), {"call": "given"})

    def test_methods_made_by_functions(self):
        source = """
            def make(name):
                def method(self, other): return other()
                return method
            class A:
                __eq__ = make("eq")
        """
        self.assertEqual(results(source, "A"), {"hash": "given"})

    def test_defaults_made_by_functions(self):
        source = """
            from elsewhere import declare
            class A:
                hook = declare()
                def append(self, value): self.hook.check(value)
        """
        self.assertEqual(results(source, "A"), {"append": "given-method"})

    def test_a_base_that_was_not_read(self):
        self.assertEqual(set(results("from other import Base\nclass A(Base): pass\n", "A").values()), {"unread"})
        compiled = [store("other==1", {"other.pyi": "class Base: ...\n"})]
        self.assertEqual(set(results("from other import Base\nclass A(Base): pass\n", "A", compiled).values()), {"unread"})
        others = [store("other==1", {"other.py": "class Base: pass\n"})]
        self.assertEqual(results("from other import Base\nclass A(Base): pass\n", "A", others), {})

    def test_thrown_away(self):
        self.assertEqual(results("import os\nclass A:\n    def __del__(self): os.remove(self.path)\n", "A"), {"drop": "acts"})

    def test_recursion_ends(self):
        self.assertEqual(results("class A:\n    def __setstate__(self, s): self.a(s)\n    def a(self, s): self.a(s)\n", "A"), {"state": "inert"})


class Functions(unittest.TestCase):
    def test_what_functions_do(self):
        source = """
            import os, importlib, pickle, subprocess
            from functools import partial
            def calls(function, x): return function(x)
            def maps(function, xs): return list(map(function, xs))
            def runs(command): return subprocess.run(command)
            def imports(name): return importlib.import_module(name)
            def fixed(): return importlib.import_module("json")
            def loads(data): return pickle.loads(data)
            def reads(path):
                with open(path) as file: return file.read()
            def walks(obj, name): return getattr(obj, name)()
            def quiet(x): return x.strip() + os.path.join("a", "b")
            def far(x): return calls(x, 1)
        """
        self.assertEqual(hunted(source), {
            "calls": ["call-argument"], "maps": ["call-argument"], "runs": ["spawn"], "imports": ["import"], "loads": ["load"],
            "reads": ["open"], "walks": ["computed"], "far": ["call-argument"]})


if __name__ == "__main__":
    unittest.main()
