"""One call of one function: its names, what happened in it, its statements."""

import ast

import expressions
from calls import Calls
from conditions import Conditions
from expressions import Expressions
from values import TAINTED, UNKNOWN, given, is_tainted, merge, of_type

EVENTS = 14


class Frame(Expressions, Calls, Conditions):
    def __init__(self, engine, module, qualified, path, offset, depth, outer=None):
        self.engine = engine
        self.world = engine.world
        self.module = module
        self.qualified = qualified
        self.path = path
        self.offset = offset
        self.depth = depth
        self.outer = outer
        self.env = {}
        self.receiver = None
        self.events = outer.events if outer else {}
        self.returned = None
        self.yields = False

    # What happened.

    def event(self, word, what, line):
        key = (word, what)
        if key not in self.events and (word == "self" or len(self.events) < EVENTS * 3):
            name = self.qualified.rpartition(".")[2]
            self.events[key] = (word, what, f"{self.path}:{line + self.offset}", (name,))

    def adopt(self, events):
        """Takes over what happened in a function that was called."""
        name = self.qualified.rpartition(".")[2]
        for word, what, where, chain in events:
            key = (word, what)
            if key not in self.events and (word == "self" or len(self.events) < EVENTS * 3):
                self.events[key] = (word, what, where, (name, *chain))

    # Arguments.

    def default(self, node):
        if node is None:
            return UNKNOWN
        if isinstance(node, ast.Constant):
            return ("const", node.value)
        return self.value(node)

    def bind(self, node, receiver, arguments, words, rest):
        wanted = node.args
        names = [item.arg for item in wanted.posonlyargs + wanted.args]
        waiting = ([receiver] if receiver else []) + list(arguments)
        words = dict(words)
        everything = words.pop("**", None)
        self.receiver = receiver
        defaults = dict(zip(reversed(names), reversed(wanted.defaults)))
        for name in names:
            if waiting:
                self.env[name] = waiting.pop(0)
            elif name in words:
                self.env[name] = words.pop(name)
            elif rest or everything:
                self.env[name] = rest or everything
            else:
                self.env[name] = self.default(defaults.get(name))
        for item, default in zip(wanted.kwonlyargs, wanted.kw_defaults):
            self.env[item.arg] = words.pop(item.arg, None) or everything or self.default(default)
        if wanted.vararg:
            element = rest
            for item in waiting:
                element = merge(element, item)
            self.env[wanted.vararg.arg] = of_type("tuple", element is not None, element)
        if wanted.kwarg:
            element = everything
            for item in words.values():
                element = merge(element, item)
            self.env[wanted.kwarg.arg] = of_type("dict", element is not None, element)

    # Statements.

    def body(self, statements):
        """Whether the end is never reached."""
        for node in statements:
            method = STATEMENTS.get(type(node))
            if method and method(self, node):
                return True
        return False

    def do_Expr(self, node):
        self.value(node.value)

    def do_Return(self, node):
        self.returned = merge(self.returned, self.value(node.value) if node.value else ("const", None))
        return True

    def do_Raise(self, node):
        if node.exc:
            self.value(node.exc)
        return True

    def do_Break(self, _):
        return True

    do_Continue = do_Break

    def do_Assert(self, node):
        self.value(node.test)
        self.narrow(node.test, True)

    def do_Assign(self, node):
        value = self.value(node.value)
        for target in node.targets:
            self.store(target, value, node.value)

    def do_AnnAssign(self, node):
        if node.value:
            self.store(node.target, self.value(node.value), node.value)

    def do_AugAssign(self, node):
        value = self.value(node.value)
        before = self.value(node.target)
        if before[0] == "type":
            self.store(node.target, merge(before, value), None)
        elif before[0] in ("given", "const"):
            self.store(node.target, TAINTED if before[0] == "given" or is_tainted(value) else UNKNOWN, None)

    def do_Delete(self, node):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                receiver = self.value(target.value)
                self.value(target.slice)
                self.special(receiver, "__delitem__", [], target.lineno)

    def branches(self, *ways):
        """Runs each way with the names and attributes as they are now, and keeps what they may be afterwards."""
        before = self.env
        instances = {id(value[3]): value for value in [self.receiver, *before.values()] if value and value[0] == "obj"}
        attributes = {key: dict(value[3]) for key, value in instances.items()}
        after = []
        for way in ways:
            self.env = dict(before)
            self.restore(instances, attributes)
            if not way():
                after.append((self.env, {key: dict(value[3]) for key, value in instances.items()}))
        if not after:
            self.env = before
            return True
        self.env = after[0][0]
        for other, _ in after[1:]:
            for name, value in other.items():
                self.env[name] = merge(self.env.get(name), value)
        self.restore(instances, {key: self.joined(value[2], [stores[key] for _, stores in after]) for key, value in instances.items()})
        return False

    def restore(self, instances, attributes):
        for key, value in instances.items():
            value[3].clear()
            value[3].update(attributes[key])

    def joined(self, root, stores):
        """Attributes after several ways; what one of them did not assign is as the file had it."""
        found = {}
        for name in dict.fromkeys(name for store in stores for name in store):
            for store in stores:
                missing = given(f"{root}.{name}") if root else None
                found[name] = merge(found.get(name), store.get(name, missing))
        return found

    def do_If(self, node):
        self.value(node.test)
        truth = self.truth(node.test)
        if truth is not None:
            return self.body(node.body if truth else node.orelse)

        def way(statements, truth):
            restore = self.narrow(node.test, truth)
            ended = self.body(statements)
            if not ended or truth:
                for store, name, value in restore:
                    store.pop(name, None)
                    if value is not None:
                        store[name] = value
            return ended

        return self.branches(lambda: way(node.body, True), lambda: way(node.orelse, False))

    def forget(self, statements):
        """Constants that a loop assigns are others in its next round."""
        for statement in statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and self.env.get(node.id, UNKNOWN)[0] == "const":
                    self.env[node.id] = UNKNOWN

    def do_While(self, node):
        self.forget(node.body)
        self.value(node.test)
        self.branches(lambda: self.body(node.body) and False, lambda: False)
        self.body(node.orelse)

    def do_For(self, node):
        self.forget(node.body)
        self.store(node.target, self.element(self.value(node.iter), node.lineno), None)
        self.branches(lambda: self.body(node.body) and False, lambda: False)
        self.body(node.orelse)

    do_AsyncFor = do_For

    def do_Try(self, node):
        ways = [lambda: self.body(node.body) or self.body(node.orelse)]

        def handler(item):
            if item.name:
                self.env[item.name] = UNKNOWN
            return self.body(item.body)

        # What the body assigned before it failed may be seen by a handler, so it comes first.
        ended = self.branches(*ways, *[lambda item=item: handler(item) for item in node.handlers])
        return self.body(node.finalbody) or ended

    def do_With(self, node):
        for item in node.items:
            context = self.value(item.context_expr)
            entered = self.special(context, "__enter__", [], node.lineno)
            if context[0] in ("given", "computed"):
                entered = context
            if item.optional_vars is not None:
                self.store(item.optional_vars, entered or (context if context[0] in ("type", "obj", "unknown") else TAINTED), None)
        return self.body(node.body)

    do_AsyncWith = do_With

    def do_Match(self, node):
        self.value(node.subject)
        return self.branches(*[lambda case=case: self.body(case.body) for case in node.cases], lambda: False)

    def do_FunctionDef(self, node):
        self.env[node.name] = ("local", node, self.env, self)

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node):
        self.env[node.name] = UNKNOWN

    def do_Import(self, node):
        for item in node.names:
            name = item.asname or item.name.split(".")[0]
            self.env[name] = ("entities", tuple(self.world.module_entity(item.name if item.asname else name)))

    def do_ImportFrom(self, node):
        module = node.module or ""
        if node.level:
            parts = self.module.split(".")
            parts = parts[: len(parts) - node.level + (1 if self.path.endswith("/__init__.py") else 0)]
            module = ".".join([*parts, *([node.module] if node.module else [])])
        for item in node.names:
            if item.name != "*":
                self.env[item.asname or item.name] = ("entities", tuple(self.world.member(module, item.name)))

    # Assignment.

    def store(self, target, value, source):
        if isinstance(target, ast.Name):
            self.env[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            items = source.elts if isinstance(source, (ast.Tuple, ast.List)) and len(source.elts) == len(target.elts) else None
            if items:
                values = [self.value(item) for item in items]
            else:
                values = [self.element(value, target.lineno)] * len(target.elts)
            for item, one in zip(target.elts, values):
                self.store(item, one, None)
        elif isinstance(target, ast.Starred):
            self.store(target.value, of_type("list", True, value), None)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.value(target.value), target.attr, value, target.lineno)
        elif isinstance(target, ast.Subscript):
            receiver = self.value(target.value)
            key = self.value(target.slice)
            if receiver[0] == "entities" and ("outside", "sys.modules") in receiver[1] or receiver == ("const", "sys.modules"):
                self.event("acts", "writes sys.modules", target.lineno)
            elif receiver[0] == "type" and receiver[3][0] is None:
                receiver[3][0] = value
            elif receiver[0] == "type":
                receiver[3][0] = merge(receiver[3][0], value)
            self.special(receiver, "__setitem__", [key, value], target.lineno)


STATEMENTS = {getattr(ast, name[3:]): getattr(Frame, name) for name in dir(Frame) if name.startswith("do_")}
expressions.METHODS.update({getattr(ast, name[3:]): getattr(Frame, name) for name in dir(Frame) if name.startswith("of_") and hasattr(ast, name[3:])})
