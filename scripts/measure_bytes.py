#!/usr/bin/env python3
"""Says what the bytes of a WebAssembly program are: by section, crate, module, kind of function, and the largest functions.

    scripts/measure_bytes.py PROGRAM.wasm [--top 40]

Needs a program whose functions have names: what cargo builds, before wasm-opt strips them (docs/performance.md says how). Each
group of functions is compressed by itself, so the sum of the column `gzip` is somewhat more than the whole takes.
"""

import argparse
import collections
import re
import sys
import zlib

STANDARD = {"core", "alloc", "std", "compiler_builtins", "hashbrown"}
DIGITS = re.compile(r"\d+")
ESCAPES = {"$LT$": "<", "$GT$": ">", "$RF$": "&", "$BP$": "*", "$LP$": "(", "$RP$": ")", "$C$": ",", "..": "::"}
KINDS = [
    ("dropping of values", r"drop_in_place|Drop.*::drop$"),
    ("serde: reading", r"[Dd]eserialize|serde(_core)?::de|Visitor|DeserializeSeed"),
    ("serde: writing", r"[Ss]erialize|serde(_core)?::ser"),
    ("Debug and Display", r"(Debug|Display|LowerHex|UpperHex).*::fmt$|core::fmt"),
    ("sorting", r"slice::sort|quicksort|smallsort|driftsort|ipnsort|heapsort"),
    ("maps and sets", r"hashbrown|collections::(btree|hash)"),
    ("growing of vectors", r"raw_vec|alloc::vec|vec::Vec"),
]


def number(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def sections(data: bytes):
    at = 8
    while at < len(data):
        kind = data[at]
        length, start = number(data, at + 1)
        name = ""
        if kind == 0:
            size, begin = number(data, start)
            name = data[begin : begin + size].decode()
        yield kind, name, data[start : start + length]
        at = start + length


def imported_functions(body: bytes) -> int:
    count, at = number(body, 0)
    functions = 0
    for _ in range(count):
        for _ in range(2):
            size, at = number(body, at)
            at += size
        kind = body[at]
        at += 1
        if kind == 0:
            functions += 1
            _, at = number(body, at)
        elif kind in (1, 2):
            at += 1 if kind == 1 else 0
            flags = body[at]
            at += 1
            _, at = number(body, at)
            if flags & 1:
                _, at = number(body, at)
        elif kind == 3:
            at += 2
        else:
            _, at = number(body, at + 1)
    return functions


def function_names(body: bytes) -> dict[int, str]:
    _, at = number(body, 0)
    at += 4  # "name"
    names = {}
    while at < len(body):
        kind = body[at]
        length, at = number(body, at + 1)
        if kind == 1:
            count, place = number(body, at)
            for _ in range(count):
                index, place = number(body, place)
                size, place = number(body, place)
                names[index] = body[place : place + size].decode(errors="replace")
                place += size
        at += length
    return names


def readable(name: str) -> str:
    """A mangled name as a path, roughly: of the newer way of mangling, its identifiers alone."""
    if not name.startswith("_ZN"):
        return "::".join(identifiers(name))
    parts, at = [], 3
    while place := DIGITS.match(name, at):
        end = place.end() + int(place.group())
        parts.append(name[place.end() : end])
        at = end
    text = "::".join(part for part in parts if not re.fullmatch(r"h[0-9a-f]{16}", part))
    for escape, meaning in ESCAPES.items():
        text = text.replace(escape, meaning)
    return re.sub(r"\$u([0-9a-f]+)\$", lambda match: chr(int(match.group(1), 16)), text)


def identifiers(name: str) -> list[str]:
    """The identifiers of a name mangled in the newer way, in order."""
    found, at = [], 0
    while place := DIGITS.search(name, at):
        start = place.end() + (name[place.end() : place.end() + 1] == "_")
        text = name[start : start + int(place.group())]
        is_one = len(text) == int(place.group()) > 0 and re.fullmatch(r"[A-Za-z_]\w*", text)
        if is_one:
            found.append(text)
        at = start + len(text) if is_one else place.start() + 1
    return found


def owner(path: str) -> tuple[str, str]:
    """The crate that a function is there for, and its module: of generic code of the standard library, that of its types."""
    paths = re.findall(r"[a-z_][a-z0-9_]*(?:::[A-Za-z0-9_]+)+", path)
    own = next((found for found in paths if found.split("::")[0] not in STANDARD), paths[0] if paths else path)
    parts = own.split("::")
    return parts[0], "::".join(part for part in parts[1:4] if part.islower()) if len(parts) > 1 else ""


def kind_of(name: str) -> str:
    return next((kind for kind, pattern in KINDS if re.search(pattern, name)), "everything else")


def packed(parts: list[bytes]) -> int:
    return len(zlib.compress(b"".join(parts), 9))


def table(title: str, groups: dict[str, list[bytes]], top: int) -> None:
    print(f"\n| {title} | bytes | gzip | functions |\n|---|---:|---:|---:|")
    rows = sorted(groups.items(), key=lambda group: -sum(map(len, group[1])))
    for name, parts in rows[:top]:
        print(f"| {name} | {sum(map(len, parts)):,} | {packed(parts):,} | {len(parts):,} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--top", type=int, default=40)
    parser.add_argument("--names", help="only functions whose paths fit this expression")
    arguments = parser.parse_args()
    with open(arguments.program, "rb") as file:
        data = file.read()

    whole = collections.defaultdict(list)
    imported, names, code, segments = 0, {}, b"", b""
    for kind, name, body in sections(data):
        title = {0: f"custom: {name}", 1: "types", 2: "imports", 9: "table of functions", 10: "code", 11: "data"}.get(kind, "others")
        whole[title].append(body)
        if kind == 2:
            imported = imported_functions(body)
        elif kind == 0 and name == "name":
            names = function_names(body)
        elif kind == 10:
            code = body
        elif kind == 11:
            segments = body
    print(f"{arguments.program}: {len(data):,} bytes")
    table("section", whole, arguments.top)
    if not names:
        print("no names of functions", file=sys.stderr)
        return 1

    by_crate, by_module, by_kind = (collections.defaultdict(list) for _ in range(3))
    functions = []
    count, at = number(code, 0)
    for index in range(count):
        size, at = number(code, at)
        body = code[at : at + size]
        at += size
        name = readable(names.get(imported + index, ""))
        if arguments.names and not re.search(arguments.names, name):
            continue
        crate, module = owner(name)
        by_crate[crate].append(body)
        by_module[f"{crate}::{module}"].append(body)
        by_kind[kind_of(name)].append(body)
        functions.append((size, name))
    table("crate", by_crate, arguments.top)
    table("module", by_module, arguments.top)
    table("kind of function", by_kind, arguments.top)
    print("\n| function | bytes |\n|---|---:|")
    for size, name in sorted(functions, reverse=True)[: arguments.top]:
        print(f"| `{name[:120]}` | {size:,} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
