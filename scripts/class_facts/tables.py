"""The tables: the worst result over the releases of a package, with evidence and source."""

import functools
import os
import re

from operations import OPERATIONS, RESULTS
from releases import module_of, package_of, span

DATA = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "safety", "names", "data"))
TABLE = "class_facts.tsv"
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


# Parts of packages whose instances nobody keeps, or too many to go into a page; of transformers, the families that people fine-tune. Models of
# optlang give numbers of their state to `sympify`, which evaluates texts, through modules that are not followed.
LEFT_OUT = re.compile(
    r"^(scripts\b|bin\b|dateparser_scripts|SimpleITK|rdkit-stubs|peewee-stubs|playhouse|telegram|google|ortools|altair|encodings|tkinter|turtle|_pyrepl|rasterio|lxml|cv2|numba|bokeh|scrapy|"
    r"aiohttp|distributed|huggingface_hub|wandb|dbt|celery|kombu|gevent|twisted|botocore|boto3|allennlp|zarr|kedro|paramiko|pyomo|tortoise|optlang|optlang|"
    r"django\.(?!db\.models|utils|http|core|contrib\.auth|contrib\.gis|forms)|torch\.(_(?!utils|tensor|C)|fx|testing|onnx|export|distributed\.(?!checkpoint|_shard|tensor|fsdp))|"
    r"sqlalchemy\.(testing|dialects\.(mssql|oracle))|jax\.(_src\.(pallas|cudnn|lax)|experimental)|ray\.(?!rllib|tune)|mlflow\.(?!pyfunc|models|types)|sympy\.(parsing|codegen)|"
    r"autogluon\.(?!tabular|core|features|timeseries)|transformers\.models\.(?!(bert|roberta|distilbert|gpt2|t5|bart|vit|clip|llama|electra|albert|"
    r"deberta_v2|xlm_roberta|whisper|wav2vec2|mistral|qwen2|gemma|auto)\.))")
HARMLESS = ("plain", "inert", "given-data")


@functools.lru_cache(None)
def known_packages():
    """The packages of which the audit knows every error by its name (`is_error` in judge.rs), so that no row of one is read."""
    found = set()
    for name in ("packages.tsv", "stdlib.tsv"):
        with open(os.path.join(DATA, name)) as file:
            found.update(line.split("\t")[0] for line in file.read().splitlines()[1:])
    return found


def is_known_error(module, name):
    is_error = name.endswith(("Error", "Exception", "Warning")) and name[0].isupper() and "." not in name
    return is_error and module.split(".")[0] in known_packages() and not module.startswith("ctypes")


def kind(merged):
    """How a class is listed, or None: `d` fills a dict, `o` own code that reaches nothing; `c` an enumeration, whose members are found by their values; `p` so do items and hashes;
    `s` attributes that a state sets one by one are handed to code that calls them; `a` an array, which is made without its constructor."""
    result = {operation: merged.results.get(operation, ("plain",))[0] for operation in OPERATIONS}
    # Of what is an array in any release numpy alone makes instances.
    is_array = result["array"] != "plain"
    if any(result[operation] not in HARMLESS for operation in ("array" if is_array else "new", "state", "drop")):
        return None
    # What acts by itself counts: another class may set the attribute, too.
    if result["slots"] not in (*HARMLESS, "given-method", "given"):
        return None
    plain = result["state"] == "plain" and (is_array or result["new"] == "plain")
    # Constructors may take any time and memory for their numbers; a member of an enumeration is looked up.
    is_enum = any(line[0] == "Enum.__new__" for line in merged.results.get("new", ("plain", ()))[1])
    called = "c" if is_enum and result["call"] in ("plain", "inert") and result["new"] in ("plain", "inert") else ""
    # `self.data[key] = item` calls what the file chose for `data`: no code of its own at all.
    filled = "p" if all(result[operation] == "plain" for operation in ("items", "append", "add")) and result["hash"] in ("plain", "inert") else ""
    careful = "" if result["slots"] in HARMLESS else "s"
    return ("d" if plain else "o") + called + filled + careful + ("a" if is_array else "")


def listed(classes):
    """(module, class) -> (source, kind) of the classes that go into the table."""
    kinds = {key: kind(merged) for key, merged in classes.items() if not LEFT_OUT.match(key[0])}
    return {key: (span(classes[key].releases), how) for key, how in kinds.items() if how}


def read_facts(path):
    """The same, of a table that was written before."""
    with open(path) as file:
        rows = [line.split("\t") for line in file.read().splitlines()[1:]]
    found = {}
    for module, source, groups in rows:
        for how, *names in map(str.split, groups.split("; ")):
            found.update({(module, name): (source, how) for name in names})
    return found


def worse_kind(first, second):
    """The kind of a class that two packages have: only what is true of both, and what one of them asks for."""
    both = "".join(letter for letter in "cp" if letter in first and letter in second)
    return ("d" if first[0] == second[0] == "d" else "o") + both + "".join(letter for letter in "sa" if letter in first or letter in second)


def merge_facts(known, classes, packages):
    """A table with the rows of `packages` replaced by those of `classes`, all classes of the releases of these packages."""
    merged = {key: fact for key, fact in known.items() if package_of(fact[0]) not in packages}
    found = listed(classes)
    for key in classes:
        # Another package may have a module of the same name, as lightning and pytorch-lightning do: the row stays where it is.
        if key not in found:
            merged.pop(key, None)
        elif key in merged:
            source, how = merged[key]
            merged[key] = (source, worse_kind(how, found[key][1]))
        else:
            merged[key] = found[key]
    return merged


def write_facts(facts, folder):
    """class_facts.tsv: what the audit is compiled from."""
    lines = {}
    for (module, name), (source, how) in facts.items():
        if is_known_error(module, name):
            continue
        lines.setdefault((module, source), {}).setdefault(how, []).append(name)
    rows = [[module, source, "; ".join(how + " " + " ".join(sorted(names)) for how, names in sorted(groups.items()))] for (module, source), groups in lines.items()]
    write_table(os.path.join(folder, TABLE), ["module", "source", "classes"], rows)
    print(f"{len(facts)} classes whose instances do nothing")


def write(found, folder, evidence, packages=()):
    """`found`: (release, results) with the older releases of a package first. With `packages` the rows of these alone are replaced."""
    classes, functions = {}, {}
    for release, results in found:
        for module, name, row, methods in results["classes"]:
            classes.setdefault((module, name), Merged()).add(release, row, methods)
        for module, name, words in results["functions"] or ():
            releases, known = functions.setdefault((module, name), ([], {}))
            releases.append(release)
            known.update(words)
    write_facts(merge_facts(read_facts(os.path.join(folder, TABLE)), classes, packages) if packages else listed(classes), folder)
    if evidence:
        write_evidence(classes, functions, evidence)


def write_evidence(classes, functions, folder):
    """What was found of every class, and the functions that act."""
    os.makedirs(folder, exist_ok=True)
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
    write_table(os.path.join(folder, "class_evidence.tsv"), ["module", "class", *OPERATIONS, "methods", "evidence", "source"], facts)
    write_table(os.path.join(folder, "plain_classes.tsv"), ["module", "classes", "source"],
                [[module, " ".join(sorted(names)), source] for (module, source), names in plain.items()])
    write_table(os.path.join(folder, "function_facts.tsv"), ["module", "function", "what", "evidence", "source"], hunt)
    print(f"{len(facts)} classes with code of their own, {sum(map(len, plain.values()))} without; {len(hunt)} functions")
