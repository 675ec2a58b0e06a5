"""For tests: a release made of sources."""

import json
import os
import tempfile
import textwrap

from engine import DEPTH, Engine
from hunt import facts
from operations import Auditor
from skeleton import skeleton
from world import Store, World


class Sources:
    def __init__(self, files):
        self.files = files
        self.names = list(files)

    def read(self, path):
        return self.files[path].encode()


def store(release, files):
    """A release with these files, path by source."""
    files = {path: textwrap.dedent(source) for path, source in files.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "skeletons")
        with open(path, "w") as file:
            for member, source in files.items():
                module = member.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")
                file.write(module + "\t" + json.dumps(skeleton(source.encode(), module, member)) + "\n")
        found = Store(release, path, lambda: Sources(files))
        # Both are read while the file is there.
        assert found.tops and found.encoded
    return found


def auditor(files, others=()):
    own = store("pkg==1", files)
    return Auditor(Engine(World([own, *others]), own))


def results(source, name, others=()):
    """Operation -> result of a class of the module `pkg`, where it is not plain."""
    found = auditor({"pkg.py": source}, others).classify("pkg", name, DEPTH)
    return {operation: result.result for operation, result in found.items() if result.result != "plain"}


def evidence(source, name, operation):
    found = auditor({"pkg.py": source}).classify("pkg", name, DEPTH)[operation]
    return [what for _, _, what in found.lines()]


def hunted(source):
    """Function -> words, of the module `pkg`."""
    own = store("pkg==1", {"pkg.py": source})
    return {name: sorted(words) for name, words in facts(Engine(World([own]), own), "pkg")}
