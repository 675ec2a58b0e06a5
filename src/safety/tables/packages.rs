//! Reviewed names of packages beyond the big ones: clients, tables and columns, dates, containers, statistics.

use super::Row;
use crate::safety::known::Check::{Any, Consumer, FirstClass, Runs};
use crate::safety::known::Role::{Builder, Class as Type, Function, Instance, Reference};

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Type, Any, "a state space model or its filter, compiled: __init__ takes arrays and models and checks their shapes, __setstate__ arrays", &[
        ("statsmodels.tsa.statespace._initialization", "cInitialization dInitialization sInitialization zInitialization"),
        ("statsmodels.tsa.statespace._representation", "cStatespace dStatespace sStatespace zStatespace"),
        ("statsmodels.tsa.statespace._kalman_filter", "cKalmanFilter dKalmanFilter sKalmanFilter zKalmanFilter"),
        ("statsmodels.tsa.statespace._kalman_smoother", "cKalmanSmoother dKalmanSmoother sKalmanSmoother zKalmanSmoother"),
        ("statsmodels.tsa.statespace._simulation_smoother", "cSimulationSmoother dSimulationSmoother sSimulationSmoother zSimulationSmoother"),
        ("statsmodels.tsa.stl._stl", "STL"),
        ("statsmodels.tsa._stl", "STL"),
        ("hdbscan.dist_metrics", "*Distance"),
    ]),
    (Instance, Any, "a result or settings as values; the constructor is not called", &[
        ("statsmodels.tsa.seasonal", "DecomposeResult"),
        ("statsmodels.sandbox.stats.multicomp", "GroupsStats MultiComparison StepDown TukeyHSDResults"),
        ("statsmodels.discrete.discrete_model", "NegativeBinomial NegativeBinomialP"),
        ("sklearn.covariance._graph_lasso", "_DictWithDeprecatedKeys"),
        ("sklearn.impute._iterative", "_ImputerTriplet"),
        ("sklearn.impute", "_ImputerTriplet"),
        ("cycler", "Cycler"),
        ("matplotlib.artist", "_XYPair"),
        ("matplotlib.colors", "AsinhNorm LogNorm SymLogNorm"),
        ("statsmodels.tools.tools", "Bunch"),
        ("torch.ao.quantization.qconfig", "QConfig QConfigDynamic"),
        ("torch.quantization.qconfig", "QConfig QConfigDynamic"),
        ("PIL.ImageFilter", "BLUR BoxBlur CONTOUR Color3DLUT DETAIL EDGE_ENHANCE EDGE_ENHANCE_MORE EMBOSS FIND_EDGES GaussianBlur Kernel MaxFilter \
            MedianFilter MinFilter ModeFilter RankFilter SHARPEN SMOOTH SMOOTH_MORE UnsharpMask"),
    ]),
    (Reference, Any, "a function that a model holds as a setting; named, never called", &[
        ("statsmodels.tsa.exponential_smoothing._ets_smooth", "_ets_smooth_add_add _ets_smooth_add_mul _ets_smooth_mul_add _ets_smooth_mul_mul"),
        ("transformers.optimization", "_get_constant_lambda _get_constant_schedule_with_warmup_lr_lambda _get_cosine_schedule_with_warmup_lr_lambda \
            _get_cosine_with_hard_restarts_schedule_with_warmup_lr_lambda _get_inverse_sqrt_schedule_lr_lambda \
            _get_linear_schedule_with_warmup_lr_lambda _get_polynomial_decay_schedule_with_warmup_lr_lambda"),
        ("optuna.samplers._tpe.sampler", "default_gamma default_weights hyperopt_default_gamma"),
        ("gensim.models.phrases", "npmi_scorer original_scorer"),
        ("gensim.utils", "call_on_class_only"),
        ("skorch.utils", "_indexing_other to_numpy"),
        ("matplotlib.artist", "_stale_axes_callback"),
        ("matplotlib.backend_bases", "_key_handler _mouse_handler"),
        ("matplotlib.cbook", "_exception_printer"),
        ("matplotlib.colorbar", "_remove_cbar_axes"),
        ("shap.links", "identity logit"),
    ]),
    (Type, Any, "what a model gives back: a dict with names, filled from the values that it is given", &[
        ("transformers.modeling_outputs", "BackboneOutput BaseModelOutput BaseModelOutputWithCrossAttentions BaseModelOutputWithNoAttention \
            BaseModelOutputWithPast BaseModelOutputWithPastAndCrossAttentions BaseModelOutputWithPooling \
            BaseModelOutputWithPoolingAndCrossAttentions BaseModelOutputWithPoolingAndNoAttention \
            BaseModelOutputWithPoolingAndProjection CausalLMOutput CausalLMOutputWithCrossAttentions CausalLMOutputWithPast \
            DepthEstimatorOutput ImageClassifierOutput ImageClassifierOutputWithNoAttention ImageSuperResolutionOutput \
            MaskedImageModelingOutput MaskedLMOutput MoECausalLMOutputWithPast MoEModelOutput \
            MoEModelOutputWithPastAndCrossAttentions MoeCausalLMOutputWithPast MoeModelOutputWithPast \
            MultimodalBaseModelOutputWithPast MultimodalCausalLMOutputWithPast MultimodalModelOutput \
            MultimodalMoeBaseModelOutputWithPast MultimodalMoeCausalLMOutputWithPast MultipleChoiceModelOutput \
            NextSentencePredictorOutput QuestionAnsweringModelOutput SampleTSPredictionOutput SemanticSegmenterOutput \
            Seq2SeqLMOutput Seq2SeqMoEModelOutput Seq2SeqMoEOutput Seq2SeqModelOutput Seq2SeqQuestionAnsweringModelOutput \
            Seq2SeqSequenceClassifierOutput Seq2SeqSpectrogramOutput Seq2SeqTSModelOutput Seq2SeqTSPredictionOutput \
            SequenceClassifierOutput SequenceClassifierOutputWithPast TokenClassifierOutput Wav2Vec2BaseModelOutput \
            XVectorOutput"),
    ]),
    (Type, Consumer, "counts of words or of what follows them: a Counter or a dict of them", &[
        ("nltk.probability", "ConditionalFreqDist FreqDist"),
    ]),
    (Type, Any, "an enumeration's member, by its value", &[
        ("matplotlib._enums", "CapStyle JoinStyle"),
        ("lifelines.utils", "CensoringType"),
        ("optuna.study._study_direction", "StudyDirection"),
        ("optuna.trial._state", "TrialState"),
        ("torchvision.models.alexnet", "AlexNet_Weights"),
        ("torchvision.models.convnext", "ConvNeXt_Base_Weights ConvNeXt_Large_Weights ConvNeXt_Small_Weights ConvNeXt_Tiny_Weights"),
        ("torchvision.models.densenet", "DenseNet121_Weights DenseNet161_Weights DenseNet169_Weights DenseNet201_Weights"),
        ("torchvision.models.efficientnet", "EfficientNet_B0_Weights EfficientNet_B1_Weights EfficientNet_B2_Weights EfficientNet_B3_Weights \
            EfficientNet_B4_Weights EfficientNet_B5_Weights EfficientNet_B6_Weights EfficientNet_B7_Weights EfficientNet_V2_L_Weights \
            EfficientNet_V2_M_Weights EfficientNet_V2_S_Weights"),
        ("torchvision.models.googlenet", "GoogLeNet_Weights"),
        ("torchvision.models.inception", "Inception_V3_Weights"),
        ("torchvision.models.maxvit", "MaxVit_T_Weights"),
        ("torchvision.models.mnasnet", "MNASNet0_5_Weights MNASNet0_75_Weights MNASNet1_0_Weights MNASNet1_3_Weights"),
        ("torchvision.models.mobilenetv2", "MobileNet_V2_Weights"),
        ("torchvision.models.mobilenetv3", "MobileNet_V3_Large_Weights MobileNet_V3_Small_Weights"),
        ("torchvision.models.regnet", "RegNet_X_16GF_Weights RegNet_X_1_6GF_Weights RegNet_X_32GF_Weights RegNet_X_3_2GF_Weights \
            RegNet_X_400MF_Weights RegNet_X_800MF_Weights RegNet_X_8GF_Weights RegNet_Y_128GF_Weights RegNet_Y_16GF_Weights \
            RegNet_Y_1_6GF_Weights RegNet_Y_32GF_Weights RegNet_Y_3_2GF_Weights RegNet_Y_400MF_Weights RegNet_Y_800MF_Weights RegNet_Y_8GF_Weights"),
        ("torchvision.models.resnet", "ResNeXt101_32X8D_Weights ResNeXt101_64X4D_Weights ResNeXt50_32X4D_Weights ResNet101_Weights ResNet152_Weights \
            ResNet18_Weights ResNet34_Weights ResNet50_Weights Wide_ResNet101_2_Weights Wide_ResNet50_2_Weights"),
        ("torchvision.models.shufflenetv2", "ShuffleNet_V2_X0_5_Weights ShuffleNet_V2_X1_0_Weights ShuffleNet_V2_X1_5_Weights ShuffleNet_V2_X2_0_Weights"),
        ("torchvision.models.squeezenet", "SqueezeNet1_0_Weights SqueezeNet1_1_Weights"),
        ("torchvision.models.swin_transformer", "Swin_B_Weights Swin_S_Weights Swin_T_Weights Swin_V2_B_Weights Swin_V2_S_Weights Swin_V2_T_Weights"),
        ("torchvision.models.vgg", "VGG11_BN_Weights VGG11_Weights VGG13_BN_Weights VGG13_Weights VGG16_BN_Weights VGG16_Weights VGG19_BN_Weights VGG19_Weights"),
        ("torchvision.models.vision_transformer", "ViT_B_16_Weights ViT_B_32_Weights ViT_H_14_Weights ViT_L_16_Weights ViT_L_32_Weights"),
    ]),
    (Instance, Any, "an image or a set of boxes over a tensor", &[
        ("torchvision.tv_tensors._image", "Image"),
        ("torchvision.tv_tensors._mask", "Mask"),
        ("torchvision.tv_tensors._video", "Video"),
        ("torchvision.tv_tensors._bounding_boxes", "BoundingBoxes"),
    ]),
    (Instance, Any, "a data set by its settings; made without its constructor it opens and downloads nothing", &[
        ("torchvision.datasets.cifar", "CIFAR10 CIFAR100"),
        ("torchvision.datasets.fakedata", "FakeData"),
        ("torchvision.datasets.folder", "DatasetFolder ImageFolder"),
        ("torchvision.datasets.mnist", "EMNIST FashionMNIST KMNIST MNIST"),
        ("torchvision.datasets.vision", "StandardTransform VisionDataset"),
    ]),
    (Instance, Any, "a request, an answer or the settings of a client as values; the connections are made when something asks for them", &[
        ("requests.adapters", "HTTPAdapter"),
        ("requests.auth", "HTTPBasicAuth HTTPDigestAuth HTTPProxyAuth"),
        ("requests.cookies", "RequestsCookieJar"),
        ("requests.models", "PreparedRequest Request Response"),
        ("requests.sessions", "Session"),
        ("requests.structures", "CaseInsensitiveDict LookupDict"),
        ("urllib3._collections", "HTTPHeaderDict"),
        ("urllib3.util.retry", "RequestHistory Retry"),
        ("urllib3.util.timeout", "Timeout"),
        ("urllib3.util.url", "Url"),
        ("httpx", "Cookies Headers Limits Proxy QueryParams Request Response Timeout URL"),
        ("httpx._urlparse", "ParseResult"),
        ("yarl", "URL"),
        ("yarl._url", "URL"),
        ("tenacity.stop", "stop_after_attempt stop_after_delay"),
        ("tenacity.wait", "wait_exponential wait_fixed wait_random"),
    ]),
    (Type, Any, "an error as a value; making one does not raise it", &[
        ("_catboost", "CatBoostError"),
        ("optuna.exceptions", "TrialPruned"),
        ("httpx", "CloseError ConnectError ConnectTimeout CookieConflict DecodingError HTTPError HTTPStatusError InvalidURL LocalProtocolError \
            NetworkError PoolTimeout ProtocolError ProxyError ReadError ReadTimeout RemoteProtocolError RequestError RequestNotRead \
            ResponseNotRead StreamClosed StreamConsumed StreamError TimeoutException TooManyRedirects TransportError UnsupportedProtocol \
            WriteError WriteTimeout"),
        ("polars.exceptions", "ColumnNotFoundError ComputeError DuplicateError InvalidOperationError NoDataError OutOfBoundsError PolarsError \
            SchemaError SchemaFieldNotFoundError ShapeError StringCacheMismatchError StructFieldNotFoundError"),
        ("pyarrow.lib", "ArrowCancelled ArrowCapacityError ArrowException ArrowIndexError ArrowInvalid ArrowKeyError ArrowMemoryError \
            ArrowNotImplementedError ArrowSerializationError ArrowTypeError"),
        ("requests.exceptions", "ChunkedEncodingError ConnectTimeout ConnectionError ContentDecodingError HTTPError InvalidHeader InvalidJSONError \
            InvalidProxyURL InvalidSchema InvalidURL JSONDecodeError MissingSchema ProxyError ReadTimeout RequestException RetryError SSLError \
            StreamConsumedError Timeout TooManyRedirects URLRequired UnrewindableBodyError"),
        ("sqlalchemy.exc", "ArgumentError DBAPIError DataError DatabaseError IntegrityError InterfaceError InternalError InvalidRequestError \
            MultipleResultsFound NoResultFound NoSuchColumnError NoSuchTableError NotSupportedError OperationalError ProgrammingError \
            SQLAlchemyError StatementError TimeoutError"),
        ("urllib3.exceptions", "ClosedPoolError ConnectTimeoutError DecodeError EmptyPoolError HTTPError HostChangedError IncompleteRead \
            InvalidHeader LocationParseError LocationValueError MaxRetryError NameResolutionError NewConnectionError PoolError ProtocolError \
            ProxyError ReadTimeoutError RequestError ResponseError SSLError TimeoutError"),
        ("yaml.composer", "ComposerError"),
        ("yaml.constructor", "ConstructorError"),
        ("yaml.error", "Mark MarkedYAMLError YAMLError"),
        ("yaml.parser", "ParserError"),
        ("yaml.reader", "ReaderError"),
        ("yaml.representer", "RepresenterError"),
        ("yaml.scanner", "ScannerError"),
    ]),
    (Instance, Any, "a piece of a parsed page as text", &[
        ("bs4.element", "AttributeDict AttributeValueList CData CharsetMetaAttributeValue Comment ContentMetaAttributeValue Declaration Doctype \
            HTMLAttributeDict NamespacedAttribute NavigableString PreformattedString ProcessingInstruction ResultSet RubyParenthesisString \
            RubyTextString Script Stylesheet Tag TemplateString XMLAttributeDict XMLProcessingInstruction"),
    ]),
    (Type, Any, "settings of Arrow's readers as values; reading is asked of something else", &[
        ("pyarrow._csv", "ConvertOptions ParseOptions ReadOptions"),
        ("pyarrow._json", "ParseOptions ReadOptions"),
        ("pyarrow._dataset_parquet", "ParquetFileFormat ParquetFragmentScanOptions ParquetReadOptions"),
        ("pyarrow.lib", "CacheOptions"),
    ]),
    (Function, Any, "settings of Arrow's readers as values; reading is asked of something else", &[
        ("pyarrow._dataset_parquet", "ParquetFragmentScanOptions._reconstruct"),
        ("pyarrow.lib", "CacheOptions._reconstruct"),
    ]),
    (Function, Any, "facts of a file or an expression over columns, out of bytes of this file; it is worked out when something asks for it", &[
        ("pyarrow._compute", "Expression._deserialize"),
        ("pyarrow._parquet", "_reconstruct_filemetadata"),
    ]),
    (Reference, Any, "a class whose method makes the value", &[("pyarrow._compute", "Expression")]),
    (Builder, FirstClass, "settings or a column type of the class given to it", &[
        ("pyarrow._dataset_parquet", "__pyx_unpickle_ParquetReadOptions"),
        ("polars.datatypes.classes", "_custom_reconstruct"),
        ("hdbscan.dist_metrics", "newObj"),
    ]),
    (Instance, Any, "a table or column out of Arrow's bytes in the file (__setstate__)", &[
        ("polars.dataframe.frame", "DataFrame"),
        ("polars.series.series", "Series"),
        ("polars.internals.frame", "DataFrame"),
        ("polars.internals.dataframe.frame", "DataFrame"),
        ("polars.internals.series.series", "Series"),
    ]),
    (Type, Any, "the type of a column", &[
        ("polars.datatypes.classes", "Array Binary Boolean Categorical Categories Date Datetime Decimal Duration Enum Field Float32 Float64 Int128 \
            Int16 Int32 Int64 Int8 List Null Object String Struct Time UInt128 UInt16 UInt32 UInt64 UInt8 Unknown Utf8"),
        ("polars.schema", "Schema"),
    ]),
    (Instance, Any, "a row, an address or a dict of SQLAlchemy as a value; it connects to nothing", &[
        ("sqlalchemy.engine.url", "URL"),
        ("sqlalchemy.util._collections", "FacadeDict OrderedSet immutabledict"),
    ]),
    (Type, Any, "a dict that cannot be changed", &[
        ("sqlalchemy.cyextension.immutabledict", "immutabledict"),
        ("sqlalchemy.util._immutabledict_cy", "immutabledict"),
        ("frozendict", "frozendict"),
    ]),
    (Type, Any, "a date, a span of time or a time zone as a value", &[
        ("pendulum.date", "Date"),
        ("pendulum.datetime", "DateTime"),
        ("pendulum.duration", "Duration"),
        ("pendulum.interval", "Interval"),
        ("pendulum.time", "Time"),
        ("pendulum.tz.timezone", "FixedTimezone Timezone"),
    ]),
    (Function, Any, "a time zone by its name", &[("pendulum.tz.timezone", "Timezone._unpickle")]),
    (Instance, Any, "a date, a number or a version as a value", &[
        ("arrow.arrow", "Arrow"),
        ("mpmath.ctx_mp_python", "mpc mpf"),
        ("packaging.markers", "Marker"),
        ("packaging.requirements", "Requirement"),
        ("packaging.specifiers", "Specifier SpecifierSet"),
        ("uncertainties.core", "AffineScalarFunc LinearCombination Variable"),
    ]),
    (Function, Any, "a number out of its bytes", &[("gmpy2", "from_binary"), ("gmpy2.gmpy2", "from_binary")]),
    (Type, Runs, "a sorted container of the file's values; a key that it is given is called for each", &[
        ("sortedcontainers.sorteddict", "SortedDict"),
        ("sortedcontainers.sortedlist", "SortedKeyList SortedList"),
        ("sortedcontainers.sortedset", "SortedSet"),
    ]),
    (Type, Any, "a dict with several values for a key", &[("multidict._multidict", "CIMultiDict MultiDict istr"), ("multidict", "CIMultiDict MultiDict istr")]),
    (Type, Any, "an array of bits", &[("bitarray", "bitarray frozenbitarray")]),
    (Builder, FirstClass, "an array of bits, of the class given to it", &[("bitarray._bitarray", "_bitarray_reconstructor")]),
    (Type, Any, "a geometry; made of its bytes (well-known binary) or of points", &[
        ("shapely.geometry.collection", "GeometryCollection"),
        ("shapely.geometry.linestring", "LineString"),
        ("shapely.geometry.multilinestring", "MultiLineString"),
        ("shapely.geometry.multipoint", "MultiPoint"),
        ("shapely.geometry.multipolygon", "MultiPolygon"),
        ("shapely.geometry.point", "Point"),
        ("shapely.geometry.polygon", "LinearRing Polygon"),
        ("shapely.strtree", "STRtree"),
    ]),
    (Builder, Any, "a geometry out of its bytes (well-known binary)", &[("shapely.geometry.polygon", "_unpickle_linearring")]),
    (Instance, Any, "a symbol or a whole number; sympy takes no text for one of them apart", &[
        ("sympy.core.numbers", "ComplexInfinity Exp1 Half ImaginaryUnit Infinity Integer NaN NegativeInfinity NegativeOne One Pi Zero"),
        ("sympy.core.symbol", "Dummy Str Symbol"),
    ]),
    (Instance, Any, "a part of a figure, restored without its constructor; its class is an attribute of another", &[
        ("matplotlib.patches", "ArrowStyle BoxStyle ConnectionStyle ArrowStyle.BarAB ArrowStyle.BracketA ArrowStyle.BracketAB ArrowStyle.BracketB \
            ArrowStyle.Curve ArrowStyle.CurveA ArrowStyle.CurveAB ArrowStyle.CurveB ArrowStyle.CurveFilledA ArrowStyle.CurveFilledAB \
            ArrowStyle.CurveFilledB ArrowStyle.Fancy ArrowStyle.Simple ArrowStyle.Wedge BoxStyle.Circle BoxStyle.DArrow BoxStyle.Ellipse \
            BoxStyle.LArrow BoxStyle.RArrow BoxStyle.Round BoxStyle.Round4 BoxStyle.Roundtooth BoxStyle.Sawtooth BoxStyle.Square \
            ConnectionStyle.Angle ConnectionStyle.Angle3 ConnectionStyle.Arc ConnectionStyle.Arc3 ConnectionStyle.Bar"),
    ]),
    (Builder, FirstClass, "an empty part of a figure, of the class given to it", &[
        ("matplotlib.colors", "_create_empty_object_of_class"),
    ]),
    (Type, Any, "the bars of a plot, as a tuple of them", &[("matplotlib.container", "BarContainer Container ErrorbarContainer StemContainer")]),
    (Reference, Any, "a function of a plot's axis; named, never called", &[("matplotlib.axis", "Axis Axis._format_with_dict")]),
];
