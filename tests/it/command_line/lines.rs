//! `picklescope scan --stdin`: a file a line, a result a line.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const HOSTILE: &[u8] = b"cos\nsystem\n(S'echo'\ntR.";
const DATA: &[u8] = b"\x80\x04]\x94(K\x01K\x02e.";

fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lines-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    for (name, bytes) in files {
        fs::write(path.join(name), bytes).unwrap();
    }
    path
}

fn start(folder: &Path, words: &[&str], crash: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    command.args(["scan", "--stdin"]).args(words).current_dir(folder).env("PICKLESCOPE_CRASH", crash);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Exit code and results of these lines.
fn scan(folder: &Path, words: &[&str], crash: &str, lines: Vec<u8>) -> (i32, Vec<Value>) {
    let mut child = start(folder, words, crash);
    let mut input = child.stdin.take().unwrap();
    // In a thread of its own: results come before the last line was taken.
    let writer = std::thread::spawn(move || input.write_all(&lines));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

#[test]
fn each_line_has_its_result_in_order() {
    let folder = folder("order", &[("a.pkl", HOSTILE), ("b.pkl", DATA), ("-", DATA), ("{x}.pkl", DATA)]);
    let (hostile, cut) = (base64(HOSTILE), base64(&DATA[..5]));
    let lines = [
        "a.pkl\n-\nb.pkl\n",
        "{\"path\": \"{x}.pkl\"}\n",
        &format!("{{\"name\": \"up/load.pkl\", \"base64\": \"{hostile}\"}}\n"),
        &format!("{{\"name\": \"cut.pkl\", \"base64\": \"{cut}\"}}\n"),
        // The last line needs no end.
        "missing.pkl",
    ];
    let (code, found) = scan(&folder, &[], "", lines.concat().into_bytes());
    let facts = ["path", "level", "reading"]
        .map(|key| found.iter().map(|report| report[key].as_str().unwrap()).collect::<Vec<_>>());
    assert_eq!(code, 1);
    assert_eq!(facts[0], ["a.pkl", "./-", "b.pkl", "{x}.pkl", "up/load.pkl", "cut.pkl", "missing.pkl"]);
    assert_eq!(facts[1][..5], ["dangerous", "data-only", "data-only", "data-only", "dangerous"]);
    assert_eq!(facts[2][4..], ["complete", "partial", "partial"]);
    // The same report as for the file.
    let output = Command::new(env!("CARGO_BIN_EXE_picklescope"))
        .args(["scan", "--json", "a.pkl"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap()[0], found[0]);
}

#[test]
fn a_bad_line_costs_itself() {
    let folder = folder("bad", &[("a.pkl", DATA)]);
    let bad = [
        "",
        "{",
        "{\"path\": 7}",
        "{\"path\": \"\"}",
        "{\"path\": \"a.pkl\", \"name\": \"b\"}",
        "{\"name\": \"b\"}",
        "{\"name\": \"\", \"base64\": \"\"}",
        "{\"paths\": \"a.pkl\"}",
        "{\"path\": \"a.pkl\"} {}",
    ];
    for line in bad {
        let (code, found) = scan(&folder, &[], "", format!("a.pkl\n{line}\na.pkl\n").into_bytes());
        assert_eq!((code, found.len()), (2, 3), "{line}");
        assert_eq!((&found[1]["path"], &found[1]["reading"]), (&"".into(), &"partial".into()), "{line}");
        assert!(found[1]["why"][0].as_str().unwrap().contains("line"), "{:?}", found[1]);
        assert_eq!((&found[0], &found[0]["level"]), (&found[2], &"data-only".into()));
    }
    // Deep JSON is no way to the stack, and a file that only looks like base64 is a partial one of its name.
    let deep = format!("{{\"path\": {}\n", "[".repeat(1_000_000));
    let wrong = "{\"name\": \"n.pkl\", \"base64\": \"a b\"}\n";
    let (code, found) = scan(&folder, &[], "", format!("{deep}{wrong}a.pkl\r\na.pkl").into_bytes());
    assert_eq!((code, found.len()), (2, 4));
    assert_eq!((&found[1]["path"], &found[1]["reading"]), (&"n.pkl".into(), &"partial".into()));
    // A name may end in a carriage return: it is not taken away, so that no file stands for another.
    assert_eq!((&found[2]["reading"], &found[3]["reading"]), (&"partial".into(), &"complete".into()));
}

#[cfg(unix)]
#[test]
fn names_are_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("bytes", &[]);
    let name = b"caf\xe9 \x1b[2J.pkl";
    fs::write(folder.join(std::ffi::OsStr::from_bytes(name)), HOSTILE).unwrap();
    let (code, found) = scan(&folder, &[], "", [&name[..], b"\n"].concat());
    assert_eq!((code, found[0]["path"].as_str().unwrap()), (1, "caf\\xe9 \\x1b[2J.pkl"));
}

#[cfg(debug_assertions)]
#[test]
fn a_poisoned_file_costs_one_line() {
    let names: Vec<String> = (0..200).map(|number| format!("{number:03}.pkl")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), DATA)).collect();
    let folder = folder("poison", &files);
    let given = format!("{{\"name\": \"given.pkl\", \"base64\": \"{}\"}}", base64(DATA));
    let lines = [names.join("\n"), given, names.join("\n")].join("\n");
    let crash = "panic=010,overflow=020,abort=030,memory=040,panic=given";
    let (code, found) = scan(&folder, &["--limit-memory", "1G"], crash, lines.clone().into_bytes());
    assert_eq!((code, found.len()), (2, 401));
    let expected: Vec<&str> =
        lines.lines().map(|line| if line.starts_with('{') { "given.pkl" } else { line }).collect();
    assert!(found.iter().map(|report| report["path"].as_str().unwrap()).eq(expected));
    let lost = found.iter().filter(|report| report["reading"] == "partial").count();
    assert_eq!(lost, 9, "four files twice, and what was given");
}

/// Whoever lists files may list what has no end.
#[cfg(target_os = "linux")]
#[test]
fn pipes_devices_and_folders_are_not_waited_for() {
    let folder = folder("special", &[("a.pkl", DATA)]);
    fs::create_dir(folder.join("b")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
    let lines = b"pipe\n/dev/zero\nb\n/dev/stdin\na.pkl\n".to_vec();
    let (code, found) = scan(&folder, &[], "", lines);
    assert_eq!((code, found.len()), (2, 5));
    for report in &found[..4] {
        assert_eq!((&report["reading"], &report["why"][0]), (&"partial".into(), &"it is not a regular file".into()));
    }
    assert_eq!(found[4]["reading"], "complete");
}

/// A pipeline may wait for a result before it sends the next line.
#[test]
fn results_come_as_they_are_ready() {
    let folder = folder("talk", &[("a.pkl", HOSTILE)]);
    let mut child = start(&folder, &["--fail-on", "dangerous"], "");
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for _ in 0..20 {
        writeln!(input, "a.pkl").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["level"], "dangerous");
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// The process that reads lines and writes results holds none of them for long.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_lines() {
    let folder = folder("flat", &[("a.pkl", DATA)]);
    let mut child = start(&folder, &[], "");
    let peak = |child: &Child| -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let given = format!("{{\"name\": \"g\", \"base64\": \"{}\"}}\n", base64(&[b'N'; 300]));
    let mut rounds = |count: usize| {
        for _ in 0..count {
            input.write_all(given.repeat(50).as_bytes()).unwrap();
            for _ in 0..50 {
                output.read_line(&mut String::new()).unwrap();
            }
        }
    };
    rounds(4);
    let before = peak(&child);
    rounds(60);
    let after = peak(&child);
    assert!(after < before + 2048, "{before} kB, then {after} kB after 3,000 further lines");
    let _ = child.kill();
    let _ = child.wait();
}

#[test]
fn files_and_lines_exclude_each_other() {
    let folder = folder("words", &[]);
    for words in [&["a.pkl"][..], &["--format", "sarif"], &["--json"]] {
        let output = start(&folder, words, "").wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(64), "{words:?}");
    }
}
