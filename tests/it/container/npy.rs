//! Headers of `.npy` files: numpy's own, those that other writers and Python 2 made, damaged and hostile ones.

use crate::support;
use picklescope::bytes::{MemorySource, Span};
use picklescope::container::Literal;
use picklescope::container::npy::{Malformed, Npy, read};
use support::{Pieces, fixture};

fn npy(bytes: &[u8]) -> Result<Npy, Malformed> {
    let whole = read(&MemorySource::new(bytes.to_vec()));
    assert_eq!(whole, read(&Pieces(MemorySource::new(bytes.to_vec()))));
    whole
}

/// A version 1 file with this header.
fn with(header: &str) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\0".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes
}

fn text(literal: &Literal) -> &str {
    match literal {
        Literal::Str(_, text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_numpy_wrote_is_read() {
    for (name, version) in [("v1.npy", (1, 0)), ("v2.npy", (2, 0)), ("v3.npy", (3, 0))] {
        let bytes = fixture(&format!("packed/{name}"));
        let npy = npy(&bytes).unwrap();
        assert_eq!(npy.version, version);
        assert_eq!(text(&npy.descr), ">i2");
        assert_eq!((npy.shape.as_slice(), npy.has_objects), ([3, 2].as_slice(), false));
        assert_eq!(npy.data.len(), 12, "{name}");
        assert_eq!(npy.data.start % 64, 0, "{name}");
        assert_eq!(npy.data.end, bytes.len() as u64);
        // Every piece knows its bytes.
        let span = npy.descr.span();
        assert_eq!(&bytes[span.start as usize..span.end as usize], b"'>i2'");
    }
}

#[test]
fn fields_with_titles_and_objects_are_read() {
    let npy = npy(&fixture("packed/fields.npy")).unwrap();
    assert!(npy.has_objects);
    let Literal::List(_, fields) = &npy.descr else { panic!() };
    let Literal::Tuple(_, second) = &fields[1] else { panic!() };
    let Literal::Tuple(_, name) = &second[0] else { panic!() };
    assert_eq!((text(&name[0]), text(&name[1]), text(&second[1])), ("title", "né", "|O"));
}

#[test]
fn every_way_to_write_a_header_is_read() {
    let headers = [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }",
        "{'shape':(3,4),'fortran_order':False,'descr':'<f8'}\n",
        "  { \"descr\" : \"<f8\" ,\t'fortran_order' : False , 'shape' : ( 3 , 4 , ) , }  \n",
        "{'descr': u'<f8', 'fortran_order': False, 'shape': (3, 4)}\0\0",
        "{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (3, 4)}",
    ];
    for header in headers {
        let npy = npy(&with(header)).unwrap_or_else(|error| panic!("{header}: {error}"));
        assert_eq!((text(&npy.descr), npy.fortran_order, &*npy.shape), ("<f8", false, [3, 4].as_slice()), "{header}");
    }
    let npy = npy(&with("{'descr': '|O', 'fortran_order': True, 'shape': ()}")).unwrap();
    assert!(npy.has_objects && npy.fortran_order && npy.shape.is_empty());
}

#[test]
fn objects_are_found_in_any_field() {
    let objects = |descr: &str| {
        npy(&with(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,)}}"))).unwrap().has_objects
    };
    // The last ones as Python takes them.
    for descr in [
        "'O'",
        "'|O8'",
        "[('a', '<i4'), ('b', [('c', '|O')])]",
        "[('a', ('|O', (2,)))]",
        "'|' 'O'",
        "'''|O'''",
        r"'\174\117'",
    ] {
        assert!(objects(descr), "{descr}");
    }
    for descr in ["'<i4'", "[('O', '<i4')]", "[(('O', 'b'), '<U3', (2, 2))]", "'<M8[ns]'"] {
        assert!(!objects(descr), "{descr}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_offset() {
    let deep = format!("{{'descr': {}", "(".repeat(60_000));
    let many = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({})}}", "1,".repeat(65));
    let cases = [
        ("", 10, "ends early"),
        ("{'descr': '<f8', 'fortran_order': False}", 10, "no \"shape\""),
        ("['descr']", 10, "no dict"),
        ("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", 44, "neither True nor False"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': 1}", 60, "no tuple"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", 61, "no length"),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999999999999999999999,)}",
            61,
            "no value",
        ),
        ("{'descr': '<f8' 1}", 26, "comma is missing"),
        ("{'descr' 1}", 19, "colon is missing"),
        ("{'descr': }", 20, "value is missing"),
        ("{'descr': '<f8}", 20, "does not end"),
        ("{'descr': eval('1')}", 20, "no value"),
        ("{'descr': '\\q'}", 21, "not known"),
        ("{} {}", 13, "something follows"),
        ("(]", 11, "wrong bracket"),
        (")", 10, "not opened"),
        (&many, 60, "65 axes"),
        (&deep, 51, "nested too deep"),
    ];
    for (header, offset, expected) in cases {
        let error = npy(&with(header)).unwrap_err();
        assert!(error.message.contains(expected), "{header:.60}: {error}");
        assert_eq!(error.offset, offset, "{header:.60}: {error}");
    }
    let error = npy(b"\x93NUMPY\x02\0\xff\xff\xff\xff{").unwrap_err();
    assert!(error.message.contains("ends early"), "{error}");
    let error = npy(b"\x93NUMPY\x09\0\x01\0{").unwrap_err();
    assert!(error.message.contains("version 9.0"), "{error}");
    let mut huge = b"\x93NUMPY\x02\0\0\0\x50\0".to_vec();
    huge.resize(6 << 20, b' ');
    assert!(npy(&huge).unwrap_err().message.contains("5242880 bytes long"));
}

#[test]
fn cuts_and_flips_do_not_panic() {
    for name in ["v1.npy", "v3.npy", "fields.npy"] {
        let bytes = fixture(&format!("packed/{name}"));
        let end = npy(&bytes).unwrap().data.start as usize;
        for at in 0..end {
            assert!(npy(&bytes[..at]).is_err(), "{name} cut at {at}");
            for flip in [1, 2, 0x20, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                let _ = npy(&bytes);
            }
        }
        assert_eq!(npy(&bytes[..end]).unwrap().data, Span::new(end as u64, end as u64));
    }
}
