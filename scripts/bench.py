#!/usr/bin/env python3
"""Times Picklescope against CPython's own loader, whole processes, pairwise in one run. No third-party dependency.

    python3.11 scripts/bench.py --binary target/release/picklescope --inputs FOLDER [--runs 7] [--at-least 5] [NAME ...]

For each input the programs take turns, so that whatever else the machine does hits all of them:
    picklescope FILE
    python3 -c "import pickle; pickle.load(open(FILE, 'rb'))"
and, with --gc-off, the same with the garbage collector off; with --also NAME=COMMAND, any other command, in which
{file} stands for the file (a wasm build under Node, say).
Printed are the minimum and the median of the runs, Python's time divided by Picklescope's for both, and the geometric
mean of the ratios. About two minutes for the four inputs and seven runs. The inputs come from scripts/bench_inputs.py.
Exit code 1 if --at-least is given and the geometric mean of the medians is below it, 2 if a program fails.
"""

import argparse
import math
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time

SPEED = ("ints", "records", "dict", "instances")
LOAD = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))"


def once(command, environment):
    begin = time.perf_counter()
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    elapsed = time.perf_counter() - begin
    if run.returncode != 0:
        print("bench: %s failed with exit code %d: %s" % (
            shlex.join(command), run.returncode, run.stderr.decode("utf-8", "replace").strip()[-300:]), file=sys.stderr)
        sys.exit(2)
    return elapsed


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Times Picklescope against CPython's pickle.load, whole processes.")
    parser.add_argument("--binary", required=True, help="the command; FILE is appended")
    parser.add_argument("--inputs", required=True, help="folder written by bench_inputs.py")
    parser.add_argument("--python", default=sys.executable, help="the Python to compare with (default: this one)")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--gc-off", action="store_true", help="also time pickle.load with the garbage collector off")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND", help="also time this; {file} stands for the file")
    parser.add_argument("--at-least", type=float, help="fail below this geometric mean")
    parser.add_argument("names", nargs="*", default=list(SPEED))
    options = parser.parse_args()

    environment = dict(os.environ, PYTHONPATH=here)  # pickle.load imports bench_classes
    version = subprocess.run([options.python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
    print("%s, %d cores, %s; %d runs each, taking turns" % (processor(), os.cpu_count(), version, options.runs))
    commands = {"picklescope": shlex.split(options.binary) + ["{file}"], "pickle.load": [options.python, "-c", LOAD, "{file}"]}
    if options.gc_off:
        commands["gc off"] = [options.python, "-c", "import gc; gc.disable(); " + LOAD, "{file}"]
    for extra in options.also:
        name, _, command = extra.partition("=")
        commands[name] = shlex.split(command)
    print("%-10s %8s  " % ("input", "MB") + "".join("%-27s" % name for name in commands))
    print("%-10s %8s  " % ("", "") + "".join("%-27s" % ("min s  median s" + ("" if name == "picklescope" else "   times")) for name in commands))

    ratios = {name: ([], []) for name in commands}
    for name in options.names:
        path = os.path.join(options.inputs, name + ".pkl")
        times = {label: [] for label in commands}
        for _ in range(options.runs):
            for label, command in commands.items():
                times[label].append(once([part.replace("{file}", path) for part in command], environment))
        ours = times["picklescope"]
        cells = []
        for label, measured in times.items():
            least, median = min(measured), statistics.median(measured)
            cell = "%.4f %.4f" % (least, median)
            if label != "picklescope":
                by_least, by_median = least / min(ours), median / statistics.median(ours)
                ratios[label][0].append(by_least)
                ratios[label][1].append(by_median)
                cell += " %5.1f/%.1f" % (by_least, by_median)
            cells.append("%-27s" % cell)
        print("%-10s %8.1f  %s" % (name, os.path.getsize(path) / 1e6, "".join(cells)))
    result = None
    for label in commands:
        if label != "picklescope":
            least, median = (math.exp(statistics.fmean(map(math.log, values))) for values in ratios[label])
            print("%s takes %.1f times as long by the minima, %.1f by the medians (geometric mean of %d inputs)" % (
                label, least, median, len(options.names)))
            if label == "pickle.load":
                result = median
    if options.at_least and result < options.at_least:
        print("bench: below %.1f" % options.at_least)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
