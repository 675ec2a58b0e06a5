"""Runs the analysis of functions over calls: budget, depth, what is already known."""

import ast
import warnings

from frame import Frame
from known import ACTS, longest
from releases import STDLIB
from values import TAINTED, UNKNOWN, of_type, signature
from world import builtin_class

DEPTH = 6
STEPS = 80
# Bases in C by the built-in type that has their methods.
ALIKE = {"collections.OrderedDict": "dict", "collections.defaultdict": "dict", "collections.deque": "list", "_collections.OrderedDict": "dict"}


class Engine:
    def __init__(self, world, own):
        self.world = world
        self.own = own
        self.own_tops = set(own.tops) if own.release != STDLIB else set()
        self.finds = {}
        self.memo = {}
        self.active = []
        self.steps = 0
        self.truncated = False
        # The class whose lookups are recorded, and the lookups: what was worked out goes for a subclass that answers all of them alike.
        self.root = None
        self.recorders = []

    def begin(self, root, steps=STEPS):
        self.root = root
        self.steps = steps
        self.truncated = False
        self.active = []
        self.recorders = [{}]

    def is_own(self, module):
        return module.split(".")[0] in self.own.tops

    def is_own_package(self, name):
        """Whether all of the package counts as acting, and it is the one under analysis."""
        return longest(name, ACTS) in self.own_tops

    # Lookups.

    def find(self, key, name, after=None):
        """What the classes of an instance say of a name, and whether one of them before that was not read."""
        result = self.finds.get((key, name, after))
        if result is None:
            result = self.finds[key, name, after] = self.search(key, name, after)
        if key == self.root:
            for recorder in self.recorders:
                recorder[name, after] = result
        return result

    def search(self, key, name, after):
        found, blocked = [], False
        for order in self.world.orders(*key) or [[("class", *key)]]:
            passed = after is None
            for node in order:
                if not passed:
                    passed = node[:3] == after[:3]
                    continue
                entities = self.in_class(node, name)
                if entities:
                    found += [entity for entity in entities if entity not in found]
                    break
                blocked |= node[0] == "outside" or node[0] == "class" and bool((self.world.module(node[1]) or {}).get("stub"))
        return tuple(found), blocked

    def in_class(self, node, name):
        if node[0] == "class":
            found = self.world.own(node, name)
            return [entity for entity in found if not (entity[0] == "def" and any(word.endswith("overload") for word in entity[5]))] or found
        if node[0] == "builtin":
            kind = ALIKE.get(node[1], node[1])
            known = builtin_class(kind)
            if known and known is not object and getattr(known, name, None) is not getattr(object, name, None):
                return [("builtin", f"{kind}.{name}")]
        return []

    # Sources.

    def node(self, module, first, last):
        """The function whose `def` is in that line."""
        nodes = self.world.store(module).nodes
        key = (module, first)
        if key not in nodes:
            lines = self.world.source(module)[first - 1 : last]
            # Keeps the indentation of what follows, so no string in it changes.
            inside = bool(lines) and lines[0][:1] in " \t"
            text = "\n".join((["if 1:"] if inside else []) + lines)
            node = None
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    tree = ast.parse(text)
                node = tree.body[0].body[0] if inside else tree.body[0]
            except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
                pass
            nodes[key] = (node, first - (2 if inside else 1)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else (None, 0)
        return nodes[key]

    # Calls.

    def call(self, entity, receiver, arguments, words, depth, rest=None):
        """(events, value) of a call of a function; `rest` is what a starred argument of the file gives."""
        _, module, qualified, first, last, decorators = entity
        skeleton = self.world.module(module)
        if skeleton is None or skeleton["stub"]:
            return (), TAINTED
        key = (module, first, receiver and signature(receiver), tuple(map(signature, arguments)),
               tuple((name, signature(value)) for name, value in sorted(words.items())), rest and signature(rest))
        known = self.memo.get(key)
        if known and (not known[3] or known[4] >= depth):
            for name, found in known[2].items():
                for recorder in self.recorders:
                    recorder[name] = found
            self.truncated |= known[3]
            if receiver and receiver[0] == "obj":
                receiver[3].update(known[5])
            return known[0], known[1]
        if depth <= 0 or self.steps <= 0 or (module, first) in self.active[-40:]:
            self.truncated |= (module, first) not in self.active
            return (), TAINTED
        node, offset = self.node(module, first, last)
        if node is None:
            return (), TAINTED
        # Half of what is left, so that a long way down leaves something for what follows it.
        self.steps -= 1
        allowance = (self.steps + 1) // 2
        kept, self.steps = self.steps - allowance, allowance
        outer, self.truncated = self.truncated, False
        self.recorders.append({})
        self.active.append((module, first))
        frame = Frame(self, module, qualified, skeleton["path"], offset, depth)
        try:
            frame.bind(node, receiver, arguments, words, rest)
            frame.body(node.body)
        except RecursionError:
            # Expressions that are nested deeper than Python's stack.
            frame.event("unread", "is nested too deeply", 0)
        self.active.pop()
        self.steps += kept
        lookups = self.recorders.pop()
        events = tuple(frame.events.values())
        value = frame.returned or UNKNOWN
        if frame.yields:
            value = of_type("generator", True, value)
        self.memo[key] = (events, value, lookups, self.truncated, depth, dict(receiver[3]) if receiver and receiver[0] == "obj" else {})
        self.truncated |= outer
        return events, value
