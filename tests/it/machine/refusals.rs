//! What CPython refuses is said to be refused, at the opcode and in the loader's words; what it loads is not. The streams and
//! what CPython 3.11's loaders say of them are in `fixtures/refusals.tsv` (`scripts/generate_refusals.py`).

use crate::support;
use picklescope::document::Document;
use picklescope::lens::Python2Reading;
use picklescope::machine::ProblemKind;
use picklescope::view::outline::outline;
use support::{fixture, manifest, open};

fn bytes_of_hex(hex: &str) -> Vec<u8> {
    let pairs: Vec<char> = hex.chars().collect();
    pairs.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

/// One line of the table.
struct Case {
    hex: String,
    offset: Option<u64>,
    c: Option<String>,
    python: Option<String>,
    value: Option<String>,
    is_outside: bool,
}

fn cases() -> Vec<Case> {
    let text = String::from_utf8(fixture("refusals.tsv")).unwrap();
    let field = |text: &str| (text != "-").then(|| text.to_owned());
    let case = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [hex, offset, c, python, value, source] = fields[..] else { panic!("{line}") };
        Case {
            hex: hex.to_owned(),
            offset: offset.parse().ok(),
            c: field(c),
            python: field(python),
            value: field(value),
            is_outside: source == "outside",
        }
    };
    text.lines().map(case).collect()
}

/// Whether what we say is what the loader says; the fixtures have a blank for the newline at the end of a number.
fn agrees(says: &str, ours: &str) -> bool {
    // Where a module was found is not in the stream.
    let is_module = ours.contains("on <module") && says.starts_with(ours.trim_end_matches('>'));
    says == ours || is_module || says == ours.replace("\\n'", " '")
}

#[test]
fn what_c_refuses_is_said_at_its_opcode_and_what_it_loads_is_not() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let document = open(&bytes_of_hex(&case.hex));
        let problems = &document.reading().problems;
        let ours = problems.stop().map(|(problem, raised)| (problem.offset, raised.to_string()));
        let is_right = match (&case.c, &ours) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some(_), None) => case.is_outside,
            (Some(says), Some((offset, ours))) => case.is_outside || Some(*offset) == case.offset && agrees(says, ours),
        };
        if !is_right {
            let short = &case.hex[..case.hex.len().min(60)];
            wrong.push(format!("{short}: C says {:?} at {:?}, we say {ours:?}", case.c, case.offset));
        }
    }
    assert!(cases.len() > 1200, "{}", cases.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_c_loads_is_shown_as_it_loads_it() {
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(value) = &case.value else { continue };
        let document = open(&bytes_of_hex(&case.hex));
        let Some(root) = document.reading().streams[0].root else {
            wrong.push(format!("{}: {value}, we stop", case.hex));
            continue;
        };
        let shown = outline(&document.lens(), root.node(), 100_000);
        // What a class makes of its arguments is not worked out, and states are shown, not applied.
        if shown.starts_with("builtins.") || shown.contains("state=") {
            continue;
        }
        // Sets are spelled in braces, frozensets by their name.
        let value = match value.as_str() {
            "set()" => "{}".to_owned(),
            frozen if frozen.starts_with("frozenset({") => frozen.replace("({", "(").replace("})", ")"),
            other => other.to_owned(),
        };
        if shown != value {
            wrong.push(format!("{}: {value}, we show {shown}", case.hex));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_pickle_py_takes_is_not_said_to_be_refused_by_it() {
    let mut seen = 0;
    for case in cases() {
        let (Some(c), None, false) = (&case.c, &case.python, case.is_outside) else { continue };
        let document = open(&bytes_of_hex(&case.hex));
        let (problem, _) = document.reading().problems.stop().unwrap();
        assert!(!matches!(problem.kind, ProblemKind::Refused(_)), "{}: {c}", case.hex);
        seen += usize::from(matches!(problem.kind, ProblemKind::RefusedInC(_)));
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn what_only_pickle_py_refuses_is_a_difference_of_readers() {
    let mut seen = 0;
    for case in cases() {
        let (None, Some(python), false) = (&case.c, &case.python, case.is_outside) else { continue };
        if !python.starts_with("AttributeError") {
            continue;
        }
        let document = open(&bytes_of_hex(&case.hex));
        let problems = &document.reading().problems.list;
        let [problem] = &problems[..] else { panic!("{}: {problems:?}", case.hex) };
        let ProblemKind::OnlyInPython(raised) = &problem.kind else { panic!("{}: {problem:?}", case.hex) };
        assert_eq!(&raised.to_string(), python, "{}", case.hex);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// The value of the first pickle, as Python spells it.
fn shown(bytes: &[u8]) -> String {
    let document = open(bytes);
    let root = document.reading().streams[0].root.unwrap();
    outline(&document.lens(), root.node(), 100_000)
}

fn shown_hex(hex: &str) -> String {
    shown(&bytes_of_hex(hex))
}

#[test]
fn a_file_that_does_not_load_says_where_cpython_stops() {
    let document = open(b"\x80\x04K\x01)R.");
    let facts = document.overview();
    let stop = facts.stops_at.unwrap();
    assert_eq!((stop.offset, stop.opcode.as_str()), (5, "REDUCE"));
    assert_eq!(stop.message, "TypeError: 'int' object is not callable");
    assert_eq!(
        facts.reading,
        "Read to the last byte. CPython stops at offset 5: TypeError: 'int' object is not callable."
    );
    // What stops the reading as well is said once.
    let facts = open(b"\x80\x04K\x01a.").overview();
    assert!(!facts.reading.contains("CPython stops"), "{}", facts.reading);
    assert_eq!(facts.stops_at.unwrap().message, "UnpicklingError: unpickling stack underflow");
    // What the loading program decides is no reason in the file.
    for hands_over in [&b"\x80\x05\x97."[..], b"K\x01Q.", b"\x82\x01.", b"cm\nx\n)R]b.", b"U\x01\xe9."] {
        assert_eq!(open(hands_over).overview().stops_at, None, "{hands_over:?}");
    }
    assert_eq!(open(b"just text").overview().stops_at, None);
}

#[test]
fn a_text_is_checked_to_its_last_byte_wherever_the_window_ends() {
    for (length, bad) in [(300_000, 299_999), (15_000_000, 14_999_998), (17_000_000, 16_999_999)] {
        let mut bytes = b"X".to_vec();
        bytes.extend_from_slice(&(length as u32).to_le_bytes());
        bytes.resize(5 + length, b'a');
        bytes[5 + bad] = 0xff;
        bytes.push(b'.');
        let document = open(&bytes);
        let stop = document.overview().stops_at.unwrap();
        assert_eq!(stop.offset, 0);
        let expected = format!("'utf-8' codec can't decode byte 0xff in position {bad}: invalid start byte");
        assert_eq!(stop.message, format!("UnicodeDecodeError: {expected}"));
        let problem = document.reading().problems.list[0].to_string();
        assert!(problem.ends_with(&format!("at byte {bad} of the text")), "{problem}");
    }
}

#[test]
fn names_with_lone_surrogates_stay_what_they_are() {
    let document = open(&bytes_of_hex("8c03eda0808c0178932e"));
    let names: Vec<String> = document.reading().graph.symbols.iter().map(|symbol| symbol.full_name()).collect();
    assert_eq!(names, ["\\ud800.x"]);
    let two = open(b"(\x8c\x03\xed\xa0\x80\x8c\x01x\x93\x8c\x03\xed\xa0\x81\x8c\x01x\x93t.");
    let names: Vec<String> = two.reading().graph.symbols.iter().map(|symbol| symbol.full_name()).collect();
    assert_eq!(names, ["\\ud800.x", "\\ud801.x"], "names that differ differ");
}

#[test]
fn changes_are_applied_to_what_is_shown() {
    assert_eq!(shown_hex("9602000000000000006162284b41652e"), "bytearray(b'abA')");
    assert_eq!(shown(b"\x96\x02\x00\x00\x00\x00\x00\x00\x00abK\x00K\x41sK\x42a."), "bytearray(b'AbB')");
    assert_eq!(shown(b"cbuiltins\nbytearray\nC\x01a\x85RK\x42a."), "bytearray(b'aB')");
    // As its repr has them, with more escapes than that of bytes.
    assert_eq!(shown_hex("960200000000000000275c2e"), r#"bytearray(b"\'\\")"#);
    assert_eq!(shown(b"cbuiltins\nbytearray\nC\x01'\x85R."), r#"bytearray(b"\'")"#);
    // An index of more bytes than it needs.
    assert_eq!(shown_hex("5d4e618a090000000000000000004b01732e"), "[1]");
    assert_eq!(shown_hex("5d284e65284b004b01752e"), "[1]");
    // Item by item, the last first, and more behind them.
    assert_eq!(shown(b"](K\x01K\x02K\x03eJ\xff\xff\xff\xffNsK\x04aK\x00K\x09sK\x03K\x08s."), "[9, 2, None, 8]");
    let deque = b"ccollections\ndeque\n](K\x01K\x02K\x03eK\x02\x86R.";
    assert_eq!(shown(deque), "deque(2, 3)");
    let appended = b"ccollections\ndeque\n](K\x01K\x02eK\x02\x86RK\x03aK\x04aK\x05a.";
    assert_eq!(shown(appended), "deque(4, 5)");
}

#[test]
fn equal_keys_are_kept_as_python_keeps_them_and_said() {
    assert_eq!(shown_hex("7d4b014e738889732e"), "{1: False}");
    assert_eq!(shown_hex("8f284b01473ff000000000000088902e"), "{1}");
    assert_eq!(shown(b"cbuiltins\nset\n](K\x01\x88e\x85R."), "{1}");
    assert_eq!(shown(b"}(cbuiltins\nlist\nK\x01cbuiltins\nlist\nK\x02u."), "{builtins.list: 2}");
    // Frozensets whatever their order, and tuples however deep they are.
    assert_eq!(shown(b"}((K\x01K\x02\x91K\x03(K\x02K\x01\x88\x91K\x04u."), "{frozenset(1, 2): 4}");
    let deep = |value: u8| [&b"K\x01"[..], &[0x85; 60], &[b'K', value]].concat();
    let document = open(&[&b"}("[..], &deep(3), &deep(4), b"u."].concat());
    assert!(matches!(document.reading().problems.list[..], [ref only] if only.kind == ProblemKind::EqualKeys(1)));
    let document = open(&bytes_of_hex("7d4b014e738889732e"));
    let problems = &document.reading().problems.list;
    assert!(matches!(problems[..], [ref only] if only.kind == ProblemKind::EqualKeys(1)), "{problems:?}");
    assert_eq!(document.overview().stops_at, None);
    let plain = |bytes: &[u8]| {
        let document = open(bytes);
        let root = document.reading().streams[0].root.unwrap();
        document.lens().shape(root.node()).text
    };
    let said = plain(b"}K\x01Ns\x88\x89s.").unwrap();
    assert_eq!(said, "1 more key in the file: of equal keys Python keeps the first and its last value");
    assert_eq!(plain(b"}K\x01NsK\x02\x89s."), None);
    // Two calls may give equal objects, and may not.
    assert_eq!(plain(b"}cm\nf\n)RNscm\nf\n)R\x89s."), None);
}

/// With encoding='bytes' a `str` of Python 2 is no text, and equal to bytes.
#[test]
fn what_is_equal_follows_the_reading_of_python_2() {
    let mut document = open(b"}(U\x01aK\x01\x8c\x01aK\x02C\x01aK\x03S'\\x61'\nK\x04u.");
    let shown = |document: &Document| {
        let root = document.reading().streams[0].root.unwrap();
        outline(&document.lens(), root.node(), 1000)
    };
    assert_eq!(shown(&document), "{'a': 4, b'a': 3}");
    document.read_python2_as(Python2Reading::Bytes);
    assert_eq!(shown(&document), "{b'a': 4, 'a': 2}");
    document.read_python2_as(Python2Reading::Ascii);
    assert_eq!(shown(&document), "{'a': 4, b'a': 3}");
}

/// What the C loader raises, by what is said of it.
fn raised(bytes: &[u8]) -> Option<String> {
    open(bytes).reading().problems.stop().map(|(_, raised)| raised.to_string())
}

/// The messages are those of CPython 3.11, the newline at the end of a line as an escape.
#[test]
fn lines_that_are_no_numbers_are_refused_in_the_loaders_words() {
    let literal = "ValueError: invalid literal for int() with base";
    let float = "ValueError: could not convert string to float";
    let cases: [(&[u8], String); 22] = [
        (b"LL\n.", format!("{literal} 10: ''")),
        (b"L5x\n.", format!("{literal} 10: '5x\\n'")),
        (b"L5LL\n.", format!("{literal} 10: '5L'")),
        (b"L01L\n.", format!("{literal} 0: '01'")),
        (b"L 01x\n.", format!("{literal} 0: ' 01x\\n'")),
        (b"L0__1\n.", format!("{literal} 10: '0__1\\n'")),
        (b"L0xL\n.", format!("{literal} 16: '0x'")),
        (b"L0b2\0z\n.", format!("{literal} 2: '0b2'")),
        (b"L\xc3\xa9\n.", format!("{literal} 10: 'é\\n'")),
        (
            b"L1\x85L\n.",
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x85 in position 1: invalid start byte".into(),
        ),
        (b"gx\n.", format!("{literal} 10: 'x\\n'")),
        (b"g-01\n.", "UnpicklingError: Memo value not found at index -1".into()),
        (b"Np-1\n.", "ValueError: negative PUT argument".into()),
        (b"Np-99999999999999999999\n.", "OverflowError: Python int too large to convert to C ssize_t".into()),
        (b"px\n.", "UnpicklingError: unpickling stack underflow".into()),
        (b"F-\n.", format!("{float}: '-\\n'")),
        (b"F 1\x1b\n.", format!("{float}: ' 1\\x1b\\n'")),
        (b"F1_0\n.", float.into()),
        (b"F.e5\n.", format!("{float}: '.e5\\n'")),
        (b"F1e400\n.", "OverflowError: value too large to convert to float: '1e400\\n'".into()),
        (b"F-1.5e999x\0y\n.", "OverflowError: value too large to convert to float: '-1.5e999x'".into()),
        (b"F1e400\0\n.", "OverflowError: value too large to convert to float: '1e400'".into()),
    ];
    for (bytes, says) in cases {
        assert_eq!(raised(bytes).unwrap(), says, "{}", String::from_utf8_lossy(bytes));
    }
    let long = [b"L".as_slice(), &[b'1'; 4301], b"x\n."].concat();
    assert!(raised(&long).unwrap().contains("value has 4301 digits"));
    // What is behind a NUL is not part of a number, however long it is.
    let cut = [b"L99999999999999999999\0".as_slice(), &[b'1'; 9000], b"\n."].concat();
    assert_eq!((shown(&cut), raised(&cut)), ("99999999999999999999".to_owned(), None));
}

#[test]
fn what_depends_on_the_loading_program_is_a_note() {
    let notes = |hex: &str| {
        let document = open(&bytes_of_hex(hex));
        let list = &document.reading().problems.list;
        list.iter().map(|problem| problem.kind.to_string()).collect::<Vec<_>>().join("; ")
    };
    let buffer = "CPython's C loader stops here unless it is told encoding='bytes': \
                  TypeError: memoryview: a bytes-like object is required, not 'str'";
    assert_eq!(notes("5500982e"), buffer);
    let keywords = notes("636d0a780a297d284b014e8c01614e75922e");
    assert!(keywords.starts_with("expected strings as keywords, found int"), "{keywords}");
    assert_eq!(notes("636d0a780a297d288c01614e75922e"), "");
    // {'n': 0} after the call has its keywords.
    let changed = notes("7d94636d0a780a2968009268008c016e4b0073302e");
    assert!(changed.starts_with("NEWOBJ_EX has taken its keywords from this dict"), "{changed}");
    // The instruction that ends the reading crosses the end of its frame, and STOP comes before that end.
    assert!(notes("950300000000000000494e4e000a2e").starts_with("the instruction crosses the end of its frame at 12"));
    let nested = notes("950a00000000000000950200000000000000882e");
    assert!(nested.contains("crosses the end of its frame at 19"), "{nested}");
    // The module is decoded before the class is read, and the MARK is looked for before either.
    assert!(raised(b"(iab\xff\n.").unwrap().starts_with("UnicodeDecodeError: 'ascii' codec can't decode byte 0xff"));
    assert_eq!(raised(b"iab\n.").unwrap(), "UnpicklingError: could not find MARK");
    let rest = notes("950a0000000000000054030000004e4e4e2e4e");
    assert!(rest.starts_with("the frame goes on for 1 byte behind STOP"), "{rest}");
    assert_eq!(notes("9502000000000000004e2e4e2e"), "", "a frame that ends with its pickle");
}

#[test]
fn values_that_a_constructor_refuses_are_calls() {
    let refused: [(&[u8], &str); 12] = [
        (
            b"cdatetime\ndate\nC\x04\x07\xe6\x82\x01\x85R.",
            "TypeError: 'bytes' object cannot be interpreted as an integer",
        ),
        (b"cdatetime\ntime\nC\x06\x18\x00\x00\x00\x00\x00\x85R.", "TypeError: 'bytes' object cannot be"),
        (b"cdatetime\ntimedelta\nJ\x00\xca\x9a\x3bK\x00K\x00\x87R.", "OverflowError: days=1000000000"),
        (b"cdecimal\nDecimal\n\x8c\x03abc\x85R.", "InvalidOperation: [<class 'decimal.ConversionSyntax'>]"),
        (b"cfractions\nFraction\n\x8c\x031/0\x85R.", "ZeroDivisionError: Fraction(1, 0)"),
        (b"cfractions\nFraction\nK\x01K\x00\x86R.", "ZeroDivisionError: Fraction(1, 0)"),
        (b"cfractions\nFraction\n\x8c\x041/ 2\x85R.", "ValueError: Invalid literal for Fraction: '1/ 2'"),
        (b"cbuiltins\ncomplex\nK\x01\x8c\x012\x86R.", "TypeError: complex() second arg can't be a string"),
        (b"cbuiltins\nrange\nK\x01K\x02K\x00\x87R.", "ValueError: range() arg 3 must not be zero"),
        (b"ccollections\ndeque\n]J\xff\xff\xff\xff\x86R.", "ValueError: maxlen must be non-negative"),
        (b"ccollections\ndefaultdict\nK\x05\x85R.", "TypeError: first argument must be callable or None"),
        (b"cipaddress\nIPv4Network\n\x8c\x0a1.2.3.4/24\x85R.", "ValueError: 1.2.3.4/24 has host bits set"),
    ];
    for (bytes, says) in refused {
        let document = open(bytes);
        let root = document.reading().streams[0].root.unwrap();
        let text = document.lens().shape(root.node()).text.unwrap();
        assert!(text.contains(&format!("which refuses it: {says}")), "{text}");
        let stop = document.overview().stops_at.unwrap();
        assert!(stop.message.starts_with(says), "{}", stop.message);
        assert_eq!(stop.offset, bytes.len() as u64 - 2);
    }
    let taken: [&[u8]; 8] = [
        b"cdatetime\ndatetime\nC\x0a\x07\xe6\x8c\x01\x00\x00\x00\x00\x00\x00\x85R.",
        b"cdatetime\ntime\nC\x06\x97\x00\x00\x00\x00\x00\x85R.",
        b"cdecimal\nDecimal\n\x8c\x06-1_0E5\x85R.",
        b"cdecimal\nDecimal\n\x8c\x05nan12\x85R.",
        b"cfractions\nFraction\n\x8c\x04-1/2\x85R.",
        b"ccollections\ndeque\n]N\x86R.",
        b"ccollections\ndeque\nK\x05\x85\x81.",
        b"cipaddress\nIPv6Address\n\x8c\x08::1%eth0\x85R.",
    ];
    for bytes in taken {
        assert_eq!(open(bytes).overview().stops_at, None, "{bytes:?}");
    }
}

#[test]
fn what_the_loading_program_must_hand_over_has_its_name() {
    let sentence = |bytes: &[u8]| {
        let parts = open(bytes).overview().verdict.sentence;
        parts.into_iter().map(|part| part.text).collect::<String>()
    };
    assert!(sentence(b"\x97.").contains("out-of-band buffers"), "{}", sentence(b"\x97."));
    assert!(sentence(b"K\x01Q.").contains("persistent id"));
}

/// What CPython's C loader said of the fixtures of single points, which were made for other tests. Errors that depend on what
/// is installed, registered or handed over, or on the memory of the machine, are no reasons in the stream.
#[test]
fn the_fixtures_of_single_points_agree() {
    const ELSEWHERE: [&str; 11] = [
        "ModuleNotFoundError",
        "AttributeError: Can't get",
        "AttributeError: Can't pickle",
        "MemoryError",
        "unregistered extension",
        "persistent id",
        "out-of-band",
        "'ascii' codec",
        "not function",
        "state is not a dictionary",
        "missing 1 required",
    ];
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in ["edge", "legacy"] {
        for entry in manifest(&format!("{folder}/MANIFEST.json")) {
            let name = format!("{folder}/{}", entry["file"].as_str().unwrap());
            if !name.ends_with(".pkl") {
                continue;
            }
            let document = open(&fixture(&name));
            // Only the first pickle of a file is what these loaders read.
            let first = &document.reading().streams[0];
            let stop = document.reading().problems.stop();
            let ours = stop.filter(|(problem, _)| !first.complete || problem.offset < first.span.end);
            let ours = ours.map(|(_, raised)| raised.to_string());
            match (entry["c"]["error"].as_str(), &ours) {
                (None, None) if entry["c"]["value"].is_string() => {}
                (Some(says), _) if ELSEWHERE.iter().any(|reason| says.contains(reason)) => continue,
                (Some(says), Some(ours)) if agrees(&says.replace('\n', " "), ours) => {}
                (None, None) => continue,
                (says, ours) => wrong.push(format!("{name}: C says {says:?}, we say {ours:?}")),
            }
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
