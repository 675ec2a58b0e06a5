#!/usr/bin/env python3
"""Writes tests/golden/text_cases.json: what CPython 3.11 makes of texts, numbers and reprs.

Run with the CPython that is the reference:  python3.11 scripts/generate_text_cases.py
Every input is hex. `null` stands for "refused".
"""
import _pickle
import codecs
import io
import json
import pathlib
import pickle
import pickletools
import random
import struct
import sys
import warnings

warnings.simplefilter("ignore")
random.seed(20240611)


def attempt(function, *args):
    try:
        return function(*args)
    except UnicodeDecodeError as error:
        return {"position": error.start}
    except (ValueError, OverflowError, EOFError, KeyError, TypeError, pickle.UnpicklingError):
        return None


def points(text):
    return {"points": [ord(c) for c in text], "repr": repr(text)}


def utf8_cases():
    fixed = [
        "", "41", "c3a9", "eda080", "edb080", "eda080edb080", "eda0", "ed", "ed9fbf", "ee8080", "c080", "c1bf",
        "e08080", "e0a080", "f0808080", "f0908080", "f48fbfbf", "f4908080", "f5808080", "80", "bf", "ff", "41eda080c3",
        "e282", "e28241", "f09f9880", "f09f98", "f09f", "f0", "eda041", "edbfbf41", "41424380", "c3a9c3", "eda080eda0",
    ]
    pool = ["41", "c3a9", "e282ac", "eda080", "edbfbf", "f09f9880", "80", "ed", "a0", "f0", "9f", "c3", "e0", "22", "27"]
    inputs = fixed + ["".join(random.choices(pool, k=random.randrange(1, 7))) for _ in range(250)]
    for text in inputs:
        yield [text, attempt(lambda: points(bytes.fromhex(text).decode("utf-8", "surrogatepass")))]


def raw_cases():
    fixed = [
        b"", b"abc", b"\\u0041", b"\\\\u0041", b"\\\\\\u0041", b"\\u004", b"\\u00g1", b"\\U00010ffff", b"\\U0010ffff",
        b"\\U00110000", b"\\Uffffffff", b"\\U0001f60", b"\\", b"a\\", b"\\\\", b"\xe9\xff", b"\\ud800\\udc00",
        b"\\u005c\\u000a", b"\\x41\\n", b"x\r", b"\\u20AC", b"\\U0001F600", b"\\u",
    ]
    pool = [b"\\", b"u", b"U", b"0", b"1", b"0041", b"0010FFFF", b"\xe9", b"z", b"d800", b"\\u20ac", b"\\U0001f600"]
    inputs = fixed + [b"".join(random.choices(pool, k=random.randrange(1, 8))) for _ in range(250)]
    for raw in inputs:
        yield [raw.hex(), attempt(lambda: points(raw.decode("raw-unicode-escape")))]


def unescape_cases():
    fixed = [
        b"", b"abc", rb"a\n\\b\x00c\td", rb"\x4", rb"\x", rb"\xg1", rb"\41\101\1\777\400", rb"\8\9", b"\\", b"a\\",
        rb"\'\"\a\b\f\v\r\q", b"\xff\\xff", rb"\0", rb"\01", rb"\012", rb"\0123", rb"\N{x}\u0041",
    ]
    pool = [b"\\", b"x", b"4", b"1", b"7", b"n", b"\\x41", b"\\101", b"z", b"'", b'"', b"\xe9", b"8"]
    inputs = fixed + [b"".join(random.choices(pool, k=random.randrange(1, 8))) for _ in range(250)]
    for raw in inputs:
        yield [raw.hex(), attempt(lambda: codecs.escape_decode(raw)[0].hex())]


def number_inputs(pool, fixed):
    return fixed + [b"".join(random.choices(pool, k=random.randrange(1, 6))) for _ in range(350)]


def number_cases(code, inputs, reader):
    """Rows of line, pickletools, C loader, Python loader: reprs or null."""
    for line in inputs:
        stream = code + line + b"\n."
        yield [
            line.hex(),
            attempt(lambda: repr(reader(io.BytesIO(line + b"\n")))),
            attempt(lambda: repr(_pickle.loads(stream))),
            attempt(lambda: repr(pickle._loads(stream))),
        ]


def index_cases(inputs):
    for line in inputs:
        stream = b"Np" + line + b"\n0g" + line + b"\n."
        yield [
            line.hex(),
            attempt(lambda: repr(int(line))),
            attempt(lambda: repr(_pickle.loads(stream))),
        ]


INTS = [
    b"0", b"1", b"00", b"01", b"+0", b"+1", b"-0", b"-1", b" 0", b" 1", b"1 ", b"0\r", b"02", b"007", b"010", b"08", b"-010",
    b"+010", b" 010", b"010 ", b"0777777777777777777777777777", b"0x10", b"0X1f", b"-0x10", b"0x", b"0x_1f", b"0x1_f",
    b"0x__1", b"0b101", b"0o17", b"0b2", b"1_000", b"_1", b"1_", b"1__0", b"0_1", b"0_0", b"000", b"+00", b"12\x0034", b"\x00",
    b"12 \x00", b"1\x00", b"12\r", b"\t12\x0b", b"", b"L", b"12L", b"-12L", b"0x10L", b"010L", b"12LL", b"12\x00L", b"1 2",
    b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"-9223372036854775809", b"1" * 60, b"-" + b"9" * 200,
    b"+5", b"--5", b"+-5", b"- 5", b"1.0", b"1e5", b"\xb2", b"0x7fffffffffffffffffff", b"abc", b"+ 1", b"123456789012345678",
    b"1234567890123456789", b"-0x_f", b"0b_1", b"0o_17", b"0_x1",
]
INT_POOL = [b"0", b"1", b"7", b"8", b"12", b"x", b"b", b"o", b"_", b"-", b"+", b" ", b"\x00", b"f", b"L", b"\r"]
FLOATS = [
    b"0.0", b"-0.0", b"1.5", b"-1.25", b"1.", b".5", b".", b"", b"1e5", b"1E+5", b"1e-5", b"1e", b"e5", b"1e400", b"-1e400",
    b"1e-400", b"inf", b"-inf", b"+inf", b"Infinity", b"INFINITY", b"nan", b"-nan", b"NaN", b"nan(1)", b"1_0", b"1_0.0_1",
    b"1_.0", b"1._0", b"_1", b"1_", b"1e1_0", b"1_e5", b" 1.5", b"1.5 ", b"1.5\r", b"\x00", b"1.5\x00x", b"1.5 \x00", b"0x1p3", b"1.5L",
    b"1e16", b"123456789012345680000", b"0.0001", b"0.00001", b"1.7976931348623157e308", b"5e-324", b"infin", b"in_f", b"1,5",
    b"00.5", b"--1", b"+1.5", b"1e+", b"1.5e5.5", b"179769313486231580793728971405301e277",
]
FLOAT_POOL = [b"1", b"0", b".", b"e", b"-", b"+", b"_", b" ", b"25", b"inf", b"nan", b"\x00", b"E5"]


def repr_str_cases():
    fixed = [
        "", "abc", "it's", 'say "x"', "it's \"x\"", "\\", "\t\n\r\x00\x1f\x7f", "\x80\xa0\xad\xe9\xff", "\u0378\u200b\u2028",
        "\ud800", "\udfff\ud800\udc00", "\U0001f600", "\U000e0001\U0010ffff", "\u3000 \u00a0", "\ufeff\ufffe", "\x1b[31m",
    ]
    pool = ["'", '"', "\\", "a", "\n", "\x00", "\x7f", "\xa0", "\xad", "é", "\u0378", "\u2028", "\ud800", "\U0001f600", "\U000e0001"]
    texts = fixed + ["".join(random.choices(pool, k=random.randrange(1, 9))) for _ in range(200)]
    texts += ["".join(chr(random.randrange(0x110000)) for _ in range(6)) for _ in range(150)]
    for text in texts:
        yield [text.encode("utf-8", "surrogatepass").hex(), repr(text)]


def repr_bytes_cases():
    pool = [b"'", b'"', b"\\", b"a", b"\n", b"\r", b"\t", b"\x00", b"\x7f", b"\x80", b"\xff", b" ", b"~"]
    inputs = [b"", bytes(range(256))] + [b"".join(random.choices(pool, k=random.randrange(1, 9))) for _ in range(150)]
    for raw in inputs:
        yield [raw.hex(), repr(raw), repr(bytearray(raw))]


def repr_float_cases():
    fixed = [
        0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 9999999999999998.0, 123456789012345680.0, 1e17, 1.5e16, 1e22, 1e100, 1e-4, 1e-5, 0.00012,
        9.999e-5, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, float("inf"), float("-inf"), float("nan"), 3.141592653589793,
        1e300, 12345.678, 1 / 3, -1e-7, 2.0**53, 2.0**63, 1e-10,
    ]
    values = fixed + [struct.unpack(">d", random.randbytes(8))[0] for _ in range(250)]
    values += [random.uniform(-1, 1) * 10 ** random.randrange(-8, 20) for _ in range(150)]
    # Halves of the last digit: there the choice between two equally near reprs shows.
    values += [random.randrange(1, 2**53, 2) / 2 ** random.randrange(1, 12) for _ in range(150)]
    values += [float(random.randrange(1, 2**20) * 5 ** random.randrange(8, 15) << random.randrange(10, 60)) for _ in range(150)]
    for value in values:
        yield [struct.pack(">d", value).hex(), repr(value)]


CASES = {
    "utf8": utf8_cases(),
    "raw_unicode_escape": raw_cases(),
    "unescape": unescape_cases(),
    "int": number_cases(b"I", number_inputs(INT_POOL, INTS), pickletools.read_decimalnl_short),
    "long": number_cases(b"L", number_inputs(INT_POOL, INTS), pickletools.read_decimalnl_long),
    "float": number_cases(b"F", number_inputs(FLOAT_POOL, FLOATS), pickletools.read_floatnl),
    "index": index_cases(number_inputs([b"0", b"1", b"7", b"12", b"_", b"-", b"+", b" ", b"\x00"], INTS[:20])),
    "repr_str": repr_str_cases(),
    "repr_bytes": repr_bytes_cases(),
    "repr_float": repr_float_cases(),
}

if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("the reference is CPython 3.11")
    parts = []
    for name, rows in CASES.items():
        parts.append(json.dumps(name) + ": [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
    target = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "text_cases.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("{\n" + ",\n".join(parts) + "\n}\n")
