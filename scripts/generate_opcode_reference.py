#!/usr/bin/env python3
"""Writes tests/golden/pickletools.json: the facts of CPython 3.11's pickletools.opcodes, one row per opcode.

Run with the CPython whose table is the reference:  python3.11 scripts/generate_opcode_reference.py
"""
import json
import pathlib
import pickletools
import sys

ROWS = [
    {
        "name": op.name,
        "code": ord(op.code),
        "arg": op.arg.name if op.arg else None,
        "stack_before": [item.name for item in op.stack_before],
        "stack_after": [item.name for item in op.stack_after],
        "proto": op.proto,
        "summary": op.doc.split("\n", 1)[0],
    }
    for op in pickletools.opcodes
]

if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("the reference is CPython 3.11")
    target = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "pickletools.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("[\n" + ",\n".join(json.dumps(row) for row in ROWS) + "\n]\n")
