//! Imports and variables: every name once.

use crate::graph::{NodeId, Symbol, Symbols};
use crate::opcode::{PyText, printable_bytes, repr_str};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Names of `builtins` that an expression can use as they are (Python 3.8 to 3.14).
const BUILTINS: &str = "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError \
BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError \
ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False \
FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning \
IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError \
ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError \
PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError \
RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True \
TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning \
UserWarning ValueError Warning ZeroDivisionError __build_class__ __debug__ __import__ abs aiter all anext any ascii bin bool \
breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval \
exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len \
license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set \
setattr slice sorted staticmethod str sum super tuple type vars zip";

const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for \
from global if import in is lambda nonlocal not or pass raise return try while with yield";

/// Words of the source itself that are no Python.
const OWN: [&str; 7] = ["elided", "readonly", "persistent_load", "extension", "find_class", "buffers", "result"];

/// Whether a text can stand in a source as a name. Python takes letters of other alphabets, but puts some in the place of others
/// (`ｏs` is `os`), so that the source would name something else than the file.
pub(crate) fn is_identifier(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic());
    begins && name.bytes().all(|letter| letter == b'_' || letter.is_ascii_alphanumeric()) && !is_keyword(name)
}

fn is_keyword(name: &str) -> bool {
    KEYWORDS.split(' ').any(|keyword| keyword == name)
}

/// Whether a text can stand behind `import`.
fn is_module(name: &str) -> bool {
    name.split('.').all(is_identifier)
}

/// How a name is imported.
#[derive(Clone)]
struct Import {
    alias: Option<String>,
    /// Offset where the file names it first, when it does.
    offset: Option<u64>,
}

/// One line of imports.
pub(super) struct ImportLine {
    /// The module, or nothing for `import importlib`.
    pub(super) module: String,
    /// Names, each with its alias; empty for `import module`.
    pub(super) names: Vec<(String, Option<String>)>,
    /// Offset where the file names the first of them.
    pub(super) offset: Option<u64>,
}

/// All names of a source.
pub(super) struct Names {
    taken: HashSet<String>,
    /// By module and first component of the name.
    imports: BTreeMap<(String, String), Import>,
    /// Modules that are used as such.
    modules: BTreeMap<String, Option<u64>>,
    variables: HashMap<NodeId, String>,
    numbers: HashMap<String, u64>,
}

impl Names {
    pub(super) fn new() -> Self {
        let words = BUILTINS.split(' ').chain(KEYWORDS.split(' ')).chain(OWN);
        Self {
            taken: words.map(str::to_owned).collect(),
            imports: BTreeMap::new(),
            modules: BTreeMap::new(),
            variables: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// How an expression says what the file names: what does not print in it is escaped in the symbol's own texts.
    pub(super) fn symbol(&mut self, symbol: &Symbol) -> String {
        let spelled = symbol.spelled().filter(|(module, name)| {
            printable_bytes(module) == symbol.module.as_str() && printable_bytes(name) == symbol.name.as_str()
        });
        let decoded = spelled.and_then(|(module, name)| {
            let text = |bytes| PyText::from_utf8_surrogatepass(bytes).ok();
            Some((text(module)?, text(name)?))
        });
        match decoded {
            Some((module, name)) => self.by_getattr(&module, &name),
            None => self.import(&symbol.module, &symbol.name, Some(symbol.offset)),
        }
    }

    /// How an expression says `module.name`; notes the import. `offset` is where the file names it.
    pub(super) fn import(&mut self, module: &str, name: &str, offset: Option<u64>) -> String {
        let mut components = name.split('.');
        let first = components.next().unwrap_or_default();
        if !name.split('.').all(is_identifier) || !is_module(module) {
            return self.by_getattr(&module.into(), &name.into());
        }
        if module == "builtins" && BUILTINS.split(' ').any(|builtin| builtin == first) {
            return name.to_owned();
        }
        let key = (module.to_owned(), first.to_owned());
        let alias = match self.imports.get_mut(&key) {
            Some(import) => {
                import.offset = import.offset.or(offset);
                import.alias.clone()
            }
            None => {
                let alias = self.free_alias(module, first);
                self.imports.insert(key, Import { alias: alias.clone(), offset });
                alias
            }
        };
        let mut text = alias.unwrap_or_else(|| first.to_owned());
        for component in components {
            text.push('.');
            text.push_str(component);
        }
        text
    }

    /// `module.name` by the module's own name.
    pub(super) fn module(&mut self, module: &str, name: &str) -> String {
        let top = module.split('.').next().unwrap_or(module);
        // A variable never has a module's name: those end in a number.
        self.taken.insert(top.to_owned());
        self.modules.entry(module.to_owned()).or_default();
        format!("{module}.{name}")
    }

    /// Names that no `import` statement can say.
    fn by_getattr(&mut self, module: &PyText<'_>, name: &PyText<'_>) -> String {
        self.modules.entry("importlib".to_owned()).or_default();
        format!("getattr(importlib.import_module({}), {})", repr_str(module), repr_str(name))
    }

    /// An alias, when the name itself is taken.
    fn free_alias(&mut self, module: &str, name: &str) -> Option<String> {
        if self.taken.insert(name.to_owned()) {
            return None;
        }
        let last = module.rsplit('.').next().unwrap_or(module);
        let long = format!("{}_{name}", last.trim_matches('_'));
        let alias = if is_identifier(&long) && !self.taken.contains(&long) { long } else { self.numbered(name) };
        self.taken.insert(alias.clone());
        Some(alias)
    }

    fn numbered(&mut self, base: &str) -> String {
        loop {
            let number = self.numbers.entry(base.to_owned()).or_insert(0);
            *number += 1;
            let name = format!("{base}_{number}");
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    /// Gives a node a variable: `base_1`, `base_2`.
    pub(super) fn declare(&mut self, node: NodeId, base: &str) -> String {
        let name = self.numbered(base);
        self.declare_as(node, name)
    }

    /// Gives a node this very variable.
    pub(super) fn declare_as(&mut self, node: NodeId, name: String) -> String {
        self.taken.insert(name.clone());
        self.variables.insert(node, name.clone());
        name
    }

    /// The variable of a node.
    pub(super) fn variable(&self, node: NodeId) -> Option<&str> {
        self.variables.get(&node).map(String::as_str)
    }

    /// The import statements, `import` before `from`.
    pub(super) fn lines(&self) -> Vec<ImportLine> {
        let mut lines: Vec<ImportLine> = Vec::new();
        for (module, &offset) in &self.modules {
            lines.push(ImportLine { module: module.clone(), names: Vec::new(), offset });
        }
        for ((module, name), import) in &self.imports {
            let entry = (name.clone(), import.alias.clone());
            match lines.last_mut() {
                Some(line) if line.module == *module && !line.names.is_empty() => {
                    line.names.push(entry);
                    line.offset = line.offset.or(import.offset);
                }
                _ => lines.push(ImportLine { module: module.clone(), names: vec![entry], offset: import.offset }),
            }
        }
        lines
    }
}

/// A variable's name from a class: `OrderedDict` gives `ordered_dict`.
pub(super) fn snake(class: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for letter in class.chars().filter(|letter| *letter == '_' || letter.is_ascii_alphanumeric()).take(40) {
        if letter.is_uppercase() && before != '_' && !before.is_uppercase() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        before = letter;
    }
    let out = out.trim_matches('_');
    let begins = out.chars().next().is_some_and(char::is_alphabetic);
    if begins { out.to_owned() } else { "object".to_owned() }
}

/// Offset of the first symbol of each module's name, for the lines of imports.
pub(super) fn first_uses(symbols: &Symbols) -> HashMap<(&str, &str), u64> {
    let mut first = HashMap::new();
    for symbol in symbols.iter() {
        let name = symbol.name.split('.').next().unwrap_or_default();
        first.entry((&*symbol.module, name)).or_insert(symbol.offset);
    }
    first
}
