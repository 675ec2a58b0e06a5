#!/usr/bin/env python3
"""Times the Python package: reports on many small files, and a large array without a copy of it.

    python3 scripts/bench_python.py [--wheel WHEEL] [--work FOLDER] [--runs 5] [--count 10000] [--bytes 1073741824]

Installs the wheel (of target/wheels: `make wheel`) with numpy into an environment that is made for it, and runs itself there:

- picklescope.scan(PATH) for each of the files of scripts/scale/generate.py, in one process, by one thread and by one for each core;
- picklescope.open(PATH).array() of a pickle with one array of float64 in it, in a new process each time: how long open and array take, and
  how much memory they add.

Printed are the medians of the runs and, in brackets, the best and the worst. A rate is of processor time as well as of time by the clock,
because machines are busy. Exit code 1 when a bar is missed: 2,000 files a second a core (of processor time), 50 ms for array() and 16 MB.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import pickle
import platform
import re
import statistics
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parents[1]
RATE, MILLISECONDS, MEMORY = 2000, 50, 16 << 20


def environment(folder, wheel):
    """An environment with the wheel and numpy; its Python."""
    venv.create(folder, with_pip=True, clear=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pins = (ROOT / "packages" / "python" / "tests" / "requirements.txt").read_text(encoding="utf-8")
    numpy = re.search(r"^numpy==.*$", pins, re.M)[0]
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", numpy, str(wheel)], check=True)
    return python


def small_files(folder, count):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(paths) != count:
        subprocess.run([sys.executable, ROOT / "scripts" / "scale" / "generate.py", folder, "--count", str(count)], check=True)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in paths]


def scan(paths, threads):
    """Files a second by the clock, and of processor time."""
    import picklescope

    def levels(paths):
        return [picklescope.scan(path).level for path in paths]

    clock, processor = time.perf_counter(), time.process_time()
    if threads == 1:
        found = levels(paths)
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            found = [level for part in pool.map(levels, [paths[n::threads] for n in range(threads)]) for level in part]
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    assert len(found) == len(paths)
    return len(paths) / clock, len(paths) / processor


def resident():
    """Bytes of this process that are in memory and belong to no file; None where the system does not tell."""
    try:
        facts = pathlib.Path("/proc/self/status").read_text()
    except OSError:
        return None
    return int(re.search(r"^RssAnon:\s+(\d+) kB", facts, re.M)[1]) << 10


def array(path):
    """What open and array take in this process, in milliseconds and bytes."""
    import numpy  # noqa: F401

    import picklescope

    before = resident()
    began = time.perf_counter()
    file = picklescope.open(path)
    opened = time.perf_counter()
    found = file.array()
    made = time.perf_counter()
    more = None if before is None else resident() - before
    base = found
    while isinstance(getattr(base, "base", None), numpy.ndarray):
        base = base.base
    owner = getattr(base, "base", None)
    owner = owner.obj if isinstance(owner, memoryview) else owner
    assert type(owner).__name__ == "mmap" and found[0] == 0 and found[-1] == len(found) - 1, (type(owner), found[-1])
    return {"open": 1000 * (opened - began), "array": 1000 * (made - opened), "bytes": found.nbytes, "more": more}


def large_array(path, size):
    """A pickle of one array, as numpy writes it."""
    import numpy

    if not path.exists() or not size <= path.stat().st_size < size + 1000:
        with open(path, "wb") as file:
            pickle.dump(numpy.arange(size // 8, dtype="<f8"), file, 5)
    # So that the first run does not wait for the disk.
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass


def spread(values, digits=0):
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def measure(options):
    import picklescope

    print(f"picklescope {picklescope.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    paths = small_files(options.work / "small", options.count)
    size = sum(os.path.getsize(path) for path in paths)
    print(f"\nscan of {len(paths):,} files, {size / 1e6:.1f} MB, files a second")
    missed = []
    for threads in sorted({1, os.cpu_count() or 1}):
        runs = [scan(paths, threads) for _ in range(options.runs)]
        clock, processor = [run[0] for run in runs], [run[1] for run in runs]
        print(f"  {threads} thread{'s'[:threads > 1]}: by the clock {spread(clock)}, a core {spread(processor)}")
        if statistics.median(processor) < RATE:
            missed.append(f"{statistics.median(processor):.0f} files a second a core, not {RATE}")
    path = options.work / "array.pkl"
    large_array(path, options.bytes)
    words = [sys.executable, __file__, "--array", str(path)]
    runs = [json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout) for _ in range(options.runs)]
    times, more = [run["array"] for run in runs], [run["more"] for run in runs if run["more"] is not None]
    print(f"\nan array of {runs[0]['bytes']:,} bytes in a pickle of {path.stat().st_size:,}, milliseconds")
    print(f"  open {spread([run['open'] for run in runs], 1)}, array {spread(times, 1)}")
    if more:
        print(f"  memory of both together: {spread([value / 1e6 for value in more], 1)} MB")
        missed += [f"{max(more):,} bytes of memory"] if max(more) > MEMORY else []
    missed += [f"array() took {statistics.median(times):.0f} ms"] if statistics.median(times) > MILLISECONDS else []
    return missed


def main():
    parser = argparse.ArgumentParser(description="Times the Python package.")
    parser.add_argument("--wheel", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench-python")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=1 << 30)
    parser.add_argument("--here", action="store_true", help="measure the package that this Python has")
    parser.add_argument("--array", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.array:
        print(json.dumps(array(options.array)))
        return
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    if not options.here:
        wheels = [options.wheel] if options.wheel else sorted((options.work.parent / "wheels").glob("picklescope-*.whl"))
        if len(wheels) != 1:
            raise SystemExit(f"bench_python: {len(wheels)} wheels in {options.work.parent / 'wheels'}; make wheel builds one")
        python = environment(options.work / "environment", wheels[0].resolve())
        raise SystemExit(subprocess.run([python, __file__, "--here", *sys.argv[1:]], check=False).returncode)
    missed = measure(options)
    if missed:
        raise SystemExit(f"bench_python: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
