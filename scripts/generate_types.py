#!/usr/bin/env python3
"""Writes packages/javascript/js/facts.d.ts: the plain data that Picklescope answers with, as TypeScript, from the Rust that makes it.

    scripts/generate_types.py            writes the file
    scripts/generate_types.py --check    fails when it is not what would be written

Of Rust it reads what these files are made of and no more: structs of public fields, enums without fields, their comments, and how serde
spells the variants.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "packages/javascript/js/facts.d.ts"
SOURCES = ["safety/level.rs", "view/text.rs", "view/overview.rs", "view/environment.rs", "view/member.rs", "view/found.rs", "view/report.rs", "api/value.rs", "api/find.rs"]
# What the functions of the package give; everything that these are made of comes with them.
ROOTS = ["FileReport", "Overview", "Environment", "MemberRow", "Value", "Found"]
PLAIN = {"String": "string", "bool": "boolean", **dict.fromkeys(["u8", "u16", "u32", "u64", "usize", "i64", "f64"], "number")}

ITEM = re.compile(r"((?: *///[^\n]*\n| *#\[[^\n]*\n)*)pub (struct|enum) (\w+) \{\n(.*?)\n\}\n", re.S)
FIELD = re.compile(r"((?: *///[^\n]*\n| *#\[[^\n]*\n)*) +pub (\w+): ([^\n]+),\n?")
VARIANT = re.compile(r"((?: *///[^\n]*\n| *#\[[^\n]*\n)*) +(\w+),\n?")


def comment(text, indent):
    lines = [line.strip()[3:].strip() for line in text.splitlines() if line.strip().startswith("///")]
    plain = []
    for line in lines:
        if line.startswith("```"):  # an example in Rust
            break
        plain.append(re.sub(r"\[`([^`]+)`\](?:\([^)]*\))?", r"`\1`", line))
    said = " ".join(plain).strip()
    return f"{indent}/** {said} */\n" if said else ""


def split(text):
    """The parts of `A, (B, C), D<E, F>`."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "(<") - (letter in ")>")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def typed(text, used):
    """A type of Rust as one of TypeScript; names that are met go into `used`."""
    text = text.strip()
    if text in PLAIN:
        return PLAIN[text]
    if text.startswith("(") and text.endswith(")"):
        return "[" + ", ".join(typed(part, used) for part in split(text[1:-1])) + "]"
    text = re.sub(r"^Box<\[(.+)\]>$", r"Vec<\1>", text)
    outer = re.fullmatch(r"(Option|Vec|Rc|Box)<(.+)>", text)
    if outer:
        inner = typed(outer[2], used)
        if outer[1] == "Option":
            return f"{inner} | null"
        return (f"({inner})[]" if " " in inner and not inner.startswith("[") else f"{inner}[]") if outer[1] == "Vec" else inner
    if not re.fullmatch(r"\w+", text):
        raise SystemExit(f"no type of TypeScript is known for {text}")
    used.append(text)
    return text


def spelled(variant, attributes):
    rename = re.search(r'rename_all = "([\w-]+)"', attributes)
    words = re.findall(r"[A-Z][a-z0-9]*", variant)
    match rename and rename[1]:
        case "kebab-case":
            return "-".join(words).lower()
        case "snake_case":
            return "_".join(words).lower()
        case "lowercase":
            return variant.lower()
        case None:
            return variant
        case other:
            raise SystemExit(f"variants spelled in {other}")


def definitions():
    found = {}
    for source in SOURCES:
        text = (ROOT / "src" / source).read_text()
        for before, kind, name, body in ITEM.findall(text):
            found[name] = (before, kind, body + "\n")
    return found


def written(name, before, kind, body, used):
    said = comment(before, "")
    if kind == "enum":
        variants = [spelled(variant, before) for _, variant in VARIANT.findall(body)]
        return said + f"export type {name} = " + " | ".join(f'"{variant}"' for variant in variants) + ";\n"
    fields = [f"{comment(above, '  ')}  {field}: {typed(text, used)};\n" for above, field, text in FIELD.findall(body)]
    return said + f"export interface {name} {{\n" + "".join(fields) + "}\n"


def main():
    known, waiting, done = definitions(), list(ROOTS), {}
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        if name not in known:
            raise SystemExit(f"{name} is in none of {', '.join(SOURCES)}")
        done[name] = written(name, *known[name], waiting)
    text = "// Made by scripts/generate_types.py from the Rust that answers. Offsets and sizes are in bytes.\n\n" + "\n".join(done[name] for name in sorted(done))
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() != text:
            raise SystemExit(f"{TARGET.relative_to(ROOT)} is not up to date: run scripts/generate_types.py")
        return
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
