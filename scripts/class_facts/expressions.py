"""What expressions are, and what is looked up on an instance while they are worked out."""

import ast

from values import TAINTED, UNKNOWN, given, is_tainted, merge, of_type

GETTERS = ("property", "cached_property", "reify", "memoized_property", "lazyproperty", "cache_readonly", "classproperty", "hybrid_property",
           "memoized_attribute", "deprecated_property", "abstractproperty", "locked_cached_property", "_lazyproperty", "lazy_property")
# The method for each kind of expression; frame.py fills it.
METHODS = {}
CONSTANTS = {"True", "False", "Tuple", "List", "Dict", "Set", "JoinedStr"}
TEXTS = {"__name__", "__qualname__", "__module__", "__doc__"}


def root_chooses(found):
    """Whether a default of the class is one that instances replace, as None."""
    return any(entity[1] in ("None", "Ellipsis") or not (entity[1][:1] in "'\"-0123456789b" or entity[1] in CONSTANTS) for entity in found)


def constant(text):
    """The value of a constant of a class; a state that puts another in its place is for the reader of the state to see."""
    if text in ("True", "False"):
        return ("const", text == "True")
    if text[:1] in "'\"" and len(text) < 20:
        return ("const", text[1:-1])
    return of_type({"Tuple": "tuple", "List": "list", "Dict": "dict", "Set": "set"}.get(text, "str"))


def is_getter(entity):
    return entity[0] == "def" and any(word.rpartition(".")[2].lower() in GETTERS for word in entity[5])


def has(entity, ending):
    return entity[0] == "def" and any(word.endswith(ending) for word in entity[5])


class Expressions:
    def value(self, node):
        method = METHODS.get(type(node))
        return method(self, node) if method else UNKNOWN

    def of_Constant(self, node):
        return ("const", node.value)

    def of_Name(self, node):
        if node.id in self.env:
            return self.env[node.id]
        if node.id == "__class__":
            return ("entities", tuple(self.owner()))
        found = self.world.lookup(self.module, node.id)
        if not found:
            return ("entities", (("builtin", node.id),))
        return self.entities(found)

    def owner(self):
        """The class whose method this is."""
        name = self.qualified.rpartition(".")[0]
        return [("class", self.module, name)] if self.world.definitions(self.module, name) else []

    def entities(self, found):
        """The value of a name that may be these; an instance for what a class made."""
        plain = [entity for entity in found if entity[0] not in ("value", "made")]
        if plain:
            return ("entities", tuple(plain))
        for entity in found:
            if entity[0] == "made" and entity[2] != "?":
                for made in self.world.resolve(entity[1], entity[2]):
                    if made[0] == "class":
                        return ("obj", (made[1], made[2]), None, {})
                    if made[0] == "outside":
                        return ("entities", (entity,))
        if found and found[0][0] == "made":
            return ("entities", tuple(found))
        if found and found[0][1] in ("Dict", "List", "Set", "Tuple"):
            return of_type(found[0][1].lower())
        return UNKNOWN

    def of_Attribute(self, node):
        return self.attribute(self.value(node.value), node.attr, node.lineno)

    def of_Subscript(self, node):
        receiver, key = self.value(node.value), self.value(node.slice)
        kind = receiver[0]
        if kind == "given":
            return given(receiver[1].removesuffix("[]") + "[]")
        if kind == "type":
            return receiver[3][0] or (TAINTED if receiver[2] else UNKNOWN)
        if kind == "obj":
            return self.special(receiver, "__getitem__", [key], node.lineno) or TAINTED
        if kind == "entities":
            if is_tainted(key) and any(entity[1] in ("sys.modules", "globals()") for entity in receiver[1]):
                return ("computed", f"{receiver[1][0][1]}[a name of the file]")
            return receiver if any(entity[0] == "class" for entity in receiver[1]) else UNKNOWN
        return TAINTED if is_tainted(receiver) else UNKNOWN

    def of_Slice(self, node):
        for item in (node.lower, node.upper, node.step):
            if item:
                self.value(item)
        return UNKNOWN

    def of_BinOp(self, node):
        left, right = self.value(node.left), self.value(node.right)
        tainted = is_tainted(left) or is_tainted(right)
        if isinstance(node.op, ast.Mod) and left[0] == "const" and isinstance(left[1], str):
            return of_type("str", tainted)
        if left[0] == right[0] == "type":
            return merge(left, right)
        return TAINTED if tainted else UNKNOWN

    def of_UnaryOp(self, node):
        value = self.value(node.operand)
        return TAINTED if is_tainted(value) else UNKNOWN

    def of_BoolOp(self, node):
        before, result = dict(self.env), None
        for item in node.values:
            value = self.value(item)
            result = merge(result, value)
            # Attributes stay as a test in the expression found them until it ends.
            restore = self.narrow(item, isinstance(node.op, ast.And))
            self.undo_later(restore)
        self.env = before
        self.undo()
        return result

    def undo_later(self, restore):
        self.pending = getattr(self, "pending", []) + restore

    def undo(self):
        for store, name, value in reversed(getattr(self, "pending", [])):
            store.pop(name, None)
            if value is not None:
                store[name] = value
        self.pending = []

    def of_Compare(self, node):
        values = [self.value(node.left), *map(self.value, node.comparators)]
        for operator, value in zip(node.ops, values[1:]):
            if isinstance(operator, (ast.In, ast.NotIn)):
                self.special(value, "__contains__", [values[0]], node.lineno)
        return of_type("bool")

    def of_IfExp(self, node):
        self.value(node.test)
        truth = self.truth(node.test)
        if truth is not None:
            return self.value(node.body if truth else node.orelse)
        before = dict(self.env)
        restore = self.narrow(node.test, True)
        first = self.value(node.body)
        self.undo_later(restore)
        self.undo()
        self.env = dict(before)
        self.undo_later(self.narrow(node.test, False))
        second = self.value(node.orelse)
        self.undo()
        self.env = before
        return merge(first, second)

    def sequence(self, name, nodes):
        element, tainted = None, False
        for item in nodes:
            if isinstance(item, ast.Starred):
                value = self.element(self.value(item.value), item.lineno)
            else:
                value = self.value(item)
            tainted |= is_tainted(value)
            element = merge(element, value)
        return of_type(name, tainted, element)

    def of_List(self, node):
        return self.sequence("list", node.elts)

    def of_Tuple(self, node):
        return self.sequence("tuple", node.elts)

    def of_Set(self, node):
        return self.sequence("set", node.elts)

    def of_Dict(self, node):
        for key in node.keys:
            if key:
                self.value(key)
        return self.sequence("dict", node.values)

    def of_JoinedStr(self, node):
        return of_type("str", any([is_tainted(self.value(item)) for item in node.values]))

    def of_FormattedValue(self, node):
        return self.value(node.value)

    def comprehension(self, node, name, *parts):
        before = dict(self.env)
        for generator in node.generators:
            self.store(generator.target, self.element(self.value(generator.iter), node.lineno), None)
            for test in generator.ifs:
                self.value(test)
                self.narrow(test, True)
        values = [self.value(part) for part in parts]
        self.env = before
        return of_type(name, any(map(is_tainted, values)), values[-1])

    def of_ListComp(self, node):
        return self.comprehension(node, "list", node.elt)

    def of_SetComp(self, node):
        return self.comprehension(node, "set", node.elt)

    def of_GeneratorExp(self, node):
        return self.comprehension(node, "generator", node.elt)

    def of_DictComp(self, node):
        return self.comprehension(node, "dict", node.key, node.value)

    def of_Lambda(self, node):
        return ("local", node, self.env, self)

    def of_NamedExpr(self, node):
        value = self.value(node.value)
        self.store(node.target, value, None)
        return value

    def of_Await(self, node):
        return self.value(node.value)

    def of_Starred(self, node):
        return self.value(node.value)

    def of_Yield(self, node):
        self.yields = True
        if node.value:
            self.returned = merge(self.returned, self.value(node.value))
        return UNKNOWN

    def of_YieldFrom(self, node):
        self.yields = True
        self.returned = merge(self.returned, self.element(self.value(node.value), node.lineno))
        return UNKNOWN

    # Elements, and methods that Python calls by itself.

    def element(self, value, line):
        kind = value[0]
        if kind == "given":
            return given(value[1].removesuffix("[]") + "[]")
        if kind == "type":
            return value[3][0] or (TAINTED if value[2] else UNKNOWN)
        if kind == "obj":
            found = self.special(value, "__iter__", [], line)
            if found and found[0] in ("type", "given"):
                return self.element(found, line) if found[0] == "type" else found
            return found or TAINTED
        return TAINTED if is_tainted(value) else UNKNOWN

    def special(self, receiver, name, arguments, line):
        """Calls a method that Python looks up on the class; None where the class has none of its own."""
        if receiver[0] != "obj":
            return None
        found, _ = self.find(receiver[1], name)
        result = None
        for entity in found:
            if entity[0] == "def":
                result = merge(result, self.apply(("bound", entity, receiver), arguments, {}, None, line))
        if result is None and receiver[2] and name in ("__getitem__", "__iter__"):
            result = given(receiver[2].removesuffix("[]") + "[]")
        return result

    # Attributes.

    def find(self, key, name, after=None):
        return self.engine.find(key, name, after)

    def attribute(self, receiver, name, line):
        kind = receiver[0]
        if kind == "given":
            if name == "__dict__":
                return of_type("dict", True, given(receiver[1] + ".*"))
            if name in TEXTS:
                return of_type("str", True)
            return ("given", given(f"{receiver[1]}.{name}")[1], name)
        if kind == "computed":
            return receiver
        if kind == "obj":
            return self.of_instance(receiver, name, line)
        if kind == "super":
            found, blocked = self.find(receiver[1][1], name, receiver[2])
            if not found:
                return TAINTED if blocked else ("bound", ("builtin", f"object.{name}"), receiver[1])
            return self.fetched(found, receiver[1], name, line)
        if kind == "entities":
            return self.of_entities(receiver, name, line)
        if kind == "type" or kind == "const" and isinstance(receiver[1], (str, bytes)):
            type_name = receiver[1] if kind == "type" else "str"
            return ("bound", ("builtin", f"{type_name}.{name}"), receiver)
        if kind == "bound" and name == "__func__":
            return ("entities", (receiver[1],))
        if kind == "partial" and name == "func":
            return receiver[1]
        return TAINTED if is_tainted(receiver) else UNKNOWN

    def of_entities(self, receiver, name, line):
        found = []
        if name in TEXTS:
            return of_type("str")
        for entity in receiver[1]:
            if entity[0] == "class":
                # `cls` of a class method: what the class or a subclass has.
                members, _ = self.find((entity[1], entity[2]), name)
                members = members or [("builtin", f"object.{name}")]
                for member in members:
                    if has(member, "classmethod") or member == ("builtin", "type.mro"):
                        return ("bound", member, ("entities", (entity,)))
                found += members
            elif entity[0] in ("module", "outside", "builtin"):
                found += self.world.attribute(entity, name)
        plain = [entity for entity in found if entity[0] not in ("value",)]
        return self.entities(plain) if plain else UNKNOWN

    def of_instance(self, receiver, name, line):
        _, key, root, store = receiver
        if name in store:
            return store[name]
        if name == "__dict__":
            return of_type("dict", bool(root), given(root + ".*") if root else None)
        if name == "__class__":
            return ("entities", (("class", *key),))
        found, blocked = self.find(key, name)
        if not any(entity[0] in ("def", "class") for entity in found):
            # An attribute of the instance; a class may have a default for it, or fetch it.
            if not found:
                if hasattr(object, name) and not blocked:
                    return ("bound", ("builtin", f"object.{name}"), receiver)
                getter, _ = self.find(key, "__getattr__")
                if root or not store:
                    self.run_all(getter, receiver, [("const", name)], line)
                if not getter and hasattr(object, name):
                    return ("bound", ("builtin", f"object.{name}"), receiver)
            kinds = {entity[0] for entity in found}
            if kinds == {"builtin"}:
                return ("bound", found[0], receiver)
            if kinds == {"value"} and not root_chooses(found):
                return constant(found[0][1])
            if kinds == {"made"}:
                fetched = self.descriptor(found, receiver, line) or self.made_method(found, receiver)
                if fetched:
                    return fetched
            if blocked and not found:
                return TAINTED
            return given(f"{root}.{name}") if root else UNKNOWN
        return self.fetched(found, receiver, name, line)

    def made_method(self, found, receiver):
        """A method that a function made; None for everything else, so that the instance may have its own."""
        for entity in found:
            value = self.made_value(entity)
            if value:
                return ("partial", value, (receiver,), ())
        return None

    def descriptor(self, found, receiver, line):
        """What property(get, set) or a descriptor of the library's gives; None for what it does not have."""
        result = None
        for entity in found:
            if entity[2].rpartition(".")[2] in GETTERS and entity[3] and isinstance(entity[3][0], str):
                owner = receiver[1][1]
                for getter in self.world.resolve(entity[1], entity[3][0], owner):
                    if getter[0] == "def":
                        result = merge(result, self.apply(("bound", getter, receiver), [], {}, None, line))
                result = result or TAINTED
                continue
            for made in self.world.resolve(entity[1], entity[2], receiver[1][1]) if entity[2] != "?" else []:
                if made[0] == "class":
                    getters, _ = self.find((made[1], made[2]), "__get__")
                    for getter in getters:
                        instance = ("obj", (made[1], made[2]), None, {})
                        result = merge(result, self.apply(("bound", getter, instance), [receiver, UNKNOWN], {}, None, line))
        return result

    def fetched(self, found, receiver, name, line):
        """What an instance gives for definitions in its classes."""
        result = None
        for entity in found:
            if entity[0] == "def":
                if has(entity, ".setter") or has(entity, ".deleter"):
                    continue
                if is_getter(entity):
                    value = self.apply(("bound", entity, receiver), [], {}, None, line)
                elif has(entity, "staticmethod"):
                    value = ("entities", (entity,))
                elif has(entity, "classmethod"):
                    value = ("bound", entity, ("entities", (("class", *receiver[1]),)))
                else:
                    value = ("bound", entity, receiver)
            elif entity[0] == "builtin":
                value = ("bound", entity, receiver)
            elif entity[0] in ("class", "module"):
                value = ("entities", (entity,))
            elif entity[0] == "made":
                value = self.made_method((entity,), receiver) or TAINTED
            else:
                value = given(f"{receiver[2]}.{name}") if receiver[2] else UNKNOWN
            result = value if result is None else merge(result, value)
        return result or UNKNOWN

    def set_attribute(self, receiver, name, value, line):
        if receiver[0] == "entities" and is_tainted(value):
            for entity in receiver[1]:
                if entity[0] in ("class", "module"):
                    self.event("acts", f"sets {entity[-1]}.{name}", line)
        if receiver[0] != "obj":
            return
        if name == "__class__" and value[0] in ("given", "computed"):
            self.event("given", f"sets the class of {receiver[2] or 'an instance'}", line)
        found, _ = self.find(receiver[1], name)
        self.run_all([entity for entity in found if has(entity, ".setter")], receiver, [value], line)
        setter, _ = self.find(receiver[1], "__setattr__")
        self.run_all(setter, receiver, [("const", name), value], line)
        if not any(has(entity, ".setter") for entity in found):
            receiver[3][name] = value

    def run_all(self, found, receiver, arguments, line):
        for entity in found:
            if entity[0] == "def":
                self.apply(("bound", entity, receiver), arguments, {}, None, line)
