"""What a call does, by what is called."""

import ast
import sys

from known import DATA_METHODS, ELEMENT_METHODS, acts, is_exception, is_quiet
from values import TAINTED, UNKNOWN, given, is_tainted, merge, of_type

# How deep calls are followed in another package than the one that is read.
ELSEWHERE = 2
SEQUENCES = {"list": "list", "tuple": "tuple", "set": "set", "frozenset": "set", "sorted": "list", "reversed": "list", "iter": "list", "dict": "dict",
             "collections.OrderedDict": "dict", "collections.defaultdict": "dict", "collections.deque": "list", "collections.Counter": "dict"}
SCALARS = set("str int float bool bytes bytearray complex len repr ascii hash id abs round sum chr ord hex oct bin any all callable isinstance issubclass hasattr format range".split())
ADDERS = {"append": -1, "add": -1, "insert": -1, "extend": -2, "update": -2, "setdefault": -1, "__setitem__": -1, "appendleft": -1}


class Calls:
    def of_Call(self, node):
        function = node.func
        if isinstance(function, ast.Name) and function.id == "super" and "super" not in self.env:
            return self.super_of(node)
        called = self.value(function)
        arguments, words, rest = [], {}, None
        for item in node.args:
            if isinstance(item, ast.Starred):
                rest = merge(rest, self.element(self.value(item.value), node.lineno))
            else:
                arguments.append(self.value(item))
        for item in node.keywords:
            if item.arg:
                words[item.arg] = self.value(item.value)
            else:
                words["**"] = self.element(self.value(item.value), node.lineno)
        return self.apply(called, arguments, words, rest, node.lineno)

    def super_of(self, node):
        owner = self.owner()
        receiver = self.receiver
        if len(node.args) == 2:
            first = self.value(node.args[0])
            receiver = self.value(node.args[1])
            owner = list(first[1]) if first[0] == "entities" else owner
        if receiver and receiver[0] == "entities" and receiver[1] and receiver[1][0][0] == "class":
            receiver = ("obj", receiver[1][0][1:3], None, {})
        if not receiver or receiver[0] != "obj" or not owner or owner[0][0] != "class":
            return UNKNOWN
        return ("super", receiver, owner[0])

    def apply(self, called, arguments, words, rest, line):
        kind = called[0]
        if kind == "given":
            return self.call_given(called, line)
        if kind == "computed":
            self.event("acts", f"calls {called[1]}", line)
            return TAINTED
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        if kind == "local":
            return self.call_local(called, arguments, words, rest)
        if kind == "bound":
            return self.call_bound(called, arguments, words, rest, line)
        if kind == "partial":
            return self.apply(called[1], [*called[2], *arguments], {**dict(called[3]), **words}, rest, line)
        if kind == "entities":
            result = None
            for entity in called[1]:
                result = merge(result, self.call_entity(entity, arguments, words, rest, line))
            return result or UNKNOWN
        if kind == "obj":
            found, blocked = self.find(called[1], "__call__")
            result = None
            for entity in found:
                if entity[0] == "def":
                    result = merge(result, self.apply(("bound", entity, called), arguments, words, rest, line))
            if not found and not blocked and called[2]:
                self.event("given", f"calls {called[2]}", line)
            return result or TAINTED
        return TAINTED if called == TAINTED or any(map(is_tainted, everything)) else UNKNOWN

    def call_given(self, called, line):
        root = called[1]
        if len(called) == 2:
            self.event("given", f"calls {root}", line)
            return given(root.removesuffix("()") + "()")
        name = called[2]
        self.event("data" if name in DATA_METHODS else "method", f"calls {root}", line)
        owner = root[: -len(name) - 1] if root.endswith("." + name) else root
        if name == "copy":
            return given(owner)
        if name in ELEMENT_METHODS:
            return given(owner.removesuffix("[]") + "[]")
        return TAINTED if name in DATA_METHODS else given(root.removesuffix("()") + "()")

    def call_local(self, called, arguments, words, rest):
        from frame import Frame

        _, node, env, outer = called
        if self.engine.steps <= 0 or ("local", id(node)) in self.engine.active:
            return TAINTED
        self.engine.steps -= 1
        frame = Frame(self.engine, outer.module, outer.qualified, outer.path, outer.offset, outer.depth, outer)
        frame.env = dict(env)
        frame.bind(node, None, arguments, words, rest)
        frame.receiver = outer.receiver
        frame.events = {}
        self.engine.active.append(("local", id(node)))
        if isinstance(node, ast.Lambda):
            result = frame.value(node.body)
        else:
            frame.body(node.body)
            result = of_type("generator", True, frame.returned) if frame.yields else frame.returned
        self.engine.active.pop()
        self.adopt(frame.events.values())
        return result or UNKNOWN

    def call_bound(self, called, arguments, words, rest, line):
        _, entity, receiver = called
        if entity[0] == "builtin":
            return self.builtin_method(entity[1], receiver, arguments, words, rest, line)
        if entity[0] != "def":
            return TAINTED
        if receiver[0] == "obj" and receiver[2] == "self":
            name = entity[2].rpartition(".")[2]
            if not (name.startswith("__") and name.endswith("__")):
                self.event("self", name, line)
        return self.call_def(entity, receiver, arguments, words, rest, line)

    def call_def(self, entity, receiver, arguments, words, rest, line):
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        name = f"{entity[1]}.{entity[2]}"
        tainted = any(map(is_tainted, everything)) or bool(receiver and is_tainted(receiver))
        if self.sink(name, tainted, line):
            return TAINTED
        if entity[2] == "import_optional_dependency":
            return UNKNOWN
        if self.is_helper(entity[1]):
            return self.helper(name, arguments, words, rest, line, tainted)
        if self.world.module(entity[1]) is None or self.world.module(entity[1])["stub"]:
            return TAINTED if tainted else UNKNOWN
        depth = self.depth - 1 if self.engine.is_own(entity[1]) else min(self.depth - 1, ELSEWHERE)
        events, value = self.engine.call(entity, receiver, arguments, words, depth, rest)
        self.adopt(events)
        return value

    def is_helper(self, module):
        """Whether a module is not followed; its own functions follow each other."""
        return is_quiet(module) and module.split(".")[0] != self.module.split(".")[0]

    def sink(self, name, tainted, line):
        """Notes what acts; whether it did."""
        found = acts(name)
        if found is None or self.engine.is_own_package(name):
            return False
        word, condition = found
        if not word or condition != "-" and not tainted:
            return True
        self.event("acts", f"{word} {name}", line)
        return True

    def call_entity(self, entity, arguments, words, rest, line):
        kind = entity[0]
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        tainted = any(map(is_tainted, everything))
        if kind == "def":
            return self.call_def(entity, None, arguments, words, rest, line)
        if kind == "class":
            return self.construct(entity, arguments, words, rest, line)
        if kind == "builtin":
            return self.call_builtin(entity[1], arguments, words, rest, line)
        if kind == "outside":
            name = entity[1]
            if self.sink(name, tainted, line):
                return TAINTED
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or is_quiet(name):
                return self.helper(name, arguments, words, rest, line, tainted)
            if not self.world.is_read(name) and not is_exception(name):
                self.event("unread", f"calls {name}", line)
            return TAINTED if tainted else UNKNOWN
        if kind == "made":
            return self.call_made(entity, arguments, words, rest, line)
        return TAINTED if tainted else UNKNOWN

    def call_made(self, entity, arguments, words, rest, line):
        made = self.made_value(entity)
        return self.apply(made, arguments, words, rest, line) if made else TAINTED

    def made_value(self, entity):
        """What a function of the module made where the name is defined: a function of its own, a `partial`; None if it is not known."""
        _, module, function, arguments = entity
        values = [("entities", tuple(self.world.resolve(module, item))) if isinstance(item, str) else UNKNOWN for item in arguments]
        if function.rpartition(".")[2] in ("partial", "partialmethod", "wraps", "staticmethod", "classmethod") and values:
            return values[0] if values[0] != UNKNOWN else None
        for found in self.world.resolve(module, function) if function != "?" else ():
            if found[0] == "def" and not self.is_helper(found[1]):
                events, value = self.engine.call(found, None, values, {}, self.depth - 1)
                self.adopt(events)
                if value[0] in ("local", "partial", "entities"):
                    return value
        return None

    def construct(self, entity, arguments, words, rest, line):
        key = entity[1:3]
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        tainted = any(map(is_tainted, everything))
        if self.sink(f"{key[0]}.{key[1]}", tainted, line):
            return TAINTED
        skeleton = self.world.module(key[0])
        if skeleton is None or skeleton["stub"]:
            return TAINTED if tainted else UNKNOWN
        order = self.world.order(entity)
        if any(node[0] == "builtin" and node[1].endswith(("Exception", "Error", "Warning")) for node in order):
            return TAINTED if tainted else UNKNOWN
        if any(node[1:3] == ("enum", "Enum") for node in order):
            return TAINTED if tainted else UNKNOWN
        if self.is_helper(key[0]):
            return self.helper(f"{key[0]}.{key[1]}", arguments, words, rest, line, tainted)
        instance = None
        for maker in self.find(key, "__new__")[0]:
            if maker[0] == "def":
                instance = self.call_def(maker, ("entities", (entity,)), arguments, words, rest, line)
        if instance is None or instance[0] != "obj":
            instance = ("obj", key, None, {})
        for maker in self.find(key, "__init__")[0]:
            if maker[0] == "def":
                self.call_def(maker, instance, arguments, words, rest, line)
        return instance

    # What is built in.

    def called_with(self, function, arguments, line):
        """A function that something else calls with these."""
        return self.apply(function, arguments, {}, None, line)

    def call_builtin(self, name, arguments, words, rest, line):
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        tainted = any(map(is_tainted, everything))
        if self.sink(name, tainted, line):
            return TAINTED
        first = arguments[0] if arguments else rest
        if name in ("getattr", "setattr", "delattr", "hasattr") and len(arguments) > 1:
            return self.by_name(name, arguments, line)
        if name == "type" and len(arguments) == 1:
            if first[0] == "obj":
                return ("entities", (("class", *first[1]),))
            return ("given", f"type({first[1]})", "type") if first[0] == "given" else UNKNOWN
        if name == "vars" and first:
            return self.attribute(first, "__dict__", line)
        if name == "globals":
            return ("entities", (("outside", "globals()"),))
        if name in ("map", "filter") and len(arguments) > 1:
            elements = [self.element(item, line) for item in arguments[1:]]
            value = UNKNOWN if arguments[0] == ("const", None) else self.called_with(arguments[0], elements, line)
            return of_type("generator", tainted, value if name == "map" else elements[0])
        if name in ("sorted", "min", "max", "list.sort") and "key" in words:
            self.called_with(words["key"], [self.element(first, line) if first else UNKNOWN], line) if words["key"] != ("const", None) else None
        if name in ("min", "max") and first:
            return merge(self.element(first, line), UNKNOWN) if len(arguments) == 1 else TAINTED if tainted else UNKNOWN
        if name == "iter" and len(arguments) == 2:
            return of_type("generator", True, self.called_with(first, [], line))
        if name == "next" and first:
            return self.element(first, line) if first[0] in ("type", "given") else self.special(first, "__next__", [], line) or TAINTED
        if name in ("len", "str", "repr", "hash", "bool", "int", "float") and first and first[0] == "obj":
            self.special(first, {"bool": "__bool__", "float": "__float__"}.get(name, f"__{name}__"), [], line)
        if name in ("zip", "enumerate"):
            element = None
            for item in everything:
                element = merge(element, self.element(item, line))
            return of_type("generator", tainted, of_type("tuple", tainted, element))
        if name in SEQUENCES:
            element = self.element(first, line) if first else None
            for item in words.values():
                element = merge(element, item)
            return of_type(SEQUENCES[name], tainted, element)
        if name in SCALARS:
            return of_type(name if name in ("str", "int", "float", "bytes") else "int", tainted)
        if name.endswith(".__new__"):
            found = first or self.receiver
            if found and found[0] == "entities" and found[1] and found[1][0][0] == "class":
                return ("obj", found[1][0][1:3], None, {})
            return TAINTED
        if "." in name and arguments:
            return self.builtin_method(name, arguments[0], arguments[1:], words, rest, line)
        return TAINTED if tainted else UNKNOWN

    def by_name(self, name, arguments, line):
        receiver, word = arguments[0], arguments[1]
        text = word[1] if word[0] == "const" and isinstance(word[1], str) else None
        if name == "setattr":
            if text and len(arguments) > 2:
                self.set_attribute(receiver, text, arguments[2], line)
            elif receiver[0] == "given" and is_tainted(word):
                self.event("method", f"sets attributes of {receiver[1]}", line)
            elif receiver[0] == "entities" and any(entity[0] in ("class", "module") for entity in receiver[1]) and is_tainted(word):
                self.event("acts", f"sets attributes of {receiver[1][0][-1]}", line)
            elif receiver[0] == "obj":
                self.run_all(self.find(receiver[1], "__setattr__")[0], receiver, [word, arguments[2] if len(arguments) > 2 else TAINTED], line)
            return UNKNOWN
        if name != "getattr":
            return of_type("bool")
        if text is not None:
            found = self.attribute(receiver, text, line)
            return merge(found, arguments[2]) if len(arguments) > 2 and arguments[2][0] != "const" else found
        if is_tainted(word) and receiver[0] != "const":
            return ("computed", "getattr with a name of the file")
        return TAINTED if is_tainted(receiver) else UNKNOWN

    def builtin_method(self, name, receiver, arguments, words, rest, line):
        """A method of a built-in type, or of `object`."""
        kind, _, method = name.partition(".")
        everything = [*arguments, *words.values(), *([rest] if rest else [])]
        if method == "__new__":
            found = arguments[0] if arguments else receiver
            if found[0] == "entities" and found[1] and found[1][0][0] == "class":
                return ("obj", found[1][0][1:3], None, {})
            return found if found[0] == "obj" else TAINTED
        if method == "__setattr__" and len(arguments) > 1:
            word = arguments[0] if receiver[0] in ("obj", "given") else arguments[1]
            value = arguments[-1]
            target = receiver
            if target[0] == "obj" and word[0] == "const" and isinstance(word[1], str):
                target[3][word[1]] = value
            return UNKNOWN
        if method in ("__getattribute__", "__getattr__") and arguments and kind == "object":
            word = arguments[-1]
            if word[0] == "const" and isinstance(word[1], str) and receiver[0] == "obj":
                if word[1] in receiver[3]:
                    return receiver[3][word[1]]
                found, _ = self.find(receiver[1], word[1])
                if found:
                    return self.fetched(found, receiver, word[1], line)
                return given(f"{receiver[2]}.{word[1]}") if receiver[2] else UNKNOWN
            return ("computed", "getattr with a name of the file") if is_tainted(word) else TAINTED
        if method == "sort" and "key" in words:
            self.called_with(words["key"], [self.element(receiver, line)], line)
        if method == "sub" or method == "__init__":
            return UNKNOWN
        if receiver[0] == "type":
            if method in ADDERS and everything:
                new = everything[-1] if ADDERS[method] == -1 else self.element(everything[0], line) if arguments else everything[-1]
                receiver[3][0] = merge(receiver[3][0], new)
            if method in ("items",):
                return of_type("list", receiver[2], of_type("tuple", receiver[2], receiver[3][0]))
            if method == "copy":
                return receiver
            if method == "keys":
                return of_type("list", receiver[2])
            if method == "values":
                return of_type("list", receiver[2], receiver[3][0])
            if method in ELEMENT_METHODS:
                default = arguments[1] if len(arguments) > 1 else None
                return merge(receiver[3][0], default) or (TAINTED if receiver[2] else UNKNOWN)
        if receiver[0] == "obj" and receiver[2] and method in ELEMENT_METHODS:
            return given(receiver[2].removesuffix("[]") + "[]")
        tainted = is_tainted(receiver) or any(map(is_tainted, everything))
        if kind == "str" or receiver[0] == "const":
            return of_type("list" if method in ("split", "rsplit", "splitlines", "partition", "rpartition") else "str", tainted, of_type("str", tainted))
        return TAINTED if tainted else UNKNOWN

    def helper(self, name, arguments, words, rest, line, tainted):
        """A function of the standard library that is not followed, by what it calls of its arguments."""
        last = name.rpartition(".")[2]
        first = arguments[0] if arguments else rest
        if last == "partial" and first:
            return ("partial", first, tuple(arguments[1:]), tuple(words.items()))
        if last == "reduce" and len(arguments) > 1:
            element = self.element(arguments[1], line)
            return self.called_with(first, [element, element], line)
        if last in ("starmap", "takewhile", "dropwhile", "filterfalse", "ifilter", "imap") and len(arguments) > 1:
            return of_type("generator", True, self.called_with(first, [self.element(arguments[1], line)], line))
        if name.startswith(("operator.", "_operator.")) and last in ("methodcaller", "attrgetter") and tainted:
            return ("computed", f"operator.{last} with a name of the file")
        if name.startswith(("operator.", "_operator.")) and last == "call" and first:
            return self.called_with(first, arguments[1:], line)
        if name.startswith("weakref.finalize") and len(arguments) > 1:
            self.event("drop", "registers a finalizer", line)
            return UNKNOWN
        if last in ("deepcopy", "copy") and name.startswith("copy.") and first:
            return first
        if last in ("wraps", "lru_cache", "cache", "update_wrapper", "total_ordering", "cast", "unwrap", "proxy", "ref") and first:
            return arguments[-1] if last == "cast" else first if last in ("unwrap", "cache") else UNKNOWN
        if name in ("collections.OrderedDict", "collections.defaultdict", "collections.deque", "collections.Counter"):
            return of_type("list" if last == "deque" else "dict", tainted, self.element(arguments[-1], line) if arguments else None)
        if last == "chain" and arguments:
            return of_type("generator", tainted, self.element(arguments[0], line))
        return TAINTED if tainted else UNKNOWN
