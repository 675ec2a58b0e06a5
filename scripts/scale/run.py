"""Runs a scan of generated files in one process, on Spark and on Ray Data, and holds the results to each other.

run.py FOLDER COUNT PROGRAM     FOLDER is emptied; PROGRAM is the command line picklescope

Prints a table. Exit code 1 when a result differs from that of one process, or no worker was killed where one should be.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Runs:
    def __init__(self, folder, count):
        self.folder = folder
        self.files = os.path.join(folder, "files")
        self.count = count
        self.expected = None
        self.failures = []

    def run(self, label, script, cores=1, kill=False):
        """Runs one script; prints a row of the table."""
        out = os.path.join(self.folder, f"{script[:-3]}{'-killed' if kill else ''}.tsv")
        marker = os.path.join(self.folder, f"{script}.killed-{self.count // 2:06}")
        words = [self.files, out] + ([str(cores)] if script != "one.py" else []) + ([marker] if kill else [])
        log = os.path.join(self.folder, f"{script}.log")
        with open(log, "w", encoding="utf-8") as errors:
            done = subprocess.run([sys.executable, os.path.join(HERE, script), *words], stdout=subprocess.PIPE, stderr=errors)
        if done.returncode != 0:
            with open(log, encoding="utf-8", errors="replace") as errors:
                sys.exit(f"{label} failed:\n{errors.read()[-4000:]}")
        took = json.loads(done.stdout.splitlines()[-1])
        with open(out, "rb") as rows:
            results = rows.read()
        self.expected = self.expected or results
        if not self.are_equal(results, script) or results.count(b"\n") != self.count:
            self.failures.append(f"{label}: the results are not those of one process ({out})")
        if kill and not os.path.exists(marker):
            self.failures.append(f"{label}: no worker was killed")
        self.row(label, cores, took, self.are_equal(results, script))
        return took

    def are_equal(self, results, script):
        """Whether results are those of one process: rows and checksums of whole reports, or what `scan --stdin` has of them."""
        expected = self.expected
        if script == "spark_lines.py":
            expected = b"".join(b"\t".join(row.split(b"\t")[:3]) + b"\n" for row in expected.splitlines())
        return results == expected

    def row(self, label, cores, took, are_equal):
        rate = self.count / took["seconds"]
        same = "yes" if are_equal else "NO"
        start = f"{took['start']:.1f}" if "start" in took else ""
        print(f"| {label} | {cores} | {start} | {took['seconds']:.1f} | {rate:,.0f} | {rate / cores:,.0f} | {same} |", flush=True)


def command_line(runs, program, cores):
    """The scan of the whole folder by the command line, which has a process for each core."""
    begin = time.perf_counter()
    done = subprocess.run([program, "scan", "--json", "."], cwd=runs.files, stdout=subprocess.PIPE)
    took = {"seconds": time.perf_counter() - begin}
    found = {os.path.normpath(report["path"]): report["level"] for report in json.loads(done.stdout)}
    expected = {row.split("\t")[0]: row.split("\t")[1] for row in runs.expected.decode().splitlines()}
    if found != expected:
        runs.failures.append("the command line: the levels are not those of one process")
    runs.row("command line", cores, took, found == expected)


def main():
    folder, count, program = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    shutil.rmtree(folder, ignore_errors=True)
    runs = Runs(folder, count)
    generate = [sys.executable, os.path.join(HERE, "generate.py"), runs.files, "--count", str(count)]
    subprocess.run(generate, check=True)
    size = sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(runs.files) for name in names)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("picklescope", "pyspark", "ray"))
    print(f"{count:,} files, {size / 1e6:.1f} MB; {versions}; Python {sys.version.split()[0]}; {cores} cores\n")
    print("| | cores | start (s) | scan (s) | files/s | files/s/core | results equal |")
    print("|---|--:|--:|--:|--:|--:|---|")
    one = runs.run("one process", "one.py")
    command_line(runs, program, cores)
    runs.run("Spark, scan --stdin", "spark_lines.py", cores)
    for name, script in (("Spark", "spark.py"), ("Ray Data", "ray_data.py")):
        runs.run(name, script, cores)
        runs.run(f"{name}, a worker killed", script, cores, kill=True)
    digest = hashlib.sha256(runs.expected).hexdigest()
    print(f"\none process: {count / one['processor']:,.0f} files a second of processor time; results {digest[:16]}")
    for failure in runs.failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if runs.failures else 0)


if __name__ == "__main__":
    main()
