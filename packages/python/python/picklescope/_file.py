"""An opened file, and values in it."""

import ast
import html
import json
import mmap

from . import _objects
from ._frame import Frame
from ._picklescope import ArrayError
from ._report import WORDS, Report

# What one value may become in memory unasked.
LIMIT = 256 << 20


class File:
    """An opened file. One member of it is read, the pickle that it is about; everything is answered of that."""

    def __init__(self, opened, reopen, path, data):
        self._opened = opened
        self._reopen = reopen
        self._path = path
        self._data = data
        self._map = None

    @property
    def facts(self):
        """What the file is, as ``picklescope info --json`` writes it: a dict."""
        return json.loads(self._opened.overview())

    @property
    def name(self):
        """What the file is called."""
        return self.facts["name"]

    @property
    def level(self):
        """The level of the pickle that is read; ``report`` goes over everything in the file."""
        verdict = self.facts["verdict"]
        return "not-a-pickle" if verdict["word"] == WORDS["not-a-pickle"] else verdict["level"]

    @property
    def verdict(self):
        """What loading the pickle would do, in a sentence."""
        return "".join(part["text"] for part in self.facts["verdict"]["sentence"])

    @property
    def is_complete(self):
        """Whether every byte was read and understood."""
        return self.facts["complete"]

    @property
    def reading(self):
        """How far the reading went, in a sentence."""
        return self.facts["reading"]

    @property
    def versions(self):
        """The packages that wrote the file, as far as it tells: name to version (``"1.7.2"``, ``">= 2.0"``, or empty)."""
        return {package["name"]: package["version"] for package in self.environment["packages"]}

    @property
    def environment(self):
        """Versions with their evidence, pins, and what cannot load the file: a dict."""
        return json.loads(self._opened.environment())

    @property
    def report(self):
        """What loading everything in the file would do."""
        return Report(self._opened.report(), self._reopen)

    @property
    def findings(self):
        """What was found in everything in the file."""
        return self.report.findings

    def members(self, most=1000):
        """What is in the file, in order: entries of archives, what compressed streams hold. A list of dicts."""
        return json.loads(self._opened.members(most))

    def tree(self, depth=3, items=20):
        """The tree of objects as indented lines, down to ``depth`` levels and at most ``items`` rows below each."""
        return self._opened.tree(depth, items)

    def listing(self, limit=LIMIT):
        """The opcodes as ``pickletools.dis`` prints them."""
        return self._opened.listing(limit).decode()

    def python_source(self, limit=LIMIT):
        """Python source that makes the same objects; to be read, not to be run unseen."""
        return self._opened.python(limit).decode()

    def to_json(self, limit=LIMIT):
        """The whole graph as JSON, typed and lossless (docs/json.md)."""
        return self._opened.json(limit).decode()

    def __getitem__(self, step):
        """The value at a path as the tree and the page spell it, ``file["obj['model'].coef_"]``; or an item of the value that
        was pickled, ``file["model"]``, ``file[0]``."""
        if isinstance(step, str) and (step in ("obj", "objs") or step.startswith(("obj[", "obj.", "objs[", "obj ›"))):
            return Value(self, step)
        return Value(self, "obj")[step]

    def array(self, path="obj"):
        """``self[path].array()``."""
        return self[path].array()

    def frame(self, path="obj"):
        """The table at a path, as ``self[path].frame()``."""
        return self[path].frame()

    def size(self, depth=2, items=20):
        """What is large, as ``picklescope size --json`` writes it (docs/size.md): a dict with ``total``, ``summary``,
        ``savings`` and ``values``, which go down to ``depth`` levels with at most ``items`` rows of each."""
        return json.loads(self._opened.size(depth, items))

    def to_python(self, path="obj", limit=LIMIT):
        """``self[path].to_python()``."""
        return self[path].to_python(limit)

    def export(self, format, path=None, limit=LIMIT):
        """A value, or the whole document, as a file of a format (``"json"``, ``"csv"``, ``"npy"``, ...; docs/export.md): its
        bytes, and what the format could not hold, a sentence each."""
        return self._opened.export(path, format, limit)

    def _buffer(self):
        """The bytes of the file: those that are held, or the file mapped into memory."""
        if self._data is not None:
            return self._data
        if self._map is None:
            with open(self._path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def __repr__(self):
        facts = self.facts
        state = "" if facts["complete"] else ", partial"
        return f"<picklescope.File {facts['name']!r}: {WORDS[self.level]}{state}>"

    def _repr_html_(self):
        """The file in a notebook: the verdict and the beginning of the tree. What comes from the file is text there, never
        markup."""
        facts = self.facts
        title = f"<b>{html.escape(WORDS[self.level])}</b> {html.escape(facts['name'])}"
        said = f"<p>{html.escape(self.verdict)}</p><p>{html.escape(facts['reading'])}</p>"
        return f"<div><p>{title}</p>{said}<pre>{html.escape(self.tree())}</pre></div>"


class Value:
    """One value of a file."""

    def __init__(self, file, path):
        self._file = file
        self._facts = json.loads(file._opened.value(path))
        self._path = path

    @property
    def path(self):
        """Where it is, ``obj['model'].coef_``."""
        return self._path

    @property
    def type(self):
        """Its full type, ``sklearn.pipeline.Pipeline``."""
        return self._facts["type"]

    @property
    def summary(self):
        """What it is, in one line."""
        return self._facts["summary"]

    @property
    def text(self):
        """Python's repr, or the text itself for ``str``: the first 64 KiB."""
        return self._facts["text"]

    @property
    def facts(self):
        """What else is known, by name."""
        return dict(self._facts["facts"])

    @property
    def span(self):
        """Bytes from the first opcode of the value to the last: start and end."""
        return tuple(self._facts["span"])

    def __getitem__(self, step):
        """An item, ``value[0]``, ``value["key"]``; or the rest of a path, ``value[".coef_"]``, ``value["['key'][0]"]``."""
        if isinstance(step, str) and step.startswith((".", "[", " ›")):
            return Value(self._file, self._path + step)
        return Value(self._file, f"{self._path}[{step!r}]")

    def tree(self):
        """The tree of objects below the value, as indented lines."""
        return self._file._opened.export(self._path, "tree", LIMIT)[0].decode()

    def export(self, format, limit=LIMIT):
        """The value as a file of a format (docs/export.md): its bytes, and what the format could not hold."""
        return self._file._opened.export(self._path, format, limit)

    def to_python(self, limit=LIMIT):
        """The value as objects of Python. Plain data become what they are: ``None``, numbers, texts, bytes, lists, tuples, dicts,
        sets, shared and in cycles where the file has them so. Everything that a loader would import or call is an ``Object``,
        which says what would be called, and does nothing.

        Raises ``Error`` when the value takes more than ``limit`` bytes as JSON.
        """
        return _objects.build(self._file._opened.export(self._path, "json", limit)[0])

    def array(self):
        """The numbers of an array as a read-only numpy array, which has to be installed. Nothing is unpickled. Where the file
        has the numbers as they are, they are not copied: the file is mapped into memory. It must not be cut short as long as
        the array is in use; otherwise reading numbers that are gone ends the process, as with ``numpy.memmap``.

        Raises ``ArrayError`` when the value has no numbers.
        """
        import numpy

        layout = json.loads(self._file._opened.array(self._path))
        if layout["is_masked"]:
            raise ArrayError(f"{self._path}: a mask hides some elements; export('npy') gives the numbers below it")
        dtype = numpy.lib.format.descr_to_dtype(ast.literal_eval(layout["descr"]))
        shape, offset = tuple(layout["shape"]), layout["offset"]
        if offset is not None and 0 not in shape and dtype.itemsize:
            return numpy.ndarray(shape, dtype, self._file._buffer(), offset, tuple(layout["strides"]))
        return _read_npy(numpy, self._file._opened.export(self._path, "npy", None)[0])

    def frame(self):
        """The table of pandas that the value is (a frame, series, index or array), as a ``Frame``, which pandas, pyarrow, polars
        and others take through Arrow's PyCapsule interface. None of them has to be installed, and nothing is unpickled.

        Raises ``TableError`` when the value is no table of pandas.
        """
        return Frame(self._file._opened.frame(self._path))

    def __repr__(self):
        return f"<picklescope.Value {self._path}: {self.type} {self.summary}>"


def _read_npy(numpy, data):
    """The array of a `.npy` file in memory, without a copy. ``allow_pickle`` stays off: such a file holds no pickle."""
    import io

    file = io.BytesIO(data)
    version = numpy.lib.format.read_magic(file)
    reads = {(1, 0): numpy.lib.format.read_array_header_1_0, (2, 0): numpy.lib.format.read_array_header_2_0}
    if version not in reads:
        file.seek(0)
        return numpy.load(file, allow_pickle=False)
    shape, fortran, dtype = reads[version](file)
    return numpy.ndarray(shape, dtype, data, file.tell(), order="F" if fortran else "C")
