"""The tables: the worst result over the releases of a package, with evidence and source."""

import os

from operations import OPERATIONS, RESULTS
from releases import module_of, span

DATA = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "safety", "names", "data"))
EVIDENCE = 6


def place(where, module):
    """`file:line`; of the module's own file the line alone."""
    path, _, line = where.partition(":")
    return ":" + line if module_of(path) == module else where


class Merged:
    """A class over the releases that have it."""

    def __init__(self):
        self.releases = []
        self.results = {}
        self.methods = set()

    def add(self, release, row, methods):
        self.releases.append(release)
        self.methods.update(methods)
        for name, (result, evidence) in row.items():
            known = self.results.get(name)
            # Of two releases that are as bad the newer one is the evidence.
            if not known or RESULTS.index(result) >= RESULTS.index(known[0]):
                self.results[name] = (result, evidence)

    def evidence(self, module):
        """The worst first; what goes for several operations once."""
        grouped = {}
        for name in OPERATIONS:
            result, lines = self.results.get(name, ("plain", ()))
            for index, (method, where, what) in enumerate(lines):
                if what == "compiled" or what.startswith("base "):
                    method, where = "-", "-"
                entry = grouped.setdefault((method, where, what), [RESULTS.index(result), index, []])
                entry[0] = max(entry[0], RESULTS.index(result))
                if name not in entry[2]:
                    entry[2].append(name)
        ordered = sorted(grouped.items(), key=lambda item: (item[1][1] > 0, -item[1][0], item[1][1]))[:EVIDENCE]
        return "; ".join(" ".join([",".join(names), method, place(where, module), what]).strip() for (method, where, what), (_, _, names) in ordered)


def write_table(path, columns, lines):
    with open(path, "w", newline="\n") as file:
        file.writelines("\t".join(line) + "\n" for line in [columns, *sorted(lines, key=lambda line: [cell.encode() for cell in line])])


def write(found, folder):
    """`found`: (release, results) with the older releases of a package first."""
    classes, functions = {}, {}
    for release, results in found:
        for module, name, row, methods in results["classes"]:
            classes.setdefault((module, name), Merged()).add(release, row, methods)
        for module, name, words in results["functions"]:
            releases, known = functions.setdefault((module, name), ([], {}))
            releases.append(release)
            known.update(words)
    facts, plain = [], {}
    for (module, name), merged in classes.items():
        source = span(merged.releases)
        if not merged.results:
            plain.setdefault((module, source), []).append(name)
            continue
        cells = [merged.results.get(operation, ("plain",))[0] for operation in OPERATIONS]
        facts.append([module, name, *cells, " ".join(sorted(merged.methods)[:12]) or "-", merged.evidence(module), source])
    hunt = []
    for (module, name), (releases, words) in functions.items():
        evidence = "; ".join(" ".join([word, ">".join(chain), place(where, module), what.removeprefix(word + " ")]) for word, (what, where, chain) in sorted(words.items()))
        hunt.append([module, name, ",".join(sorted(words)), evidence, span(releases)])
    write_table(os.path.join(folder, "class_facts.tsv"), ["module", "class", *OPERATIONS, "methods", "evidence", "source"], facts)
    write_table(os.path.join(folder, "plain_classes.tsv"), ["module", "classes", "source"],
                [[module, " ".join(sorted(names)), source] for (module, source), names in plain.items()])
    write_table(os.path.join(folder, "function_facts.tsv"), ["module", "function", "what", "evidence", "source"], hunt)
    print(f"{len(facts)} classes with code of their own, {sum(map(len, plain.values()))} without; {len(hunt)} functions")
