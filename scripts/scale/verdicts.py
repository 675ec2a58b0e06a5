"""What all three runs do with a file: `picklescope.scan`, a function of its bytes, its name and a limit."""

import hashlib
import json
import os
import signal

import picklescope

# The same everywhere: by default it is a share of the machine's memory, and what stops a reading would depend on the machine.
MEMORY = 512 << 20
COLUMNS = ("path", "level", "reading", "findings", "sha256")


def relative(path, folder):
    """The path within the folder, whatever a framework puts before it (`file:/...`)."""
    return os.path.relpath(path[path.index(folder) :], folder)


def verdict(path, content):
    """One row: what was found, and a checksum of the whole report. A fault in the scan costs this row and not the job."""
    try:
        facts = picklescope.scan(content, name=path, memory_limit=MEMORY).to_dict()
    except picklescope.Error as error:
        facts = {"level": "not-a-pickle", "reading": "partial", "finding_count": 0, "why": [str(error)]}
    whole = json.dumps(facts, sort_keys=True).encode()
    return (path, facts["level"], facts["reading"], facts["finding_count"], hashlib.sha256(whole).hexdigest())


class Killing:
    """Kills the process that comes to the file whose number ends the marker's name, the first time: what the kernel does when
    memory runs out. Without a marker it kills none."""

    def __init__(self, marker):
        self.marker = marker
        self.number = marker.rsplit("-")[-1] if marker else None

    def perhaps(self, path):
        if not self.marker or self.number not in os.path.basename(path):
            return
        try:
            os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def write(rows, out):
    """Rows sorted by path, a line each."""
    with open(out, "w", encoding="utf-8") as lines:
        for row in sorted(rows):
            lines.write("\t".join(map(str, row)) + "\n")
