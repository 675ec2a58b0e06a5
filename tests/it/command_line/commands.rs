//! The command line as a person or a script meets it: exit codes, what goes where, options.

use crate::support;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use support::{fixture, json, tests};

pub(super) fn path(name: &str) -> PathBuf {
    if name.starts_with("samples/") { tests().join(name) } else { tests().join("fixtures").join(name) }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    command.args(arguments);
    command
}

pub(super) fn run(arguments: &[&str]) -> (i32, String, String) {
    finish(command(arguments).output().unwrap())
}

fn finish(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs a command on a fixture.
pub(super) fn on(before: &[&str], name: &str) -> (i32, String, String) {
    let path = path(name);
    let mut arguments = before.to_vec();
    arguments.push(path.to_str().unwrap());
    run(&arguments)
}

pub(super) fn piped(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that has seen enough ends before everything is written.
    if let Err(error) = child.stdin.take().unwrap().write_all(input) {
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    finish(child.wait_with_output().unwrap())
}

#[test]
fn exit_codes_say_how_far_it_went() {
    for words in [&[][..], &["info"], &["info", "--json"], &["tree"], &["json"], &["dis"]] {
        let (code, out, error) = on(words, "samples/everyday.pkl");
        assert_eq!((code, error.as_str()), (0, ""), "{words:?}");
        assert!(!out.is_empty());
        let (code, out, error) = on(words, "edge/cut-in-list.pkl");
        assert_eq!(code, 2, "{words:?}");
        assert!(!out.is_empty(), "{words:?}: what was read is shown");
        assert!(error.starts_with("picklescope: ") && error.contains("offset"), "{words:?}: {error}");
        let (code, _, error) = on(words, "edge/text-file.pkl");
        assert_eq!(code, 2, "{words:?}: {error}");
        let (code, out, error) = run(&[words, &["no/such/file.pkl"]].concat());
        assert_eq!((code, out.as_str()), (1, ""), "{words:?}");
        assert!(error.contains("no/such/file.pkl") && error.lines().count() == 1, "{error}");
    }
    assert_eq!(on(&[], "edge/empty.pkl").0, 2);
    let (code, _, error) = run(&["info", env!("CARGO_MANIFEST_DIR")]);
    assert!(code == 1 && error.contains("directory"), "{error}");
}

/// clap's own 2 would mean "stopped early".
#[test]
fn a_wrong_command_line_is_1() {
    for words in [&["tree", "--depth", "x", "a.pkl"][..], &["dis"], &["--nonsense"], &["info", "--nonsense", "a.pkl"]] {
        let (code, _, error) = run(words);
        assert_eq!(code, 1, "{words:?}: {error}");
        assert!(error.contains("Usage") || error.contains("error"), "{error}");
    }
    for words in [&["--help"][..], &["--version"], &["dis", "--help"]] {
        let (code, out, error) = run(words);
        assert!(code == 0 && error.is_empty() && !out.is_empty(), "{words:?}");
    }
}

#[test]
fn standard_input_by_a_dash() {
    let bytes = fixture("samples/everyday.pkl");
    let (code, out, _) = piped(&["-"], &bytes);
    assert!(code == 0 && out.contains("standard input") && out.contains("protocol"), "{out}");
    let (code, from_input, _) = piped(&["json", "-"], &bytes);
    assert_eq!((code, from_input), (0, on(&["json"], "samples/everyday.pkl").1));
    assert_eq!(piped(&["dis", "-"], &bytes).1, on(&["dis"], "samples/everyday.pkl").1);
    assert_eq!(piped(&["-"], b"").0, 2);
}

#[test]
fn info_as_json_has_its_fields() {
    let (_, out, _) = on(&["info", "--json"], "samples/hostile-demo.pkl");
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    for field in [
        "name",
        "size",
        "chain",
        "protocol",
        "pickles",
        "streams",
        "opcodes",
        "objects",
        "frames",
        "imports",
        "import_list",
        "trailing",
        "complete",
        "reading",
        "verdict",
        "problems",
        "problem_count",
        "listing_rows",
    ] {
        assert!(value.get(field).is_some(), "{field}");
    }
    assert_eq!(value["size"], fixture("samples/hostile-demo.pkl").len());
    assert_eq!(value["verdict"]["word"], "Dangerous");
}

#[test]
fn dis_has_the_options_of_pickletools() {
    let name = "real/stdlib/shared.p2.pkl";
    let expected = String::from_utf8(fixture("real/stdlib/shared.p2.pkl.dis")).unwrap();
    assert_eq!(on(&["dis"], name).1, expected);
    let annotated = on(&["dis", "-a"], name).1;
    assert!(annotated.lines().count() == expected.lines().count() && annotated.len() > 2 * expected.len());
    let wide = on(&["dis", "-l", "8"], "real/stdlib/everyday.p3.pkl").1;
    let narrow = on(&["dis", "--indentlevel", "0"], "real/stdlib/everyday.p3.pkl").1;
    assert!(wide.len() > narrow.len());
    // The second pickle asks for the memo of the first.
    assert!(on(&["dis"], "edge/trailing-memo.pkl").2.contains("memo"));
    assert!(!on(&["dis", "-m"], "edge/trailing-memo.pkl").2.contains("never been stored"));
    let path = path(name);
    let path = path.to_str().unwrap();
    let (_, both, _) = run(&["dis", path, path]);
    assert_eq!(both, format!("==> {path} <==\n{expected}").repeat(2));
    assert!(run(&["dis", "-p", "## {name}", path, path]).1.starts_with(&format!("## {path}\n")));
}

#[test]
fn the_tree_obeys_depth_and_items() {
    let depth = |n: &str| on(&["tree", "--depth", n], "samples/everyday.pkl").1;
    assert_eq!(depth("1").lines().count(), 1);
    assert!(depth("2").lines().all(|line| !line.starts_with("    ")));
    assert!(depth("20").lines().count() > depth("2").lines().count());
    let few = on(&["tree", "--max-items", "1"], "samples/everyday.pkl").1;
    assert!(few.contains(" more"), "{few}");
    let (code, text, _) = piped(&["tree", "-"], b"](K\x01K\x02e.");
    assert_eq!((code, text.lines().count()), (0, 3), "{text}");
}

#[test]
fn json_parses() {
    for name in ["samples/dataframe.pkl", "real/stdlib/cycles.p4.pkl", "legacy/numpy.pkl", "edge/deep.pkl"] {
        let (code, out, _) = on(&["json"], name);
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &value["format"]), (0, &"picklescope".into()), "{name}");
    }
}

/// Whoever reads may stop reading: no message, no failure.
#[test]
fn a_broken_pipe_is_quiet() {
    let mut input = b"(".to_vec();
    input.extend(b"X\x05\0\0\0hello".repeat(200_000));
    input.extend(b"l.");
    for words in [&["json", "-"][..], &["dis", "-"], &["tree", "--max-items", "1000000", "-"]] {
        let mut child =
            command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        let mut first = [0; 10];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let (_, _, error) = finish(child.wait_with_output().unwrap());
        assert_eq!(error, "", "{words:?}");
    }
}

/// Control characters of a file must not reach the terminal.
#[test]
fn nothing_in_a_file_drives_the_terminal() {
    let bytes = b"}(X\x08\0\0\0\x1b[31mredX\x06\0\0\0a\x07\x1b]0;cmod\x1b[1m\nna\x07me\nX\x03\0\0\0\xe2\x80\xaeu.";
    for words in [&["tree", "-"][..], &["-"], &["info", "--json", "-"], &["json", "-"], &["dis", "-"]] {
        let (_, out, error) = piped(words, bytes);
        for text in [out, error] {
            assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{words:?}: {text:?}");
        }
    }
}

/// What opcodes do to a name that the file imports is part of the graph as much as what they do to an instance.
#[test]
fn json_has_what_is_done_to_globals_and_persistent_ids() {
    let state = |root: &serde_json::Value| root["steps"][0]["value"]["items"][0].clone();
    let pair = serde_json::json!(["a", 1]);
    let patched = json(b"\x80\x04cm\nf\n}\x8c\x01aK\x01sb.");
    assert_eq!(state(&patched["streams"][0]["root"]), pair);
    let persistent = json(b"\x80\x04\x8c\x02idQ}\x8c\x01aK\x01sb.");
    assert_eq!(state(&persistent["streams"][0]["root"]), pair);
    let extension = json(b"\x80\x04\x82\x07}\x8c\x01aK\x01sb.");
    assert_eq!(state(&extension["streams"][0]["root"]), pair);
    // Referred to twice, and written once.
    let twice = json(b"\x80\x04cm\nf\nq\x00}\x8c\x01aK\x01sbh\x00\x86.");
    let stream = &twice["streams"][0];
    let number = stream["root"]["items"][0]["ref"].as_str().unwrap();
    assert_eq!(stream["root"]["items"][1]["ref"], number);
    assert_eq!(state(&stream["objects"][number]), pair);
}

/// One line and one exit code when this program fails (debug builds only: the environment makes it).
#[cfg(debug_assertions)]
#[test]
fn an_internal_error_is_one_line() {
    let file = path("samples/everyday.pkl");
    for (way, reason) in [
        ("panic", "a panic at crash.rs:"),
        ("overflow", "the stack overflowed"),
        ("memory", "out of memory"),
        ("abort", "signal 6"),
    ] {
        for words in
            [&["info"][..], &["tree"], &["json"], &["python"], &["dis"], &["contents"], &["export", "-f", "tree"]]
        {
            let mut command = command(&[words, &[file.to_str().unwrap()]].concat());
            let (code, out, error) =
                finish(command.env("PICKLESCOPE_CRASH", format!("{way}=everyday")).output().unwrap());
            assert_eq!((code, out.as_str()), (70, ""), "{words:?} {way}: {error}");
            assert_eq!(error.lines().count(), 1, "{words:?} {way}: {error}");
            assert!(
                error.starts_with("picklescope: internal error; please report (") && error.contains(reason),
                "{error}"
            );
        }
    }
}

/// What is printed ends: a file of some hundred bytes has a tree of 10^12 rows.
#[test]
fn output_has_a_budget() {
    // Seven lists, each a hundred times in the next.
    let mut bomb = b"\x80\x02]q\0".to_vec();
    for level in 1..8_u8 {
        bomb.extend_from_slice(b"](");
        bomb.extend([b'h', level - 1].repeat(100));
        bomb.extend([b'e', b'q', level]);
    }
    bomb.push(b'.');
    let (code, out, error) = piped(&["tree", "-", "--limit-output", "100K"], &bomb);
    assert_eq!((code, out.len()), (2, 100 << 10));
    assert!(error.contains("stopped after 102400 bytes") && error.contains("--limit-output"), "{error}");
    for words in [&["json", "-"][..], &["python", "-"], &["dis", "-"], &["contents", "-"], &["info", "-"]] {
        let (code, out, error) = piped(words, &bomb);
        assert!(code == 0 && out.len() < 1 << 20, "{words:?}: {} bytes, {error}", out.len());
    }
}

/// A million open MARKs indent by four million columns.
#[test]
fn the_indentation_of_a_listing_ends() {
    let (code, out, error) = piped(&["dis", "-"], &b"(".repeat(100_000));
    assert_eq!(code, 2);
    assert!(out.len() < 90 << 20, "{}", out.len());
    assert_eq!(error.matches("indented by").count(), 1, "{error}");
    let nested = [&b"(".repeat(900)[..], &b"t".repeat(900), b"."].concat();
    let (code, out, error) = piped(&["dis", "-"], &nested);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.lines().any(|line| line.ends_with(&format!("{}MARK", " ".repeat(4 * 899)))), "as pickletools has it");
}

/// An endless or an enormous input is read to a budget, and said to be.
#[cfg(unix)]
#[test]
fn inputs_without_end_are_bounded() {
    for words in [&["info"][..], &["tree"], &["json"], &["python"], &["dis"], &["contents"]] {
        let (code, _, error) = run(&[words, &["/dev/zero", "--limit-memory", "64M"]].concat());
        assert_eq!(code, 2, "{words:?}: {error}");
        assert!(error.contains("only the first 16777216 bytes"), "{words:?}: {error}");
        let input = std::fs::File::open("/dev/zero").unwrap();
        let (code, _, error) =
            finish(command(&[words, &["-", "--limit-memory", "64M"]].concat()).stdin(input).output().unwrap());
        assert!(code == 2 && error.contains("standard input"), "{words:?}: {error}");
    }
}

/// What cannot be written as a whole leaves what was there: a file, a link and where it leads, a device.
#[cfg(unix)]
#[test]
fn a_failed_export_takes_nothing_away() {
    use std::fs;
    use std::os::unix::fs::symlink;
    let folder = std::env::temp_dir().join(format!("picklescope-export-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (old, link) = (folder.join("old.json"), folder.join("link.json"));
    fs::write(&old, "old").unwrap();
    symlink("old.json", &link).unwrap();
    let pickle = folder.join("value.pkl");
    fs::write(&pickle, b"](K\x01K\x02K\x03e.").unwrap();
    let export = |to: &std::path::Path, limit: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
        command.args(["export", "-f", "json", "--limit-output", limit, "-o"]).arg(to).arg(&pickle);
        command.output().unwrap().status.code()
    };
    for to in [&old, &link, &folder.join("new.json"), std::path::Path::new("/dev/full")] {
        assert_ne!(export(to, "9"), Some(0), "{}", to.display());
    }
    assert_eq!(fs::read_to_string(&old).unwrap(), "old");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink() && std::path::Path::new("/dev/full").exists());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "nothing is left over");
    assert_eq!(export(&link, "1M"), Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&old).unwrap().contains("picklescope"));
    fs::remove_dir_all(&folder).unwrap();
}

/// Where SIGCHLD is ignored, as it is for commands of some servers, the system forgets how a process ended: its exit code still
/// comes out, and nothing beside it.
#[cfg(unix)]
#[test]
fn exit_codes_come_out_where_sigchld_is_ignored() {
    let ends = |name: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' CHLD; exec \"$0\" info \"$1\"", env!("CARGO_BIN_EXE_picklescope")]);
        finish(shell.arg(path(name)).output().unwrap())
    };
    for name in ["samples/everyday.pkl", "edge/cut-in-list.pkl"] {
        assert_eq!(ends(name), on(&["info"], name), "{name}");
    }
}

fn parsed(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn trace_shows_the_machine_step_by_step() {
    let (code, out, error) = on(&["trace"], "legacy/inst-state.pkl");
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.starts_with("#0 at 0: "), "{out}");
    let blocks = out.lines().filter(|line| line.starts_with('#')).count();
    let (_, all, _) = on(&["trace", "--json"], "legacy/inst-state.pkl");
    assert_eq!(all.lines().count(), blocks);
    let last = parsed(all.lines().last().unwrap());
    assert_eq!((last["opcode"].as_str(), last["total"].as_u64()), (Some("STOP"), Some(blocks as u64)));
    assert!(last["before"]["stack"][0]["value"]["node"].is_u64());
    // An instruction by its number, by its offset, and by any of its bytes.
    let middle = parsed(all.lines().nth(3).unwrap());
    let offset = middle["offset"].as_u64().unwrap();
    let by_number = on(&["trace", "--at", "#3"], "legacy/inst-state.pkl");
    assert_eq!(on(&["trace", "--at", &offset.to_string()], "legacy/inst-state.pkl"), by_number);
    assert_eq!(on(&["trace", "--at", &format!("{offset:#x}")], "legacy/inst-state.pkl"), by_number);
    assert!(by_number.1.contains("\nbefore\n") && by_number.1.contains("\nafter\n"), "{}", by_number.1);
    let (_, part, _) = on(&["trace", "--from", "#2", "--to", "#4"], "legacy/inst-state.pkl");
    assert_eq!(part.lines().filter(|line| line.starts_with('#')).count(), 3);
    assert!(part.starts_with("#2 at "));
}

#[test]
fn readers_stand_side_by_side() {
    let (code, out, error) = on(&["readers"], "samples/everyday.pkl");
    assert_eq!((code, out.as_str(), error.as_str()), (0, "All three readers read the same.\n", ""));
    let (code, out, error) = on(&["readers"], "edge/appends-zero-on-int.pkl");
    assert!(code == 0 && error.is_empty() && out.contains("pickle.py"), "{code} {out}{error}");
    let (_, out, _) = on(&["readers", "--torch", "--json"], "edge/appends-zero-on-int.pkl");
    let facts = parsed(&out);
    assert_eq!(facts["readers"].as_array().map(Vec::len), Some(4));
    assert!(facts["pickles"][0]["differences"][0]["offset"].is_u64(), "{out}");
}

#[test]
fn trace_says_where_it_ends() {
    let (code, out, error) = on(&["trace"], "edge/cut-in-list.pkl");
    assert!(code == 2 && out.contains("The reading stopped here: ") && error.contains("offset"), "{out}{error}");
    let (code, out, _) = on(&["trace", "--at", "#0", "--depth", "0"], "edge/cut-in-list.pkl");
    assert!(code == 2 && out.contains("before"), "{out}");
    for words in [&["--at", "#99999"][..], &["--from", "99999"], &["--at", "x"], &["--at", "#0", "--to", "#1"]] {
        let (code, out, error) = on(&[&["trace"], words].concat(), "legacy/inst-state.pkl");
        assert!(code == 1 && out.is_empty() && !error.is_empty(), "{words:?}: {code} {out}{error}");
    }
    let (code, _, error) = on(&["trace"], "edge/empty.pkl");
    assert!(code == 1 && error.contains("no instructions"), "{code} {error}");
}
