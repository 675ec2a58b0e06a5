#!/usr/bin/env python3
"""Measures what each command makes of the hostile files (scripts/hostile.py) and writes docs/robustness.md.

    python3 scripts/hostile_table.py FOLDER [--program target/release/picklescope] [--only NAME ...] [--out FILE]

Time is that of the processor (user and system, all processes of the command), memory the peak of the process that worked
(resident), the code that of the exit. A command that takes longer than two minutes of the clock (--patience) is ended. Linux only.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile

COMMANDS = ["info", "scan", "tree", "json", "python", "dis", "contents"]
PATIENCE = 120
SLOW = 10
INPUTS = {
    "zeros": ("Zeros without end", ["cat", "/dev/zero"]),
    "marks": ("MARKs without end", ["sh", "-c", "yes '((((((((((((((((((((((((((((((((' | tr -d '\\n'"]),
    "pickles": ("Pickles without end", ["sh", "-c", "yes 'N.' | tr -d '\\n'"]),
    "ints": ("Ints without end", ["sh", "-c", "yes 'K1K1K1K1K1K1K1K1K1K1K1K1K1K1K1' | tr -d '\\n'"]),
}

HEAD = """# Robustness: what commands make of hostile files

Each line is a file of `scripts/hostile.py`. Each cell is one command on it: seconds of processor time, peak memory in MB, exit code.
Measured by `scripts/hostile_table.py` on {machine}, with {build} and its default budgets:
`--limit-memory` is a quarter of the machine's memory, at most 4 GiB ({memory} here); `--limit-output` is 1 GiB; what `json` and
`dis` print goes to a pipe that takes everything. A command that runs for more than {patience} s of the clock is ended and listed as "late".

Expected: no crash (70), no command above its budget of memory, and none above {slow} s unless it really reads, unpacks or writes
gigabytes. What goes over a budget is read up to it and shown; the command ends with code 2 and names the budget.
"""

TAIL = """
## What is said

The first line of `scan` that says why the reading is partial, otherwise the last line of `info` on standard error.

| file | message |
|---|---|
"""


def run(program, command, path, feeder=None, patience=PATIENCE):
    """Seconds, peak MB, exit code, bytes printed, message."""
    words = [program, command, "-" if feeder else path]
    source = subprocess.Popen(feeder, stdout=subprocess.PIPE, start_new_session=True) if feeder else None
    with tempfile.TemporaryFile() as error:
        process = subprocess.Popen(words, stdin=source.stdout if source else subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=error, start_new_session=True)
        if source:
            source.stdout.close()
        ended = False

        def late(_signal, _frame):
            nonlocal ended
            ended = True
            os.killpg(process.pid, signal.SIGKILL)

        signal.signal(signal.SIGALRM, late)
        signal.alarm(patience)
        printed, head = 0, b""
        while piece := os.read(process.stdout.fileno(), 1 << 20):
            printed += len(piece)
            head = (head + piece)[:100_000]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        signal.alarm(0)
        process.stdout.close()
        seconds = usage.ru_utime + usage.ru_stime
        if source:
            os.killpg(source.pid, signal.SIGKILL)
            source.wait()
        error.seek(0)
        said = error.read(100_000).decode("utf-8", "replace").strip().splitlines()
    reasons = [line.strip() for line in head.decode("utf-8", "replace").splitlines() if line.startswith("  not read: ")]
    message = reasons[0] if reasons else said[-1] if said else ""
    code = "late" if ended else process.returncode
    return seconds, usage.ru_maxrss / 1024, code, printed, message.replace("|", "\\|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--program", default="target/release/picklescope")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--commands", nargs="*", default=COMMANDS)
    parser.add_argument("--build", default="the release build")
    parser.add_argument("--patience", type=int, default=PATIENCE)
    parser.add_argument("--out", default="docs/robustness.md")
    options = parser.parse_args()
    rows = [(name, what, os.path.join(options.folder, name), None) for name, (what, _) in hostile.FILES.items()]
    rows += [("- (%s)" % name, facts[0] + ", standard input", None, facts[1]) for name, facts in INPUTS.items()]
    with open("/proc/meminfo") as facts:
        total = int(facts.readline().split()[1]) * 1024
    memory = min(total // 4, 4 << 30)
    machine = "a %s machine with %d processors and %d GB" % (platform.machine(), os.cpu_count(), round(total / 1e9))
    lines = [HEAD.format(machine=machine, memory="%.1f GiB" % (memory / (1 << 30)), slow=SLOW,
                         build=options.build, patience=options.patience), ""]
    lines[-1] = "| file | what | bytes | %s |" % " | ".join(options.commands)
    lines.append("|---|---|--:|%s" % ("---|" * len(options.commands)))
    messages, odd = [], []
    for name, what, path, feeder in rows:
        if options.only and name not in options.only or path and not os.path.exists(path):
            continue
        cells, said = [], {}
        for command in options.commands:
            seconds, peak, code, printed, message = run(options.program, command, path, feeder, options.patience)
            said[command] = message
            cells.append("%.1f s, %d, %s" % (seconds, peak, code))
            note = "%s %s: %.1f s, %d MB, %s, %d bytes printed: %s" % (name, command, seconds, peak, code, printed, message)
            is_odd = seconds > SLOW or code == "late" or peak > memory / (1 << 20) + 64 or code not in (0, 1, 2)
            if is_odd:
                odd.append(note)
            print(("!! " if is_odd else "   ") + note[:300], flush=True)
        size = "{:,}".format(os.path.getsize(path)) if path else ""
        lines.append("| %s | %s | %s | %s |" % (name, what, size, " | ".join(cells)))
        message = said.get("scan") or said.get("info") or ""
        messages.append("| %s | %s |" % (name, message[:300].replace(options.folder + "/", "")))
    with open(options.out, "w") as out:
        out.write("\n".join(lines) + "\n" + TAIL + "\n".join(messages) + "\n")
    print("\n%d odd" % len(odd))
    print("\n".join(odd))


if __name__ == "__main__":
    main()
