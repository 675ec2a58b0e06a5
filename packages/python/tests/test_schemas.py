"""What the command line answers is what docs/schemas say, field for field."""

import json
import pathlib
import subprocess
import sys

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "tests" / "fixtures"
PROGRAM = str(pathlib.Path(sys.executable).parent / "picklescope")
EVERY = 25
# Readers of JSON that recurse take what the graph is nested by; this one checks a value against each kind in turn.
LARGEST = 60_000


def closed(schema):
    """The schema, which takes no field that it does not name: a reader may get more, these answers have no more."""
    if isinstance(schema, dict):
        is_object = schema.get("type") == "object" and "properties" in schema
        more = {"additionalProperties": False} if is_object and "additionalProperties" not in schema else {}
        return {**{key: closed(value) for key, value in schema.items()}, **more}
    return [closed(value) for value in schema] if isinstance(schema, list) else schema


def checker(name):
    schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(closed(schema))


@pytest.fixture(scope="module")
def files():
    every = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    found = [path.relative_to(FIXTURES).as_posix() for path in every[::EVERY]]
    return found + [path.relative_to(FIXTURES).as_posix() for path in every if "hostile-containers" in path.parts or "edge" in path.parts]


def said(*words, code=(0, 1, 2)):
    ran = subprocess.run([PROGRAM, *words], cwd=FIXTURES, capture_output=True)
    assert ran.returncode in code, (words, ran.stderr)
    return ran.stdout


def wrong(check, answer, name):
    return [(name, error.json_path, error.message[:200]) for error in list(check.iter_errors(answer))[:1]]


def test_the_schemas_are_made_from_the_structs():
    subprocess.run([sys.executable, str(ROOT / "scripts" / "generate_schemas.py"), "--check"], check=True)


def test_reports(files):
    check = checker("report")
    reports = json.loads(said("scan", "--json", *files))
    lines = subprocess.run([PROGRAM, "scan", "--stdin"], cwd=FIXTURES, input="\n".join(files).encode(), capture_output=True)
    reports += [json.loads(line) for line in lines.stdout.splitlines()]
    assert len(reports) == 2 * len(files) > 400
    assert [found for report in reports for found in wrong(check, report, report["path"])] == []
    assert {report["level"] for report in reports} == set(check.schema["$defs"]["Outcome"]["enum"])


@pytest.mark.parametrize("kind", ["info", "size", "json"])
def test_answers(kind, files):
    check = checker(kind)
    found = []
    checked = 0
    for name in files:
        text = said(kind, *([] if kind == "json" else ["--json"]), name)
        if text and len(text) <= LARGEST:
            found += wrong(check, json.loads(text), name)
            checked += 1
    assert found == [] and checked > 200
    assert wrong(check, {}, "nothing") and wrong(check, {**json.loads(text), "more": 1}, "more")
