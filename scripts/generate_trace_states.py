#!/usr/bin/env python3
"""Steps CPython's pickle._Unpickler through every fixture and writes what was on its stack and in its memo at each opcode.

    python3.11 scripts/generate_trace_states.py        with zstandard, lz4 and py7zr beside the standard library

Nothing that a pickle names is imported, looked up or called: names, calls, persistent ids, extensions and buffers are inert
stand-ins. The arrays that joblib writes between the opcodes are passed over as joblib passes over them.

tests/fixtures/trace.tsv has a line for each file that is a pickle, and for each pickle in an archive or a compressed file (FILE!HASH,
by its bytes, each only once): the number of opcodes that ran, whether every pickle in it was read to its end, and a hash of all
states. tests/fixtures/trace/*.states are the states of a few small files in full: offset of
the opcode, the stack with its marks, the memo. tests/it/trace/differential.rs compares both.

pickle._Unpickler puts a mark by moving its stack to a list of stacks; here the stacks are joined by the word "mark".
"""
import bz2
import gzip
import io
import lzma
import pathlib
import pickle
import re
import sys
import tarfile
import zipfile
import zlib

import lz4.frame
import py7zr
import zstandard

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests"
FIXTURES = TESTS / "fixtures"
SUFFIXES = {".pkl", ".joblib", ".ckpt", ".bin"}
# Files without pickles, and texts about them.
OTHERS = {".json", ".tsv", ".md", ".txt", ".py", ".dis", ".states"}
WHOLE = [
    "edge/deep-tuples.pkl",
    "edge/memo-overwrite.pkl",
    "edge/memo-sparse-memoize.pkl",
    "edge/frame-zero.pkl",
    "joblib/1.6.0/objects.joblib",
    "joblib/1.6.0/protocol0.joblib",
    "legacy/inst-state.pkl",
    "legacy/obj-state.pkl",
]
MASK = (1 << 64) - 1


def mix(state, word):
    state = (state ^ word) * 0x9E3779B97F4A7C15 & MASK
    return state ^ state >> 29


def word_hash(word, cache={}):
    if word not in cache:
        state = 5
        for byte in word.encode():
            state = mix(state, byte)
        cache[word] = state
    return cache[word]


class Inert:
    """Takes whatever a loader does to an object, and does nothing."""

    word = "call"

    callee, args, state = None, (), None

    def __new__(cls, *args):
        # NEWOBJ may be given the result of a call as the class.
        return object.__new__(cls if isinstance(cls, type) else Inert)

    def __init__(self, callee=None, args=()):
        self.callee, self.args = callee, args

    def __call__(self, *args, **keywords):
        return Inert(self, args)

    def __setstate__(*args):
        if len(args) == 2 and isinstance(args[0], Inert):
            args[0].state = args[1]

    def nothing(*args):
        pass

    append = extend = add = __setitem__ = nothing


class Names(type):
    word = "global"

    def __call__(cls, *args, **keywords):
        return Inert(cls, args)

    def __setitem__(cls, key, value):
        pass


class Named(metaclass=Names):
    """The class that a name stands for."""

    def __new__(cls, *args, **keywords):
        return Inert(cls, args)

    def nothing(*args):
        pass

    append = extend = add = __setitem__ = __setstate__ = nothing


def stand_in(word):
    return type(word, (Inert,), {"word": word})


Persistent, Extension, Array = stand_in("persistent"), stand_in("extension"), stand_in("array")


class Buffer(bytearray):
    word = "buffer"


def word_of(value):
    kind = type(value)
    if kind is Names:
        return "global"
    if kind is memoryview:
        return "readonly"
    return getattr(kind, "word", kind.__name__)


class Memo(dict):
    """Keeps the sum of the hashes of its entries."""

    sum = 0

    def __setitem__(self, index, value):
        word = word_hash(word_of(value))
        if index in self:
            self.sum -= mix(mix(7, index & MASK), word_hash(word_of(self[index])))
        self.sum = (self.sum + mix(mix(7, index & MASK), word)) & MASK
        super().__setitem__(index, value)


class Stepper(pickle._Unpickler):
    """Hashes its state before each opcode and behind the last."""

    def __init__(self, file, record):
        super().__init__(file, encoding="latin1")
        self.file, self.record, self.memo = file, record, Memo()

    def find_class(self, module, name):
        found = Names(name, (Named,), {})
        found.path = f"{module}.{name}"
        return found

    def persistent_load(self, pid):
        return Persistent()

    def get_extension(self, code):
        if code <= 0:
            raise pickle.UnpicklingError("EXT specifies code <= 0")
        self.append(Extension())

    def load_next_buffer(self):
        self.append(Buffer())

    def load_stack_global(self):
        """The result of a call may be a name."""
        if any(isinstance(operand, Inert) for operand in self.stack[-2:]):
            self.stack[-2:] = [self.find_class("", "")]
        else:
            pickle._Unpickler.load_stack_global(self)

    def after_build(self):
        """What joblib's NumpyUnpickler does behind the BUILD of a wrapper."""
        wrapper = self.stack[-1]
        if self.record.inside or not is_wrapper(wrapper):
            return
        state = wrapper.state
        size, has_objects = dtype(state["dtype"])
        self._unframer.current_frame = None
        if has_objects:
            inner = Stepper(self.file, self.record)
            self.record.inside = True
            try:
                inner.load()
            finally:
                self.record.inside = False
        else:
            if state.get("numpy_array_alignment_bytes") is not None:
                self.file.read(self.file.read(1)[0])
            for length in state["shape"]:
                size *= length
            if len(self.file.read(size)) < size:
                raise EOFError
        self.stack[-1] = Array()

    def position(self):
        frame = self._unframer.current_frame
        return self.file.tell() - (len(frame.getbuffer()) - frame.tell() if frame else 0)

    def load(self):
        self.levels = [[word_hash("bottom")]]
        return super().load()

    def levels_hash(self):
        """The hash of the whole stack. An opcode changes the topmost value at most, and pushes one."""
        lists = [*self.metastack, self.stack]
        del self.levels[len(lists):]
        while len(self.levels) < len(lists):
            below = self.levels[-1]
            self.extend(below, lists[len(self.levels) - 1])
            self.levels.append([mix(below[-1], word_hash("mark"))])
        top = self.levels[-1]
        del top[max(1, min(len(top), len(self.stack) + 1) - 1):]
        self.extend(top, self.stack)
        return top[-1]

    @staticmethod
    def extend(hashes, values):
        del hashes[len(values) + 1:]
        for value in values[len(hashes) - 1:]:
            hashes.append(mix(hashes[-1], word_hash(word_of(value))))

    def note(self, offset):
        record = self.record
        record.hash = mix(mix(mix(record.hash, offset), self.levels_hash()), self.memo.sum & MASK)
        if record.lines is not None:
            levels = [" ".join(word_of(value) for value in level) for level in [*self.metastack, self.stack]]
            stack = " ".join(" mark ".join(levels).split())
            memo = " ".join(f"{index}:{word_of(value)}" for index, value in sorted(self.memo.items()))
            record.lines.append(f"{offset}\t{stack}\t{memo}")


def stepping(byte, run):
    def step(self):
        self.note(self.position() - 1)
        if byte == pickle.STOP[0]:
            try:
                run(self)
            except pickle._Stop:
                if not self.record.inside:
                    self.note(self.position())
                self.record.ran()
                raise
        run(self)
        self.record.ran()

    return step


def counted_build(self):
    """BUILD counts before what stands behind it."""
    self.note(self.position() - 1)
    pickle._Unpickler.load_build(self)
    self.record.ran()
    self.after_build()


Stepper.dispatch = {byte: stepping(byte, run) for byte, run in pickle._Unpickler.dispatch.items()}
Stepper.dispatch[pickle.NEXT_BUFFER[0]] = stepping(pickle.NEXT_BUFFER[0], Stepper.load_next_buffer)
Stepper.dispatch[pickle.STACK_GLOBAL[0]] = stepping(pickle.STACK_GLOBAL[0], Stepper.load_stack_global)
Stepper.dispatch[pickle.BUILD[0]] = counted_build


def is_wrapper(value):
    if not isinstance(value, Inert) or type(value.state) is not dict:
        return False
    classes = [value.callee, *value.args[:1]]
    paths = [getattr(found, "path", "") for found in classes if type(found) is Names]
    return any(re.fullmatch(r"(sklearn\.externals\.)?joblib\.numpy_pickle\.NumpyArrayWrapper", path) for path in paths)


def dtype(value):
    """Bytes of an element, and whether there are objects in it."""
    text, state = value.args[0], value.state
    size = state[5] if state and len(state) > 5 and state[5] > 0 else int(re.sub(r"\D", "", text) or 0)
    fields = (state[4] or {}) if state and len(state) > 4 else {}
    has_objects = text.startswith("O") or any(dtype(field[0])[1] for field in fields.values())
    return size, has_objects


class Whole(io.BytesIO):
    """Ends where the bytes end, as the C loader has it: pickle.py takes a text or a line that is cut for a whole one."""

    def read(self, count=-1):
        found = super().read(count)
        if count > len(found) > 0:
            raise EOFError
        return found

    def readline(self, *arguments):
        found = super().readline(*arguments)
        if not found.endswith(b"\n"):
            raise EOFError
        return found


class Record:
    def __init__(self, whole):
        self.hash, self.opcodes, self.complete, self.inside = 11, 0, True, False
        self.lines = [] if whole else None
        self.settled = self.hash

    def ran(self):
        """An opcode did not fail."""
        self.opcodes += 1
        self.settled = self.hash


def steps(data, whole=False, shared=False):
    file, record = Whole(data), Record(whole)
    stepper = Stepper(file, record)
    while file.tell() < len(data):
        before = (record.hash, record.opcodes)
        if not shared:
            stepper = Stepper(file, record)
        try:
            stepper.load()
            end = stepper.position()
            file.seek(end)
        except Exception as error:
            if "Memo value not found" in str(error) and before[1] > 0 and not shared:
                return steps(data, whole, shared=True)
            # What follows a pickle may be anything: it counts only if it is one.
            record.hash, record.opcodes = before[:2] if before[1] > 0 else (record.settled, record.opcodes)
            record.complete, record.error = False, error
            break
    return record


def is_pickle(name, data):
    return pathlib.PurePath(name).suffix in SUFFIXES or data[:1] == b"\x80" and data[1:2] < b"\x06"


def unzip(data):
    """Of two entries of one name torch reads the first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {entry.filename: entry for entry in reversed(archive.infolist())}
        for entry in sorted(entries.values(), key=lambda entry: entry.header_offset):
            yield entry.filename, archive.read(entry)


def untar(data):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            if entry.isreg():
                yield entry.name, archive.extractfile(entry).read()


def un7zip(data):
    factory = py7zr.io.BytesIOFactory(1 << 24)
    with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
        archive.extractall(factory=factory)
    for name, content in factory.products.items():
        content.seek(0)
        yield name, content.read()


def unxz(data):
    """Streams one behind the other, with padding between them, which Python's own functions stop at."""
    parts = []
    while data:
        stream = lzma.LZMADecompressor()
        parts.append(stream.decompress(data))
        data = stream.unused_data.lstrip(b"\0")
    return b"".join(parts)


def unzstd(data):
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()


def alone(unpack):
    return lambda data: [("", unpack(data))]


# What a file begins with (at an offset), and what is in it.
CONTAINERS = [
    (0, b"PK\x03\x04", unzip),
    (0, b"7z\xbc\xaf\x27\x1c", un7zip),
    (257, b"ustar", untar),
    (0, b"\x1f\x8b", alone(gzip.decompress)),
    (0, b"BZh", alone(bz2.decompress)),
    (0, b"\xfd7zXZ\0", alone(unxz)),
    (0, b"]\0\0", alone(lambda data: lzma.decompress(data, lzma.FORMAT_ALONE))),
    (0, b"\x78", alone(zlib.decompress)),
    (0, b"\x28\xb5\x2f\xfd", alone(unzstd)),
    (0, b"\x04\x22\x4d\x18", alone(lambda data: lz4.frame.open(io.BytesIO(data)).read())),
]


def inside(data, depth=3):
    """Names and bytes of everything in an archive or a compressed file. What cannot be unpacked has nothing in it."""
    for at, begin, unpack in CONTAINERS:
        if data[at:at + len(begin)] != begin or depth == 0:
            continue
        try:
            for name, content in unpack(data):
                yield name, content
                yield from inside(content, depth - 1)
        except Exception:
            pass


def bytes_hash(data):
    state = mix(5, len(data))
    for at in range(0, len(data), 8):
        state = mix(state, int.from_bytes(data[at:at + 8], "little"))
    return f"{state:016x}"


def pickles():
    """Names and bytes: of files that begin as pickles do or are called so, and of what is such a pickle in archives and streams."""
    files = [path for folder in (FIXTURES, TESTS / "samples") for path in folder.rglob("*") if path.is_file()]
    seen = set()
    for path in sorted(path for path in files if path.suffix not in OTHERS):
        name = path.relative_to(FIXTURES if FIXTURES in path.parents else TESTS).as_posix()
        data = path.read_bytes()
        if is_pickle(name, data):
            yield name, data
        for entry, content in inside(data):
            found = bytes_hash(content)
            if is_pickle(entry or path.stem, content) and found not in seen:
                seen.add(found)
                yield f"{name}!{found}", content


def main():
    sys.setrecursionlimit(10_000)
    lines = []
    for name, data in pickles():
        record = steps(data, name in WHOLE)
        if record.opcodes == 0:
            continue
        if "--errors" in sys.argv and not record.complete:
            print(name, record.opcodes, repr(record.error))
        lines.append(f"{name}\t{record.opcodes}\t{'whole' if record.complete else 'part'}\t{record.hash:016x}\n")
        if record.lines is not None:
            out = FIXTURES / "trace" / (name.replace("/", "-") + ".states")
            out.parent.mkdir(exist_ok=True)
            out.write_text("\n".join([name, *record.lines]) + "\n")
    assert all((FIXTURES / name).exists() for name in WHOLE)
    (FIXTURES / "trace.tsv").write_text("".join(lines))


main()
