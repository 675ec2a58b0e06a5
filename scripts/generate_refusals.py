#!/usr/bin/env python3
"""Asks CPython's two loaders what they make of tiny streams, opcode by opcode, and writes tests/fixtures/refusals.tsv.

    python3.11 scripts/generate_refusals.py

Every stream is inert: the only names in it are builtins that make plain values and a stand-in module of this script. Columns:
the stream as hexadecimal; the offset of the opcode at which the C loader stops, or `-`; what the C loader says, or `-`; what
`pickle.py` says, or `-`; the value as `repr` spells it where it is plain data, or `-`; `outside` where what the loader says
depends on more than the stream (a name, a callback, a buffer), else `stream`.
"""

import _pickle
import io
import itertools
import pickle
import struct
import sys
import types
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "tests/fixtures/refusals.tsv"
BUILTINS = {"list", "tuple", "set", "frozenset", "dict", "bytes", "bytearray", "int", "float", "complex", "str", "object",
            "len", "abs", "repr", "None", "Ellipsis", "bool", "slice", "range"}


class Plain:
    """An object with a dict and nothing else."""


class Slots:
    __slots__ = ("a",)


class State:
    def __setstate__(self, state):
        pass


def function(*args, **kwargs):
    return None


standin = types.ModuleType("standin")
for item in (Plain, Slots, State, function):
    setattr(standin, item.__name__, item)
sys.modules["standin"] = standin


def guarded(base):
    class Guarded(base):
        def find_class(self, module, name):
            top = name.split(".")[0]
            known = module in ("builtins", "__builtin__") and top in BUILTINS or module in ("standin", "collections")
            if not known and module and name and module.isascii() and name.isascii():
                raise ModuleNotFoundError(f"{module}.{name} is not inert")
            return super().find_class(module, name)

    return Guarded


LOADERS = {"c": guarded(_pickle.Unpickler), "py": guarded(pickle._Unpickler)}
RAN_OUT = "EOFError: Ran out of input"


def load(which, data):
    """The value, or what was raised as `Type: message`."""
    loader = LOADERS[which](io.BytesIO(data))
    try:
        return loader.load(), None
    except RecursionError:
        return None, "RecursionError"
    except Exception as error:
        text = str(error).split(" at 0x")[0].replace("\n", " ").replace("\t", " ")
        return None, f"{type(error).__name__}: {text}".rstrip(": ")


PLAIN = (type(None), bool, int, float, str, bytes, bytearray)


def is_plain(value, depth=0):
    if type(value) in PLAIN:
        return type(value) is not int or value.bit_length() < 14_000
    if depth > 5:
        return False
    if type(value) in (list, tuple):
        return all(is_plain(item, depth + 1) for item in value)
    if type(value) in (set, frozenset):
        return len(value) < 2 and all(is_plain(item, depth + 1) for item in value)
    if type(value) is dict:
        return all(is_plain(item, depth + 1) for item in itertools.chain(value, value.values()))
    return False


def stops_at(ops):
    """The offset of the first opcode behind which the stream, cut there, does not merely run out."""
    for count in range(1, len(ops) + 1):
        data = b"".join(ops[:count])
        _, error = load("c", data)
        if error is None or error != RAN_OUT:
            return len(b"".join(ops[: count - 1]))
    return None


def binunicode(text):
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return b"X" + struct.pack("<I", len(data)) + data


def glob(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def bytearray8(data):
    return b"\x96" + struct.pack("<Q", len(data)) + data


NONE, TRUE, FALSE, ONE, TEXT, FLOAT = b"N", b"\x88", b"\x89", b"K\x01", b"\x8c\x01a", b"G?\xf0" + bytes(6)
BYTES, ARRAY, LIST, DICT, SET, TUPLE, MARK = b"C\x01a", bytearray8(b"ab"), b"]", b"}", b"\x8f", b")", b"("
LONG = b"\x8a\x09" + b"\x01" * 9
# An operand of every plain type, each as the opcodes that make it.
OPERANDS = {
    "None": [NONE], "bool": [TRUE], "int": [ONE], "long": [LONG], "float": [FLOAT], "str": [TEXT], "bytes": [BYTES],
    "bytearray": [ARRAY], "list": [LIST], "dict": [DICT], "set": [SET], "tuple": [TUPLE], "frozenset": [MARK, b"\x91"],
    "memoryview": [ARRAY, b"\x98"],
}
FEW = {name: OPERANDS[name] for name in ("None", "int", "str", "bytearray", "list", "dict", "set", "tuple", "frozenset")}
BUILTIN = {name: glob("builtins", name) for name in BUILTINS}
PLAIN_CLASS, FUNCTION = glob("standin", "Plain"), glob("standin", "function")
rows = []
seen = set()


def add(*ops, outside=False):
    ops = [op for op in ops if op]
    if ops[-1][-1:] != b"." or ops[-1] != b".":
        ops.append(b".")
    data = b"".join(ops)
    if data in seen:
        return
    seen.add(data)
    value, c_says = load("c", data)
    py_value, py_says = load("py", data)
    offset = stops_at(ops) if c_says else None
    if c_says == RAN_OUT:
        offset = len(data)
    outside = outside or bool(c_says) and (c_says.startswith("ModuleNotFoundError") or "persistent id" in c_says)
    shown = "-"
    if c_says is None and is_plain(value):
        shown = repr(value)
    rows.append((data.hex(), "-" if offset is None else str(offset), c_says or "-", py_says or "-", shown,
                 "outside" if outside else "stream"))


def callables():
    for make in OPERANDS.values():
        add(*make, TUPLE, b"R")
        add(*make, TUPLE, b"\x81")
        add(*make, TUPLE, DICT, b"\x92")
        add(MARK, *make, ONE, b"o")
        add(MARK, *make, b"o")
        add(*make, NONE, b"R")
    for name in ("object", "list", "dict", "set"):
        for make in FEW.values():
            add(BUILTIN[name], *make, b"R")
            add(BUILTIN[name], *make, b"\x81")
            add(BUILTIN[name], *make, DICT, b"\x92")
            add(BUILTIN[name], TUPLE, *make, b"\x92")
    for name in ("len", "abs", "repr", "None", "Ellipsis"):
        add(BUILTIN[name], TUPLE, b"\x81")
        add(BUILTIN[name], TUPLE, DICT, b"\x92")
        add(BUILTIN[name], NONE, b"\x81")
    add(BUILTIN["None"], TUPLE, b"R")
    add(MARK, BUILTIN["None"], b"o")
    add(MARK, b"ibuiltins\nNone\n")
    for name in ("list", "tuple", "set", "frozenset"):
        for make in OPERANDS.values():
            add(BUILTIN[name], *make, b"\x85", b"R")
        add(BUILTIN[name], NONE, NONE, b"\x86", b"R")
    add(BUILTIN["set"], LIST, LIST, b"a", b"\x85", b"R")
    add(BUILTIN["frozenset"], LIST, LIST, b"\x85", b"\x85", b"R")
    add(PLAIN_CLASS, TUPLE, DICT, ONE, ONE, b"s", b"\x92", outside=True)
    add(PLAIN_CLASS, TUPLE, b"\x81")
    add(PLAIN_CLASS, TUPLE, b"R")
    add(PLAIN_CLASS, NONE, b"R")
    add(PLAIN_CLASS, NONE, b"\x81")
    add(FUNCTION, LIST, b"R")
    add(FUNCTION, DICT, b"R")


def builds():
    states = {
        "None": [NONE], "dict": [DICT], "full dict": [DICT, TEXT, ONE, b"s"], "int": [ONE], "zero": [b"K\x00"],
        "str": [TEXT], "list": [LIST], "tuple": [TUPLE],
        "2 None": [NONE, NONE, b"\x86"], "None and dict": [NONE, DICT, b"\x86"],
        "None and full": [NONE, DICT, TEXT, ONE, b"s", b"\x86"], "dict and None": [DICT, NONE, b"\x86"],
        "2 dicts": [DICT, DICT, b"\x86"], "int and dict": [ONE, DICT, b"\x86"], "None and int": [NONE, ONE, b"\x86"],
        "3": [NONE, NONE, NONE, b"\x87"], "int key": [NONE, DICT, ONE, ONE, b"s", b"\x86"],
    }
    for make in OPERANDS.values():
        for name in ("None", "dict", "full dict", "int", "2 None"):
            add(*make, *states[name], b"b")
    for state in states.values():
        add(ONE, *state, b"b")
        add(LIST, *state, b"b")
        add(PLAIN_CLASS, TUPLE, b"\x81", *state, b"b", outside=True)
        add(glob("standin", "State"), TUPLE, b"\x81", *state, b"b", outside=True)


def additions():
    for make in OPERANDS.values():
        add(*make, ONE, b"a")
        add(*make, MARK, ONE, b"e")
        add(*make, MARK, b"e")
        add(*make, MARK, ONE, b"\x90")
        add(*make, MARK, b"\x90")
        add(*make, MARK, ONE, ONE, b"u")
        add(*make, MARK, b"u")
        add(*make, ONE, ONE, b"s")
        add(*make, MARK, ONE, b"u")
        # as what is added
        add(ARRAY, *make, b"a")
        add(LIST, NONE, b"a", *make, ONE, b"s")
        add(ARRAY, *make, ONE, b"s")
        add(ARRAY, b"K\x00", *make, b"s")
        add(DICT, *make, ONE, b"s")
        add(SET, MARK, *make, b"\x90")
        add(MARK, *make, b"\x91")
        add(MARK, *make, ONE, b"d")
        add(DICT, *make, b"\x85", ONE, b"s")
        add(SET, MARK, *make, b"\x85", b"\x85", b"\x90")
        add(MARK, ONE, *make, b"\x86", b"\x91")
    for number in (b"K\x00", b"K\xff", b"M\x00\x01", b"J\xff\xff\xff\xff", LONG, TRUE, FALSE):
        add(ARRAY, number, b"a")
        add(ARRAY, MARK, ONE, number, b"e")
        add(ARRAY, number, ONE, b"s")
        add(ARRAY, ONE, number, b"s")
        add(LIST, MARK, ONE, ONE, b"e", number, NONE, b"s")
    add(LIST, NONE, b"a", b"J\xfe\xff\xff\xff", NONE, b"s")
    add(LIST, NONE, b"a", b"J\xff\xff\xff\xff", ONE, b"s")
    add(LIST, NONE, b"a", b"K\x00", ONE, b"s", b"K\x01", ONE, b"s")
    add(LIST, NONE, b"a", MARK, b"K\x00", ONE, b"K\x00", b"K\x02", b"u")
    add(LIST, ONE, ONE, b"s")
    add(MARK, ONE, b"d")
    add(MARK, ONE, ONE, ONE, b"d")
    add(DICT, MARK, ONE, b"u")
    add(LIST, b"\x94", b"h\x00", b"a", b"h\x00", b"\x85", DICT, b"h\x00", b"\x85", ONE, b"s")
    for name in ("deque", "OrderedDict"):
        add(glob("collections", name), TUPLE, b"R", ONE, b"a", outside=True)
        add(glob("collections", name), TUPLE, b"R", ONE, ONE, b"s", outside=True)
        add(glob("collections", name), TUPLE, b"\x81", MARK, ONE, b"\x90", outside=True)


def equals():
    keys = {"1": ONE, "True": TRUE, "1.0": FLOAT, "a": TEXT, "b'a'": BYTES, "0": b"K\x00", "False": FALSE, "None": NONE,
            "-0.0": b"G\x80" + bytes(7), "nan": b"G\x7f\xf8" + bytes(6)}
    for (_, first), (_, second) in itertools.product(keys.items(), keys.items()):
        add(DICT, first, NONE, b"s", second, TRUE, b"s")
    for ones in itertools.permutations((ONE, TRUE, FLOAT)):
        add(SET, MARK, *ones, b"\x90")
        add(MARK, *ones, b"\x91")
        add(MARK, *itertools.chain(*((one, TEXT) for one in ones)), b"d")
    add(DICT, ONE, ONE, b"\x86", NONE, b"s", TRUE, FLOAT, b"\x86", TRUE, b"s")
    add(DICT, MARK, ONE, NONE, TEXT, ONE, TRUE, FALSE, b"u", FLOAT, TEXT, b"s")
    add(DICT, b"C\x01a", ONE, b"s", b"B\x01\x00\x00\x00a", NONE, b"s")
    add(DICT, b"V\\u0061\n", ONE, b"s", TEXT, NONE, b"s")
    add(DICT, b"L1L\n", ONE, b"s", b"\x8a\x01\x01", NONE, b"s")
    add(DICT, b"G\x43\x40" + bytes(6), ONE, b"s", b"\x8a\x07" + bytes(6) + b"\x20", NONE, b"s")
    add(DICT, LONG, ONE, b"s", LONG, NONE, b"s")
    add(DICT, LONG, ONE, b"s", b"\x8a\x0a" + b"\x01" * 9 + b"\x00", NONE, b"s")
    add(DICT, b"G\x47\xef\xff\xff\xff\xff\xff\xff", ONE, b"s", NONE, NONE, b"s")
    add(DICT, TUPLE, ONE, b"s", TUPLE, NONE, b"s")
    add(DICT, MARK, b"\x91", ONE, b"s", MARK, b"\x91", NONE, b"s")


def names():
    for module, name in (("", "x"), ("builtins", ""), ("", "")):
        add(glob(module, name))
        add(MARK, b"i" + module.encode() + b"\n" + name.encode() + b"\n")
        for proto in (b"", b"\x80\x04"):
            add(proto, binunicode(module), binunicode(name), b"\x93")
    add(MARK, b"im\xc3\xa9\nx\n")
    add(MARK, b"ibuiltins\nx\xc3\xa9\n")
    add(MARK, b"im\xff\nx\n")
    add(b"cm\xff\nx\n")
    add(b"cbuiltins\nx\xff\n")
    add(binunicode("\ud800"), binunicode("x"), b"\x93")
    add(b"\x80\x04", binunicode("\ud800"), binunicode("x"), b"\x93")
    for make in FEW.values():
        add(*make, TEXT, b"\x93")
        add(binunicode("builtins"), *make, b"\x93")
    add(MARK, b"cbuiltins\n")
    add(b"ibuiltins\nlist\n")


def numbers():
    for digits in (4299, 4300, 4301, 5000):
        for sign in (b"", b"-"):
            add(b"I" + sign + b"1" * digits + b"\n")
            add(b"L" + sign + b"1" * digits + b"L\n")
        add(b"L" + b"0" * digits + b"L\n")
        add(b"I0x" + b"1" * digits + b"\n")
    for line in (b"", b"a", b"1a", b" 1", b"1 ", b"+1", b"-", b"1_0", b"0x1f", b"0b1", b"0o7", b"010", b"09", b"00", b"01", b"002",
                 b"1L", b"1\0", b"\0", b"1.5", b"\xc2\xb2", b"\xd9\xa1"):
        add(b"I" + line + b"\n")
        add(b"L" + line + b"\n")
    for line in (b"", b"a", b"1", b" 1", b"1 ", b"1_0", b"nan", b"inf", b"-inf", b"1e999", b"0x1p3", b"1e5", b".5", b"5.", b".",
                 b"infinity", b"1\0", b"1,5"):
        add(b"F" + line + b"\n")
    add(b"\x8a\x00")
    add(b"\x8a\x02\x01")
    add(b"\x8b\xff\xff\xff\xff")
    add(b"\x8b\x00\x00\x00\x00")
    add(b"\x8b\x01\x00\x00\x00\x80")
    add(b"T\xff\xff\xff\xff")
    for proto in (0, 1, 5, 6, 255):
        add(bytes([0x80, proto]), NONE)


def texts():
    for line in (b"", b"a", b"'a", b"'a'", b'"a"', b"'a\"", b"''", b"'", b"'\\x4'", b"'\\x41'", b"'\\'", b"'a\\'", b"'\\101'", b"'\\q'",
                 b" 'a'", b"'a' "):
        add(b"S" + line + b"\n")
    for line in (b"", b"a", b"\\u00", b"\\u0041", b"\\U00110000", b"\\U00010000", b"\\ud800", b"\\", b"\\x", b"\\uzzzz", b"\xe9"):
        add(b"V" + line + b"\n")
    for data in (b"\xff", b"a\xff", b"\xed\xa0\x80", b"\xc3", b"\xc3\xa9", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xc0\x80"):
        add(binunicode(data))
        add(b"\x8c" + bytes([len(data)]) + data)
        add(b"\x8d" + struct.pack("<Q", len(data)) + data)


def stack():
    for op in (b"0", b"1", b"2", b"a", b"e", b"s", b"u", b"\x90", b"\x85", b"\x86", b"\x87", b"t", b"l", b"d", b"R", b"b", b"o", b"\x81", b"\x92",
               b"\x93", b"\x94", b"q\x00", b"r\x00\x00\x00\x00", b"p0\n", b"Q", b"\x98", b"\x91", b"im\nx\n", b"h\x00",
               b"j\x00\x00\x00\x00", b"g0\n", b"."):
        add(op)
        add(MARK, op)
        if op not in (b"R", b"b", b"\x93", b"Q"):
            add(ONE, op)
            add(ONE, MARK, op)
        add(MARK, ONE, op, outside=op in (b"Q",))
    add(b"0", b"0")
    add(ONE, MARK, b"0")
    add(ONE, MARK, MARK, b"0", b"0")
    add(ONE, MARK, b"2")
    add(ONE, b"p-1\n")
    add(ONE, b"p\n")
    add(ONE, b"pa\n")
    add(ONE, b"p99999999999999999999\n")
    add(b"g-1\n")
    add(b"g99999999999999999999\n")
    add(b"ga\n")
    add(ONE, b"q\x05", b"h\x05")
    add(ONE, b"q\x05", b"h\x06")
    add(b"\x95" + struct.pack("<Q", 100), NONE)
    add(b"\x95" + struct.pack("<Q", 2), NONE)
    add(b"\x95" + struct.pack("<Q", 1), NONE)
    add(b"\x95" + struct.pack("<Q", 1 << 63), NONE)
    add(b"\xff")
    add(b"\x99")


def outside():
    add(b"Pa\n", outside=True)
    add(ONE, b"Q", outside=True)
    add(b"P\xff\n", outside=True)
    add(b"\x97", outside=True)
    add(b"\x97", ONE, b"a", outside=True)
    for op in (b"\x82\x00", b"\x83\x00\x00", b"\x84\x00\x00\x00\x00", b"\x84\xff\xff\xff\xff"):
        add(op)
    for op in (b"\x82\x01", b"\x83\x01\x00", b"\x84\x01\x00\x00\x00"):
        add(op, outside=True)
    for make in OPERANDS.values():
        add(*make, b"\x98")
    add(ARRAY, b"\x94", b"\x98", b"h\x00", b"\x86")
    add(ARRAY, b"\x98", ONE, b"a")
    add(b"U\x01\xe9", outside=True)
    add(b"S'\\xe9'\n", outside=True)


for part in (callables, builds, additions, equals, names, numbers, texts, stack, outside):
    part()
TARGET.write_text("".join("\t".join(row) + "\n" for row in rows))
print(f"{len(rows)} streams, {sum(row[2] != '-' for row in rows)} refused by C, "
      f"{sum((row[2] == '-') != (row[3] == '-') for row in rows)} on which the loaders differ")
