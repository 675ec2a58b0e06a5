//! The way back from an accessor path, as the rows and the inspector print it, to the value.

use super::paths::PathStep;
use super::{Content, Document, Target};
use crate::graph::NodeId;
use crate::lens::PartLabel;
use crate::opcode::{self, PyText};

/// Places that are tried before a path is given up.
const TRIES: usize = 100_000;
/// Children that are looked at at once.
const STEP: usize = 4096;

impl Document {
    /// The value at a path: `obj['model'].steps[0]`, `objs[1].coef_`, `obj › arg 0`. Where a key was set more than once it is
    /// the last one.
    ///
    /// # Errors
    /// How far the path leads, in words.
    pub fn find_path(&self, path: &str) -> Result<u32, String> {
        let path = path.trim();
        let found = self.find_spelled(&opcode::visible(path));
        // A text may be quoted and escaped otherwise than it is shown.
        let other = || {
            let respelled = respelled(path).filter(|other| other != path)?;
            self.find_spelled(&opcode::visible(&respelled)).ok()
        };
        found.or_else(|why| other().ok_or(why))
    }

    fn find_spelled(&self, path: &str) -> Result<u32, String> {
        let mut waiting = Vec::new();
        for index in 0..self.roots().len() {
            if let Some(rest) = path.strip_prefix(&self.root_path(index)).filter(|rest| begins_a_step(rest)) {
                waiting.push((self.content_of_root(index), rest));
            }
        }
        // With several pickles `obj` is none of them by name.
        if waiting.is_empty()
            && let Some(rest) = path.strip_prefix("obj").filter(|rest| begins_a_step(rest))
            && let Some(&value) = self.values().first()
        {
            waiting.push((Content::Node(value.node()), rest));
        }
        if waiting.is_empty() {
            return Err(format!("a path begins with {}", self.root_paths()));
        }
        let mut shortest = path;
        let mut closest = None;
        for _ in 0..TRIES {
            let Some((content, rest)) = waiting.pop() else { break };
            if let (true, Content::Node(node)) = (rest.is_empty(), content) {
                return Ok(node.0);
            }
            if rest.len() < shortest.len() || closest.is_none() {
                (shortest, closest) = (rest, Some(content));
            }
            self.follow(content, rest, &mut waiting);
        }
        match shortest {
            "" => Err(format!("{path} is not a single value")),
            rest => {
                let owner = path.strip_suffix(rest).unwrap_or(path);
                Err(match closest {
                    Some(Content::Node(node)) if self.has_column(node, rest) => {
                        format!("{path} is a column of the table {owner}, which is one value: ask for {owner}")
                    }
                    _ => format!("there is no {rest} in {owner}"),
                })
            }
        }
    }

    /// Whether a value is a table with a column at this step of a path.
    fn has_column(&self, node: NodeId, step: &str) -> bool {
        const LOOKED_AT: usize = 1 << 16;
        let lens = self.lens();
        let key = step.strip_prefix('[').and_then(|step| step.strip_suffix(']'));
        let has = |key: &str| Some(lens.table(node)?.column_keys(0, LOOKED_AT).iter().any(|column| column == key));
        self.components(node).is_some_and(|components| components.columns > 0) && key.and_then(has) == Some(true)
    }

    fn root_paths(&self) -> String {
        const SHOWN: usize = 3;
        let mut paths: Vec<String> = (0..self.roots().len().min(SHOWN)).map(|index| self.root_path(index)).collect();
        if self.roots().len() > SHOWN {
            paths.push("…".to_owned());
        }
        paths.join(", ")
    }

    /// Adds the children of `content` that `rest` leads to, the last one on top.
    fn follow<'p>(&self, content: Content, rest: &'p str, waiting: &mut Vec<(Content, &'p str)>) {
        if let Content::Node(node) = content
            && let Some((index, rest)) = position(rest)
        {
            waiting.extend(self.item(node, index).map(|node| (Content::Node(node), rest)));
            if waiting.last().is_some_and(|(_, last)| *last == rest) {
                return;
            }
        }
        let total = match content {
            Content::Node(node) => self.node_children(node),
            other => self.children_of(other),
        };
        // A column of a table is no value: its row leads nowhere.
        let mut first = match content {
            Content::Node(node) => self.components(node).map_or(0, |components| components.columns),
            _ => 0,
        };
        while first < total {
            let window = match content {
                Content::Node(node) => self.node_window(node, first, STEP),
                other => self.window(other, first, STEP),
            };
            if window.is_empty() {
                break;
            }
            first += window.len() as u64;
            for child in window {
                let Some(rest) = after(&self.path_step(&child.place), rest) else { continue };
                match child.target {
                    Target::Value(edge) => waiting.push((Content::Node(edge.node()), rest)),
                    Target::Content(below) => waiting.push((below, rest)),
                    Target::Column(_) | Target::Bytes(_) | Target::Nothing => {}
                }
            }
        }
    }

    /// The item at a position, without going over those before.
    fn item(&self, node: NodeId, index: u64) -> Option<NodeId> {
        let lens = self.lens();
        let parts = lens.shape(node).parts;
        let items = parts.iter().filter(|part| part.label == PartLabel::Index);
        let mut found = items.flat_map(|part| part.window(lens.graph, index, 1));
        found.next().map(|child| child.value.node())
    }
}

/// What follows a step in a path that begins with it.
fn after<'p>(step: &PathStep, path: &'p str) -> Option<&'p str> {
    let rest = match step {
        PathStep::Silent => return Some(path),
        PathStep::Accessor(accessor) => path.strip_prefix(accessor.as_str())?,
        PathStep::Words(words) => {
            path.strip_prefix(" › ").or_else(|| path.strip_prefix(" > "))?.strip_prefix(words.as_str())?
        }
    };
    begins_a_step(rest).then_some(rest)
}

fn begins_a_step(path: &str) -> bool {
    path.is_empty() || path.starts_with(['[', '.']) || path.starts_with(" › ") || path.starts_with(" > ")
}

/// `[12]` at the beginning of a path, and what follows.
fn position(path: &str) -> Option<(u64, &str)> {
    let (number, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

/// A path whose texts and bytes in brackets are quoted as they are shown. Nothing where one of them does not end.
fn respelled(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find(['\'', '"']) {
        let before = &rest[..at];
        let quote = rest[at..].chars().next()?;
        let body = &rest[at + 1..];
        let length = literal_length(body, quote)?;
        let is_bytes = before.ends_with("[b") || before.ends_with(", b") || before.ends_with("(b");
        out.push_str(if is_bytes { &before[..at - 1] } else { before });
        if is_bytes {
            out.push_str(&opcode::repr_bytes(&opcode::unescape(&body.as_bytes()[..length]).ok()?));
        } else {
            out.push_str(&opcode::repr_str(&PyText::from(opcode::unescape_text(&body[..length])?.as_str())));
        }
        rest = &body[length + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// The length of what stands before the quotation mark that ends a literal.
fn literal_length(body: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    body.char_indices().find_map(|(at, c)| {
        let ends = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::respelled;

    #[test]
    fn texts_of_a_path_are_quoted_as_they_are_shown() {
        let same = |path: &str, shown: &str| assert_eq!(respelled(path).as_deref(), Some(shown), "{path}");
        same(r#"obj["model"].steps[0]"#, "obj['model'].steps[0]");
        same(r#"obj["it's"]["\x41\u00e9"]"#, r#"obj["it's"]['Aé']"#);
        same(r#"obj['it\'s'][b"\x00a"]"#, r#"obj["it's"][b'\x00a']"#);
        same(r#"obj[("a", b"b", 1)]"#, "obj[('a', b'b', 1)]");
        assert_eq!(respelled(r#"obj["a]"#), None);
    }
}
