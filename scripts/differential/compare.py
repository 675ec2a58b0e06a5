"""Generated streams through CPython's readers and through Picklescope: where they differ, by kind, each shrunk.

    compare.py run [--seed N] [--count N] [--out kinds.json]   # adds to the file
    compare.py show kinds.json       # all kinds; `lines`: those of ours, a line each; `table`: as docs/readers.md has them
    compare.py try HEX [FLAGS]

Needs the harness: `cargo build --release --example differential`; HARNESS says where it is when it is not in `target`.
"""

import argparse
import collections
import json
import os
import pickletools
import re
import struct
import subprocess
import sys
import time

import truth
from generate import Generator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KNOWN = os.path.join(ROOT, "tests", "differential", "known.tsv")
BATCH = 500

# Kinds that say something about Picklescope; the others are about CPython's readers among themselves.
OURS = ("panics", "stops", "says refused", "value", "end", "nothing said", "only noted", "other words", "said early", "equal; nothing said",
        "pickle.py differs; nothing said", "listing")

# Notes about frames behind which a loader from a file reads other bytes than one from bytes.
FRAMES = (("frames", "crosses the end of its frame"), ("end of a frame", "behind STOP"))

Ours = collections.namedtuple("Ours", "pickles said listing")
Pickle = collections.namedtuple("Pickle", "end complete collapsed value")
Said = collections.namedtuple("Said", "offset end raised fatal opcode message")
PANIC = Ours(None, [], None)


class Harness:
    def __init__(self, path=None):
        target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
        self.path = path or os.environ.get("HARNESS") or os.path.join(target, "release", "examples", "differential")
        self.process = None

    def ask(self, streams):
        """Answers to `(flags, bytes)`, in order. A batch is small enough not to fill both pipes at once."""
        answers = []
        for at in range(0, len(streams), BATCH):
            batch = streams[at:at + BATCH]
            answers += self.batch(batch) or [(self.batch([one]) or [PANIC])[0] for one in batch]
        return answers

    def batch(self, batch):
        """The answers, or `None` when the harness ended instead: a release build aborts when something panics."""
        if self.process is None:
            self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=subprocess.DEVNULL)
        records = b"".join(struct.pack("<IB", len(data), flags) + data for flags, data in batch)
        answers = []
        try:
            self.process.stdin.write(records + b"\xff\xff\xff\xff\0")
            self.process.stdin.flush()
            for _ in batch:
                length = struct.unpack("<I", self.process.stdout.read(4))[0]
                answers.append(parse(self.process.stdout.read(length).decode("utf-8", "replace")))
            return answers
        except (BrokenPipeError, struct.error):
            self.process.kill()
            self.process.wait()
            self.process = None
            return None


def parse(text):
    pickles, said, listing = [], [], None
    head, mark, rest = text.partition("D\n") if text.startswith("D\n") else text.partition("\nD\n")
    if mark:
        listing = rest
    for line in head.split("\n"):
        if line.startswith("V "):
            _, end, complete, collapsed, value = line.split(" ", 4)
            pickles.append(Pickle(int(end), complete == "1", collapsed == "1", value))
        elif line.startswith("P "):
            _, offset, end, fatal, opcode, message = line.split(" ", 5)
            message, _, raised = message.partition("\t")
            said.append(Said(int(offset), int(end), raised if raised != "-" else None, fatal == "1", opcode, message))
    return Ours(pickles, said, listing)


def pattern(message):
    """A message without what is particular to one stream."""
    message = message.split("\n")[0]
    message = re.sub(r"\[.*\]", "[…]", message)
    message = re.sub(r"(to float)(: '.*)?$|memo key None", lambda m: m[1] or "memo key #", message)
    message = re.sub(r"'(\w+)' object ", "a \\1 ", message)
    message = re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", message)
    # What the value was belongs to the stream, not to the kind.
    message = re.sub(r"\b(NoneType|Obj|Meta|int|bool|float|str|bytes|bytearray|memoryview|tuple|list|dict|set|frozenset)(?= is| has| does|$)",
                     "X", message)
    message = re.sub(r"0x[0-9a-f]+|-?\d[\d,_]*", "#", message)
    return message[:110]


def instructions(data, at):
    """Offset, name and end of the instructions from `at` on, whatever their arguments say."""
    while at < len(data):
        opcode = pickletools.code2op.get(chr(data[at]))
        if opcode is None:
            return
        end, arg = at + 1, opcode.arg
        if arg is None:
            pass
        elif arg.n == pickletools.UP_TO_NEWLINE:
            for _ in range(2 if opcode.name in ("GLOBAL", "INST") else 1):
                end = (data.find(b"\n", end) + 1) or len(data)
        elif arg.n >= 0:
            end += arg.n
        else:
            width = {pickletools.TAKEN_FROM_ARGUMENT1: 1, pickletools.TAKEN_FROM_ARGUMENT8U: 8}.get(arg.n, 4)
            end += width + int.from_bytes(data[end:end + width], "little")
        yield at, opcode.name, end
        at = end


def opcode_at(data, tell, start=0):
    """The instruction that a loader was at when it had read up to `tell`."""
    name = "-"
    for at, name, end in instructions(data, start):
        if end >= tell:
            return name
    return name


def known():
    """The differences that stay: name, kind, opcodes, part of the message, byte that the stream has, flags."""
    with open(KNOWN) as file:
        return [row.rstrip("\n").split("\t")[:6] for row in file if not row.startswith("#")]


def first_difference(a, b):
    """The first words that differ, without their contents."""
    a, b = a.split(" "), b.split(" ")
    for one, other in zip(a, b):
        if one != other:
            return "-", "%s, not %s" % (one[:1], other[:1] if other[:1] != "!" else other.split(":")[0])
    return "-", "length"


def between_readers(flags, data, values, error, tools=False):
    """Where CPython's own readers differ over the first pickle."""
    found = []
    if not data:
        return found
    py_values, py_error = truth.python_answer(data, flags)
    if py_error and py_error[0].startswith(("MemoryError", "RecursionError")):
        return found
    c = "loads " + values[0][0] if values else "refuses: " + error[0]
    py = "loads " + py_values[0][0] if py_values else py_error[0]
    if values and py_values:
        if values[0][0] != py_values[0][0] and "!tie" not in values[0][0]:
            found.append(("pickle.py gives another value", *first_difference(values[0][0], py_values[0][0]), c, py))
        elif values[0][1] != py_values[0][1]:
            found.append(("pickle.py ends elsewhere", "-", "", c, "at %d, not %d" % (py_values[0][1], values[0][1])))
    elif py_values:
        opcode = "framed" if b"\x95" in data else opcode_at(data, error[1])
        found.append(("pickle.py loads what C refuses", opcode, pattern(error[0]), c, py))
    elif values:
        opcode = "framed" if b"\x95" in data else opcode_at(data, py_error[1])
        found.append(("pickle.py refuses what C loads", opcode, pattern(py_error[0]), c, py))
    if tools and values:
        _, listing_error = truth.listing(data)
        if listing_error:
            found.append(("pickletools refuses what C loads", "-", pattern(listing_error), c, listing_error))
    return found


class Judge:
    """What differs for one stream, as `(kind, opcode, pattern, what CPython gives, what we say)`."""

    def __init__(self, python=True, listings=True):
        self.python, self.listings = python, listings
        self.tally = collections.Counter()
        self.known = known()

    def judge(self, flags, data, ours):
        """The differences, those that stay under the name they have in the table."""
        return [self.named(flags, data, found) for found in self.all(flags, data, ours)]

    def named(self, flags, data, found):
        kind, opcode, what, c, ours = found
        message = c.partition(": ")[2] if c.startswith("refuses") else str(ours)
        for name, differences, opcodes, part, starts, mask in self.known:
            hidden = opcode == "framed"
            if ((kind in differences.split(",") or hidden and kind == "nothing said" and "only noted" in differences)
                    and part in message and (opcodes == "-" or hidden or opcode in opcodes.split(","))
                    and (starts == "-" or any(bytes.fromhex(byte) in data for byte in starts.split(",")))
                    and (mask == "-" or flags & int(mask))):
                return "known", "-", name, c, ours
        return found

    def all(self, flags, data, ours):
        if ours.pickles is None:
            return [("panics", "-", "", "-", "a panic")]
        expected = truth.answers(data, flags)
        values, error, carried = expected[0]
        if error and error[0].startswith("MemoryError"):
            self.tally["memory"] += 1
            return []
        self.tally["loaded with the memo carried on"] += carried
        self.tally["streams"] += 1
        self.tally["pickles loaded"] += len(values)
        self.tally["refused"] += error is not None
        found = min((self.one(flags, data, ours, *expectation) for expectation in expected), key=len)
        if self.python:
            alone = expected[-1][:2] if not expected[-1][2] else truth.c_answer(data, flags)
            self.other_reader(flags, data, ours, *alone, found)
        if self.listings and flags & truth.LISTING:
            self.listing(data, ours, found)
        return found

    def one(self, flags, data, ours, values, error, carried):
        found = []
        self.streams(flags, data, ours, values, error, found)
        if found and b"\x95" in data:
            # From a file, the C loader drops what is left of a frame when an instruction crosses its end, and what is behind STOP.
            for kind, words in FRAMES:
                if any(words in s.message for s in ours.said):
                    found = [(kind, "-", kind_, c, text) for kind_, _, _, c, text in found]
                    break
        return found

    def streams(self, flags, data, ours, values, error, found):
        begin = 0
        for i, (value, end) in enumerate(values):
            mine = ours.pickles[i] if i < len(ours.pickles) else None
            said = [s for s in ours.said if begin <= s.offset < end]
            refused = next((s for s in said if s.raised), None)
            c = "loads " + value
            if mine is None or not mine.complete:
                fatal = next((s for s in ours.said if s.fatal), None)
                what = (fatal.opcode, pattern(fatal.message)) if fatal else ("-", "nothing")
                found.append(("stops", *what, c, fatal and fatal.message))
                return
            if mine.end != end:
                opcode = opcode_at(data, min(mine.end, end), begin)
                found.append(("end", opcode, "", c, "ends at %d, not %d" % (mine.end, end)))
                return
            if refused:
                found.append(("says refused", refused.opcode, pattern(refused.message), c, refused.message))
            elif mine.value != value and "!tie" not in value and "!tie" not in mine.value:
                # A later pickle that C refuses is shown to its end, with what it does to this one.
                changed = error and any("memo of the one before" in s.message or "one Unpickler" in s.message for s in ours.said)
                found.append(("value behind a refusal" if changed else "value", *first_difference(value, mine.value), c, mine.value))
            elif mine.collapsed and not any("equal" in s.message for s in ours.said):
                found.append(("equal; nothing said", "-", "", c, "nothing"))
            begin = end
        if error:
            self.refusal(data, ours, len(values), begin, error, found)

    def refusal(self, data, ours, i, begin, error, found):
        message, tell = error
        mine = ours.pickles[i] if i < len(ours.pickles) else None
        if mine is None:
            # The bytes behind a pickle are not taken for one: said to be trailing.
            return
        end = mine.end if mine.complete else len(data) + 1
        said = [s for s in ours.said if begin <= s.offset < end or s.offset >= begin and s.fatal]
        refused = next((s for s in said if s.raised), None)
        # Of a frame, the loader reads everything at once: where it stopped cannot be told.
        opcode = "framed" if b"\x95" in data else opcode_at(data, tell, begin)
        c = "refuses at %d: %s" % (tell, message)
        if refused is None:
            noted = any(s.end == tell for s in said)
            found.append(("only noted" if noted else "nothing said", opcode, pattern(message), c,
                          "; ".join(s.message for s in said) or "nothing"))
        elif b"\x95" not in data:
            if refused.offset >= tell and tell < len(data):
                noted = any(s.end == tell for s in said)
                found.append(("only noted" if noted else "nothing said", opcode, pattern(message), c, "at %d %s" % (refused.offset, refused.message)))
            elif refused.end < tell and not (refused.fatal and refused.end >= len(data)):
                found.append(("said early", refused.opcode, pattern(refused.message) + " / " + pattern(message), c,
                              "at %d %s" % (refused.offset, refused.message)))
            elif refused.raised != message:
                found.append(("other words", opcode, pattern(message) + " / " + pattern(refused.raised), c, refused.raised))

    def other_reader(self, flags, data, ours, values, error, found):
        """Where pickle.py does otherwise with what C loads, something is said."""
        for kind, opcode, what, c, py in between_readers(flags, data, values, error):
            if values and kind.startswith("pickle.py") and not any(s.offset < values[0][1] for s in ours.said):
                found.append(("pickle.py differs; nothing said", opcode, what, c, py))

    def listing(self, data, ours, found):
        theirs, error = truth.listing(data)
        mine = ours.listing
        # A file with several pickles has a line before each.
        if mine.startswith("pickle "):
            mine = mine.partition("\n")[2]
        theirs = theirs if error is None else theirs[:theirs.rfind("\n") + 1]
        if theirs and not mine.startswith(theirs):
            lines = list(zip(theirs.split("\n"), mine.split("\n")))
            line = next((pair for pair in lines if pair[0] != pair[1]), ("", "")) 
            found.append(("listing", "-", pattern(line[0]), line[0], line[1]))


def kind_of(difference):
    return difference[:3]


def shrink(harness, judge, flags, data, kind):
    """The shortest stream found with a difference of the same kind, by leaving out pieces and making bytes smaller."""
    def holds(candidates):
        answers = harness.ask(candidates)
        for (flags, data), ours in zip(candidates, answers):
            if any(kind_of(found) == kind for found in judge.judge(flags, data, ours)):
                return flags, data
        return None

    deadline = time.process_time() + 1
    for fewer in (7 | flags & 32, 3 | flags & 32, flags & 32):
        if fewer != flags:
            flags, data = holds([(fewer, data)]) or (flags, data)
    # The last bytes first: most of what follows the place does not matter.
    cut = [(flags, data[:at] + end) for at in range(min(len(data), 200)) for end in (b".", b"")]
    flags, data = holds(cut) or (flags, data)
    again = True
    while again and time.process_time() < deadline:
        again = False
        # Whole instructions, one or a few.
        starts = [at for at, _, _ in instructions(data, 0)] + [len(data)]
        candidates = [(flags, data[:starts[i]] + data[starts[j]:])
                      for count in (8, 4, 3, 2, 1) for i in range(len(starts)) for j in [i + count] if j < len(starts)]
        better = len(candidates) < 300 and holds(candidates)
        if better:
            data, again = better[1], True
            continue
        if len(data) > 1000:
            break
        size = max(1, len(data) // 2)
        while size:
            candidates = [(flags, data[:at] + data[at + size:]) for at in range(0, len(data), max(1, size // 4))]
            better = holds(candidates)
            if better:
                data, again = better[1], True
                size = min(size, max(1, len(data) // 2))
            else:
                size //= 2
    for at in range(min(len(data), 100)):
        for byte in (b"N", b"\0", b"\1", b"m", b"."):
            if data[at:at + 1] == byte or time.process_time() > deadline:
                break
            better = holds([(flags, data[:at] + byte + data[at + 1:])])
            if better:
                data = better[1]
                break
    return flags, data


class Readers:
    """A judge of CPython's readers alone."""

    def __init__(self):
        self.tally = collections.Counter()

    def judge(self, flags, data, ours):
        values, error = truth.load(truth.CWithIds if flags & truth.PERSISTENT else truth.C, data, flags, False, most=1)
        if error and error[0].startswith("MemoryError"):
            return []
        self.tally["streams"] += 1
        self.tally["C loads"] += bool(values)
        return between_readers(flags, data, values, error, tools=True)


class NoHarness:
    def ask(self, streams):
        return [PANIC] * len(streams)


def report(harness, judge, flags, data, kind):
    """The difference of that kind in a stream."""
    (ours,) = harness.ask([(flags, data)])
    return next((found for found in judge.judge(flags, data, ours) if kind_of(found) == kind), None)


def place(kinds, found):
    """The opcode of a difference; where frames hide it, that of a known one with the same message."""
    if found[1] == "framed":
        for key in kinds:
            kind, opcode, message = key.split(" | ", 2)
            if (kind, message) == (found[0], found[2]):
                return opcode
    return found[1]


def run(arguments):
    truth.set_up()
    harness, judge, quiet = (NoHarness(), Readers(), Readers()) if arguments.readers else (Harness(), Judge(), Judge())
    kinds = json.load(open(arguments.out)) if os.path.exists(arguments.out) else {"tally": {}, "kinds": {}, "runs": []}
    generator = Generator(arguments.seed, arguments.size)
    left, begun = arguments.count, time.time()
    done, met = 0, set()
    while left and time.time() - begun < arguments.seconds:
        batch = []
        for i in range(min(left, BATCH)):
            flags, data = generator.stream()
            # Short ones come again and again.
            if (flags, data) not in met:
                met.add((flags, data))
                batch.append((flags | (truth.LISTING if i % 4 == 0 else 0), data))
        left -= min(left, BATCH)
        done += len(batch)
        fresh = []
        for (flags, data), ours in zip(batch, harness.ask(batch)):
            for found in judge.judge(flags, data, ours):
                kind = found[0], place(kinds["kinds"], found), found[2]
                key = " | ".join(kind)
                known = kinds["kinds"].get(key)
                if known is None:
                    kinds["kinds"][key] = known = {"count": 0}
                    if kind[0] in OURS or arguments.readers:
                        fresh.append((key, kind, flags, data))
                    else:
                        known.update(hex=data.hex(), flags=flags & 31, c=found[3], ours=found[4])
                known["count"] += 1
        for key, kind, flags, data in fresh:
            if time.time() - begun < arguments.seconds:
                flags, data = shrink(harness, quiet, flags, data, kind)
            found = report(harness, quiet, flags, data, kind)
            kinds["kinds"][key].update(hex=data.hex(), flags=flags & 31, c=found and found[3], ours=found and found[4])
    for name, count in judge.tally.items():
        kinds["tally"][name] = kinds["tally"].get(name, 0) + count
    kinds["runs"].append({"seed": arguments.seed, "streams": done, "seconds": round(time.time() - begun, 1)})
    with open(arguments.out, "w") as file:
        json.dump(kinds, file, indent=1, ensure_ascii=False)
    ours = sum(kind["count"] for key, kind in kinds["kinds"].items() if key.split(" | ")[0] in OURS)
    print("seed %d: %d streams in %.0f s; %d kinds, %d differences of ours" % (
        arguments.seed, done, time.time() - begun, len(kinds["kinds"]), ours))


def show(arguments):
    kinds = json.load(open(arguments.file))
    print(kinds["tally"])
    for key, kind in sorted(kinds["kinds"].items(), key=lambda item: (item[0].split(" | ")[0], -item[1]["count"])):
        if arguments.only and not key.startswith(arguments.only):
            continue
        print("%7d  %s\n         %s (flags %s)\n         C %s\n         we: %s" % (
            kind["count"], key, kind.get("hex"), kind.get("flags"), str(kind.get("c"))[:160], str(kind.get("ours"))[:160]))


def lines(arguments):
    """What is ours, a line for each kind: for whoever mends it."""
    kinds = json.load(open(arguments.file))
    for key, kind in sorted(kinds["kinds"].items()):
        if key.split(" | ")[0] in OURS:
            c, ours = (" ".join(str(kind.get(side)).split())[:200] for side in ("c", "ours"))
            print("%s | %s | flags %s, %d times | C %s | we: %s" % (key, kind.get("hex"), kind.get("flags"), kind["count"], c, ours))


def table(arguments):
    """The tables of docs/readers.md: what stays, and the figures."""
    kinds = json.load(open(arguments.file))
    counts = {key.split(" | ")[2]: kind["count"] for key, kind in kinds["kinds"].items() if key.startswith("known")}
    print("| difference | stream | met | reason |\n|---|---|---|---|")
    with open(KNOWN) as file:
        for row in (row.rstrip("\n").split("\t") for row in file if not row.startswith("#")):
            print("| %s | `%s` | %d | %s |" % (row[0], row[6], counts.get(row[0], 0), row[7]))
    left = [(key, kind) for key, kind in kinds["kinds"].items() if key.split(" | ")[0] in OURS]
    print("\nNot in the table: %d kinds, %d streams" % (len(left), sum(kind["count"] for _, kind in left)))
    for key, kind in sorted(left):
        print("| %s | `%s` | %d | %s |" % (key.replace(" | ", ", "), kind.get("hex"), kind["count"], kind.get("ours")))
    print("\n%s\n%s" % (kinds["tally"], kinds["runs"]))


def attempt(arguments):
    truth.set_up()
    flags, data = arguments.flags | truth.LISTING, bytes.fromhex(arguments.hex)
    harness, judge = Harness(), Judge()
    (ours,) = harness.ask([(flags, data)])
    print("C        ", truth.c_answer(data, flags))
    print("one      ", truth.c_answer(data, flags, one=True))
    print("pickle.py", truth.python_answer(data, flags))
    for pickle in ours.pickles:
        print("shown    ", pickle)
    for said in ours.said:
        print("said     ", said)
    for found in judge.judge(flags, data, ours):
        print("differs  ", found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("run")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--count", type=int, default=100000)
    command.add_argument("--size", type=float, default=1.0)
    command.add_argument("--seconds", type=float, default=400)
    command.add_argument("--readers", action="store_true", help="compare CPython's readers among themselves")
    command.add_argument("--out", default="kinds.json")
    command.set_defaults(call=run)
    command = commands.add_parser("show")
    command.add_argument("file")
    command.add_argument("--only", default="")
    command.set_defaults(call=show)
    command = commands.add_parser("lines")
    command.add_argument("file")
    command.set_defaults(call=lines)
    command = commands.add_parser("table")
    command.add_argument("file")
    command.set_defaults(call=table)
    command = commands.add_parser("try")
    command.add_argument("hex")
    command.add_argument("flags", type=int, nargs="?", default=3)
    command.set_defaults(call=attempt)
    arguments = parser.parse_args()
    arguments.call(arguments)


if __name__ == "__main__":
    main()
