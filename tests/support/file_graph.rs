//! Which file of `src` uses which: a graph made from the paths in the sources, names followed through re-exports to the
//! file that defines them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file takes what it needs")]

use std::collections::{BTreeMap, BTreeSet};

/// Types whose methods stand in many files.
const SPREAD: [&str; 2] = ["GraphView<", "Lens<"];

/// How their values are called.
const RECEIVERS: [&str; 3] = ["lens", "nodes", "view"];

/// The crate as far as its paths tell.
pub struct FileGraph {
    /// Path below `src` of each file, sorted.
    pub files: Vec<String>,
    /// For each file the files it uses, with one of the names.
    pub edges: Vec<BTreeMap<usize, String>>,
    /// The same of the methods of [`SPREAD`]: no path tells in which file they are.
    pub calls: Vec<BTreeMap<usize, String>>,
}

/// A name that a `use` brings in.
struct Import {
    name: String,
    path: Vec<String>,
    is_public: bool,
}

struct Module {
    file: usize,
    /// The parts of its path, `["lens", "pandas"]`.
    path: Vec<String>,
    imports: Vec<Import>,
    /// The source without its `use` items.
    body: String,
}

impl FileGraph {
    /// `sources` are paths below `src` and texts without comments.
    pub fn new(sources: &[(String, String)]) -> Self {
        let mut sources: Vec<&(String, String)> =
            sources.iter().filter(|(path, _)| !path.starts_with("bin/")).collect();
        sources.sort();
        let modules: Vec<Module> =
            sources.iter().enumerate().map(|(file, (path, text))| Module::read(file, path, text)).collect();
        let by_path: BTreeMap<Vec<String>, usize> =
            modules.iter().map(|module| (module.path.clone(), module.file)).collect();
        let resolver = Resolver { modules: &modules, by_path: &by_path };
        let edges = modules.iter().map(|module| resolver.edges(module)).collect();
        let calls = method_calls(&modules);
        Self { files: sources.iter().map(|(path, _)| path.clone()).collect(), edges, calls }
    }

    /// The circles: sets of files of which each reaches each other one, by paths and by calls; largest first.
    pub fn circles(&self) -> Vec<Vec<usize>> {
        let reach: Vec<BTreeSet<usize>> = (0..self.files.len()).map(|file| self.reached_from(file)).collect();
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for file in 0..self.files.len() {
            if !reach[file].contains(&file) || !seen.insert(file) {
                continue;
            }
            let circle: Vec<usize> =
                reach[file].iter().copied().filter(|&other| reach[other].contains(&file)).collect();
            seen.extend(&circle);
            circles.push(circle);
        }
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        circles
    }

    fn reached_from(&self, file: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![file];
        while let Some(file) = waiting.pop() {
            let next = self.edges[file].keys().chain(self.calls[file].keys()).copied();
            waiting.extend(next.filter(|&next| reached.insert(next)));
        }
        reached
    }
}

impl Module {
    fn read(file: usize, path: &str, text: &str) -> Self {
        // Tests stand at the end of their file, and may use anything.
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
            parts.pop();
        }
        let mut module = Self { file, path: parts, imports: Vec::new(), body: String::new() };
        let mut rest = text;
        while let Some(at) = next_use(rest) {
            let (before, from) = rest.split_at(at);
            let (visibility, before) = visibility_before(before);
            module.body.push_str(before);
            let end = from.find(';').map_or(from.len(), |end| end + 1);
            open_groups(&from["use".len()..end], visibility, &mut module.imports);
            rest = &from[end..];
        }
        module.body.push_str(rest);
        module
    }
}

/// For each file the files whose methods of [`SPREAD`] it calls.
fn method_calls(modules: &[Module]) -> Vec<BTreeMap<usize, String>> {
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for module in modules {
        for (line, _) in lines(&module.body).filter(|(_, is_spread)| *is_spread) {
            // Functions in functions stand further to the right.
            let head = line.strip_prefix("    ").filter(|rest| !rest.starts_with(' '));
            let Some((_, name)) = head.and_then(|head| head.split_once("fn ")) else { continue };
            owners.insert(name.chars().take_while(|c| is_word(*c)).collect(), module.file);
        }
    }
    let called = |module: &Module| {
        let names = lines(&module.body).flat_map(|(line, is_spread)| methods_called(line, is_spread));
        let found = names.filter_map(|name| Some((*owners.get(name)?, name.to_owned())));
        found.filter(|(file, _)| *file != module.file).collect()
    };
    modules.iter().map(called).collect()
}

/// The lines of a text, and whether they are in a block of methods of [`SPREAD`].
fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut is_spread = false;
    text.lines().map(move |line| {
        if line.starts_with("impl") {
            is_spread = SPREAD.iter().any(|name| line.contains(name)) && !line.contains(" for ");
        } else if line == "}" {
            is_spread = false;
        }
        (line, is_spread)
    })
}

/// The methods that a line calls of what is named as values of [`SPREAD`] are.
fn methods_called(line: &str, is_spread: bool) -> impl Iterator<Item = &str> {
    line.match_indices('.').filter_map(move |(at, _)| {
        let receiver = line[..at].rsplit(|c| !is_word(c)).next()?;
        let end = at + 1 + line[at + 1..].find(|c| !is_word(c))?;
        let is_known = RECEIVERS.contains(&receiver) || (is_spread && receiver == "self");
        (is_known && line[end..].starts_with('(')).then(|| &line[at + 1..end])
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the next `use` item begins.
fn next_use(text: &str) -> Option<usize> {
    text.match_indices("use ").map(|(at, _)| at).find(|&at| {
        let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
        let line = line.trim();
        line.is_empty() || line == "pub" || (line.starts_with("pub(") && line.ends_with(')'))
    })
}

fn visibility_before(before: &str) -> (bool, &str) {
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    if before[start..].trim().starts_with("pub") { (true, &before[..start]) } else { (false, before) }
}

/// `a::{b, c as d}` as the imports it stands for.
fn open_groups(tree: &str, is_public: bool, imports: &mut Vec<Import>) {
    let tree: String = tree.trim().trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
    let mut waiting = vec![(Vec::new(), tree)];
    while let Some((prefix, tree)) = waiting.pop() {
        let tree = tree.trim();
        if let Some(open) = tree.find('{') {
            let mut prefix: Vec<String> = prefix;
            prefix.extend(tree[..open].split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
            let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
            waiting.extend(split_outside_braces(inner).into_iter().map(|item| (prefix.clone(), item)));
            continue;
        }
        let (path, alias) = match tree.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim().to_owned())),
            None => (tree, None),
        };
        let mut path: Vec<String> = prefix
            .into_iter()
            .chain(path.split("::").map(|part| part.trim().to_owned()))
            .filter(|part| !part.is_empty())
            .collect();
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let Some(last) = path.last().cloned() else { continue };
        imports.push(Import { name: alias.unwrap_or(last), path, is_public });
    }
}

fn split_outside_braces(text: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        match items.last_mut() {
            Some(item) if c != ',' || depth > 0 => item.push(c),
            _ => items.push(String::new()),
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

/// The paths of two parts or more in a text.
fn paths(text: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("::").map(|at| at + from) {
        let start = text[..at].rfind(|c: char| !is_word(c)).map_or(0, |before| before + 1);
        let mut end = at;
        while let Some(rest) = text[end..].strip_prefix("::") {
            let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            end += 2 + length;
            if length == 0 {
                break;
            }
        }
        let parts: Vec<String> =
            text[start..end].split("::").map(str::to_owned).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 && !text[..start].ends_with("::") {
            found.insert(parts);
        }
        from = end.max(at + 2);
    }
    found
}

/// Whether a word stands in a text.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word))
}

struct Resolver<'a> {
    modules: &'a [Module],
    by_path: &'a BTreeMap<Vec<String>, usize>,
}

impl Resolver<'_> {
    fn edges(&self, module: &Module) -> BTreeMap<usize, String> {
        let mut edges = BTreeMap::new();
        let mut keep = |path: &[String]| {
            if let Some(file) = self.file_of(module, path, 0).filter(|&file| file != module.file) {
                edges.entry(file).or_insert_with(|| path.join("::"));
            }
        };
        for import in &module.imports {
            // What is only passed on is no use of it.
            if !import.is_public || has_word(&module.body, &import.name) {
                keep(&import.path);
            }
        }
        for path in paths(&module.body) {
            keep(&path);
        }
        edges
    }

    /// The file that defines what a path in `module` names; nothing for other crates, and for modules themselves.
    fn file_of(&self, module: &Module, path: &[String], level: usize) -> Option<usize> {
        let (first, rest) = path.split_first()?;
        if level > 16 {
            return None;
        }
        let inside = |base: Vec<String>, rest: &[String]| {
            let start = self.modules.get(*self.by_path.get(&base)?)?;
            self.walk(start, rest, level + 1)
        };
        let own = &module.path;
        match first.as_str() {
            "crate" => inside(Vec::new(), rest),
            "self" => inside(own.clone(), rest),
            "super" => inside(own[..own.len().checked_sub(1)?].to_vec(), rest),
            name => {
                let child: Vec<String> = own.iter().cloned().chain([name.to_owned()]).collect();
                if self.by_path.contains_key(&child) {
                    return inside(child, rest);
                }
                let import = module.imports.iter().find(|import| import.name == name && import.path[0] != *name)?;
                let whole: Vec<String> = import.path.iter().chain(rest).cloned().collect();
                self.file_of(module, &whole, level + 1)
            }
        }
    }

    fn walk(&self, module: &Module, path: &[String], level: usize) -> Option<usize> {
        let (name, rest) = path.split_first()?;
        if name == "super" {
            return self.file_of(module, path, level);
        }
        let child: Vec<String> = module.path.iter().cloned().chain([name.clone()]).collect();
        if let Some(&child) = self.by_path.get(&child) {
            return self.walk(&self.modules[child], rest, level);
        }
        match module.imports.iter().find(|import| import.name == *name) {
            Some(import) => {
                let whole: Vec<String> = import.path.iter().chain(rest).cloned().collect();
                self.file_of(module, &whole, level + 1)
            }
            None => Some(module.file),
        }
    }
}
