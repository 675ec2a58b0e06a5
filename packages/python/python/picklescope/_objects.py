"""Objects of Python from the lossless JSON (docs/json.md). Nothing is imported and nothing is called but the types below."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Object:
    """Something that a loader would import or call; here it only says so."""

    #: ``call``, ``global``, ``persistent-id``, ``inline-array`` ...: the types of docs/json.md.
    kind: str
    #: What is called or imported: ``collections.OrderedDict``; empty where that is no plain name.
    name: str = ""
    #: Arguments of the call, the persistent id.
    args: Any = None
    #: Keyword arguments of the call.
    kwargs: Any = None
    #: What is done to it afterwards: ``(word, value)`` with ``state``, ``append``, ``setitems`` or ``add``.
    steps: list = field(default_factory=list)
    #: What it means, where that is known: ``2026-03-02`` of a date.
    text: str = ""

    def __repr__(self):
        return f"<picklescope.Object {self.kind} {self.name}{' ' + self.text if self.text else ''}>"


def build(text):
    """The value of an exported document."""
    document = json.loads(text)
    return _Builder(document.get("objects", {})).value(document["value"])


#: What is made at once and filled afterwards, so that cycles go through it.
SHELLS = {"list": list, "dict": dict, "set": set, "call": Object}
#: What can only be made when all that is in it is there.
WHOLE = {"tuple": tuple, "frozenset": frozenset}


class _Builder:
    """Builds without recursion: what is nested deeper than 30 levels stands in a table, however deep it goes."""

    def __init__(self, table):
        self.table = dict(table) if isinstance(table, dict) else dict(table)
        self.made = {}
        self.waiting = set()

    def value(self, root):
        # Every task leaves one value on the stack of results.
        results = []
        tasks = [("make", root)]
        while tasks:
            word, *rest = tasks.pop()
            getattr(self, word)(rest, tasks, results)
        return results.pop()

    def make(self, rest, tasks, results):
        (spec,) = rest
        if not isinstance(spec, dict):
            results.append(spec)
        elif "ref" in spec:
            self.follow(spec["ref"], tasks, results)
        else:
            self.begin(spec, None, tasks, results)

    def follow(self, number, tasks, results):
        if number in self.made:
            results.append(self.made[number])
            return
        if number in self.waiting:
            raise ValueError("a tuple or frozenset contains itself in a way that Python cannot make")
        spec = self.table[number]
        if not isinstance(spec, dict):
            self.made[number] = spec
            results.append(spec)
            return
        self.begin(spec, number, tasks, results)

    def begin(self, spec, number, tasks, results):
        kind = spec.get("type")
        if kind in SHELLS:
            shell = SHELLS[kind](kind) if kind == "call" else SHELLS[kind]()
            if number is not None:
                self.made[number] = shell
            results.append(shell)
            parts = _parts(spec)
            tasks.append(("fill", shell, spec, number, len(parts)))
            tasks.extend(("make", part) for part in reversed(parts))
            return
        parts = spec["items"] if kind in WHOLE else _other_parts(spec)
        if number is not None:
            self.waiting.add(number)
        tasks.append(("finish", spec, number, len(parts)))
        tasks.extend(("make", part) for part in reversed(parts))

    def fill(self, rest, tasks, results):
        shell, spec, number, count = rest
        parts = results[len(results) - count :]
        del results[len(results) - count :]
        kind = spec["type"]
        if kind == "list":
            shell.extend(parts)
        elif kind == "set":
            shell.update(_hashable(part) for part in parts)
        elif kind == "dict":
            for key, value in zip(parts[::2], parts[1::2]):
                shell[_hashable(key)] = value
        else:
            callee, shell.args, shell.kwargs, *given = parts
            shell.name = getattr(callee, "name", "")
            shell.text = (spec.get("reading") or {}).get("text", "")
            for step in spec.get("steps", ()):
                many = _step_parts(step)
                own, given = given[: len(many)], given[len(many) :]
                shell.steps.append(_step(step, own))
            plain = _builtin(shell)
            if plain is not None:
                # What stands for it on the stack; inside of itself it stays a call.
                results[-1] = plain
                if number is not None:
                    self.made[number] = plain

    def finish(self, rest, tasks, results):
        spec, number, count = rest
        parts = results[len(results) - count :]
        del results[len(results) - count :]
        kind = spec.get("type")
        made = WHOLE[kind](map(_hashable, parts) if kind == "frozenset" else parts) if kind in WHOLE else _plain(spec, parts)
        if number is not None:
            self.waiting.discard(number)
            self.made[number] = made
        results.append(made)


def _hashable(value):
    try:
        hash(value)
    except TypeError:
        raise ValueError(f"{type(value).__name__} as a key, which no loader accepts") from None
    return value


def _step_parts(step):
    if "value" in step:
        return [step["value"]]
    items = step.get("items", [])
    return [part for pair in items for part in pair] if step.get("op") == "setitems" else items


def _step(step, parts):
    if "value" in step:
        return (step["op"], parts[0])
    return (step["op"], list(zip(parts[::2], parts[1::2])) if step["op"] == "setitems" else parts)


def _parts(spec):
    """The values below a shell, in order."""
    kind = spec["type"]
    if kind == "dict":
        return [part for pair in spec["items"] for part in pair]
    if kind == "call":
        steps = [part for step in spec.get("steps", ()) for part in _step_parts(step)]
        return [spec.get("callee"), spec.get("args"), spec.get("kwargs"), *steps]
    return spec["items"]


def _other_parts(spec):
    names = ("id", "of", "wrapper", "value", "module", "name")
    return [spec[name] for name in names if isinstance(spec.get(name), dict) or spec.get("type") in NESTED and name in spec]


NESTED = {"persistent-id", "inline-pickle", "changed"}


def _plain(spec, parts):
    kind = spec.get("type")
    if kind == "int":
        if "value" in spec:
            return _int(spec["value"])
        return int.from_bytes(bytes.fromhex(spec["twos_complement"]), "big", signed=True)
    if kind == "float":
        return float(spec["value"])
    if kind == "bytes":
        return base64.b64decode(spec["base64"])
    if kind == "python2-str":
        data = base64.b64decode(spec["base64"])
        # As `pickle.loads` reads it when it is told nothing; what that refuses stays bytes.
        return data.decode("ascii") if data.isascii() else data
    if kind == "bytearray":
        return bytearray(base64.b64decode(spec["base64"]))
    if kind == "str":
        return bytes.fromhex(spec["utf8_surrogatepass"]).decode("utf-8", "surrogatepass")
    if kind == "global":
        return Object(kind, f"{spec['module']}.{spec['name']}")
    known = {name: spec[name] for name in ("code", "index", "reason") if name in spec}
    return Object(kind or "unknown", args=parts or known or None)


def _builtin(call):
    """What older protocols spell as a call of a type of Python that is plain data; ``None`` for everything else."""
    args = call.args
    if call.steps or call.kwargs or not isinstance(args, tuple):
        return None
    try:
        if call.name in ("builtins.set", "builtins.frozenset") and all(type(arg) is list for arg in args) and len(args) < 2:
            return (set if call.name == "builtins.set" else frozenset)(*args)
        if call.name == "_codecs.encode" and len(args) == 2 and type(args[0]) is str and args[1] in LATIN1:
            return args[0].encode("latin-1")
        if call.name in ("builtins.bytes", "builtins.bytearray"):
            made = bytes if call.name == "builtins.bytes" else bytearray
            if not args or (len(args) == 1 and type(args[0]) is bytes):
                return made(*args)
            if len(args) == 2 and type(args[0]) is str and args[1] in LATIN1:
                return made(args[0], "latin-1")
        if call.name == "builtins.complex" and len(args) == 2 and all(type(arg) in (int, float) for arg in args):
            return complex(*args)
        if call.name == "builtins.range" and 0 < len(args) < 4 and all(type(arg) is int for arg in args):
            return range(*args)
    except (TypeError, ValueError, OverflowError):
        # Loading would fail as well; the call shows what it was.
        return None
    return None


LATIN1 = ("latin1", "latin-1")


def _int(digits):
    """Long ints in pieces: newer versions of Python refuse to convert thousands of digits at once."""
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    number = 0
    for start in range(0, len(digits), 4000):
        piece = digits[start : start + 4000]
        number = number * 10 ** len(piece) + int(piece)
    return sign * number
