//! What inputs are: every sign, and that no pickle is mistaken for anything.

use crate::support;
use picklescope::bytes::{MemorySource, Source};
use picklescope::container::{Archive, Format, Kind, Packing, describe, sniff, zip_at_end};
use std::sync::Arc;
use support::{fixture, fixtures, manifest};

fn known(bytes: &[u8]) -> Option<Format> {
    sniff(&MemorySource::new(bytes.to_vec()))
}

fn described(bytes: &[u8]) -> &'static str {
    describe(&MemorySource::new(bytes.to_vec())).map_or("", |kind| kind.name)
}

#[test]
fn no_pickle_is_mistaken() {
    for fixture in fixtures() {
        assert_eq!(known(&fixture.bytes), None, "{}", fixture.name);
        assert!(!zip_at_end(&(Arc::new(MemorySource::new(fixture.bytes)) as Arc<dyn Source>)), "{}", fixture.name);
    }
}

/// Protocol 0 and 1 pickles that begin like something else.
#[test]
fn pickles_that_look_like_headers_are_not_mistaken() {
    // MARK and a text, which has the bits of a zlib header.
    assert_eq!(known(b"(S'a'\ntR."), None);
    assert_eq!(known(b"(Sabc"), None);
    // Texts of 1033 and 40 characters: X is a zlib window of 8 KiB, 9 and 40 check it.
    let mut long = b"X\x09\x04\0\0".to_vec();
    long.extend([b'a'; 1033]);
    long.push(b'.');
    assert_eq!(known(&long), None);
    assert_eq!(known(b"X(\0\0\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."), None);
    // A short text of 42 characters that begins as a skippable frame goes on.
    let mut skippable = b"U*M\x18\x01\0\0\0".to_vec();
    skippable.extend([b'a'; 36]);
    skippable.push(b'.');
    assert_eq!(known(&skippable), None);
    // An empty list, and a list of lists.
    assert_eq!(known(b"]."), None);
    assert_eq!(known(b"](]]]]]e."), None);
    assert_eq!(known(b"BZh9abcdef"), None);
    assert_eq!(known(b"ZF0xyz"), None);
}

#[test]
fn archives_and_arrays_are_known() {
    for entry in manifest("packed/MANIFEST.json") {
        let name = entry["file"].as_str().unwrap();
        let Some(archive) = entry["archive"].as_str().filter(|_| name != "prefix.zip") else { continue };
        match known(&fixture(&format!("packed/{name}"))) {
            Some(Format::Archive(found)) => assert_eq!(found.name(), archive, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(known(&fixture("packed/v1.npy")), Some(Format::Npy));
    assert_eq!(known(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), Some(Format::Archive(Archive::Zip)));
    assert_eq!(known(b"PK\x07\x08PK\x03\x04"), Some(Format::Archive(Archive::Zip)));
}

#[test]
fn a_version_7_tar_is_known_by_its_checksum() {
    let mut block = fixture("packed/ustar.tar")[..512].to_vec();
    block[257..].fill(0);
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    assert_eq!(known(&block), Some(Format::Archive(Archive::Tar)));
    block[0] ^= 1;
    assert_eq!(known(&block), None);
    // With the magic a broken checksum is damage.
    let mut block = fixture("packed/ustar.tar")[..512].to_vec();
    block[0] ^= 1;
    assert_eq!(known(&block), Some(Format::Archive(Archive::Tar)));
}

#[test]
fn skippable_frames_are_looked_behind() {
    let frame = |rest: &[u8]| [b"\x50\x2a\x4d\x18\x03\0\0\0abc", rest].concat();
    assert_eq!(known(&frame(b"\x28\xb5\x2f\xfd")), Some(Format::Packed(Packing::Zstd)));
    assert_eq!(known(&frame(b"\x04\x22\x4d\x18")), Some(Format::Packed(Packing::Lz4)));
    assert_eq!(known(&frame(&frame(b"\x02\x21\x4c\x18"))), Some(Format::Packed(Packing::Lz4)));
    assert_eq!(known(&frame(b"")), Some(Format::Packed(Packing::Zstd)));
    assert_eq!(known(&frame(b"else")), None);
}

#[test]
fn other_formats_are_named_with_what_to_do() {
    let mut pe = vec![0; 68];
    pe[..2].copy_from_slice(b"MZ");
    pe[60] = 64;
    pe[64..].copy_from_slice(b"PE\0\0");
    let cases: &[(&[u8], &str, &str)] = &[
        (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file", "h5py"),
        (b"GGUF\x03\0\0\0", "a GGUF model", "gguf"),
        (b"\x0a\0\0\0\0\0\0\0{\"a\":{}}  ", "a safetensors file", "no code"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer", "git lfs pull"),
        (b"<!DOCTYPE html>", "an HTML page", "instead of the file"),
        (b"PAR1\x15\0", "a Parquet file", "pandas"),
        (b"ARROW1\0\0", "an Arrow (Feather) file", "pandas"),
        (b"SQLite format 3\0", "an SQLite database", "sqlite3"),
        (b"\x7fELF\x02", "an ELF program or library", "program"),
        (&pe, "a Windows program or library", "program"),
        (b"\x1c\0\0\0TFL3", "a TensorFlow Lite model", "TensorFlow Lite"),
        (b"RDX3\nA\n", "an R data file", "pyreadr"),
        (b"MATLAB 5.0 MAT-file, Platform", "a MATLAB file", "loadmat"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive", "Unpack"),
    ];
    for (bytes, name, advice) in cases {
        let Some(Format::Other(kind)) = known(bytes) else { panic!("{name} is not known") };
        assert_eq!(kind.name, *name);
        assert!(kind.advice.contains(advice), "{name}: {}", kind.advice);
        assert_eq!(described(bytes), *name);
    }
    // A length that is longer than the file is no safetensors header.
    assert_eq!(known(b"\xff\0\0\0\0\0\0\0{\"a\":{}}"), None);
}

#[test]
fn weaker_guesses_are_made_only_when_asked_for() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "an empty file"),
        (b"{\"a\": 1}", "a JSON file"),
        (b"  [1, 2]", "a JSON file"),
        (b"[section]\nkey = 1\n", "a text file"),
        (b"a,b,c\n1,2,3\n4,5,6\n", "a table as text (CSV)"),
        (b"a;b\r\n1;2\r\n", "a table as text (CSV)"),
        (b"hello\nworld\n", "a text file"),
        ("gr\u{fc}\u{df}e".as_bytes(), "a text file"),
        (b"\xff\xfeh\0i\0", "a text file in UTF-16"),
        (b"\n<svg xmlns=\"x\">", "an XML or HTML document"),
        (b" <head><title>404</title>", "an HTML page"),
        (b"\x08\x07\x12\x07pytorch\x1a\x032.1", "an ONNX model"),
        (&[0; 600], "a file of zeros"),
        (b"tree\nversion=v4\nnum_class=1\n", "a LightGBM model as text"),
        (b"\x01\x02\x03\x04", ""),
    ];
    for (bytes, name) in cases {
        assert_eq!(known(bytes), None, "{name}");
        assert_eq!(described(bytes), *name);
    }
}

#[test]
fn every_format_has_a_name_and_advice() {
    use Packing::{BareLzma, Bzip2, Deflate, Gzip, JoblibZf, Lz4, Lzma, Xz, Zlib, Zstd};
    let packings = [Gzip, Zlib, Bzip2, Xz, Lzma, Zstd, Lz4, JoblibZf, Deflate, BareLzma].map(Format::Packed);
    let archives = [Archive::Zip, Archive::Tar, Archive::SevenZip].map(Format::Archive);
    for format in packings.into_iter().chain(archives).chain([Format::Npy]) {
        let Kind { name, advice } = format.kind();
        assert!(name.len() > 5 && advice.ends_with('.'), "{name}: {advice}");
    }
}
