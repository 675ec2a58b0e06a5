#!/usr/bin/env python3
"""Tries what a release is made of as people get it: each built file, in an empty place of its own.

    python3 scripts/try_release.py archive FILE       picklescope-TARGET.tar.gz, unpacked
    python3 scripts/try_release.py wheel FOLDER       the wheel of a folder that fits this machine, in an empty environment without numpy
    python3 scripts/try_release.py sdist FOLDER       the source distribution of a folder, built and installed in an empty environment
    python3 scripts/try_release.py npm FOLDER [PROGRAM]
                                                      the npm tarball of a folder, in an empty package
    python3 scripts/try_release.py program PROGRAM... any command that is the program, such as `docker run ... IMAGE`

Each has to open a model of scikit-learn and a hostile file and say the right thing of both, and the same as the program of the same
release of some more fixtures. Nothing here is installed outside of a temporary folder. The site is tried by scripts/try_site.mjs.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import venv

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
MODEL = "models/sklearn-1.9/pipeline.p4.pkl"
HOSTILE = "hostile-containers/legacy.pt"
EVERY = 400
MEMORY = 256 << 20


def version():
    return re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.M)[1]


def some_fixtures():
    return [path.relative_to(FIXTURES).as_posix() for path in sorted(FIXTURES.rglob("*")) if path.is_file()][::EVERY]


def hold_reports(what, program, lines):
    """Reports on these fixtures, a line of JSON each, against those of the program."""
    words = [program, "scan", "--json", "--limit-memory", str(MEMORY), *some_fixtures()]
    ran = subprocess.run(words, cwd=FIXTURES, capture_output=True, text=True, encoding="utf-8")
    hold(f"reports of {what}", [json.loads(line) for line in lines], json.loads(ran.stdout))


def say(words, code=0, cwd=FIXTURES):
    ran = subprocess.run(words, cwd=cwd, capture_output=True, text=True, encoding="utf-8")
    if ran.returncode != code:
        raise SystemExit(f"{words}: exit code {ran.returncode}, not {code}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def hold(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}: {found!r}, not {expected!r}")


def try_program(words):
    """The program, by its words: version, a model, a hostile file."""
    hold("version", say([*words, "--version"]).split(), ["picklescope", version()])
    model = json.loads(say([*words, "info", "--json", MODEL]))
    hold("model", (model["verdict"]["level"], model["complete"]), ("recognised", True))
    versions = {package["name"]: package["version"] for package in model["environment"]["packages"]}
    hold("scikit-learn", versions["scikit-learn"].startswith("1.9"), True)
    hold("tree", "Pipeline" in say([*words, "tree", MODEL]), True)
    report = json.loads(say([*words, "scan", "--json", HOSTILE], code=1))[0]
    hold("hostile", report["level"], "dangerous")
    hold("folder", len(json.loads(say([*words, "scan", "--json", "hostile"], code=1))) > 100, True)


def try_view(words):
    """`view` has its page with it, serves it and the file, and ends with the tab."""
    child = subprocess.Popen([*words, "view", "--browser", "none", MODEL], cwd=FIXTURES, stdout=subprocess.PIPE, text=True)
    try:
        address = child.stdout.readline().strip()
        page = urllib.request.urlopen(address, timeout=30).read().decode()
        hold("page", '<meta name="picklescope-file" content="' in page, True)
        hold("file", urllib.request.urlopen(f"{address}file", timeout=30).read(), (FIXTURES / MODEL).read_bytes())
        urllib.request.urlopen(f"{address}alive", timeout=30).close()
        hold("end of view", child.wait(30), 0)
    finally:
        child.kill()


def try_archive(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    program = next((folder / "bin").iterdir())
    try_program([str(program)])
    try_view([str(program)])


IN_PYTHON = """
import importlib.metadata, importlib.util, json, sys
import picklescope
assert importlib.util.find_spec("numpy") is None, "the environment is not empty"
model, hostile, version = sys.argv[1:4]
assert picklescope.__version__ == version
texts = {path.name: path.read_text() for path in importlib.metadata.files("picklescope") if "licenses" in path.parts}
assert "MIT" in texts["LICENSE-MIT"] and "Apache" in texts["LICENSE-APACHE"] and len(texts["LICENSE-MIT"]) > 500, texts
file = picklescope.open(model)
assert (file.level, file.is_complete) == ("recognised", True) and file.versions["scikit-learn"].startswith("1.9")
assert "Pipeline" in file.tree() and file["obj"].type == "sklearn.pipeline.Pipeline"
report = picklescope.scan(hostile)
assert report.verdict == "Dangerous" and report.findings and report.allow_list().refused, report
assert file.size()["total"] > 0 and "<div>" in report._repr_html_()
for line in sys.stdin:
    print(json.dumps(picklescope.scan(line.strip(), memory_limit=int(sys.argv[4])).to_dict()))
"""


def try_python(what, folder):
    """Something that pip installs, in an empty environment: the program both ways, its page, the module."""
    venv.create(folder / "environment", with_pip=True)
    scripts = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    python, program = str(scripts / "python"), str(scripts / "picklescope")
    say([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what], cwd=folder)
    for words in ([program], [python, "-m", "picklescope"]):
        try_program(words)
        try_view(words)
    words = [python, "-c", IN_PYTHON, MODEL, HOSTILE, version(), str(MEMORY)]
    hold_reports("the module", program, given(words, some_fixtures(), FIXTURES))


def given(words, names, cwd):
    """Lines that a command prints when it is given names."""
    text = "".join(f"{name}\n" for name in names)
    ran = subprocess.run(words, cwd=cwd, input=text, capture_output=True, text=True, encoding="utf-8")
    if ran.returncode != 0:
        raise SystemExit(ran.stderr)
    return ran.stdout.splitlines()


IN_NODE = """
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { inspect, open, scan } from "picklescope";
const [root, model, hostile, memory] = process.argv.slice(2);
const read = (name) => readFile(`${root}/${name}`);
const facts = await inspect(await read(model), { name: model });
assert.deepEqual([facts.verdict.level, facts.complete], ["recognised", true]);
const learn = facts.environment.packages.find(({ name }) => name === "scikit-learn");
assert.match(learn.version, /^1[.]9/);
const opened = await open(await read(model), { name: model });
assert.match(await opened.tree(), /Pipeline/);
opened.close();
const report = await scan(await read(hostile), { name: hostile });
assert.equal(report.level, "dangerous");
assert.ok(report.findings.length > 0);
for await (const name of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await scan(await read(name), { name, memory: Number(memory) })));
}
"""


def try_npm(path, folder, program=None):
    (folder / "package.json").write_text('{"name": "empty", "private": true, "type": "module"}')
    say([shutil.which("npm"), "install", "--silent", "--no-audit", "--no-fund", str(path)], cwd=folder)
    for name in ("LICENSE-APACHE", "LICENSE-MIT"):
        hold(name, (folder / "node_modules" / "picklescope" / name).read_bytes(), (ROOT / name).read_bytes())
    (folder / "try.mjs").write_text(IN_NODE)
    names = some_fixtures() if program else []
    lines = given(["node", "try.mjs", str(FIXTURES), MODEL, HOSTILE, str(MEMORY)], names, folder)
    if program:
        hold_reports("the npm package", str(pathlib.Path(program).resolve()), lines)


def only(folder, pattern):
    found = sorted(pathlib.Path(folder).resolve().glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"{folder} has {len(found)} files {pattern}")
    return found[0]


def main(kind, *words):
    # Long paths of macOS and links of Windows: the real name.
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        if kind == "archive":
            try_archive(words[0], folder)
        elif kind == "wheel":
            # pip takes the one that fits, and nothing from elsewhere.
            try_python(["--no-index", "--no-deps", "--find-links", str(pathlib.Path(words[0]).resolve()), "picklescope"], folder)
        elif kind == "sdist":
            try_python([str(only(words[0], "picklescope-*.tar.gz"))], folder)
        elif kind == "npm":
            try_npm(only(words[0], "picklescope-*.tgz"), folder, *words[1:])
        elif kind == "program":
            try_program(list(words))
        else:
            raise SystemExit(__doc__)
    print(f"try_release: {kind} {words[0]}: all as it should be")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
