"""The module from the wheel that is installed: what it gives, and what it does not do."""

import ast
import collections
import gc
import io
import json
import os
import pathlib
import pickle
import re
import shutil
import subprocess
import sys
import threading

import pytest

import picklescope

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "tests" / "fixtures"
EVIL = b"cos\nsystem\n(S'id'\ntR."


def test_the_package_is_the_installed_one():
    assert "site-packages" in picklescope.__file__


def examples():
    text = (pathlib.Path(__file__).parents[1] / "README.md").read_text()
    return re.findall(r"```python\n(.*?)```", text, re.S)


def printed(code, folder=None):
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    return ran.stdout.splitlines()


def test_the_examples_of_the_readme(tmp_path):
    """Each prints what its comments say."""
    first, tables, names = examples()
    lines = printed(first)
    assert lines[0] == "Dangerous os.system('id')"
    assert lines[-1] == "[1, 2]"
    assert lines[1] == "pickle: dict 2 items {'a': …, 'b': None}"
    lines = printed(names)
    assert lines[0] == "[('__builtin__', 'set')]" and "class Loader(pickle.Unpickler):" in lines
    pytest.importorskip("pyarrow")
    shutil.copy(ROOT / "tests" / "samples" / "dataframe.pkl", tmp_path)
    assert printed(tables, tmp_path) == ["24 ['week', 'when', 'station', 'temperature', 'snow_cm', 'open', 'remark']", "double"]


def test_the_examples_of_the_reference(tmp_path):
    """One after the other, in one program; each line prints what its comment says."""
    for library in ("numpy", "pyarrow", "pandas"):
        pytest.importorskip(library)
    for sample in ("tests/samples/sklearn-bundle.pkl", "tests/samples/dataframe.pkl", "tests/samples/hostile-demo.pkl", "src/web/samples/checkpoint.pt"):
        shutil.copy(ROOT / sample, tmp_path)
    code = "".join(re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.S))
    said = re.findall(r"^ *print\(.*\) *# (.*)$", code, re.M)
    assert len(said) > 40
    assert [line.strip() for line in printed(code, tmp_path)] == [line.strip() for line in said]


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_of_all_kinds(wrap):
    report = picklescope.scan(wrap(EVIL), name="evil.pkl")
    assert (report.path, report.level, report.verdict) == ("evil.pkl", "dangerous", "Dangerous")
    assert report.at_least("suspicious") and not report.at_least("dangerous") is False
    assert [finding.call for finding in report.findings] == ["os.system", "os.system('id')"]
    assert [(name.module, name.name) for name in report.imports] == [("os", "system")]
    assert picklescope.open(wrap(EVIL)).level == "dangerous"


def test_paths(tmp_path):
    path = tmp_path / "two.pkl"
    path.write_bytes(pickle.dumps([1, 2]))
    for source in (path, str(path), os.fsencode(path) and path):
        assert picklescope.scan(source).level == "data-only"
        assert picklescope.open(source).to_python() == [1, 2]
    with open(path, "rb") as file:
        assert picklescope.open(file).name == str(path)
    with open(path, encoding="latin-1") as file, pytest.raises(TypeError, match="mode 'rb'"):
        picklescope.scan(file)
    for missing in (tmp_path / "none.pkl", tmp_path):
        for read in (picklescope.scan, picklescope.open):
            with pytest.raises(OSError) as raised:
                read(missing)
            with pytest.raises(OSError) as should:
                open(missing, "rb")
            assert type(raised.value) is type(should.value)
            assert (raised.value.errno, raised.value.filename) == (should.value.errno, str(missing))
    with pytest.raises(TypeError, match="expected a path"):
        picklescope.scan(7)


def test_empty_and_damaged_files_raise_nothing():
    for data in (b"", b"\x80", b"\x80\x04]\x94(K\x01K", b"not a pickle", b"\x00" * 1000, bytes(range(256))):
        assert picklescope.scan(data).level in ("not-a-pickle", "data-only")
        file = picklescope.open(data)
        assert file.reading
        file.tree()
        file.listing()
    assert not picklescope.open(b"\x80\x04]\x94(K\x01K").is_complete


def test_values_by_path():
    data = {"a": [1, {"b": (2, "three")}], 5: None, "obj": 1, ".x": 2}
    file = picklescope.open(pickle.dumps(data))
    assert file["obj['a'][1]['b']"].to_python() == (2, "three")
    assert file["a"][1]["b"][1].text == "three"
    assert file["a"][1]["['b'][0]"].to_python() == 2
    assert file[5].text == "None"
    assert file["['obj']"].to_python() == 1
    assert file["['.x']"].to_python() == 2
    assert file["a"].path == "obj['a']"
    assert file["a"].span[1] > file["a"].span[0]
    with pytest.raises(picklescope.PathError, match="there is no"):
        file["obj['none']"]
    with pytest.raises(picklescope.PathError):
        file["a"][9]


def test_plain_data_become_what_they_are():
    shared = [1]
    data = {
        "none": None, "bools": (True, False), "big": 2**3000, "small": -(2**70), "float": 1.5, "nan": float("inf"),
        "text": "äöü\n", "lone": "\ud800", "bytes": b"\x00\xff", "array": bytearray(b"ab"), "set": {1, 2},
        "frozen": frozenset({3}), "shared": [shared, shared], (1, "key"): {}, "deep": None,
    }
    deep = data["deep"] = []
    for _ in range(100_000):
        deep.append([])
        deep = deep[0]
    shallow = {**data, "deep": []}
    for protocol in range(6):
        made = picklescope.open(pickle.dumps(shallow, protocol)).to_python()
        assert made == shallow
        assert made["shared"][0] is made["shared"][1]
        assert [type(made[key]) for key in shallow] == [type(value) for value in shallow.values()]
    for protocol in (4, 5):
        made = picklescope.open(pickle_of(data, protocol)).to_python()
        level, depth = made.pop("deep"), 0
        while level:
            level, depth = level[0], depth + 1
        assert depth == 100_000
        assert made["shared"][0] is made["shared"][1]
        assert made == {key: value for key, value in data.items() if key != "deep"}
    data["deep"] = None


def pickle_of(data, protocol):
    """Deeper than pickle itself goes: the deep list is put in by hand."""
    deep = data.pop("deep")
    try:
        head = pickle.dumps(data, protocol)
    finally:
        data["deep"] = deep
    depth = 100_000
    value = b"]" * (depth + 1) + b"a" * depth
    frameless = head[2:] if head[2:3] != b"\x95" else head[11:]
    return b"\x80\x04" + frameless[:-1] + b"\x8c\x04deep" + value + b"s."


def test_cycles_come_back_as_cycles():
    data = []
    data.append({"self": data})
    made = picklescope.open(pickle.dumps(data)).to_python()
    assert made[0]["self"] is made
    gc.collect()


def test_what_would_be_called_only_says_so():
    file = picklescope.open(pickle.dumps(collections.OrderedDict(a=1)))
    made = file.to_python()
    assert isinstance(made, picklescope.Object)
    assert made.name == "collections.OrderedDict" and made.steps == [("setitems", [("a", 1)])]
    evil = picklescope.open(EVIL).to_python()
    assert (evil.name, evil.args) in (("os.system", ("id",)), ("posix.system", ("id",)))


def test_limits_are_kept():
    file = picklescope.open(pickle.dumps(b"x" * 100_000))
    with pytest.raises(picklescope.Error, match="limit"):
        file.to_python(limit=1000)
    with pytest.raises(picklescope.Error, match="limit"):
        file.to_json(limit=1000)
    with pytest.raises(picklescope.ExportError, match="no format"):
        file.export("docx")
    small = picklescope.open(pickle.dumps(list(range(2_000_000))), memory_limit=16 << 20)
    assert not small.is_complete and "memory" in small.reading


def test_the_allow_list_is_what_find_class_is_asked_for():
    seen = []

    class Watcher(pickle.Unpickler):
        def find_class(self, module, name):
            seen.append((module, name))
            return super().find_class(module, name)

    for protocol in range(6):
        seen.clear()
        data = pickle.dumps([{1}, collections.OrderedDict(a=1), complex(1, 2), range(3)], protocol)
        Watcher(io.BytesIO(data)).load()
        names = picklescope.scan(data).allow_list()
        assert set(names) == set(seen) and all(names.allows(*name) for name in seen) and names.refused == {}
        scope = {}
        exec(names.source, scope)  # ours, not the file's
        assert scope["Loader"](io.BytesIO(data)).load()[0] == {1}
        with pytest.raises(pickle.UnpicklingError, match="system is refused"):
            scope["Loader"](io.BytesIO(EVIL)).load()
    assert picklescope.scan(pickle.dumps(1)).allow_list() == ()
    evil = picklescope.scan(EVIL).allow_list()
    assert evil == () and list(evil.refused) == [("os", "system")] and "dangerous" in evil.refused["os", "system"].lower()
    with pytest.raises(ValueError, match="not all of the file was read"):
        picklescope.scan(EVIL[:-1] + b"\x80").allow_list()


def test_the_allow_list_is_written_by_what_writes_the_loader_of_the_command_line():
    program = str(pathlib.Path(sys.executable).parent / "picklescope")
    folders = [FIXTURES / "joblib", FIXTURES / "real", FIXTURES / "hostile"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.*l*b*") if folder.name == "joblib" else folder.rglob("*.pkl"))[::40]]
    compared = 0
    for path in paths:
        report = picklescope.scan(path)
        if not report.is_complete or len(report.to_dict()["pickles"]) != 1:
            continue
        loader = subprocess.run([program, "stubs", "--loader", str(path)], capture_output=True, text=True, check=True).stdout
        names = report.allow_list()
        assert names.source.partition("# Modules")[2] and names.source.partition("# Modules")[2] in loader, path
        compared += 1
    assert compared > 5


def test_a_report_in_a_notebook_is_text():
    text = b"c<script>\nalert(1)\n(tR."
    html = picklescope.scan(text, name="<img src=x>.pkl")._repr_html_()
    assert "<script>" not in html and "<img" not in html and "&lt;script&gt;" in html


def test_nothing_that_a_file_names_is_imported(tmp_path, monkeypatch):
    (tmp_path / "bait.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    data = b"\x80\x04\x8c\x04bait\x8c\x01x\x93)R."
    before = set(sys.modules)
    file = picklescope.open(data)
    file.to_python(), file.tree(), file.report.allow_list(), picklescope.scan(data).to_dict()
    assert "bait" not in sys.modules and not {name for name in set(sys.modules) - before if name.startswith("bait")}


def test_the_package_never_unpickles():
    folder = pathlib.Path(picklescope.__file__).parent
    for path in folder.glob("*.py"):
        text = path.read_text()
        assert not re.search(r"^\s*(import|from) (pickle|marshal|shelve|dill)", text, re.M), path
        assert not re.search(r"\b(exec|eval|__import__|import_module)\(", text), path


def test_a_panic_is_an_exception():
    from picklescope import _picklescope

    with pytest.raises(picklescope.InternalError, match="asked to"):
        _picklescope._panic()
    code = "from picklescope import _picklescope\ntry: _picklescope._panic()\nexcept Exception: print('goes on')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("goes on\n", "")


def test_other_threads_run_while_a_file_is_read():
    data = pickle.dumps([[number] for number in range(300_000)], 2)
    counted = 0
    done = threading.Event()
    threads = [threading.Thread(target=lambda: (picklescope.scan(data), done.set()))]
    threads[0].start()
    while not done.is_set():
        counted += 1
        done.wait(0.0005)
    threads[0].join()
    assert counted > 5


def test_one_file_may_be_asked_by_several_threads():
    file = picklescope.open(pickle.dumps({str(n): n for n in range(200)}))
    wrong = []

    def ask(start):
        wrong.extend(n for n in range(start, 200, 4) if file[str(n)].text != str(n))

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []


def test_small_stacks_are_enough():
    deep = b"]" * 1_000_000 + b"a" * 999_999 + b"."
    found = []
    threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append((picklescope.scan(deep), picklescope.open(deep).tree())))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(0)
    assert found[0][0].level == "data-only"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_a_long_reading(tmp_path):
    code = (
        "import picklescope, signal, time, _thread, threading\n"
        "data = b'\\x80\\x02' + b'(K\\x01l0' * 20_000_000 + b'N.'\n"
        "threading.Timer(0.15, _thread.interrupt_main).start()\n"
        "begun = time.monotonic()\n"
        "try: picklescope.scan(data, memory_limit=8 << 30); print('read')\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "interrupted\n", ran


def test_the_command_line_is_there():
    program = pathlib.Path(sys.executable).parent / "picklescope"
    evil = FIXTURES / "hostile"
    path = sorted(evil.rglob("*.pkl"))[0]
    for command in ([str(program)], [sys.executable, "-m", "picklescope"]):
        ran = subprocess.run([*command, "scan", str(path)], capture_output=True, text=True)
        assert ran.returncode == 1, ran
        assert subprocess.run([*command, "--version"], capture_output=True, text=True).stdout.split()[1] == picklescope.__version__


def test_sizes_are_those_of_the_command_line(tmp_path):
    path = tmp_path / "big.pkl"
    path.write_bytes(pickle.dumps({"large": b"x" * 10_000, "small": [1, 2]}))
    sizes = picklescope.open(path).size()
    assert sizes["total"] == path.stat().st_size and sizes["values"][0]["path"] == "obj"
    program = str(pathlib.Path(sys.executable).parent / "picklescope")
    for depth, items in ((2, 20), (1, 1), (5, 3)):
        words = [program, "size", "--json", "--depth", str(depth), "--max-items", str(items), str(path)]
        theirs = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
        assert picklescope.open(path).size(depth, items) == theirs


def test_an_opened_file_in_a_notebook_is_text():
    text = picklescope.open(pickle.dumps({"<script>": "<img src=x>"}), name="<b>.pkl")._repr_html_()
    assert "<script>" not in text and "<img" not in text and "<b>.pkl" not in text
    assert "&lt;script&gt;" in text and "&lt;b&gt;.pkl" in text


def test_every_public_name_is_typed():
    """What the package has and what its stub says are the same names."""
    tree = ast.parse((pathlib.Path(picklescope.__file__).parent / "__init__.pyi").read_text())
    typed = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    assert set(picklescope.__all__) - {"__version__"} <= set(typed)
    for name in ("File", "Value", "Frame", "Report", "AllowList"):
        there = {part for part in vars(getattr(picklescope, name)) if not part.startswith("_")}
        said = {node.name for node in typed[name].body if isinstance(node, ast.FunctionDef)}
        assert there <= said, name
