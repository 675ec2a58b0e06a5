//! Reviewed names of numpy, scipy and pandas.

use super::Row;
use crate::safety::known::Check::{Any, BitGenerator, FirstClass, TwoClasses};
use crate::safety::known::Role::{Builder, Class as Type, Function, Instance, Reference};

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Type, Any, "numpy's array and number types (ndarray.__reduce__, dtype.__reduce__, scalar types)", &[
        ("numpy", "bool bool_ bool8 bytes_ clongdouble clongfloat complex128 complex256 complex64 complex_ complexfloating cdouble csingle \
            cfloat datetime64 double dtype flexible float128 float16 float32 float64 float_ floating generic half inexact int0 int16 int32 \
            int64 int8 int_ intc integer intp long longdouble longfloat longlong matrix ndarray number object0 object_ recarray record \
            short signedinteger single singlecomplex str_ string_ timedelta64 ubyte uint uint0 uint16 uint32 uint64 uint8 uintc uintp \
            ulong ulonglong unicode_ unsignedinteger ushort void byte character chararray poly1d ndenumerate ndindex vectorize finfo iinfo"),
        ("numpy.rec", "recarray record"),
        ("numpy.core.records", "recarray record"),
        ("numpy.core.defchararray", "chararray"),
        ("numpy.char", "chararray"),
        ("numpy.matrixlib.defmatrix", "matrix"),
        ("numpy.dtypes", "*"),
        ("numpy.lib.polynomial", "poly1d"),
        ("numpy.lib._polynomial_impl", "poly1d"),
        ("numpy.core", "ndarray"),
        ("numpy.version", "version"),
    ]),
    (Builder, FirstClass, "an array of the class given to it, filled from the file's bytes (ndarray.__reduce__)", &[
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
    ]),
    (Function, Any, "a number or array from the file's bytes (ndarray.__reduce_ex__, generic.__reduce__)", &[
        ("numpy.core.multiarray", "scalar"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy.core.numeric", "_frombuffer"),
        ("numpy._core.numeric", "_frombuffer"),
        ("numpy.core._internal", "_convert_to_stringdtype_kwargs"),
        ("numpy._core._internal", "_convert_to_stringdtype_kwargs"),
    ]),
    (Type, Any, "an array with some of its values masked", &[
        ("numpy.ma", "MaskedArray MaskedConstant"),
        ("numpy.ma.core", "MaskedArray MaskedConstant"),
    ]),
    (Builder, TwoClasses, "an array with some of its values masked, of the classes given to it", &[
        ("numpy.ma.core", "_mareconstruct"),
        ("numpy.ma.mrecords", "_mrreconstruct"),
    ]),
    (Builder, BitGenerator, "a random generator's state (RandomState.__reduce__, Generator.__reduce__)", &[
        ("numpy.random._pickle", "__bit_generator_ctor __generator_ctor __randomstate_ctor"),
        ("numpy.random", "__RandomState_ctor"),
        ("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence"),
    ]),
    (Type, Any, "a random generator's state", &[
        ("numpy.random._mt19937", "MT19937"),
        ("numpy.random._pcg64", "PCG64 PCG64DXSM"),
        ("numpy.random._philox", "Philox"),
        ("numpy.random._sfc64", "SFC64"),
        ("numpy.random.bit_generator", "SeedSequence SeedlessSeedSequence"),
        ("numpy.random.mtrand", "RandomState"),
        ("numpy.random._generator", "Generator"),
    ]),
    (Function, Any, "a ufunc or function by its name (ufunc.__reduce__); named, it computes nothing", &[
        ("numpy.core", "_ufunc_reconstruct"),
        ("numpy._core", "_ufunc_reconstruct"),
    ]),
    (Reference, Any, "a function over arrays that files name as a value (FunctionTransformer, aggregations), never call", &[
        ("numpy", "abs absolute add all amax amin any arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort around \
            array asarray average bincount bitwise_and bitwise_or bitwise_xor cbrt ceil clip concatenate conj copysign corrcoef cos cosh \
            cumprod cumsum deg2rad diff divide divmod dot equal exp exp2 expm1 fabs fix float_power floor floor_divide fmax fmin fmod greater \
            greater_equal gcd heaviside histogram hypot invert isfinite isinf isnan lcm ldexp less less_equal log log10 log1p log2 logaddexp \
            logical_and logical_not logical_or logical_xor matmul max maximum mean median min minimum mod multiply nan_to_num nanmax nanmean \
            nanmedian nanmin nanpercentile nanquantile nanstd nansum nanvar negative nextafter not_equal ones percentile positive power prod \
            ptp quantile rad2deg real reciprocal remainder round round_ sign sin sinc sinh size sort spacing sqrt square squeeze std subtract \
            sum tan tanh transpose true_divide trunc unique var vstack where zeros"),
        ("numpy.core._multiarray_umath", "*"),
        ("numpy._core._multiarray_umath", "*"),
        ("numpy.linalg", "*"),
        ("numpy.linalg._linalg", "*"),
        ("numpy.core.fromnumeric", "*"),
        ("numpy._core.fromnumeric", "*"),
        ("numpy.random", "default_rng"),
        ("numpy.random._generator", "default_rng"),
        ("scipy.special", "*"),
        ("scipy.special._ufuncs", "*"),
        ("scipy.stats", "*"),
        ("scipy._lib.array_api_compat.numpy._aliases", "asarray"),
        ("scipy.spatial.distance", "*"),
        ("scipy._lib._array_api", "array_namespace"),
    ]),
    (Type, Any, "a spline, tree, or sparse matrix from arrays of the file", &[
        ("scipy.interpolate._cubic", "CubicSpline Akima1DInterpolator PchipInterpolator"),
        ("scipy.interpolate._interpolate", "PPoly BPoly interp1d"),
        ("scipy.interpolate._bsplines", "BSpline"),
        ("scipy.spatial._ckdtree", "cKDTree cKDTreeNode"),
        ("scipy.spatial.ckdtree", "cKDTree"),
        ("scipy.sparse.csr", "csr_matrix"),
        ("scipy.sparse.csc", "csc_matrix"),
        ("scipy.sparse.coo", "coo_matrix"),
        ("scipy.sparse.lil", "lil_matrix"),
        ("scipy.sparse.dok", "dok_matrix"),
        ("scipy.sparse.dia", "dia_matrix"),
        ("scipy.sparse.bsr", "bsr_matrix"),
        ("scipy.sparse._arrays", "bsr_array coo_array csc_array csr_array dia_array dok_array lil_array"),
        ("scipy.sparse._dok", "dok_matrix dok_array"),
        ("scipy.optimize", "OptimizeResult"),
        ("scipy.optimize.optimize", "OptimizeResult"),
        ("scipy.optimize._optimize", "OptimizeResult"),
        ("scipy.spatial.transform._rotation", "Rotation"),
    ]),
    (Instance, Any, "a frozen distribution", &[
        ("scipy.stats._distn_infrastructure", "rv_frozen rv_continuous_frozen rv_discrete_frozen"),
        ("scipy.stats._continuous_distns", "*_gen"),
        ("scipy.stats._discrete_distns", "*_gen"),
        ("scipy.stats._multivariate", "*_gen *_frozen"),
    ]),
    (Type, Any, "pandas' tables, columns, indexes and types", &[
        ("pandas", "BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DateOffset DatetimeIndex DatetimeTZDtype Float32Dtype \
            Float64Dtype Float64Index Flags Index Int16Dtype Int32Dtype Int64Dtype Int64Index Int8Dtype Interval IntervalDtype IntervalIndex \
            MultiIndex NA NaT NaTType Period PeriodDtype PeriodIndex RangeIndex Series SparseDtype StringDtype Timedelta TimedeltaIndex \
            Timestamp UInt16Dtype UInt32Dtype UInt64Dtype UInt64Index UInt8Dtype ArrowDtype"),
        ("pandas.arrays", "*Array"),
        ("pandas.api.typing", "*"),
        ("pandas.api.extensions", "*"),
        ("pandas.core.arrays.boolean", "BooleanArray BooleanDtype"),
        ("pandas.core.arrays.categorical", "Categorical CategoricalDtype"),
        ("pandas.core.arrays.datetimes", "DatetimeArray"),
        ("pandas.core.arrays.floating", "Float32Dtype Float64Dtype FloatingArray FloatingDtype"),
        ("pandas.core.arrays.integer", "Int16Dtype Int32Dtype Int64Dtype Int8Dtype IntegerArray IntegerDtype UInt16Dtype UInt32Dtype \
            UInt64Dtype UInt8Dtype"),
        ("pandas.core.arrays.interval", "IntervalArray"),
        ("pandas.core.arrays.numpy_", "PandasArray NumpyExtensionArray PandasDtype"),
        ("pandas.core.arrays.period", "PeriodArray"),
        ("pandas.core.arrays.sparse.array", "SparseArray"),
        ("pandas.core.arrays.sparse.dtype", "SparseDtype"),
        ("pandas.core.arrays.string_", "StringArray StringDtype StringArrayNumpySemantics"),
        ("pandas.core.arrays.string_arrow", "ArrowStringArray ArrowStringArrayNumpySemantics"),
        ("pandas.core.arrays.arrow.array", "ArrowExtensionArray"),
        ("pandas.core.arrays.timedeltas", "TimedeltaArray"),
        ("pandas.core.dtypes.dtypes", "CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype SparseDtype ArrowDtype NumpyEADtype PandasDtype"),
        ("pandas.core.frame", "DataFrame"),
        ("pandas.core.series", "Series"),
        ("pandas.core.indexes.accessors", "*Properties"),
        ("pandas.core.indexes.base", "Index"),
        ("pandas.core.indexes.category", "CategoricalIndex"),
        ("pandas.core.indexes.datetimes", "DatetimeIndex"),
        ("pandas.core.indexes.frozen", "FrozenList"),
        ("pandas.core.indexes.interval", "IntervalIndex"),
        ("pandas.core.indexes.multi", "MultiIndex"),
        ("pandas.core.indexes.numeric", "Float64Index Int64Index UInt64Index NumericIndex"),
        ("pandas.core.indexes.period", "PeriodIndex"),
        ("pandas.core.indexes.range", "RangeIndex"),
        ("pandas.core.indexes.timedeltas", "TimedeltaIndex"),
        ("pandas.core.index", "*Index"),
        ("pandas.core.internals", "BlockManager SingleBlockManager"),
        ("pandas.core.internals.managers", "BlockManager SingleBlockManager"),
        ("pandas.core.internals.blocks", "*Block"),
        ("pandas._libs.interval", "Interval"),
        ("pandas._libs.internals", "BlockPlacement BlockManager NumpyBlock"),
        ("pandas._libs.missing", "NA NAType"),
        ("pandas._libs.sparse", "BlockIndex IntIndex"),
        ("pandas._libs.tslib", "Timestamp Timedelta __nat_unpickle"),
        ("pandas._libs.tslibs.offsets", "*"),
        ("pandas._libs.tslibs.period", "Period"),
        ("pandas._libs.tslibs.timestamps", "Timestamp"),
        ("pandas._libs.tslibs.timedeltas", "Timedelta"),
        ("pandas.tseries.offsets", "*"),
        ("pandas._libs.index", "*Engine"),
        ("pandas._libs.hashtable", "*HashTable"),
    ]),
    (Builder, FirstClass, "an index or array of the class given to it", &[
        ("pandas.core.indexes.base", "_new_Index"),
        ("pandas.indexes.base", "_new_Index"),
        ("pandas.core.indexes.datetimes", "_new_DatetimeIndex"),
        ("pandas.core.indexes.period", "_new_PeriodIndex"),
        ("pandas.core.indexes.timedeltas", "_new_TimedeltaIndex"),
        ("pandas.core.indexes.interval", "_new_IntervalIndex"),
        ("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
        ("pandas._libs.interval", "__pyx_unpickle_IntervalMixin"),
    ]),
    (Builder, Any, "a block, date or span from values of the file", &[
        ("pandas._libs.internals", "_unpickle_block"),
        ("pandas._libs.tslibs.nattype", "__nat_unpickle _nat_unpickle"),
        ("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle"),
        ("pandas._libs.tslibs.timestamps", "_unpickle_timestamp"),
        ("pandas._libs.tslibs.offsets", "_to_offset __pyx_unpickle_*"),
        ("pandas._libs.tslibs.dtypes", "__pyx_unpickle_*"),
        ("pytz", "_p _UTC"),
        ("pytz.tzinfo", "unpickler"),
        ("dateutil.tz.tz", "tzutc tzlocal tzoffset"),
        ("dateutil.tz._common", "_tzinfo"),
        ("dateutil.relativedelta", "relativedelta"),
    ]),
];
