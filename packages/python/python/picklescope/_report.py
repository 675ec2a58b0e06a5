"""What loading a file would do."""

import html
import json
from types import SimpleNamespace

from ._picklescope import AllowList as NativeAllowList
from ._picklescope import MemberError

LEVELS = ("not-a-pickle", "data-only", "recognised", "unknown-code", "suspicious", "dangerous")
WORDS = {
    "not-a-pickle": "Not a pickle",
    "data-only": "Data only",
    "recognised": "Recognised",
    "unknown-code": "Unknown code",
    "suspicious": "Suspicious",
    "dangerous": "Dangerous",
}
SHOWN = 50


class Finding(SimpleNamespace):
    """One finding with its evidence: ``rule``, ``level``, ``title``, ``explanation``, ``module``, ``name``, ``opcode``,
    ``offset``, ``length``, ``stream``, ``container``, ``call``, ``how_named``, ``advice``."""


class Import(SimpleNamespace):
    """A name that is imported: ``module``, ``name``, ``level``, ``reason``, ``offset``, ``container``."""


class AllowList(tuple):
    """The names that a file needs, as pairs ``(module, name)`` in the spelling in which a loader looks them up, in the order of the
    file. Names that are suspicious or dangerous are not among them; ``refused`` has those."""

    def __new__(cls, native):
        self = super().__new__(cls, native.allowed())
        self._native = native
        return self

    @property
    def refused(self):
        """Names of the file that are left out, as pairs, with the reason."""
        return {(module, name): why for module, name, why in self._native.refused()}

    def allows(self, module, name):
        """Whether the name is on the list."""
        return (module, name) in self

    @property
    def source(self):
        """Python source of a class ``Loader``, an ``Unpickler`` that looks up these names and no others; to be read and copied. The
        page and ``picklescope stubs --loader`` write the same."""
        return self._native.source()

    def __reduce__(self):
        raise TypeError("an AllowList is not pickled; keep its source")

    def __repr__(self):
        return f"AllowList({list(self)!r})"


class Report:
    """What loading the pickles in a file would do, as ``picklescope scan`` says it."""

    def __init__(self, text, open_member):
        self._text = text
        self._facts = None
        self._open = open_member

    def to_dict(self):
        """Everything, as ``picklescope scan --format json`` writes it for a file (docs/scan.md)."""
        return json.loads(self._text)

    @property
    def _dict(self):
        if self._facts is None:
            self._facts = json.loads(self._text)
        return self._facts

    @property
    def path(self):
        """What the report calls the file."""
        return self._dict["path"]

    @property
    def level(self):
        """The worst of what was found, one of ``not-a-pickle``, ``data-only``, ``recognised``, ``unknown-code``,
        ``suspicious``, ``dangerous``. None of them says that a file is harmless."""
        return self._dict["level"]

    @property
    def verdict(self):
        """The level as people read it: ``Dangerous``."""
        return WORDS.get(self.level, self.level)

    @property
    def is_complete(self):
        """Whether every byte of every pickle was read and understood. A partial reading is never a clean one."""
        return self._dict["reading"] == "complete"

    @property
    def why(self):
        """Why the reading is partial, a sentence each."""
        return list(self._dict["why"])

    @property
    def findings(self):
        """What was found."""
        return [Finding(**finding) for finding in self._dict["findings"]]

    @property
    def imports(self):
        """The names that the pickles import."""
        return [Import(**name) for name in self._dict["imports"]]

    def at_least(self, level):
        """Whether the level is this one or a worse one."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    def allow_list(self):
        """The names that the pickles of the file need, for a restricted ``Unpickler``. It says what may be looked up, not what that
        does when it is called: look at ``level`` first.

        Raises ``ValueError`` when the file was not read to its end, so that some may be missing.
        """
        if not self.is_complete:
            raise ValueError(f"not all of the file was read, so names may be missing: {' '.join(self.why)}")
        lists = []
        for member in self._dict["pickles"]:
            try:
                # The file itself goes by its own name.
                lists.append(self._open(member or self.path).allow_list())
            except MemberError:
                # It stands inside a value; whatever loads it from there does so with an unpickler of its own.
                continue
        names = NativeAllowList.together(lists)
        if names.is_cut():
            raise ValueError("the file names more than was looked at")
        return AllowList(names)

    def __repr__(self):
        state = "" if self.is_complete else ", partial"
        return f"<picklescope.Report {self.path!r}: {self.verdict}{state}, {self._dict['finding_count']} findings>"

    def _repr_html_(self):
        """The report in a notebook. What comes from the file is text there, never markup."""
        facts = self._dict
        cell = lambda text: f"<td style='text-align:left'>{html.escape(str(text))}</td>"  # noqa: E731
        rows = "".join(
            "<tr>" + "".join(map(cell, (f["level"], f["rule"], f["offset"], f["explanation"], f["call"]))) + "</tr>"
            for f in facts["findings"][:SHOWN]
        )
        head = "<tr>" + "".join(f"<th>{name}</th>" for name in ("level", "rule", "offset", "what", "call")) + "</tr>"
        left = facts["finding_count"] - min(len(facts["findings"]), SHOWN)
        more = f"<p>and {left} more findings</p>" if left > 0 else ""
        why = "".join(f"<p>{html.escape(text)}</p>" for text in facts["why"][:SHOWN])
        table = f"<table>{head}{rows}</table>{more}" if rows else ""
        state = "read completely" if self.is_complete else "read in part"
        title = f"<b>{html.escape(self.verdict)}</b> {html.escape(self.path)}, {state}"
        return f"<div><p>{title}</p>{why}{table}</div>"
