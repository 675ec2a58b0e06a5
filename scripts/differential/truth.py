"""What CPython says about a stream: C `_pickle.Unpickler`, `pickle._Unpickler`, `pickletools.dis`.

Nothing real is imported or called. Every name gives an inert class, a stand-in that takes any call, state, item and member
and writes down what it was given; persistent ids give the same kind of object. The value of a pickle is written as text:

    N T F i7 f3ff0000000000000 s6162 b6162   None, True, False, numbers, text and bytes (their bytes in hexadecimal)
    () z0 t2 l2 d2 e2 z2                     tuple, frozenset, list, dict, set and their length; what they hold follows
    y... m u0                                bytearray (its repr), memoryview, out-of-band buffer
    g<module>.<name>                         what a name stands for; changes to it follow where it is met first
    c2,0 n2,0 p                              a call with two arguments, an instance by __new__, a persistent id
    + = & %                                  what APPEND, SETITEM, ADDITEMS, BUILD gave to the object before
    @3                                       the fourth container that was met, again

`tests/differential/answer.rs` writes the same of what Picklescope shows.
"""

import _pickle
import copyreg
import io
import pickle
import pickletools
import resource
import struct
import sys
import warnings

# How the loader is set up.
PERSISTENT, BUFFERS, LATIN1, BYTES, LISTING = 1, 2, 4, 8, 32

EXTENSIONS = {code: ("extension", "code%d" % code) for code in range(1, 5)}
touched = []


def note(owner, *op):
    if not owner.ops:
        touched.append(owner)
    owner.ops.append(op)


def adders(get):
    """What opcodes look for on an object."""
    return {
        "extend": get(lambda self: lambda items: [note(self, "+", item) for item in items] and None),
        "append": get(lambda self: lambda item: note(self, "+", item)),
        "add": get(lambda self: lambda item: note(self, "&", item)),
        "__setstate__": get(lambda self: lambda state: note(self, "%", state)),
    }


class Meta(type):
    """Classes that take everything themselves: properties of the metaclass come before what the class has."""

    def __call__(cls, *args):
        return Obj("c", cls, args, {})

    def __setitem__(cls, key, value):
        note(cls, "=", key, value)


for name, value in adders(property).items():
    setattr(Meta, name, value)


class Base(metaclass=Meta):
    def __new__(cls, *args, **kwargs):
        return Obj("n", cls, args, kwargs)


class Obj:
    __slots__ = ("kind", "callee", "args", "kwargs", "ops")

    def __init__(self, kind, callee, args, kwargs):
        self.kind, self.callee, self.args, self.kwargs, self.ops = kind, callee, args, kwargs, []

    def __call__(self, *args):
        return Obj("c", self, args, {})

    def __setitem__(self, key, value):
        self.ops.append(("=", key, value))

    def extend(self, items):
        self.ops.extend(("+", item) for item in items)

    def append(self, item):
        self.ops.append(("+", item))

    def add(self, item):
        self.ops.append(("&", item))

    def __setstate__(self, state):
        self.ops.append(("%", state))


classes = {}


def find_class(module, name):
    found = classes.get((module, name))
    if found is None:
        # As `__import__` and `getattr` have it.
        if not module:
            raise ValueError("Empty module name")
        if not name:
            raise AttributeError("Can't get attribute '' on <module %r>" % module)
        found = Meta("Standin", (Base,), {"ops": [], "name": (module, name)})
        if len(classes) < 10000:
            classes[module, name] = found
    return found


def persistent_load(pid):
    return Obj("p", pid, (), {})


class Buffer(bytearray):
    """What the loading program gives for NEXT_BUFFER; messages tell it from a bytearray of the stream."""


class C(_pickle.Unpickler):
    def find_class(self, module, name):
        return find_class(module, name)


class CWithIds(C):
    def persistent_load(self, pid):
        return persistent_load(pid)


class Python(pickle._Unpickler):
    def find_class(self, module, name):
        return find_class(module, name)


class PythonWithIds(Python):
    def persistent_load(self, pid):
        return persistent_load(pid)


def set_up():
    warnings.simplefilter("ignore")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(4300)
    copyreg._inverted_registry.update(EXTENSIONS)
    # What CPython prints of its own accord: "deallocated bytearray object has exported buffers", of BYTEARRAY8 cut short.
    sys.excepthook = lambda kind, error, trace: None if kind is SystemError else sys.__excepthook__(kind, error, trace)
    # A memo index near 2^32 makes the loader ask for that many entries.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))


def hexname(text):
    # Lone surrogates as they are shown.
    return text.encode("utf-8", "backslashreplace").hex()


def atom(value):
    kind = type(value)
    if kind is str:
        return "s%s " % value.encode("utf-8", "surrogatepass").hex()
    if kind is int:
        try:
            return "i%d " % value
        except ValueError:
            # More digits than Python spells out.
            return "ibig "
    if kind is bytes:
        return "b%s " % value.hex()
    if kind is bool:
        return "T " if value else "F "
    if value is None:
        return "N "
    if kind is float:
        return "f%s " % struct.pack(">d", value).hex()
    if kind is tuple and not value:
        return "() "
    if kind is frozenset and not value:
        return "z0 "
    return None


def order(value, depth=0):
    """A text to sort members by that does not depend on identity."""
    kind = type(value)
    if kind is Meta:
        return "g%s.%s " % tuple(map(hexname, value.name))
    if kind is tuple and value and depth < 20:
        return "(%s) " % "".join(order(item, depth + 1) for item in value)
    if kind is frozenset and value and depth < 20:
        return "{%s} " % "".join(sorted(order(item, depth + 1) for item in value))
    return atom(value) or "o "


def canonical(root, buffers):
    out, known, done, work = [], {}, set(), [(root,)]
    keep = []
    by_buffer = {id(buffer): index for index, buffer in buffers}
    while work:
        entry = work.pop()
        if type(entry) is str:
            out.append(entry)
            continue
        (value,) = entry
        kind = type(value)
        text = atom(value)
        if text is not None:
            out.append(text)
            continue
        if kind is Meta:
            out.append("g%s.%s " % tuple(map(hexname, value.name)))
            if value.ops and id(value) not in done:
                done.add(id(value))
                add_ops(value.ops, work)
            continue
        number = known.get(id(value))
        if number is not None:
            out.append("@%d " % number)
            continue
        known[id(value)] = len(known)
        keep.append(value)
        if kind is list or kind is tuple:
            out.append("%s%d " % ("l" if kind is list else "t", len(value)))
            work.extend((item,) for item in reversed(value))
        elif kind is dict:
            out.append("d%d " % len(value))
            for key, item in reversed(list(value.items())):
                work.append((item,))
                work.append((key,))
        elif kind is set or kind is frozenset:
            members = sorted(((order(item), i, item) for i, item in enumerate(value)), key=lambda member: member[0])
            tie = any(a[0] == b[0] for a, b in zip(members, members[1:]))
            out.append("%s%s%d " % ("!tie " if tie else "", "e" if kind is set else "z", len(value)))
            work.extend((item,) for _, _, item in reversed(members))
        elif kind is Obj:
            add_ops(value.ops, work)
            if value.kind == "p":
                out.append("p ")
                work.append((value.callee,))
            else:
                out.append("%s%d,%d " % (value.kind, len(value.args), len(value.kwargs)))
                for key, item in reversed(list(value.kwargs.items())):
                    work.append((item,))
                    work.append((key,))
                work.extend((item,) for item in reversed(value.args))
                work.append((value.callee,))
        elif id(value) in by_buffer:
            out.append("u%d " % by_buffer[id(value)])
            add_ops([("+", item) for item in value[len(b"buffer0"):]], work)
        elif kind is bytearray:
            out.append("y%s " % repr(value).encode().hex())
        elif kind is memoryview:
            out.append("m ")
            work.append((value.obj,))
        else:
            out.append("!%s " % kind.__name__)
    return "".join(out)


def add_ops(ops, work):
    for op in reversed(ops):
        work.extend((item,) for item in reversed(op[1:]))
        work.append(op[0] + " ")


def fault(error):
    message = "".join(c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in str(error))
    return "%s: %s" % (type(error).__name__, message)


def encoding(flags):
    return "latin1" if flags & LATIN1 else "bytes" if flags & BYTES else "ASCII"


def load(make, data, flags, one, most=8):
    """The pickles of `data`: values as text with the offset behind each, and the error that ended it with its offset.

    `one`: whether one Unpickler loads them all, so that the memo goes on.
    """
    file = io.BytesIO(data)
    buffers, extra = [], {"encoding": encoding(flags)}
    values, ends, error, unpickler = [], [], None, None
    total = len(data)
    while file.tell() < total and len(values) < most:
        try:
            if unpickler is None or not one:
                if flags & BUFFERS:
                    given = [Buffer(b"buffer%d" % i) for i in range(3)]
                    buffers += enumerate(given)
                    extra["buffers"] = iter(given)
                unpickler = make(file, **extra)
            values.append(unpickler.load())
            ends.append(file.tell())
        except Exception as caught:
            error = (fault(caught), file.tell())
            break
    texts = [canonical(value, buffers) for value in values]
    for owner in touched:
        del owner.ops[:]
    del touched[:]
    return list(zip(texts, ends)), error


def c_answer(data, flags, one=False):
    return load(CWithIds if flags & PERSISTENT else C, data, flags, one)


def answers(data, flags):
    """What may be expected, as `(values, error, whether the memo was carried on)`: each pickle loaded on its own; or all by one
    Unpickler, where that loads more; or either, where the one gets as far or further and is refused as well.
    """
    values, error = c_answer(data, flags)
    alone = values, error, False
    if not error or not values:
        return [alone]
    one, one_error = c_answer(data, flags, one=True)
    if "Memo value not found" in error[0] and (one_error is None or len(one) > len(values)):
        return [(one, one_error, True)]
    if len(one) > len(values) or one_error and one_error[1] >= error[1] and one_error != error:
        return [(one, one_error, True), alone]
    return [alone]


def python_answer(data, flags):
    return load(PythonWithIds if flags & PERSISTENT else Python, data, flags, False, most=1)


def listing(data):
    """What `pickletools` lists of the first pickle, and what it says when it stops."""
    out = io.StringIO()
    try:
        pickletools.dis(data, out)
        return out.getvalue(), None
    except Exception as caught:
        return out.getvalue(), fault(caught)


if __name__ == "__main__":
    set_up()
    for argument in sys.argv[1:]:
        stream = bytes.fromhex(argument)
        for flags in (0, PERSISTENT | BUFFERS | LATIN1):
            print("flags %2d  C  %s" % (flags, c_answer(stream, flags)))
            print("          .py %s" % (python_answer(stream, flags),))
        print(*listing(stream))
