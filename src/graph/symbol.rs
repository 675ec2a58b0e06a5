//! Globals by name, each once.

use std::collections::HashMap;

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

    /// `module.name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.module, self.name)
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

/// All globals of a graph in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    list: Vec<Symbol>,
    by_name: HashMap<Vec<u8>, SymbolId>,
    /// Bytes of all keys.
    spelled: usize,
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
        self.list.push(make());
        self.by_name.insert(key.to_vec(), id);
        self.spelled += key.len();
        id
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        if len >= self.list.len() {
            return;
        }
        self.list.truncate(len);
        self.by_name.retain(|_, id| (id.0 as usize) < len);
        self.spelled = self.by_name.keys().map(Vec::len).sum();
    }

    /// Bytes that all of them take, roughly: each name is there as the key and as the symbol's.
    pub(crate) fn memory(&self) -> usize {
        const ENTRY: usize = size_of::<Vec<u8>>() + size_of::<SymbolId>() + 1;
        2 * self.spelled + self.list.capacity() * size_of::<Symbol>() + self.by_name.capacity() * ENTRY
    }
}
