"""Writes src/lens/libraries/sklearn/uses.tsv: attributes without which a fitted estimator of scikit-learn loads and then fails.

    python scripts/generate_uses.py FOLDER PYTHON[:PATH] PYTHON[:PATH] ...     each with another scikit-learn, oldest first

PATH goes in front of PYTHONPATH. Each version fits every estimator that it can on small data and pickles it into FOLDER; each
later version loads that and calls what it has of predict, transform and their kin. An AttributeError about the estimator itself
becomes a line: class, attribute, the version from which on fitted objects have it, and the versions between which the use failed.
"""

import collections
import json
import os
import re
import subprocess
import sys

WRITE = r'''
import inspect, json, os, pickle, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, sklearn
for name in ("enable_iterative_imputer", "enable_hist_gradient_boosting", "enable_halving_search_cv"):
    try:
        __import__("sklearn.experimental." + name)
    except ImportError:
        pass
from sklearn.utils import all_estimators
folder = sys.argv[1]
rng = np.random.RandomState(0)
X = np.abs(rng.rand(30, 4)) + 0.1
y = np.array([0, 1, 2] * 10)
out = {}
for name, cls in all_estimators():
    try:
        kwargs = {}
        if "n_estimators" in inspect.signature(cls.__init__).parameters:
            kwargs["n_estimators"] = 3
        made = cls(**kwargs)
        data = [["a", "x"], ["b", "y"], ["a", "y"]] * 10 if name in ("OneHotEncoder", "OrdinalEncoder") else X
        for target in (y, y.astype(float), np.array([0, 1] * 15), None):
            try:
                made.fit(data, target) if target is not None else made.fit(data)
                break
            except Exception:
                continue
        else:
            continue
        path = os.path.join(folder, "%s.pkl" % name)
        with open(path, "wb") as to:
            pickle.dump(made, to, 4)
        out[name] = sorted(vars(made))
    except Exception:
        continue
print(json.dumps([sklearn.__version__, out]))
'''

USE = r'''
import glob, json, os, pickle, re, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, sklearn
for name in ("enable_iterative_imputer", "enable_hist_gradient_boosting", "enable_halving_search_cv"):
    try:
        __import__("sklearn.experimental." + name)
    except ImportError:
        pass
rng = np.random.RandomState(1)
X = np.abs(rng.rand(5, 4)) + 0.1
out = {}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.pkl"))):
    name = os.path.basename(path)[:-4]
    try:
        with open(path, "rb") as of:
            made = pickle.load(of)
    except BaseException:
        continue
    data = [["a", "x"], ["b", "y"]] if name in ("OneHotEncoder", "OrdinalEncoder") else X
    for method in ("predict", "transform", "predict_proba", "decision_function", "score_samples", "kneighbors"):
        try:
            function = getattr(made, method)
        except AttributeError as error:
            # A method that is not there for these settings.
            if "has no attribute %r" % method in str(error):
                continue
            out.setdefault(name, []).append(str(error))
            continue
        try:
            function(data)
        except AttributeError as error:
            out.setdefault(name, []).append(str(error))
        except BaseException:
            pass
print(json.dumps([sklearn.__version__, out]))
'''


def run(place, code, folder):
    python, _, path = place.partition(":")
    environment = dict(os.environ, PYTHONPATH=path, OMP_NUM_THREADS="1")
    done = subprocess.run([python, "-c", code, folder], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    return json.loads(done.stdout.decode().splitlines()[-1])


def minor(version):
    return ".".join(version.split(".")[:2])


def main():
    folder, places = sys.argv[1], sys.argv[2:]
    written = []
    for number, place in enumerate(places):
        own = os.path.join(folder, str(number))
        os.makedirs(own, exist_ok=True)
        written.append(run(place, WRITE, own))
        print(written[-1][0], len(written[-1][1]), "estimators", file=sys.stderr)
    versions = [version for version, _ in written]
    # (class, attribute) -> loaders that failed
    failed = collections.defaultdict(set)
    for reader, place in enumerate(places):
        for writer in range(reader):
            _, errors = run(place, USE, os.path.join(folder, str(writer)))
            for name, messages in errors.items():
                for message in messages:
                    found = re.match(r"'(\w+)' object has no attribute '(\w+)'", message)
                    if found and found.group(1) == name and found.group(2) not in written[writer][1].get(name, []):
                        failed[name, found.group(2)].add(reader)
    lines = []
    for (name, attribute), readers in sorted(failed.items()):
        having = [at for at, (_, classes) in enumerate(written) if attribute in classes.get(name, [])]
        first, last = min(readers), max(readers)
        if not having:
            continue  # made up by a method: what later versions do is not told by its absence
        since = minor(versions[min(having)])
        until = minor(versions[last + 1]) if last + 1 < len(versions) else "-"
        lines.append("\t".join((name, attribute, since, minor(versions[first]), until)))
    head = """# Attributes without which a fitted estimator of scikit-learn loads and then fails when it is used, one a line.
# Generated by scripts/generate_uses.py with scikit-learn
#   %s
# class	attribute	objects have it since	the use fails since	and no longer
"""
    with open("src/lens/libraries/sklearn/uses.tsv", "w", encoding="ascii", newline="\n") as out:
        out.write(head % ", ".join(versions) + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
