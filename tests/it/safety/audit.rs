//! The audit on every committed file: honest ones, hostile ones, and the pages of its rules.

use crate::support;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::lens::{GraphView, Lens, Python2Reading};
use picklescope::machine;
use picklescope::safety::{self, Audit, Level};
use std::fs;
use support::{Fixture, folder, tests};

pub(super) fn audit(bytes: &[u8]) -> Audit {
    let source = MemorySource::new(bytes.to_vec());
    let limits = Limits::default();
    let reading = machine::read(&source, &limits, &mut |_, _| {});
    let attached = picklescope::lens::Attached::default();
    let lens = Lens::new(GraphView {
        graph: &reading.graph,
        source: &source,
        limits: &limits,
        python2: Python2Reading::default(),
        attached: &attached,
    });
    safety::audit(&reading, &lens)
}

/// What is above a level in a file, for the message of a failing test.
fn above(audit: &Audit, level: Level) -> String {
    let findings = audit.findings.iter().filter(|finding| finding.level > level);
    let lines: Vec<String> = findings
        .take(6)
        .map(|f| format!("    {:?} {} at {} {}: {} {}", f.level, f.rule.id, f.offset, f.opcode, f.call, f.explanation))
        .collect();
    lines.join("\n")
}

/// Modules of classes that the generators of the fixtures define.
const OWN: [&str; 6] = ["__main__", "house", "sample_arrays", "sample_classes", "survey_tools", "torch_nets"];

/// Honest files that hold what nobody but their author knows: what is in the folder's files, and why.
const UNKNOWN: &[(&str, &str)] = &[
    ("code/", "functions and classes by value"),
    ("real/cloudpickle-", "functions and classes by value"),
    ("real/dill-", "functions and classes by value"),
    ("real/stdlib/persistent-", "ids that only the writer's program understands"),
];

#[test]
fn no_honest_file_is_above_recognised_but_for_code_of_its_own() {
    let mut failures = Vec::new();
    let folders = ["real", "arrays", "tables", "models", "torch", "stdlib", "code"];
    let files: Vec<Fixture> = folders.into_iter().flat_map(|name| folder("fixtures", name)).collect();
    assert!(files.len() > 2500, "{} files", files.len());
    for Fixture { name, bytes } in &files {
        let audit = audit(bytes);
        let own = |module: &str| OWN.iter().any(|own| module.starts_with(own));
        let is_own = audit.findings.iter().filter(|f| f.level == Level::UnknownCode).all(|f| own(&f.module));
        let allowed = UNKNOWN.iter().any(|(folder, _)| name.starts_with(folder)) || is_own;
        let most = match () {
            () if name.starts_with("real/stdlib/extensions.") => Level::Suspicious,
            () if allowed => Level::UnknownCode,
            () => Level::Recognised,
        };
        if audit.level > most {
            failures.push(format!("{name}: {:?}\n{}", audit.level, above(&audit, most)));
        }
    }
    assert!(failures.is_empty(), "{} of {} files\n{}", failures.len(), files.len(), failures.join("\n"));
}

fn expected(folder: &str) -> Vec<serde_json::Value> {
    let path = tests().join("fixtures").join(folder).join("EXPECTED.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn word(level: Level) -> String {
    level.word().to_lowercase().replace(' ', "-")
}

#[test]
fn hostile_files_are_found_with_their_evidence() {
    let (mut failures, mut dangerous, all) = (Vec::new(), 0, expected("hostile"));
    for entry in &all {
        let file = entry["file"].as_str().unwrap();
        let audit = audit(&fs::read(tests().join("fixtures/hostile").join(file)).unwrap());
        dangerous += usize::from(audit.level == Level::Dangerous);
        let (rule, level) = (entry["rule"].as_str().unwrap(), entry["level"].as_str().unwrap());
        let fits = audit.findings.iter().any(|finding| {
            finding.rule.id == rule
                && word(finding.level) == level
                && entry["offset"].as_u64().is_none_or(|at| at == finding.offset)
        });
        // What hashing a key runs cannot be told from honest keys: the least that is said is that the code is unknown.
        let least = if level == "unknown-code" { Level::UnknownCode } else { Level::Suspicious };
        if !fits || audit.level < least {
            let found = above(&audit, Level::Recognised);
            failures.push(format!("{file}: {rule} {level} at {}, {:?}\n{found}", entry["offset"], audit.level));
        }
    }
    eprintln!("{dangerous} of {} dangerous", all.len());
    assert!(failures.is_empty(), "{} of {} files\n{}", failures.len(), all.len(), failures.join("\n"));
}

#[test]
fn odd_but_harmless_files_stay_where_they_belong() {
    let mut failures = Vec::new();
    for entry in expected("benign") {
        let file = entry["file"].as_str().unwrap();
        let audit = audit(&fs::read(tests().join("fixtures/benign").join(file)).unwrap());
        if word(audit.level) != entry["level"].as_str().unwrap() {
            failures.push(format!("{file}: {:?}\n{}", audit.level, above(&audit, Level::DataOnly)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `BLESS=1 cargo test --test it safety::audit` writes the pages.
#[test]
fn every_rule_has_its_page_and_its_fixture() {
    let folder = tests().parent().unwrap().join("docs/rules");
    let found: Vec<String> =
        expected("hostile").iter().map(|entry| entry["rule"].as_str().unwrap().to_owned()).collect();
    // What honest files do, too, so that no hostile file rests on them alone; and what is about archives: tests/it/safety/report.rs.
    let quiet = ["container-oddity", "persistent-id", "stored-code", "unknown-code"];
    for rule in safety::rules::ALL {
        let path = folder.join(format!("{}.md", rule.id));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, rule.page()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), rule.page(), "{}", path.display());
        assert!(quiet.contains(&rule.id) || found.iter().any(|id| id == rule.id), "no hostile file shows {}", rule.id);
    }
    assert!(safety::rules::ALL.is_sorted_by(|a, b| a.id < b.id));
}

/// For each rule an honest file that comes close to it, and must not be taken for it.
const LOOK_ALIKES: [(&str, &str); 22] = [
    ("attribute-walk", "yolo-getattr.pkl"),
    ("computed-call", "partial-of-reviewed.pkl"),
    ("computed-name", "memo-in-order.pkl"),
    ("container-oddity", "several.pkl"),
    ("dangerous-call", "scary-words.pkl"),
    ("dangerous-import", "scary-keys.pkl"),
    ("extension-code", "random-bytes.pkl"),
    ("foreign-memory", "dtype-of-fields.pkl"),
    ("hidden-data", "trailing-zeros.pkl"),
    ("introspection", "scary-words.pkl"),
    ("memo-overwritten", "memo-in-order.pkl"),
    ("modifies-import", "ordered-dict-state.pkl"),
    ("nested-pickle", "scary-bytes.pkl"),
    ("persistent-id", "torch-tensor.pkl"),
    ("planted-hook", "count-in-state.pkl"),
    ("reader-difference", "several.pkl"),
    ("resource-bomb", "small-iterators.pkl"),
    ("runs-stored-code", "own-class.pkl"),
    ("stored-code", "exception.pkl"),
    ("unknown-code", "regex.pkl"),
    ("unusual-arguments", "bytes-of-protocol-2.pkl"),
    ("unusual-use", "itemgetter.pkl"),
];

#[test]
fn every_rule_spares_the_honest_file_that_comes_close() {
    for rule in safety::rules::ALL {
        let (_, file) = LOOK_ALIKES.iter().find(|(id, _)| *id == rule.id).unwrap_or_else(|| panic!("{}", rule.id));
        let audit = audit(&fs::read(tests().join("fixtures/benign").join(file)).unwrap());
        let findings: Vec<_> = audit.findings.iter().filter(|finding| finding.rule == rule).collect();
        assert!(findings.is_empty(), "{file}: {findings:?}");
    }
    assert_eq!(LOOK_ALIKES.len(), safety::rules::ALL.len());
}

/// Attacks run something; bombs use up memory or time, oddities do neither and are built as no honest file is.
#[test]
fn attacks_are_dangerous_nearly_always_and_the_rest_suspicious() {
    let level = |folder: &str, entry: &serde_json::Value| {
        audit(&fs::read(tests().join("fixtures").join(folder).join(entry["file"].as_str().unwrap())).unwrap()).level
    };
    let all = expected("hostile");
    let (attacks, others): (Vec<_>, Vec<_>) = all.iter().partition(|entry| entry["kind"] == "attack");
    let dangerous = attacks.iter().filter(|entry| level("hostile", entry) == Level::Dangerous).count();
    eprintln!("{dangerous} of {} attacks dangerous, {} bombs and oddities", attacks.len(), others.len());
    assert!(attacks.len() >= 250 && dangerous * 100 >= attacks.len() * 97, "{dangerous} of {}", attacks.len());
    for entry in others {
        assert!(entry["kind"] == "bomb" || entry["kind"] == "oddity", "{entry}");
        assert!(level("hostile", entry) >= Level::Suspicious, "{entry}");
    }
}

#[test]
fn floods_are_bounded_and_hide_nothing() {
    let mut bytes = b"\x80\x04".to_vec();
    (0..5000).for_each(|index| bytes.extend(format!("cflood\nf{index}\n0").bytes()));
    bytes.extend(b"cos\nsystem\n\x8c\x04echo\x85R.");
    let audit = audit(&bytes);
    assert_eq!(audit.findings.len(), safety::FINDINGS);
    assert!(audit.finding_count > 5000);
    let worst = audit.worst().map(|finding| (finding.rule.id, finding.call.as_str()));
    assert_eq!(worst, Some(("dangerous-call", "os.system('echo')")));
}

#[test]
fn what_was_not_read_is_said() {
    let whole = audit(b"\x80\x04]\x94(K\x01e.");
    assert!(whole.partial.is_empty() && whole.level == Level::DataOnly);
    let cut = audit(b"\x80\x04]\x94(K\x01");
    assert_eq!((cut.level, cut.partial.len()), (Level::DataOnly, 1));
}

/// A model pickled as it is has a `torch.save` of each of its tensors in bytes: many bytes, none of which hides anything.
#[test]
fn bytes_that_a_call_loads_are_counted_once() {
    let numbers = [b"\x80\x04B\x00\x00\x40\x01".to_vec(), vec![0; 20 << 20], b".".to_vec()].concat();
    let tensor =
        [&b"ctorch.storage\n_load_from_bytes\nB"[..], &(numbers.len() as u32).to_le_bytes(), &numbers, b"\x85R"];
    let whole = [&b"\x80\x04]("[..], &tensor.concat().repeat(5), b"e."].concat();
    let audit = audit(&whole);
    assert_eq!((audit.level, audit.partial.len()), (Level::Recognised, 0), "{}", above(&audit, Level::Recognised));
}

/// Each frame that is crossed is a way to read the file again, and all choices of them together are no more.
#[test]
fn frames_that_are_crossed_do_not_multiply() {
    let crossed = b"\x95\x02\0\0\0\0\0\0\0X\x05\0\0\0aaaaa0";
    let audit = audit(&[&b"\x80\x04"[..], &crossed.repeat(50_000), b"N."].concat());
    assert_eq!(audit.level, Level::Suspicious);
}

/// Code of some classes handles the attributes that a state sets one by one, and calls what these are; a state that fills the dict
/// of an instance runs none of it.
#[test]
fn a_state_of_two_parts_is_not_one_of_one_part() {
    let figure = |state: &[u8]| {
        let audit =
            audit(&[b"\x80\x04\x8c\x19plotly.graph_objs._figure\x8c\x06Figure\x93)\x81", state, b"b."].concat());
        (audit.level, audit.partial.len())
    };
    for state in [&b"}\x8c\x04dataK\x01s"[..], b"N", b"}\x8c\x04dataK\x01sN\x86", b"N}\x86"] {
        assert_eq!(figure(state), (Level::Recognised, 0), "{}", state.escape_ascii());
    }
    let last_of_many = [&b"}b".repeat(50)[..], b"N}\x8c\x04dataK\x01s\x86"].concat();
    for state in [&b"N}\x8c\x04dataK\x01s\x86"[..], b"}K\x01K\x02\x87", b"cmylib\nstate\n)R", last_of_many.as_slice()] {
        assert_eq!(figure(state), (Level::UnknownCode, 0), "{}", state.escape_ascii());
    }
}

/// What numpy makes of a subclass of its arrays runs no constructor, as NEWOBJ and a call do.
#[test]
fn arrays_of_libraries_are_made_by_numpy_alone() {
    let class = b"ctrimesh.caching\nTrackedArray\n".as_slice();
    let level = |parts: &[&[u8]]| audit(&[b"\x80\x02", parts.concat().as_slice(), b"."].concat()).level;
    let made = [b"cnumpy.core.multiarray\n_reconstruct\n", class, b"K\x00\x85U\x01b\x87R"];
    assert_eq!(level(&made), Level::Recognised);
    assert_eq!(level(&[class, b"K\x00\x85\x85\x81"]), Level::UnknownCode);
    assert_eq!(level(&[class, b"K\x00\x85\x85R"]), Level::UnknownCode);
    assert_eq!(level(&[b"ccopyreg\n_reconstructor\n", class, b"cbuiltins\nobject\nN\x87R"]), Level::UnknownCode);
}
