"""Writes src/safety/tables/classes.txt: classes of well-known packages whose instances may be restored by NEWOBJ and BUILD.

    python3 -m pip download --no-deps -d wheels scikit-learn==1.9.1 torch ...     any versions, several at once
    python3 scripts/generate_known_classes.py wheels/*.whl                        about a minute, imports nothing

The wheels' sources are parsed, never imported. A class is listed when restoring an instance runs no code of its own:
neither the class nor a base that its package defines has `__new__`, `__setstate__`, `__del__` or `__getattribute__`, save
for the roots in REVIEWED, whose methods were read. Names of old versions stay: files live longer than the code.

One line for each module: its name and its classes, sorted. stdlib.txt beside it has the names of the standard library's modules.
"""

import ast
import os
import sys
import zipfile

OUTPUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src", "safety", "tables", "classes.txt")
STDLIB = os.path.join(os.path.dirname(OUTPUT), "stdlib.txt")
# Of Python 2 and of versions before 3.14.
OLD_STDLIB = "aifc asynchat asyncore audiodev audioop bsddb cPickle cProfile cgi cgitb chunk commands crypt dircache distutils dummy_thread \
    exceptions fpformat hotshot htmllib httplib ihooks imageop imghdr imp imputil lib2to3 mailcap md5 mhlib mimetools msilib mutex new nis \
    nntplib os2emxpath ossaudiodev pipes popen2 posixfile rexec rfc822 robotparser sgmllib sha smtpd sndhdr spwd strop sunau telnetlib \
    thread toaiff urllib2 urlparse user uu xdrlib xmllib"

# Parts of packages that hold values people save.
WANTED = (
    "sklearn.", "torch.nn.", "torch.optim.", "torch.distributions.", "torch.utils.data.dataset", "torch.utils.data.sampler",
    "torchvision.models.", "torchvision.ops.", "torchvision.transforms.", "xgboost.", "lightgbm.", "statsmodels.", "networkx.classes.",
    "scipy.interpolate.", "scipy.optimize.", "scipy.sparse.", "scipy.spatial.", "scipy.stats.", "pandas.core.", "pandas.arrays", "pandas.tseries.",
    "ultralytics.nn.", "numpy.polynomial.", "numpy.lib.", "numpy.ma.",
)
UNWANTED = (
    ".tests.", ".conftest", ".externals.", "._build_utils", "sklearn.datasets", "sklearn.utils._testing", "sklearn.utils.estimator_checks",
    "torch.nn.parallel", "xgboost.testing", "xgboost.spark", "xgboost.dask", "xgboost.tracker", "xgboost.collective", "lightgbm.dask",
    "statsmodels.tools", "statsmodels.graphics", "statsmodels.datasets", "statsmodels.sandbox", "statsmodels.examples", "pandas.core.computation",
    "numpy.lib._datasource", "numpy.lib.npyio", "numpy.lib._npyio_impl", "numpy.lib.utils", "numpy.lib.format", "scipy.optimize._cython",
    "numpy.lib.user_array", "pandas.core.window.expr",
)
# By the state of these numpy reads and writes memory at any address, or a file is deleted.
HARMFUL = {"DummyArray", "_TempFile"}
RUNS = {"__new__", "__setstate__", "__del__", "__getattribute__"}
# Read by hand: what these run is assignment of attributes, defaults for attributes of older versions, and warnings about versions.
REVIEWED = {
    "BaseEstimator", "Module", "Optimizer", "BasePandasDataset", "Kernel", "LGBMModel", "XGBModel", "Booster", "Dataset",
    "NDFrame", "DataFrame", "Series", "Index", "PandasObject", "ExtensionArray", "rv_generic", "rv_continuous", "rv_discrete",
    "Graph", "DiGraph", "MultiGraph", "MultiDiGraph", "DMatrix", "Results", "Model", "Bunch", "MultiheadAttention", "TransformerEncoderLayer",
    "TransformerDecoderLayer", "PReLU", "Upsample", "Conv1d", "_ConvNd", "_BatchNorm", "_NormBase", "GELU", "Softmax", "KernelDensity",
    "DatetimeLikeArrayMixin", "BaseMaskedArray", "BlockManager", "SingleBlockManager", "BaseBlockManager", "AdjacencyView", "AtlasView",
    "NodeView", "EdgeView", "OutEdgeView", "InEdgeView", "DegreeView", "DiDegreeView", "UnionAtlas", "UnionAdjacency", "FilterAtlas",
    "RNNBase", "rv_frozen", "Categorical", "NDArrayBackedExtensionArray", "Adam", "AdamW", "SGD", "Adagrad", "RMSprop", "NAdam", "RAdam",
    "Adamax", "Adadelta", "ASGD", "Rprop", "SparseAdam", "MLPClassifier", "_BaseEncoder", "CountVectorizer", "TfidfTransformer",
    "ModelData", "MultinomialResults", "GEEMargins", "OLSResults", "PCA", "PandasData", "LikelihoodModelResults", "ResultsWrapper",
}


def modules(wheel):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith(".py"):
                continue
            module = name[:-3].removesuffix("/__init__").replace("/", ".")
            dotted = module + "."
            if dotted.startswith(WANTED) and not any(part in dotted for part in UNWANTED):
                yield module, archive.read(name)


def base_name(node):
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def classes_of(wheel):
    """(module, class) -> (names of bases, whether the class itself runs something)."""
    found = {}
    for module, source in modules(wheel):
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and node.name not in HARMFUL:
                methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
                runs = bool(methods & RUNS) and node.name not in REVIEWED
                found[module, node.name] = ([base_name(base) for base in node.bases], runs)
    return found


def quiet(found):
    """Those that run nothing, nor do their bases as far as the package defines them."""
    by_name = {}
    for (_, name), (bases, runs) in found.items():
        entry = by_name.setdefault(name, [set(), False])
        entry[0].update(bases)
        entry[1] |= runs
    for key in found:
        waiting, seen, runs = [key[1]], set(), found[key][1]
        while waiting and not runs:
            name = waiting.pop()
            if name in seen or name in REVIEWED or name not in by_name:
                continue
            seen.add(name)
            bases, own = by_name[name]
            runs |= own and name != key[1]
            waiting += bases
        if not runs:
            yield key


def main():
    listed = {}
    for wheel in sys.argv[1:]:
        for module, name in quiet(classes_of(wheel)):
            listed.setdefault(module, set()).add(name)
    with open(OUTPUT, "w") as file:
        for module in sorted(listed):
            file.write(" ".join([module, *sorted(listed[module])]) + "\n")
    with open(STDLIB, "w") as file:
        file.write("\n".join(sorted({*sys.stdlib_module_names, *OLD_STDLIB.split()})) + "\n")
    print(sum(map(len, listed.values())), "classes of", len(listed), "modules")


main()
