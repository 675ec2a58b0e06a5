#!/usr/bin/env python3
"""How the cost of every operation grows with the file: every kind of large thing of tests/support/large.rs at n, 4n and 16n.

    scripts/bench_slopes.py [--n 250] [--kinds a,b] [--operations a,b] [--seconds 120] [--all]

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
    """One dump of callgrind for each operation, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind", "--tool=callgrind", "--toggle-collect=*slopes*measured*", "--dump-after=*slopes*measured*",
            f"--callgrind-out-file={folder}/out", binary,
        ]  # fmt: skip
        rows = run(command, n, kind, operations, seconds)
        dumps = sorted(pathlib.Path(folder).glob("out.*"), key=lambda path: int(path.suffix[1:]))
        totals = [re.search(r"^(?:totals|summary): (\d+)", path.read_text(), re.MULTILINE) for path in dumps]
        costs = [int(total.group(1)) for total in totals if total]
        return [(operation, cost) for (operation, _), cost in zip(rows, costs)]


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--n", type=int, default=250)
    words.add_argument("--kinds", default="")
    words.add_argument("--operations", default="")
    words.add_argument("--seconds", type=int, default=120, help="for one kind at one size")
    words.add_argument("--all", action="store_true", help="also what is in proportion")
    words.add_argument("--binary", help="of tests/slopes.rs, instead of a build")
    words = words.parse_args()
    binary = words.binary or build()
    unit, count = ("instructions", instructions) if shutil.which("valgrind") else ("microseconds", run)
    listed = subprocess.run([binary, "--ignored", "--exact", "--nocapture", "names"], capture_output=True, text=True)
    kinds = re.findall(r"kind (\w+)", listed.stdout)
    wanted = [kind for kind in kinds if not words.kinds or kind in words.kinds.split(",")]
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
