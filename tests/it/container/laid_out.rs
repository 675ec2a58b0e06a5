//! Pickles in texts, with changed line ends, behind times and heads, in shelves: what they are is shown, and scanned.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::Outcome;
use std::sync::Arc;
use support::fixture;

fn open(files: &[(&str, &[u8])]) -> Bundle {
    let source = |bytes: &[u8]| -> Arc<dyn Source> { Arc::new(MemorySource::new(bytes.to_vec())) };
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), source(bytes))).collect();
    Bundle::open(files, Limits::default(), &mut |_| {})
}

/// The first row of what is shown, and the notes.
fn shown(bundle: &Bundle) -> (String, String) {
    let row = bundle.document().rows(0, 1).remove(0);
    let preview: Vec<String> = row.preview.into_iter().map(|part| part.text).collect();
    let notes: Vec<String> = bundle.document().overview().notes.into_iter().map(|note| note.message).collect();
    (preview.join(" "), notes.join("\n"))
}

fn level(files: &[(&str, &[u8])]) -> Outcome {
    open(files).report("file", u64::MAX, &mut |_| {}).level
}

/// `{'lr': 1}`
const PICKLE: &[u8] = b"\x80\x04}\x8c\x02lrK\x01s.";
/// `os.system('id')`
const SHELL: &[u8] = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.";

/// A zlib stream with the bytes as they are.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let (mut low, mut high) = (1u32, 0u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    let mut stream = vec![0x78, 1, 1];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

#[test]
fn texts_are_read_as_the_pickles_that_they_spell() {
    let base64 = data_encoding::BASE64.encode(PICKLE);
    let hex = data_encoding::HEXLOWER.encode(PICKLE);
    let json = format!("{{\"a\": 1, \"b\": \"{base64}\"}}");
    let long = data_encoding::BASE64.encode(b"\x80\x04}\x8c\x10a key that is soK\x01s.");
    let json_long = format!("{{\"a\": 1, \"b\": \"{long}\"}}");
    let escapes = PICKLE.iter().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    for text in [base64.clone(), hex, format!("b'{escapes}'"), format!("1) \"{escapes}\"\n"), format!("\"{base64}\"\n")]
    {
        let bundle = open(&[("note.txt", text.as_bytes())]);
        let (row, notes) = shown(&bundle);
        assert!(row.contains("'lr': 1"), "{text}: {row}");
        assert!(notes.contains("it spells a pickle"), "{text}: {notes}");
        assert_eq!(level(&[("note.txt", text.as_bytes())]), Outcome::DataOnly, "{text}");
    }
    assert!(shown(&open(&[("settings.json", json_long.as_bytes())])).0.contains("a key that is so"));
    // Fewer digits than can name anything are left alone.
    assert!(!shown(&open(&[("settings.json", json.as_bytes())])).1.contains("spells"));
    let shell = data_encoding::BASE64.encode(SHELL);
    assert_eq!(level(&[("note.txt", shell.as_bytes())]), Outcome::Dangerous);
    // Two spellings are not one text in lines.
    let both = format!("{}\n{shell}\n", data_encoding::HEXLOWER.encode(PICKLE));
    assert_eq!(level(&[("note.txt", both.as_bytes())]), Outcome::Dangerous);
    assert!(shown(&open(&[("note.txt", both.as_bytes())])).1.contains("it spells 2 pickles"));
    assert_eq!(level(&[("note.txt", b"an ordinary text of some words\n")]), Outcome::NotAPickle);
}

#[test]
fn line_ends_that_were_changed_are_put_back() {
    let mut tried = 0;
    for name in ["real/numpy-2.4/arrays.p0.pkl", "real/pandas-2.2/times.p0.pkl", "real/stdlib/scalars.p0.pkl"] {
        let path = support::tests().join("fixtures").join(name);
        if !path.exists() {
            continue;
        }
        let bytes = fixture(name);
        let mut changed = Vec::new();
        for byte in &bytes {
            changed.extend((*byte == b'\n').then_some(b'\r'));
            changed.push(*byte);
        }
        let (own, mended) = (shown(&open(&[("a.pkl", &bytes)])), shown(&open(&[("a.pkl", &changed)])));
        assert_eq!(own.0, mended.0, "{name}");
        assert!(mended.1.contains("line ends"), "{name}: {}", mended.1);
        assert!(!own.1.contains("line ends"), "{name}: {}", own.1);
        tried += 1;
    }
    assert!(tried > 0);
}

#[test]
fn values_of_caches_are_shown_with_their_time() {
    let expires = [&b"\x80\x04G"[..], &1_795_956_566.5f64.to_be_bytes(), b"."].concat();
    let file = [&expires[..], &zlib(PICKLE)].concat();
    let (row, notes) = shown(&open(&[("a.djcache", &file)]));
    assert!(row.contains("'lr': 1") && notes.contains("1795956566.5 seconds"), "{row} {notes}");
    assert_eq!(level(&[("a.djcache", &file)]), Outcome::DataOnly);
    let evil = [&expires[..], &zlib(SHELL)].concat();
    assert_eq!(level(&[("a.djcache", &evil)]), Outcome::Dangerous);
    let packed = [&1_795_956_565u32.to_le_bytes()[..], PICKLE].concat();
    let (row, notes) = shown(&open(&[("a.cache", &packed)]));
    assert!(row.contains("'lr': 1") && notes.contains("1795956565 seconds"), "{row} {notes}");
}

#[test]
fn files_of_renpy_are_named() {
    let stream = zlib(PICKLE);
    let data = [b'.'; 100];
    let archive = [format!("RPA-3.0 {:016x} deadbeef\n", 34 + data.len()).as_bytes(), &data, &stream].concat();
    let (row, notes) = shown(&open(&[("archive.rpa", &archive)]));
    assert!(row.contains("'lr': 1") && notes.contains("archive of Ren'Py"), "{row} {notes}");
    let mut script = b"RENPY RPC2".to_vec();
    let (first, second) = (46u32, 46 + stream.len() as u32);
    for number in [1, first, stream.len() as u32, 2, second, stream.len() as u32, 0, 0, 0] {
        script.extend(number.to_le_bytes());
    }
    script.extend([&stream[..], &zlib(SHELL)].concat());
    let short = script.len() as u32 - second;
    script[30..34].copy_from_slice(&short.to_le_bytes());
    let (row, notes) = shown(&open(&[("script.rpyc", &script)]));
    assert!(row.contains("'lr': 1") && notes.contains("compiled script of Ren'Py"), "{row} {notes}");
    assert_eq!(level(&[("script.rpyc", &script)]), Outcome::Dangerous);
}

#[test]
fn values_of_shelves_go_by_their_keys() {
    let mut data = PICKLE.to_vec();
    data.resize(512, 0);
    data.extend(SHELL);
    let directory = format!("'person', (0, {})\n'it', (512, {})\n", PICKLE.len(), SHELL.len());
    let files: [(&str, &[u8]); 2] = [("shelf.dat", &data), ("shelf.dir", directory.as_bytes())];
    let mut bundle = open(&files);
    let (row, notes) = shown(&bundle);
    assert!(row.contains("'lr': 1") && notes.contains("2 keys, of which person is the first"), "{row} {notes}");
    assert!(bundle.find("it", &mut |_| {}).is_some());
    assert_eq!(level(&files), Outcome::Dangerous);
}

#[test]
fn arrays_behind_an_array_are_named() {
    let one = fixture("packed/v1.npy");
    let bundle = open(&[("two.npy", &[&one[..], &one].concat())]);
    assert!(shown(&bundle).1.contains("behind this array 1 more stand"), "{}", shown(&bundle).1);
    assert!(!shown(&open(&[("one.npy", &one)])).1.contains("behind"));
}
