#!/usr/bin/env python3
"""Writes what the command line says of every fixture, a line of JSON each: what every other way in has to say, too.

    python3 scripts/conformance.py PROGRAM [--every N] > facts.jsonl

The first line has the memory limits that apply. The others:

    file     the path below tests/fixtures
    report   as `scan --json` has it
    info     as `info --json` has it
    tree     the text of `tree --depth 4 --max-items 20`
    size     as `size --json` has it; null where that says why it cannot
    json     what `json` writes: {"text": ...} up to 4 KiB, of more {"bytes": ..., "sha256": ...}

packages/python/tests/test_conformance.py holds the Python module against these lines; a package in another language does the same with
the same file. The lines are made in the run and not committed: they are 50 MB, change with every rule and every word, and a comparison of
two faces needs only that both are of the same source. What the words should be is held by tests/golden and tests/fixtures/*.json.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "tests" / "fixtures"
# A scan divides its limit among workers by the number of processors, but gives none of them less than this: so there is one worker, with
# the same limit on every machine.
SCAN = 256 << 20
READ = 1 << 30
WHOLE = 4 << 10


def files(every=1):
    """Paths below the fixtures, in order."""
    found = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    return [path.relative_to(FIXTURES).as_posix() for path in found[::every]]


def digest(text):
    """What stands for a text of any length."""
    data = text.encode()
    if len(data) <= WHOLE:
        return {"text": text}
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def run(program, *words):
    ran = subprocess.run([program, *words], cwd=FIXTURES, capture_output=True, text=True, encoding="utf-8")
    if ran.returncode not in (0, 1, 2):
        raise SystemExit(f"{' '.join(words)}: exit code {ran.returncode}: {ran.stderr}")
    return ran.stdout


def facts_of(program, file):
    limit = ("--limit-memory", str(READ))
    size = run(program, "size", "--json", *limit, file)
    return {
        "info": json.loads(run(program, "info", "--json", *limit, file)),
        "tree": run(program, "tree", "--depth", "4", "--max-items", "20", *limit, file),
        "size": json.loads(size) if size else None,
        "json": digest(run(program, "json", *limit, file)),
    }


def lines(program, every=1):
    """The lines, as they are written."""
    wanted = files(every)
    reports = {}
    for start in range(0, len(wanted), 500):
        text = run(program, "scan", "--json", "--limit-memory", str(SCAN), *wanted[start : start + 500])
        reports.update((report["path"], report) for report in json.loads(text))
    yield {"limits": {"scan": SCAN, "read": READ}, "tree": {"depth": 4, "items": 20}, "size": {"depth": 2, "items": 20}}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, facts in zip(wanted, pool.map(lambda file: facts_of(program, file), wanted)):
            yield {"file": file, "report": reports[file], **facts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth fixture")
    words = parser.parse_args()
    for line in lines(os.path.abspath(words.program), words.every):
        json.dump(line, sys.stdout)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
