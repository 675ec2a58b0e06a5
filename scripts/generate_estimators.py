"""Writes src/lens/libraries/sklearn/estimators.txt: the constructor parameters of scikit-learn's estimators and their defaults.

    python scripts/generate_estimators.py PYTHON PYTHON ...     each with another scikit-learn, oldest first

Environments with every minor version from 0.20 on are best: between two versions that differ a default is not known. The first line has the versions. Then a line for each class: its name,
`:`, and its parameters as `name=default`, apart by tabs. A default is Python's repr, of classes and functions module and
name. Where versions differ there is one default for each of them, apart by `|`; it is empty where the class or the
parameter is not there, and `=` where it is the same as in the version before. A class whose name two modules have is there once for both.
"""

import json
import subprocess
import sys

PROBE = r'''
import inspect, json, sys, warnings
warnings.simplefilter("ignore")
import sklearn, sklearn.base
import importlib, pkgutil
for name in ("enable_halving_search_cv", "enable_iterative_imputer", "enable_hist_gradient_boosting"):
    try:
        importlib.import_module("sklearn.experimental." + name)
    except ImportError:
        pass

# sklearn.utils.all_estimators imports tests in some versions, and is not there in others.
found = {}
for module in pkgutil.walk_packages(sklearn.__path__, "sklearn.", onerror=lambda name: None):
    if any(part in module.name for part in (".tests", ".conftest", ".externals", ".setup", ".experimental")):
        continue
    try:
        classes = vars(importlib.import_module(module.name)).values()
    except BaseException:  # a module may be a script
        continue
    for one in list(classes):
        is_class = isinstance(one, type) and issubclass(one, sklearn.base.BaseEstimator) and one.__module__.startswith("sklearn.")
        if is_class and not inspect.isabstract(one) and not one.__name__.startswith(("_", "Base")) and ".utils" not in one.__module__:
            found[one.__name__] = one

def text(value):
    if isinstance(value, (type, type(len))) or hasattr(value, "__qualname__"):
        return value.__module__ + "." + value.__qualname__
    if isinstance(value, float):
        return repr(float(value))  # of numpy, too
    if isinstance(value, (type(None), bool, int, str)):
        return repr(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(map(text, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    return "?"

out = {}
for name, cls in found.items():
    if cls.__init__ is object.__init__:
        out[name] = {}
        continue
    parameters = inspect.signature(cls.__init__).parameters.values()
    out[name] = {p.name: "!" if p.default is p.empty else text(p.default) for p in parameters
                 if p.name != "self" and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
json.dump([sklearn.__version__, out], sys.stdout)
'''

versions = []
for python in sys.argv[1:]:
    versions.append(json.loads(subprocess.run([python, "-c", PROBE], check=True, capture_output=True, text=True).stdout.splitlines()[-1]))

lines = ["\t".join(version for version, _ in versions)]
for name in sorted(set(name for _, classes in versions for name in classes)):
    here = [classes.get(name) for _, classes in versions]
    parameters = []
    for known in here:
        parameters.extend(one for one in known or () if one not in parameters)
    words = [name + ":"]
    for parameter in parameters:
        defaults = ["" if known is None else known.get(parameter, "") for known in here]
        assert not any("|" in one or "\t" in one or "\n" in one for one in defaults), (name, parameter, defaults)
        if len(set(defaults)) == 1:
            defaults = defaults[:1]
        before = [None] + defaults
        defaults = ["=" if one and one == before[at] else one for at, one in enumerate(defaults)]
        words.append("%s=%s" % (parameter, "|".join(defaults)))
    lines.append("\t".join(words))
with open("src/lens/libraries/sklearn/estimators.txt", "w", encoding="ascii", newline="\n") as out:
    out.write("\n".join(lines) + "\n")
