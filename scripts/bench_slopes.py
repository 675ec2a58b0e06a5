#!/usr/bin/env python3
"""How the cost of every operation grows with the file: every kind of large thing of tests/support/large.rs at n, 4n and 16n.

    scripts/bench_slopes.py [--n 250] [--kinds a,b] [--operations a,b] [--everything] [--seconds 120] [--all]

Costs are instructions under callgrind where valgrind is installed, else microseconds on a processor; both without making
the file and, for all operations but `open`, without opening it. A slope is the cost of four times as much, divided by the
cost: 4 is proportion, 16 the square. Above 5 it is listed (with --all every line is), and the exit code is 1. What costs
less than a floor counts as the floor: that much is what everything costs. tests/slopes.rs counts allocations and reads in
the same way in every run of the tests; searches that touch nothing but memory are seen only here.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEEP = 5.0
# A dozen of each: names, calls, streams, digits, nesting, width, archives.
KINDS = (
    "wide_list,dict_of_texts,deep_objects,streams_of_none,globals,dotted_name_new,called_many,partials,long_text,"
    "digits_of_long,left_over,zip_of_pickles"
)
OPERATIONS = "open,report,overview,tree,json,python,dis,card,listing,rows,select_nodes,save_tree"
FLOORS = {"instructions": 400_000, "microseconds": 1_000}


def build():
    """The test binary of tests/slopes.rs with optimisation and symbols, without the long link of the release profile."""
    environment = dict(
        os.environ,
        CARGO_PROFILE_RELEASE_LTO="off",
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS="16",
        CARGO_PROFILE_RELEASE_STRIP="none",
    )
    command = ["cargo", "test", "--release", "--no-run", "--test", "slopes"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    found = re.search(r"Executable tests/slopes.rs \((.*)\)", done.stderr)
    if not found:
        sys.exit(done.stderr)
    return str((ROOT / found.group(1)).resolve())


def run(command, n, kind, operations, seconds):
    environment = dict(os.environ, SLOPES_N=str(n), SLOPES_KINDS=kind, SLOPES_OPERATIONS=operations)
    command = [*command, "--ignored", "--exact", "--nocapture", "--test-threads=1", "one"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    lines = [line.split() for line in done.stdout.splitlines()]
    # The name of the test may stand before the first line.
    rows = [line[-5:] for line in lines if len(line) >= 5 and line[-3] == str(n)]
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip()[-300:])
    return [(row[1], int(row[4])) for row in rows]


def instructions(binary, n, kind, operations, seconds):
    """A run of callgrind for each operation, which collects inside `measured` alone."""
    costs = []
    for operation in operations.split(","):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            command = [
                "valgrind", "--tool=callgrind", "--toggle-collect=*slopes*measured*", f"--callgrind-out-file={out}", binary,
            ]  # fmt: skip
            run(command, n, kind, operation, seconds)
            total = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)
            costs.append((operation, int(total.group(1))))
    return costs


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--n", type=int, default=250)
    words.add_argument("--kinds", default=KINDS)
    words.add_argument("--operations", default=OPERATIONS)
    words.add_argument("--everything", action="store_true", help="all kinds and operations: hours under callgrind")
    words.add_argument("--seconds", type=int, default=120, help="for one kind at one size")
    words.add_argument("--all", action="store_true", help="also what is in proportion")
    words.add_argument("--binary", help="of tests/slopes.rs, instead of a build")
    words = words.parse_args()
    binary = words.binary or build()
    unit, count = ("instructions", instructions) if shutil.which("valgrind") else ("microseconds", run)
    listed = subprocess.run([binary, "--ignored", "--exact", "--nocapture", "names"], capture_output=True, text=True)
    kinds = re.findall(r"kind (\w+)", listed.stdout)
    wanted = kinds if words.everything else [kind for kind in kinds if kind in words.kinds.split(",")]
    if words.everything:
        words.operations = ",".join(re.findall(r"operation (\w+)", listed.stdout))
    target = binary if unit == "instructions" else [binary]
    print(f"{unit} at {words.n}, {4 * words.n} and {16 * words.n}, and how they grow\n")
    steep = 0
    for kind in wanted:
        try:
            sizes = [dict(count(target, n, kind, words.operations, words.seconds)) for n in (words.n, 4 * words.n, 16 * words.n)]
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"{kind:<28} {str(error).splitlines()[-1]}")
            steep += 1
            continue
        for operation, last in sizes[2].items():
            costs = [max(size.get(operation, 0), FLOORS[unit]) for size in sizes]
            slopes = [costs[1] / costs[0], costs[2] / costs[1]]
            is_steep = max(slopes) > STEEP
            steep += is_steep
            if is_steep or words.all:
                print(f"{kind:<28} {operation:<24} {last:>14,} {slopes[0]:>6.1f} {slopes[1]:>6.1f}", flush=True)
    print(f"\n{len(wanted)} kinds, {steep} steep")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
