"""What may be opened: a path, bytes, or a file object."""

import os

from . import _picklescope
from ._file import File
from ._report import Report


class _Input:
    """A path, or bytes and what they are called."""

    def __init__(self, source, name):
        self.path = self.data = None
        if isinstance(source, (str, os.PathLike)):
            self.path = os.fspath(source)
            self.name = name or os.fsdecode(self.path)
            if isinstance(self.path, bytes):
                self.path = os.fsdecode(self.path)
            return
        if hasattr(source, "read"):
            own = getattr(source, "name", None)
            name = name or (own if isinstance(own, str) else None)
            source = source.read()
            if isinstance(source, str):
                raise TypeError("the file was opened as text; open it with mode 'rb'")
        self.name = name or "<bytes>"
        try:
            # Bytes stay where they are; what may change is copied.
            self.data = source if type(source) is bytes else bytes(memoryview(source))
        except TypeError:
            kind = type(source).__name__
            raise TypeError(f"expected a path, bytes or a binary file object, not {kind}") from None

    def scan(self, memory_limit, unpack_limit):
        if self.path is not None:
            return _picklescope.scan_path(self.path, memory_limit, unpack_limit)
        return _picklescope.scan_bytes(self.name, self.data, memory_limit, unpack_limit)

    def open(self, memory_limit, unpack_limit, member):
        if self.path is not None:
            return _picklescope.Opened.from_path(self.path, memory_limit, unpack_limit, member)
        return _picklescope.Opened.from_bytes(self.name, self.data, memory_limit, unpack_limit, member)


def scan(source, *, name=None, memory_limit=None, unpack_limit=None):
    """Reports what loading the pickles in a path, in bytes or in a binary file object would do.

    ``name`` stands for the file name of bytes; its ending counts. ``memory_limit`` is how many bytes of memory
    the reading may take, about, ``unpack_limit`` how many one compressed stream may unpack to.

    Raises ``OSError`` when the file cannot be opened. A damaged or hostile file raises nothing: the report says what is wrong.
    """
    given = _Input(source, name)
    limits = (memory_limit, unpack_limit)
    return Report(given.scan(*limits), lambda member: given.open(*limits, member))


def open(source, *, name=None, member=None, memory_limit=None, unpack_limit=None):
    """Opens a path, bytes or a binary file object and reads the pickle that it is about.

    ``member`` is the path of another one in an archive: ``"archive/data.pkl"``. The rest is as for ``scan``.

    Raises ``OSError`` when the file cannot be opened and ``MemberError`` when it has no such member.
    """
    given = _Input(source, name)

    def reopen(member):
        return given.open(memory_limit, unpack_limit, member)

    return File(reopen(member), reopen, given.path, given.data)
