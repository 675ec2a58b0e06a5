"""The module says of every fixture what the command line says: report, facts, tree, sizes, values.

``PICKLESCOPE_FACTS`` names the lines that ``scripts/conformance.py`` wrote; without it they are made here, of the program in the wheel.
"""

import importlib.util
import json
import os
import pathlib
import sys

import picklescope
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = str(pathlib.Path(sys.executable).parent / ("picklescope.exe" if os.name == "nt" else "picklescope"))


@pytest.fixture(scope="module")
def conformance():
    spec = importlib.util.spec_from_file_location("conformance", ROOT / "scripts" / "conformance.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said(conformance):
    if path := os.environ.get("PICKLESCOPE_FACTS"):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    return list(conformance.lines(PROGRAM))


def test_every_fixture_is_in_the_lines(conformance, said):
    assert [line["file"] for line in said[1:]] == conformance.files()
    assert len(said) > 1000


def size_of(file, words):
    try:
        return file.size(words["depth"], words["items"])
    except picklescope.Error:
        return None


def test_command_line_and_module_say_the_same(conformance, said, monkeypatch):
    monkeypatch.chdir(conformance.FIXTURES)
    head, *lines = said
    limits = head["limits"]
    differing = []
    for line in lines:
        file = picklescope.open(line["file"], memory_limit=limits["read"])
        ours = {
            "file": line["file"],
            "report": picklescope.scan(line["file"], memory_limit=limits["scan"]).to_dict(),
            "info": {**file.facts, "environment": file.environment},
            "tree": file.tree(head["tree"]["depth"], head["tree"]["items"]),
            "size": size_of(file, head["size"]),
            "json": conformance.digest(file.to_json(None)),
        }
        differing += [(line["file"], key) for key in ours if ours[key] != line[key]]
    assert differing == []
