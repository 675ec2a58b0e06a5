#!/usr/bin/env python3
"""Writes tests/golden/dis/: small pickles and what CPython 3.11's `python -m pickletools` prints for them.

NAME.pkl is the pickle, NAME.dis the listing, NAME.annotated.dis the listing with -a -l 2.
Run with the CPython that is the reference:  python3.11 scripts/generate_dis_cases.py
"""
import collections
import datetime
import pathlib
import pickle
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "dis"


def varied():
    shared = ["it's", 'say "x"', "caf\xe9 \u20ac \U0001f600", "\ud800\u200b\x00\n"]
    return {
        "none": None,
        "bools": (True, False),
        "ints": [0, 255, 256, 65536, -1, 2**31, -(2**63), 10**40],
        "floats": [0.0, -0.0, 1.5, 1e16, 1e-5, float("inf"), float("nan")],
        "shared": shared,
        "again": shared,
        "bytes": [b"", b"\x00'\"\xff", bytearray(b"it's")],
        "set": {7},
        "frozen": frozenset({"x"}),
        1: datetime.date(2020, 1, 2),
        (1, 2, 3): collections.OrderedDict(a=1),
    }


def recursive():
    items = []
    pair = (items,)
    items.append(pair)
    return pair


CASES = {f"varied{proto}": pickle.dumps(varied(), proto) for proto in range(6)}
CASES |= {f"recursive{proto}": pickle.dumps(recursive(), proto) for proto in (0, 1, 2, 4)}
CASES |= {
    # What today's pickler does not write.
    "oldstyle": b"(lp0\n(i__main__\nOld\np1\n(dp2\nS'a\\n\\x41\"'\np3\nL5L\nsba(c__main__\nOld\nI1\noPid\n0a.",
    "strings": b"(U\x03\xe9'\"T\x02\x00\x00\x00abS\"it's\"\nV\\u20ac\\\\u0041\nt.",
    "stack": b"((0N20K\x01\x97\x98\x87(N1\x82\x01\x83\x02\x00\x84\x03\x00\x00\x00t.",
    "memo": b"]p01\n0g01\np00\n0g00\nI01\naI 1_0 \naF1_0\na.",
}


def listing(path, *options):
    command = [sys.executable, "-W", "ignore", "-m", "pickletools", *options, str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("the reference is CPython 3.11")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in CASES.items():
        path = FOLDER / f"{name}.pkl"
        path.write_bytes(data)
        path.with_suffix(".dis").write_bytes(listing(path))
        path.with_suffix(".annotated.dis").write_bytes(listing(path, "-a", "-l", "2"))
