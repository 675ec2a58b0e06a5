"""What four readers say of the first pickle of many streams, for `cargo test --test it readers`: CPython's C loader, pickle.py,
pickletools and torch's restricted loader, side by side. Writes tests/differential/readers.zz.

    python3.11 -m venv /tmp/venv && /tmp/venv/bin/pip install torch    # 2.6 or later
    /tmp/venv/bin/python scripts/differential/readers.py [--count N]
    /tmp/venv/bin/python scripts/differential/readers.py --show HEX…

The streams: those of `tests/differential/readers.tsv` (the published differences), of `known.tsv` and `tests/fixtures/refusals.tsv`,
and generated ones of a fixed seed. Everything that a stream names is an inert stand-in, for torch's loader what it allows.

zlib over text: the messages, one a line, an empty line; then a line for each stream: hexadecimal, whether pickle.py sees the value
that the C loader sees (1, 0, or - where one of them stops), and for each reader `+` or where it stops: `offset:message number`. Of the C
loader the offset is -: it reads ahead.
"""

import argparse
import io
import os
import pickle
import pickletools
import sys
import warnings
import zlib

import truth
from compare import KNOWN, ROOT, instructions
from generate import Generator

SEED, SIZE = 20260, 0.6
FLAGS = truth.PERSISTENT | truth.BUFFERS
OUT = os.path.join(ROOT, "tests", "differential", "readers.zz")
# What the loading program gives, or what the stand-ins are, is not in a stream.
OUTSIDE = ("Obj", "Meta", "Buffer", "unregistered extension", "not enough out-of-band", "MemoryError", "RecursionError", "keywords must be")


class Followed(truth.PythonWithIds):
    """pickle.py, with the offset of the opcode that it is at."""

    def load(self):
        self._unframer = pickle._Unframer(self._file_read, self._file_readline)
        self.done = self.at = 0

        def counted(read):
            def call(*args):
                data = read(*args)
                self.done += data if isinstance(data, int) else len(data)
                return data
            return call

        self.read, self.readline = counted(self._unframer.read), counted(self._unframer.readline)
        self.readinto = counted(self._unframer.readinto)
        self.metastack, self.stack, self.proto = [], [], 0
        self.append = self.stack.append
        try:
            while True:
                self.at = self.done
                key = self.read(1)
                if not key:
                    raise EOFError
                self.dispatch[key[0]](self)
        except pickle._Stop as stop:
            return stop.value


def python(data):
    unpickler = Followed(io.BytesIO(data), buffers=iter([truth.Buffer(b"buffer%d" % i) for i in range(3)]))
    try:
        unpickler.load()
        return None
    except Exception as error:
        return unpickler.at, truth.fault(error)
    finally:
        forget()


def forget():
    for owner in truth.touched:
        del owner.ops[:]
    del truth.touched[:]


def c_and_value(data):
    """How the C loader ends, and whether pickle.py sees the same value."""
    values, error = truth.load(truth.CWithIds, data, FLAGS, False, most=1)
    others, _ = truth.load(truth.PythonWithIds, data, FLAGS, False, most=1)
    same = "-"
    if values and others and "!tie" not in values[0][0]:
        same = str(int(values[0][0] == others[0][0]))
    return (None if values else ("-", error[0])), same


def listing(data):
    at, original = [0], pickletools.genops

    def genops(data):
        file = io.BytesIO(data)
        found = original(file)
        while True:
            at[0] = file.tell()
            try:
                yield next(found)
            except StopIteration:
                return

    pickletools.genops = genops
    try:
        pickletools.dis(data, io.StringIO())
        return None
    except Exception as error:
        # Behind STOP it complains about STOP.
        last = at[0] - 1 if "not empty after STOP" in str(error) else at[0]
        return last, truth.fault(error)
    finally:
        pickletools.genops = original


def torch(data):
    from torch import _weights_only_unpickler as restricted

    file = io.BytesIO(data)
    unpickler = restricted.Unpickler(file, encoding="utf-8")
    unpickler.persistent_load = truth.persistent_load
    try:
        unpickler.load()
        return None
    except Exception as error:
        reached = file.tell()
        places = [at for at, _, end in instructions(data, 0) if at < reached]
        unknown = [end for _, _, end in instructions(data, 0) if end < reached]
        at = places[-1] if places else 0
        if unknown and unknown[-1] > at:
            at = unknown[-1]
        if isinstance(error, EOFError):
            at = reached
        # The rest of the message is advice.
        return at, truth.fault(error).split(" Please use")[0]
    finally:
        forget()


def streams(count):
    for path, column in ((os.path.join(ROOT, "tests", "differential", "readers.tsv"), 1), (KNOWN, 6)):
        with open(path) as file:
            for row in (row.rstrip("\n").split("\t") for row in file if not row.startswith("#")):
                yield bytes.fromhex(row[column])
    with open(os.path.join(ROOT, "tests", "fixtures", "refusals.tsv")) as file:
        for row in (row.split("\t") for row in file):
            # Real modules are not imported here.
            data = bytes.fromhex(row[0])
            if data and b"builtins" not in data:
                yield data
    generator, met = Generator(SEED, SIZE), set()
    while len(met) < count:
        _, data = generator.stream()
        if data and data not in met and len(data) < 200:
            met.add(data)
            yield data


def answers(data):
    c, same = c_and_value(data)
    return same, [c, python(data), listing(data), torch(data)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=6000)
    arguments.add_argument("--out", default=OUT)
    arguments.add_argument("--show", nargs="+", metavar="HEX")
    arguments = arguments.parse_args()
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("the answers are those of CPython 3.11")
    import torch as _

    truth.set_up()
    warnings.simplefilter("ignore")
    if arguments.show:
        for text in arguments.show:
            print(text, *answers(bytes.fromhex(text)), sep="\n    ")
        return
    messages, lines, outside = {}, [], 0
    for data in streams(arguments.count):
        same, found = answers(data)
        if any(answer and any(word in answer[1] for word in OUTSIDE) for answer in found):
            outside += 1
            continue
        told = ["+" if answer is None else "%s:%d" % (answer[0], messages.setdefault(answer[1], len(messages))) for answer in found]
        lines.append("\t".join([data.hex(), same, *told]))
    text = "".join(message + "\n" for message in messages) + "\n" + "\n".join(lines) + "\n"
    packed = zlib.compress(text.encode(), 9)
    with open(arguments.out, "wb") as file:
        file.write(packed)
    print("%d streams, %d left out, %d messages, %d bytes" % (len(lines), outside, len(messages), len(packed)))


if __name__ == "__main__":
    main()
