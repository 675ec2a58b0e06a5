#!/usr/bin/env python3
"""Writes src/lens/environment/moves.tsv: which classes of scikit-learn, pandas, scipy and numpy stand where in which versions.

    python3.11 scripts/generate_moves.py FOLDER > src/lens/environment/moves.tsv

FOLDER holds wheels, any number of versions of each package (`pip download --no-deps --only-binary=:all: pandas==1.3.5`),
one for each minor version without a gap. Sources are parsed, nothing is imported. Of compiled modules only the existence is
known.

A pickle names the module in which a class is defined (or that `set_module` says). So a name bounds the version that wrote it
by the versions that define it there, and the versions that can load it by those in which the module has the name at all.
"""

import ast
import collections
import glob
import os
import re
import sys
import zipfile

PACKAGES = {"scikit_learn": ("scikit-learn", "sklearn"), "pandas": ("pandas", "pandas"), "scipy": ("scipy", "scipy"), "numpy": ("numpy", "numpy")}
# Functions that pickles call.
CALLED = re.compile(r"_.*(new|unpickle|reconstruct|ctor|convert|wrap|load|frombuffer)|_.*_passthrough_scorer")
KEEP = re.compile(r"sklearn|pandas|scipy\.(_lib\.array_api_compat(\.numpy|$)|sparse|interpolate|spatial|stats\._(continuous|distn|multivariate|kde))|numpy\.(_?core|random|ma|rec|char|lib|matrixlib)|numpy$")
SKIP = re.compile(
    r"(^|/)(tests?|_?testing|conftest|_build_utils|benchmarks|f2py|distutils|_?typing|setup|plotting|io|array_api_extra|"
    r"_config|_version|externals|utils|datasets|window|groupby|computation|_pyinstaller|compat|util)(/|\\.|_|$)")
DULL = re.compile(r"Mixin$|Warning$|Error$|^_?Base[A-Z]|Test|Decorator$|^_?Abstract|Meta$|Formatter$|Parser$|Writer$|Plot")
STAR = "*"


def minor(version):
    return ".".join(version.split(".")[:2])


def read(path):
    """Modules of a wheel: name -> (defined names with the module they say, importable names); None for compiled ones."""
    modules = {}
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if SKIP.search(name) or ".libs/" in name:
                continue
            if name.endswith(".so"):
                modules[name.split(".")[0].replace("/", ".")] = None
            elif name.endswith(".py"):
                module = name[:-3].replace("/", ".")
                module = module[: -len(".__init__")] if module.endswith(".__init__") else module
                modules[module] = parse(module, wheel.read(name).decode("utf-8"))
    return modules


def parse(module, source):
    defined, names = set(), set()
    try:
        waiting = list(ast.parse(source).body)
    except SyntaxError:
        return defined, {STAR}
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
            if isinstance(node, ast.ClassDef) or CALLED.match(node.name):
                defined.add((said_module(node) or module, node.name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] if alias.name != STAR else STAR for alias in node.names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                names.update(part.id for part in ast.walk(target) if isinstance(part, ast.Name))
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            for part in ("body", "orelse", "finalbody"):
                waiting.extend(getattr(node, part, ()))
            for handler in getattr(node, "handlers", ()):
                waiting.extend(handler.body)
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            names.add(STAR)  # old names with a warning
    return defined, names


def said_module(node):
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") in ("set_module", "_set_module") and decorator.args:
            return decorator.args[0].value
    return None


def bounds(present, versions):
    """First version, and first version after the last, where they lie inside of what was looked at."""
    if not present:
        return None
    first, last = min(present), max(present)
    since = edge(versions, first) if first > 0 else ""
    until = edge(versions, last + 1) if last + 1 < len(versions) else ""
    return since, until


def edge(versions, index):
    """The minor version in which something changed, or the patch where both sides of it were looked at."""
    same = minor(versions[index - 1]) == minor(versions[index])
    return versions[index] if same else minor(versions[index])


def rows(top, wheels):
    """(module, name, versions that define it, versions in which it can be imported), where it is not all of them.

    Without a name: the module. Names that are where their module is have no row.
    """
    versions = [version for version, _ in wheels]
    contents = [modules for _, modules in wheels]
    defined = collections.defaultdict(set)
    for index, modules in enumerate(contents):
        for found in modules.values():
            for key in found[0] if found is not None else ():
                defined[key].add(index)
    existing = {}
    for module in {module for modules in contents for module in modules}:
        # A module without a class is in no pickle, but packages of modules are in error messages.
        holds = any(m.get(module, ((), ())) is None or m.get(module, ((), ()))[0] for m in contents)
        if not holds and not (module.count(".") == 1 or "array_api_compat" in module):
            continue
        holding = {i for i, modules in enumerate(contents) if module in modules}
        existing[module] = bounds(holding, versions)
        if any(existing[module]) and KEEP.match(module):
            yield module, "", existing[module], existing[module]
    for (module, name), indices in defined.items():
        if DULL.search(name) or module not in existing or not KEEP.match(module):
            continue
        importable = set(indices)
        for index, modules in enumerate(contents):
            found = modules.get(module)
            # A package may make its own names when they are asked for.
            if found is not None and (name in found[1] or STAR in found[1] or module == top):
                importable.add(index)
        row = bounds(indices, versions), bounds(importable, versions)
        if row != (existing[module], existing[module]):
            yield (module, name) + row


HEAD = """# Which classes of scikit-learn, pandas, scipy and numpy stand where in which versions.
# Generated by scripts/generate_moves.py from the sources of
%s
# A name without text (-) is the module itself. A version without text: no version that was looked at is beyond.
# module\tname\tdefined since\tdefined until before\tloads since\tloads until before
"""


def main():
    found = collections.defaultdict(list)
    for path in glob.glob(os.path.join(sys.argv[1], "*.whl")):
        package, version = os.path.basename(path).split("-")[:2]
        if package in PACKAGES:
            found[package].append((version, path))
    said, lines = [], []
    for package, wheels in sorted(found.items()):
        wheels.sort(key=lambda wheel: [int(part) for part in re.findall(r"\d+", wheel[0])[:3]])
        name, top = PACKAGES[package]
        said.append("#   %s %s" % (name, ", ".join(version for version, _ in wheels)))
        for module, name, (since, until), (first, last) in rows(top, [(version, read(path)) for version, path in wheels]):
            lines.append("\t".join(part or "-" for part in (module, name, since, until, first, last)))
    print(HEAD % "\n".join(said) + "\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
