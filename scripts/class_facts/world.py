"""Names across releases: what a dotted name of a module is, the order in which the bases of a class are asked.

An entity is a tuple:

    ("class", module, qualified name)
    ("def", module, qualified name, first line, last line, decorators)
    ("module", name)
    ("builtin", name)        of `builtins`, or a base that known.py has
    ("outside", dotted)      not read, or not found in what was read
    ("made", module, dotted of the function called, arguments)
    ("value", type)
"""

import builtins
import functools
import json
import os

from known import ACTING_BASES, CLOSED_BASES, PLAIN_BASES
from releases import members

TABLED = PLAIN_BASES | CLOSED_BASES | set(ACTING_BASES)
VARIANTS = 3


class Store:
    """A release: its skeletons, made, read and decoded when they are asked for, and its sources."""

    def __init__(self, release, path, open_archive, make=lambda: None):
        self.release = release
        self.path = path
        self.make = make
        self.open_archive = open_archive
        self.archive = None
        self.decoded = {}
        self.lines = {}
        self.nodes = {}

    @functools.cached_property
    def tops(self):
        """The names of its packages, by its files alone: most releases are asked for nothing else."""
        path = self.path + ".tops"
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(" ".join(sorted({module.split(".")[0] for module, _ in members(self.open_archive())})))
        with open(path, encoding="utf-8") as file:
            return file.read().split(" ")

    @functools.cached_property
    def encoded(self):
        self.make()
        with open(self.path, "rb") as file:
            lines = file.read().split(b"\n")
        return {line.split(b"\t", 1)[0].decode(): line for line in lines if line}

    def module(self, name):
        found = self.decoded.get(name)
        if found is None and name in self.encoded:
            found = self.decoded[name] = json.loads(self.encoded[name].split(b"\t", 1)[1])
        return found

    def source(self, name):
        if name not in self.lines:
            if self.archive is None:
                self.archive = self.open_archive()
            text = self.archive.read(self.module(name)["path"]).decode("utf-8", "replace")
            self.lines[name] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self.lines[name]


class World:
    """The release under analysis, and the newest release of every other package."""

    def __init__(self, stores):
        self.tops = {}
        for store in stores:
            for top in store.tops:
                self.tops.setdefault(top, []).append(store)
        self.holders = {}
        self.found = {}
        self.linearised = {}
        # What the analysis depends on: releases that were asked, packages that would have been.
        self.used = set()
        self.missing = set()

    def store(self, name):
        """The release that has a module."""
        if name not in self.holders:
            self.holders[name] = next((store for store in self.tops.get(name.split(".")[0], ()) if name in store.encoded), None)
        return self.holders[name]

    def module(self, name):
        store = self.store(name)
        if store is None:
            return None
        self.used.add(store.release)
        return store.module(name)

    def source(self, name):
        return self.store(name).source(name)

    def is_read(self, dotted):
        top = dotted.split(".")[0]
        if top not in self.tops:
            self.missing.add(top)
        return top in self.tops

    # Names.

    def lookup(self, module, name, seen=()):
        """What `name` may be in a module; nothing if the module does not have it."""
        key = (module, name)
        if key in self.found:
            return self.found[key]
        if key in seen or len(seen) > 25:
            return ()
        skeleton = self.module(module)
        if skeleton is None:
            return ()
        seen = (*seen, key)
        entities = []
        if f"{module}.{name}" in TABLED:
            entities.append(("builtin", f"{module}.{name}"))
        else:
            for entry in skeleton["names"].get(name, ()):
                entities += self.entry(module, "", name, entry, seen)
            if not entities and name not in skeleton["names"]:
                for star in skeleton["stars"]:
                    entities += self.lookup(star, name, seen)
        result = tuple(dict.fromkeys(entities))
        if len(seen) == 1:
            self.found[key] = result
        return result

    def entry(self, module, owner, name, entry, seen=()):
        """The entities of one definition in a module, or in the class `owner` of it."""
        kind = entry[0]
        if kind == "module":
            return self.module_entity(entry[1])
        if kind == "from":
            return self.member(entry[1], entry[2], seen)
        if kind == "def":
            return [("def", module, f"{owner}.{name}" if owner else name, entry[1], entry[2], tuple(entry[3]))]
        if kind == "class":
            return [("class", module, entry[1])]
        if kind == "alias":
            return self.resolve(module, entry[1], owner, seen, name)
        if kind == "call":
            return [("made", module, entry[1] or "?", freeze(entry[2]))]
        return [("value", entry[1])]

    def module_entity(self, name):
        return [("module", name)] if name in self.tops or self.store(name) else [("outside", name)]

    def member(self, module, name, seen=()):
        """`name` of a module, or the submodule of that name."""
        if f"{module}.{name}" in TABLED:
            return [("builtin", f"{module}.{name}")]
        if module in ("builtins", "__builtin__"):
            return [("builtin", name)]
        if (module, name) in seen:
            # A module that imports a name from a package that has it from elsewhere.
            return []
        found = self.lookup(module, name, seen)
        if found:
            return list(found)
        if self.store(f"{module}.{name}"):
            return [("module", f"{module}.{name}")]
        if module in ("collections", "collections.abc"):
            # Before Python 3.10 the abstract classes could be had from there.
            return self.member("_collections_abc", name, seen)
        return [("outside", f"{module}.{name}")]

    def resolve(self, module, dotted, owner="", seen=(), skip=None):
        """What a dotted name is in the scope of a module (and of a class in it)."""
        first, *rest = dotted.split(".")
        entities = []
        if owner and skip != first and (module, owner, first) not in seen:
            inside = (*seen, (module, owner, first))
            for definition in (self.module(module) or {}).get("classes", {}).get(owner, ()):
                for entry in definition["scope"].get(first, ()):
                    entities += self.entry(module, owner, first, entry, inside)
        entities = entities or list(self.lookup(module, first, seen))
        if not entities:
            entities = [("builtin", first)] if hasattr(builtins, first) else [("outside", f"{module}.{first}")]
        for part in rest:
            entities = [found for entity in entities for found in self.attribute(entity, part, seen)]
        return list(dict.fromkeys(entities))[:6]

    def attribute(self, entity, name, seen=()):
        kind = entity[0]
        if kind == "module":
            return self.member(entity[1], name, seen)
        if kind == "class":
            found = self.own(entity, name, seen)
            if found:
                return found
            for node in self.order(entity):
                found = self.own(node, name, seen)
                if found:
                    return found
            if hasattr(object, name) and not any(node[0] == "outside" for node in self.order(entity)):
                return [("builtin", f"object.{name}")]
            return [("outside", f"{entity[1]}.{entity[2]}.{name}")]
        if kind in ("outside", "builtin"):
            full = f"{entity[1]}.{name}"
            return [("builtin" if full in TABLED else kind, full)]
        return [("value", "attribute")]

    # Classes.

    def definitions(self, module, qualified):
        skeleton = self.module(module)
        return skeleton["classes"].get(qualified, []) if skeleton else []

    def own(self, node, name, seen=()):
        """What the class itself says of a name; a node may have the number of its definition."""
        if node[0] != "class":
            return []
        found = []
        for index, definition in enumerate(self.definitions(node[1], node[2])):
            if len(node) == 3 or node[3] == index:
                for entry in definition["scope"].get(name, ()):
                    found += self.entry(node[1], node[2], name, entry, seen)
        return found

    def order(self, entity):
        """The method resolution order of the first variant, without numbers."""
        variants = self.orders(entity[1], entity[2])
        return [node[:3] if node[0] == "class" else node for node in variants[0]] if variants else [entity]

    def orders(self, module, qualified, seen=()):
        """The orders a class may have, one for each definition and choice of bases."""
        key = (module, qualified)
        if key in self.linearised:
            return self.linearised[key]
        if key in seen or len(seen) > 40:
            return []
        result = []
        for index, definition in enumerate(self.definitions(module, qualified)):
            bases = [self.bases(module, qualified, base) for base in definition["bases"]]
            bases = [base for base in bases if base]
            for variant in range(min(VARIANTS, max([len(base) for base in bases], default=1))):
                chosen = [base[min(variant, len(base) - 1)] for base in bases]
                order = [("class", module, qualified, index), *merge([self.base_order(base, (*seen, key)) for base in chosen])]
                if order not in result:
                    result.append(order)
        result = result[: 2 * VARIANTS]
        self.linearised[key] = result
        return result

    def base_order(self, base, seen):
        if base[0] != "class" or (self.module(base[1]) or {}).get("stub"):
            return [base]
        orders = self.orders(base[1], base[2], seen)
        return orders[0] if orders else [base]

    def bases(self, module, qualified, base):
        """The entities a base expression may be, classes and what is not read."""
        owner = qualified.rpartition(".")[0]
        if base is None:
            return [("outside", "a computed base")]
        if isinstance(base, list):
            return self.made_base(module, owner, base)
        found = []
        for entity in self.resolve(module, base, owner):
            if entity[0] == "made":
                found += self.made_base(entity[1], "", [None, entity[2], list(entity[3])])
            elif entity[0] in ("class", "outside", "builtin"):
                found.append(entity)
        found = [entity for entity in found if entity[1:3] != (module, qualified) and entity != ("builtin", "object")]
        return found or ([] if base in ("object",) else [("outside", f"{module}.{base}")])

    def made_base(self, module, owner, call):
        name = (call[1] or "?").rpartition(".")[2]
        if name in ("namedtuple", "NamedTuple"):
            return [("builtin", "tuple")]
        if name == "with_metaclass" and len(call[2]) > 1 and isinstance(call[2][1], str):
            return [entity for entity in self.resolve(module, call[2][1], owner) if entity[0] in ("class", "outside", "builtin") and entity[1] != "object"]
        if name in ("declarative_base", "TypedDict", "NewType", "automap_base"):
            return []
        if name == "with_metaclass":
            return []
        if name == "_alias" and module == "typing" and call[2] and isinstance(call[2][0], str):
            # A class that is made of one of these has what it stands for as its base.
            return [entity for entity in self.resolve(module, call[2][0]) if entity[0] in ("class", "builtin")]
        return [("outside", f"{call[1] or 'a function'}()")]


def freeze(value):
    return tuple(freeze(item) for item in value) if isinstance(value, list) else value


def merge(orders):
    """C3; where the bases cannot be ordered, depth first with each class at its first place."""
    waiting = [list(order) for order in orders] + [[order[0] for order in orders]]
    result = []
    while True:
        waiting = [order for order in waiting if order]
        if not waiting:
            return result
        for order in waiting:
            head = order[0]
            if not any(head in other[1:] for other in waiting):
                break
        else:
            return list(dict.fromkeys(node for order in orders for node in order))
        result.append(head)
        waiting = [order[1:] if order[0] == head else order for order in waiting]


@functools.lru_cache(None)
def builtin_class(name):
    """The running Python's class of that name, or None."""
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) else None

