//! Properties of any input: opcode soups never panic and read the same twice, and what a small writer of pickles wrote comes
//! back as JSON.

use crate::support;
use picklescope::opcode::Opcode;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Pieces, json_text, listing, open, open_source};

/// One instruction with an argument that is small, and now and then not what it should be.
fn instruction() -> impl Strategy<Value = Vec<u8>> {
    let opcodes = (0..Opcode::ALL.len()).prop_map(|index| Opcode::ALL[index] as u8);
    let arguments = prop_oneof![
        6 => Just(Vec::new()),
        3 => (0u8..4).prop_map(|byte| vec![byte]),
        2 => (0u8..4).prop_map(|length| [vec![length, 0, 0, 0], vec![b'a'; length as usize]].concat()),
        2 => Just(b"1\n".to_vec()),
        2 => Just(b"m\nn\n".to_vec()),
        1 => Just(b"'a'\n".to_vec()),
        1 => vec(any::<u8>(), 0..12),
    ];
    (opcodes, arguments).prop_map(|(opcode, argument)| [vec![opcode], argument].concat())
}

/// Mostly valid: values, containers, memo, MARKs.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"K\x01",
        b"N",
        b"\x88",
        b"\x8c\x01a",
        b"C\x01b",
        b"]",
        b"}",
        b")",
        b"\x8f",
        b"(",
        b"(",
        b"(",
        b"a",
        b"e",
        b"s",
        b"u",
        b"t",
        b"l",
        b"d",
        b"\x85",
        b"\x86",
        b"\x90",
        b"\x91",
        b"\x94",
        b"q\0",
        b"h\0",
        b"q\x01",
        b"h\x01",
        b"2",
        b"0",
        b"1",
        b"cm\nC\n",
        b"\x93",
        b"R",
        b"\x81",
        b"b",
        b"o",
        b"Q",
        b"\x97",
        b"\x98",
        b"I01\n",
        b"U\x01\xff",
        b".",
    ];
    let index = 0..pieces.len();
    vec(index, 0..80).prop_map(move |chosen| chosen.into_iter().flat_map(|i| pieces[i].to_vec()).collect())
}

/// Everything that can be asked, with what must hold of the answers.
fn exercise(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut document = open(bytes);
    let text = json_text(&document);
    prop_assert_eq!(&text, &json_text(&open(bytes)), "reading twice");
    prop_assert_eq!(&text, &json_text(&open_source(Pieces::boxed(bytes))), "in pieces");
    serde_json::from_str::<Value>(&text).unwrap();
    let rows = listing(&document);
    let covered: u64 = rows.iter().map(|row| row.length).sum();
    prop_assert_eq!(covered, bytes.len() as u64);
    let mut seen = 0;
    document
        .walk(12, 50, &mut |_| {
            seen += 1;
            if seen > 5000 { Err(std::io::ErrorKind::Other.into()) } else { Ok(()) }
        })
        .ok();
    for row in 0..document.row_count().min(20) {
        prop_assert!(document.inspect_row(row).is_some());
    }
    for number in 0..(rows.len() as u64).min(40) {
        prop_assert_eq!(document.inspect_opcode(number).map(|found| found.opcode), Some(Some(number)));
    }
    for offset in 0..bytes.len() as u64 {
        prop_assert!(document.inspect_offset(offset).is_some(), "nothing at offset {}", offset);
    }
    Ok(())
}

/// A value of Python that is data only.
#[derive(Clone, Debug)]
enum Data {
    None,
    Bool(bool),
    Int(i64),
    Float(i32),
    Text(String),
    List(Vec<Data>),
    Tuple(Vec<Data>),
    Dict(Vec<(i32, Data)>),
}

fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        Just(Data::None),
        any::<bool>().prop_map(Data::Bool),
        (-(1i64 << 52)..1 << 52).prop_map(Data::Int),
        any::<i32>().prop_map(Data::Float),
        "\\PC{0,12}".prop_map(Data::Text),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Data::List),
            vec(inner.clone(), 0..6).prop_map(Data::Tuple),
            vec((any::<i32>(), inner), 0..6).prop_map(Data::Dict),
        ]
    })
}

/// Protocol 2, as the C pickler writes it, without a memo.
fn write(value: &Data, out: &mut Vec<u8>) {
    match value {
        Data::None => out.push(b'N'),
        Data::Bool(value) => out.push(if *value { 0x88 } else { 0x89 }),
        Data::Int(value) => match i32::try_from(*value) {
            Ok(small) => {
                out.push(b'J');
                out.extend(small.to_le_bytes());
            }
            Err(_) => {
                out.extend([0x8a, 8]);
                out.extend(value.to_le_bytes());
            }
        },
        Data::Float(value) => {
            out.push(b'G');
            out.extend((f64::from(*value) / 4.0).to_be_bytes());
        }
        Data::Text(text) => {
            out.push(b'X');
            out.extend((text.len() as u32).to_le_bytes());
            out.extend(text.as_bytes());
        }
        Data::List(items) => {
            out.extend(b"](");
            items.iter().for_each(|item| write(item, out));
            out.push(b'e');
        }
        Data::Tuple(items) => {
            out.push(b'(');
            items.iter().for_each(|item| write(item, out));
            out.push(b't');
        }
        Data::Dict(pairs) => {
            out.extend(b"}(");
            for (key, value) in pairs {
                out.push(b'J');
                out.extend(key.to_le_bytes());
                write(value, out);
            }
            out.push(b'u');
        }
    }
}

/// What `docs/json.md` says of it.
fn expected(value: &Data) -> Value {
    match value {
        Data::None => json!(null),
        Data::Bool(value) => json!(value),
        Data::Int(value) => json!(value),
        Data::Float(value) => {
            json!({ "type": "float", "value": picklescope::opcode::repr_float(f64::from(*value) / 4.0) })
        }
        Data::Text(text) => json!(text),
        Data::List(items) => json!({ "type": "list", "items": items.iter().map(expected).collect::<Vec<_>>() }),
        Data::Tuple(items) => json!({ "type": "tuple", "items": items.iter().map(expected).collect::<Vec<_>>() }),
        Data::Dict(pairs) => {
            json!({ "type": "dict", "items": pairs.iter().map(|(k, v)| json!([k, expected(v)])).collect::<Vec<_>>() })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn opcode_soup(instructions in vec(instruction(), 0..60)) {
        exercise(&instructions.concat())?;
    }

    #[test]
    fn plausible_soup(bytes in plausible()) {
        exercise(&bytes)?;
    }

    #[test]
    fn what_was_written_comes_back(value in data()) {
        let mut bytes = b"\x80\x02".to_vec();
        write(&value, &mut bytes);
        bytes.push(b'.');
        let document = open(&bytes);
        prop_assert!(document.reading().is_complete());
        prop_assert_eq!(document.reading().problems.total, 0);
        let read: Value = serde_json::from_str(&json_text(&document)).unwrap();
        prop_assert_eq!(&read["streams"][0]["root"], &expected(&value));
    }
}
