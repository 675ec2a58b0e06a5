"""Writes tests/differential/streams.zz: 20,000 streams with CPython's answers, for a machine without Python. First the streams
of `known.tsv`, then those of a fixed seed.

    python3.11 scripts/differential/pack.py

zlib over: the messages of all refusals, one a line, an empty line; then for each stream its flags (one byte), its length and
bytes, the number of pickles that C loads, for each where it ends and the CRC-32 of its value as text (0 when the order of a
set leaves the text open), the number of the message that ends it (0 for none, else from 1) and the offset the loader had
reached. Numbers are LEB128, CRCs four bytes, little-endian.
"""

import os
import struct
import sys
import zlib

import truth
from compare import KNOWN, ROOT
from generate import Generator

SEED, COUNT, SIZE = 20000, 20000, 0.7


def number(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def streams():
    with open(KNOWN) as file:
        for row in (row.rstrip("\n").split("\t") for row in file if not row.startswith("#")):
            for flags in (0, 3, 11):
                yield flags, bytes.fromhex(row[6])
    generator, met = Generator(SEED, SIZE), set()
    while True:
        stream = generator.stream()
        if stream not in met:
            met.add(stream)
            yield stream


def main():
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("the answers are those of CPython 3.11")
    truth.set_up()
    messages, records = {}, bytearray()
    count = loaded = 0
    for flags, data in streams():
        if count == COUNT:
            break
        expected = truth.answers(data, flags)
        values, error, _ = expected[0]
        if len(expected) > 1 or error and error[0].startswith("MemoryError"):
            continue
        count += 1
        loaded += len(values)
        records += bytes([flags]) + number(len(data)) + data + number(len(values))
        for value, end in values:
            records += number(end) + struct.pack("<I", 0 if "!tie" in value else zlib.crc32(value.encode()))
        if error:
            records += number(messages.setdefault(error[0], len(messages) + 1)) + number(error[1])
        else:
            records += number(0) + number(0)
    packed = zlib.compress("".join(message + "\n" for message in messages).encode() + b"\n" + bytes(records), 9)
    path = os.path.join(ROOT, "tests", "differential", "streams.zz")
    with open(path, "wb") as file:
        file.write(packed)
    print("%d streams, %d pickles loaded, %d messages, %d bytes" % (count, loaded, len(messages), len(packed)))


if __name__ == "__main__":
    main()
