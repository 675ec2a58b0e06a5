//! The words of the command line.

use super::{bytes as hexdump, memory, trace as steps};
use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use picklescope::view::FoundKind;
use picklescope::view::card::Format;
use std::path::PathBuf;

const AFTER_SCAN: &str = "\
PATH may be - for standard input. Every file in a folder is looked at, whatever its name; links to folders are not followed.
Archives and compressed files are opened. docs/scan.md describes the formats.

Exit codes:
  0   every file was read completely, and nothing reaches the threshold
  1   something reaches the threshold of --fail-on
  2   something could not be read completely (or at all), and nothing reaches the threshold
  64  the command line is wrong
  70  picklescope itself failed; please report it
  74  the report could not be written";

const AFTER_EXPORT: &str = "\
Without --path and --node it is everything in the file, or its only value. What a format cannot hold is said on standard
error; a format that does not fit the value at all is an error.

Exit codes:
  0  the file was read completely, and the value was written
  1  the command line is wrong, the file cannot be opened, or the value cannot be written in the format
  2  the value was written, but the reading of the file stopped early, or the output was cut at --limit-output
  70 picklescope itself failed; please report it";

const AFTER_TRACE: &str = "\
PLACE is an offset in the file (57 or 0x39), which may be any byte of the instruction, or # and the number of the instruction,
counted from 0 over the whole file (#12). docs/trace.md describes what is printed. The exit codes are those of picklescope info.";

const AFTER_READERS: &str = "\
Compared are CPython 3.11's C loader (pickle.load), its Python twin (pickle.py) and pickletools, as they read by default, and torch's
restricted loader for files that torch.load reads. Nothing is executed. The exit codes are those of picklescope info; that readers
differ does not change them.";

const AFTER_BYTES: &str = "\
OFFSET and N are numbers in decimal or hexadecimal (57 or 0x39). Each line has bytes of one span: opcode, length, argument or payload
of an instruction, elements and padding of an array, a field of a zip, tar, 7z or npy header, a piece of a compressed stream.
The exit codes are those of picklescope info.";

const AFTER_EXPLAIN: &str = "\
Messages of pickle, joblib, numpy, pandas, scikit-learn, torch, xgboost, lightgbm, dill, cloudpickle and others are known;
docs/explain.md lists them. Nothing is sent anywhere, and nothing in a file is executed.

Exit codes:
  0  the message is known
  1  it is not, or the command line is wrong, or the file cannot be opened
  2  the message is known; the reading of the file stopped early
  70 picklescope itself failed; please report it";

const AFTER_FIND: &str = "\
EXPRESSION is a text, and whatever else it looks like:
  Pipeline              keys, attributes, strings, bytes, classes, imports, entries of archives that contain it
  0.9833                also numbers that are equal, in arrays and tables too
  '== 3.5'  '> 1e6'     numbers that compare so: ==, !=, <, <=, >, >=, isnan, isinf
  -0.3  -2..0           negative numbers need no quotes; what else begins with a hyphen stands behind -- or in quotes
  \"b'\\x80\\x04'\"       bytes
  \"'== 3.5'\"           in quotes: this text and nothing else
  @31  0x1f             the value at an offset
  \"obj['a'].b[0]\"      the value at a path
  REDUCE                instructions, by a mnemonic in capitals (in any spelling with --in opcodes)
Small letters and capitals are the same without --case. Every pickle and array in FILE is searched, entries of archives too;
with --member that entry alone. docs/find.md has all of it.

Exit codes:
  0   something was found
  1   nothing was found, and everything was read; standard error says how much that was
  2   nothing was found, but not everything could be read (or the file not at all); the reason is on standard error
  64  the command line or the expression is wrong
  70  picklescope itself failed; please report it";

const AFTER_VIEW: &str = "\
The address holds a random token and is of this machine alone; whoever has it can read FILE and nothing else. It is printed, and opened
in a browser unless --browser none is given. The program ends when the page has been closed for a few seconds, or by Ctrl-C.
docs/view.md describes what is served, to whom, and until when.

Exit codes:
  0  the page was closed
  1  the command line is wrong, FILE or the page cannot be opened, or there is no address to serve at
  2  the page was closed; only the beginning of FILE was served, because it is a pipe that holds more than --limit-memory";

const AFTER: &str = "\
FILE may be - for standard input. Nothing in a file is ever executed.

Exit codes:
  0  everything was read
  1  the command line is wrong, or the file cannot be opened
  2  the reading stopped early, or the file is not a pickle, or the output was cut at --limit-output; the reason is on
     standard error
  70 picklescope itself failed; please report it
picklescope scan, picklescope find and picklescope view have their own; see picklescope scan --help.";

/// All commands and options.
pub(crate) fn command() -> Command {
    Command::new("picklescope")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Shows everything inside a Python pickle without running any of it")
        .after_help(AFTER)
        .args_conflicts_with_subcommands(true)
        .arg_required_else_help(true)
        .subcommand_negates_reqs(true)
        .args(files())
        .subcommand(
            Command::new("info")
                .about("Facts of the file: protocol, pickles, opcodes, imports, verdict, problems")
                .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON"))
                .args(files()),
        )
        .subcommand(dis())
        .subcommand(
            Command::new("tree")
                .about("The object tree as text")
                .arg(number("depth", "Levels to open", "6"))
                .arg(number("max-items", "Children to show of each value", "100"))
                .args(files()),
        )
        .subcommand(
            Command::new("json").about("The whole graph as JSON, typed and lossless (docs/json.md)").args(files()),
        )
        .subcommand(Command::new("python").about("The file as Python source: what a loader does").args(files()))
        .subcommand(
            Command::new("contents")
                .about("What is in the file: wrappings, entries of archives, their formats and sizes")
                .args(files()),
        )
        .subcommand(trace())
        .subcommand(readers())
        .subcommand(bytes())
        .subcommand(size())
        .subcommand(explain())
        .subcommand(export())
        .subcommand(find())
        .subcommand(scan())
        .subcommand(stubs())
        .subcommand(view())
}

fn view() -> Command {
    let site = Arg::new("site").long("site").value_name("FOLDER").value_parser(value_parser!(PathBuf)).help(
        "The page's files, as make dist builds them [default: share/picklescope/site, beside the program's folder]",
    );
    let browser =
        Arg::new("browser").long("browser").value_name("PROGRAM").default_value("default").help(
            "What opens the address: a program, default for the one of this machine, none to print the address only",
        );
    let port = Arg::new("port")
        .long("port")
        .value_name("N")
        .value_parser(value_parser!(u16))
        .default_value("0")
        .help("The port to serve at; 0 for any that is free");
    Command::new("view")
        .about("The viewer in a browser, with the file open (docs/view.md)")
        .after_help(AFTER_VIEW)
        .args([file(), browser, site, port, limit_memory(LIMIT)])
}

fn size() -> Command {
    let by = Arg::new("by")
        .long("by")
        .value_parser(["path", "class", "import", "entry"])
        .default_value("path")
        .help("Group by value, by class, by module of the class, or by entry of the container");
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON (docs/size.md)");
    Command::new("size")
        .about("What is large: bytes of the file and of memory, by what holds them (docs/size.md)")
        .args([
            by,
            number("depth", "Levels to show; what holds nearly all of its parent is no level of its own", "2"),
            number("max-items", "Rows to show of each level", "20"),
            json,
        ])
        .args(files())
}

fn bytes() -> Command {
    let offset = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(hexdump::offset).help(help)
    };
    let layer = Arg::new("layer").long("layer").value_name("N").value_parser(value_parser!(u32)).help(
        "Bytes of what is around the pickle: 0 for FILE itself, 1 for what is in that … [default: of the pickle]",
    );
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON (docs/bytes.md)");
    Command::new("bytes")
        .about("Bytes in hex and text, and what each of them is for (docs/bytes.md)")
        .after_help(AFTER_BYTES)
        .args([
            offset("at", "OFFSET", "First byte, and what it is read in every way"),
            offset("count", "N", "Bytes to show").default_value("256"),
            layer,
            json,
        ])
        .args(files())
}

fn explain() -> Command {
    let text = Arg::new("text")
        .value_name("MESSAGE")
        .required(true)
        .allow_hyphen_values(true)
        .help("A traceback, or a line of one; - reads it from standard input");
    let [file, member, unpacked, memory, output] = files();
    Command::new("explain")
        .about("What an error message means, and whether a file shows its cause")
        .after_help(AFTER_EXPLAIN)
        .arg(text)
        .arg(file.required(false).num_args(0..))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON"))
        .args([member, unpacked, memory, output])
}

fn export() -> Command {
    let format = Arg::new("format")
        .long("format")
        .short('f')
        .required(true)
        .value_parser(Format::ALL.map(Format::word))
        .help("What to write");
    let path = Arg::new("path")
        .long("path")
        .value_name("PATH")
        .conflicts_with("node")
        .help("The value, by its path as the tree and the page print it: obj['model'].coef_ [default: everything]");
    let node = Arg::new("node")
        .long("node")
        .value_name("N")
        .value_parser(value_parser!(u32))
        .help("The value, by the number of its object");
    let output = Arg::new("output").long("output").short('o').value_name("OUT").help("The file; - for standard output");
    let formulas = Arg::new("escape-formulas")
        .long("escape-formulas")
        .action(ArgAction::SetTrue)
        .help("In csv and tsv: put an apostrophe before what a spreadsheet would run as a formula");
    Command::new("export")
        .about("A value in another format: arrays, tables, state dicts, JSON, text, bytes")
        .after_help(AFTER_EXPORT)
        .args([format, path, node, output, formulas])
        .args(files_to("64G"))
}

fn trace() -> Command {
    let place = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("PLACE").value_parser(steps::Place::parse).help(help)
    };
    let at =
        place("at", "One instruction, with the whole machine before and after it").conflicts_with_all(["from", "to"]);
    let json =
        Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON object per instruction, a line each");
    Command::new("trace")
        .about("The unpickling machine step by step: what each instruction does to stack and memo")
        .after_help(AFTER_TRACE)
        .args([place("from", "First instruction"), place("to", "Last instruction"), at])
        .args([number("depth", "Places of the stack, and with --at of the memo, to show", "5"), json])
        .args(files())
}

fn readers() -> Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    Command::new("readers")
        .about("Where readers of pickles differ: who stops where with which message, who sees which value (docs/readers.md)")
        .after_help(AFTER_READERS)
        .args([
            flag("torch", "Compare torch.load(weights_only=True), too, where torch.load would not read the file"),
            flag("json", "As JSON (docs/readers.md)"),
        ])
        .args(files())
}

fn find() -> Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let expression = Arg::new("expression")
        .value_name("EXPRESSION")
        .required(true)
        // Of negative numbers and ranges; `query` refuses the rest.
        .allow_hyphen_values(true)
        .help("What to look for");
    let kinds = Arg::new("in")
        .long("in")
        .value_name("KINDS")
        .value_delimiter(',')
        .value_parser(FoundKind::ALL[1..].iter().map(|kind| kind.word()).collect::<Vec<_>>())
        .help("Only these kinds, with commas between them");
    let below = Arg::new("below")
        .long("below")
        .value_name("PATH")
        .help("Only what the value at this path leads to: obj['model']");
    let with = Arg::new("with")
        .long("with")
        .value_name("FILE")
        .action(ArgAction::Append)
        .help("A file that belongs to FILE: an array that joblib or gensim wrote beside it, a buffer");
    let limit = Arg::new("limit")
        .long("limit")
        .value_name("N")
        .value_parser(value_parser!(u64).range(1..))
        .help("Hits of each kind to list; the others are counted [default: all]");
    Command::new("find")
        .about("Where something is: keys, attributes, strings, numbers, bytes, classes, imports, opcodes, entries")
        .after_help(AFTER_FIND)
        .args([file(), expression, with])
        .args([
            flag("regex", "EXPRESSION is a regular expression (docs.rs/regex has the syntax)"),
            flag("word", "Only whole words: no letter, digit or underscore beside a match"),
            flag("case", "Small letters and capitals differ"),
        ])
        .args([kinds, below, limit, flag("json", "A line of JSON for each hit, and one with the counts")])
        .args(files().into_iter().skip(1))
}

fn scan() -> Command {
    let path = Arg::new("path")
        .value_name("PATH")
        .required_unless_present("stdin")
        .num_args(1..)
        .value_parser(value_parser!(PathBuf))
        .help("Files and folders; - for standard input");
    let stdin = Arg::new("stdin")
        .long("stdin")
        .action(ArgAction::SetTrue)
        .conflicts_with_all(["path", "format", "json"])
        .help("Scan what each line of standard input names, and write a line of JSON for each (docs/scan.md)");
    let format = Arg::new("format")
        .long("format")
        .value_parser(["text", "json", "sarif"])
        .default_value("text")
        .help("For people, for programs, or SARIF 2.1.0 for code scanning");
    let json = Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .conflicts_with("format")
        .help("The same as --format json");
    let cache = Arg::new("cache")
        .long("cache")
        .value_name("FOLDER")
        .value_parser(value_parser!(PathBuf))
        .help("Keep reports in FOLDER, and take those of files that did not change from there (docs/scan.md)");
    let threshold = Arg::new("fail-on")
        .long("fail-on")
        .value_parser(["dangerous", "suspicious", "unknown"])
        .default_value("suspicious")
        .help("The level from which the exit code is 1");
    Command::new("scan")
        .about("What loading the pickles in files and folders would do; the exit code is for scripts")
        .after_help(AFTER_SCAN)
        .args([path, stdin, format, json, threshold, cache, max_unpacked(), limit_memory(LIMIT_SCAN)])
}

fn stubs() -> Command {
    let flag = |name: &'static str, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let flags = [
        flag("classes", "Stand-ins for classes that are not installed, so that the file loads"),
        flag("loader", "A script that loads files like this one, and refuses names that this one does not have"),
        flag("torch", "Lines for torch.load(weights_only=True)"),
        flag("requirements", "A requirements file"),
    ];
    let group = ArgGroup::new("what").args(["classes", "loader", "torch", "requirements"]);
    Command::new("stubs")
        .about("The names that a file expects, and Python code to copy so that it loads")
        .args(flags)
        .group(group)
        .args(files())
}

fn max_unpacked() -> Arg {
    Arg::new("max-unpacked")
        .long("max-unpacked")
        .value_name("BYTES")
        .value_parser(memory::bytes)
        .help("Bytes that one compressed stream may unpack to [default: a quarter of --limit-memory, at most 1G]")
}

const LIMIT: &str = "Memory to take: 512M, 2G [default: a quarter of the machine's, at most 4G]";
const LIMIT_SCAN: &str =
    "Memory that all workers may take together: 512M, 2G [default: a quarter of the machine's, at most 4G]";

fn limit_memory(help: &'static str) -> Arg {
    Arg::new("limit-memory").long("limit-memory").value_name("BYTES").value_parser(memory::memory).help(help)
}

fn limit_output(default: &'static str) -> Arg {
    Arg::new("limit-output")
        .long("limit-output")
        .value_name("BYTES")
        .value_parser(memory::bytes)
        .default_value(default)
        .help("Bytes to print at most")
}

fn dis() -> Command {
    Command::new("dis")
        .about("The disassembly, as python -m pickletools prints it")
        .arg(
            Arg::new("annotate")
                .short('a')
                .long("annotate")
                .action(ArgAction::SetTrue)
                .help("Annotate each line with a short description of the opcode"),
        )
        .arg(
            Arg::new("indentlevel")
                .short('l')
                .long("indentlevel")
                .value_name("N")
                .value_parser(value_parser!(usize))
                .default_value("4")
                .help("Blanks by which each open MARK indents"),
        )
        .arg(
            Arg::new("memo")
                .short('m')
                .long("memo")
                .action(ArgAction::SetTrue)
                .help("Keep the memo from one pickle to the next"),
        )
        .arg(
            Arg::new("preamble")
                .short('p')
                .long("preamble")
                .value_name("TEXT")
                .default_value("==> {name} <==")
                .help("Line before each file when there are several; {name} is replaced"),
        )
        .args(files())
}

/// Files, which part of them, and what the command may take and print.
fn files() -> [Arg; 5] {
    files_to("1G")
}

fn files_to(most: &'static str) -> [Arg; 5] {
    let member = Arg::new("member")
        .long("member")
        .value_name("PATH")
        .help("The part to look at, by its path in the archive: archive/data.pkl");
    [file().num_args(1..), member, max_unpacked(), limit_memory(LIMIT), limit_output(most)]
}

fn file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .required(true)
        .value_parser(NonEmptyStringValueParser::new())
        .help("A pickle or what it comes in, and files that belong to it; - for standard input")
}

fn number(name: &'static str, help: &'static str, default: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("N").value_parser(value_parser!(u64)).default_value(default).help(help)
}
