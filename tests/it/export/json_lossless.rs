//! `picklescope json` says everything: what was read can be rebuilt from it by a reader that knows only `docs/json.md`.

use crate::support;
use crate::support::counter::Counter;
use crate::support::rebuild;
use picklescope::document::Walk;
use picklescope::view::tree_text;
use rebuild::assert_rebuilds;
use serde_json::{Value, json};
use std::sync::Arc;
use support::hollow::Hollow;
use support::{Lcg, fixtures, folder, joblib_fixtures, json, json_text, open};

fn checked(bytes: &[u8]) -> Value {
    let document = open(bytes);
    let text = json_text(&document);
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_rebuilds(&document, &value);
    value
}

fn root(bytes: &[u8]) -> Value {
    checked(bytes)["streams"][0]["root"].clone()
}

/// The rows of the tree, as `picklescope tree` prints them.
fn tree(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut visit = |step| {
        text.push_str(&match step {
            Walk::Row(row) => tree_text::line(&row, 0),
            Walk::More { level, left } => tree_text::more(level, left, 0),
        });
        text.push('\n');
        Ok(())
    };
    open(bytes).walk(30, 100, &mut visit).unwrap();
    text
}

/// What makes a value that an equal key replaced runs all the same: it has a row.
#[test]
fn replaced_values_have_rows() {
    let bytes = b"}(K\x01cos\nsystem\nX\x02\x00\x00\x00id\x85R\x88K\x00u.";
    assert!(tree(bytes).contains("call os.system"), "{}", tree(bytes));
}

/// Two texts of n bytes name n globals: written out each time that would be the square of the file.
#[test]
fn globals_of_one_long_name_are_written_once() {
    let long =
        |letter: &str| [b"X".to_vec(), 5000u32.to_le_bytes().to_vec(), letter.repeat(5000).into_bytes()].concat();
    let named = [b"\x80\x04](".to_vec(), long("m"), b"q\0".to_vec(), long("n"), b"q\x01".to_vec()].concat();
    let bytes = [named, b"h\0h\x01\x93".repeat(500), b"h\0h\x01\x93)Re.".to_vec()].concat();
    let value = checked(&bytes);
    let written = serde_json::to_string(&value["streams"][0]).unwrap();
    assert!(written.len() < 10 * 10_000, "{} bytes", written.len());
}

#[test]
fn every_fixture_can_be_rebuilt() {
    let hostile = folder("fixtures", "hostile");
    let others = ["arrays", "tables", "models", "stdlib", "code", "benign"];
    let others = others.into_iter().flat_map(|name| folder("fixtures", name));
    for fixture in fixtures().into_iter().chain(hostile).chain(joblib_fixtures()).chain(others) {
        // The largest ones take long in a debug build and have nothing that others have not.
        if fixture.bytes.len() < 300_000 {
            checked(&fixture.bytes);
        }
    }
}

/// A stream of opcodes that may or may not make sense.
fn stream(random: &mut Lcg) -> Vec<u8> {
    const TEXTS: [&[u8]; 8] = [
        b"",
        b"a",
        b"\xed\xa0\xbd\xed\xb8\x80",
        b"x\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"\"\\\n\x1b\xe2\x80\xae",
        b"\xff",
        b"os",
    ];
    let mut out = Vec::new();
    if random.below(3) > 0 {
        out.extend([0x80, random.below(6) as u8]);
    }
    let mut memo = 0u8;
    let length = 3 + random.below(60);
    for _ in 0..length {
        let text = TEXTS[random.below(TEXTS.len() as u64) as usize];
        match random.below(48) {
            0 => out.push(b'N'),
            1 => out.push(0x88),
            2 | 3 => out.extend([b'K', random.below(4) as u8]),
            4 => out.extend([&[0x8a, 9][..], &[255; 8], &[random.below(128) as u8]].concat()),
            5 => out.extend(
                [b"G".to_vec(), random.next().wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().to_vec()].concat(),
            ),
            6 => {
                out.extend([b"G\x7f\xf8\0\0\0\0".to_vec(), vec![random.below(2) as u8, random.below(3) as u8]].concat())
            }
            7..=9 => out.extend([&[0x8c, text.len() as u8][..], text].concat()),
            10 => out.extend([&[b'C', text.len() as u8][..], text].concat()),
            11 => out.extend([&[b'U', text.len() as u8][..], text].concat()),
            12 => out.extend([&[0x96, text.len() as u8, 0, 0, 0, 0, 0, 0, 0][..], text].concat()),
            13 | 14 => out.push(b']'),
            15 | 16 => out.push(b'}'),
            17 => out.push(b')'),
            18 => out.push(0x8f),
            19..=21 => out.push(b'('),
            22 => out.push(b'e'),
            23 | 24 => out.push(b'a'),
            25 | 26 => out.push(b's'),
            27 => out.push(b'u'),
            28 => out.push(0x90),
            29 => out.push(b't'),
            30 => out.push(0x85 + random.below(3) as u8),
            31 => out.push([b'l', b'd', 0x91, b'o'][random.below(4) as usize]),
            32 => out.extend(b"cos\nsystem\n"),
            33 => out.extend([&b"cm\xed\xa0\x80\nx"[..], &[b'a' + random.below(3) as u8], b"\n"].concat()),
            34 => out.push(0x93),
            35 | 36 => out.push(b'R'),
            37 => out.push([0x81, 0x92][random.below(2) as usize]),
            38..=40 => out.push(b'b'),
            41 => {
                out.push(0x94);
                memo = memo.wrapping_add(1);
            }
            42 | 43 => out.extend([b'h', random.below(u64::from(memo).max(1)) as u8]),
            44 => out.push([b'0', b'1', b'2'][random.below(3) as usize]),
            45 => out.push([b'Q', 0x97, 0x98][random.below(3) as usize]),
            46 => out.extend([0x82, random.below(3) as u8 + 1]),
            _ => out.extend(b"I12\nL77777777777777777777L\nVa\\ud83d\\ude00\n"),
        }
    }
    if random.below(4) > 0 {
        out.push(b'.');
    }
    out
}

#[test]
fn every_stream_can_be_rebuilt() {
    let mut random = Lcg(20);
    for _ in 0..4000 {
        let mut bytes = stream(&mut random);
        if random.below(4) == 0 {
            bytes.extend(stream(&mut random));
        }
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let done = std::panic::catch_unwind(|| checked(&bytes));
        assert!(done.is_ok(), "{hex}");
    }
}

#[test]
fn surrogates_are_code_points() {
    // Two code points, which readers would take for one character as "\ud83d\ude00".
    assert_eq!(
        root(b"\x8c\x06\xed\xa0\xbd\xed\xb8\x80."),
        json!({"type": "str", "utf8_surrogatepass": "eda0bdedb880"})
    );
    assert_eq!(root(b"\x8c\x04a\xed\xa0\x80."), json!({"type": "str", "utf8_surrogatepass": "61eda080"}));
    assert_eq!(root(b"V\\ud83d\\ude00\n."), json!({"type": "str", "utf8_surrogatepass": "eda0bdedb880"}));
    assert_eq!(root(b"\x8c\x04\xf0\x9f\x98\x80."), json!("\u{1f600}"));
    let key = root(b"}\x8c\x03\xed\xa0\x80Ns.");
    assert_eq!(key["items"][0][0], json!({"type": "str", "utf8_surrogatepass": "eda080"}));
    // A long one is written in pieces.
    let long = ["é".repeat(100_000).into_bytes(), b"\xed\xa0\x80".to_vec(), vec![b'x'; 100_000]].concat();
    let found =
        root(&[b"X".to_vec(), (long.len() as u32).to_le_bytes().to_vec(), long.clone(), b".".to_vec()].concat());
    let hex: String = long.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found["utf8_surrogatepass"], json!(hex));
}

#[test]
fn names_are_those_of_the_file() {
    let found = root(b"\x8c\x03\xed\xa0\x80\x8c\x01x\x93.");
    assert_eq!(found["raw_module"], json!({"type": "str", "utf8_surrogatepass": "eda080"}));
    assert_eq!(found["module"], json!("\\ud800"));
    assert!(tree(b"\x8c\x03\xed\xa0\x80\x8c\x01x\x93.").contains("\\ud800.x"));
    let found = root(b"c\xff\xe9\nx\n.");
    assert_eq!(found["raw_module"]["base64"], json!("/+k="));
    assert_eq!(found["module"], json!("\\xff\\xe9"));
    // The line that parts module and name may stand in either.
    let found = root(b"\x8c\x03a\nb\x8c\x01c\x93\x8c\x01a\x8c\x03b\nc\x93\x86.");
    assert_eq!(found["items"][0]["raw_module"], json!("a\nb"));
    assert_eq!(found["items"][1]["raw_module"], json!("a"));
    assert_eq!(found["items"][1]["raw_name"], json!("b\nc"));
}

#[test]
fn floats_keep_every_bit() {
    let float = |bits: u64| root(&[b"G".to_vec(), bits.to_be_bytes().to_vec(), b".".to_vec()].concat());
    assert_eq!(float(0xfff8_0000_0000_1234), json!({"type": "float", "value": "nan", "bits": "fff8000000001234"}));
    assert_eq!(float(0x7ff0_0000_0000_0001), json!({"type": "float", "value": "nan", "bits": "7ff0000000000001"}));
    assert_eq!(float(0x7ff8_0000_0000_0000), json!({"type": "float", "value": "nan"}));
    assert_eq!(float((-0.0f64).to_bits()), json!({"type": "float", "value": "-0.0"}));
    assert_eq!(float(f64::NEG_INFINITY.to_bits()), json!({"type": "float", "value": "-inf"}));
}

#[test]
fn what_is_done_to_values_that_take_nothing_is_there() {
    let values: [(&str, &[u8]); 12] = [
        ("None", b"N"),
        ("bool", b"\x88"),
        ("int", b"K\x05"),
        ("long", b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        ("float", b"G?\xf8\0\0\0\0\0\0"),
        ("str", b"\x8c\x01a"),
        ("bytes", b"C\x01a"),
        ("python2", b"U\x01a"),
        ("bytearray", b"\x96\x01\0\0\0\0\0\0\0a"),
        ("tuple", b")"),
        ("frozenset", b"(\x91"),
        ("global", b"cm\nf\n"),
    ];
    let call = b"cos\nsystem\n(\x8c\x02idtR";
    for (name, value) in values {
        let ends: [(&str, Vec<u8>); 4] = [
            ("state", b"b.".to_vec()),
            ("append", b"a.".to_vec()),
            ("setitems", b"Ns.".to_vec()),
            ("add", b"\x90.".to_vec()),
        ];
        for (op, end) in ends {
            let mark = if op == "add" { &b"("[..] } else { b"" };
            let bytes = [value, mark, call, &end].concat();
            let document = open(&bytes);
            if document.reading().streams[0].root.is_none() {
                // Where the reading stops, everything is on the stack.
                checked(&bytes);
                continue;
            }
            let found = root(&bytes);
            let step = &found["steps"][0];
            assert_eq!(step["op"], json!(op), "{name}: {found}");
            assert!(found.to_string().contains("\"system\""), "{name} {op}: {found}");
            let rows = tree(&bytes);
            assert!(rows.contains("os.system"), "{name} {op}:\n{rows}");
        }
    }
    let found = root(b"NN\x8c\x02idb.");
    assert_eq!(found, json!({"type": "changed", "value": null, "steps": [{"op": "state", "value": "id"}]}));
    // A value that is changed by itself.
    checked(b"N\x94h\x00b.");
    checked(b"\x8c\x01a\x94h\x00\x85b.");
    // A date is no date any more.
    let date = b"cdatetime\ndate\nC\x04\x07\xea\x03\x02\x85R";
    assert!(tree(&[&date[..], b"."].concat()).contains("2026-03-02"));
    assert!(tree(&[&date[..], call, b"b."].concat()).contains("os.system"));
}

#[test]
fn the_place_of_a_finding_is_a_row() {
    let mut document = open(b"Ncos\nsystem\n(\x8c\x02idtRb.");
    let path = document.overview().verdict.sentence.iter().map(|part| part.text.clone()).collect::<String>();
    assert!(path.contains("obj › state"), "{path}");
    let node = document.find_path("obj › state").unwrap();
    assert!(document.inspect_node(node).unwrap().row.is_some());
    assert!(tree(b"Ncos\nsystem\n(\x8c\x02idtRb.").contains("\n  state: call os.system"));
}

#[test]
fn a_row_of_one_line_hides_no_call() {
    let call = b"cos\nsystem\n(\x8c\x02idtR";
    let pattern = [&b"cre\n_compile\n("[..], call, b"K tR."].concat();
    let rows = tree(&pattern);
    assert!(rows.contains("call os.system"), "{rows}");
    let range = [&b"cbuiltins\nrange\n(K\x00"[..], call, b"K\x02tR."].concat();
    assert!(tree(&range).contains("call os.system"));
}

#[test]
fn steps_between_items_stay_between_them() {
    let found = root(b"]K\x01aK\x02bK\x03a.");
    assert_eq!(found["items"], json!([1, 3]));
    assert_eq!(found["steps"], json!([{"op": "state", "after": 1, "value": 2}]));
    let found = root(b"]K\x01aK\x02b.");
    assert_eq!(found["steps"], json!([{"op": "state", "value": 2}]));
    let found = root(b"}K\x01Ns(K\x07\x90K\x02Ns.");
    if found["type"] == json!("dict") {
        assert_eq!(found["steps"], json!([{"op": "add", "after": 1, "items": [7]}]));
    }
}

#[test]
fn what_is_nested_deeper_than_readers_go_is_referred_to() {
    let deep = [b"cm\nf\n".repeat(400), vec![b'b'; 399], b".".to_vec()].concat();
    checked(&deep);
    let deep = [b"N".repeat(400), vec![b'b'; 399], b".".to_vec()].concat();
    checked(&deep);
}

#[test]
fn nothing_that_was_read_is_left_out() {
    // Thrown away, left below, in the memo alone, where the reading stops; a list that holds itself and nothing else does.
    checked(b"]K\x010K\x022K\x03.");
    checked(b"]\x94h\x00a0N.");
    checked(b"]\x94}\x94h\x00h\x01s0N.");
    checked(b"(K\x01]1K\x02.");
    checked(b"]\x94K\x05\x8c\x01a\x94\x00");
    checked(b"]\x94.]\x94h\x01.");
    // A text that named a global, and was given a state.
    let found = checked(b"\x8c\x02os2}b0\x8c\x06system\x93.");
    assert_eq!(found["streams"][0]["discarded"][0]["steps"][0]["op"], json!("state"), "{found}");
    let call = b"cos\nsystem\n(\x8c\x02idtR";
    for bytes in [
        [&b"\x8c\x02os2"[..], call, b"b0\x8c\x06system\x93."].concat(),
        [&b"\x8c\x02os\x94\x8c\x06system\x93h\x00"[..], call, b"b0."].concat(),
        [&b"\x8c\x02os"[..], call, b"b\x8c\x06system\x93."].concat(),
    ] {
        checked(&bytes);
        assert!(tree(&bytes).contains("call os.system"), "{}", tree(&bytes));
    }
    assert_eq!(json(b"K\x01K\x02.")["streams"][0]["stack"], json!([1]));
}

/// A text of a terabyte is not read to see whether it decodes: its bytes are written.
#[test]
fn a_text_that_is_too_long_to_be_looked_through_is_its_bytes() {
    const HOLE: u64 = 1 << 40;
    let head = [&b"\x80\x04\x8d"[..], &HOLE.to_le_bytes()].concat();
    let read = Arc::new(Counter::new(0));
    let source = Hollow { head, zeros: HOLE, tail: b".".to_vec(), read: Arc::clone(&read) };
    let document = support::open_source(Box::new(source));
    read.set(0);
    let mut json = picklescope::export::Json::document(&document.lens());
    let origin = picklescope::export::Origin { reading: document.reading(), lens: document.lens() };
    let mut piece = Vec::new();
    while piece.len() < 1 << 20 {
        assert_eq!(picklescope::export::Writer::step(&mut json, &origin, &mut piece), Ok(false));
    }
    let begin = std::str::from_utf8(&piece[..400]).unwrap();
    assert!(begin.contains("\"type\":\"unreadable\",\"reason\":\"more than 1073741824 bytes"), "{begin}");
    assert!(begin.contains("\"base64\":\"AAAA") && read.get() < 16 << 20, "{} bytes", read.get());
}
