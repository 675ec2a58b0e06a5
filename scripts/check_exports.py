#!/usr/bin/env python3
"""Saves what is in the fixtures with `picklescope export` and loads it again with the real libraries.

    scripts/check_exports.py BINARY [ENVIRONMENT ...]      all environments that scripts/fixtures.sh has made

In each environment every fixture that it can load is loaded by the library that wrote it, and each array, table and state
dict in it is exported by its path: .npy (numpy.load; the same bytes as numpy.save where dtype and order are kept), .npz,
.safetensors, CSV (pandas.read_csv), plain JSON (json.loads). What comes back has to be equal to what the library loaded.
What a format cannot hold has to be refused. The fixtures are our own: loading them runs code, loading others would too.
"""

import io
import json
import math
import os
import pickle
import re
import subprocess
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIXTURES = os.path.join(HERE, "tests", "fixtures")
TOOLS = os.environ.get("PICKLESCOPE_TOOLS", os.path.expanduser("~/.cache/picklescope"))
ENVIRONMENTS = ["modern", "classic", "old", "containers", "torch-2.6", "pandas-0.25", "pandas-1.2", "pandas-1.3"]
# Beside the environments, for those that have none.
SAFETENSORS = os.path.join(TOOLS, "safetensors-0.8.0")
VALUES = 60
DEPTH = 4

warnings.simplefilter("ignore")


class Checker:
    def __init__(self, binary):
        self.binary = binary
        self.passed = 0
        self.failed = []
        self.folder = tempfile.mkdtemp()

    def export(self, file, path, form):
        """The bytes, or None and what was said instead."""
        words = [self.binary, "export", "--format", form]
        if path is not None:
            words += ["--path", path]
        done = subprocess.run(words + files(file), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            return None, done.stderr.decode("utf-8", "replace").strip()
        return done.stdout, done.stderr.decode("utf-8", "replace").strip()

    def check(self, file, path, form, compare):
        data, said = self.export(file, path, form)
        self.said = said
        where = f"{os.path.relpath(file, FIXTURES)} {path or ''} {form}"
        try:
            wrong = said if data is None else compare(data)
        except Exception as error:  # a file that does not load is what this is about
            wrong = f"{type(error).__name__}: {error}"
        self.note(where, wrong)

    def refuses(self, file, path, form):
        data, said = self.export(file, path, form)
        where = f"{os.path.relpath(file, FIXTURES)} {path or ''} {form}"
        self.note(where, None if data is None and said else "was written, but cannot be right")

    def note(self, where, wrong):
        if wrong:
            self.failed.append(f"{where}: {str(wrong)[:400]}")
        else:
            self.passed += 1


def files(file):
    """A file with what belongs to it."""
    folder, name = os.path.split(file)
    beside = [os.path.join(folder, other) for other in sorted(os.listdir(folder)) if other.startswith(name + "_")]
    return [file] + beside


# Values

def native(array):
    import numpy as np
    array = np.asarray(array)
    return array.astype(array.dtype.newbyteorder("=")) if array.dtype.names is None else array


def same_arrays(one, two):
    import numpy as np
    one, two = np.asarray(one), np.asarray(two)
    if one.shape != two.shape:
        return f"shape {one.shape}, should be {two.shape}"
    if one.dtype.names is not None or two.dtype.names is not None:
        if one.dtype.names != two.dtype.names:
            return f"fields {one.dtype.names}, should be {two.dtype.names}"
        return None if repr(one.tolist()) == repr(two.tolist()) else "fields differ"
    if one.dtype != two.dtype and one.dtype.newbyteorder("=") != two.dtype.newbyteorder("="):
        return f"dtype {one.dtype}, should be {two.dtype}"
    if one.dtype.kind == "V":
        return None if one.tobytes() == two.tobytes() else "bytes differ"
    if one.dtype.itemsize == 16 and one.dtype.kind == "f" or one.dtype.itemsize == 32:
        # Six bytes of each long double are padding.
        return None if repr(one.tolist()) == repr(two.tolist()) else "long doubles differ"
    return None if native(one).tobytes() == native(two).tobytes() else "elements differ"


def load_npy(data):
    import numpy as np
    try:
        return np.load(io.BytesIO(data), allow_pickle=False, max_header_size=1 << 20)
    except TypeError:  # numpy before 1.24 knows no limit
        return np.load(io.BytesIO(data), allow_pickle=False)


def numpy_name(array):
    """Whether .npy can hold it as it is."""
    if array.dtype.hasobject or array.dtype.kind == "T":
        return False
    try:
        return bool(array.dtype.descr)
    except ValueError:
        return False  # fields that overlap or are out of order


def check_array(checker, file, path, array):
    import numpy as np
    if not numpy_name(array):
        checker.refuses(file, path, "npy")
        return
    plain = np.ma.getdata(array) if isinstance(array, np.ma.MaskedArray) else np.asarray(array)

    def npy(data):
        wrong = same_arrays(load_npy(data), plain)
        # What stands between fields is left to chance by numpy.
        if wrong is None and plain.dtype.names is None and plain.dtype.isnative and not isinstance(array, np.ma.MaskedArray):
            out = io.BytesIO()
            np.save(out, plain)
            # The header has to say the same; older numpy leaves no room for growth in it.
            if out.getvalue() != data and header(out.getvalue()) == header(data):
                return "not the bytes of numpy.save"
        return wrong

    checker.check(file, path, "npy", npy)
    if plain.dtype.names is None and plain.ndim in (1, 2) and plain.size and plain.dtype.kind in "biufUmM":
        checker.check(file, path, "csv", lambda data: csv_array(data, array))
    if plain.dtype.kind in "biufU" and plain.dtype.itemsize != 16:
        checker.check(file, path, "plain-json", lambda data: same_json(data, array))


def header(data):
    size = int.from_bytes(data[8:10], "little") if data[6] == 1 else int.from_bytes(data[8:12], "little")
    return data[:6], data[10 if data[6] == 1 else 12:][:size].rstrip()


def csv_array(data, array):
    import csv
    import numpy as np
    lines = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    array = np.asarray(array) if isinstance(array, np.matrix) else array
    rows = array.reshape(len(array), -1) if array.ndim > 1 else array.reshape(-1, 1)
    if len(lines) != rows.shape[0] or any(len(line) != rows.shape[1] for line in lines):
        return f"{len(lines)} lines for shape {array.shape}"
    for line, row in zip(lines, rows):
        for text, value in zip(line, row):
            if value is np.ma.masked:
                same = text == ""
            elif array.dtype.kind == "f":
                same = array.dtype.type(text) == value or text == "nan" and value != value
            elif array.dtype.kind in "mM":
                same = text == ("" if np.isnat(value) else str(value))
            else:
                same = text == str(value).encode("utf-8", "replace").decode("utf-8").replace("?", "\ufffd") or text == str(value)
            if not same:
                return f"{text!r}, should be {value!r}"
    return None


def plain(value):
    """What plain JSON should hold of a value; raises TypeError for what this script has no opinion on."""
    import numpy as np
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if type(value) in (list, tuple):
        return [plain(item) for item in value]
    if type(value) is dict:
        if not all(isinstance(key, str) for key in value):
            raise TypeError
        return {key: plain(item) for key, item in value.items()}
    raise TypeError


def same_json(data, value):
    import numpy as np
    found, should = json.loads(data), plain(value)
    narrow = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.dtype.itemsize < 8
    if narrow:
        # The shortest digits of the narrow type: equal once they are that type again.
        flat = np.array(found, dtype=object)
        flat[flat == None] = np.nan  # noqa: E711
        again = flat.astype(value.dtype)
        value = np.where(np.isfinite(np.ma.filled(value, np.nan)), np.ma.filled(value, np.nan), np.nan).astype(value.dtype)
        return None if np.array_equal(again, value, equal_nan=True) else f"{found!r}"[:200]
    return None if repr(found) == repr(should) else f"{found!r}"[:200]


def is_plain(value, left=None):
    left = left if left is not None else [2000]
    left[0] -= 1
    if left[0] < 0:
        return False
    if value is None or type(value) in (bool, str, int, float):
        return not (type(value) is str and any(0xD800 <= ord(c) < 0xE000 for c in value))
    if type(value) in (list, tuple):
        return all(is_plain(item, left) for item in value)
    if type(value) is dict:
        return all(type(key) is str and is_plain(item, left) for key, item in value.items())
    return False


# Several arrays

def arrays_in(value, prefix="", out=None, depth=0):
    """Names and arrays as the exports name them: of dicts and lists only."""
    import numpy as np
    out = {} if out is None else out
    if type(value) is np.ndarray or is_tensor(value):
        out[prefix] = value
    elif depth < 6 and isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, (str, int)) and not isinstance(key, bool):
                arrays_in(item, f"{prefix}.{key}" if prefix else str(key), out, depth + 1)
    elif depth < 6 and type(value) in (list, tuple):
        for index, item in enumerate(value):
            arrays_in(item, f"{prefix}.{index}" if prefix else str(index), out, depth + 1)
    return out


def is_tensor(value):
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def inside(name):
    name = "".join("_" if ord(c) < 32 or c in "\\:" else c for c in name)
    return "/".join("__" if part == ".." else part for part in name.split("/") if part not in ("", "."))


def check_several(checker, file, path, value):
    import numpy as np
    arrays = {name: array for name, array in arrays_in(value).items() if not is_tensor(array)}
    fit = {name: array for name, array in arrays.items() if numpy_name(array)}
    if fit and len(fit) == len(arrays):
        def npz(data):
            loaded = np.load(io.BytesIO(data))
            for name, array in fit.items():
                name = f"arr_{name}" if type(value) in (list, tuple) and name.isdigit() else inside(name)
                if name not in loaded:
                    return f"no {name} among {loaded.files}"
                wrong = same_arrays(loaded[name], array)
                if wrong:
                    return f"{name}: {wrong}"
            return None
        checker.check(file, path, "npz", npz)
    types = ["?", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
    types = {np.dtype(name) for name in types}
    fit = {name: array for name, array in arrays.items() if array.dtype.kind in "biuf" and array.dtype.newbyteorder("=") in types}
    if fit:
        def tensors(data):
            import safetensors.numpy
            loaded = safetensors.numpy.load(data)
            for name, array in fit.items():
                if name not in loaded:
                    return f"no {name} among {sorted(loaded)}"
                wrong = same_arrays(loaded[name], array)
                if wrong:
                    return f"{name}: {wrong}"
            return None
        checker.check(file, path, "safetensors", tensors)


# Tables

def check_table(checker, file, path, frame):
    import pandas as pd
    table = frame.to_frame() if isinstance(frame, pd.Series) else frame
    levels = table.index.nlevels
    if table.columns.nlevels != 1:
        return

    def csv(data):
        expected = io.StringIO()
        spelled(table).to_csv(expected)
        kinds = {"keep_default_na": True, "low_memory": False, "float_precision": "round_trip"}
        index = list(range(levels))
        found = pd.read_csv(io.BytesIO(data), index_col=index, **kinds)
        should = pd.read_csv(io.StringIO(expected.getvalue()), index_col=index, **kinds)
        # What it says that it cannot read.
        left_out = re.findall("the column (.+) is empty", checker.said)
        for frame in (found, should):
            frame.drop(columns=left_out, inplace=True)
            times(frame)
        try:
            pd.testing.assert_frame_equal(found, should, check_exact=True)
        except AssertionError as error:
            return " ".join(str(error).split())
        return None

    checker.check(file, path, "csv", csv)


def spelled(table):
    """With moments and intervals as their str: to_csv spells those of a column alike, and of categories as numbers before 1.4."""
    import pandas as pd
    columns = []
    for at in range(table.shape[1]):
        column = table.iloc[:, at]
        kind = column.cat.categories.dtype if isinstance(column.dtype, pd.CategoricalDtype) else column.dtype
        if getattr(kind, "kind", None) in ("m", "M") or isinstance(kind, (pd.DatetimeTZDtype, pd.IntervalDtype)):
            texts = [None if pd.isna(value) else words(value) for value in column]
            column = pd.Series(texts, index=column.index, name=column.name, dtype=object)
        columns.append(column)
    made = pd.concat(columns, axis=1) if columns else table
    made.columns = table.columns
    return made


def words(value):
    """Its str; of intervals with the time of the day, which some versions leave out where it is midnight."""
    import pandas as pd
    if isinstance(value, pd.Timedelta) and pd.__version__ < "1" and value.nanoseconds:
        return f"{value}{value.nanoseconds:03}"  # which its str leaves out
    if not hasattr(value, "closed"):
        return str(value)
    ends = ("[" if value.closed in ("left", "both") else "("), ("]" if value.closed in ("right", "both") else ")")
    return f"{ends[0]}{value.left}, {value.right}{ends[1]}"


def times(frame):
    """Dates are spelled with the time of the day or without it."""
    import pandas as pd
    for name in list(frame.columns):
        column = frame[name]
        if isinstance(column, pd.Series) and column.dtype.kind not in "biuf":
            texts = column.dropna().astype(str)
            if len(texts) and texts.str.match(r"(\d{4}-\d\d-\d\d|-?\d+ days)( [+]?00:00:00)?$").all():
                frame[name] = column.astype(str).str.replace(" 00:00:00", "")
    if frame.index.nlevels == 1 and frame.index.dtype.kind not in "biuf":
        frame.index = frame.index.astype(str).str.replace(" 00:00:00", "")


# Torch

def check_tensor(checker, file, path, tensor):
    import torch
    if tensor.is_quantized or tensor.is_nested or tensor.layout != torch.strided or tensor.device.type == "meta":
        return
    wide = tensor.detach()
    if tensor.dtype == torch.complex32:
        wide = wide.to(torch.complex64)
    if tensor.dtype == torch.bfloat16 or str(tensor.dtype).startswith("torch.float8"):
        wide = wide.to(torch.float32)
    wide = wide.resolve_conj().resolve_neg().numpy()
    checker.check(file, path, "npy", lambda data: same_arrays(load_npy(data), wide))


def check_state(checker, file, path, value):
    import torch
    tensors = {name: tensor for name, tensor in arrays_in(value).items() if is_tensor(tensor)}
    fit = {name: tensor for name, tensor in tensors.items()
           if not tensor.is_quantized and not tensor.is_nested and tensor.layout == torch.strided and tensor.device.type != "meta"
           and tensor.dtype not in (torch.complex128, torch.complex32) and "fnuz" not in str(tensor.dtype)}
    if not fit:
        return

    def load(data):
        import safetensors.torch
        loaded = safetensors.torch.load(data)
        for name, tensor in fit.items():
            if name not in loaded:
                return f"no {name} among {sorted(loaded)}"
            found = loaded[name]
            if found.dtype != tensor.dtype or found.shape != tensor.shape:
                return f"{name}: {found.dtype} {found.shape}, should be {tensor.dtype} {tensor.shape}"
            bits = [torch.atleast_1d(one.detach().contiguous()).view(torch.uint8) for one in (found, tensor)]
            if not torch.equal(*bits):
                return f"{name}: elements differ"
        return None

    checker.check(file, path, "safetensors", load)


# Files

def go(checker, file, value, path):
    """Checks a value and what is in it."""
    left = [VALUES]
    seen = set()

    def visit(value, path, depth):
        if left[0] <= 0 or id(value) in seen:
            return
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is not None and isinstance(value, numpy.ndarray):
            seen.add(id(value))
            left[0] -= 1
            check_array(checker, file, path, value)
            return
        if pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series)):
            seen.add(id(value))
            left[0] -= 1
            check_table(checker, file, path, value)
            return
        if is_tensor(value):
            left[0] -= 1
            check_tensor(checker, file, path, value)
            return
        if type(value) in (dict, list, tuple) and depth < DEPTH:
            seen.add(id(value))
            if depth == 0 and value and is_plain(value):
                checker.check(file, path, "plain-json", lambda data: same_json(data, value))
            if depth == 0:
                check_several(checker, file, path, value)
                if "torch" in sys.modules:
                    check_state(checker, file, path, value)
            items = value.items() if type(value) is dict else enumerate(value)
            for key, item in items:
                if isinstance(key, (str, int)) and not isinstance(key, bool) and len(repr(key)) < 150:
                    visit(item, f"{path}[{key!r}]", depth + 1)
        elif "torch" in sys.modules and isinstance(value, dict) and depth < DEPTH:
            check_state(checker, file, path, value)
        elif hasattr(value, "__dict__") and type(value).__module__.startswith("sklearn") and depth < DEPTH:
            for key, item in vars(value).items():
                visit(item, f"{path}.{key}", depth + 1)

    visit(value, path, 0)


def real(checker, environment):
    rows = json.load(open(os.path.join(FIXTURES, "real", "MANIFEST.json")))
    for row in rows:
        if row["environment"] != environment or row.get("persistent") or row.get("extensions") or row.get("buffers"):
            continue
        file = os.path.join(FIXTURES, "real", row["file"])
        try:
            with open(file, "rb") as stream:
                value = pickle.load(stream)
        except Exception:
            continue
        go(checker, file, value, "objs[0]" if row.get("pickles", 1) > 1 else "obj")


CONTAINERS = {"containers": ("joblib-1", "numpy-", "pandas-3"), "classic": ("pandas-2", ), "old": ("pandas-1.5", ),
              "torch-2.6": ("torch-2.6", "torch-2.2", "torch-1.13")}


def containers(checker, environment):
    folder = os.path.join(FIXTURES, "containers")
    for tool in sorted(os.listdir(folder)):
        if not tool.startswith(CONTAINERS[environment]) or tool.endswith("py2"):
            continue
        for name in sorted(os.listdir(os.path.join(folder, tool))):
            file = os.path.join(folder, tool, name)
            try:
                value = load(tool, file)
            except Exception:
                continue
            go(checker, file, value, "obj")


# Beside real and containers: the folders of the lenses, in the environment of the library that wrote them.
LENSES = {
    "modern": ("arrays/numpy-2.4", "arrays/scipy-1.17", "tables/pandas-3.1", "models/sklearn-1.9", "joblib/1.6.0"),
    "classic": ("arrays/numpy-1.26", "arrays/scipy-1.12", "tables/pandas-2.2", "models/sklearn-1.4"),
    "old": ("arrays/numpy-1.23", "arrays/scipy-1.10", "tables/pandas-1.5", "models/sklearn-1.2"),
    "containers": ("tables/pandas-3.1-arrow", ),
    "torch-2.6": ("torch", ),
    "pandas-0.25": ("tables/pandas-0.25", ),
    "pandas-1.2": ("tables/pandas-1.2", ),
    "pandas-1.3": ("tables/pandas-1.3", ),
}


def lenses(checker, environment):
    for folder in LENSES[environment]:
        for place, _, names in sorted(os.walk(os.path.join(FIXTURES, folder))):
            for name in sorted(names):
                file = os.path.join(place, name)
                tool = "torch" if folder == "torch" else {".joblib": "joblib", ".npy": "numpy"}.get(os.path.splitext(name)[1], "pickle")
                try:
                    value = load(tool, file)
                except Exception:
                    continue
                go(checker, file, value, "obj")


def load(tool, file):
    if tool == "pickle":
        with open(file, "rb") as stream:
            return pickle.load(stream)
    if tool.startswith("torch"):
        import torch
        return torch.load(file, weights_only=False)
    if tool.startswith("joblib"):
        import joblib
        return joblib.load(file)
    if tool.startswith("pandas"):
        import pandas
        return pandas.read_pickle(file)
    import numpy
    if not file.endswith(".npy"):
        raise ValueError
    return numpy.load(file, allow_pickle=True)


def check(binary, environment):
    for module in ("numpy", "pandas", "torch"):
        try:
            __import__(module)
        except ImportError:
            pass
    checker = Checker(binary)
    if environment in ("modern", "classic", "old"):
        real(checker, environment)
    if environment in CONTAINERS:
        containers(checker, environment)
    lenses(checker, environment)
    json.dump({"passed": checker.passed, "failed": checker.failed}, sys.stdout)


def main():
    if sys.argv[1] == "--in":
        check(sys.argv[2], sys.argv[3])
        return 0
    binary, chosen = os.path.abspath(sys.argv[1]), sys.argv[2:] or ENVIRONMENTS
    passed, failed = 0, 0
    for environment in chosen:
        python = os.path.join(TOOLS, f"python-{environment}", "bin", "python")
        if not os.path.exists(python):
            print(f"{environment}: there is no {python}; scripts/fixtures.sh environment {environment} makes it")
            failed += 1
            continue
        if not os.path.isdir(SAFETENSORS):
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--target", SAFETENSORS, "safetensors==0.8.0"], check=True)
        paths = os.pathsep.join([SAFETENSORS, os.environ.get("PYTHONPATH", "")])
        words = [python, os.path.abspath(__file__), "--in", binary, environment]
        done = subprocess.run(words, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths})
        found = json.loads(done.stdout) if done.returncode == 0 else {"passed": 0, "failed": ["the check itself failed"]}
        for line in found["failed"]:
            print(f"{environment}: {line}")
        print(f"{environment}: {found['passed']} passed, {len(found['failed'])} failed", flush=True)
        passed += found["passed"]
        failed += len(found["failed"])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main())
