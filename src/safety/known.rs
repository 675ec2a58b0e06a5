//! The one table of known globals: what a name can do, with a reason.
//!
//! A name is judged by its exact module and qualified name, after `fix_imports`; a module listed with `*` covers everything
//! in it and below it. A dotted name is also judged by what it walks through: `pathlib.os.system` ends in `os.system`.

use super::Level;

/// What a dangerous global gives to whoever calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capability {
    /// Runs a command of the operating system.
    Shell,
    /// Starts or controls a process.
    Process,
    /// Runs Python code from text, bytes or code objects.
    Code,
    /// Imports modules by name, or finds any object by name.
    Import,
    /// Reads, writes or deletes files.
    Files,
    /// Opens network connections.
    Network,
    /// Loads or calls native code.
    Native,
    /// Loads another pickle or a format as powerful.
    Deserialiser,
    /// Runs code under a debugger, profiler or test runner.
    Debugger,
    /// Changes the interpreter's own state.
    Interpreter,
    /// Reaches any attribute of any object.
    Introspection,
}

impl Capability {
    /// What calling it does, after "would".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Shell => "run a shell command",
            Self::Process => "start or control a process",
            Self::Code => "run Python code",
            Self::Import => "import a module or find any object by name",
            Self::Files => "read, write or delete files",
            Self::Network => "open a network connection",
            Self::Native => "load native code",
            Self::Deserialiser => "load another pickle",
            Self::Debugger => "run code under a debugger or profiler",
            Self::Interpreter => "change the interpreter's state",
            Self::Introspection => "reach any attribute of any object",
        }
    }
}

/// What is known of a global.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// A sink: dangerous to call, and nothing honest needs it.
    Sink(Capability),
    /// Reviewed, ordinary in honest files; why.
    Ordinary(&'static str),
    /// Not in the table.
    Unknown,
}

impl Known {
    /// The level that naming it has.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Sink(_) => Level::Dangerous,
            Self::Ordinary(_) => Level::Recognised,
            Self::Unknown => Level::UnknownCode,
        }
    }
}

use Capability::{
    Code, Debugger, Deserialiser, Files, Import, Interpreter, Introspection, Native, Network, Process, Shell,
};

/// Module (`*` at its end: with all below it), names (`*`: all), capability. Order does not matter: exact rows win.
const SINKS: &[(&str, &[&str], Capability)] = &[
    ("os", &["system", "popen", "popen2", "popen3", "popen4"], Shell),
    ("os", &["*"], Process),
    ("posix", &["system", "popen"], Shell),
    ("posix", &["*"], Process),
    ("nt", &["system", "popen"], Shell),
    ("nt", &["*"], Process),
    ("subprocess*", &["*"], Process),
    ("_posixsubprocess", &["*"], Process),
    ("commands", &["getoutput", "getstatus", "getstatusoutput"], Shell),
    ("popen2", &["*"], Shell),
    ("platform", &["popen", "_syscmd_ver"], Shell),
    ("pty", &["*"], Process),
    ("multiprocessing*", &["*"], Process),
    ("asyncio*", &["*"], Process),
    ("signal", &["*"], Process),
    ("builtins", &["eval", "exec", "compile", "execfile", "input", "breakpoint", "apply"], Code),
    ("builtins", &["__import__"], Import),
    ("builtins", &["open"], Files),
    ("builtins", &["globals", "locals", "vars", "setattr", "delattr", "__build_class__"], Introspection),
    ("builtins", &["memoryview", "help"], Interpreter),
    ("code", &["InteractiveConsole", "InteractiveInterpreter", "compile_command", "interact"], Code),
    ("codeop", &["*"], Code),
    ("types", &["CodeType", "FunctionType", "LambdaType"], Code),
    ("new", &["code", "function"], Code),
    ("runpy", &["*"], Code),
    ("timeit", &["*"], Code),
    ("lib2to3*", &["*"], Code),
    ("idlelib*", &["*"], Code),
    ("numpy.testing._private.utils", &["*"], Code),
    ("numpy.f2py*", &["*"], Code),
    ("typing", &["get_type_hints", "_eval_type", "ForwardRef", "evaluate_forward_ref"], Code),
    ("importlib*", &["*"], Import),
    ("imp", &["*"], Import),
    ("pkgutil", &["*"], Import),
    ("zipimport", &["*"], Import),
    ("pydoc", &["*"], Import),
    ("ensurepip*", &["*"], Import),
    ("pip*", &["*"], Import),
    ("setuptools*", &["*"], Import),
    ("distutils*", &["*"], Files),
    ("shutil", &["*"], Files),
    ("tempfile", &["*"], Files),
    ("io", &["open", "open_code", "FileIO", "TextIOWrapper"], Files),
    ("_io", &["open", "open_code", "FileIO", "TextIOWrapper"], Files),
    ("codecs", &["open"], Files),
    ("gzip", &["open", "GzipFile"], Files),
    ("bz2", &["open", "BZ2File"], Files),
    ("lzma", &["open", "LZMAFile"], Files),
    ("zipfile*", &["*"], Files),
    ("tarfile", &["*"], Files),
    ("fileinput", &["*"], Files),
    ("glob", &["*"], Files),
    ("linecache", &["*"], Files),
    ("logging.handlers", &["*"], Files),
    ("logging.config", &["*"], Code),
    ("logging", &["FileHandler"], Files),
    ("sqlite3*", &["*"], Files),
    ("dbm*", &["*"], Files),
    ("socket", &["*"], Network),
    ("_socket", &["*"], Network),
    ("socketserver", &["*"], Network),
    ("ssl", &["*"], Network),
    ("http.client", &["*"], Network),
    ("http.cookiejar", &["*"], Files),
    ("http.server", &["*"], Network),
    ("httplib", &["*"], Network),
    ("urllib", &["*"], Network),
    ("urllib2", &["*"], Network),
    ("urllib.request", &["*"], Network),
    ("urllib.response", &["*"], Network),
    ("urllib.robotparser", &["*"], Network),
    ("ftplib", &["*"], Network),
    ("smtplib", &["*"], Network),
    ("imaplib", &["*"], Network),
    ("poplib", &["*"], Network),
    ("telnetlib", &["*"], Network),
    ("xmlrpc*", &["*"], Network),
    ("requests", &["delete", "get", "head", "options", "patch", "post", "put", "request"], Network),
    ("requests.api", &["*"], Network),
    ("requests.sessions", &["*"], Network),
    ("aiohttp", &["request"], Network),
    ("aiohttp.client", &["*"], Network),
    ("aiohttp.web*", &["*"], Network),
    ("httpx", &["delete", "get", "head", "options", "patch", "post", "put", "request", "stream"], Network),
    ("httpx._api", &["*"], Network),
    ("webbrowser", &["*"], Process),
    ("antigravity", &["*"], Process),
    ("ctypes*", &["*"], Native),
    ("_ctypes", &["*"], Native),
    ("cffi*", &["*"], Native),
    ("mmap", &["*"], Native),
    ("pickle", &["load", "loads", "Unpickler", "_Unpickler", "_load", "_loads"], Deserialiser),
    ("_pickle", &["load", "loads", "Unpickler"], Deserialiser),
    ("cPickle", &["load", "loads", "Unpickler"], Deserialiser),
    ("marshal", &["*"], Deserialiser),
    ("shelve", &["*"], Deserialiser),
    ("yaml*", &["*"], Deserialiser),
    ("jsonpickle*", &["*"], Deserialiser),
    ("pandas", &["read_pickle"], Deserialiser),
    ("pandas.io.pickle", &["*"], Deserialiser),
    ("numpy", &["load", "fromfile", "save", "savez", "savetxt", "memmap", "DataSource"], Files),
    ("joblib", &["load"], Deserialiser),
    ("torch", &["load"], Deserialiser),
    ("torch.hub", &["*"], Network),
    ("torch.utils.collect_env", &["*"], Process),
    ("torch._dynamo.guards", &["*"], Code),
    ("torch.jit.unsupported_tensor_ops", &["*"], Code),
    ("pdb", &["*"], Debugger),
    ("bdb", &["*"], Debugger),
    ("trace", &["Trace", "main"], Debugger),
    ("profile", &["Profile", "main", "run", "runctx"], Debugger),
    ("cProfile", &["*"], Debugger),
    ("cgitb", &["*"], Debugger),
    ("doctest", &["*"], Debugger),
    ("unittest*", &["*"], Debugger),
    ("test.libregrtest*", &["*"], Debugger),
    ("test.regrtest", &["*"], Debugger),
    ("test.support*", &["*"], Debugger),
    ("faulthandler", &["*"], Debugger),
    ("sys", &["*"], Interpreter),
    ("gc", &["*"], Interpreter),
    ("atexit", &["*"], Interpreter),
    ("site", &["*"], Interpreter),
    ("threading", &["*"], Interpreter),
    ("_thread", &["*"], Interpreter),
    ("weakref", &["finalize"], Interpreter),
    ("copyreg", &["add_extension", "pickle", "constructor"], Interpreter),
    ("inspect", &["*"], Introspection),
    ("operator", &["attrgetter", "methodcaller"], Introspection),
    ("_operator", &["attrgetter", "methodcaller"], Introspection),
];

/// A module and names of it with blanks between them; `*` stands for any beginning or end.
type Names = (&'static str, &'static str);

/// Why names are ordinary. Reviewed for being named and called by honest picklers; a name here wins over a whole module
/// above.
#[rustfmt::skip] // One row a line: the formatter would make five of it.
const ORDINARY: &[(&str, &[Names])] = &[
    ("a built-in type; calling it makes a plain value", &[
        ("builtins", "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple \
            type Ellipsis NotImplemented"),
    ]),
    ("a built-in exception; making one does not raise it", &[
        ("builtins", "*Error *Exception *Warning *ExceptionGroup GeneratorExit KeyboardInterrupt StopAsyncIteration \
            StopIteration SystemExit"),
    ]),
    ("a built-in function that computes a value and changes nothing", &[
        ("builtins", "abs all any ascii bin callable chr divmod format hash hex id isinstance issubclass len max min \
            oct ord pow repr round sorted sum"),
    ]),
    ("an iterator over values that the file holds", &[
        ("builtins", "enumerate iter reversed zip"),
        ("itertools", "chain combinations combinations_with_replacement compress count cycle islice pairwise \
            permutations product repeat zip_longest"),
    ]),
    ("wraps a function of a class; it calls nothing when loaded", &[("builtins", "classmethod property staticmethod")]),
    ("a container of the standard library", &[
        ("collections", "ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque"),
    ]),
    ("an abstract class; named, never filled", &[
        ("collections.abc", "*"),
        ("os", "PathLike"),
    ]),
    ("a container of Python 2's standard library", &[
        ("UserDict", "IterableUserDict UserDict"),
        ("UserList", "UserList"),
        ("UserString", "UserString"),
    ]),
    ("a date or time value", &[("datetime", "date datetime time timedelta timezone")]),
    ("a decimal number", &[("decimal", "Context Decimal")]),
    ("a rational number", &[("fractions", "Fraction")]),
    ("a distribution by its mean and deviation", &[("statistics", "NormalDist")]),
    ("a mathematical function; it computes a number", &[
        ("math", "*"),
        ("cmath", "*"),
    ]),
    ("an identifier", &[("uuid", "SafeUUID UUID")]),
    ("an array of plain numbers", &[("array", "_array_reconstructor array")]),
    ("a path as a value; it opens nothing", &[
        ("pathlib", "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath"),
        ("pathlib._local", "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath"),
    ]),
    ("an address as a value; it connects to nothing", &[
        ("ipaddress", "IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network"),
    ]),
    ("a compiled regular expression", &[("re", "RegexFlag _compile")]),
    ("a text template; it is not filled when loaded", &[("string", "Formatter Template")]),
    ("a file in memory; it opens nothing", &[
        ("io", "BytesIO StringIO"),
        ("_io", "BytesIO StringIO"),
    ]),
    ("makes an instance of the class given to it", &[("copyreg", "__newobj__ __newobj_ex__ _reconstructor")]),
    ("how protocols below 3 spell bytes", &[("_codecs", "encode")]),
    ("a bag of attributes", &[("types", "MappingProxyType SimpleNamespace")]),
    ("holds a function with arguments and calls nothing by itself when loaded; what it holds is judged on its own", &[
        ("functools", "partial"),
    ]),
    ("takes items out of a value; it runs only where something calls it", &[
        ("operator", "itemgetter"),
        ("_operator", "itemgetter"),
    ]),
    ("a base class of enumerations", &[("enum", "Enum Flag IntEnum IntFlag StrEnum auto")]),
    ("a random generator's state", &[
        ("random", "Random"),
        ("numpy.random._pickle", "__bit_generator_ctor __generator_ctor __randomstate_ctor"),
        ("numpy.random._mt19937", "MT19937"),
        ("numpy.random._pcg64", "PCG64 PCG64DXSM"),
        ("numpy.random._philox", "Philox"),
        ("numpy.random._sfc64", "SFC64"),
        ("numpy.random.bit_generator", "SeedSequence __pyx_unpickle_SeedSequence"),
    ]),
    ("a time zone by its name", &[("zoneinfo", "ZoneInfo ZoneInfo._unpickle")]),
    ("a log entry as a value; it is not written anywhere", &[("logging", "LogRecord makeLogRecord")]),
    ("the layout of log entries", &[("logging", "Formatter PercentStyle StrFormatStyle StringTemplateStyle")]),
    ("finds a logger by its name", &[("logging", "RootLogger getLogger")]),
    ("a function's signature as a value", &[
        ("inspect", "BoundArguments FullArgSpec Parameter Signature _ParameterKind _empty"),
    ]),
    ("the parts of an address as text", &[
        ("urllib.parse", "DefragResult DefragResultBytes ParseResult ParseResultBytes SplitResult SplitResultBytes"),
        ("urlparse", "ParseResult SplitResult"),
    ]),
    ("an error as a value", &[
        ("urllib.error", "ContentTooShortError HTTPError URLError"),
        ("http.client", "BadStatusLine CannotSendHeader CannotSendRequest HTTPException ImproperConnectionState \
            IncompleteRead InvalidURL LineTooLong NotConnected RemoteDisconnected ResponseNotReady \
            UnimplementedFileMode UnknownProtocol UnknownTransferEncoding"),
        ("asyncio.exceptions", "BrokenBarrierError CancelledError IncompleteReadError InvalidStateError \
            LimitOverrunError QueueEmpty QueueFull QueueShutDown SendfileNotAvailableError TimeoutError"),
        ("asyncio.queues", "QueueEmpty QueueFull QueueShutDown"),
        ("multiprocessing", "AuthenticationError BufferTooShort ProcessError TimeoutError"),
        ("multiprocessing.context", "AuthenticationError BufferTooShort ProcessError TimeoutError"),
        ("multiprocessing.pool", "MaybeEncodingError RemoteTraceback rebuild_exc"),
        ("concurrent.futures.process", "BrokenProcessPool _RemoteTraceback _rebuild_exc"),
        ("socket", "error gaierror herror timeout"),
        ("ssl", "*Error"),
        ("sqlite3", "*Error Warning"),
        ("shutil", "Error ExecError ReadError RegistryError SameFileError SpecialFileError"),
        ("smtplib", "SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPException SMTPHeloError \
            SMTPNotSupportedError SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused \
            SMTPServerDisconnected"),
        ("ftplib", "Error error_perm error_proto error_reply error_temp"),
        ("threading", "BrokenBarrierError ThreadError"),
        ("pickle", "PickleError PicklingError UnpicklingError"),
        ("_pickle", "PickleError PicklingError UnpicklingError"),
        ("unittest.case", "SkipTest"),
        ("tarfile", "CompressionError ExtractError HeaderError ReadError StreamError TarError"),
        ("zipfile", "BadZipFile LargeZipFile"),
    ]),
    ("a constant of HTTP", &[("http", "HTTPMethod HTTPStatus")]),
    ("the headers of a message as text", &[("http.client", "HTTPMessage")]),
    ("a client's settings; it connects to nothing", &[("requests.sessions", "Session")]),
    ("a cookie as a value", &[
        ("http.cookies", "BaseCookie Morsel SimpleCookie"),
        ("http.cookiejar", "Cookie CookiePolicy DefaultCookiePolicy LoadError"),
    ]),
    ("what a command gave back; it runs none", &[
        ("subprocess", "CalledProcessError CompletedProcess SubprocessError TimeoutExpired"),
    ]),
    ("what the system told, as a value", &[
        ("os", "sched_param stat_result statvfs_result terminal_size times_result uname_result"),
        ("posix", "stat_result statvfs_result times_result uname_result"),
        ("nt", "stat_result times_result"),
    ]),
    ("a constant of the system", &[
        ("signal", "Handlers Sigmasks Signals SIG*"),
        ("socket", "AddressFamily AddressInfo MsgFlag SocketKind AF_* AI_* MSG_* SOCK_*"),
    ]),
    ("a constant of TLS", &[
        ("ssl", "AlertDescription Options Purpose SSLErrorNumber TLSVersion VerifyFlags VerifyMode _SSLMethod \
            ALERT_DESCRIPTION_* CERT_* OP_* PROTOCOL_* SSL_ERROR_* VERIFY_*"),
    ]),
    ("an archive's entry as a value; it opens nothing", &[
        ("tarfile", "TarInfo"),
        ("zipfile", "ZipInfo"),
    ]),
    ("what is known of a package, as a value", &[("importlib.metadata", "EntryPoint PackageNotFoundError")]),
    ("a value of XML-RPC; it connects to nothing", &[
        ("xmlrpc.client", "Binary DateTime Error Fault ProtocolError ResponseError"),
    ]),
    ("a version number", &[("distutils.version", "LooseVersion StrictVersion")]),
    ("numpy's array and number types", &[
        ("numpy", "bool bool_ bytes_ complex64 complex128 datetime64 dtype float16 float32 float64 int8 int16 int32 \
            int64 intc intp longdouble longlong matrix ndarray object_ recarray record str_ timedelta64 uint8 uint16 \
            uint32 uint64 uintc uintp ulonglong void"),
        ("numpy.rec", "recarray record"),
        ("numpy.matrixlib.defmatrix", "matrix"),
        ("numpy.dtypes", "*"),
    ]),
    ("how numpy rebuilds arrays and numbers", &[
        ("numpy.core.multiarray", "_reconstruct scalar"),
        ("numpy._core.multiarray", "_reconstruct scalar"),
    ]),
    ("how numpy rebuilds arrays from their bytes", &[
        ("numpy.core.numeric", "_frombuffer"),
        ("numpy._core.numeric", "_frombuffer"),
    ]),
    ("how numpy rebuilds its type of text", &[("numpy._core._internal", "_convert_to_stringdtype_kwargs")]),
    ("an array with some of its values masked", &[
        ("numpy.ma", "MaskedArray"),
        ("numpy.ma.core", "MaskedArray _mareconstruct"),
    ]),
];

/// What the table says of a global.
#[must_use]
pub fn judge(module: &str, name: &str) -> Known {
    if let Some(reason) = ordinary(module, name) {
        return Known::Ordinary(reason);
    }
    // `a.b.c` may be name `c` in module `a.b`, or attributes walked from module `a`: every split is looked at, and each
    // component on the way can itself be a module that the first one imported (`pathlib` has an `os`).
    let full = format!("{module}.{name}");
    let parts: Vec<&str> = full.split('.').collect();
    let walked = name.contains('.');
    for first in 0..parts.len() {
        for split in first + 1..parts.len() {
            let (module, rest) = (parts[first..split].join("."), parts[split..].join("."));
            // A module in the middle of the name counts only when the name was walked through it.
            if (first == 0 || walked && first >= module_depth(&full, name))
                && let Some(capability) = sink(&module, &rest)
            {
                return Known::Sink(capability);
            }
        }
    }
    Known::Unknown
}

/// Why this very name is ordinary. `*` never covers a walk through dots: that may end anywhere.
fn ordinary(module: &str, name: &str) -> Option<&'static str> {
    let walked = name.contains('.');
    let fits = |known: &str| match (known.strip_suffix('*'), known.strip_prefix('*')) {
        (Some(beginning), _) => !walked && name.starts_with(beginning),
        (_, Some(end)) => !walked && name.ends_with(end),
        _ => known == name,
    };
    let holds = |&(m, names): &Names| m == module && names.split_ascii_whitespace().any(fits);
    ORDINARY.iter().find(|(_, rows)| rows.iter().any(holds)).map(|(reason, _)| *reason)
}

/// Number of components of the module in `full`, which ends with `name`.
fn module_depth(full: &str, name: &str) -> usize {
    full.split('.').count() - name.split('.').count()
}

fn sink(module: &str, name: &str) -> Option<Capability> {
    let first = name.split('.').next().unwrap_or(name);
    let named = SINKS.iter().find(|(m, names, _)| covers(m, module) && names.contains(&first));
    let whole = || SINKS.iter().find(|(m, names, _)| covers(m, module) && names == &["*"]);
    named.or_else(whole).map(|(_, _, capability)| *capability)
}

fn covers(pattern: &str, module: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(parent) => module.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        None => pattern == module,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinks_are_found_by_name_by_module_and_through_dots() {
        assert_eq!(judge("os", "system"), Known::Sink(Shell));
        assert_eq!(judge("posix", "system"), Known::Sink(Shell));
        assert_eq!(judge("builtins", "eval"), Known::Sink(Code));
        assert_eq!(judge("builtins", "eval.__call__"), Known::Sink(Code));
        assert_eq!(judge("subprocess", "Popen"), Known::Sink(Process));
        assert_eq!(judge("asyncio.unix_events", "_UnixSubprocessTransport._start"), Known::Sink(Process));
        assert_eq!(judge("pathlib", "os.system"), Known::Sink(Shell));
        assert_eq!(judge("random", "_os.system"), Known::Unknown, "an alias of a module: left to the audit");
    }

    #[test]
    fn ordinary_names_and_look_alikes_are_no_sinks() {
        assert!(matches!(judge("collections", "OrderedDict"), Known::Ordinary(_)));
        assert!(matches!(judge("numpy._core.multiarray", "_reconstruct"), Known::Ordinary(_)));
        assert_eq!(judge("sklearn.pipeline", "Pipeline"), Known::Unknown);
        assert_eq!(judge("osmnx", "system"), Known::Unknown);
        assert_eq!(judge("testing_tools", "X"), Known::Unknown);
        assert_eq!(judge("sklearn.utils.code", "X"), Known::Unknown, "a submodule named like a sink");
        assert_eq!(judge("test", "MyClass"), Known::Unknown, "anybody's own test.py");
        assert_eq!(judge("profile", "UserProfile"), Known::Unknown);
    }

    #[test]
    fn values_of_dangerous_modules_are_ordinary() {
        let values = "urllib.parse:ParseResult urllib.error:HTTPError http:HTTPStatus http.cookies:Morsel logging:LogRecord \
            asyncio.exceptions:CancelledError multiprocessing.context:TimeoutError subprocess:CalledProcessError \
            signal:SIGTERM socket:AF_INET ssl:TLSVersion inspect:Signature os:stat_result builtins:ValueError \
            builtins:len math:sin numpy.random._pickle:__randomstate_ctor";
        for name in values.split_ascii_whitespace() {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Ordinary(_)), "{module}.{name}");
        }
    }

    #[test]
    fn ordinary_rows_open_no_way_around_the_dangerous_ones() {
        let sinks = "urllib.request:urlopen urllib:request.urlopen urllib.parse:sys.modules http.client:HTTPConnection \
            http:client.HTTPConnection subprocess:CalledProcessError.__init__ logging:LogRecord.os.system \
            signal:SIGTERM.__class__ signal:signal socket:socket inspect:getattr_static \
            inspect:Signature.from_callable requests:get requests:api.get http:server.HTTPServer";
        for name in sinks.split_ascii_whitespace() {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Sink(_)), "{module}.{name}");
        }
        assert_eq!(judge("math", "sin.__self__"), Known::Unknown);
    }
}
