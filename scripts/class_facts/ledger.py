"""What the table was made of: each release with its packages, how many classes it has and the program that read them."""

import os
import re

import tables
from releases import STDLIB, package_of

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "ledger.tsv"
COLUMNS = ("release", "packages", "classes", "program")
# In a skeleton: what a module imports, and from where it takes all names.
IMPORTED = re.compile(rb'\["(?:from|module)","([A-Za-z_]\w*)')
STARRED = re.compile(rb'"stars":\[("[^\]]*")\]')


def place(folder):
    """The ledger of the table that is committed is here, that of another one beside it."""
    return os.path.join(HERE if folder == tables.DATA else folder, NAME)


def read(folder):
    """The rows by release."""
    path = place(folder)
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        rows = [line.split("\t") for line in file.read().splitlines()[1:]]
    return {row[0]: row[1:] for row in rows}


def write(found, store, folder, program, packages=()):
    """Rows of the releases of `found`; with `packages` those of other packages stay."""
    rows = {release: row for release, row in read(folder).items() if packages and package_of(release) not in packages}
    for release, results in found:
        tops = " ".join(top for top in store(release).tops if top.isidentifier())
        rows[release] = [tops or "-", str(len(results["classes"])), program]
    tables.write_table(place(folder), COLUMNS, [[release, *row] for release, row in rows.items()])


def holders(folder):
    """The package that has a top-level module."""
    found = {}
    for (module, _), (source, _) in tables.read_facts(os.path.join(folder, tables.TABLE)).items():
        found.setdefault(module.split(".")[0], package_of(source))
    for release, (tops, *_) in read(folder).items():
        for top in tops.split(" "):
            found.setdefault(top, package_of(release))
    return found


def imports(store):
    """The top-level modules that a release imports from."""
    text = b"\n".join(store.encoded.values())
    starred = b"".join(STARRED.findall(text))
    names = {*IMPORTED.findall(text), *re.findall(rb'"([A-Za-z_]\w*)', starred)}
    return {name.decode() for name in names} - set(store.tops)


def check(listed, folder, program):
    """Says what the list and the table do not have in common, and how much of the table an older program made. 1 if they differ."""
    known = read(folder)
    listed = set(listed)
    missing = sorted(listed - set(known) - {STDLIB})
    extra = sorted(release for release in set(known) - listed if package_of(release) != package_of(STDLIB))
    for text, releases in (("is listed, and not in the table", missing), ("is in the table, and not listed", extra)):
        for release in releases:
            print(f"{release} {text}")
    older = sum(row[2] != program for row in known.values())
    print(f"{len(known)} releases, {older} of them read by an older program")
    return 1 if missing or extra else 0
