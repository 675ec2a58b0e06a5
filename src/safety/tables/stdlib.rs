//! Reviewed names of the standard library. Who writes them is, unless the reason says otherwise, the `__reduce_ex__` of the
//! type itself.

use super::Row;
use crate::safety::Capability::{Code, Deferred, Files, Interpreter, Process};
use crate::safety::known::Check::{
    Acts, Any, Attrgetter, Bounded, Callable, Consumer, Endless, Factory, FirstClass, Getattr, Getitem, Itemgetter,
    Latin1, Methodcaller, Partial, Runs, Setattr, TypeOf, UnionOf,
};
use crate::safety::known::Role::{Builder, Class as Type, Function, Instance, Reference};

#[rustfmt::skip] // A row a line: the formatter would make five of it.
pub(super) const ROWS: &[Row] = &[
    (Type, Any, "a built-in type; calling it makes a plain value", &[
        ("builtins", "bool complex float int object slice range Ellipsis NotImplemented ellipsis long unicode xrange str buffer basestring"),
        ("types", "NoneType EllipsisType NotImplementedType"),
    ]),
    (Type, Bounded, "a built-in type; calling it with a small number or with values of the file makes a plain value", &[
        ("builtins", "bytearray bytes"),
    ]),
    (Type, Consumer, "a built-in container; calling it takes the items of what it is given", &[
        ("builtins", "dict frozenset list set tuple"),
        ("collections", "ChainMap Counter OrderedDict UserDict UserList UserString deque"),
        ("UserDict", "IterableUserDict UserDict"),
        ("UserList", "UserList"),
        ("UserString", "UserString"),
    ]),
    (Function, TypeOf, "the type of a value, which is how NoneType is written", &[("builtins", "type")]),
    (Reference, Any, "the type of classes; calling it makes a class out of values of the file, which no pickler does", &[
        ("abc", "ABC ABCMeta"),
        ("enum", "EnumMeta EnumType"),
        ("typing", "Generic Protocol"),
    ]),
    (Type, Any, "a built-in exception; making one does not raise it", &[
        ("builtins", "*Error *Exception *Warning GeneratorExit KeyboardInterrupt StopAsyncIteration StopIteration SystemExit"),
    ]),
    (Builder, Any, "a group of exceptions; making one does not raise it, its notes are texts", &[("builtins", "BaseExceptionGroup ExceptionGroup")]),
    (Function, Consumer, "a built-in function that computes a value and changes nothing", &[
        ("builtins", "abs all any ascii bin callable chr divmod format hash hex id isinstance issubclass len oct ord repr round sum"),
    ]),
    (Reference, Bounded, "a built-in function that computes a number", &[("builtins", "pow")]),
    (Reference, Runs, "a built-in function over values", &[("builtins", "max min sorted")]),
    (Type, Runs, "an iterator that calls a function; what it is given to call is judged on its own", &[
        ("builtins", "map filter"),
        ("itertools", "accumulate dropwhile filterfalse groupby starmap takewhile"),
        ("builtins", "iter"),
        ("difflib", "SequenceMatcher"),
    ]),
    (Reference, Any, "prints; a function that files name as a value, never call", &[("builtins", "print")]),
    (Type, Any, "an iterator over values that the file holds", &[
        ("builtins", "enumerate reversed zip bytearray_iterator bytes_iterator dict_keyiterator list_iterator range_iterator set_iterator \
            str_iterator tuple_iterator"),
        ("itertools", "batched chain chain.from_iterable combinations combinations_with_replacement compress islice pairwise permutations \
            product zip_longest tee _tee _tee_dataobject"),
        ("collections", "_deque_iterator _deque_reverse_iterator"),
    ]),
    (Type, Endless, "an iterator without an end; it runs only where something takes all its items", &[("itertools", "count cycle repeat")]),
    (Function, Callable, "wraps a function of a class; it calls nothing when loaded", &[
        ("builtins", "classmethod property staticmethod"),
        ("types", "MethodType"),
    ]),
    (Type, Factory, "a dict with a factory for missing keys; the factory must be a plain type", &[("collections", "defaultdict")]),
    (Reference, Any, "an abstract class; named, never filled", &[
        ("collections.abc", "*"),
        ("numbers", "*"),
        ("os", "PathLike"),
        ("io", "IOBase RawIOBase BufferedIOBase TextIOBase"),
        ("contextlib", "AbstractContextManager AbstractAsyncContextManager"),
        ("typing", "AbstractSet Annotated Any AnyStr AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable ClassVar Collection \
            Concatenate Container ContextManager Coroutine Counter DefaultDict Deque Dict Final FrozenSet Generator Hashable IO \
            ItemsView Iterable Iterator KeysView List Literal LiteralString Mapping MappingView Match MutableMapping MutableSequence \
            MutableSet Never NoReturn NotRequired Optional OrderedDict ParamSpec Pattern Required Reversible Self Sequence Set Sized SupportsAbs \
            SupportsFloat SupportsIndex SupportsInt SupportsRound Text TextIO Tuple Type TypeAlias TypeGuard TypeVar Union Unpack \
            ValuesView"),
    ]),
    (Type, Any, "a type with its parameters, as annotations have it", &[
        ("types", "GenericAlias UnionType"),
        ("collections.abc", "_CallableGenericAlias"),
    ]),
    (Function, UnionOf, "a union of types, as reduce(operator.or_, types) (copyreg.pickle_union, Python 3.10 to 3.13)", &[
        ("functools", "reduce"),
    ]),
    (Type, Any, "a date or time value", &[
        ("datetime", "date datetime time timedelta timezone tzinfo"),
        ("_strptime", "_strptime"),
        ("time", "struct_time"),
        ("calendar", "Day Month"),
    ]),
    (Type, Any, "a number as a value", &[
        ("decimal", "Context Decimal DecimalTuple"),
        ("_decimal", "Decimal"),
        ("_pydecimal", "Decimal"),
        ("fractions", "Fraction"),
        ("statistics", "NormalDist"),
    ]),
    (Reference, Bounded, "a mathematical function; it computes a number", &[
        ("math", "*"),
        ("cmath", "*"),
    ]),
    (Type, Any, "an identifier", &[("uuid", "SafeUUID UUID")]),
    (Type, Any, "an array of plain numbers", &[("array", "array")]),
    (Builder, FirstClass, "an array of plain numbers, of the class given to it", &[("array", "_array_reconstructor")]),
    (Type, Any, "a path as a value; it opens nothing", &[
        ("pathlib", "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath"),
        ("pathlib._local", "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath"),
    ]),
    (Type, Any, "an address as a value; it connects to nothing", &[
        ("ipaddress", "IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network"),
    ]),
    (Function, Any, "a compiled regular expression", &[("re", "_compile"), ("regex", "_regex_core _compile")]),
    (Type, Any, "a flag of regular expressions", &[("re", "RegexFlag")]),
    (Type, Any, "a text template; it is not filled when loaded", &[("string", "Formatter Template")]),
    (Type, Any, "a file in memory; it opens nothing", &[("io", "BytesIO StringIO"), ("cStringIO", "StringIO"), ("StringIO", "StringIO")]),
    (Builder, FirstClass, "makes an instance of the class given to it (object.__reduce_ex__, protocols 0 and 1); the class is judged on its own", &[
        ("copyreg", "__newobj__ __newobj_ex__ _reconstructor"),
    ]),
    (Function, Latin1, "how protocols below 3 spell bytes: a text and 'latin1'", &[("_codecs", "encode")]),
    (Type, Any, "a bag of attributes", &[("types", "MappingProxyType SimpleNamespace"), ("argparse", "Namespace")]),
    (Type, Partial, "holds a function with arguments and calls nothing when loaded; what it holds is judged on its own", &[("functools", "partial")]),
    (Function, Itemgetter, "takes items out of a value; it runs only where something calls it", &[("operator", "itemgetter")]),
    (Function, Attrgetter, "takes attributes of a value; it runs only where something calls it, and there what it takes is judged", &[
        ("operator", "attrgetter"),
    ]),
    (Function, Methodcaller, "calls a method of a value; it runs only where something calls it, and there the method is judged", &[
        ("operator", "methodcaller"),
    ]),
    (Function, Getattr, "takes an attribute of a class or function (how protocols below 4 name what is nested); what it takes is judged", &[
        ("builtins", "getattr"),
        ("dill._dill", "_get_attr"),
    ]),
    (Function, Getitem, "a type with its parameters, as typing writes it", &[("operator", "getitem")]),
    (Function, Setattr, "sets an attribute; dill does that to classes that the same file made", &[("builtins", "setattr")]),
    (Reference, Any, "an operator; it computes a value", &[
        ("operator", "abs add and_ concat contains countOf eq floordiv ge gt index indexOf inv invert is_ is_not le length_hint lt \
            matmul mod ne neg not_ or_ pos rshift sub truediv truth xor"),
    ]),
    (Reference, Bounded, "an operator; it computes a number", &[("operator", "lshift mul pow")]),
    (Type, Any, "a base class of enumerations", &[
        ("enum", "Enum Flag IntEnum IntFlag ReprEnum StrEnum auto"),
    ]),
    (Type, Any, "a random generator's state", &[("random", "Random SystemRandom"), ("_random", "Random")]),
    (Type, Any, "a time zone by its name", &[("zoneinfo", "ZoneInfo")]),
    (Function, Any, "a time zone by its name", &[("zoneinfo", "ZoneInfo._unpickle")]),
    (Type, Any, "a log entry as a value; it is not written anywhere", &[("logging", "LogRecord")]),
    (Function, Any, "a log entry as a value; it is not written anywhere", &[("logging", "makeLogRecord")]),
    (Type, Any, "the layout of log entries", &[("logging", "Formatter PercentStyle StrFormatStyle StringTemplateStyle BufferingFormatter Filter Filterer")]),
    (Function, Any, "finds a logger by its name", &[("logging", "getLogger")]),
    (Instance, Any, "a logger by value (Python up to 3.6); its handlers are judged on their own", &[("logging", "Logger RootLogger Manager PlaceHolder")]),
    (Type, Any, "a function's signature as a value", &[
        ("inspect", "BoundArguments FullArgSpec Parameter Signature _ParameterKind _empty"),
    ]),
    (Type, Any, "the parts of an address as text", &[
        ("urllib.parse", "DefragResult DefragResultBytes ParseResult ParseResultBytes SplitResult SplitResultBytes"),
        ("urlparse", "ParseResult SplitResult"),
    ]),
    (Type, Any, "a part of an e-mail as text", &[
        ("email.message", "EmailMessage Message MIMEPart"),
        ("email.policy", "EmailPolicy"),
        ("email._policybase", "Compat32 Policy _PolicyBase"),
        ("email.charset", "Charset"),
        ("email.header", "Header"),
        ("email.headerregistry", "Address AddressHeader BaseHeader ContentDispositionHeader ContentTransferEncodingHeader ContentTypeHeader DateHeader Group HeaderRegistry \
            MIMEVersionHeader MessageIDHeader ParameterizedMIMEHeader SingleAddressHeader UniqueAddressHeader UniqueDateHeader \
            UniqueSingleAddressHeader UniqueUnstructuredHeader UnstructuredHeader"),
        ("email._header_value_parser", "AddrSpec Address AddressList AngleAddr Atom Attribute BareQuotedString CFWSList Comment ContentDisposition ContentTransferEncoding \
            ContentType DisplayName Domain DomainLiteral DotAtom DotAtomText EWWhiteSpaceTerminal EncodedWord Group GroupList Header \
            HeaderLabel InvalidMailbox InvalidMessageID InvalidParameter LocalPart MIMEVersion Mailbox MailboxList MessageID \
            MimeParameters MsgID NameAddr NoFoldLiteral ObsLocalPart ObsRoute Parameter ParameterizedHeaderValue Phrase QuotedString \
            Section Terminal Token TokenList UnstructuredTokenList Value ValueTerminal WhiteSpaceTerminal WhiteSpaceTokenList Word"),
        ("email.mime.text", "MIMEText"),
        ("email.mime.multipart", "MIMEMultipart"),
        ("email.mime.base", "MIMEBase"),
        ("email.contentmanager", "ContentManager"),
    ]),
    (Builder, Any, "a header of an e-mail; the base classes are judged on their own", &[("email.headerregistry", "_reconstruct_header")]),
    (Type, Any, "an error as a value", &[
        ("urllib.error", "ContentTooShortError HTTPError URLError"),
        ("http.client", "BadStatusLine CannotSendHeader CannotSendRequest HTTPException ImproperConnectionState IncompleteRead InvalidURL \
            LineTooLong NotConnected RemoteDisconnected ResponseNotReady UnimplementedFileMode UnknownProtocol UnknownTransferEncoding"),
        ("asyncio.exceptions", "BrokenBarrierError CancelledError IncompleteReadError InvalidStateError LimitOverrunError QueueEmpty \
            QueueFull QueueShutDown SendfileNotAvailableError TimeoutError"),
        ("asyncio.queues", "QueueEmpty QueueFull QueueShutDown"),
        ("multiprocessing", "AuthenticationError BufferTooShort ProcessError TimeoutError"),
        ("multiprocessing.context", "AuthenticationError BufferTooShort ProcessError TimeoutError"),
        ("multiprocessing.pool", "MaybeEncodingError RemoteTraceback rebuild_exc"),
        ("concurrent.futures._base", "*Error"),
        ("concurrent.futures.process", "BrokenProcessPool _RemoteTraceback _rebuild_exc"),
        ("queue", "Empty Full"),
        ("_queue", "Empty"),
        ("socket", "error gaierror herror timeout"),
        ("ssl", "*Error"),
        ("sqlite3", "*Error Warning"),
        ("shutil", "Error ExecError ReadError RegistryError SameFileError SpecialFileError"),
        ("smtplib", "SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPException SMTPHeloError SMTPNotSupportedError \
            SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused SMTPServerDisconnected"),
        ("ftplib", "Error error_perm error_proto error_reply error_temp"),
        ("threading", "BrokenBarrierError ThreadError"),
        ("pickle", "PickleError PicklingError UnpicklingError"),
        ("unittest.case", "SkipTest"),
        ("tarfile", "CompressionError ExtractError HeaderError ReadError StreamError TarError"),
        ("zipfile", "BadZipFile BadZipfile LargeZipFile error"),
        ("json.decoder", "JSONDecodeError"),
        ("configparser", "*Error"),
        ("binascii", "Error Incomplete"),
        ("copy", "Error"),
        ("zlib", "error"),
        ("struct", "error"),
        ("xml.etree.ElementTree", "ParseError"),
        ("dataclasses", "FrozenInstanceError"),
        ("zoneinfo", "ZoneInfoNotFoundError"),
        ("zoneinfo._common", "ZoneInfoNotFoundError"),
        ("decimal", "Clamped ConversionSyntax DecimalException DivisionByZero DivisionImpossible DivisionUndefined FloatOperation Inexact \
            InvalidContext InvalidOperation Overflow Rounded Subnormal Underflow"),
    ]),
    (Type, Any, "a constant of HTTP", &[("http", "HTTPMethod HTTPStatus")]),
    (Type, Any, "the headers of a message as text", &[("http.client", "HTTPMessage")]),
    (Type, Any, "a cookie as a value", &[
        ("http.cookies", "BaseCookie Morsel SimpleCookie"),
        ("http.cookiejar", "Cookie CookiePolicy DefaultCookiePolicy LoadError CookieJar"),
    ]),
    (Type, Any, "what a command gave back; it runs none", &[
        ("subprocess", "CalledProcessError CompletedProcess SubprocessError TimeoutExpired"),
    ]),
    (Function, Any, "what the system told, as a value (Python 2)", &[("os", "_make_stat_result _make_statvfs_result")]),
    (Type, Any, "what the system told, as a value", &[
        ("os", "sched_param stat_result statvfs_result terminal_size times_result uname_result"),
        ("platform", "uname_result"),
        ("sys", "float_info hash_info int_info version_info"),
    ]),
    (Type, Any, "a constant of the system", &[
        ("signal", "Handlers Sigmasks Signals SIG*"),
        ("socket", "AddressFamily AddressInfo MsgFlag SocketKind AF_* AI_* MSG_* SOCK_*"),
    ]),
    (Type, Any, "a constant of TLS", &[
        ("ssl", "AlertDescription Options Purpose SSLErrorNumber TLSVersion VerifyFlags VerifyMode _SSLMethod ALERT_DESCRIPTION_* CERT_* \
            OP_* PROTOCOL_* SSL_ERROR_* VERIFY_*"),
    ]),
    (Type, Any, "an archive's entry as a value; it opens nothing", &[("tarfile", "TarInfo"), ("zipfile", "ZipInfo")]),
    (Type, Any, "what is known of a package, as a value", &[("importlib.metadata", "EntryPoint PackageNotFoundError")]),
    (Type, Any, "a value of XML-RPC; it connects to nothing", &[
        ("xmlrpc.client", "Binary DateTime Error Fault ProtocolError ResponseError"),
    ]),
    (Type, Any, "an element of XML as a value", &[("xml.etree.ElementTree", "Element QName"), ("_elementtree", "Element")]),
    (Type, Any, "a parsed piece of source text, as a value", &[
        ("ast", "AST Add And AnnAssign Assert Assign AsyncFor AsyncFunctionDef AsyncWith Attribute AugAssign AugLoad AugStore \
            Await BinOp BitAnd BitOr BitXor BoolOp Break Bytes Call ClassDef Compare Constant Continue Del Delete Dict \
            DictComp Div Ellipsis Eq ExceptHandler Exec Expr Expression ExtSlice FloorDiv For FormattedValue FunctionDef \
            FunctionType GeneratorExp Global Gt GtE If IfExp Import ImportFrom In Index Interactive Interpolation Invert Is \
            IsNot JoinedStr LShift Lambda List ListComp Load Lt LtE MatMult Match MatchAs MatchClass MatchMapping MatchOr \
            MatchSequence MatchSingleton MatchStar MatchValue Mod Module Mult Name NameConstant NamedExpr Nonlocal Not \
            NotEq NotIn Num Or Param ParamSpec Pass Pow Print RShift Raise Repr Return Set SetComp Slice Starred Store Str \
            Sub Subscript Suite TemplateStr Try TryExcept TryFinally TryStar Tuple TypeAlias TypeIgnore TypeVar \
            TypeVarTuple UAdd USub UnaryOp While With Yield YieldFrom alias arg arguments boolop cmpop comprehension \
            excepthandler expr expr_context keyword match_case mod operator pattern slice stmt type_ignore type_param \
            unaryop withitem"),
        ("_ast", "AST Add And AnnAssign Assert Assign AsyncFor AsyncFunctionDef AsyncWith Attribute AugAssign AugLoad AugStore \
            Await BinOp BitAnd BitOr BitXor BoolOp Break Bytes Call ClassDef Compare Constant Continue Del Delete Dict \
            DictComp Div Ellipsis Eq ExceptHandler Exec Expr Expression ExtSlice FloorDiv For FormattedValue FunctionDef \
            FunctionType GeneratorExp Global Gt GtE If IfExp Import ImportFrom In Index Interactive Interpolation Invert Is \
            IsNot JoinedStr LShift Lambda List ListComp Load Lt LtE MatMult Match MatchAs MatchClass MatchMapping MatchOr \
            MatchSequence MatchSingleton MatchStar MatchValue Mod Module Mult Name NameConstant NamedExpr Nonlocal Not \
            NotEq NotIn Num Or Param ParamSpec Pass Pow Print RShift Raise Repr Return Set SetComp Slice Starred Store Str \
            Sub Subscript Suite TemplateStr Try TryExcept TryFinally TryStar Tuple TypeAlias TypeIgnore TypeVar \
            TypeVarTuple UAdd USub UnaryOp While With Yield YieldFrom alias arg arguments boolop cmpop comprehension \
            excepthandler expr expr_context keyword match_case mod operator pattern slice stmt type_ignore type_param \
            unaryop withitem"),
        ("tokenize", "TokenInfo"),
    ]),
    (Instance, Any, "an entry of a traceback as a value; its constructor reads the source and imports", &[
        ("traceback", "FrameSummary TracebackException"),
    ]),
    (Type, Any, "a version number", &[("distutils.version", "LooseVersion StrictVersion"), ("packaging.version", "Version")]),
    (Type, Any, "a value of a property list", &[("plistlib", "UID Data PlistFormat")]),
    (Type, Any, "settings and parts of texts as values; they read and write nothing by themselves", &[
        ("calendar", "Calendar HTMLCalendar TextCalendar LocaleHTMLCalendar LocaleTextCalendar"),
        ("csv", "Sniffer Dialect Error excel excel_tab unix_dialect"),
        ("_csv", "Error"),
        ("difflib", "Differ HtmlDiff Match"),
        ("graphlib", "TopologicalSorter _NodeInfo"),
        ("locale", "Error"),
        ("optparse", "Values"),
        ("re", "error"),
        ("sre_constants", "error"),
        ("textwrap", "TextWrapper"),
    ]),
    (Instance, Any, "settings out of a file that was read when they were pickled", &[
        ("configparser", "BasicInterpolation Interpolation LegacyInterpolation ConfigParser ConverterMapping ExtendedInterpolation RawConfigParser SectionProxy"),
    ]),
    (Reference, Any, "a function that files name as a value, never call", &[
        ("functools", "cmp_to_key"),
        ("json", "dumps loads"),
        ("string", "capwords"),
        ("time", "time perf_counter monotonic"),
        ("random", "random randint uniform choice gauss shuffle sample"),
        ("statistics", "mean median mode stdev variance pstdev pvariance fmean"),
        ("os.path", "basename dirname join split splitext"),
        ("posixpath", "basename dirname join split splitext"),
        ("builtins", "hasattr memoryview next str.lower str.upper str.strip str.split str.title str.join str.replace str.startswith \
            str.endswith str.encode str.casefold str.capitalize str.lstrip str.rstrip str.splitlines str.swapcase str.zfill str.isdigit \
            str.isalpha str.isnumeric list.append"),
        ("textwrap", "dedent fill indent shorten wrap"),
        ("math", "prod"),
        ("builtins", "dict.get float.hex str.maketrans"),
        ("datetime", "date.today datetime.now datetime.today datetime.utcnow"),
        ("re", "Match Pattern compile escape findall finditer fullmatch match search split"),
        ("urllib.parse", "quote quote_plus unquote unquote_plus urlencode urljoin urlparse urlsplit urlunparse urlunsplit"),
        ("urllib", "quote quote_plus unquote unquote_plus urlencode"),
        ("urlparse", "urljoin urlparse urlsplit urlunparse urlunsplit"),
        ("uuid", "uuid3 uuid4 uuid5"),
        ("secrets", "token_bytes token_hex token_urlsafe"),
        ("ast", "literal_eval"),
        ("hashlib", "blake2b blake2s md5 sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512"),
        ("_hashlib", "openssl_md5 openssl_sha1 openssl_sha224 openssl_sha256 openssl_sha384 openssl_sha3_224 openssl_sha3_256 openssl_sha3_384 \
            openssl_sha3_512 openssl_sha512"),
        ("_blake2", "blake2b blake2s"),
        ("_md5", "md5"),
        ("_sha1", "sha1"),
        ("_sha2", "sha224 sha256 sha384 sha512"),
        ("_sha256", "sha224 sha256"),
        ("_sha512", "sha384 sha512"),
        ("base64", "b16encode b32encode b64encode urlsafe_b64encode"),
        ("zlib", "adler32 compress crc32"),
        ("struct", "calcsize"),
        ("html", "escape unescape"),
        ("shlex", "quote split"),
        ("unicodedata", "category normalize"),
        ("colorsys", "hls_to_rgb hsv_to_rgb rgb_to_hls rgb_to_hsv rgb_to_yiq yiq_to_rgb"),
        ("_codecs", "ascii_decode ascii_encode latin_1_decode latin_1_encode utf_8_decode utf_8_encode"),
        ("encodings.ascii", "Codec IncrementalDecoder IncrementalEncoder StreamReader StreamWriter"),
        ("encodings.latin_1", "Codec IncrementalDecoder IncrementalEncoder StreamReader StreamWriter"),
        ("encodings.utf_8", "IncrementalDecoder IncrementalEncoder StreamReader StreamWriter decode encode"),
        ("encodings.utf_16", "IncrementalDecoder IncrementalEncoder StreamReader StreamWriter decode encode"),
        ("encodings.utf_32", "IncrementalDecoder IncrementalEncoder StreamReader StreamWriter decode encode"),
    ]),
    (Reference, Runs, "a function that files name as a value, never call; it can be given another to call", &[("re", "sub subn")]),
    (Reference, Acts(Deferred), "a function that files name as a value; called, it calls methods of what it is given", &[
        ("copy", "copy deepcopy"),
        ("functools", "lru_cache"),
        ("json", "dump load"),
    ]),
    (Reference, Acts(Interpreter), "a function that files name as a value; called, it stops the program for a while", &[("time", "sleep")]),
    (Reference, Acts(Process), "a question to the system that files name as a value, never ask", &[
        ("os", "cpu_count getcwd getpid urandom"),
    ]),
    (Reference, Acts(Files), "a function or class over files that files name as a value; called, it looks at or opens one", &[
        ("genericpath", "exists getsize isdir isfile"),
        ("os.path", "exists getsize isdir isfile"),
        ("posixpath", "exists getsize isdir isfile"),
        ("ntpath", "exists getsize isdir isfile"),
        ("pathlib", "Path.exists Path.is_dir Path.is_file"),
        ("pathlib._local", "Path.exists Path.is_dir Path.is_file"),
        ("pathlib._abc", "PathBase PathBase.exists PathBase.is_dir PathBase.is_file"),
        ("io", "TextIOWrapper"),
        ("pstats", "Stats"),
    ]),
    (Reference, Acts(Code), "makes classes; files name it as a value", &[("typing", "NamedTuple")]),
    (Type, Any, "an enumeration's member, by its value", &[("pstats", "SortKey"), ("regex._regex_core", "RegexFlag")]),
    (Instance, Any, "a value whose constructor may open a file or take a stream; restored without it", &[
        ("xml.etree.ElementTree", "ElementTree"),
        ("urllib.request", "Request"),
        ("urllib.robotparser", "Entry RobotFileParser RuleLine"),
        ("gettext", "GNUTranslations NullTranslations"),
        ("mailbox", "BabylMessage MHMessage MMDFMessage MaildirMessage Message mboxMessage"),
        ("html.parser", "HTMLParser"),
        ("contextlib", "closing nullcontext suppress"),
    ]),
    (Instance, Any, "a node of a document as a value; its attributes are set as they are", &[
        ("xml.dom.minidom", "Attr CDATASection CharacterData Comment DOMImplementation Document DocumentFragment DocumentType Element \
            ElementInfo Entity NamedNodeMap Node Notation ProcessingInstruction ReadOnlySequentialNamedNodeMap Text TypeInfo"),
        ("xml.dom.minicompat", "EmptyNodeList NodeList"),
    ]),
    (Instance, Any, "a record of what was seen, as a value", &[
        ("warnings", "WarningMessage"),
        ("_py_warnings", "WarningMessage"),
        ("traceback", "StackSummary"),
        ("doctest", "DocTest Example TestResults"),
        ("dis", "Bytecode Instruction Positions _Instruction"),
        ("inspect", "ArgInfo ArgSpec Attribute ClosureVars FrameInfo Traceback _FrameInfo _Traceback"),
        ("pstats", "FunctionProfile StatsProfile"),
        ("unittest.result", "TestResult"),
        ("unittest", "TestResult"),
        ("codecs", "CodecInfo"),
        ("json.encoder", "JSONEncoder"),
        ("json.decoder", "JSONDecoder"),
    ]),
    (Instance, Any, "what is known of a module; it is imported only where something hands it to importlib", &[
        ("_frozen_importlib", "ModuleSpec"),
        ("importlib._bootstrap", "ModuleSpec"),
        ("importlib.machinery", "ModuleSpec"),
    ]),
    (Function, Any, "makes a plain value from text or bytes", &[
        ("builtins", "bytes.fromhex bytearray.fromhex float.fromhex int.from_bytes dict.fromkeys"),
        ("collections", "OrderedDict.fromkeys Counter.fromkeys"),
        ("fractions", "Fraction.from_decimal Fraction.from_float"),
        ("datetime", "datetime.fromtimestamp datetime.fromisoformat date.fromisoformat date.fromordinal datetime.strptime"),
    ]),
];
