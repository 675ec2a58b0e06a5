#!/usr/bin/env python3
"""Writes src/safety/names/data/classes.tsv: classes of well-known packages whose instances may be restored by NEWOBJ and BUILD.

    python3 scripts/generate_known_classes.py --wheels FOLDER            reads what scripts/known_classes.txt names, a few minutes
    python3 scripts/generate_known_classes.py --wheels FOLDER --fresh    writes it from nothing: what no release listed has goes

Releases that are not in FOLDER are downloaded into it; their sources are parsed, never imported. A class is listed when
restoring an instance runs no code of its own: neither the class nor a base that its package defines has `__new__`,
`__setstate__`, `__del__` or `__getattribute__`, save for the roots in REVIEWED, whose methods were read. Without --fresh a name
that the file has already stays: files live longer than the code. What UNWANTED and DROPPED say goes for it, too.

A line's source is the oldest and the newest release listed that have the class; `-`: it is of a release that is not listed
yet. stdlib.tsv beside it has the names of the standard library's modules.
"""

import argparse
import ast
import os
import re
import subprocess
import sys
import zipfile

SCRIPTS = os.path.dirname(os.path.abspath(__file__))
RELEASES = os.path.join(SCRIPTS, "known_classes.txt")
OUTPUT = os.path.join(SCRIPTS, "..", "src", "safety", "names", "data", "classes.tsv")
STDLIB = os.path.join(os.path.dirname(OUTPUT), "stdlib.tsv")
COLUMNS = "module name role check capability traits reason source".split()
# What is said of each of them.
SAID = ["instance", "any", "-", "-", "filled-without-code"]
# Of Python 2 and of versions before 3.14.
OLD_STDLIB = "aifc asynchat asyncore audiodev audioop bsddb cPickle cProfile cgi cgitb chunk commands crypt dircache distutils dummy_thread \
    exceptions fpformat hotshot htmllib httplib ihooks imageop imghdr imp imputil lib2to3 mailcap md5 mhlib mimetools msilib mutex new nis \
    nntplib os2emxpath ossaudiodev pipes popen2 posixfile rexec rfc822 robotparser sgmllib sha smtpd sndhdr spwd strop sunau telnetlib \
    thread toaiff urllib2 urlparse user uu xdrlib xmllib"

# Parts of packages that hold values people save.
WANTED = (
    "sklearn.", "torch.nn.", "torch.optim.", "torch.distributions.", "torch.utils.data.dataset", "torch.utils.data.sampler", "torch.ao.nn.",
    "torch.ao.quantization.observer", "torch.ao.quantization.qconfig", "torch.ao.quantization.stubs", "torch.ao.quantization.fake_quantize",
    "torchvision.models.", "torchvision.ops.", "torchvision.transforms.", "xgboost.", "lightgbm.", "statsmodels.", "networkx.classes.",
    "scipy.interpolate.", "scipy.optimize.", "scipy.sparse.", "scipy.spatial.", "scipy.stats.", "pandas.core.", "pandas.arrays", "pandas.tseries.",
    "ultralytics.nn.", "numpy.polynomial.", "numpy.lib.", "numpy.ma.",
    "imblearn.", "category_encoders.", "feature_engine.", "pyod.models.", "pmdarima.", "lifelines.", "hmmlearn.", "hdbscan.", "pykalman.", "implicit.",
    "mlxtend.classifier", "mlxtend.cluster", "mlxtend.feature_", "mlxtend.preprocessing", "mlxtend.regressor", "skopt.learning", "skopt.optimizer",
    "skopt.searchcv", "skopt.space", "shap._explanation", "shap.explainers._", "shap.maskers", "shap.utils._legacy",
    "xarray.core.", "gensim.corpora.dictionary", "gensim.corpora.hashdictionary", "gensim.models.", "gensim.similarities.",
    "nltk.classify.naivebayes", "nltk.classify.maxent", "nltk.collocations", "nltk.collections", "nltk.grammar", "nltk.lm.", "nltk.probability",
    "nltk.stem.", "nltk.tag.perceptron", "nltk.tag.sequential", "nltk.text", "nltk.tokenize.", "nltk.tree.", "nltk.chunk.regexp", "nltk.redos",
    "matplotlib.artist", "matplotlib.axes.", "matplotlib.axis", "matplotlib.cbook", "matplotlib.collections", "matplotlib.colorbar",
    "matplotlib.colorizer", "matplotlib.colors", "matplotlib.contour", "matplotlib.dates", "matplotlib.figure", "matplotlib.font_manager",
    "matplotlib.gridspec", "matplotlib.image", "matplotlib.layout_engine", "matplotlib.legend", "matplotlib.lines", "matplotlib.markers",
    "matplotlib.offsetbox", "matplotlib.patches", "matplotlib.path", "matplotlib.projections", "matplotlib.quiver", "matplotlib.scale",
    "matplotlib.spines", "matplotlib.text", "matplotlib.ticker", "matplotlib.transforms", "mpl_toolkits.mplot3d.", "seaborn.axisgrid",
    "seaborn.palettes", "skimage.measure.", "skimage.transform.", "skorch.callbacks.", "skorch.dataset", "skorch.history",
    "timm.layers.", "timm.models.convnext", "timm.models.deit", "timm.models.densenet", "timm.models.efficientnet", "timm.models.mobilenetv3",
    "timm.models.regnet", "timm.models.resnet", "timm.models.swin_transformer", "timm.models.vgg", "timm.models.vision_transformer",
    "optuna.distributions", "optuna.pruners.", "optuna.samplers.", "optuna.search_space.", "optuna.storages._in_memory", "optuna.study.study",
    "optuna.trial._fixed", "optuna.trial._frozen",
    "transformers.activations", "transformers.generation.configuration_utils", "transformers.image_utils",
    "transformers.pytorch_utils", "transformers.trainer_callback",
    *(f"transformers.models.{name}." for name in ("albert bart bert clip deberta_v2 distilbert electra gemma gpt2 llama mistral mobilebert mpnet opt "
                                                  "qwen2 roberta t5 vit whisper xlm_roberta").split()),
)
UNWANTED = (
    ".tests.", ".conftest", ".externals.", "._build_utils", "sklearn.datasets", "sklearn.utils._testing", "sklearn.utils.estimator_checks",
    "torch.nn.parallel", "xgboost.testing", "xgboost.spark", "xgboost.dask", "xgboost.tracker", "xgboost.collective", "lightgbm.dask",
    "statsmodels.tools", "statsmodels.graphics", "statsmodels.datasets", "statsmodels.sandbox", "statsmodels.examples", "pandas.core.computation",
    "numpy.lib._datasource", "numpy.lib.npyio", "numpy.lib._npyio_impl", "numpy.lib.utils", "numpy.lib.format", "scipy.optimize._cython",
    "numpy.lib.user_array", "pandas.core.window.expr",
    # Dangerous by another table, or it runs what it is given.
    "statsmodels.iolib.smpickle", "statsmodels.formula", "pandas.core.apply", "sklearn.utils.parallel", "xgboost.libpath", "lightgbm.libpath",
    "numpy.lib._utils_impl", "matplotlib.testing", ".datasets.", "gensim.models.wrappers", "gensim.test", "nltk.tokenize.stanford",
    "nltk.tokenize.repp", "nltk.tree.prettyprinter", "transformers.models.deprecated", "transformers.modeling_outputs", ".modular_", ".modeling_tf_",
    ".modeling_flax_", ".convert_",
)
# Single classes: an address in their state is read, written or freed, a file of that name is opened or removed, or an attribute is called.
DROPPED = {
    "DummyArray", "_TempFile", "DMatrix", "QuantileDMatrix", "ExtMemQuantileDMatrix", "DeviceQuantileDMatrix", "DataIter", "SingleBatchInternalIter",
    "_ProxyDMatrix", "Figure", "Dataset:lightgbm.basic", "Sequence:lightgbm.basic", "FontManager", "FT2Font", "RcParams", "SafeUnpickler",
    "CVBooster", "rrulewrapper", "SpinesProxy", "IndexCallable", "RegionProperties", "Cohorts", "_LocIndexer:xarray.core.dataarray", "_LocIndexer:xarray.core.dataset_utils", "_ColorMapping",
}
RUNS = {"__new__", "__setstate__", "__del__", "__getattribute__"}
# Bases of the standard library that run something when they are restored or thrown away.
ACTIVE_BASES = {"Thread", "Process", "Structure", "CDLL", "Popen", "TemporaryDirectory", "IOBase", "RawIOBase", "BufferedIOBase", "TextIOBase",
                "FileIO", "Handler", "Unpickler", "Pickler", "StreamHandler", "Timer", "NeuralNet", "NeuralNetClassifier", "NeuralNetRegressor", "Metric", "Animation"}
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
# The same, of packages where such a name would fit others: matplotlib's make weak references and counters again, optuna's locks.
REVIEWED_OF = {
    "matplotlib": {"Container", "CallbackRegistry", "Grouper", "TransformNode", "Spines", "_AxesStack", "_AxesBase", "_Style"},
    "optuna": {"InMemoryStorage", "Study"},
    "nltk": {"PunktLanguageVars"},
    "transformers": {"BatchEncoding", "BatchFeature", "PreTrainedConfig", "PretrainedConfig"},
    "gensim": {"RpModel"},
}
# Bases that packages share.
COMMON = {"BaseEstimator", "Module", "Optimizer"}
BIG = "lightgbm networkx numpy pandas scipy sklearn statsmodels torch torchvision ultralytics xgboost".split()


def reviewed(module):
    package = module.split(".")[0]
    return REVIEWED if package in BIG else REVIEWED_OF.get(package, set()) | COMMON


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
            if isinstance(node, ast.ClassDef):
                methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
                bases = [base_name(base) for base in node.bases]
                runs = bool(methods & RUNS or ACTIVE_BASES & set(bases)) and node.name not in reviewed(module)
                found[module, node.name] = (bases, runs)
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
            if name in seen or name in reviewed(key[0]) or name not in by_name:
                continue
            seen.add(name)
            bases, own = by_name[name]
            runs |= own and name != key[1]
            waiting += bases
        if not runs:
            yield key


def wheel_of(release, folder):
    """The wheel of `package==version`; any platform's will do, as nothing of it runs."""
    package, version = release.split("==")
    begins = re.sub(r"[-_.]+", "[-_.]+", package) + "-" + re.escape(version) + "-.*[.]whl"
    for attempt in ([], ["--platform", "macosx_11_0_arm64"], ["--platform", "manylinux2014_x86_64", "--python-version", "3.8"]):
        for name in os.listdir(folder):
            if re.fullmatch(begins, name, re.IGNORECASE):
                return os.path.join(folder, name)
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder]
        subprocess.run([*download, *attempt, release], check=False)
    sys.exit(f"{release} cannot be downloaded; put its wheel into {folder}")


def span(releases):
    """`package==first` or `package==first..last`; the list has the older releases first."""
    package = releases[0].split("==")[0]
    versions = [release.split("==")[1] for release in releases]
    return f"{package}=={versions[0]}" if len(versions) == 1 else f"{package}=={versions[0]}..{versions[-1]}"


def table(path, columns, lines):
    with open(path, "w", newline="\n") as file:
        file.writelines("\t".join(line) + "\n" for line in [columns, *sorted(lines, key=lambda line: [cell.encode() for cell in line])])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", required=True, help="folder of the releases")
    parser.add_argument("--fresh", action="store_true", help="keep nothing of what the file has")
    options = parser.parse_args()
    found = {}
    with open(RELEASES) as file:
        for release in file.read().split():
            for key in quiet(classes_of(wheel_of(release, options.wheels))):
                found.setdefault(key, []).append(release)
    listed = {key: span(releases) for key, releases in found.items()}
    if not options.fresh:
        with open(OUTPUT) as file:
            for line in file.read().splitlines()[1:]:
                module, name, *_, source = line.split("\t")
                listed.setdefault((module, name), source)
    for module, name in list(listed):
        dropped = name in DROPPED or f"{name}:{module}" in DROPPED or name.endswith("_Weights")
        if dropped or any(part in module + "." for part in UNWANTED):
            del listed[module, name]
    table(OUTPUT, COLUMNS, [[module, name, *SAID, source] for (module, name), source in listed.items()])
    table(STDLIB, ["module"], [[name] for name in {*sys.stdlib_module_names, *OLD_STDLIB.split()}])
    print(len(listed), "classes;", sum(source == "-" for source in listed.values()), "of releases that are not listed")


if __name__ == "__main__":
    main()
