#!/usr/bin/env python3
"""Runs other scanners of pickles and ours over the same files, once, and prints a table in Markdown.

    scripts/compare_peers.py [--picklescope PATH] [--limit N] [--keep FOLDER]

The others are installed into virtual environments below ~/.cache/picklescope/peers. Nothing is unpickled by anyone.

Each tool gets one file at a time, as it would on its command line, but within one process per tool, so that the start of
Python is not in the seconds (ours is started once with all files). A file that takes longer than 30 seconds is an error.

How each tool's answer is read. It has one of four outcomes, and the better for the tool where it is in doubt:

dangerous   the tool says by its own words that the file is harmful
warned      it says something less
error       it says that it could not read the file, or it read nothing of it, or did not end; a person is warned, too
clean       it read the file, or part of it, and says nothing

picklescan  dangerous: issues_count > 0 (exit 1). error: scan_err (exit 2), an exception, or scanned_files == 0.
            warned: suspicious_count > 0, which the summary shows, with exit 0.
fickling    as --check-safety, on each stacked pickle; a zip archive through its own scan_zip_archive. dangerous: severity
            LIKELY_OVERTLY_MALICIOUS or above. warned: any other above LIKELY_SAFE (exit 1). error: exception (exit 2).
modelscan   dangerous: issues of severity CRITICAL or HIGH. warned: lesser issues. error: errors, or nothing scanned
            (exit 2 and 3).
modelaudit  dangerous: an issue of severity critical. warned: of severity warning. error: without either, its exit code is 2.
            Its cache is off.
picklescope dangerous: level dangerous. warned: suspicious, or unknown code. error: partial without either. clean: data only,
            recognised, or not a pickle, read completely.
"""

import argparse
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests/fixtures"
CACHE = Path.home() / ".cache/picklescope/peers"
# modelscan 0.8.8 fails on every .npy with numpy 2.3 and later; fickling 0.1.12 imports typing_extensions without asking for it.
TOOLS = {
    "picklescan": ["picklescan==1.0.5", "py7zr", "numpy<2.3"],
    "fickling": ["fickling==0.1.12", "typing_extensions"],
    "modelscan": ["modelscan==0.8.8", "numpy<2.3"],
    "modelaudit": ["modelaudit==0.2.54", "py7zr"],
}
BENIGN = {"benign pickles": ["real", "benign"], "benign in containers": ["containers"]}
OUTCOMES = ("dangerous", "warned", "error", "clean")
SECONDS = 30


class TooLong(BaseException):
    """Not an Exception: the tools must not catch it."""


def picklescan():
    from picklescan.scanner import scan_file_path

    def judge(path):
        result = scan_file_path(path)
        if result.issues_count:
            return "dangerous"
        if result.scan_err or not result.scanned_files:
            return "error"
        return "warned" if result.suspicious_count else "clean"

    return judge


def fickling():
    import zipfile

    from fickling import scan_zip_archive
    from fickling.analysis import Severity, check_safety
    from fickling.fickle import StackedPickle

    def severities(path):
        if zipfile.is_zipfile(path):
            return [result.severity for result in scan_zip_archive(path).values()]
        with open(path, "rb") as file:
            stacked = StackedPickle.load(file, fail_on_decode_error=False)
        return [check_safety(pickled).severity for pickled in stacked]

    def judge(path):
        found = severities(path)
        if not found:
            return "error"
        worst = max(found)
        if worst >= Severity.LIKELY_OVERTLY_MALICIOUS:
            return "dangerous"
        return "warned" if worst > Severity.LIKELY_SAFE else "clean"

    return judge


def modelscan():
    from modelscan.modelscan import ModelScan

    def judge(path):
        results = ModelScan().scan(path)
        severities = {issue["severity"] for issue in results["issues"]}
        if severities & {"CRITICAL", "HIGH"}:
            return "dangerous"
        if severities:
            return "warned"
        nothing = results["summary"]["scanned"]["total_scanned"] == 0
        return "error" if results["errors"] or nothing else "clean"

    return judge


def modelaudit():
    from modelaudit.core import determine_exit_code, scan_model_directory_or_file

    def judge(path):
        results = scan_model_directory_or_file(path, cache_enabled=False, timeout=SECONDS)
        severities = {getattr(issue.severity, "value", issue.severity) for issue in results.issues}
        if "critical" in severities:
            return "dangerous"
        if "warning" in severities:
            return "warned"
        return "error" if determine_exit_code(results) == 2 else "clean"

    return judge


def work(tool):
    """Inside the environment of a tool: paths on standard input, an outcome a line on standard output."""
    import logging

    logging.disable(logging.CRITICAL)

    def stop(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, stop)
    answers = sys.stdout
    judge = globals()[tool]()
    for line in sys.stdin:
        path = json.loads(line)
        start = time.monotonic()
        try:
            signal.alarm(SECONDS)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                outcome = judge(path)
        except (Exception, TooLong, SystemExit, RecursionError):
            outcome = "error"
        finally:
            signal.alarm(0)
        answers.write(json.dumps([path, outcome, time.monotonic() - start]) + "\n")
        answers.flush()


def environment(tool):
    folder = CACHE / tool
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *TOOLS[tool]], check=True)
    return python


def run_peer(tool, files):
    python = environment(tool)
    lines = "".join(json.dumps(str(file)) + "\n" for file in files)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    clean |= {"PYTHONWARNINGS": "ignore", "PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1"}
    done = subprocess.run([python, __file__, "--work", tool], input=lines, capture_output=True, text=True, env=clean)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    if len(answers) < len(files):
        sys.exit(f"{tool} ended after {len(answers)} of {len(files)} files:\n{done.stderr[-2000:]}")
    return {path: outcome for path, outcome, _ in answers}, sum(seconds for *_, seconds in answers)


def run_ours(picklescope, files):
    start = time.monotonic()
    command = [picklescope, "scan", "--format", "json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode not in (0, 1, 2):
        sys.exit(f"picklescope failed: {done.stderr}")
    outcomes = {}
    for report in json.loads(done.stdout):
        if report["level"] == "dangerous":
            outcome = "dangerous"
        elif report["level"] in ("suspicious", "unknown-code"):
            outcome = "warned"
        else:
            outcome = "error" if report["reading"] == "partial" else "clean"
        outcomes[report["path"]] = outcome
    return outcomes, seconds


def files_of(folders, limit):
    data = (".json", ".md", ".py", ".txt")
    found = [
        path
        for folder in folders
        for path in sorted((FIXTURES / folder).rglob("*"))
        if path.is_file() and path.suffix not in data
    ]
    return found[:limit] if limit else found


def hostile(kinds, limit):
    """Files of some kinds, by the lists that tell what they are built to do."""
    found = []
    for folder in (FIXTURES / "hostile", FIXTURES / "hostile-containers"):
        entries = json.loads((folder / "EXPECTED.json").read_text())
        found += sorted(folder / entry["file"] for entry in entries if entry["kind"] in kinds)
    return found[:limit] if limit else found


def all_sets(limit):
    sets = {"attacks": hostile(["attack"], limit), "bombs and oddities": hostile(["bomb", "oddity"], limit)}
    return sets | {name: files_of(folders, limit) for name, folders in BENIGN.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picklescope", default=ROOT / "target/release/picklescope")
    parser.add_argument("--limit", type=int, help="files of each set, for a trial")
    parser.add_argument("--keep", type=Path, help="folder for each tool's outcome of each file, as JSON")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        return work(arguments.work)
    sets = all_sets(arguments.limit)
    everything = [file for files in sets.values() for file in files]
    names = {tool: " ".join(packages[0].split("==")) for tool, packages in TOOLS.items()} | {"picklescope": "picklescope"}
    outcomes, seconds = {}, {}
    for tool in names:
        print(f"{tool} ...", file=sys.stderr)
        run = (lambda: run_ours(arguments.picklescope, everything)) if tool == "picklescope" else (
            lambda: run_peer(tool, everything)
        )
        outcomes[tool], seconds[tool] = run()
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            relative = {os.path.relpath(path, FIXTURES): found for path, found in outcomes[tool].items()}
            (arguments.keep / f"{tool}.json").write_text(json.dumps(relative, indent=0, sort_keys=True))
    print("| set | files | " + " | ".join(names.values()) + " |")
    print("|---" * (len(names) + 2) + "|")
    for name, files in sets.items():
        cells = []
        for tool in names:
            counts = [sum(outcomes[tool].get(str(file)) == outcome for file in files) for outcome in OUTCOMES]
            cells.append(" / ".join(map(str, counts)))
        print(f"| {name} | {len(files)} | " + " | ".join(cells) + " |")
    print(f"| seconds | {len(everything)} | " + " | ".join(f"{seconds[tool]:.1f}" for tool in names) + " |")
    print(f"\nEach cell: {' / '.join(OUTCOMES)}. Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
