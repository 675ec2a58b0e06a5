//! Compiles the database of names (`src/safety/names/data`) into static tables and a text with a line for each module
//! (`src/safety/names/lines.rs` reads it). The page's worker has the text compressed. The packages it knows become the table of
//! distributions (`src/format/packages.rs`). What is wrong with a line stops the build.

use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/safety/names/hash.rs"]
mod hash;

const DATA: &str = "src/safety/names/data";
/// Distributions of packages of which the database has no source.
const DISTRIBUTIONS: &str = "src/format/distributions.tsv";
/// Top-level modules that distributions install by accident, or that projects have of their own.
const NO_PACKAGES: [&str; 5] = ["bin", "build", "devtools", "extension_templates", "pl_examples"];
/// The columns of `names.tsv`, `classes.tsv` and `patterns.tsv`.
const COLUMNS: [&str; 8] = ["module", "name", "role", "check", "capability", "traits", "reason", "source"];

fn main() {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed={DISTRIBUTIONS}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut tables = Tables::default();
    tables.names();
    tables.patterns();
    tables.small_tables();
    tables.modules();
    let Tables { lines, code, .. } = tables.finish();
    let shortened = shortened(&lines);
    // Bytes count in the page, milliseconds everywhere else.
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        let packed = compressed(shortened.as_bytes());
        write(&out.join("modules.lzma"), &packed);
        // The page has them as a file of its own, whose name says which program it belongs to (scripts/name_by_content.sh).
        let digest = digest(&packed);
        let name = format!("names-{digest:016x}.lzma");
        write(&out.join(&name), &[&digest.to_le_bytes()[..], &packed].concat());
        write(&out.join("file.rs"), format!("(\"{name}\", {digest:#x})").as_bytes());
    }
    write(&out.join("top_levels.rs"), top_levels(&lines).as_bytes());
    write(&out.join("modules.short"), shortened.as_bytes());
    write(&out.join("modules.txt"), lines.as_bytes());
    write(&out.join("names.rs"), code.as_bytes());
    write(&out.join("packages.rs"), packages().as_bytes());
}

/// Modules and their distributions: packages that are known by name alone have that of their module.
fn packages() -> String {
    let mut known = BTreeMap::new();
    for row in rows("packages.tsv", &["package", "standing"], 1) {
        known.insert(row[0].clone(), row[0].replace('_', "-"));
    }
    let path = format!("{DATA}/class_facts.tsv");
    let facts = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    for line in facts.lines().skip(1) {
        let mut cells = line.split('\t');
        let (module, source) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let distribution = source.split("==").next().unwrap_or_default();
        // A namespace is shared by distributions, which are called by more of the module: `zope.interface`.
        let components = if distribution.contains('.') { 2 } else { 1 };
        let package: Vec<&str> = module.split('.').take(components).collect();
        let package = package.join(".");
        if distribution != "cpython" && !NO_PACKAGES.contains(&&*package) {
            known.insert(package, distribution.to_owned());
        }
    }
    for row in rows_of(DISTRIBUTIONS, &["module", "distribution"], 1) {
        known.insert(row[0].clone(), row[1].clone());
    }
    let mut code = format!("static DISTRIBUTIONS: [(&str, &str); {}] = [\n", known.len());
    for (module, distribution) in known {
        let _ = writeln!(code, "    ({module:?}, {distribution:?}),");
    }
    code + "];\n"
}

/// A bit for each hash of the first component of a module: what has none is on no line, so that nothing is unpacked for it.
fn top_levels(lines: &str) -> String {
    const BITS: usize = 1 << 14;
    let mut bits = vec![0_u64; BITS / 64];
    for line in lines.lines() {
        let top_level = line.split(['\t', '.']).next().unwrap_or_default();
        let bit = hash::hash(top_level) % BITS;
        bits[bit / 64] |= 1 << (bit % 64);
    }
    format!("{bits:?}\n")
}

/// Lines without what they share with the line before: the first components of the module, whose number begins the line as a
/// letter from `A`.
fn shortened(lines: &str) -> String {
    let (mut all, mut previous) = (String::new(), Vec::new());
    for line in lines.lines() {
        let (module, rest) = line.split_once('\t').unwrap_or_default();
        let module: Vec<&str> = module.split('.').collect();
        let shared = module.iter().zip(&previous).take_while(|(one, other)| one == other).count();
        all.push(char::from(b'A' + u8::try_from(shared).unwrap_or(u8::MAX)));
        let _ = writeln!(all, "{}\t{rest}", module[shared..].join("."));
        previous = module;
    }
    all
}

/// FNV-1a: two builds of the same names have the same.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// As a `.lzma` file.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut options = LzmaOptions::with_preset(9);
    (options.pb, options.nice_len, options.dict_size) = (0, LzmaOptions::NICE_LEN_MAX, 8 << 20);
    assert!(bytes.len() <= options.dict_size as usize, "a dictionary of all bytes finds what is alike anywhere");
    let packed = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64)).and_then(|mut writer| {
        writer.write_all(bytes)?;
        writer.finish()
    });
    packed.unwrap_or_else(|error| panic!("lzma: {error}"))
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The lines of a table without its heading, split into columns; they have to be in order, each key once.
fn rows(file: &str, columns: &[&str], keys: usize) -> Vec<Vec<String>> {
    rows_of(&format!("{DATA}/{file}"), columns, keys)
}

fn rows_of(path: &str, columns: &[&str], keys: usize) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(&*columns.join("\t")), "{path}: the heading");
    let rows: Vec<Vec<String>> = lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    for (index, row) in rows.iter().enumerate() {
        let place = format!("{path}:{}", index + 2);
        assert_eq!(row.len(), columns.len(), "{place}: columns");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{place}: an empty column is written -");
        assert!(index == 0 || rows[index - 1][..keys] < row[..keys], "{place}: out of order, or twice");
    }
    rows
}

/// `first-class` as `FirstClass`.
fn variant(word: &str) -> String {
    word.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

fn option(word: &str, kind: &str) -> String {
    if word == "-" { "None".to_owned() } else { format!("Some({kind}::{})", variant(word)) }
}

/// `hook,memory` as `Kind::HOOK.0 | Kind::MEMORY.0`.
fn flags(words: &str, kind: &str) -> String {
    let flags = words.split(',').filter(|word| *word != "-");
    let flags: Vec<String> = flags.map(|word| format!("{kind}::{}.0", word.replace('-', "_").to_uppercase())).collect();
    format!("{kind}({})", if flags.is_empty() { "0".to_owned() } else { flags.join(" | ") })
}

/// `runs:first` as `Check::Runs(Called::First)`.
fn check(word: &str) -> String {
    match word.split_once(':') {
        None if word == "-" => "Check::Any".to_owned(),
        None => format!("Check::{}", variant(word)),
        Some((check, argument)) => {
            let kind = match check {
                "runs" => "Called",
                "acts" => "Capability",
                _ => panic!("the check {check} takes no argument"),
            };
            format!("Check::{}({kind}::{})", variant(check), variant(argument))
        }
    }
}

/// A number as the character that stands for it in a line; it takes two bytes.
fn letter(number: usize) -> char {
    let letter = u32::try_from(number).ok().and_then(|number| char::from_u32(0x80 + number));
    letter.filter(|letter| letter.len_utf8() == 2).unwrap_or_else(|| panic!("{number} is too large for two bytes"))
}

/// The character for a number, of any length in UTF-8: no search goes backwards over these.
fn wide(number: usize) -> char {
    let letter = u32::try_from(number).ok().and_then(|number| char::from_u32(0x80 + number));
    letter.unwrap_or_else(|| panic!("{number} has no letter"))
}

/// A module of the database and the names known in it.
#[derive(Default)]
struct Module {
    names: BTreeMap<String, usize>,
    /// Patterns of its names, and of the names of all that is below it.
    patterns: Vec<String>,
    trees: Vec<String>,
    /// `KnownModule` with its fields.
    known: Option<String>,
    standing: Option<String>,
    is_of_stdlib: bool,
    /// Whether it is a top-level module in which anything dangerous is known.
    is_root: bool,
}

#[derive(Default)]
struct Tables {
    modules: BTreeMap<String, Module>,
    lines: String,
    code: String,
    reasons: HashMap<String, usize>,
    /// What lines say, each once, and its number.
    entries: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Tables {
    fn list(&mut self, name: &str, kind: &str, items: &[String]) {
        let _ = writeln!(self.code, "static {name}: [{kind}; {}] = [\n{},\n];", items.len(), items.join(",\n"));
    }

    /// The number of what a line says.
    fn entry(&mut self, row: &[String], is_derived: bool) -> usize {
        let [_, _, role, check_word, capability, traits, reason, _] = row else {
            unreachable!("rows have all columns")
        };
        let reason = match reason.as_str() {
            "-" => 0,
            key => *self.reasons.get(key).unwrap_or_else(|| panic!("{row:?}: no such reason")),
        };
        assert!((role == "-") == (reason == 0), "{row:?}: a role has a reason");
        let entry = format!(
            "Entry {{ role: {}, check: {}, capability: {}, traits: {}, reason: {reason}, is_derived: {is_derived} }}",
            option(role, "Role"),
            check(check_word),
            option(capability, "Capability"),
            flags(traits, "Traits"),
        );
        let next = self.entries.len();
        *self.numbers.entry(entry.clone()).or_insert_with(|| {
            self.entries.push(entry);
            next
        })
    }

    fn module(&mut self, name: &str) -> &mut Module {
        self.modules.entry(name.to_owned()).or_default()
    }

    fn note_root(&mut self, row: &[String]) {
        if row[4] != "-" {
            let top = row[0].trim_end_matches(['*', '.']).split('.').next().unwrap_or_default().to_owned();
            self.module(&top).is_root = true;
        }
    }

    /// `names.tsv` and, where it says nothing of the name, `classes.tsv`.
    fn names(&mut self) {
        let mut reasons = vec![format!("{:?}", "")];
        for row in rows("reasons.tsv", &["reason", "text"], 1) {
            self.reasons.insert(row[0].clone(), reasons.len());
            reasons.push(format!("{:?}", row[1]));
        }
        self.list("REASONS", "&str", &reasons);
        for (file, is_derived) in [("names.tsv", false), ("classes.tsv", true)] {
            for row in rows(file, &COLUMNS, 2) {
                assert!(!row[0].contains('*') && !row[1].contains('*'), "{file}: {row:?} belongs into patterns.tsv");
                self.note_root(&row);
                let entry = self.entry(&row, is_derived);
                self.module(&row[0]).names.entry(row[1].clone()).or_insert(entry);
            }
        }
    }

    /// A line for each module: its name, the letter of what is known of itself and its names, each with the letter of its entry
    /// behind it; then source and classes, if its source was read.
    fn modules(&mut self) {
        let mut modules = std::mem::take(&mut self.modules);
        let facts = self.class_facts();
        facts.keys().for_each(|name| {
            modules.entry(name.clone()).or_default();
        });
        let mut infos: Vec<String> = Vec::new();
        let mut numbers = HashMap::new();
        for (name, module) in modules {
            let info = format!(
                "Info {{ patterns: &[{}], trees: &[{}], known: {}, standing: {}, is_of_stdlib: {}, is_root: {} }}",
                module.patterns.join(", "),
                module.trees.join(", "),
                module.known.unwrap_or_else(|| "UNKNOWN".to_owned()),
                module.standing.unwrap_or_else(|| "None".to_owned()),
                module.is_of_stdlib,
                module.is_root,
            );
            let number = *numbers.entry(info.clone()).or_insert_with(|| {
                infos.push(info);
                infos.len() - 1
            });
            let _ = write!(self.lines, "{name}\t{}", letter(number));
            for (name, entry) in &module.names {
                assert!(name.is_ascii(), "{name}: other letters end a name in a line");
                let _ = write!(self.lines, "{name}{}", letter(*entry));
            }
            if let Some(classes) = facts.get(&name) {
                let _ = write!(self.lines, "\t{classes}");
            }
            self.lines.push('\n');
        }
        self.list("INFOS", "Info", &infos);
    }

    /// By module, the classes whose source was read: the letter of the source and groups of classes between tabs; what another
    /// source says of a module of the same name follows behind a `;`.
    fn class_facts(&mut self) -> BTreeMap<String, String> {
        let mut facts: BTreeMap<String, String> = BTreeMap::new();
        let (mut sources, mut numbers) = (Vec::new(), HashMap::new());
        for row in rows("class_facts.tsv", &["module", "source", "classes"], 2) {
            let number = *numbers.entry(row[1].clone()).or_insert_with(|| {
                sources.push(format!("{:?}", row[1]));
                sources.len() - 1
            });
            let known = facts.entry(row[0].clone()).or_default();
            let separator = if known.is_empty() { "" } else { ";" };
            let _ = write!(known, "{separator}{}{}", wide(number), row[2].replace("; ", "\t"));
        }
        self.list("SOURCES", "&str", &sources);
        facts
    }

    /// Patterns by module: `a.b`, `a.b*` (and all below it), `a.b.*` (all below it), `*` (any). Traits have a table of their own.
    fn patterns(&mut self) {
        let mut traits = Vec::new();
        let mut deepest = 0;
        for row in rows("patterns.tsv", &COLUMNS, 2) {
            let (module, name) = (&row[0], &row[1]);
            let (scope, root) = match module.strip_suffix('*') {
                None => ("Module", module.as_str()),
                Some("") => ("Anywhere", ""),
                Some(root) => root.strip_suffix('.').map_or(("Tree", root), |root| ("Below", root)),
            };
            let in_the_middle = name.trim_start_matches('*').trim_end_matches('*').contains('*');
            let is_bare = scope == "Module" && !name.contains('*');
            assert!(!in_the_middle && !root.contains('*') && !is_bare, "patterns.tsv: {row:?}");
            assert!(row[4] == "-" || name == "*" || !name.starts_with('*'), "patterns.tsv: {row:?}: no beginning");
            self.note_root(&row);
            if row[5] != "-" {
                let traits_of = flags(&row[5], "Traits");
                traits.push(format!(
                    "TraitPattern {{ scope: Scope::{scope}, module: {root:?}, name: {name:?}, traits: {traits_of} }}"
                ));
            }
            if row[2] == "-" && row[4] == "-" {
                continue;
            }
            let entry = self.entry(&row, false);
            let code = format!("Pattern {{ name: {name:?}, entry: {entry} }}");
            match scope {
                "Module" => self.module(root).patterns.push(code),
                "Tree" => {
                    deepest = deepest.max(root.split('.').count());
                    self.module(root).trees.push(code);
                }
                _ => panic!("patterns.tsv: {row:?} can have traits only"),
            }
        }
        self.list("TRAIT_PATTERNS", "TraitPattern", &traits);
        let _ = writeln!(self.code, "const DEEPEST: usize = {deepest};");
    }

    fn small_tables(&mut self) {
        for row in rows("modules.tsv", &["module", "public", "capability", "traits"], 1) {
            let public = if row[1] == "-" { "None".to_owned() } else { format!("Some({:?})", row[1]) };
            let acts = row[3] == "acts-on-import";
            let capability = option(&row[2], "Capability");
            let known = format!("KnownModule {{ public: {public}, capability: {capability}, acts_on_import: {acts} }}");
            self.module(&row[0]).known = Some(known);
        }
        let growths = rows("growth.tsv", &["module", "name", "growth", "at_once"], 2);
        let growths = growths.iter().map(|row| {
            let at_once = if row[3] == "-" { "Nothing".to_owned() } else { variant(&row[3]) };
            format!("({:?}, {:?}, Growth::{}, AtOnce::{at_once})", row[0], row[1], variant(&row[2]))
        });
        self.list("GROWTHS", "(&str, &str, Growth, AtOnce)", &growths.collect::<Vec<_>>());
        let attributes = rows("attributes.tsv", &["attribute", "traits"], 1);
        let attributes = attributes.iter().map(|row| format!("({:?}, {})", row[0], flags(&row[1], "Attribute")));
        self.list("ATTRIBUTES", "(&str, Attribute)", &attributes.collect::<Vec<_>>());
        for row in rows("packages.tsv", &["package", "standing"], 1) {
            self.module(&row[0]).standing = Some(format!("Some(Standing::{})", variant(&row[1])));
        }
        for row in rows("stdlib.tsv", &["module"], 1) {
            self.module(&row[0]).is_of_stdlib = true;
        }
        let verbs = rows("verbs.tsv", &["verb", "place", "meaning"], 2);
        let words = verbs.iter().filter(|row| row[1] == "word").map(|row| {
            let word = match row[2].strip_prefix("acts:") {
                Some(capability) => format!("Word::Acts(Capability::{})", variant(capability)),
                None => format!("Word::{}", variant(&row[2])),
            };
            format!("({:?}, {word})", row[0])
        });
        let words: Vec<String> = words.collect();
        self.list("WORDS", "(&str, Word)", &words);
        let beginnings = verbs.iter().filter(|row| row[1] == "beginning");
        let beginnings = beginnings.map(|row| format!("({:?}, Method::{})", row[0], variant(&row[2])));
        self.list("BEGINNINGS", "(&str, Method)", &beginnings.collect::<Vec<_>>());
        let plain = rows("plain_methods.tsv", &["method"], 1);
        self.list("PLAIN_METHODS", "&str", &plain.iter().map(|row| format!("{:?}", row[0])).collect::<Vec<_>>());
        let allowed = rows("torch_allowed.tsv", &["name"], 1);
        self.list("TORCH_ALLOWED", "&str", &allowed.iter().map(|row| format!("{:?}", row[0])).collect::<Vec<_>>());
    }

    fn finish(mut self) -> Self {
        let entries = std::mem::take(&mut self.entries);
        self.list("ENTRIES", "Entry", &entries);
        self
    }
}
