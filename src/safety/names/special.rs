//! Names that mean something by themselves: aliases of modules, attributes that lead anywhere, hooks, functions that act.

use super::capability::Capability;
use super::database::{self, Method, Word};
use super::traits::Attribute;

/// The public module of one that CPython implements it by.
pub(in crate::safety) fn public_module(module: &str) -> &str {
    database::known_module(module).and_then(|known| known.public).unwrap_or(module)
}

/// Whether importing this very module does something at once: antigravity opens a browser.
pub(in crate::safety) fn acts_on_import(module: &str) -> bool {
    // What `python -m package` runs.
    module.ends_with(".__main__") || database::known_module(module).is_some_and(|known| known.acts_on_import)
}

/// What an attribute or a key is by its own name.
pub(in crate::safety) fn attribute(name: &str) -> Attribute {
    database::attribute(name)
}

/// Names through which any object leads to everything else.
pub(in crate::safety) fn is_introspective(component: &str) -> bool {
    attribute(component).has(Attribute::LEADS_ANYWHERE)
}

/// Of these, the ones that no class documents as something to take.
pub(in crate::safety) fn is_master_key(component: &str) -> bool {
    attribute(component).has(Attribute::MASTER_KEY)
}

/// Methods that Python calls by itself: put into an instance's or class's state they run.
pub(in crate::safety) fn is_hook(name: &str) -> bool {
    attribute(name).has(Attribute::HOOK)
}

/// Keys of a state or of a constructor's dict that are looked at: every name with two underscores on both sides that is
/// not ordinary data, `keys`, which mappings are asked for, and the template that scipy runs as code.
pub(in crate::safety) fn may_be_hook(name: &str) -> bool {
    let known = attribute(name);
    let is_special = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    known.has(Attribute::HOOK)
        || known.has(Attribute::MAPPING)
        || is_template(name)
        || is_special && !known.has(Attribute::DATA)
}

/// Whether code that takes a dict, a text, a number or a file calls a method of this name.
pub(in crate::safety) fn is_plain_method(name: &str) -> bool {
    database::is_plain_method(name)
}

/// The attribute of scipy's distributions that their `__setstate__` gives to `exec`.
pub(in crate::safety) fn is_template(name: &str) -> bool {
    attribute(name).has(Attribute::TEMPLATE)
}

/// Attributes by which numpy reads memory at an address of the file's choice.
pub(in crate::safety) fn is_memory_access(name: &str) -> bool {
    attribute(name).has(Attribute::MEMORY)
}

/// Methods that APPEND(S) and ADDITEMS look up.
pub(in crate::safety) fn is_adder(name: &str) -> bool {
    attribute(name).has(Attribute::ADDS)
}

/// Whether a method reads, writes or evaluates something.
pub(in crate::safety) fn reaches_out(method: &str) -> bool {
    database::methods(method).any(|method| method == Method::ReachesOut)
}

/// Whether calling a method of a known class may do more than compute.
pub(in crate::safety) fn method_acts(method: &str) -> bool {
    database::methods(method).next().is_some()
}

/// What a function does by its own name, when it is one of those that act and do not only make a value. Names that begin
/// with an underscore are not taken at their word: reconstructors have such names.
pub(in crate::safety) fn acts(name: &str) -> Option<Capability> {
    let last = name.rsplit('.').next().unwrap_or(name);
    if !last.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    // What modules import of functools.
    if name == "reduce" {
        return Some(Capability::Deferred);
    }
    let said = words(last).find_map(|word| word_acts(&word));
    said.or_else(|| last.ends_with("load").then_some(Capability::Deserialiser))
}

fn word_acts(word: &str) -> Option<Capability> {
    match database::word(word)? {
        Word::Acts(capability) => Some(capability),
        Word::Rebuilds | Word::Finds => None,
    }
}

/// The same for private names and names of classes, too: `_check_and_log_subprocess`, `RunCommand`.
pub(in crate::safety) fn may_act(name: &str) -> Option<Capability> {
    words(name).find_map(|word| word_acts(&word))
}

/// Whether a name says that it makes an object again: `_reconstruct`, `__newobj__`.
pub(in crate::safety) fn rebuilds(name: &str) -> bool {
    words(name).any(|word| database::word(&word) == Some(Word::Rebuilds) || word.starts_with("newobj"))
}

/// Whether a name says that it gives an object that is there, or makes one of what it is given: `get_instance`, `from_dict`.
pub(in crate::safety) fn finds(name: &str) -> bool {
    words(name).any(|word| database::word(&word) == Some(Word::Finds))
}

/// The words of the last part of a name, in small letters.
fn words(name: &str) -> impl Iterator<Item = String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut words: Vec<String> = vec![String::new()];
    let mut was_small = false;
    for letter in last.chars() {
        if letter == '_' || letter.is_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = letter.is_lowercase() || letter.is_ascii_digit();
        if letter != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}
