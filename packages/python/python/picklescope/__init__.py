"""Shows everything inside a Python pickle, without running any of it.

``scan`` reports what loading a file would do; ``open`` gives its values. Nothing is unpickled, and nothing that a file names is
imported.
"""

from ._file import File, Value
from ._frame import Frame
from ._objects import Object
from ._picklescope import (
    ArrayError,
    Error,
    ExportError,
    InternalError,
    MemberError,
    PathError,
    TableError,
    __version__,
)
from ._report import AllowList, Finding, Import, Report
from ._source import open, scan

__all__ = [
    "AllowList",
    "ArrayError",
    "Error",
    "ExportError",
    "File",
    "Finding",
    "Frame",
    "Import",
    "InternalError",
    "MemberError",
    "Object",
    "PathError",
    "Report",
    "TableError",
    "Value",
    "__version__",
    "open",
    "scan",
]
