//! `picklescope scan` as a person or a script meets it: formats, exit codes, folders, what cannot be read.

use crate::support;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use support::tests;

/// GLOBAL, a text, TUPLE1, REDUCE, STOP.
const HOSTILE: &[u8] = b"cos\nsystem\n(S'echo'\ntR.";
const DATA: &[u8] = b"\x80\x04]\x94(K\x01K\x02e.";
const UNKNOWN: &[u8] = b"cmy_module\nThing\n)R.";
/// An EXT1, which is suspicious.
const SUSPICIOUS: &[u8] = b"\x80\x02\x82\x01.";
/// No STOP.
const CUT: &[u8] = b"\x80\x04]\x94(K\x01K\x02e";

/// A folder of one test, empty at first and gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        // Tests run side by side, and two may think of the same name.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scan-{name}-{count}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    command.arg("scan").args(words);
    command
}

fn finish(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn scan(words: &[&str]) -> (i32, String, String) {
    finish(command(words).output().unwrap())
}

fn reports(words: &[&str]) -> (i32, Vec<Value>) {
    let (code, out, error) = scan(&[&["--format", "json"], words].concat());
    assert_eq!(error, "");
    (code, serde_json::from_str(&out).unwrap())
}

#[test]
fn exit_codes_are_those_of_the_worst() {
    let folder = Folder::new("codes")
        .with("data.pkl", DATA)
        .with("hostile.pkl", HOSTILE)
        .with("unknown.pkl", UNKNOWN)
        .with("suspicious.pkl", SUSPICIOUS)
        .with("cut.pkl", CUT);
    let code = |names: &[&str], threshold: &str| {
        let paths: Vec<String> = names.iter().map(|name| folder.path(name)).collect();
        let mut words: Vec<&str> = paths.iter().map(String::as_str).collect();
        words.extend(["--fail-on", threshold]);
        let codes: Vec<i32> = ["text", "json", "sarif"]
            .iter()
            .map(|format| scan(&[&words[..], &["--format", format]].concat()).0)
            .collect();
        assert!(codes.iter().all(|code| *code == codes[0]), "{names:?} {threshold}: {codes:?}");
        codes[0]
    };
    assert_eq!(code(&["data.pkl"], "unknown"), 0);
    assert_eq!(code(&["unknown.pkl"], "unknown"), 1);
    assert_eq!(code(&["unknown.pkl"], "suspicious"), 0);
    assert_eq!(code(&["suspicious.pkl"], "suspicious"), 1);
    assert_eq!(code(&["suspicious.pkl"], "dangerous"), 0);
    assert_eq!(code(&["hostile.pkl"], "dangerous"), 1);
    assert_eq!(code(&["cut.pkl"], "suspicious"), 2);
    assert_eq!(code(&["cut.pkl", "hostile.pkl"], "suspicious"), 1, "a finding counts more than what was not read");
    assert_eq!(code(&["cut.pkl", "suspicious.pkl"], "dangerous"), 2);
    assert_eq!(code(&["no-such-file.pkl"], "dangerous"), 2);
    assert_eq!(code(&["no-such-file.pkl", "hostile.pkl"], "dangerous"), 1);
    let data = folder.path("data.pkl");
    assert_eq!(scan(&[&data]).0, 0, "the threshold is suspicious when nothing is said");
    assert_eq!(scan(&[&folder.path("suspicious.pkl")]).0, 1);
    assert_eq!(scan(&[&folder.path("unknown.pkl")]).0, 0);
}

/// 1 and 2 would say something of the files.
#[test]
fn a_wrong_command_line_is_64() {
    let wrong = [
        &[][..],
        &["--format", "xml", "a.pkl"],
        &["--json", "--format", "sarif", "a.pkl"],
        &["--fail-on", "all", "a.pkl"],
        &["--nonsense", "a.pkl"],
    ];
    for words in wrong {
        let (code, out, error) = scan(words);
        assert_eq!((code, out.as_str()), (64, ""), "{words:?}: {error}");
        assert!(error.contains("Usage") || error.contains("error"), "{error}");
    }
    let (code, out, _) = scan(&["--help"]);
    assert!(code == 0 && out.contains("64") && out.contains("--fail-on"), "{out}");
}

#[test]
fn a_folder_is_read_to_its_last_file_by_content_and_sorted() {
    let mut folder = Folder::new("folders")
        .with("b/hidden.txt", HOSTILE)
        .with("b/.dot/none", UNKNOWN)
        .with("a.pkl", DATA)
        .with("notes.md", b"# Notes\n\nNothing here.\n")
        .with("weights.bin", &[0x3f; 5000]);
    for number in 0..40 {
        folder = folder.with(&format!("many/{number:02}.pkl"), if number % 7 == 0 { HOSTILE } else { DATA });
    }
    let root = folder.path("");
    let (code, found) = reports(&[&root]);
    assert_eq!(code, 1);
    let paths: Vec<&str> = found.iter().map(|report| report["path"].as_str().unwrap()).collect();
    let mut sorted = paths.clone();
    sorted.sort_by(|a, b| Path::new(a).cmp(Path::new(b)));
    assert_eq!(paths, sorted, "in order, whichever was ready first");
    assert_eq!(paths.len(), 45);
    let level = |name: &str| {
        let path = folder.path(name);
        found.iter().find(|report| report["path"] == path.as_str()).unwrap()["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("b/hidden.txt"), "dangerous");
    assert_eq!(level("b/.dot/none"), "unknown-code");
    assert_eq!(level("a.pkl"), "data-only");
    assert_eq!(level("notes.md"), "not-a-pickle");
    assert_eq!(level("weights.bin"), "not-a-pickle");
    let (_, again) = reports(&[&root]);
    assert_eq!(found, again);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed_and_links_to_files_are() {
    let outside = Folder::new("outside").with("far.pkl", HOSTILE);
    let folder = Folder::new("links").with("a.pkl", DATA);
    std::os::unix::fs::symlink(&outside.0, folder.0.join("folder")).unwrap();
    std::os::unix::fs::symlink(&folder.0, folder.0.join("circle")).unwrap();
    let (code, found) = reports(&[&folder.path("")]);
    assert_eq!((code, found.len()), (0, 1));
    std::os::unix::fs::symlink(outside.0.join("far.pkl"), folder.0.join("file")).unwrap();
    let (code, found) = reports(&[&folder.path("")]);
    assert_eq!((code, found.len()), (1, 2));
    // The folder that was asked for may be a link itself.
    assert_eq!(scan(&[&folder.path("folder")]).0, 1);
    std::os::unix::fs::symlink(folder.0.join("nowhere"), folder.0.join("broken")).unwrap();
    let (_, found) = reports(&[&folder.path("")]);
    assert_eq!(found[1]["reading"], "partial", "{found:?}");
}

#[test]
fn json_says_what_was_found_and_where() {
    let folder = Folder::new("json").with("hostile.pkl", HOSTILE).with("cut.pkl", CUT);
    let (_, found) = reports(&[&folder.path("hostile.pkl")]);
    let report = &found[0];
    assert_eq!(report["path"], folder.path("hostile.pkl").as_str());
    assert_eq!((&report["reading"], &report["level"]), (&"complete".into(), &"dangerous".into()));
    let call = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "dangerous-call").unwrap();
    for key in ["title", "explanation", "call", "opcode", "advice"] {
        assert!(!call[key].as_str().unwrap().is_empty(), "{key}");
    }
    assert_eq!((&call["module"], &call["name"]), (&"os".into(), &"system".into()));
    assert_eq!((&call["level"], &call["opcode"]), (&"dangerous".into(), &"REDUCE".into()));
    assert_eq!(
        (call["offset"].as_u64(), call["length"].as_u64(), call["stream"].as_u64()),
        (Some(21), Some(1), Some(0))
    );
    assert_eq!(call["container"], "");
    assert!(call["call"].as_str().unwrap().contains("os.system('echo')"), "{call}");
    assert_eq!(report["imports"][0]["name"], "system");
    assert_eq!(report["calls"].as_array().unwrap().len(), 1);
    let (code, found) = reports(&[&folder.path("cut.pkl")]);
    assert_eq!((code, &found[0]["reading"], &found[0]["level"]), (2, &"partial".into(), &"data-only".into()));
    assert!(found[0]["why"][0].as_str().unwrap().contains("offset"), "{:?}", found[0]["why"]);
    let empty = Folder::new("json-empty");
    assert_eq!(reports(&[&empty.path("")]), (0, Vec::new()));
}

#[test]
fn text_never_shows_a_partial_reading_as_clean() {
    let folder = Folder::new("text").with("cut.pkl", CUT).with("data.pkl", DATA).with("hostile.pkl", HOSTILE);
    let (_, out, error) = scan(&[&folder.path("")]);
    let line = |name: &str| out.lines().find(|line| line.starts_with(&folder.path(name))).unwrap().to_owned();
    assert!(line("cut.pkl").contains("PARTIAL"), "{out}");
    assert!(!line("data.pkl").contains("PARTIAL"), "{out}");
    assert!(line("hostile.pkl").ends_with("Dangerous"), "{out}");
    assert!(out.contains("os.system('echo')"), "{out}");
    assert_eq!(out.lines().last().unwrap(), "3 files: 1 dangerous, 1 data only; 1 PARTIAL");
    assert_eq!(error, "", "no progress where there is no terminal");
    let (_, out, _) = scan(&["no/such/file.pkl"]);
    assert!(out.starts_with("no/such/file.pkl: PARTIAL\n  not read: "), "{out}");
    assert!(!out.to_lowercase().contains("safe"), "{out}");
}

#[test]
fn standard_input_is_read() {
    for (bytes, code, level) in [(HOSTILE, 1, "dangerous"), (DATA, 0, "data-only"), (CUT, 2, "data-only")] {
        let mut child =
            command(&["-", "--format", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let (found, out, _) = finish(child.wait_with_output().unwrap());
        let report: Vec<Value> = serde_json::from_str(&out).unwrap();
        assert_eq!((found, &report[0]["path"], &report[0]["level"]), (code, &"-".into(), &level.into()));
    }
}

/// Names are not to move the cursor, or to make up lines, of the one who reads the report.
#[cfg(unix)]
/// What site-packages holds, by names or signs that pickles and compressed files have, too.
#[test]
fn lists_of_paths_and_static_libraries_are_whole() {
    let precedence =
        b"import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'\n";
    let folder = Folder::new("site")
        .with("distutils-precedence.pth", precedence)
        .with("editable.pth", "cafe/src\n./caf\u{e9}\n".as_bytes())
        .with("libmath.a", b"!<arch>\n/               0           0     0     0       4         `\n\0\0\0\0");
    let (code, found) = reports(&[&folder.path("")]);
    assert_eq!(code, 0, "{found:?}");
    // What is named so and is no such list is still missing; so is what is packed.
    let folder = Folder::new("no-site")
        .with("noise.pth", b"\xff\xfe\x00\x01")
        .with("page.pth", b"<!DOCTYPE html>\n<html><body>404</body></html>")
        .with("text.pt", b"src\n")
        .with("tool.deb", b"!<arch>\ndebian-binary   0           0     0     644     4         `\n2.0\n");
    for name in ["noise.pth", "page.pth", "text.pt", "tool.deb"] {
        assert_eq!(reports(&[&folder.path(name)]).0, 2, "{name}");
    }
    // A pickle by this name is one, text or not.
    let folder = Folder::new("pickled").with("model.pth", b"cos\nsystem\n(S'true'\ntR.");
    assert_eq!(reports(&[&folder.path("model.pth")]).0, 1);
}

#[test]
fn json_is_asked_for_as_in_other_commands() {
    let folder = Folder::new("json").with("a.pkl", DATA);
    let path = folder.path("a.pkl");
    assert_eq!(scan(&["--json", &path]), scan(&["--format", "json", &path]));
}

#[test]
fn names_of_files_and_globals_are_escaped() {
    let name = "\u{1b}[2J\nall.pkl: Data only\r\u{202e}.pkl";
    let hostile = b"cos\nsystem\x1b[31m\n(S'\\x1b[0m'\ntR.";
    let folder = Folder::new("names").with(name, hostile);
    let (_, out, _) = scan(&[&folder.path("")]);
    assert!(out.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{out:?}");
    assert!(out.contains("\\x1b[2J\\nall.pkl"), "{out}");
    assert!(!out.lines().any(|line| line.starts_with("all.pkl")), "{out}");
    let (_, found) = reports(&[&folder.path("")]);
    assert!(found[0]["path"].as_str().unwrap().ends_with(name), "JSON has the name as it is");
    let (_, out, _) = scan(&[&folder.path(""), "--format", "sarif"]);
    let log: Value = serde_json::from_str(&out).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("file:///") && uri.ends_with("%1B%5B2J%0Aall.pkl%3A%20Data%20only%0D%E2%80%AE.pkl"),
        "{uri}"
    );
}

/// What `scripts/check_sarif.py` holds against the schema, and what code scanning needs beyond it.
#[test]
fn sarif_has_rules_results_and_notifications() {
    let folder = Folder::new("sarif").with("cut.pkl", CUT).with("hostile.pkl", HOSTILE).with("unknown.pkl", UNKNOWN);
    let (code, out, _) = scan(&[&folder.path(""), "--format", "sarif"]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    }
    let level = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap()["level"].clone();
    assert_eq!(level("dangerous-call"), "error");
    assert_eq!(level("partial-reading"), "warning");
    assert_eq!(level("unknown-code"), "note");
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1);
    let call = results.iter().find(|result| result["ruleId"] == "dangerous-call").unwrap();
    assert_eq!(call["locations"][0]["physicalLocation"]["region"]["byteOffset"], 21);
}

/// Bytes can be an archive, or of a known format, and a pickle at once.
#[test]
fn a_pickle_that_looks_like_something_else_is_found() {
    // The name of a tar entry ends with a zero byte, the pickle before it.
    let mut tar = vec![0; 1536];
    tar[..HOSTILE.len()].copy_from_slice(HOSTILE);
    tar[124..136].copy_from_slice(b"00000000000\0");
    tar[148..156].copy_from_slice(b"        ");
    tar[156] = b'0';
    tar[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = tar[..512].iter().map(|byte| u32::from(*byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let gguf = [&b"GGUF\0\0\0\0\0"[..], b"0", HOSTILE].concat();
    let rar = b"Rar!\x1a\x07\x01\0 and what follows";
    let folder = Folder::new("both").with("both.tar", &tar).with("both.gguf", &gguf).with("plain.rar", rar);
    for name in ["both.tar", "both.gguf"] {
        let (code, found) = reports(&[&folder.path(name)]);
        assert_eq!((code, &found[0]["level"]), (1, &"dangerous".into()), "{name}: {found:?}");
        let rules: Vec<&Value> = found[0]["findings"].as_array().unwrap().iter().map(|f| &f["rule"]).collect();
        assert!(rules.contains(&&"container-oddity".into()), "{name}: {rules:?}");
    }
    let (code, found) = reports(&[&folder.path("plain.rar")]);
    assert_eq!((code, &found[0]["reading"], &found[0]["level"]), (2, &"partial".into(), &"not-a-pickle".into()));
}

/// Weights and text often begin like pickles.
#[test]
fn numbers_and_text_are_no_pickles() {
    let mut state = 1_u64;
    let mut folder = Folder::new("numbers");
    for number in 0..200 {
        let bytes: Vec<u8> = (0..4000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        folder = folder.with(&format!("{number}.bin"), &bytes);
    }
    for (name, text) in [
        ("words", "cat\ndog\nelephant\n"),
        ("code.py", "import os\nimport sys\nos.system('x')\n"),
        ("class.py", "class A:\n    def f(self):\n        return eval('1')\n"),
        ("paper", "Pickle\nVersion 2\n.\n"),
        ("numbers", "I1\nI2\nI3\n"),
        ("empty", ""),
    ] {
        folder = folder.with(name, text.as_bytes());
    }
    let (code, found) = reports(&[&folder.path("")]);
    let taken: Vec<&Value> = found.iter().filter(|report| report["level"] != "not-a-pickle").collect();
    assert!(taken.is_empty(), "{taken:?}");
    assert_eq!((code, found.len()), (0, 206));
}

#[test]
fn a_pickle_by_any_name_is_found() {
    let folder = Folder::new("content").with("weights.bin", HOSTILE).with("README", b"\x80\x04cos\nsystem\n\xff");
    let (_, found) = reports(&[&folder.path("")]);
    assert!(found.iter().all(|report| report["level"] == "dangerous"), "{found:?}");
    assert_eq!(found[0]["reading"], "partial", "the one that breaks after its import");
}

/// All hostile files of the fixtures, by the command itself.
#[test]
fn every_hostile_fixture_fails_the_scan() {
    for set in ["hostile", "hostile-containers"] {
        let folder = tests().join("fixtures").join(set);
        let (code, found) = reports(&[folder.to_str().unwrap()]);
        assert_eq!(code, 1);
        let low: Vec<&Value> = found
            .iter()
            .filter(|report| !report["path"].as_str().unwrap().ends_with(".json"))
            .filter(|report| !matches!(report["level"].as_str().unwrap(), "dangerous" | "suspicious"))
            // What hashing a key runs is called unknown code (tests/it/safety/audit.rs).
            .filter(|report| report["level"] != "unknown-code")
            .filter(|report| report["reading"] != "partial")
            .map(|report| &report["path"])
            .collect();
        assert!(found.len() > 20 && low.is_empty(), "{low:?}");
    }
}

/// A file at which this program fails in some way costs that file and no other: in any order, in any format, with all
/// workers or a single one. The environment makes it fail (debug builds only).
#[cfg(debug_assertions)]
#[test]
fn a_crash_costs_one_file() {
    let mut folder = Folder::new("crash");
    for number in 0..40 {
        folder = folder.with(&format!("{number:02}.pkl"), DATA);
    }
    folder = folder.with("10-panic.pkl", DATA).with("20-overflow.pkl", HOSTILE).with("25-abort.pkl", DATA);
    folder = folder.with("30-memory.pkl", DATA).with("31-hostile.pkl", HOSTILE);
    let crash = "panic=10-panic,overflow=20-overflow,memory=30-memory,abort=25-abort";
    let path = folder.path("");
    let run = |words: &[&str]| finish(command(words).env("PICKLESCOPE_CRASH", crash).output().unwrap());
    let (code, out, error) = run(&[&path, "--format", "json"]);
    assert_eq!((code, error.as_str()), (1, ""));
    let reports: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(reports.len(), 45);
    let names: Vec<&str> = reports.iter().map(|report| report["path"].as_str().unwrap()).collect();
    assert!(names.is_sorted(), "{names:?}");
    let why = |name: &str| {
        let report = reports.iter().find(|report| report["path"].as_str().unwrap().ends_with(name)).unwrap();
        assert_eq!((&report["reading"], &report["level"]), (&"partial".into(), &"not-a-pickle".into()), "{report}");
        report["why"][0].as_str().unwrap().to_owned()
    };
    for (name, reason) in [("10-panic.pkl", "a panic at crash.rs:"), ("20-overflow.pkl", "the stack overflowed")] {
        let text = why(name);
        assert!(
            text.starts_with("could not be read: internal error; please report (") && text.contains(reason),
            "{text}"
        );
    }
    assert!(why("30-memory.pkl").contains("out of memory"), "{}", why("30-memory.pkl"));
    assert!(why("25-abort.pkl").contains("signal 6"), "{}", why("25-abort.pkl"));
    let partial = reports.iter().filter(|report| report["reading"] == "partial").count();
    assert_eq!(partial, 4, "the others were read");
    fs::remove_file(folder.path("31-hostile.pkl")).unwrap();
    for format in ["text", "json", "sarif"] {
        assert_eq!(run(&[&path, "--format", format]).0, 2, "{format}");
    }
    let (code, out, error) = run(&[&folder.path("10-panic.pkl")]);
    assert_eq!((code, error.as_str()), (2, ""));
    assert!(out.contains("PARTIAL") && out.contains("please report"), "{out}");
}

/// The same of standard input, which has a worker of its own.
#[cfg(debug_assertions)]
#[test]
fn a_crash_over_standard_input_costs_no_other_file() {
    let folder = Folder::new("crash-input").with("data.pkl", DATA);
    let mut child = command(&[&folder.path("data.pkl"), "-", &folder.path("data.pkl")])
        .args(["--format", "json"])
        .env("PICKLESCOPE_CRASH", "overflow=standard input")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The worker may be gone before it is read.
    let _ = child.stdin.take().unwrap().write_all(DATA);
    let (code, out, _) = finish(child.wait_with_output().unwrap());
    let reports: Vec<Value> = serde_json::from_str(&out).unwrap();
    let readings: Vec<&Value> = reports.iter().map(|report| &report["reading"]).collect();
    assert!(code == 2 && readings.len() == 3 && readings[1] == "partial", "{readings:?}");
}

/// What is no file has no end that could be waited for.
#[cfg(unix)]
#[test]
fn pipes_in_folders_are_skipped_and_devices_are_bounded() {
    let folder = Folder::new("special").with("a.pkl", DATA);
    let pipe = folder.path("pipe.pkl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (code, out, error) = scan(&[&folder.path("")]);
    assert_eq!((code, out.as_str()), (0, &*format!("{}: Data only\n1 file: 1 data only\n", folder.path("a.pkl"))));
    assert!(error.contains("pipe.pkl: skipped, it is a pipe"), "{error}");
    let (code, out, _) = scan(&["/dev/zero", "--limit-memory", "64M"]);
    assert_eq!(code, 2);
    assert!(out.contains("only the first 16777216 bytes") || out.contains("Only the first 16777216 bytes"), "{out}");
    let (code, out, _) =
        finish(command(&["-", "--limit-memory", "64M"]).stdin(fs::File::open("/dev/zero").unwrap()).output().unwrap());
    assert!(code == 2 && out.contains("--limit-memory"), "{out}");
}

/// Over budget: what was read is reported, and that it is not all.
#[test]
fn memory_is_a_budget_for_the_whole_folder() {
    let mut folder = Folder::new("memory").with("small.pkl", DATA);
    // 4,000,000 MARKs and ints: 112 MB and more.
    let ints = [&b"\x80\x04("[..], &b"K\x01".repeat(4_000_000), b"t."].concat();
    let marks = [&b"\x80\x04cos\nsystem\n"[..], &b"(".repeat(6_000_000)].concat();
    folder = folder.with("ints.pkl", &ints).with("marks.pkl", &marks);
    let (code, found) = reports(&[&folder.path(""), "--limit-memory", "64M"]);
    assert_eq!(code, 1, "the name at the start of marks.pkl was seen");
    let why = |at: usize| found[at]["why"].to_string();
    assert!(why(0).contains("limit of memory") && why(0).contains("--limit-memory"), "{}", why(0));
    assert!(why(1).contains("limit of memory for open MARKs"), "{}", why(1));
    assert_eq!(found[2]["reading"], "complete");
    let (code, found) = reports(&[&folder.path("ints.pkl"), "--limit-memory", "1G"]);
    assert_eq!((code, &found[0]["reading"]), (0, &"complete".into()));
    assert_eq!(scan(&[&folder.path("ints.pkl"), "--limit-memory", "1M"]).0, 64);
}

/// A closed standard input looks like an empty one; neither was read.
#[test]
fn standard_input_that_gives_nothing_was_not_read() {
    let output = command(&["-"]).stdin(Stdio::null()).output().unwrap();
    let (code, out, _) = finish(output);
    assert!(code == 2 && out.contains("Standard input gave nothing"), "{code} {out}");
}

/// What the environment asks of threads is no reason to fail.
#[test]
fn threads_do_not_depend_on_the_environment() {
    let folder = Folder::new("threads").with("a.pkl", DATA).with("b.pkl", DATA);
    let output = command(&[&folder.path("")]).env("RUST_MIN_STACK", "99999999999999").output().unwrap();
    let (code, out, error) = finish(output);
    assert!(code == 0 && out.contains("2 files: 2 data only"), "{code} {out} {error}");
}
