#!/usr/bin/env python3
"""Holds every output of one build of the command line against that of another, over all fixtures.

    python3 scripts/compare_outputs.py OLD NEW [--only TEXT] [--show N] [PATH ...]

OLD and NEW are two programs. Each command of COMMANDS runs over each file; standard output, messages and the code of the exit
have to be the same bytes. Of what differs the first lines are printed, and a count by command and folder at the end. What OLD
says is kept in a file beside it, so that the next comparison with it costs half. For a rebuilding that should change nothing.
"""

import argparse
import collections
import concurrent.futures
import difflib
import hashlib
import json
import os
import subprocess
import sys

COMMANDS = [
    ["info"], ["info", "--json"], ["tree"], ["dis"], ["json"], ["python"], ["scan"], ["scan", "--json"], ["contents"],
]
FOLDERS = ["tests/fixtures", "tests/samples"]
PATIENCE = 120


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            yield from (os.path.join(folder, name) for name in sorted(names))


def run(program, command, path):
    try:
        done = subprocess.run([program, *command, path], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return b"late"
    return b"\n".join([done.stdout, done.stderr, b"exit %d" % done.returncode])


def digest(output):
    return hashlib.sha256(output).hexdigest()[:20]


def kept(program):
    path = program + ".outputs.json"
    stamp = os.stat(program).st_mtime_ns
    try:
        with open(path) as file:
            record = json.load(file)
    except (OSError, ValueError):
        record = {}
    return path, record if record.get("stamp") == stamp else {"stamp": stamp, "outputs": {}}


def difference(old, new, count):
    old, new = (text.decode("utf-8", "backslashreplace").splitlines() for text in (old, new))
    lines = [line for line in difflib.unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    return "\n".join("    " + line[:200] for line in lines[:count])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("paths", nargs="*", default=FOLDERS)
    parser.add_argument("--only", default="", help="commands that begin with this text")
    parser.add_argument("--show", type=int, default=4, help="lines of each difference")
    options = parser.parse_args()
    place, record = kept(options.old)
    outputs = record["outputs"]
    commands = [command for command in COMMANDS if " ".join(command).startswith(options.only)]
    jobs = [(command, path) for path in files(options.paths) for command in commands]

    def compare(job):
        command, path = job
        key = " ".join([*command, path])
        before = None
        if key not in outputs:
            before = run(options.old, command, path)
            outputs[key] = digest(before)
        after = run(options.new, command, path)
        if digest(after) == outputs[key]:
            return None
        before = before or run(options.old, command, path)
        return job, difference(before, after, options.show)

    counts = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(compare, jobs):
            if found:
                (command, path), text = found
                counts[" ".join(command), os.path.dirname(path)] += 1
                print(f"{' '.join(command)} {path}\n{text}", flush=True)
    with open(place, "w") as file:
        json.dump(record, file)
    for (command, folder), count in sorted(counts.items()):
        print(f"{count:6} {command} {folder}")
    print(f"{len(jobs) - sum(counts.values())} of {len(jobs)} outputs are the same")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
