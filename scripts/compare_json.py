#!/usr/bin/env python3
"""Checks that `picklescope json FILE` says what Python loads: rebuilds the object from the JSON and compares deeply.

    python3 scripts/compare_json.py BINARY [--environment NAME] [--only TEXT] [--all] [FILE ...]
    scripts/fixtures.sh compare BINARY                      every environment, about a minute

Without FILE it takes the files of tests/fixtures/real/MANIFEST.json whose libraries the environment has. BINARY may be
a command with arguments, or the word `reference` for scripts/fixtures/reference.py, which tests this script itself.

The rebuilding does what the JSON says: it imports the globals, calls the callees, sets states, appends items. That
runs the code a pickle names, so only files of this repository's own making may be given to it.

Compared are types, lengths, values (floats by their bits), the order of dicts and the structure of identities: what is
one object in one must be one object in the other. What has no comparison of its own is taken apart by its
__reduce_ex__, as a pickler would.

One line per file that fails, then `N passed, M failed`. Exit code 1 if one failed.
"""

import argparse
import base64
import collections
import contextlib
import copyreg
import importlib
import io
import json
import math
import os
import pickle
import shlex
import struct
import subprocess
import sys
import threading
import types
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REAL = os.path.join(ROOT, "tests", "fixtures", "real")
sys.path.insert(0, os.path.join(ROOT, "scripts", "fixtures"))


sys.set_int_max_str_digits(0)  # the JSON may hold ints of any length


class Mismatch(Exception):
    pass


class NotReady(Exception):
    """The value refers to a tuple or a call that is being built: the waiting container continues once it is there."""

    def __init__(self, key):
        super().__init__(key)
        self.key = key


# Reading the JSON: the only place that knows the schema.


def int_of(v):
    """Decimal digits, or the two's complement in hexadecimal of a number with too many of them."""
    if "value" in v:
        return int(v["value"])
    return int.from_bytes(bytes.fromhex(v["twos_complement"]), "big", signed=True)


class Rebuild:
    def __init__(self, stream, row):
        self.objects = stream["objects"]
        self.protocol = stream["protocol"]
        self.row = row
        self.built = {}        # id -> Python object, also while it is still being filled
        self.busy = set()      # ids of tuples and calls whose parts are being built
        self.waiting = collections.defaultdict(list)
        self.unfinished = {}   # id of a container whose filling waits -> what it waits for, the container
        self.relaxed = 0
        self.buffers = loader_buffers(row)
        self.persistent = persistent
        # Calls whose result the pickle throws away, as cloudpickle and dill do to fill functions, cells and classes
        # (__reduce_ex__ with a sixth part). Such a call belongs to its first argument and runs once that exists.
        self.effects = collections.defaultdict(list)
        for v in stream.get("discarded", ()):
            self.effects[self.target(v)].append(v)

    def target(self, v):
        if not isinstance(v, dict):
            return None
        if "ref" in v:
            return self.target(self.objects[v["ref"]])
        args = v.get("args", {})
        args = self.objects[args["ref"]] if "ref" in args else args
        first = (args.get("items") or [None])[0]
        return first.get("ref") if isinstance(first, dict) else None

    def root(self, v):
        obj = self.value(v)
        for effects in list(self.effects.values()):
            self.advance(collections.deque(lambda v=v: self.value(v) for v in effects))
        return obj

    def value(self, v):
        if v is None or v is True or v is False or type(v) is str or type(v) is int:
            return v
        if "ref" in v:
            return self.object(v["ref"])
        return self.make(v, None)

    def object(self, key):
        if key in self.built:
            return self.built[key]
        if key in self.busy:
            raise NotReady(key)
        self.busy.add(key)
        try:
            v = self.objects[key]
            if not isinstance(v, dict) or "ref" in v:
                self.built[key] = self.value(v)
            else:
                made = self.make(v, key)
                self.built.setdefault(key, made)
        finally:
            self.busy.discard(key)
        for work, obj in self.waiting.pop(key, ()):
            self.advance(work, obj)
        self.relaxed += 1
        for work, obj in self.waiting.pop(key, ()):  # these wait for one another, so one has to begin
            self.advance(work, obj)
        self.relaxed -= 1
        return self.built[key]

    def ready(self, key, obj):
        """The object exists and may be referred to before it is filled."""
        if key is not None:
            self.built[key] = obj

    def advance(self, work, obj=None):
        """Runs the rest of a filling; when a part is not ready, puts it in the queue of that part."""
        try:
            while work:
                work[0]()
                work.popleft()
            self.unfinished.pop(id(obj), None)
        except NotReady as missing:
            self.waiting[missing.key].append((work, obj))
            self.unfinished[id(obj)] = missing.key, obj  # keeps obj alive, so that its id is not used again

    def filled(self, values, own=None):
        """What a call or a state takes apart must have been filled; what lies deeper need only exist.

        Except for what waits for that very call: the pickle cannot have filled it before either.
        """
        for value in values:
            key = self.unfinished.get(id(value), (None,))[0]
            if key is not None and key != own and not self.relaxed:
                raise NotReady(key)

    def make(self, v, key):
        kind = v["type"]
        work = collections.deque()
        if kind == "int":
            obj = int_of(v)
        elif kind == "float":
            obj = float(v["value"])
            if "bits" in v:
                obj = struct.unpack(">d", bytes.fromhex(v["bits"]))[0]
        elif kind == "str":
            obj = bytes.fromhex(v["utf8_surrogatepass"]).decode("utf-8", "surrogatepass")
        elif kind == "bytes":
            obj = base64.b64decode(v["base64"])
        elif kind == "bytearray":
            obj = bytearray(base64.b64decode(v["base64"]))
        elif kind == "python2-str":
            obj = base64.b64decode(v["base64"])
            encoding = self.row.get("encoding", "ASCII")
            obj = obj if encoding == "bytes" else obj.decode(encoding)
        elif kind == "list":
            obj = []
            work.extend(lambda item=item: obj.append(self.value(item)) for item in v["items"])
        elif kind == "dict":
            obj = {}
            work.extend(lambda pair=pair: obj.__setitem__(self.value(pair[0]), self.value(pair[1])) for pair in v["items"])
        elif kind == "set":
            obj = set()
            work.extend(lambda item=item: obj.add(self.value(item)) for item in v["items"])
        elif kind == "tuple":
            obj = tuple([self.value(item) for item in v["items"]])
        elif kind == "frozenset":
            obj = frozenset([self.value(item) for item in v["items"]])
        elif kind == "global":
            obj = self.find(v["module"], v["name"])
        elif kind == "call":
            obj = self.call(v, key)
        elif kind == "persistent-id":
            obj = self.persistent(self.value(v["id"]))
        elif kind == "extension":
            obj = self.find(*copyreg._inverted_registry[v["code"]])
        elif kind == "buffer":
            if self.buffers is None or v["index"] >= len(self.buffers):
                raise pickle.UnpicklingError("out-of-band buffer %d was not given" % v["index"])
            obj = self.buffers[v["index"]]
        elif kind == "readonly-buffer":
            obj = memoryview(self.value(v["of"])).toreadonly()
        else:
            raise Mismatch("unknown type in the JSON: %r" % kind)
        self.ready(key, obj)
        for step in v.get("steps", ()):
            work.append(lambda step=step: self.step(obj, step))
        if key is not None and key in self.effects:
            work.extend(lambda effect=effect: self.value(effect) for effect in self.effects.pop(key))
        self.advance(work, obj)
        return obj

    def find(self, module, name):
        if self.row.get("needs") == "dill":
            import dill

            return dill.Unpickler(io.BytesIO()).find_class(module, name)
        found = importlib.import_module(module)
        for part in name.split(".") if self.protocol >= 4 else [name]:
            found = getattr(found, part)
        return found

    def call(self, v, key):
        callee = self.value(v["callee"])
        args = self.value(v["args"])
        opcode = v["opcode"]
        if type(args) is not tuple:
            raise TypeError("the arguments of a call are a %s" % type(args).__name__)
        self.filled(args, key)
        if opcode == "REDUCE":
            return callee(*args)
        if opcode == "NEWOBJ":
            return callee.__new__(callee, *args)
        if opcode == "NEWOBJ_EX":
            return callee.__new__(callee, *args, **self.value(v["kwargs"]))
        if opcode in ("INST", "OBJ"):
            if args or not isinstance(callee, type) or hasattr(callee, "__getinitargs__"):
                return callee(*args)
            return callee.__new__(callee)
        raise Mismatch("unknown opcode of a call: %r" % opcode)

    def step(self, obj, step):
        op = step["op"]
        if op == "state":
            state = self.value(step["value"])
            self.filled((state,) + (state if type(state) is tuple else ()))
            set_state(obj, state)
        elif op == "append":
            items = [self.value(item) for item in step["items"]]
            extend = getattr(obj, "extend", None)
            if extend is not None:
                extend(items)
            else:
                for item in items:
                    obj.append(item)
        elif op == "setitems":
            for key, item in [(self.value(key), self.value(item)) for key, item in step["items"]]:
                obj[key] = item
        elif op == "add":
            items = [self.value(item) for item in step["items"]]
            if isinstance(obj, set):
                obj.update(items)
            else:
                for item in items:
                    obj.add(item)
        else:
            raise Mismatch("unknown step %r" % op)


def set_state(obj, state):
    """BUILD, as Lib/pickle.py does it."""
    setter = getattr(obj, "__setstate__", None)
    if setter is not None:
        setter(state)
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        obj.__dict__.update({sys.intern(key) if type(key) is str else key: item for key, item in state.items()})
    for key, item in (slots or {}).items():
        setattr(obj, key, item)


# Loading with Python


def persistent(pid):
    from sample_classes import Reference

    return Reference(pid)


def loader_buffers(row):
    if "buffers" not in row:
        return None
    return [base64.b64decode(data) if readonly else bytearray(base64.b64decode(data)) for data, readonly in row["buffers"]]


def load_all(data, row):
    """Every pickle of the file, each with a fresh unpickler."""
    if row.get("needs") == "dill":
        import dill as module
    else:
        module = pickle

    class Loader(module.Unpickler):
        def persistent_load(self, pid):
            return persistent(pid)

    stream, more = io.BytesIO(data), {}
    if "buffers" in row:
        more["buffers"] = loader_buffers(row)
    if "encoding" in row:
        more["encoding"] = row["encoding"]
    values = []
    while stream.tell() < len(data):
        values.append(Loader(stream, **more).load())
    return values


@contextlib.contextmanager
def extensions(row):
    codes = row.get("extensions", ())
    for code, module, name in codes:
        copyreg.add_extension(module, name, code)
    try:
        yield
    finally:
        for code, module, name in codes:
            copyreg.remove_extension(module, name, code)


# Comparing


ATOMS = (type(None), bool, int, str, bytes, complex, type(...), type(NotImplemented), range)
BY_REFERENCE = (types.ModuleType, types.BuiltinFunctionType, types.GetSetDescriptorType, types.MemberDescriptorType)


class Compare:
    """`check` raises Mismatch with the path of the first difference. Iterative, so depth does not matter."""

    def __init__(self):
        self.left = {}      # id of an object on the left -> id of its partner on the right
        self.right = {}
        self.keep = []      # holds temporaries, so that no id is used twice

    def check(self, a, b, path="root"):
        work = [(a, b, path)]
        while work:
            a, b, path = work.pop()
            work.extend(reversed(list(self.parts(a, b, path))))

    def fail(self, path, text):
        raise Mismatch("%s: %s" % (path[-300:], text))

    def parts(self, a, b, path):
        """Compares what can be compared here; yields the pairs that remain."""
        if type(a) is not type(b):
            if not (isinstance(type(a), type) and self.alike(type(a), type(b))):
                self.fail(path, "type %s, expected %s" % (type(b), type(a)))
            yield type(a), type(b), path + ".__class__"
        if isinstance(a, float) and type(a) is float:
            if struct.pack("<d", a) != struct.pack("<d", b) and not (math.isnan(a) and math.isnan(b)):
                self.fail(path, "%r, expected %r" % (b, a))
            return
        if type(a) is complex:
            yield a.real, b.real, path + ".real"
            yield a.imag, b.imag, path + ".imag"
            return
        if type(a) in ATOMS:
            if a != b:
                self.fail(path, "%s, expected %s" % (shorten(b), shorten(a)))
            return
        seen = id(a) in self.left or id(b) in self.right
        if seen:
            if self.left.get(id(a)) != id(b) or self.right.get(id(b)) != id(a):
                if type(a) in (tuple, frozenset) and not a and not b:
                    return  # the empty tuple is one object
                self.fail(path, "another object, although it compares equal (identity differs)")
            return
        self.left[id(a)], self.right[id(b)] = id(b), id(a)
        self.keep.append((a, b))
        if type(a) in (list, tuple):
            yield len(a), len(b), "len(%s)" % path
            for index, (x, y) in enumerate(zip(a, b)):
                yield x, y, "%s[%d]" % (path, index)
        elif type(a) is dict:
            yield from self.dicts(a, b, path)
        elif type(a) in (set, frozenset):
            yield len(a), len(b), "len(%s)" % path
            if a == b and all(type(item) in ATOMS for item in a):
                return
            for x, y in zip(sorted(a, key=order), sorted(b, key=order)):
                yield x, y, path + "{item}"
        elif type(a) in (bytearray, memoryview):
            yield bytes(a), bytes(b), path
            if type(a) is memoryview:
                yield (a.readonly, a.format), (b.readonly, b.format), path + ".readonly"
        elif isinstance(a, type):
            if a is not b:
                yield from self.classes(a, b, path)
        elif isinstance(a, types.FunctionType):
            if a is not b:
                yield from self.functions(a, b, path)
        elif isinstance(a, types.MethodType):
            yield a.__func__, b.__func__, path + ".__func__"
            yield a.__self__, b.__self__, path + ".__self__"
        elif isinstance(a, types.CodeType):
            if a != b:
                self.fail(path, "another code object")
            yield a.co_filename, b.co_filename, path + ".co_filename"
        elif isinstance(a, types.CellType):
            yield cell(a), cell(b), path + ".cell"
        elif isinstance(a, (staticmethod, classmethod)):
            yield a.__func__, b.__func__, path + ".__func__"
        elif isinstance(a, property):
            yield (a.fget, a.fset, a.fdel, a.__doc__), (b.fget, b.fset, b.fdel, b.__doc__), path + ".property"
        elif isinstance(a, BY_REFERENCE):
            if a is not b and not (isinstance(a, types.BuiltinFunctionType) and self.bound(a, b)):
                if isinstance(a, (types.GetSetDescriptorType, types.MemberDescriptorType)):
                    return  # of two classes that are compared themselves
                self.fail(path, "%s, expected %s" % (shorten(b), shorten(a)))
            if isinstance(a, types.BuiltinFunctionType) and a is not b:
                yield a.__self__, b.__self__, path + ".__self__"
        elif is_array(a):
            yield from self.arrays(a, b, path)
        else:
            yield from self.reduced(a, b, path)

    def bound(self, a, b):
        return a.__name__ == b.__name__ and a.__self__ is not None and not isinstance(a.__self__, types.ModuleType)

    def alike(self, a, b):
        return a is not b and (a.__module__, a.__qualname__) == (b.__module__, b.__qualname__)

    def dicts(self, a, b, path):
        yield len(a), len(b), "len(%s)" % path
        for (key, x), (other, y) in zip(a.items(), b.items()):
            yield key, other, "%s key %s" % (path, shorten(key))
            yield x, y, "%s[%s]" % (path, shorten(key))

    def classes(self, a, b, path):
        """Two classes that were made by value (dill makes a new one at each load)."""
        if not self.alike(a, b):
            self.fail(path, "%r, expected %r" % (b, a))
        yield a.__bases__, b.__bases__, path + ".__bases__"
        skip = ("__dict__", "__weakref__", "__slotnames__")
        yield ({key: item for key, item in vars(a).items() if key not in skip},
               {key: item for key, item in vars(b).items() if key not in skip}, path + ".__dict__")

    def functions(self, a, b, path):
        for name in ("__code__", "__defaults__", "__kwdefaults__", "__name__", "__qualname__", "__doc__", "__dict__", "__annotations__", "__module__"):
            yield getattr(a, name), getattr(b, name), "%s.%s" % (path, name)
        yield a.__closure__, b.__closure__, path + ".__closure__"
        if a.__globals__ is not b.__globals__:
            used = set(a.__code__.co_names)
            yield ({key: item for key, item in a.__globals__.items() if key in used},
                   {key: item for key, item in b.__globals__.items() if key in used}, path + ".__globals__")

    def arrays(self, a, b, path):
        import numpy

        yield a.dtype, b.dtype, path + ".dtype"
        yield a.shape, b.shape, path + ".shape"
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE"):
            yield a.flags[flag], b.flags[flag], "%s.flags.%s" % (path, flag)
        if a.dtype.hasobject or a.dtype.kind == "T":
            yield numpy.asarray(a).tolist(), numpy.asarray(b).tolist(), path + ".tolist()"
        else:
            yield numpy.asarray(a).tobytes("A"), numpy.asarray(b).tobytes("A"), path + ".tobytes()"
        if isinstance(a, numpy.ma.MaskedArray):
            yield numpy.array(a.mask), numpy.array(b.mask), path + ".mask"
            yield numpy.array(a.data), numpy.array(b.data), path + ".data"
            yield a.fill_value, b.fill_value, path + ".fill_value"

    def reduced(self, a, b, path):
        """Any other object: what its own __reduce_ex__ says of it."""
        if a is b:
            return
        reducer = copyreg.dispatch_table.get(type(a))
        try:
            x, y = (reducer(a), reducer(b)) if reducer else (a.__reduce_ex__(4), b.__reduce_ex__(4))
        except Exception:
            x, y = dumps(a, path), dumps(b, path)
        if isinstance(x, str) or isinstance(y, str):
            yield x, y, path
            return
        if isinstance(x, bytes):
            yield x, y, path + " (as pickled)"
            return
        self.keep.append((x, y))
        x, y = list(x), list(y)
        for parts in (x, y):
            parts[3:5] = [list(items) if items is not None else None for items in parts[3:5]]
        names = ("callable", "args", "state", "items", "pairs", "setter")
        yield len(x), len(y), path + " (length of __reduce_ex__)"
        for name, p, q in zip(names, x, y):
            yield p, q, "%s(%s)" % (path, name)
        if type(a).__module__ == "sample_classes" or isinstance(a, BaseException):
            yield getattr(a, "__dict__", None), getattr(b, "__dict__", None), path + ".__dict__"
        if isinstance(a, (int, str, bytes, float)):
            base = next(base for base in (int, str, bytes, float) if isinstance(a, base))
            yield base(a) if base is not str else str.__str__(a), base(b) if base is not str else str.__str__(b), path + " (base)"


def cell(value):
    try:
        return (value.cell_contents,)
    except ValueError:
        return ()


def order(item):
    return type(item).__name__, repr(item) if type(item) in ATOMS + (float, tuple, frozenset) else ""


def shorten(value):
    text = repr(value)
    return text if len(text) < 80 else text[:77] + "..."


def is_array(value):
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def dumps(value, path):
    try:
        return pickle.dumps(value, 4)
    except Exception as error:
        raise Mismatch("%s: no way to compare a %s (%s)" % (path, type(value), error))


# Files


def read_document(command, data, path="-"):
    """The JSON of the binary and its exit code; with path "-" the bytes go to its standard input."""
    if command == ["reference"]:
        import reference

        document = json.loads(json.dumps(reference.document(data)))
        return document, 2 if document["streams"][-1]["status"] == "stopped" else 0
    run = subprocess.run(command + ["json", path], input=data if path == "-" else None, capture_output=True)
    if run.returncode not in (0, 2):
        raise Mismatch("exit code %d: %s" % (run.returncode, run.stderr.decode("utf-8", "replace").strip()[-300:]))
    return json.loads(run.stdout), run.returncode


def compare_file(command, path, row):
    with open(path, "rb") as file:
        data = file.read()
    with extensions(row):
        expected = load_all(data, row)
        document, status = read_document(command, data, path)
        if status != 0:
            raise Mismatch("exit code %d, problems %s" % (status, document["problems"]))
        if document["format"] != "picklescope" or document["size"] != len(data):
            raise Mismatch("format %r, size %r" % (document["format"], document["size"]))
        if document["trailing"] is not None:
            raise Mismatch("trailing bytes: %r" % (document["trailing"],))
        if len(document["streams"]) != len(expected):
            raise Mismatch("%d pickles, expected %d" % (len(document["streams"]), len(expected)))
        # Objects that every load shares (classes by value that cloudpickle tracks) may meet again in the next stream.
        for number, (stream, value) in enumerate(zip(document["streams"], expected)):
            if stream["status"] != "complete":
                raise Mismatch("status %s" % stream["status"])
            rebuild = Rebuild(stream, row)
            built = rebuild.root(stream["root"])
            if any(rebuild.waiting.values()):
                raise Mismatch("objects that were never finished")
            Compare().check(value, built, "root" if len(expected) == 1 else "pickle %d" % number)


def main():
    parser = argparse.ArgumentParser(usage="compare_json.py BINARY [--environment NAME] [--only TEXT] [FILE ...]")
    parser.add_argument("binary")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--environment", default="plain", help="which files of the manifest: plain, modern, classic, old")
    parser.add_argument("--only", help="only files whose name contains this")
    parser.add_argument("--trace", action="store_true", help="the whole traceback of a failure")
    options = parser.parse_args()
    command = shlex.split(options.binary)
    with open(os.path.join(REAL, "MANIFEST.json"), encoding="ascii") as file:
        rows = {os.path.join(REAL, row["file"]): row for row in json.load(file)}
    if options.files:
        work = [(path, rows.get(os.path.abspath(path), {})) for path in options.files]
    else:
        work = [(path, row) for path, row in rows.items() if row["environment"] == options.environment]
    if options.only:
        work = [(path, row) for path, row in work if options.only in path]
    warnings.simplefilter("ignore")
    passed, failed = 0, 0
    for path, row in work:
        try:
            compare_file(command, path, row)
            passed += 1
        except Exception as error:
            failed += 1
            print("%s: %s: %s" % (os.path.relpath(path, ROOT), type(error).__name__, str(error)[:500]))
            if options.trace:
                import traceback

                traceback.print_exc()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    # Deep structures: rebuilding descends, so it gets a large stack.
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(512 * 1024 * 1024)
    status = []
    thread = threading.Thread(target=lambda: status.append(main()))
    thread.start()
    thread.join()
    sys.exit(status[0] if status else 1)
