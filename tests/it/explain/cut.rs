//! Messages of which a part is missing or that something stands before: the best answer is the same, or none.

use super::messages::{last_line, raised};
use picklescope::explain::explain;
use std::collections::{BTreeMap, BTreeSet};

/// The first entry that a text is explained with.
fn best(text: &str) -> Option<String> {
    explain(text, None).causes.into_iter().next().map(|cause| cause.entry)
}

/// What a message is explained with besides when it is cut: the general case of it, or what its beginning says by itself.
const GENERAL: [(&str, &str); 20] = [
    // Nothing tells a number from the beginning of another one, nor a name that has no quotation marks.
    ("load-key-", "load-key-number"),
    ("module-own-project", "module-missing"),
    ("sklearn-moved-module", "module-missing"),
    ("sklearn-moved-module", "sklearn-module"),
    // The exception is a message of its own.
    ("compressed-cut", "ran-out-of-input"),
    ("npy-empty", "ran-out-of-input"),
    // What follows only says more.
    ("load-key-", "torch-weights-only"),
    ("load-key-", "torch-unsupported-operand"),
    ("torch-", "torch-weights-only"),
    ("networkx-gpickle", "cannot-import-name"),
    ("numpy-generator-arguments", "function-arguments"),
    ("pandas-string-dtype", "constructor-arguments"),
    ("pickle-4-gib", "pickle-type"),
    ("pickle-slots", "pickle-type"),
    ("zlib-header", "zlib-data"),
    // The exception that led to the last one is whole.
    ("joblib-python2", "utf8-codec"),
    ("npy-not-a-pickle", "load-key"),
    ("pandas-", "module-of-text"),
    ("loky-", "pickle-type"),
    ("loky-", "python2-numbers"),
];

fn is_general(entry: &str, found: &str) -> bool {
    GENERAL.iter().any(|(special, general)| entry.starts_with(special) && found == *general)
}

#[derive(Default)]
struct Tally {
    right: u32,
    general: u32,
    unknown: u32,
    wrong: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Tally {
    fn add(&mut self, entry: &str, text: &str) {
        match best(text) {
            None => self.unknown += 1,
            Some(found) if found == entry => self.right += 1,
            Some(found) if is_general(entry, &found) => self.general += 1,
            Some(found) => {
                self.wrong.entry((entry.to_owned(), found)).or_default().insert(text.to_owned());
            }
        }
    }

    fn wrong(&self) -> usize {
        self.wrong.values().map(BTreeSet::len).sum()
    }

    fn print(&self, how: &str) {
        let Self { right, general, unknown, .. } = self;
        println!("{how}: {right} right, {general} in general, {unknown} unknown, {} wrong", self.wrong());
        for ((entry, found), texts) in &self.wrong {
            println!("    {entry} -> {found}: {} {:?}", texts.len(), texts.iter().next());
        }
    }
}

/// Each message that was raised, cut behind each of its characters.
#[test]
fn a_message_that_is_cut_is_explained_right_or_not_at_all() {
    let all = raised();
    let lines: BTreeMap<&str, &str> =
        all.iter().filter_map(|raised| Some((last_line(&raised.text)?, raised.entry.as_str()))).collect();
    let mut tally = Tally::default();
    for (line, entry) in &lines {
        line.char_indices().skip(1).for_each(|(at, _)| tally.add(entry, &line[..at]));
    }
    tally.print(&format!("{} messages cut at the end", lines.len()));
    let cuts = tally.right + tally.general + tally.unknown;
    assert!(cuts > 50_000 && tally.right * 10 > cuts * 3, "{} of {cuts} right", tally.right);
    assert!(tally.wrong() * 1000 <= cuts as usize, "{} of {cuts}: {:?}", tally.wrong(), tally.wrong.keys());
}

#[test]
fn what_stands_around_a_message_makes_no_difference() {
    let mut ways: BTreeMap<&str, Tally> = BTreeMap::new();
    for raised in &raised() {
        let Some(line) = last_line(&raised.text) else { continue };
        for (how, text) in changed(&raised.text, line) {
            ways.entry(how).or_default().add(&raised.entry, &text);
        }
    }
    for (how, tally) in &ways {
        tally.print(how);
        let all = tally.right + tally.general + tally.unknown + tally.wrong() as u32;
        // What is cut, or goes on in a sentence, may be unknown. Where the last line of a chain is cut, the error before it may still be
        // whole: that is explained then, and it is said that the last one is not known.
        let is_cut = ["clipped", "dots", "ellipsis"].iter().any(|cut| how.starts_with(cut));
        let most = if is_cut || *how == "sentence" { all } else { all / 40 };
        let of_the_chain: usize = match how.starts_with("clipped") {
            true => tally.wrong.values().flatten().filter(|text| explain(text, None).unknown().is_some()).count(),
            false => 0,
        };
        assert!(tally.wrong() - of_the_chain <= 3 && tally.unknown <= most, "{how}: {:?}", tally.wrong.keys());
    }
}

/// The text in the ways in which it is pasted.
fn changed(text: &str, line: &str) -> Vec<(&'static str, String)> {
    let prefixed = |prefix: &str| text.lines().map(|line| format!("{prefix}{line}\n")).collect::<String>();
    let wrapped = |width: usize, text: &str| {
        let wrap = |line: &str| {
            line.chars()
                .collect::<Vec<_>>()
                .chunks(width)
                .map(|part| part.iter().collect::<String>() + "\n")
                .collect::<String>()
        };
        text.lines().map(wrap).collect::<String>()
    };
    let clipped =
        |width: usize| text.lines().map(|line| line.chars().take(width).collect::<String>() + "\n").collect::<String>();
    let first = text
        .lines()
        .rfind(|candidate| picklescope::explain::is_error_message(candidate) && !candidate.starts_with("Trace"));
    let mut ways = vec![
        ("pytest", prefixed("E   ")),
        ("pytest line", format!("E   {line}")),
        ("pytest more", format!("E       {line}")),
        ("log", prefixed("2026-11-30 12:00:00,123 ERROR model: ")),
        ("log iso", prefixed("2026-11-30T12:00:00.123Z ")),
        ("docker", prefixed("web_1  | ")),
        ("kube", prefixed("[pod/web-0/app] ")),
        ("syslog", prefixed("Nov 30 12:00:00 host app[312]: ")),
        ("quote", prefixed("> ")),
        ("quoted twice", prefixed("> > ")),
        ("comment", prefixed("# ")),
        ("in quotes", format!("\"{line}\"")),
        ("in backticks", format!("`{line}`")),
        ("python list", format!("[\"{}\"]", line.replace('\\', "\\\\"))),
        ("json", serde_json::json!({ "error": text }).to_string()),
        ("wrapped 80", wrapped(80, text)),
        ("wrapped 40", wrapped(40, text)),
        ("clipped 80", clipped(80)),
        ("clipped 60", clipped(60)),
        ("ansi", text.lines().map(|line| format!("\u{1b}[1;31mE   {line}\u{1b}[0m\n")).collect()),
        ("bullet", format!("* {line}")),
        ("dots", format!("{}...", line.chars().take(60).collect::<String>())),
        ("ellipsis", format!("{}…", line.chars().take(60).collect::<String>())),
        ("sentence", format!("I get {line} when I load it")),
        ("got", format!("Error while loading: {line}")),
        ("indented", prefixed("    ")),
    ];
    if let Some(first) = first {
        ways.push(("first line", first.to_owned()));
    }
    ways
}
