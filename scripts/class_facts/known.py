"""What is known beforehand: bases without Python source, what acts, and modules that are not followed.

known.tsv has dotted names, a longer one counts before a shorter one that it begins with. Its kinds:

    exec, import, load, open, files, connect, spawn, native, interpreter, deferred   what calling it does; with the condition `path` or
                    `name` only if the path or name does not stand in the source
    harmless        begins with one of the above and does none of that: it asks the system, or is a constant
    quiet           helpers, mostly of the standard library, that are not followed; what they call of their arguments is in calls.py
    plain-base      a base without Python source that adds no code to a class
    closing-base    the same, and it calls `close` when it is thrown away
"""

import functools
import os

# numpy's array by its names. Pickles make arrays and their subclasses without a constructor and give them a state that C code reads.
ARRAYS = {"numpy.ndarray", "numpy.core.multiarray.ndarray", "numpy._core.multiarray.ndarray", "autograd.numpy.ndarray"}
# A base without code of its own is plain, unless it says otherwise here: it acts by itself in these operations.
ACTING_BASES = {
    "io.FileIO": {"call": "opens a file"}, "_io.FileIO": {"call": "opens a file"},
    "ctypes.Structure": {"new": "native memory", "call": "native memory", "state": "native memory"},
    "ctypes.Union": {"new": "native memory", "call": "native memory", "state": "native memory"},
    "ctypes._Pointer": {"new": "native memory", "call": "native memory", "state": "native memory"},
    "_ctypes.Structure": {"new": "native memory", "call": "native memory", "state": "native memory"},
    "_ctypes.Union": {"new": "native memory", "call": "native memory", "state": "native memory"},
    "_socket.socket": {"call": "opens a socket"},
    # The instances of a metaclass are classes: the file chooses their methods.
    "type": {"new": "makes a class", "call": "makes a class"},
    **{name: {"items": "converts values"} for name in ARRAYS},
}


# Methods that plain containers, texts and numbers have: a call of one of these on a value of a plain type runs nothing else.
DATA_METHODS = {name for kind in (dict, list, set, frozenset, tuple, str, bytes, int, float) for name in dir(kind)}
DATA_METHODS |= {"appendleft", "popleft", "extendleft", "move_to_end", "iteritems", "iterkeys", "itervalues", "has_key"}
# As BUILD and lookups of attributes do on an object of the file's own.
DATA_METHODS -= {"__setstate__", "__getattribute__", "__reduce__", "__reduce_ex__", "__init_subclass__", "__subclasshook__", "__class__"}
# Those of them that give what the container holds.
ELEMENT_METHODS = set("get pop items values keys copy setdefault popitem __getitem__ popleft iteritems itervalues iterkeys __iter__".split())


def table():
    found = {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "known.tsv")) as file:
        for line in file.read().splitlines()[1:]:
            name, kind, condition = line.split("\t")
            found.setdefault(kind, {})[name] = condition
    return found


KINDS = table()
HARMLESS, QUIET = set(KINDS.pop("harmless")), set(KINDS.pop("quiet"))
PLAIN_BASES, CLOSED_BASES = set(KINDS.pop("plain-base")), set(KINDS.pop("closing-base"))
# Dotted name -> what it does, and its condition.
ACTS = {name: (kind, condition) for kind, names in KINDS.items() for name, condition in names.items()}


def longest(name, table):
    """The longest beginning of a dotted name that a table has."""
    while name:
        if name in table:
            return name
        name = name.rpartition(".")[0]
    return None


@functools.lru_cache(None)
def acts(name):
    """What a dotted name does and its condition; an empty word where it is known to do nothing; None for what the table does not have."""
    found = longest(name, ACTS)
    if not found:
        return None
    harmless = longest(name, HARMLESS)
    if harmless and len(harmless) >= len(found) or name.startswith(("nt._", "posix._")):
        return "", "-"
    last = name.rpartition(".")[2]
    # Constants and exceptions of a module that acts.
    if name != found and (last.isupper() or is_exception(last)):
        return "", "-"
    return ACTS[found]


def is_exception(name):
    return name.endswith(("Error", "Exception", "Warning"))


@functools.lru_cache(None)
def is_quiet(module):
    return longest(module, QUIET) is not None
