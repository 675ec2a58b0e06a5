"""Functions of modules that act, or call what they are given."""

from known import acts
from values import given

DEPTH = 3
STEPS = 40


def parameters(node):
    names = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    return [item.arg for item in names] + [item.arg for item in (node.args.vararg, node.args.kwarg) if item]


def facts(engine, module):
    """(name, words, [(word, what, where, chain), ...]) of the functions of a module that do either."""
    skeleton = engine.world.module(module)
    for name, entries in skeleton["names"].items():
        found = {}
        for entry in entries:
            if entry[0] != "def":
                continue
            node, _ = engine.node(module, entry[1], entry[2])
            if node is None:
                continue
            engine.begin(None, STEPS)
            arguments = [given(item.arg) for item in node.args.posonlyargs + node.args.args]
            words = {item.arg: given(item.arg) for item in node.args.kwonlyargs}
            if node.args.kwarg:
                words["**"] = given(node.args.kwarg.arg)
            rest = given(node.args.vararg.arg) if node.args.vararg else None
            entity = ("def", module, name, entry[1], entry[2], tuple(entry[3]))
            events, _ = engine.call(entity, None, arguments, words, DEPTH, rest)
            for word, what, where, chain in events:
                if word == "acts":
                    kind = what.split()[0]
                    found.setdefault({"calls": "computed", "sets": "set-attribute", "writes": "import"}.get(kind, kind), (what, where, chain))
                elif word == "given":
                    found.setdefault("call-argument", (what, where, chain))
        word, _ = acts(f"{module}.{name}") or ("", "-")
        if word and any(entry[0] == "def" for entry in entries):
            found.setdefault(word, ("known to act", f"{skeleton['path']}:{entries[0][1]}", (name,)))
        if found:
            yield name, found
