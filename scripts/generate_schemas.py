#!/usr/bin/env python3
"""Writes docs/schemas/{report,info,size}.schema.json: what the command line answers with, as JSON Schema, from the Rust that makes it.

    scripts/generate_schemas.py            writes the files
    scripts/generate_schemas.py --check    fails when one is not what would be written

What it reads of Rust is what scripts/generate_types.py reads. json.schema.json is written by hand: no struct has that shape.
"""
import json
import re
import sys
from pathlib import Path

import generate_types as types

FOLDER = types.ROOT / "docs/schemas"
SOURCES = [*types.SOURCES, "view/sizes.rs"]
WHOLE = {"type": "integer", "minimum": 0}
PLAIN = {"String": {"type": "string"}, "bool": {"type": "boolean"}, "i64": {"type": "integer"}, "f64": {"type": "number"}}
PLAIN |= dict.fromkeys(["u8", "u16", "u32", "u64", "usize"], WHOLE)


def comment(text):
    said = types.comment(text, "")
    return {"description": said.removeprefix("/** ").removesuffix(" */\n")} if said else {}


def schema_of(text, used):
    """A type of Rust as a schema; names that are met go into `used`."""
    text = text.strip()
    if text in PLAIN:
        return PLAIN[text]
    if text.startswith("(") and text.endswith(")"):
        parts = [schema_of(part, used) for part in types.split(text[1:-1])]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    outer = re.fullmatch(r"(Option|Vec|Rc|Box)<(.+)>", text)
    if outer:
        inner = schema_of(outer[2], used)
        return {"Option": {"anyOf": [inner, {"type": "null"}]}, "Vec": {"type": "array", "items": inner}}.get(outer[1], inner)
    used.append(text)
    return {"$ref": f"#/$defs/{text}"}


def defined(name, known, used):
    if name == "SizeLine":  # its variants have fields
        row = defined("SizeRow", known, used)
        rest = {"depth": WHOLE, "more": WHOLE, "rest": WHOLE}
        return {
            "description": "A line of an outline: a value, or what is left of a level. `depth` counts from 0.",
            "anyOf": [
                {**row, "properties": {"depth": WHOLE, **row["properties"]}, "required": ["depth", *row["required"]]},
                {"type": "object", "properties": rest, "required": list(rest)},
            ],
        }
    before, kind, body = known[name]
    if kind == "enum":
        return {**comment(before), "enum": [types.spelled(variant, before) for _, variant in types.VARIANT.findall(body)]}
    fields = types.FIELD.findall(body)
    properties = {}
    for above, field, text in fields:
        schema = schema_of(text, used)
        properties[field] = {**schema, **comment(above)}
    return {**comment(before), "type": "object", "properties": properties, "required": [field for _, field, _ in fields]}


def schema(title, root, more, known):
    """The schema of one answer, and `more` fields of it by their types."""
    waiting, done = [], {}
    top = defined(root, known, waiting)
    for field, text in more.items():
        top["properties"][field] = schema_of(text, waiting)
        top["required"].append(field)
    while waiting:
        name = waiting.pop()
        if name not in done:
            done[name] = defined(name, known, waiting)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **top, "$defs": {name: done[name] for name in sorted(done)}}


def main():
    types.SOURCES = SOURCES
    known = types.definitions()
    written = {
        "report": schema("A file in `picklescope scan --json`, a line of `scan --stdin`", "FileReport", {}, known),
        "info": schema("`picklescope info --json`", "Overview", {"environment": "Environment"}, known),
        "size": schema("`picklescope size --json`", "SizeReport", {}, known),
    }
    for name, found in written.items():
        path = FOLDER / f"{name}.schema.json"
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{path.relative_to(types.ROOT)} is not up to date: run scripts/generate_schemas.py")


if __name__ == "__main__":
    main()
