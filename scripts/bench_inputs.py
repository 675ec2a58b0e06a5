#!/usr/bin/env python3
"""Writes the inputs of the speed and endurance tests into a folder. They are not committed.

    python3 scripts/bench_inputs.py FOLDER [NAME ...]       about 20 s for all; files that are there already are kept

Speed (what scripts/bench.py times): ints, records, dict, instances.
Search: strings (what scripts/bench_views.mjs looks through).
Size and depth: blob (200 MB), deep-2 and deep-0 (200,000 nested lists in protocols 2 and 0), wide (5,000,000 items),
bomb (30 levels of ten references each), memo (1,000,000 memo entries, each fetched once), cyclic.
Deterministic: no clock, one seeded generator.
"""

import os
import pickle
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_classes


def ints():
    """2,000,000 ints of five bytes each (BININT): 10 MB."""
    generator = random.Random(1)
    return pickle.dumps([generator.randrange(65536, 2**31) for _ in range(2_000_000)], protocol=4)


def records():
    """300,000 records as dicts: 21 MB, 8.1 million opcodes."""
    generator = random.Random(2)
    cities = ["Bern", "Basel", "Genf", "Chur"]
    tags = ["new", "paid", "open", "late"]
    return pickle.dumps([{
        "id": 100_000 + i,
        "name": "user-%09x" % generator.randrange(16**9),
        "score": generator.random(),
        "active": i % 3 == 0,
        "age": generator.randrange(18, 90),
        "city": cities[i % 4],
        "visits": generator.randrange(256, 65536),
        "parent": None,
        "tags": (tags[i % 4], tags[(i + 1) % 4], tags[(i + 2) % 4]),
    } for i in range(300_000)], protocol=4)


def dict_():
    """1,000,000 str -> float: 21 MB."""
    generator = random.Random(3)
    return pickle.dumps({"k%08d" % i: generator.random() for i in range(1_000_000)}, protocol=4)


def instances():
    """200,000 instances of a class with two attributes: 6 MB."""
    generator = random.Random(4)
    return pickle.dumps([bench_classes.Reading(100_000 + i, generator.random()) for i in range(200_000)], protocol=4)


def blob():
    """One bytes object of 200 MB."""
    return pickle.dumps(random.Random(5).randbytes(1 << 20) * 200, protocol=4)


def strings():
    """1,000,000 texts of about 90 letters: 100 MB; every 100,000th has "needle" in it, the first at 50,000."""
    generator = random.Random(6)
    words = ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randrange(2, 12))) for _ in range(5000)]
    return pickle.dumps([" ".join(generator.choices(words, k=13) + (["needle", str(i)] if i % 100_000 == 50_000 else []))
                         for i in range(1_000_000)], protocol=4)


def deep_2():
    """200,000 nested lists, protocol 2."""
    return b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b"."


def deep_0():
    """200,000 nested lists, protocol 0."""
    return b"(l" * 200_000 + b"a" * 199_999 + b"."


def wide():
    """A list of 5,000,000 small ints: 10 MB."""
    return pickle.dumps([i % 256 for i in range(5_000_000)], protocol=4)


def bomb():
    """30 levels of lists, each with ten references to the one below: 10**30 leaves."""
    levels = b"".join(b"0](" + (b"h" + bytes([level])) * 10 + b"e" + b"q" + bytes([level + 1]) for level in range(30))
    return b"\x80\x02X\x03\x00\x00\x00lolq\x00" + levels + b"."


def memo():
    """1,000,000 memo entries by LONG_BINPUT, each fetched once by LONG_BINGET."""
    put = b"".join(b"]r" + struct.pack("<I", i) for i in range(1_000_000))
    get = b"".join(b"j" + struct.pack("<I", i) for i in range(1_000_000))
    return b"\x80\x02(" + put + get + b"l."


def cyclic():
    """A ring of 200,000 dicts, each holding the next, the last holding the first."""
    body = b"".join(b"}r" + struct.pack("<I", i) + b"X\x04\x00\x00\x00next" for i in range(200_000))
    return b"\x80\x02" + body + b"j\x00\x00\x00\x00" + b"s" * 200_000 + b"."


INPUTS = {"ints": ints, "records": records, "dict": dict_, "instances": instances, "blob": blob, "strings": strings, "deep-2": deep_2,
          "deep-0": deep_0, "wide": wide, "bomb": bomb, "memo": memo, "cyclic": cyclic}


def main():
    if len(sys.argv) < 2 or any(name not in INPUTS for name in sys.argv[2:]):
        sys.exit("usage: bench_inputs.py FOLDER [NAME ...]    names: %s" % " ".join(INPUTS))
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name in sys.argv[2:] or INPUTS:
        path = os.path.join(folder, name + ".pkl")
        if not os.path.exists(path):
            data = INPUTS[name]()
            with open(path + ".part", "wb") as out:
                out.write(data)
            os.rename(path + ".part", path)
            del data
        print("%-10s %11d bytes  %s" % (name, os.path.getsize(path), INPUTS[name].__doc__))


if __name__ == "__main__":
    main()
