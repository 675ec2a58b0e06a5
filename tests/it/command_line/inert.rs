//! Whatever a file holds, no character of it that acts on a terminal, turns a line around or hides gets into what any
//! command prints.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One of each kind: C0, DEL, C1, separators, bidirectional controls, zero width, format characters, tags, fillers, variants.
const ACTIVE: &str = "\u{1}\u{7}\u{8}\n\r\t\u{b}\u{1b}]0;x\u{7}\u{1b}[31m\u{7f}\u{85}\u{9b}31m\u{9d}\u{a0}\u{ad}\u{34f}\u{61c}\
    \u{115f}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{206f}\
    \u{2800}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e0001}\u{e0041}\u{e0101}\u{f0000}\nforged.pkl: Data only";

/// Whether a character may be printed; `\n` and `\t` only stand where a command put them, which is looked at apart.
fn is_plain(c: char) -> bool {
    const HIDDEN: [(char, char); 15] = [
        ('\u{a0}', '\u{a0}'),
        ('\u{ad}', '\u{ad}'),
        ('\u{34f}', '\u{34f}'),
        ('\u{61c}', '\u{61c}'),
        ('\u{115f}', '\u{1160}'),
        ('\u{180b}', '\u{180f}'),
        ('\u{200b}', '\u{200f}'),
        ('\u{2028}', '\u{202e}'),
        ('\u{2060}', '\u{206f}'),
        ('\u{2800}', '\u{2800}'),
        ('\u{3164}', '\u{3164}'),
        ('\u{fe00}', '\u{fe0f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{ffa0}', '\u{ffa0}'),
        ('\u{fff9}', '\u{fffb}'),
    ];
    let is_hidden = HIDDEN.iter().any(|&(first, last)| (first..=last).contains(&c)) || c >= '\u{e0000}';
    c == '\n' || c == '\t' || !c.is_control() && !is_hidden
}

fn check(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    if let Some(c) = text.chars().find(|&c| !is_plain(c)) {
        let line = text.lines().find(|line| line.contains(c)).unwrap_or_default();
        panic!("{what}: {c:?} in {:?}", line.chars().take(300).collect::<String>());
    }
    let forged = text.lines().find(|line| line.starts_with("forged.pkl"));
    assert_eq!(forged, None, "{what}: a name made up a line");
}

fn long(text: &[u8]) -> Vec<u8> {
    [&b"X"[..], &u32::try_from(text.len()).unwrap().to_le_bytes(), text].concat()
}

/// A pickle with such text wherever there can be text.
fn pickle() -> Vec<u8> {
    let text = long(ACTIVE.as_bytes());
    let surrogate = long(b"a\xed\xa0\x80b");
    let overlong = long(&[b"n".repeat(5000), ACTIVE.as_bytes().to_vec()].concat());
    let bytes = [&b"B"[..], &u32::try_from(ACTIVE.len()).unwrap().to_le_bytes(), ACTIVE.as_bytes()].concat();
    let mut out = b"\x80\x04(".to_vec();
    out.extend_from_slice(&[&text[..], &bytes, &surrogate].concat());
    // A dict with such keys, a set with such members.
    out.extend_from_slice(&[&b"}("[..], &text, &text, &surrogate, &overlong, b"u"].concat());
    out.extend_from_slice(&[&b"\x8f("[..], &text, b"\x90"].concat());
    // Names of modules and classes, called, and with a state.
    for (module, name) in [(&text, &text), (&overlong, &text), (&surrogate, &surrogate), (&text, &overlong)] {
        out.extend_from_slice(&[&module[..], name, b"\x93", &text, b"\x85R}", &text, &text, b"sb"].concat());
    }
    let lines = ACTIVE.replace('\n', "");
    out.extend_from_slice(format!("cos{lines}\nsystem{lines}\n)R").as_bytes());
    out.extend_from_slice(&[&b"cos\nsystem\n"[..], &text, b"\x85R"].concat());
    out.extend_from_slice(&[&text[..], b"Q"].concat());
    out.extend_from_slice(format!("I1{}\n", lines.replace('\r', "")).as_bytes());
    out
}

/// The same read to its end.
fn whole() -> Vec<u8> {
    let all = pickle();
    // Without the number that does not read.
    let end = all.windows(3).rposition(|window| window == b"QI1").unwrap();
    [&all[..=end], b"t."].concat()
}

/// A zip archive of stored entries by their names.
fn zip(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in entries {
        let start = u32::try_from(out.len()).unwrap().to_le_bytes();
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let facts = [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0][..], &crc.sum().to_le_bytes(), &size, &size].concat();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        out.extend_from_slice(&[&b"PK\x03\x04"[..], &facts, &length, &[0, 0], name, bytes].concat());
        let rest = [&length[..], &[0; 12], &start, name].concat();
        directory.extend_from_slice(&[&b"PK\x01\x02\x14\0"[..], &facts, &rest].concat());
    }
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    out.extend_from_slice(&directory);
    out.extend_from_slice(&[&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &start, &[0, 0]].concat());
    out
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &[u8], bytes: &[u8]) -> PathBuf {
        let path = self.0.join(OsStr::from_bytes(name));
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Every command that prints, in every format that is text. The file comes last, or where `{file}` stands.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["info"],
    &["info", "--json"],
    &["dis"],
    &["dis", "-a", "-p", "{name}"],
    &["tree"],
    &["json"],
    &["python"],
    &["contents"],
    &["export", "-f", "plain-json"],
    &["export", "-f", "json"],
    &["export", "-f", "python"],
    &["export", "-f", "tree"],
    &["export", "-f", "dis"],
    &["scan"],
    &["scan", "--format", "json"],
    &["scan", "--format", "sarif"],
    &["trace"],
    &["trace", "--json"],
    &["readers"],
    &["readers", "--torch", "--json"],
    &["bytes"],
    &["bytes", "--layer", "0", "--count", "4096"],
    &["bytes", "--json", "--at", "0"],
    &["size"],
    &["size", "--by", "class"],
    &["size", "--by", "entry"],
    &["size", "--json"],
    &["find", "{file}", "a"],
    &["find", "--json", "{file}", "a"],
    &["explain", "KeyError: 118"],
    &["explain", "--json", "KeyError: 118"],
    &["stubs"],
    &["stubs", "--classes"],
    &["stubs", "--loader"],
    &["stubs", "--torch"],
    &["stubs", "--requirements"],
];

#[test]
fn nothing_of_a_file_acts() {
    let folder = Folder::new("inert");
    let name = |ending: &str| format!("{}{ending}", ACTIVE.replace('/', "")).into_bytes();
    // Names in a file system have at most 255 bytes.
    let plain = folder.write(&name(".pkl"), &pickle());
    let complete = folder.write(&name(".p"), &whole());
    let nested = format!("folder{ACTIVE}/{ACTIVE}.pkl");
    let entries: [(&[u8], &[u8]); 5] = [
        (ACTIVE.as_bytes(), &whole()),
        (nested.as_bytes(), &pickle()),
        (&[b"m".repeat(3000), ACTIVE.as_bytes().to_vec()].concat(), b"text"),
        (b"bad\xff\xed\xa0\x80.pkl", b"\x80\x04N"),
        (b"PK\x03\x04.zip", b"PK\x03\x04"),
    ];
    let archive = folder.write(&name(".zip"), &zip(&entries));
    let undecodable = folder.write(b"\xff\xfe\x1b[31m.pkl", b"\x80\x04N");
    let cut = folder.write(&name(".gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\xff");
    for path in [&plain, &complete, &archive, &undecodable, &cut] {
        for words in COMMANDS {
            let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
            for &word in *words {
                match word {
                    "{file}" => command.arg(path),
                    word => command.arg(word),
                };
            }
            if !words.contains(&"{file}") {
                command.arg(path);
            }
            let output = command.output().unwrap();
            let what = format!("{words:?} {}", path.display().to_string().escape_debug());
            check(&what, &output.stdout);
            check(&what, &output.stderr);
            assert!(output.status.code().is_some_and(|code| code < 70), "{what}: {:?}", output.status);
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_picklescope")).arg("scan").arg(&folder.0).output().unwrap();
    check("the folder", &output.stdout);
    check("the folder", &output.stderr);
}

/// Mistakes repeat what was typed, which may be the name of a file.
#[test]
fn messages_repeat_nothing_that_acts() {
    let odd = ACTIVE.replace('\0', "");
    let wrong: [&[&str]; 10] = [
        &["info", &odd],
        &["scan", &odd],
        &["--nonsense", &odd],
        &[&format!("--{odd}"), "x"],
        &["tree", "--depth", &odd, "x"],
        &["scan", "--format", &odd, "x"],
        &["scan", "--limit-memory", &odd, "x"],
        &["export", "-f", &odd, "x"],
        &["contents", "--member", &odd, "/dev/null"],
        &["export", "-f", "json", "--path", &odd, "/dev/null"],
    ];
    for words in wrong {
        let output = Command::new(env!("CARGO_BIN_EXE_picklescope")).args(words).output().unwrap();
        check(&format!("{words:?}"), &output.stdout);
        check(&format!("{words:?}"), &output.stderr);
    }
}

/// JSON says the same as before, spelled out.
#[test]
fn json_keeps_what_it_spells() {
    let folder = Folder::new("inert-json");
    let text = "a\u{202e}b\u{200b}\u{85}\u{e0041}ä\u{1f600}";
    let path =
        folder.write(format!("{text}.pkl").as_bytes(), &[&b"\x80\x04"[..], &long(text.as_bytes()), b"."].concat());
    let json = |words: &[&str]| -> serde_json::Value {
        let output = Command::new(env!("CARGO_BIN_EXE_picklescope")).args(words).arg(&path).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(json(&["json"])["streams"][0]["root"], text);
    assert!(json(&["scan", "--format", "json"])[0]["path"].as_str().unwrap().ends_with(&format!("{text}.pkl")));
    // What is shown of a document is marked already; who asks has its name.
    let shown = picklescope::opcode::visible(text);
    assert!(json(&["info", "--json"])["name"].as_str().unwrap().ends_with(&format!("{shown}.pkl")));
}

/// Overlong names are cut, and the length is said.
#[test]
fn overlong_names_say_how_long_they_are() {
    let bytes = zip(&[(&b"n".repeat(20_000), b"\x80\x04N.")]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_picklescope"))
        .args(["contents", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(out.contains("n\u{2026} (20000 characters)"), "{out}");
    assert!(out.lines().all(|line| line.len() < 1000), "{out}");
}
