"""What a module defines, without what its functions do: the part of a release that is kept between runs.

A skeleton is plain data. `names` has what each name of the module may be, `classes` the classes by qualified name, several for a name
that is defined in both branches of an `if` or `try`. A definition is a list that begins with its kind:

    ["module", dotted]            import a.b, import a as b
    ["from", module, name]        from module import name
    ["def", first, last, [decorator, ...]]
    ["class", qualified name]
    ["alias", dotted]             A = b.c
    ["call", dotted, [argument, ...]]   A = namedtuple(...), property(get, set)
    ["value", type of the literal or expression]
"""

import ast
import re
import warnings

PYX_CLASS = re.compile(r"^(?:cdef\s+(?:public\s+|api\s+)*)?class\s+(\w+)", re.MULTILINE)


def dotted(node):
    """`a.b.c` of an expression, without subscripts; None for everything else."""
    parts = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        else:
            return None


def expression(node):
    """A base, metaclass or argument: dotted, ["call", dotted, [...]], or None."""
    if isinstance(node, ast.Call):
        keywords = [expression(keyword.value) if keyword.arg in ("fget", "fset") else None for keyword in node.keywords]
        return ["call", dotted(node.func), [expression(argument) for argument in node.args] + [word for word in keywords if word]]
    return dotted(node)


def definition(node):
    """What a name is when `node` is assigned to it."""
    found = expression(node)
    if isinstance(found, list):
        return found
    if found:
        return ["alias", found]
    return ["value", repr(node.value)[:20] if isinstance(node, ast.Constant) else type(node).__name__]


def decorator(node):
    call = node if isinstance(node, ast.Call) else None
    words = {word.arg: word.value.value for word in call.keywords if word.arg and isinstance(word.value, ast.Constant)} if call else {}
    return [dotted(call.func if call else node), words]


class Reader:
    def __init__(self, module, is_package):
        self.module = module
        self.is_package = is_package
        self.names = {}
        self.stars = []
        self.classes = {}
        self.patches = {}

    def absolute(self, level, name):
        if not level:
            return name or ""
        parts = self.module.split(".")
        parts = parts[: len(parts) - level + (1 if self.is_package else 0)]
        return ".".join([*parts, *([name] if name else [])])

    def imports(self, node, scope):
        if isinstance(node, ast.Import):
            for item in node.names:
                name = item.asname or item.name.split(".")[0]
                scope.setdefault(name, []).append(["module", item.name if item.asname else name])
            return
        module = self.absolute(node.level, node.module)
        for item in node.names:
            if item.name == "*":
                self.stars.append(module)
            else:
                scope.setdefault(item.asname or item.name, []).append(["from", module, item.name])

    def assign(self, targets, value, scope, inside):
        for target in targets:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
                for one, of in zip(target.elts, value.elts):
                    self.assign([one], of, scope, inside)
            elif isinstance(target, ast.Name):
                scope.setdefault(target.id, []).append(definition(value))
            elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and not inside:
                self.patches.setdefault(target.value.id, {}).setdefault(target.attr, []).append(definition(value))

    def class_of(self, node, scope, outer):
        name = f"{outer}.{node.name}" if outer else node.name
        inner = {}
        self.body(node.body, inner, name)
        meta = next((expression(word.value) for word in node.keywords if word.arg == "metaclass"), None)
        fields = sum(isinstance(item, ast.AnnAssign) for item in node.body)
        self.classes.setdefault(name, []).append({
            "line": node.lineno, "bases": [expression(base) for base in node.bases], "meta": meta, "fields": fields,
            "decorators": [decorator(item) for item in node.decorator_list], "scope": inner})
        scope.setdefault(node.name, []).append(["class", name])

    def body(self, statements, scope, outer):
        for node in statements:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                decorators = [decorator(item)[0] or "?" for item in node.decorator_list]
                scope.setdefault(node.name, []).append(["def", node.lineno, node.end_lineno, decorators])
            elif isinstance(node, ast.ClassDef):
                self.class_of(node, scope, outer)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self.imports(node, scope)
            elif isinstance(node, ast.Assign):
                self.assign(node.targets, node.value, scope, outer)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self.assign([node.target], node.value, scope, outer)
            elif isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
                for part in ("body", "handlers", "orelse", "finalbody"):
                    for item in getattr(node, part, []):
                        self.body(item.body if isinstance(item, ast.ExceptHandler) else [item], scope, outer)

    def result(self, path, stub):
        for name, attributes in self.patches.items():
            for found in self.classes.get(name, []):
                for attribute, entries in attributes.items():
                    found["scope"].setdefault(attribute, []).extend(entries)
        return {"module": self.module, "path": path, "stub": stub, "names": self.names, "stars": self.stars, "classes": self.classes}


def skeleton(source, module, path):
    """The skeleton of a source, or None where this Python cannot parse it (it is of Python 2, or a template)."""
    reader = Reader(module, path.endswith(("/__init__.py", "/__init__.pyi")))
    if path.endswith(".pyx"):
        for name in PYX_CLASS.findall(source.decode("utf-8", "replace")):
            reader.classes[name] = [{"line": 0, "bases": [], "meta": None, "fields": 0, "decorators": [], "scope": {}}]
            reader.names[name] = [["class", name]]
        return reader.result(path, True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader.body(tree.body, reader.names, "")
    return reader.result(path, path.endswith(".pyi"))
