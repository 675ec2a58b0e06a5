"""Command line and module say the same of every fixture: report, facts, values."""

import json
import os
import pathlib
import subprocess
import sys

import picklescope

FIXTURES = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fixtures"
PROGRAM = str(pathlib.Path(sys.executable).parent / "picklescope")
# Both are held to the same, whatever the machine has: the workers of a scan divide theirs by their number.
LIMIT = 1 << 30
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def files():
    wanted = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    assert len(wanted) > 1000
    return wanted


def run(*words):
    ran = subprocess.run([PROGRAM, *map(str, words)], capture_output=True)
    return ran.stdout


def test_reports():
    share = LIMIT // min(PROCESSORS, LIMIT // (256 << 20))
    theirs = json.loads(run("scan", "--format", "json", "--limit-memory", LIMIT, FIXTURES))
    by_path = {report["path"]: report for report in theirs}
    assert len(by_path) == len(files())
    differing = []
    for path in files():
        ours = picklescope.scan(path, memory_limit=share).to_dict()
        if ours != by_path[str(path)] and picklescope.scan(path, memory_limit=LIMIT).to_dict() != by_path[str(path)]:
            differing.append(str(path))
    assert differing == []


def test_facts_and_values():
    """Three commands a file take a while: every tenth file, or all of them."""
    differing = []
    for path in files()[:: 1 if os.environ.get("PICKLESCOPE_ALL") else 10]:
        file = picklescope.open(path, memory_limit=LIMIT)
        facts = {**file.facts, "environment": file.environment}
        if json.loads(run("info", "--json", "--limit-memory", LIMIT, path)) != facts:
            differing.append(("info", str(path)))
        tree = run("tree", "--depth", 4, "--max-items", 20, "--limit-memory", LIMIT, path).decode()
        if tree != file.tree(4, 20):
            differing.append(("tree", str(path)))
        if run("json", "--limit-memory", LIMIT, path).decode() != file.to_json(None):
            differing.append(("json", str(path)))
    assert differing == []
