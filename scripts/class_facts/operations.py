"""What loading does to an instance, by operation, and what the class runs then.

    plain         nothing of the library's own
    inert         own code that reaches nothing of what follows
    given-data    calls a method that plain containers and texts have, on a value of the file
    given-method  calls another method of a value of the file
    given         calls a value of the file
    unread        a class or function that was not read comes first
    acts          reaches what acts by itself
"""

from frame import Frame
from known import ACTING_BASES, ARRAYS, CLOSED_BASES
from values import TAINTED, UNKNOWN, given, of_type

OPERATIONS = "new array call state slots items append add hash drop".split()
RESULTS = "plain inert given-data given-method given unread acts".split()
WORDS = {"data": "given-data", "method": "given-method", "given": "given", "unread": "unread", "acts": "acts"}
ATTRS = {"attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define", "attrs.frozen", "attrs.mutable", "attr.dataclass"}
EVIDENCE = 4


def worse(first, second):
    return max(first, second, key=RESULTS.index)


class Operation:
    """The result of one operation: the worst, what led there, methods of the instance that are called by name."""

    def __init__(self):
        self.result = "plain"
        self.evidence = {}
        self.methods = set()

    def add(self, result, method, where, what=""):
        self.evidence.setdefault(result, {}).setdefault((method, where, what))
        self.result = worse(self.result, result)

    def lines(self):
        """The evidence of the worst result, and of lesser ones while there is room."""
        found = []
        for result in reversed(RESULTS[2:] if self.result != "inert" else RESULTS):
            found += list(self.evidence.get(result, ()))
        return found[:EVIDENCE]


class Auditor:
    """Works out the operations of classes of one release."""

    def __init__(self, engine):
        self.engine = engine
        self.world = engine.world
        self.known = {}

    def run(self, operation, entity, receiver, arguments, rest=None):
        """Calls a method, adds what happened, and gives what it returns."""
        if entity[0] in ("made", "outside"):
            self.run_made(operation, entity, receiver, arguments)
        if entity[0] != "def":
            return UNKNOWN
        _, module, qualified, first, *_ = entity
        self.engine.begin(self.key)
        key = (module, first, receiver[0], str(arguments), bool(rest), receiver[0] == "obj" and tuple(receiver[3]))
        for lookups, events, value in self.known.get(key, ()):
            if all(self.engine.find(self.key, *lookup) == found for lookup, found in lookups.items()):
                break
        else:
            self.engine.begin(self.key)
            events, value = self.engine.call(entity, receiver, arguments, {}, self.depth, rest)
            self.known.setdefault(key, []).append((self.engine.recorders[0], events, value))
        self.note(operation, qualified.rpartition(".")[2], f"{self.world.module(module)['path']}:{first}", events)
        return value

    def answered(self, operation, receiver, name, arguments):
        """A lookup that the classes have no method for: `__getattr__` answers it, and what it gives is called."""
        for entity in self.find(operation, "__getattr__"):
            value = self.run(operation, entity, receiver, [("const", name)])
            if value[0] == "given" and value[1] == f"self.{name}":
                # object.__getattribute__ again, which had nothing before.
                continue
            if entity[0] == "def" and value[0] in ("given", "computed", "bound", "partial", "local", "entities", "obj"):
                _, module, qualified, first, *_ = entity
                frame = Frame(self.engine, module, qualified, self.world.module(module)["path"], first, self.depth)
                self.engine.begin(self.key)
                frame.apply(value, arguments, {}, None, 0)
                self.note(operation, "__getattr__", f"{self.world.module(module)['path']}:{first}", frame.events.values())

    def run_made(self, operation, entity, receiver, arguments):
        """A class attribute that a call made, `__eq__ = make_comparison("eq")`."""
        name = entity[2] if entity[0] == "made" else entity[1]
        module, qualified = self.key
        frame = Frame(self.engine, module, f"{qualified}.{name}", self.world.module(module)["path"], 0, self.depth)
        self.engine.begin(self.key)
        value = frame.fetched((entity,), receiver, name, 0) if entity[0] == "made" and receiver[0] == "obj" else TAINTED
        if value[0] in ("partial", "bound", "local"):
            frame.apply(value, arguments, {}, None, 0)
            self.note(operation, name, self.world.module(module)["path"], frame.events.values())
        else:
            operation.add("unread", name, "-", "made by a function")

    def note(self, operation, name, where, events):
        operation.add("inert", name, where)
        for word, what, place, chain in events:
            if word == "self":
                operation.methods.add(what)
            elif word == "drop":
                self.drop.add("given-method", ">".join(chain[-3:]), place, what)
            else:
                operation.add(WORDS[word], ">".join(shortened(chain)), place, what)

    def find(self, operation, name):
        """Definitions of a method; a base that was not read and may have it is noted."""
        self.engine.begin(self.key)
        found, blocked = self.engine.find(self.key, name)
        if blocked:
            operation.add("unread", name, "-", f"base {self.unread_base()}")
        return found

    def unread_base(self):
        for order in self.world.orders(*self.key):
            for node in order:
                if node[0] == "outside":
                    return node[1]
                if node[0] == "class" and (self.world.module(node[1]) or {}).get("stub"):
                    return f"{node[1]}.{node[2]}"
        return "compiled"

    def classify(self, module, qualified, depth):
        self.key = (module, qualified)
        self.depth = depth
        results = {name: Operation() for name in OPERATIONS}
        self.drop = results["drop"]
        if self.world.module(module)["stub"]:
            for operation in results.values():
                operation.add("unread", "-", self.world.module(module)["path"], "compiled")
            return results
        orders = self.world.orders(module, qualified)
        nodes = {node[:3] if node[0] == "class" else node for order in orders for node in order}
        self.bases_in_c(nodes, results)
        fields = self.fields(nodes)
        file, cls = ("obj", self.key, "self"), ("entities", (("class", module, qualified),))
        self.construction(nodes, cls, fields, results)
        if any(node[0] == "builtin" and node[1] in ARRAYS for node in nodes):
            self.array(results["array"])
        self.state(orders, file, fields, results)
        for entity in self.find(results["items"], "__setitem__"):
            self.run(results["items"], entity, (*file, dict(fields)), [given("key"), given("value")])
        many = of_type("list", True, given("value"))
        self.added(results["append"], file, fields, {"extend": [many], "append": [given("value")]})
        names = {"add": [given("value")], **({"update": [many]} if ("builtin", "set") in nodes else {})}
        self.added(results["add"], file, fields, names)
        for name, arguments in (("__hash__", []), ("__eq__", [given("other")])):
            for entity in self.find(results["hash"], name):
                self.run(results["hash"], entity, (*file, dict(fields)), arguments)
        for name in ("__del__", *(["close"] if any(node[0] == "builtin" and node[1] in CLOSED_BASES for node in nodes) else [])):
            for entity in self.find(self.drop, name):
                self.run(self.drop, entity, (*file, dict(fields)), [])
        return results

    def bases_in_c(self, nodes, results):
        for node in nodes:
            for base, operations in ACTING_BASES.items():
                if node[0] in ("builtin", "outside") and node[1] == base:
                    for name, what in operations.items():
                        results[name].add("acts", base, "-", what)

    def construction(self, nodes, cls, fields, results):
        """NEWOBJ, and a call of the class."""
        is_enum = ("class", "enum", "Enum") in nodes
        rest = given("args")
        for name in ("new", "call"):
            operation = results[name]
            if is_enum:
                # Looks a member up by its value; `_missing_` gets one that no member has.
                operation.add("inert", "Enum.__new__", "enum.py")
                for entity in self.find(operation, "_missing_"):
                    self.run(operation, entity, cls, [given("args")])
                continue
            for entity in self.find(operation, "__new__"):
                if self.run(operation, entity, cls, [], rest)[0] == "given":
                    # What follows is then done to a value of the file, of any class.
                    operation.add("given", "__new__", f"{self.world.module(entity[1])['path']}:{entity[3]}", "gives a value of the file")
        if is_enum:
            return
        operation = results["call"]
        for module, qualified in self.metaclasses():
            for entity in self.engine.find((module, qualified), "__call__")[0]:
                self.run(operation, entity, cls, [], rest)
        kinds = self.decorators(nodes)
        generated = kinds & {"dataclass"} or kinds & ATTRS
        found = self.find(operation, "__init__")
        own = self.world.own(("class", *self.key), "__init__")
        if not generated or own:
            for entity in found:
                self.run(operation, entity, ("obj", self.key, None, {}), [], rest)
        for name in ("__post_init__", "__attrs_post_init__", "__attrs_pre_init__") if generated else ():
            for entity in self.find(operation, name):
                self.run(operation, entity, ("obj", self.key, "self", dict(fields)), [])
        if kinds & ATTRS:
            operation.add("unread", "attrs", "-", "converters and validators of fields")

    def array(self, operation):
        """`numpy.core.multiarray._reconstruct`: an array without its constructor, which is told that it comes of nothing."""
        operation.add("inert", "ndarray.__new__", "-")
        for entity in self.find(operation, "__array_finalize__"):
            self.run(operation, entity, ("obj", self.key, None, {}), [("const", None)])

    def fields(self, nodes):
        """Attributes that a data class says its instances have; their defaults in the class are not what an instance has."""
        if not self.decorators(nodes) & {"dataclass", *ATTRS}:
            return {}
        names = [name for node in nodes if node[0] == "class" for definition in self.world.definitions(node[1], node[2])
                 for name, entries in definition["scope"].items() if entries[0][0] in ("value", "call")]
        return {name: given(f"self.{name}") for name in sorted(names)}

    def metaclasses(self):
        for order in self.world.orders(*self.key):
            for node in order:
                if node[0] == "class":
                    for definition in self.world.definitions(node[1], node[2]):
                        meta = definition["meta"]
                        for base in definition["bases"]:
                            if isinstance(base, list) and (base[1] or "").endswith("with_metaclass") and base[2]:
                                meta = base[2][0]
                        if isinstance(meta, str):
                            for entity in self.world.resolve(node[1], meta, ""):
                                if entity[0] == "class":
                                    yield entity[1:3]
                                    return

    def decorators(self, nodes):
        found = set()
        for definition in self.world.definitions(*self.key):
            for name, _ in definition["decorators"]:
                if name and name.rpartition(".")[2] == "dataclass" and not name.startswith("attr"):
                    found.add("dataclass")
                if name:
                    found.add(name if "." in name else next((entity[1] + "." + name for entity in self.world.lookup(self.key[0], name)
                                                             if entity[0] in ("def", "outside")), name).replace("attr._next_gen.", "attrs."))
        return found

    def state(self, orders, file, fields, results):
        """BUILD: the lookup of `__setstate__`, its call, or the attributes of a state of two parts."""
        operation = results["state"]
        for entity in self.find(operation, "__getattribute__"):
            self.run(operation, entity, (*file, dict(fields)), [("const", "__setstate__")])
        found = self.find(operation, "__setstate__")
        for entity in found:
            self.run(operation, entity, (*file, dict(fields)), [given("state")])
        if any(entity[0] == "def" for entity in found):
            return
        if results["array"].result != "plain":
            operation.add("inert", "ndarray.__setstate__", "-")
            return
        if not found:
            self.answered(operation, (*file, dict(fields)), "__setstate__", [given("state")])
        slots = results["slots"]
        for entity in self.find(slots, "__setattr__"):
            self.run(slots, entity, (*file, dict(fields)), [given("name"), given("value")])
        instance = (*file, dict(fields))
        for entity, descriptor in self.setters(orders):
            if descriptor:
                self.run(slots, entity, descriptor, [instance, given("value")])
            else:
                self.run(slots, entity, instance, [given("value")])
        if found:
            # BaseException.__setstate__ sets attributes one by one, whatever the state.
            for result, lines in slots.evidence.items():
                for line in lines:
                    operation.add(result, *line)

    def setters(self, orders):
        """(function, descriptor or None) of what assigning to an attribute runs."""
        seen = set()
        nodes = dict.fromkeys(node for order in orders for node in order if node[0] == "class" and len(node) == 4)
        for _, module, qualified, index in nodes:
            scope = self.world.definitions(module, qualified)[index]["scope"]
            for name in [name for name in scope if name not in seen]:
                for entry in scope[name]:
                    if entry[0] == "def" and any(word.endswith(".setter") for word in entry[3]):
                        yield self.world.entry(module, qualified, name, entry)[0], None
                    elif entry[0] == "call" and entry[1]:
                        yield from self.made_setters(module, qualified, entry)
            seen.update(scope)

    def made_setters(self, module, qualified, entry):
        """The same of an attribute that a call made: property(get, set), a descriptor."""
        if entry[1].rpartition(".")[2] == "property":
            if len(entry[2]) > 1 and isinstance(entry[2][1], str):
                for entity in self.world.resolve(module, entry[2][1], qualified):
                    yield entity, None
            return
        for made in self.world.resolve(module, entry[1], qualified):
            if made[0] == "class":
                for entity in self.engine.find(made[1:3], "__set__")[0]:
                    yield entity, ("obj", made[1:3], None, {})

    def added(self, operation, file, fields, names):
        """APPENDS or ADDITEMS: methods by name; what the class does not have is asked of `__getattr__`."""
        for name, arguments in names.items():
            found = self.find(operation, name)
            for entity in found:
                self.run(operation, entity, (*file, dict(fields)), arguments)
            if not found:
                self.answered(operation, (*file, dict(fields)), name, arguments)
            for entity in self.engine.find(self.key, "__getattribute__")[0]:
                self.run(operation, entity, (*file, dict(fields)), [("const", name)])


def shortened(chain):
    return chain if len(chain) < 5 else (chain[0], "...", *chain[-2:])
