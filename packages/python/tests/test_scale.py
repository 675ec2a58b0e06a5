"""What `make scale` runs on Spark and Ray, here in one process over the first files of its generator (docs/scale.md)."""

import importlib.util
import os
import sys

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "..", "scripts", "scale")


def load(name):
    spec = importlib.util.spec_from_file_location(f"scale_{name}", os.path.join(FOLDER, f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def expected(kind):
    """Level and reading of the templates; None where any level will do."""
    if 88 <= kind < 95:
        return "dangerous", "complete"
    if 95 <= kind < 97:
        return "unknown-code", "complete"
    if kind >= 97:
        return None, "partial"
    return ("not-a-pickle" if 80 <= kind < 88 else None), "complete"


def test_templates_are_what_they_say():
    generate, verdicts = load("generate"), load("verdicts")
    imported = set(sys.modules)
    for number in range(300):
        ending, data = generate.file(number)
        assert (ending, data) == generate.file(number)
        path, level, reading, findings, _ = verdicts.verdict(f"{number}{ending}", data)
        wanted = expected(number % 100)
        assert reading == wanted[1], path
        assert level == wanted[0] or wanted[0] is None and level in ("data-only", "recognised"), (path, level, findings)
    assert not {"sklearn", "models"} & (set(sys.modules) - imported)


def test_a_report_is_a_function_of_name_and_bytes():
    generate, verdicts = load("generate"), load("verdicts")
    ending, data = generate.file(88)
    first = verdicts.verdict(f"a{ending}", data)
    assert first == verdicts.verdict(f"a{ending}", bytes(bytearray(data)))
    assert first[4] != verdicts.verdict(f"a{ending}", generate.file(89)[1])[4]


def test_paths_of_frameworks_are_those_within_the_folder(tmp_path):
    verdicts = load("verdicts")
    folder = str(tmp_path)
    assert verdicts.relative(f"file:{folder}/0001/a.pkl", folder) == os.path.join("0001", "a.pkl")
    assert verdicts.relative(os.path.join(folder, "b.pkl"), folder) == "b.pkl"
