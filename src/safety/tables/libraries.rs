//! Reviewed names of scikit-learn, joblib, torch, the boosting libraries, and of the picklers of code.

use super::Row;
use crate::safety::known::Check::{
    Any, FirstClass, MakeClass, MakeCode, MakeFunction, ModuleByName, NestedPickle, Runs, Setattr, Setstate, TypeByName,
};
use crate::safety::known::Role::{Builder, Class as Type, Function, Instance, Reference};

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Type, Any, "a part of a fitted model, from arrays of the file (its own __reduce__ in Cython)", &[
        ("sklearn.tree._tree", "Tree DepthFirstTreeBuilder BestFirstTreeBuilder"),
        ("sklearn.tree.tree", "*"),
        ("sklearn.tree._criterion", "Entropy FriedmanMSE Gini MAE MSE Poisson"),
        ("sklearn.tree._splitter", "BestSparseSplitter BestSplitter RandomSplitter RandomSparseSplitter"),
        ("sklearn._loss._loss", "Cy*"),
        ("sklearn._loss.link", "*"),
        ("sklearn.linear_model._sgd_fast", "EpsilonInsensitive Hinge Huber Log ModifiedHuber SquaredEpsilonInsensitive SquaredHinge SquaredLoss"),
        ("sklearn.linear_model.sgd_fast", "EpsilonInsensitive Hinge Huber Log ModifiedHuber SquaredEpsilonInsensitive SquaredHinge SquaredLoss"),
        ("sklearn.metrics._dist_metrics", "*Distance *Distance32 *Distance64"),
        ("sklearn.neighbors._kd_tree", "KDTree KDTree32 KDTree64"),
        ("sklearn.neighbors._ball_tree", "BallTree BallTree32 BallTree64"),
        ("sklearn.neighbors._quad_tree", "_QuadTree"),
        ("sklearn.neighbors.dist_metrics", "*Distance"),
        ("sklearn.neighbors.kd_tree", "KDTree"),
        ("sklearn.neighbors.ball_tree", "BallTree"),
        ("sklearn.utils.murmurhash", "*"),
        ("sklearn.utils._bunch", "Bunch"),
        ("sklearn.utils", "Bunch"),
        ("sklearn.ensemble._hist_gradient_boosting._bitset", "*"),
        ("sklearn.ensemble._hist_gradient_boosting.common", "*"),
    ]),
    (Builder, FirstClass, "an empty part of a fitted model, of the class given to it", &[
        ("sklearn.metrics._dist_metrics", "newObj newObj32 newObj64"),
        ("sklearn.neighbors._kd_tree", "newObj newObj32 newObj64"),
        ("sklearn.neighbors._ball_tree", "newObj newObj32 newObj64"),
        ("sklearn.neighbors.dist_metrics", "newObj"),
        ("sklearn.neighbors.kd_tree", "newObj"),
        ("sklearn.neighbors.ball_tree", "newObj"),
        ("sklearn._loss._loss", "__pyx_unpickle_*"),
    ]),
    (Reference, Any, "a function that a model holds as a setting; named, never called", &[
        ("sklearn.metrics._classification", "*"),
        ("sklearn.metrics._regression", "*"),
        ("sklearn.metrics._ranking", "*"),
        ("sklearn.metrics._scorer", "_passthrough_scorer"),
        ("sklearn.cluster._kmeans", "_kmeans_single_elkan _kmeans_single_lloyd lloyd_iter_chunked_dense elkan_iter_chunked_dense"),
        ("sklearn.metrics.pairwise", "*"),
        ("sklearn.feature_selection._univariate_selection", "chi2 f_classif f_oneway f_regression r_regression"),
        ("sklearn.feature_selection._mutual_info", "mutual_info_classif mutual_info_regression"),
        ("torch.nn.functional", "*"),
        ("torch.nn.init", "*"),
        ("torch", "relu sigmoid softmax tanh strided sparse_coo sparse_csr preserve_format contiguous_format channels_last"),
        ("torch._C._nn", "gelu silu"),
    ]),
    (Instance, Any, "a model whose __setstate__ makes its function again, or one of old scikit-learn", &[
        ("sklearn.isotonic", "IsotonicRegression"),
        ("sklearn.ensemble.forest", "*"),
        ("sklearn.ensemble.gradient_boosting", "*"),
        ("sklearn.linear_model.base", "*"),
        ("sklearn.linear_model.logistic", "*"),
        ("sklearn.svm.classes", "*"),
        ("sklearn.preprocessing.data", "*"),
        ("sklearn.preprocessing.label", "*"),
        ("sklearn.neighbors.classification", "*"),
        ("sklearn.neighbors.regression", "*"),
        ("sklearn.cluster.k_means_", "*"),
        ("sklearn.decomposition.pca", "*"),
        ("sklearn.neural_network.multilayer_perceptron", "*"),
        ("sklearn.feature_extraction.text", "*"),
    ]),
    (Instance, Any, "joblib's note of an array whose bytes follow in the file; they are read as numbers", &[
        ("joblib.numpy_pickle", "NumpyArrayWrapper"),
        ("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper"),
        ("joblib.numpy_pickle_compat", "NDArrayWrapper ZNDArrayWrapper"),
        ("joblib.numpy_pickle", "NDArrayWrapper ZNDArrayWrapper"),
        ("sklearn.externals.joblib.numpy_pickle", "NDArrayWrapper ZNDArrayWrapper"),
        ("joblib.memory", "Memory"),
        ("joblib._store_backends", "FileSystemStoreBackend"),
        ("joblib.logger", "Logger"),
    ]),
    (Type, Any, "a fitted boosting model from its bytes (Booster.__setstate__ hands them to the library's own parser)", &[
        ("xgboost.core", "Booster"),
        ("lightgbm.basic", "Booster"),
        ("catboost.core", "*"),
        ("_catboost", "*"),
    ]),
    (Type, Any, "a storage, type or layout of torch", &[
        ("torch", "BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage \
            HalfStorage IntStorage LongStorage QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage \
            UntypedStorage TypedStorage Tensor Size device dtype bfloat16 bool cdouble cfloat chalf complex128 complex32 complex64 double \
            float float16 float32 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz half int int16 int32 int64 int8 long \
            qint32 qint8 quint2x4 quint4x2 quint8 short uint16 uint32 uint64 uint8 memory_format layout per_channel_affine \
            per_tensor_affine Generator finfo iinfo"),
        ("torch.cuda", "*Storage *Tensor"),
        ("torch.storage", "TypedStorage UntypedStorage _TypedStorage _UntypedStorage"),
        ("torch._tensor", "Tensor"),
        ("torch.tensor", "Tensor"),
        ("torch._C", "*StorageBase"),
        ("torch.nn.parameter", "Buffer Parameter UninitializedBuffer UninitializedParameter"),
        ("torch.nn", "Parameter"),
        ("torch.distributed.checkpoint.metadata", "*"),
        ("torch.distributed._shard.metadata", "*"),
        ("torch.distributed._shard.sharded_tensor.metadata", "*"),
    ]),
    (Builder, Any, "a tensor over a storage of the file (Tensor.__reduce_ex__)", &[
        ("torch._utils", "_rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage \
            _rebuild_nested_tensor _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_csr_tensor \
            _rebuild_sparse_tensor _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_xla_tensor"),
        ("torch.serialization", "_get_layout"),
        ("torch.jit._pickle", "build_boollist build_doublelist build_intlist build_tensorlist build_tensor_from_id restore_type_tag"),
    ]),
    (Builder, Runs, "a tensor of a subclass, by a function and a class given to it (Tensor.__reduce_ex__)", &[
        ("torch._tensor", "_rebuild_from_type _rebuild_from_type_v2"),
        ("torch._utils", "_rebuild_wrapper_subclass"),
    ]),
    (Function, NestedPickle, "a storage out of a torch file inside the bytes, which is a pickle and judged as one", &[
        ("torch.storage", "_load_from_bytes"),
    ]),
    (Instance, Any, "a model's setting or output as a value", &[
        ("transformers.training_args", "TrainingArguments OptimizerNames"),
        ("transformers.trainer_utils", "EvaluationStrategy HubStrategy IntervalStrategy SaveStrategy SchedulerType FSDPOption"),
        ("transformers.training_args_seq2seq", "Seq2SeqTrainingArguments"),
        ("transformers.trainer_pt_utils", "AcceleratorConfig"),
        ("transformers.tokenization_utils_base", "BatchEncoding"),
        ("tokenizers", "AddedToken"),
        ("accelerate.utils.dataclasses", "DistributedType DeepSpeedPlugin"),
        ("accelerate.state", "PartialState"),
        ("PIL.Image", "Image"),
        ("PIL.PngImagePlugin", "PngImageFile"),
        ("PIL.JpegImagePlugin", "JpegImageFile"),
        ("requests.sessions", "Session"),
        ("requests.structures", "CaseInsensitiveDict"),
        ("requests.cookies", "RequestsCookieJar"),
        ("requests.models", "Response"),
        ("networkx.classes.coreviews", "*"),
        ("networkx.classes.reportviews", "*"),
        ("networkx.utils.misc", "PythonRandomInterface"),
        ("statsmodels.base.data", "ModelData PandasData"),
        ("statsmodels.regression.linear_model", "*Results *ResultsWrapper"),
        ("patsy.design_info", "*"),
    ]),
    (Type, Any, "an enumeration of a library's settings, by its value", &[
        ("transformers.trainer_utils", "EvaluationStrategy HubStrategy IntervalStrategy SaveStrategy SchedulerType FSDPOption"),
        ("transformers.training_args", "OptimizerNames"),
        ("accelerate.utils.dataclasses", "DistributedType"),
        ("torchvision.transforms.functional", "InterpolationMode"),
        ("torch.distributed.fsdp.api", "*"),
    ]),
    (Function, MakeCode, "makes a code object out of the file (pickled by value); it runs where something calls it", &[
        ("dill._dill", "_create_code"),
        ("cloudpickle.cloudpickle", "_make_code"),
    ]),
    (Builder, MakeFunction, "makes a function out of a code object in the file (pickled by value); it runs where something calls it", &[
        ("dill._dill", "_create_function"),
        ("cloudpickle.cloudpickle", "_make_function _make_skel_func _fill_function"),
        ("cloudpickle.cloudpickle_fast", "_make_function"),
    ]),
    (Builder, MakeClass, "makes a class out of the file (pickled by value)", &[
        ("dill._dill", "_create_type _create_namedtuple"),
        ("cloudpickle.cloudpickle", "_make_dynamic_enum _make_skeleton_class _make_skeleton_enum _make_typevar _rehydrate_skeleton_class \
            dynamic_subimport"),
        ("cloudpickle.cloudpickle_fast", "_make_skeleton_class _make_skeleton_enum"),
    ]),
    (Function, Setstate, "fills a function or class that the same file made", &[
        ("cloudpickle.cloudpickle", "_class_setstate _function_setstate"),
        ("cloudpickle.cloudpickle_fast", "_class_setstate _function_setstate"),
    ]),
    (Function, Any, "an empty cell for a function of the file; the value is judged on its own", &[
        ("dill._dill", "_create_cell"),
        ("cloudpickle.cloudpickle", "_make_cell _make_empty_cell"),
        ("cloudpickle.cloudpickle_fast", "_make_cell _make_empty_cell"),
    ]),
    (Function, TypeByName, "a built-in type by its name", &[
        ("dill._dill", "_load_type"),
        ("cloudpickle.cloudpickle", "_builtin_type"),
        ("cloudpickle.cloudpickle_fast", "_builtin_type"),
    ]),
    (Function, ModuleByName, "imports a module by its name", &[
        ("dill._dill", "_import_module"),
        ("cloudpickle.cloudpickle", "subimport"),
        ("cloudpickle.cloudpickle_fast", "subimport"),
    ]),
    (Function, Setattr, "fills a cell or class that the same file made", &[("dill._dill", "_setattr")]),
    (Reference, Any, "dill's mark for the namespace of the main program, which its functions look names up in", &[("__main__", "__dict__")]),
    (Function, Any, "a marker of dill for the module that it came from", &[("dill", "_dill")]),
    (Builder, Runs, "an array as dill spells it, by a function given to it", &[("dill._dill", "_create_array")]),
    (Function, Any, "a lock, or a type of numpy, as dill spells it", &[("dill._dill", "_create_dtypemeta _create_rlock _create_lock")]),
];
