//! What a file holds, held against the value that a message is about.

use super::texts::Seen;
use super::{ANOTHER, Look, NAMES, evidence};
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::graph::Edge;
use crate::lens::{ShapeKind, shape_text};
use crate::view::preview;

impl Look<'_> {
    /// What a loader gives for the first pickle, held against the type in the message.
    pub(super) fn value(&self) -> Vec<Evidence> {
        let Some(value) = self.document.values().first().copied() else {
            return vec![evidence(Answer::DoesNot, format!("No value was read. {}", self.overview.reading), None)];
        };
        let lens = self.document.lens();
        let shape = lens.shape(value.node());
        let text: Vec<String> =
            preview::preview(&lens, value.node(), &shape).into_iter().map(|part| part.text).collect();
        let what = format!("This file holds a value of the type {}: {}.", shape.type_name, text.join(" "));
        let asked = words::object_type(self.quote());
        // Python 2 calls it otherwise.
        let old = |name: &str| if name == "str" { "unicode" } else { "long" };
        let is_asked = |name: &str| {
            asked
                .as_ref()
                .is_some_and(|asked| asked.fits(name) || matches!(name, "str" | "int") && asked.fits(old(name)))
        };
        let is_it = is_asked(&shape.type_name) || is_asked("NoneType") && lens.is_none(value);
        // In a list the model may be an item.
        let answer = match (is_it, shape.kind) {
            (true, _) => Answer::Shows,
            (false, ShapeKind::Items | ShapeKind::Mapping) => Answer::Related,
            (false, _) => Answer::DoesNot,
        };
        vec![evidence(answer, what, Some(self.document.reading().graph.offset(value.node())))]
    }

    /// Keys of a state dict that a message names: `size mismatch for fc.weight`, `Missing key(s) in state_dict: 'a', 'b'`.
    pub(super) fn keys(&self) -> Vec<Evidence> {
        let quote = self.quote();
        if let Some((key, shape)) = words::mismatch(quote) {
            return vec![self.key_of_shape(&key, shape.as_deref())];
        }
        let (missing, keys) = words::state_keys(quote);
        let has_keys = |value: &Edge| !self.document.lens().named_values(*value).is_empty();
        if missing && !self.overview.import_list.iter().any(|import| import.module.starts_with("torch")) {
            let is_state = self.document.values().first().is_some_and(has_keys);
            if !is_state {
                return vec![evidence(Answer::DoesNot, format!("This file holds no state dict. {ANOTHER}"), None)];
            }
        }
        let mut seen = Vec::new();
        for key in keys.iter().take(NAMES) {
            let found = self.text(key);
            if found == Seen::Unknown {
                return vec![evidence(Answer::Related, format!("Whether the file holds {key} was not seen."), None)];
            }
            seen.push((key, found));
        }
        let Some((first, _)) = seen.first() else {
            let text = "The message names no key: its keys were not held against the file.";
            return vec![evidence(Answer::Related, text, None)];
        };
        let other = seen.iter().find(|(_, found)| (*found == Seen::Nowhere) != missing);
        match (other, missing) {
            (Some((key, Seen::At(at))), _) => {
                vec![evidence(Answer::DoesNot, format!("This file holds {key}. {ANOTHER}"), Some(*at))]
            }
            (Some((key, _)), _) => {
                vec![evidence(Answer::DoesNot, format!("This file holds no {key}. {ANOTHER}"), None)]
            }
            (None, true) => vec![evidence(Answer::Shows, format!("The file holds no {first}."), None)],
            (None, false) => {
                let at = if let Seen::At(at) = seen[0].1 { Some(at) } else { None };
                vec![evidence(Answer::Shows, format!("The file holds {first}."), at)]
            }
        }
    }

    fn key_of_shape(&self, key: &super::Word, shape: Option<&[u64]>) -> Evidence {
        let at = match self.text(key) {
            Seen::At(at) => at,
            Seen::Nowhere => return evidence(Answer::DoesNot, format!("This file holds no {key}. {ANOTHER}"), None),
            Seen::Unknown => {
                return evidence(Answer::Related, format!("Whether the file holds {key} was not seen."), None);
            }
        };
        let lens = self.document.lens();
        let shapes: Vec<Vec<u64>> = match key.is_cut() {
            true => Vec::new(),
            false => {
                self.values_of(key.text()).into_iter().filter_map(|edge| Some(lens.array(edge.node())?.shape)).collect()
            }
        };
        match (shapes.first(), shape) {
            (Some(first), Some(shape)) if !shapes.iter().any(|one| one == shape) => {
                let (is, asked) = (shape_text(first), shape_text(shape));
                evidence(
                    Answer::DoesNot,
                    format!("{key} has the shape {is} in this file, not {asked}. {ANOTHER}"),
                    Some(at),
                )
            }
            (Some(first), Some(_)) => {
                evidence(Answer::Shows, format!("The file holds {key}, of the shape {}.", shape_text(first)), Some(at))
            }
            (_, None) => evidence(Answer::Shows, format!("The file holds {key}."), Some(at)),
            (None, _) => evidence(Answer::Related, format!("The file holds {key}; its shape was not seen."), Some(at)),
        }
    }

    /// Whether the first value lacks the key of `KeyError: 'model'`.
    pub(super) fn no_key(&self) -> Vec<Evidence> {
        let (Some(key), Some(value)) = (words::missing_key(self.quote()), self.document.values().first().copied())
        else {
            return Vec::new();
        };
        let lens = self.document.lens();
        let shape = lens.shape(value.node());
        let keys = lens.named_values(value);
        let offset = Some(self.document.reading().graph.offset(value.node()));
        if shape.kind != ShapeKind::Mapping && keys.is_empty() {
            let text = format!("The first value of this file is a {}, which has no keys.", shape.type_name);
            return vec![evidence(Answer::Related, text, offset)];
        }
        if keys.iter().any(|(name, _)| key.fits(name)) {
            return vec![evidence(Answer::DoesNot, format!("This file has the key {key}. {ANOTHER}"), offset)];
        }
        let listed: Vec<&str> = keys.iter().take(NAMES).map(|(name, _)| name.as_str()).collect();
        let more = if keys.len() > NAMES { ", …" } else { "" };
        vec![evidence(
            Answer::Shows,
            format!("There is no key {key}; the keys are {}{more}.", listed.join(", ")),
            offset,
        )]
    }
}
