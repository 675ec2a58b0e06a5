//! `picklescope scan --cache`: a second scan says the same and reads only what changed, and nothing in a file makes it say anything else.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const HOSTILE: &[u8] = b"cos\nsystem\n(S'echo'\ntR.";
const DATA: &[u8] = b"\x80\x04]\x94(K\x01K\x02e.";

/// An empty folder with `files` to scan in it, beside a cache.
fn place(name: &str) -> (PathBuf, PathBuf) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cache-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join("files")).unwrap();
    (path.join("files"), path.join("cache"))
}

fn run(words: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    command.args(["scan", "--json"]).args(words).stdin(Stdio::null());
    command.output().unwrap()
}

fn scan(files: &Path, cache: &Path, more: &[&str]) -> Vec<Value> {
    let more = more.iter().map(Path::new);
    let output = run(&[files, Path::new("--cache"), cache].into_iter().chain(more).collect::<Vec<_>>());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn plain(files: &Path) -> Vec<Value> {
    serde_json::from_slice(&run(&[files]).stdout).unwrap()
}

fn entries(cache: &Path) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![cache.to_owned()]);
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { todo.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Writes a mark into the only entry, so that a report that comes from it is seen.
fn mark(entry: &Path) {
    let text = fs::read_to_string(entry).unwrap();
    let mut report: Value = serde_json::from_str(&text[64..]).unwrap();
    report["notes"] = serde_json::json!(["from the cache"]);
    let body = report.to_string();
    fs::write(entry, data_encoding::HEXLOWER.encode(&Sha256::digest(&body)) + &body).unwrap();
}

fn is_marked(report: &Value) -> bool {
    report["notes"][0] == "from the cache"
}

#[test]
fn a_second_scan_says_the_same_and_reads_what_changed() {
    let (files, cache) = place("again");
    for number in 0..20_u8 {
        let bytes = if number % 5 == 0 { HOSTILE.to_vec() } else { vec![0x80, 4, b'K', number, b'.'] };
        fs::write(files.join(format!("{number:02}.pkl")), bytes).unwrap();
    }
    fs::write(files.join("large.bin"), vec![7; 5 << 20]).unwrap();
    // A hash of this one would take longer than the scan.
    fs::File::create(files.join("huge.bin")).unwrap().set_len((64 << 20) + 1).unwrap();
    let expected = plain(&files);
    assert_eq!(scan(&files, &cache, &[]), expected, "while it is filled");
    let kept = entries(&cache);
    assert_eq!(kept.len(), 21);
    assert_eq!(scan(&files, &cache, &[]), expected, "from it");
    assert_eq!(entries(&cache), kept);
    // Elsewhere, under the same names.
    let moved = files.with_file_name("moved");
    fs::rename(&files, &moved).unwrap();
    assert_eq!(scan(&moved, &cache, &[]), plain(&moved));
    assert_eq!(entries(&cache), kept);
    fs::write(moved.join("01.pkl"), HOSTILE).unwrap();
    assert_eq!(scan(&moved, &cache, &[])[1]["level"], "dangerous");
    assert_eq!(entries(&cache).len(), kept.len() + 1);
}

#[test]
fn an_entry_is_for_one_content_name_and_budget() {
    let (files, cache) = place("key");
    let file = files.join("a.pkl");
    fs::write(&file, DATA).unwrap();
    scan(&files, &cache, &[]);
    mark(&entries(&cache)[0]);
    assert!(is_marked(&scan(&files, &cache, &[])[0]), "it is asked at all");
    // A file that is the same but for a byte, or what follows it, has nothing of it, nor has one of the same size and date.
    let date = fs::metadata(&file).unwrap().modified().unwrap();
    for other in [&b"\x80\x04]\x94(K\x01K\x03e."[..], &[DATA, b"\n"].concat(), &[DATA, HOSTILE].concat(), b"", b"N."] {
        fs::write(&file, other).unwrap();
        fs::File::options().write(true).open(&file).unwrap().set_modified(date).unwrap();
        assert_eq!(scan(&files, &cache, &[]), plain(&files));
    }
    fs::write(&file, DATA).unwrap();
    assert!(is_marked(&scan(&files, &cache, &[])[0]));
    for more in [["--limit-memory", "300M"], ["--max-unpacked", "77M"]] {
        assert!(!is_marked(&scan(&files, &cache, &more)[0]), "{more:?}");
    }
    // The name decides whether a text that is no pickle is one that cannot be read.
    let renamed = files.join("a.txt");
    fs::rename(&file, &renamed).unwrap();
    assert!(!is_marked(&scan(&files, &cache, &[])[0]));
    fs::write(&renamed, b"no pickle at all").unwrap();
    assert_eq!(scan(&files, &cache, &[])[0]["reading"], "complete");
    fs::rename(&renamed, &file).unwrap();
    assert_eq!(scan(&files, &cache, &[])[0]["reading"], "partial");
}

#[test]
fn a_partial_reading_is_not_kept() {
    let (files, cache) = place("partial");
    fs::write(files.join("cut.pkl"), &DATA[..6]).unwrap();
    for _ in 0..2 {
        assert_eq!(scan(&files, &cache, &[])[0]["reading"], "partial");
        assert_eq!(entries(&cache), Vec::<PathBuf>::new());
    }
}

/// A scan opens no other file than the one that it reports on, so what is beside it is not a part of the entry.
#[test]
fn what_is_beside_a_file_changes_nothing() {
    let (files, cache) = place("beside");
    let folder = crate::support::tests().join("fixtures/containers/joblib-0.9.4-py2");
    let with_side_files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in &with_side_files {
        fs::copy(path, files.join(path.file_name().unwrap())).unwrap();
    }
    let together = scan(&files, &cache, &[]);
    for report in &together {
        let alone = files.with_file_name("alone");
        let _ = fs::remove_dir_all(&alone);
        fs::create_dir(&alone).unwrap();
        let path = Path::new(report["path"].as_str().unwrap());
        fs::copy(path, alone.join(path.file_name().unwrap())).unwrap();
        let mut lone = plain(&alone).remove(0);
        lone["path"] = report["path"].clone();
        assert_eq!(&lone, report);
    }
}

#[test]
fn a_damaged_entry_is_scanned_again() {
    let (files, cache) = place("damaged");
    fs::write(files.join("a.pkl"), HOSTILE).unwrap();
    let expected = scan(&files, &cache, &[]);
    let entry = entries(&cache).remove(0);
    let whole = fs::read(&entry).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [&b""[..], &whole[..40], &whole[..64], &whole[..whole.len() - 1], &flipped, &[0xff; 5000]] {
        fs::write(&entry, damaged).unwrap();
        assert_eq!(scan(&files, &cache, &[]), expected);
        assert!(fs::read(&entry).unwrap() == whole, "and written again");
    }
}

/// Who makes what is scanned could put reports beside it.
#[test]
fn a_cache_that_others_may_fill_is_refused() {
    let (files, cache) = place("refused");
    fs::write(files.join("a.pkl"), HOSTILE).unwrap();
    let refuse = |cache: &Path, scanned: &Path| {
        let output = run(&[Path::new("--cache"), cache, scanned]);
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(64), &b""[..]), "{}", cache.display());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refuse(&files.join("deep/cache"), &files).contains("is scanned"));
    assert!(!files.join("deep").exists(), "and not made");
    assert!(refuse(&files, &files).contains("is scanned"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let link = files.with_file_name("link");
        std::os::unix::fs::symlink(&files, &link).unwrap();
        assert!(refuse(&link.join("cache"), &files).contains("is scanned"));
        fs::create_dir_all(&cache).unwrap();
        for mode in [0o777, 0o770, 0o702] {
            fs::set_permissions(&cache, fs::Permissions::from_mode(mode)).unwrap();
            assert!(refuse(&cache, &files).contains("other users"), "{mode:o}");
        }
        fs::remove_dir(&cache).unwrap();
        scan(&files, &cache, &[]);
        assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);
    }
    fs::write(cache.with_file_name("file"), b"").unwrap();
    refuse(&cache.with_file_name("file"), &files);
}

#[test]
fn lines_and_bytes_are_kept_as_well() {
    let (files, cache) = place("lines");
    fs::write(files.join("a.pkl"), DATA).unwrap();
    let given = format!("{{\"name\": \"up/a.pkl\", \"base64\": \"{}\"}}\na.pkl\n", data_encoding::BASE64.encode(DATA));
    fs::write(cache.with_file_name("lines"), given).unwrap();
    let run = || {
        let lines = fs::File::open(cache.with_file_name("lines")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
        command.args(["scan", "--stdin", "--cache"]).arg(&cache).current_dir(&files).stdin(lines);
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    run();
    assert_eq!(entries(&cache).len(), 1, "the same bytes under the same name");
    mark(&entries(&cache)[0]);
    let again = run();
    assert!(again.iter().all(is_marked));
    assert_eq!((&again[0]["path"], &again[1]["path"]), (&"up/a.pkl".into(), &"a.pkl".into()));
}
