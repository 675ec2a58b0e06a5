#!/usr/bin/env python3.11
"""Measures what loading our own fixtures takes in CPython: tests/fixtures/memory.tsv.

The estimate of `picklescope size` is held to this table (tests/it/size/memory.rs). Nothing but fixtures that the scripts
beside this one wrote is loaded; each in a process of its own, some twenty times, so that one object is a twentieth of what
is counted. Run it with the Python of an environment of scripts/fixtures.sh:

    $(scripts/fixtures.sh environment classic) scripts/measure_memory.py >tests/fixtures/memory.tsv

Columns: the fixture, bytes once loaded and at most while loading as `tracemalloc` counts them, and bytes that libraries have in
memory of their own (storages of torch, trees of scikit-learn, boosted models), which it does not count.
"""

import gc
import importlib
import os
import pickle
import sys
import tracemalloc
import warnings
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
FOLDERS = [
    "real/stdlib", "stdlib/3.11", "real/numpy-1.26", "real/pandas-2.2", "real/sklearn-1.4", "real/scipy-1.12",
    "real/networkx-3.2", "real/statsmodels-0.14", "models/sklearn-1.4", "models/lightgbm-4.7", "models/xgboost-3.2",
    "tables/pandas-2.2", "torch/torch-2.6", "memory",
]
LEAST = 512
TIMES = 20


def load(path):
    if path.suffix == ".joblib":
        import joblib

        return joblib.load(path)
    if path.suffix in (".pt", ".pth"):
        import torch

        return torch.load(path, weights_only=False)
    with open(path, "rb") as file:
        return pickle.load(file)


def native(value):
    """Bytes of what libraries keep outside of Python's allocators, each once."""
    seen, total = set(), 0
    todo = [value]
    torch = sys.modules.get("torch")
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ == "module":
            continue
        seen.add(id(one))
        if type(one).__name__ == "Booster":
            module = type(one).__module__.split(".")[0]
            total += len(one.save_raw("ubj") if module == "xgboost" else one.model_to_string())
            continue
        if torch and isinstance(one, torch.Tensor):
            if one.device.type == "meta" or one.is_sparse or "sparse" in str(one.layout):
                parts = [one._indices(), one._values()] if one.layout == torch.sparse_coo else []
                todo.extend(parts)
                continue
            storage = one.untyped_storage()
            if storage.data_ptr() not in seen:
                seen.add(storage.data_ptr())
                total += storage.nbytes()
            continue
        if type(one).__name__ == "Tree" and type(one).__module__.startswith("sklearn"):
            state = one.__getstate__()
            total += state["nodes"].nbytes + state["values"].nbytes
            continue
        if type(one).__name__ == "ndarray" and one.dtype != object:
            continue
        todo.extend(one for one in gc.get_referents(one) if not isinstance(one, (str, bytes, int, float)))
        if len(seen) > 2_000_000:
            break
    return total


def measure(path):
    first = load(path)
    outside = native(first)
    load(path)
    gc.collect()
    kept = [None] * TIMES
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept[0] = load(path)
    peak = tracemalloc.get_traced_memory()[1] - before
    for at in range(1, TIMES):
        kept[at] = load(path)
    gc.collect()
    loaded = (tracemalloc.get_traced_memory()[0] - before) // TIMES
    tracemalloc.stop()
    return loaded, max(peak, loaded), outside


def in_process_of_its_own(path):
    """A fork: libraries are imported already, and nothing that is loaded stays."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = "\t".join(str(number) for number in measure(path))
        except Exception as error:  # whatever a library raises is why there is no number
            answer = f"!{type(error).__name__}: {error}"
        os.write(write, answer.encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def main():
    sys.path.insert(0, str(Path(__file__).resolve().parent / "fixtures"))
    warnings.simplefilter("ignore")
    for library in ("joblib", "numpy", "pandas", "sklearn.ensemble", "scipy.sparse", "networkx", "torch"):
        try:
            importlib.import_module(library)
        except ImportError:
            print(f"without {library}", file=sys.stderr)
    print("# Written by scripts/measure_memory.py: fixture, loaded, peak, native", flush=True)
    for folder in FOLDERS:
        for path in sorted((FIXTURES / folder).glob("*")):
            if path.suffix not in (".pkl", ".joblib", ".pt", ".pth") or path.stat().st_size < LEAST:
                continue
            name = path.relative_to(FIXTURES).as_posix()
            answer = in_process_of_its_own(path)
            if answer.startswith("!") or not answer:
                print(f"{name}: {answer[1:]}", file=sys.stderr, flush=True)
            else:
                print(f"{name}\t{answer}", flush=True)


if __name__ == "__main__":
    main()
