//! Globals by name, each once.

use crate::opcode::printable;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Names a [`Symbol`] of a graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SymbolId(pub u32);

/// A global that the file names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Module as a Python 3 loader imports it.
    pub module: String,
    /// Qualified name in the module.
    pub name: String,
    /// Module and name as the file spells them, when `fix_imports` maps them to others (protocols below 3) or something in
    /// them does not print.
    pub raw: Option<(String, String)>,
    /// Their bytes, when these are no UTF-8 (of texts with surrogates the generalised one).
    pub(crate) bytes: Option<Box<(Vec<u8>, Vec<u8>)>>,
    /// Offset of the first opcode that names it.
    pub offset: u64,
    /// What the machine knows of a name of `builtins`; 0 for nothing.
    pub(crate) builtin: u16,
}

impl Symbol {
    /// Module and name as the file spells them, byte for byte, when that is something else than `module` and `name`.
    #[must_use]
    pub fn spelled(&self) -> Option<(&[u8], &[u8])> {
        match (&self.bytes, &self.raw) {
            (Some(bytes), _) => Some((&bytes.0, &bytes.1)),
            (None, Some((module, name))) => Some((module.as_bytes(), name.as_bytes())),
            (None, None) => None,
        }
    }

    /// Module and name as the file spells them, when `fix_imports` maps them to others.
    #[must_use]
    pub fn mapped_from(&self) -> Option<(&str, &str)> {
        let (module, name) = self.raw.as_ref()?;
        let is_same = printable(module) == self.module && printable(name) == self.name;
        (!is_same).then_some((module, name))
    }

    /// `module.name`, to be shown: of one that is very long the ends.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", ends(&self.module), ends(&self.name))
    }

    /// Last component of the name: the class without its outer classes.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// Whether this is `module.name`.
    #[must_use]
    pub fn is(&self, module: &str, name: &str) -> bool {
        self.name == name && self.module == module
    }
}

/// A name without what is between its ends, when it is very long: a file may use a name of a megabyte a million times, and
/// nobody reads it.
#[must_use]
pub fn ends(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 2000;
    if name.len() <= LONGEST {
        return name.into();
    }
    let (head, tail) = (name.floor_char_boundary(LONGEST / 2), name.ceil_char_boundary(name.len() - LONGEST / 2));
    format!("{}…{}", &name[..head], &name[tail..]).into()
}

/// All globals of a graph in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    list: Vec<Symbol>,
    by_name: HashMap<Arc<[u8]>, SymbolId>,
    /// The spelled names, by id.
    keys: Vec<Arc<[u8]>>,
    /// Bytes of all keys.
    spelled: usize,
    packages: HashSet<String>,
}

impl Symbols {
    /// The symbol of an id of this graph.
    #[must_use]
    pub fn get(&self, id: SymbolId) -> &Symbol {
        &self.list[id.0 as usize]
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Symbol> {
        self.list.iter()
    }

    /// Whether any global is in a module of a package: `torch` for `torch.nn.functional`. Also of what was taken back.
    #[must_use]
    pub fn has_package(&self, package: &str) -> bool {
        self.packages.contains(package)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the file names no global.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The id for the spelled name `key` (any bytes that tell names apart), made by `make` on first sight.
    pub(crate) fn intern(&mut self, key: &[u8], make: impl FnOnce() -> Symbol) -> SymbolId {
        if let Some(&id) = self.by_name.get(key) {
            return id;
        }
        let id = SymbolId(self.list.len() as u32);
        let symbol = make();
        let package = symbol.module.split('.').next().unwrap_or_default();
        if !self.packages.contains(package) {
            self.packages.insert(package.to_owned());
        }
        self.list.push(symbol);
        self.spelled += key.len();
        let key: Arc<[u8]> = key.into();
        self.keys.push(Arc::clone(&key));
        self.by_name.insert(key, id);
        id
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        if len >= self.list.len() {
            return;
        }
        self.list.truncate(len);
        for key in self.keys.drain(len.min(self.keys.len())..) {
            self.spelled -= key.len();
            self.by_name.remove(&key);
        }
    }

    /// Bytes that all of them take, roughly: each name is there as the key and as the symbol's.
    pub(crate) fn memory(&self) -> usize {
        const ENTRY: usize = 2 * size_of::<Arc<[u8]>>() + size_of::<SymbolId>() + 1;
        2 * self.spelled + self.list.capacity() * size_of::<Symbol>() + self.by_name.capacity() * ENTRY
    }
}
