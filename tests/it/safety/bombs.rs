//! Files that are too large to be committed as fixtures: what they ask for is out of proportion.

use super::audit::audit;
use picklescope::safety::Level;

/// A list of so many values, each as its bytes.
fn list(count: u64, value: impl Fn(u64) -> Vec<u8>) -> Vec<u8> {
    let items: Vec<Vec<u8>> = (1..=count).map(value).collect();
    [&b"\x80\x04]("[..], &items.concat(), b"e."].concat()
}

/// LONG1 of a number.
fn long(value: u128) -> Vec<u8> {
    [&b"\x8a\x10"[..], &value.to_le_bytes()].concat()
}

/// BININT1 is enough for a small one; this is BININT.
fn int(value: u64) -> Vec<u8> {
    [&b"J"[..], &(value as u32).to_le_bytes()].concat()
}

const MODULUS: u128 = (1 << 61) - 1;

#[test]
fn numbers_of_one_hash_are_a_bomb_however_they_are_spelled() {
    let text = |number: u128| {
        let digits = number.to_string();
        [&[0x8c, digits.len() as u8][..], digits.as_bytes()].concat()
    };
    let attacks: [(&str, Vec<u8>); 5] = [
        ("ints", list(20_000, |k| long(MODULUS * u128::from(k) + 7))),
        ("decimal lines", list(20_000, |k| format!("L{}L\n", MODULUS * u128::from(k) + 7).into_bytes())),
        ("tuples", list(20_000, |k| [long(MODULUS * u128::from(k)), int(5), b"\x86".to_vec()].concat())),
        (
            "ranges",
            list(20_000, |k| {
                let range = b"cbuiltins\nrange\n".to_vec();
                [range, long(MODULUS * u128::from(k)), long(MODULUS * u128::from(k) + 9), b"\x86R".to_vec()].concat()
            }),
        ),
        (
            "decimals",
            list(20_000, |k| {
                [b"cdecimal\nDecimal\n".to_vec(), text(MODULUS * u128::from(k) + 1), b"\x85R".to_vec()].concat()
            }),
        ),
    ];
    let of = |module: &str, name: &str, spelled: String| {
        [format!("c{module}\n{name}\n").into_bytes(), format!("V{spelled}\n").into_bytes(), b"\x85R".to_vec()].concat()
    };
    // Frozensets of two numbers each: their hashes are linear in those of the numbers.
    let sets = list(20_000, |k| [b"(".to_vec(), long(MODULUS * u128::from(k)), int(5), b"\x91".to_vec()].concat());
    let more = [
        ("frozensets", sets),
        (
            "fractions of a decimal",
            list(20_000, |k| of("decimal", "Decimal", format!("{}.0", MODULUS * u128::from(k)))),
        ),
        ("exponents", list(20_000, |k| of("decimal", "Decimal", format!("{}E0", MODULUS * u128::from(k))))),
        ("fractions", list(20_000, |k| of("fractions", "Fraction", format!("{}/1", MODULUS * u128::from(k))))),
        ("identifiers", list(20_000, |k| of("uuid", "UUID", format!("{:032x}", MODULUS * u128::from(k))))),
        ("underscores", list(20_000, |k| of("builtins", "int", format!("{}_0", MODULUS * u128::from(k))))),
    ];
    for (name, bytes) in attacks.into_iter().chain(more) {
        let audit = audit(&bytes);
        assert_eq!(audit.level, Level::Suspicious, "{name}");
        assert!(audit.findings.iter().any(|finding| finding.rule.id == "resource-bomb"), "{name}");
    }
}

#[test]
fn many_large_numbers_are_no_bomb() {
    // Moments in nanoseconds, the same number many times, products of a generator.
    let honest: [(&str, Vec<u8>); 4] = [
        ("moments", list(30_000, |k| long(1_700_000_000_000_000_000 + 1_000_000_000 * u128::from(k)))),
        ("one number", list(30_000, |_| long(MODULUS * 5))),
        ("digests", list(30_000, |k| long(u128::from(k).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) >> 1))),
        ("pairs", list(30_000, |k| [long(1 << 40 | u128::from(k)), int(k), b"\x86".to_vec()].concat())),
    ];
    for (name, bytes) in honest {
        assert_eq!(audit(&bytes).level, Level::DataOnly, "{name}");
    }
}

/// A call of a name with these arguments.
fn call(module: &str, name: &str, args: &[Vec<u8>]) -> Vec<u8> {
    [format!("c{module}\n{name}\n(").into_bytes(), args.concat(), b"tR.".to_vec()].concat()
}

#[test]
fn a_number_that_is_no_count_is_a_bomb_wherever_nothing_says_that_it_is_kept() {
    let huge = || long(10_u128.pow(12));
    let shape = || [b"(".to_vec(), huge(), b"t".to_vec()].concat();
    let text = |text: &str| format!("V{text}\n").into_bytes();
    let attacks = [
        call("numpy.core.records", "recarray", &[shape()]),
        call("numpy.char", "chararray", &[shape()]),
        call("numpy", "void", &[huge()]),
        call("bitarray", "bitarray", &[huge()]),
        call("pandas._libs.hashtable", "Int64HashTable", &[huge()]),
        call("sklearn.tree._tree", "Tree", &[huge(), shape(), int(1)]),
        // The type says how large an item is.
        call("numpy", "dtype", &[text("V2000000000")]),
        call("numpy.core.multiarray", "_reconstruct", &[b"cnumpy\nndarray\n".to_vec(), shape(), text("b")]),
        call(
            "numpy.core.multiarray",
            "_reconstruct",
            &[b"cnumpy\nndarray\n".to_vec(), [b"(".to_vec(), int(8), b"t".to_vec()].concat(), text("V2000000000")],
        ),
        call(
            "fsspec.spec",
            "make_instance",
            &[b"cnumpy\nndarray\n".to_vec(), b")".to_vec(), [b"}Vshape\n".to_vec(), shape(), b"s".to_vec()].concat()],
        ),
        call("sklearn.neighbors._quad_tree", "_QuadTree", &[huge(), int(1)]),
    ];
    for bytes in &attacks {
        let name = String::from_utf8_lossy(&bytes[..25]).into_owned();
        let audit = audit(bytes);
        assert!(audit.level >= Level::Suspicious, "{name:?} {:?}", audit.level);
        assert!(audit.findings.iter().any(|finding| finding.rule.id == "resource-bomb"), "{name:?}");
    }
    let honest = [
        call("datetime", "timedelta", &[int(999_999_999)]),
        call("pandas._libs.tslibs.timestamps", "_unpickle_timestamp", &[huge(), b"N".to_vec(), b"N".to_vec()]),
        call("ipaddress", "IPv4Address", &[long(0xffff_ffff)]),
        call("builtins", "slice", &[b"N".to_vec(), long(i64::MAX as u128), b"N".to_vec()]),
        call("builtins", "ValueError", &[huge()]),
        call("sklearn.exceptions", "NotFittedError", &[text("x"), huge()]),
        call("fractions", "Fraction", &[text("1000000000000/7")]),
        call("uuid", "UUID", &[text("12345678123456781234567812345678")]),
    ];
    for bytes in &honest {
        let name = String::from_utf8_lossy(&bytes[..25]).into_owned();
        assert!(audit(bytes).level <= Level::Recognised, "{name:?}");
    }
}
