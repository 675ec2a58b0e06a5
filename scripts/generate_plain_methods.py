#!/usr/bin/env python3
"""Writes src/safety/names/data/plain_methods.tsv: the methods of plain values and of files, as this CPython has them.

    python3.11 scripts/generate_plain_methods.py

Code that expects a dict, a text, a number or a file calls them by name, and so does C code that ends an object (`close`). An object with
attributes of the file's choice that stands in such a place has them called.
"""
import io
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/safety/names/data/plain_methods.tsv"
PLAIN = [dict, list, tuple, set, frozenset, str, bytes, bytearray, int, float, complex]
FILES = [io.IOBase, io.RawIOBase, io.BufferedIOBase, io.TextIOBase]


def main():
    names = {name for kind in PLAIN + FILES for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))}
    TARGET.write_text("".join(f"{line}\n" for line in ["method", *sorted(names)]))


if __name__ == "__main__":
    main()
