//! `picklescope bytes`.

use super::commands::{on, piped};
use serde_json::Value;

#[test]
fn lines_have_bytes_of_one_span() {
    let (code, out, error) = piped(&["bytes", "-"], b"\x80\x04\x8c\x05hello\x94.");
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "* layer 0  standard input  11 B  pickle 4");
    assert_eq!(lines[1], "");
    let line =
        |number: u32, digits: &str, text: &str, words: &str| format!("{number:08x}  {digits:<47}  {text:<16}  {words}");
    assert_eq!(lines[2], line(0, "80", ".", "opcode PROTO at 0x0"));
    assert_eq!(lines[3], line(1, "04", ".", "argument of PROTO at 0x0: 4"));
    assert_eq!(lines[5], line(3, "05", ".", "argument of SHORT_BINUNICODE at 0x2: length 5"));
    assert_eq!(lines[6], line(4, "68 65 6c 6c 6f", "hello", "payload of SHORT_BINUNICODE at 0x2: 5 bytes"));
    assert_eq!(lines.len(), 9);
}

#[test]
fn an_offset_is_read_in_every_way() {
    let (code, out, _) = piped(&["bytes", "--at", "0x2", "--count", "3", "-"], b"\x80\x04\x8c\x05hello\x94.");
    assert_eq!(code, 0);
    assert!(out.lines().nth(2).unwrap().starts_with("00000002  8c "), "{out}");
    assert!(out.contains("00000004  68 ") && !out.contains("00000005"), "{out}");
    assert!(out.contains("\nat 2 (0x2)\n  opcode SHORT_BINUNICODE at 0x2, 1 byte from 2 on\n"), "{out}");
    assert!(out.contains("  uint16                      1420  big-endian 35845\n"), "{out}");
    assert!(out.contains("  as opcode                   SHORT_BINUNICODE 'hello', 7 bytes\n"), "{out}");
    let (code, _, error) = piped(&["bytes", "--at", "11", "-"], b"\x80\x04\x8c\x05hello\x94.");
    assert!(code == 1 && error.contains("offset 11 is past the end"), "{error}");
    let (code, _, error) = piped(&["bytes", "--at", "x", "-"], b"N.");
    assert!(code == 1 && error.contains("a number like 57 or 0x39"), "{error}");
}

#[test]
fn layers_are_chosen_by_number() {
    let name = "hostile-containers/payload.pkl.gz";
    let (code, out, _) = on(&["bytes", "--layer", "0"], name);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("* layer 0  payload.pkl.gz  ") && out.contains("\n  layer 1  decompressed gzip  "),
        "{out}"
    );
    assert!(out.lines().any(|line| line.starts_with("00000000  1f 8b 08") && line.ends_with("gzip header")), "{out}");
    let (_, inside, _) = on(&["bytes"], name);
    assert!(inside.contains("\n* layer 1  "), "{inside}");
    assert!(inside.lines().any(|line| line.starts_with("00000000") && line.contains("opcode ")), "{inside}");
    let (code, _, error) = on(&["bytes", "--layer", "2"], name);
    assert!(code == 1 && error.contains("there is no layer 2; the last is 1"), "{error}");
}

#[test]
fn json_has_its_fields() {
    let (code, out, _) = on(&["bytes", "--json", "--at", "0", "--count", "100000"], "samples/everyday.pkl");
    assert_eq!(code, 0);
    let value: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    let size = value["layers"][0]["size"].as_u64().unwrap();
    assert_eq!((value["layer"].as_u64(), value["layers"][0]["is_document"].as_bool()), (Some(0), Some(true)));
    let spans = value["spans"].as_array().unwrap();
    let mut at = 0;
    for span in spans {
        assert_eq!(span["start"].as_u64(), Some(at));
        at = span["end"].as_u64().unwrap();
        assert_eq!(span["bytes"].as_str().unwrap().len() as u64, 2 * (at - span["start"].as_u64().unwrap()));
    }
    assert_eq!(at, size);
    assert_eq!(spans[0]["kind"], "opcode");
    assert_eq!(value["at"]["readings"][0]["name"], "uint8");
    let (_, out, _) = on(&["bytes", "--json", "--count", "0"], "samples/everyday.pkl");
    let value: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    assert!(value["spans"].as_array().unwrap().is_empty() && value["at"].is_null());
}
