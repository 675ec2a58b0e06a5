//! The decoder: every argument kind, every error, and sources that hand out their bytes in pieces.

use crate::support;
use picklescope::bytes::{Limits, MemorySource, PageCache, Source, Span};
use picklescope::opcode::{Arg, DecodeError, DecodeErrorKind, Opcode, arg_text, arg_text_prefix, decode};
use support::Pieces;

fn kind(bytes: &[u8]) -> DecodeErrorKind {
    decode(&MemorySource::new(bytes.to_vec()), 0, &Limits::default()).unwrap_err().kind
}

fn text(bytes: &[u8]) -> String {
    let source = MemorySource::new(bytes.to_vec());
    let instruction = decode(&source, 0, &Limits::default()).unwrap();
    assert_eq!(instruction.end, source.len());
    arg_text(&instruction, &source).unwrap().text
}

#[test]
fn arguments_of_every_kind() {
    for (bytes, expected) in [
        (&b"K\xff"[..], "255"),
        (b"M\xff\xff", "65535"),
        (b"J\xff\xff\xff\xff", "-1"),
        (b"r\xff\xff\xff\xff", "4294967295"),
        (b"\x84\x00\x00\x00\x80", "-2147483648"),
        (b"\x95\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
        (b"G?\xf8\0\0\0\0\0\0", "1.5"),
        (b"I01\n", "True"),
        (b"I-12\n", "-12"),
        (b"L12345678901234567890L\n", "12345678901234567890"),
        (b"F1e16\n", "1e+16"),
        (b"S'a\\x41\"'\n", "'aA\"'"),
        (b"V\\u20ac\n", "'\u{20ac}'"),
        (b"U\x02\xe9'", "\"\u{e9}'\""),
        (b"T\x01\0\0\0x", "'x'"),
        (b"C\x03a\0\xff", "b'a\\x00\\xff'"),
        (b"B\x01\0\0\0'", "b\"'\""),
        (b"\x8e\0\0\0\0\0\0\0\0", "b''"),
        (b"\x96\x01\0\0\0\0\0\0\0a", "bytearray(b'a')"),
        (b"\x8a\0", "0"),
        (b"\x8a\x02\x00\x80", "-32768"),
        (b"\x8b\x09\0\0\0\0\0\0\0\0\0\0\0\x01", "18446744073709551616"),
        (b"X\x03\0\0\0\xed\xa0\x80", "'\\ud800'"),
        (b"\x8c\x01x", "'x'"),
        (b"\x8d\x01\0\0\0\0\0\0\0x", "'x'"),
        (b"cos\nsystem\n", "'os system'"),
        (b"Pid\n", "'id'"),
        (b"g01\n", "True"),
        (b"N", ""),
    ] {
        assert_eq!(text(bytes), expected, "{bytes:?}");
    }
}

#[test]
fn spans_leave_out_lengths_and_newlines() {
    let limits = Limits::default();
    let source = MemorySource::new(b"X\x02\0\0\0abcm\nn\n".to_vec());
    let first = decode(&source, 0, &limits).unwrap();
    assert_eq!((first.arg, first.end), (Arg::Payload(Span::new(5, 7)), 7));
    let second = decode(&source, 7, &limits).unwrap();
    assert_eq!((second.arg, second.span()), (Arg::Pair(Span::new(8, 9), Span::new(10, 11)), Span::new(7, 12)));
}

#[test]
fn every_error() {
    assert_eq!(kind(b""), DecodeErrorKind::EndOfInput);
    assert_eq!(kind(b"\xff"), DecodeErrorKind::UnknownOpcode(0xff));
    assert_eq!(kind(b"J\0\0"), DecodeErrorKind::Truncated { needed: 4, remaining: 2 });
    assert_eq!(kind(b"X\0"), DecodeErrorKind::Truncated { needed: 4, remaining: 1 });
    assert_eq!(kind(b"I12"), DecodeErrorKind::MissingNewline);
    assert_eq!(kind(b"cos\nsystem"), DecodeErrorKind::MissingNewline);
    assert_eq!(kind(b"cos\n"), DecodeErrorKind::MissingNewline);
    assert_eq!(kind(b"T\xff\xff\xff\xff"), DecodeErrorKind::NegativeLength(-1));
    let huge = b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffab";
    assert_eq!(kind(huge), DecodeErrorKind::LengthBeyondInput { length: u64::MAX, remaining: 2 });
    let limits = Limits { line: 3, ..Limits::default() };
    let line = |bytes: &[u8]| decode(&MemorySource::new(bytes.to_vec()), 0, &limits).map_err(|error| error.kind);
    assert!(line(b"I123\n").is_ok());
    assert_eq!(line(b"I1234\n").unwrap_err(), DecodeErrorKind::LineTooLong);
    assert_eq!(line(b"I123").unwrap_err(), DecodeErrorKind::MissingNewline);
}

#[test]
fn errors_name_their_place() {
    let source = MemorySource::new(b"NX\x05\0\0\0a".to_vec());
    let error = decode(&source, 1, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "at offset 1, BINUNICODE: expected 5 bytes of payload, only 1 remains");
    let beyond = decode(&source, u64::MAX, &Limits::default()).unwrap_err();
    let expected = DecodeError { offset: u64::MAX, opcode: None, kind: DecodeErrorKind::EndOfInput };
    assert_eq!(beyond, expected);
}

/// One instruction of every opcode, with the longest argument that takes several windows.
fn everything() -> Vec<u8> {
    let long_line = "x".repeat(200_000);
    let mut bytes =
        format!("V\\u0041{long_line}\\U0001f600\nS'\\x41{long_line}\\n'\nc{long_line}\nname\n").into_bytes();
    for opcode in Opcode::ALL {
        bytes.push(opcode as u8);
        // Zeros are every argument: numbers, empty payloads; lines end with what follows.
        bytes.extend([0; 8]);
        bytes.push(b'\n');
        bytes.push(b'\n');
    }
    bytes
}

#[test]
fn pieces_and_whole_decode_alike() {
    let bytes = everything();
    let whole = MemorySource::new(bytes.clone());
    let pieces = Pieces(whole.clone());
    let cached = PageCache::new(Pieces(whole.clone()));
    let limits = Limits::default();
    for offset in (0..2000).chain(600_000..whole.len() + 2) {
        let expected = decode(&whole, offset, &limits);
        assert_eq!(decode(&pieces, offset, &limits), expected);
        assert_eq!(decode(&cached, offset, &limits), expected);
        if let Ok(instruction) = expected {
            let full = arg_text(&instruction, &whole).unwrap();
            assert_eq!(arg_text(&instruction, &cached).unwrap(), full);
            let short = arg_text_prefix(&instruction, &cached, 20).unwrap();
            assert!(short.text.chars().count() <= 250, "{}", short.text);
            if !short.truncated {
                assert_eq!(short, full);
            }
        }
    }
}

#[test]
fn prefixes_are_closed_and_say_so() {
    let source = MemorySource::new(everything());
    let limits = Limits::default();
    let mut offset = 0;
    let mut texts = Vec::new();
    for _ in 0..3 {
        let instruction = decode(&source, offset, &limits).unwrap();
        let prefix = arg_text_prefix(&instruction, &source, 4).unwrap();
        assert!(prefix.truncated && prefix.note.is_none());
        texts.push(prefix.text);
        offset = instruction.end;
    }
    assert_eq!(texts, ["'Axxx'", "'Axxx'", "'xxxx'"]);
}

#[test]
fn what_pickletools_refuses_is_still_shown() {
    for (bytes, expected, loadable) in [
        (&b"I0x10\n"[..], "16", true),
        (b"I010\n", "10", true),
        (b"Iabc\n", "b'abc'", false),
        (b"F1.5\0x\n", "1.5", true),
        (b"cm\xc3\xa9\nn\n", "'m\u{e9} n'", true),
        (b"cm\xff\nn\n", "b'm\\xff\\nn'", false),
        (b"S'\xe9'\n", "'\u{e9}'", true),
        (b"Sabc\n", "b'abc'", false),
        (b"S'\n", "''", false),
        (b"S'\\x4'\n", "b'\\\\x4'", false),
        (b"V\\u12\n", "b'\\\\u12'", false),
        (b"\x8c\x01\xff", "b'\\xff'", false),
        (b"P\xff\n", "b'\\xff'", false),
    ] {
        let source = MemorySource::new(bytes.to_vec());
        let instruction = decode(&source, 0, &Limits::default()).unwrap();
        let shown = arg_text(&instruction, &source).unwrap();
        assert_eq!(
            (shown.text.as_str(), shown.note.map(|note| note.loadable)),
            (expected, Some(loadable)),
            "{bytes:?}"
        );
    }
}
