"""Values of the analysis: what an expression may be, seen from a file that chooses the values of an instance and its arguments.

    ("given", root)          the file chooses it; root says how it is reached: `key`, `self.policy`, `state[]`
    ("computed", text)       an attribute whose name the file chooses
    ("obj", class, root, store)  an instance; the file chooses what `store` does not have if there is a root
    ("super", obj, node)     super() in the class `node`
    ("entities", entities)   classes, functions, modules
    ("bound", entity, receiver)  a method
    ("partial", function, arguments)
    ("local", node, env, frame)  a function or lambda that the analysed function defines
    ("type", name, tainted, [element])  of a built-in type
    ("const", value)
    ("unknown", tainted)

Tainted: made from what the file gives, and no object of the file's choice itself.
"""

UNKNOWN = ("unknown", False)
TAINTED = ("unknown", True)
RANK = {"computed": 9, "given": 8, "local": 7, "partial": 7, "bound": 6, "entities": 6, "super": 6, "obj": 5, "type": 3, "unknown": 2, "const": 1}


def given(root):
    return ("given", root if len(root) < 60 else root[:57] + "...")


def of_type(name, tainted=False, element=None):
    return ("type", name, tainted, [element])


def rank(value):
    return RANK[value[0]] + (0.5 if value[0] in ("type", "unknown") and is_tainted(value) else 0)


def merge(first, second):
    """One value for two; the one that says more of the file's choice counts."""
    if first is None or second is None or first is second:
        return first if second is None else second
    if first[0] == second[0] == "entities":
        return ("entities", tuple(dict.fromkeys(first[1] + second[1]))[:8])
    if first[0] == second[0] == "type":
        return ("type", first[1], first[2] or second[2], [merge(first[3][0], second[3][0])])
    if first[0] == second[0] == "const" and first != second:
        return UNKNOWN
    if first[0] == second[0] == "given" and first[1].startswith("self.__"):
        # What a lookup asks for again says the least.
        return second
    return first if rank(first) >= rank(second) else second


def is_tainted(value):
    kind = value[0]
    if kind in ("given", "computed"):
        return True
    if kind == "obj":
        return value[2] is not None or any(is_tainted(item) for item in list(value[3].values())[:8] if item is not value and item[0] != "obj")
    if kind == "type":
        return value[2]
    if kind == "unknown":
        return value[1]
    return False


def signature(value, depth=0):
    """A key for what was worked out with a value."""
    kind = value[0]
    if depth > 2:
        return kind
    if kind == "obj":
        store = tuple((name, signature(item, depth + 1)) for name, item in sorted(value[3].items())[:10])
        return (kind, value[1], value[2], store)
    if kind == "type":
        return (kind, value[1], value[2], value[3][0] and signature(value[3][0], depth + 1))
    if kind == "local":
        return (kind, id(value[1]), tuple((name, signature(item, depth + 1)) for name, item in list(value[2].items())[:10]) if depth < 2 else ())
    if kind == "bound":
        return (kind, value[1], signature(value[2], depth + 1))
    if kind == "partial":
        return (kind, signature(value[1], depth + 1), tuple(signature(item, depth + 1) for item in value[2]))
    if kind == "super":
        return (kind, signature(value[1], depth + 1), value[2])
    if kind == "const":
        return (kind, repr(value[1])[:40])
    return value
