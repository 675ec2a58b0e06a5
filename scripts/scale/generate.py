#!/usr/bin/env python3
"""Makes files such as a hub has, small ones, from templates: the same bytes for the same count.

    python3 scripts/scale/generate.py FOLDER [--count 10000]

Of a hundred files, 88 are honest (plain data, names of known libraries, archives, text), 7 would call something when they are
loaded, 3 are cut short, 2 name code that nobody has reviewed. Nothing here runs a pickle, and what the hostile ones would call
is `echo`.
"""

import argparse
import gzip
import io
import json
import os
import pickle
import random
import zipfile

FILES_PER_FOLDER = 100


def plain(numbers):
    """Settings and metrics, as `pickle.dump` writes them."""
    names = ["loss", "accuracy", "epoch", "name", "labels", "weights"]
    value = {
        "run": numbers.getrandbits(64),
        "metrics": {name: [numbers.random() for _ in range(numbers.randrange(40))] for name in names},
        "tags": [f"tag-{numbers.randrange(1000)}" for _ in range(numbers.randrange(30))],
    }
    return pickle.dumps(value, protocol=numbers.randrange(6))


def estimator(numbers):
    """A model of scikit-learn, by its opcodes: no library is needed to write them."""
    state = {"fit_intercept": True, "C": numbers.random(), "n_iter_": numbers.randrange(200)}
    body = pickle.dumps(state, protocol=2)[2:-1]
    return b"\x80\x02csklearn.linear_model._logistic\nLogisticRegression\n)\x81" + body + b"b."


def state_dict(numbers):
    """An OrderedDict of names and shapes."""
    body = pickle.dumps([(f"layer.{n}.weight", (n, numbers.randrange(1, 512))) for n in range(24)], protocol=2)[2:-1]
    return b"\x80\x02ccollections\nOrderedDict\n" + body + b"\x85R."


def settings(numbers):
    """No pickle at all."""
    return json.dumps({"hidden_size": numbers.randrange(4096), "seed": numbers.getrandbits(32)}, indent=2).encode()


def call(numbers):
    """What would be called by loading."""
    name = numbers.choice([b"os\nsystem", b"posix\nsystem", b"subprocess\ngetoutput"])
    return b"c" + name + b"\n(S'echo %d'\ntR." % numbers.getrandbits(48)


def unknown(numbers):
    """A name that nobody reviewed."""
    return b"\x80\x02cmodels_%d.net\nNet\n)R." % numbers.getrandbits(32)


def cut(numbers):
    """An upload that broke off: no STOP."""
    return plain(numbers)[:-1]


def zipped(inner, numbers):
    """The layout of a file of torch, with a fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("archive/data.pkl", inner), ("archive/version", b"3\n"), ("archive/data/0", numbers.randbytes(256))):
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def file(number):
    """The ending and the bytes of one file."""
    numbers = random.Random(number)
    kind = number % 100
    if kind < 40:
        return ".pkl", plain(numbers)
    if kind < 55:
        return ".joblib", estimator(numbers)
    if kind < 70:
        return ".pt", zipped(state_dict(numbers), numbers)
    if kind < 80:
        return ".pkl.gz", gzip.compress(plain(numbers), mtime=0)
    if kind < 88:
        return ".json", settings(numbers)
    if kind < 91:
        return ".pkl", call(numbers)
    if kind < 93:
        return ".pt", zipped(call(numbers), numbers)
    if kind < 95:
        return ".bin", gzip.compress(call(numbers), mtime=0)
    if kind < 97:
        return ".pkl", unknown(numbers)
    return ".pkl", cut(numbers)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=10_000)
    words = parser.parse_args()
    for number in range(words.count):
        folder = os.path.join(words.folder, f"{number // FILES_PER_FOLDER:04}")
        os.makedirs(folder, exist_ok=True)
        ending, data = file(number)
        with open(os.path.join(folder, f"{number:06}{ending}"), "wb") as out:
            out.write(data)


if __name__ == "__main__":
    main()
