//! Reviewed names of numpy, scipy and pandas.

use super::Row;
use crate::safety::known::Check::{
    Any, ArrayClass, BitGenerator, Bounded, ByName, FirstClass, FirstNone, OpensFiles, Runs, TwoClasses,
};
use crate::safety::known::Role::{Builder, Class as Type, Function, Instance, Reference};

/// Methods of tables that compute another table or a number; those that take functions or texts of code are no part of it.
#[rustfmt::skip]
const METHODS: &str = "DataFrame.astype DataFrame.copy DataFrame.count DataFrame.describe DataFrame.drop DataFrame.drop_duplicates DataFrame.dropna \
    DataFrame.fillna DataFrame.head DataFrame.max DataFrame.mean DataFrame.median DataFrame.min DataFrame.nunique DataFrame.replace \
    DataFrame.reset_index DataFrame.round DataFrame.sort_index DataFrame.sort_values DataFrame.std DataFrame.sum DataFrame.tail \
    DataFrame.to_numpy DataFrame.var NDFrame.abs NDFrame.astype NDFrame.bfill NDFrame.clip NDFrame.copy NDFrame.describe NDFrame.ffill \
    NDFrame.fillna NDFrame.head NDFrame.interpolate NDFrame.replace NDFrame.tail Series.astype Series.copy Series.count Series.fillna \
    Series.head Series.isna Series.max Series.mean Series.median Series.min Series.mode Series.nunique Series.std Series.sum Series.tail \
    Series.to_numpy Series.unique Series.value_counts Series.var";

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Type, Bounded, "numpy's array; called, it reserves memory for its shape", &[("numpy", "ndarray"), ("numpy.core", "ndarray")]),
    (Type, Runs, "a function over arrays, made of a function that is given to it", &[("numpy", "vectorize")]),
    (Type, Any, "numpy's array and number types (ndarray.__reduce__, dtype.__reduce__, scalar types)", &[
        ("numpy", "bool bool_ bool8 bytes_ clongdouble clongfloat complex128 complex256 complex64 complex_ complexfloating cdouble csingle \
            cfloat datetime64 double dtype flexible float128 float16 float32 float64 float_ floating generic half inexact int0 int16 int32 \
            int64 int8 int_ intc integer intp long longdouble longfloat longlong matrix number object0 object_ recarray record \
            short signedinteger single singlecomplex str_ string_ timedelta64 ubyte uint uint0 uint16 uint32 uint64 uint8 uintc uintp \
            ulong ulonglong unicode_ unsignedinteger ushort void byte character chararray poly1d ndenumerate ndindex finfo iinfo"),
        ("numpy.rec", "recarray record"),
        ("numpy.core.records", "recarray record"),
        ("numpy.core.defchararray", "chararray"),
        ("numpy.char", "chararray"),
        ("numpy.matrixlib.defmatrix", "matrix"),
        ("numpy.dtypes", "BoolDType ByteDType BytesDType CLongDoubleDType Complex128DType Complex64DType DateTime64DType Float16DType Float32DType \
            Float64DType Int16DType Int32DType Int64DType Int8DType IntDType LongDType LongDoubleDType LongLongDType ObjectDType ShortDType \
            StrDType StringDType TimeDelta64DType UByteDType UInt16DType UInt32DType UInt64DType UInt8DType UIntDType ULongDType \
            ULongLongDType UShortDType VoidDType"),
        ("numpy.lib.polynomial", "poly1d"),
        ("numpy.lib._polynomial_impl", "poly1d"),
        ("numpy.version", "version"),
    ]),
    (Reference, OpensFiles, "an array over a file that pickles as its numbers; made without its constructor it opens nothing", &[
        ("numpy", "memmap"),
    ]),
    (Builder, ArrayClass, "an array of the class given to it, filled from the file's bytes (ndarray.__reduce__); the class's constructor is \
        not called", &[
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
    (Type, Any, "a polynomial from its coefficients", &[
        ("numpy.polynomial.chebyshev", "Chebyshev"),
        ("numpy.polynomial.hermite", "Hermite"),
        ("numpy.polynomial.hermite_e", "HermiteE"),
        ("numpy.polynomial.laguerre", "Laguerre"),
        ("numpy.polynomial.legendre", "Legendre"),
        ("numpy.polynomial.polynomial", "Polynomial"),
    ]),
    (Instance, Any, "facts of a number type or of a version, as values", &[
        ("numpy.lib", "NumpyVersion"),
        ("numpy.core.getlimits", "MachArLike finfo iinfo"),
        ("numpy._core.getlimits", "MachArLike finfo iinfo"),
    ]),
    (Type, Any, "an array with some of its values masked", &[
        ("numpy.ma", "MaskedArray MaskedConstant mvoid"),
        ("numpy.ma.core", "MaskedArray MaskedConstant mvoid"),
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
    (Function, ByName, "a ufunc or function by its name (ufunc.__reduce__); what it names is judged", &[
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
        ("numpy", "dot einsum inner interp kron nancumsum outer pad partition quantile select split stack \
            take tensordot trapezoid trapz tril triu"),
        ("numpy.random", "default_rng"),
        ("numpy.random._generator", "default_rng"),
        ("scipy.interpolate._interpolate", "interp1d._call_linear interp1d._call_linear_np interp1d._call_nan_spline interp1d._call_nearest \
            interp1d._call_previousnext interp1d._call_spline"),
        ("scipy.linalg._misc", "norm"),
        ("scipy._lib.array_api_compat.numpy._aliases", "asarray"),
        ("scipy._lib._array_api", "array_namespace"),
    ]),
    (Type, Any, "the result of a decomposition: a tuple with names", &[
        ("numpy.linalg._linalg", "EigResult EighResult QRResult SVDResult SlogdetResult"),
        ("numpy.linalg.linalg", "EigResult EighResult QRResult SVDResult SlogdetResult"),
        ("torch.return_types", "aminmax cummax cummin frexp geqrf histogram histogramdd kthvalue linalg_cholesky_ex linalg_eig linalg_eigh linalg_inv_ex \
            linalg_ldl_factor linalg_ldl_factor_ex linalg_lstsq linalg_lu linalg_lu_factor linalg_lu_factor_ex linalg_qr linalg_slogdet \
            linalg_solve_ex linalg_svd lu_unpack max median min mode nanmedian qr slogdet sort svd symeig topk triangular_solve"),
    ]),
    (Instance, Any, "settings, data or a result as values; the constructor is not called", &[
        ("numpy", "errstate"),
        ("numpy.core._ufunc_config", "_unspecified"),
        ("numpy._core._ufunc_config", "_unspecified"),
        ("pandas.plotting", "PlotAccessor"),
        ("pandas.plotting._core", "PlotAccessor"),
        ("pandas.api.typing", "DataFrameGroupBy DatetimeIndexResamplerGroupby Expanding ExpandingGroupby ExponentialMovingWindow \
            ExponentialMovingWindowGroupby PeriodIndexResamplerGroupby Resampler Rolling RollingGroupby SeriesGroupBy TimeGrouper \
            TimedeltaIndexResamplerGroupby Window"),
        ("scipy._lib._disjoint_set", "DisjointSet"),
        ("scipy._lib._util", "_RichResult"),
        ("scipy.cluster.hierarchy", "ClusterNode"),
        ("scipy.io.matlab._mio5_params", "MatlabFunction MatlabObject MatlabOpaque mat_struct"),
        ("scipy.io.matlab.mio5_params", "MatlabFunction MatlabObject MatlabOpaque mat_struct"),
        ("scipy.odr._odrpack", "Data Model ODR Output RealData"),
        ("scipy.odr.odrpack", "Data Model ODR Output RealData"),
        ("scipy.odr._models", "_ExponentialModel _MultilinearModel _PolynomialModel _QuadraticModel _SimpleLinearModel _UnilinearModel"),
        ("scipy.odr.models", "_ExponentialModel _MultilinearModel _UnilinearModel _QuadraticModel"),
        ("scipy.signal._czt", "CZT ZoomFFT"),
        ("scipy.signal._short_time_fft", "ShortTimeFFT"),
        ("scipy.sparse.linalg._interface", "IdentityOperator MatrixLinearOperator _AdjointMatrixOperator"),
        ("scipy.sparse.linalg.interface", "IdentityOperator MatrixLinearOperator"),
        ("scipy.stats._new_distributions", "Normal StandardNormal"),
        ("scipy.stats._binned_statistic", "BinnedStatistic2dResult BinnedStatisticResult BinnedStatisticddResult"),
    ]),
    (Reference, Any, "a function of a model of scipy.odr; named, never called", &[
        ("scipy.odr._models", "_exp _exp_est _exp_fjb _exp_fjd _lin_est _lin_fcn _lin_fjb _lin_fjd _quad_fjb _quad_fjd _quadratic _unilin \
            _unilin_est _unilin_fjb _unilin_fjd"),
    ]),
    (Builder, Any, "a rotation from its matrix or quaternions", &[
        ("scipy.spatial.transform._rigid_transform", "RigidTransform.from_matrix"),
        ("scipy.spatial.transform._rotation", "Rotation.from_matrix Rotation.from_quat"),
    ]),
    (Type, Any, "the result of a test or of a solver, as a value", &[
        ("scipy.stats._stats_py", "*Result *ResultBase"),
        ("scipy.stats.stats", "*Result"),
        ("scipy.stats._stats_mstats_common", "*Result"),
        ("scipy.stats._morestats", "*Result"),
        ("scipy.stats._mannwhitneyu", "*Result"),
        ("scipy.stats._hypotests", "*Result"),
        ("scipy.stats._axis_nan_policy", "*Result"),
        ("scipy.stats._result_classes", "*Result"),
        ("scipy.stats._resampling", "*Result"),
        ("scipy.stats._survival", "*Result ECDFResult EmpiricalDistributionFunction"),
        ("scipy.stats.contingency", "*Result"),
        ("scipy.stats._common", "ConfidenceInterval"),
        ("scipy.integrate._ivp.ivp", "OdeResult"),
        ("scipy.integrate._ivp.common", "OdeSolution ConstantDenseOutput"),
        ("scipy.integrate._ivp.base", "*DenseOutput"),
        ("scipy.integrate._ivp.rk", "*DenseOutput"),
        ("scipy.integrate._ivp.bdf", "*DenseOutput"),
        ("scipy.integrate._ivp.radau", "*DenseOutput"),
        ("scipy.optimize._lbfgsb_py", "LbfgsInvHessProduct"),
        ("scipy.optimize.lbfgsb", "LbfgsInvHessProduct"),
        ("scipy.optimize._constraints", "Bounds LinearConstraint NonlinearConstraint"),
        ("scipy.optimize._hessian_update_strategy", "BFGS SR1"),
        ("scipy.signal._ltisys", "lti dlti *Continuous *Discrete StateSpace TransferFunction ZerosPolesGain"),
        ("scipy.signal.ltisys", "lti dlti *Continuous *Discrete StateSpace TransferFunction ZerosPolesGain"),
    ]),
    (Type, Any, "a spline, tree, or sparse matrix from arrays of the file", &[
        ("scipy.spatial._qhull", "ConvexHull Delaunay HalfspaceIntersection Voronoi"),
        ("scipy.spatial.qhull", "ConvexHull Delaunay HalfspaceIntersection Voronoi"),
        ("scipy.spatial._kdtree", "KDTree Rectangle KDTree.innernode KDTree.leafnode"),
        ("scipy.spatial.kdtree", "KDTree Rectangle"),
        ("scipy.spatial._spherical_voronoi", "SphericalVoronoi"),
        ("scipy.interpolate.interpnd", "CloughTocher2DInterpolator LinearNDInterpolator NDInterpolatorBase"),
        ("scipy.interpolate._interpnd", "CloughTocher2DInterpolator LinearNDInterpolator NDInterpolatorBase"),
        ("scipy.interpolate._ndgriddata", "NearestNDInterpolator"),
        ("scipy.interpolate._rgi", "RegularGridInterpolator"),
        ("scipy.interpolate._rbfinterp", "RBFInterpolator"),
        ("scipy.interpolate._fitpack2", "*Spline"),
        ("scipy.interpolate._polyint", "BarycentricInterpolator KroghInterpolator"),
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
        ("pandas.api.typing", "FrozenList NAType NaTType"),
        ("pandas.api.extensions", "ExtensionArray ExtensionDtype no_default"),
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
        ("pandas.core.arrays.sparse", "SparseArray SparseDtype"),
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
        ("pandas.core.indexes.frozen", "FrozenList FrozenNDArray"),
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
        ("pandas._libs.tslibs.offsets", "BDay BHalfYearBegin BHalfYearEnd BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd BYearBegin BYearEnd BaseOffset BusinessDay BusinessHour \
            BusinessMonthBegin BusinessMonthEnd CBMonthBegin CBMonthEnd CDay CustomBusinessDay CustomBusinessHour CustomBusinessMonthBegin \
            CustomBusinessMonthEnd DateOffset Day Easter FY5253 FY5253Quarter HalfYearBegin HalfYearEnd Hour LastWeekOfMonth Micro Milli Minute \
            MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second SemiMonthBegin SemiMonthEnd SemiMonthOffset Tick Week WeekOfMonth YearBegin YearEnd"),
        ("pandas._libs.tslibs.period", "Period"),
        ("pandas._libs.tslibs.timestamps", "Timestamp"),
        ("pandas._libs.tslibs.timedeltas", "Timedelta"),
        ("pandas.tseries.offsets", "BDay BHalfYearBegin BHalfYearEnd BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd BYearBegin BYearEnd BaseOffset BusinessDay BusinessHour \
            BusinessMonthBegin BusinessMonthEnd CBMonthBegin CBMonthEnd CDay CustomBusinessDay CustomBusinessHour CustomBusinessMonthBegin \
            CustomBusinessMonthEnd DateOffset Day Easter FY5253 FY5253Quarter HalfYearBegin HalfYearEnd Hour LastWeekOfMonth Micro Milli Minute \
            MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second SemiMonthBegin SemiMonthEnd SemiMonthOffset Tick Week WeekOfMonth YearBegin YearEnd"),
        ("pandas._libs.index", "*Engine"),
        ("pandas._libs.hashtable", "*HashTable"),
    ]),
    (Type, Any, "a time zone or a span of time from values of the file", &[
        ("dateutil.tz.tz", "tzutc tzlocal tzoffset tzrange tzstr tzrangebase"),
        ("dateutil.tz._common", "_tzinfo tzrangebase"),
        ("dateutil.relativedelta", "relativedelta weekday"),
        ("dateutil._common", "weekday"),
        ("pytz.exceptions", "*Error"),
    ]),
    (Instance, Any, "a time zone, filled from what was read of its file (_unpickle)", &[
        ("dateutil.tz._tzfile", "tzfile"),
        ("dateutil.tz.tz", "_ttinfo"),
    ]),
    (Type, FirstNone, "a time zone out of a file that was read when it was pickled; tzfile.__reduce__ gives None for the file and its name beside it", &[
        ("dateutil.tz.tz", "tzfile"),
    ]),
    (Instance, Any, "a rule for dates, or what a parser of dates knows", &[
        ("dateutil.rrule", "rrule rruleset weekday"),
        ("dateutil.parser._parser", "parserinfo"),
    ]),
    (Type, Any, "an error as a value; making one does not raise it", &[
        ("dateutil.parser._parser", "ParserError UnknownTimezoneWarning"),
        ("numpy.core._exceptions", "_ArrayMemoryError _UFuncBinaryResolutionError _UFuncInputCastingError _UFuncNoLoopError _UFuncOutputCastingError"),
        ("numpy._core._exceptions", "_ArrayMemoryError _UFuncBinaryResolutionError _UFuncInputCastingError _UFuncNoLoopError _UFuncOutputCastingError"),
    ]),
    (Type, Any, "a grouping of a table, from values of the file", &[
        ("pandas", "Grouper NamedAgg"),
        ("pandas.core.groupby.generic", "NamedAgg"),
        ("pandas.api.indexers", "*Indexer"),
        ("pandas.core.indexers.objects", "*Indexer"),
        ("pandas.errors", "OutOfBoundsDatetime OutOfBoundsTimedelta"),
        ("pandas._libs.tslibs.np_datetime", "OutOfBoundsDatetime OutOfBoundsTimedelta"),
        ("pandas.core.groupby.grouper", "Grouper Grouping BaseGrouper"),
        ("pandas.core.resample", "TimeGrouper"),
        ("pandas._libs.lib", "_NoDefault NoDefault"),
    ]),
    (Reference, Any, "a function over tables that files name as a value, never call", &[
        ("pandas", "concat crosstab cut date_range factorize from_dummies get_dummies isna isnull melt merge notna notnull qcut to_datetime to_numeric \
            to_timedelta unique"),
        ("pandas.core.dtypes.missing", "isna isnull notna notnull"),
        ("pandas.core.tools.datetimes", "to_datetime"),
        ("pandas.core.tools.numeric", "to_numeric"),
        ("pandas.core.tools.timedeltas", "to_timedelta"),
        ("pandas.core.reshape.concat", "concat"),
        ("pandas.core.reshape.encoding", "from_dummies get_dummies"),
        ("pandas.core.reshape.reshape", "get_dummies"),
        ("pandas.core.reshape.tile", "cut qcut"),
        ("pandas", METHODS),
        ("pandas.core.frame", METHODS),
        ("pandas.core.generic", METHODS),
        ("pandas.core.series", METHODS),
        ("pandas.core.algorithms", "factorize unique value_counts"),
    ]),
    (Builder, FirstClass, "an index or array of the class given to it", &[
        ("pandas.core.indexes.base", "_new_Index"),
        ("pandas._libs.indexing", "__pyx_unpickle_NDFrameIndexerBase"),
        ("pandas.indexes.base", "_new_Index"),
        ("pandas.core.indexes.datetimes", "_new_DatetimeIndex"),
        ("pandas.core.indexes.period", "_new_PeriodIndex"),
        ("pandas.core.indexes.timedeltas", "_new_TimedeltaIndex"),
        ("pandas.core.indexes.interval", "_new_IntervalIndex"),
        ("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
        ("pandas._libs.interval", "__pyx_unpickle_IntervalMixin"),
        ("pandas._libs.tslibs.period", "__pyx_unpickle_PeriodMixin"),
    ]),
    (Builder, Any, "a block, date or span from values of the file", &[
        ("pandas._libs.internals", "_unpickle_block"),
        ("pandas.core.internals.blocks", "new_block"),
        ("pandas._libs.tslibs.nattype", "__nat_unpickle _nat_unpickle"),
        ("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle"),
        ("pandas._libs.tslibs.timestamps", "_unpickle_timestamp"),
        ("pandas._libs.tslibs.offsets", "_to_offset __pyx_unpickle_*"),
        ("pandas._libs.tslibs.dtypes", "__pyx_unpickle_*"),
        ("pytz", "_p _UTC"),
        ("pytz.tzinfo", "unpickler"),
        ("pytz", "FixedOffset"),
        ("dateutil.tz._tzfile", "_unpickle"),
    ]),
    (Builder, Any, "a type, column or table of Arrow over bytes of the file (pyarrow's __reduce__ in array.pxi, types.pxi, table.pxi); the bytes \
        are taken as they are", &[
        ("pyarrow.lib", "_restore_array _reconstruct_record_batch _reconstruct_table chunked_array binary binary_view decimal128 decimal256 \
            dictionary duration field fixed_shape_tensor large_list large_list_view list_ list_view map_ py_buffer run_end_encoded scalar schema \
            string_view struct time32 time64 timestamp type_for_alias union dense_union sparse_union _empty_array"),
    ]),
    (Type, Any, "a value of Arrow", &[
        ("pyarrow.lib", "KeyValueMetadata MonthDayNano UuidType Bool8Type JsonType"),
        ("pandas.core.arrays.arrow.extension_types", "ArrowIntervalType ArrowPeriodType"),
    ]),
    (Builder, Any, "a geometry from its bytes (well-known binary)", &[("shapely.io", "from_wkb"), ("shapely.wkb", "loads")]),
];
