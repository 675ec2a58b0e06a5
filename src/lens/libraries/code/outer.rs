//! Names that a code object takes from outside itself: globals and imports, told from attributes by its instructions.

use super::form::{CodeForm, CodeObject};
use std::collections::HashSet;

/// The numbers of the instructions that take a name, in some versions.
struct Numbers {
    /// RESUME, by which the version is told.
    resume: Option<u8>,
    extended: u8,
    /// LOAD_GLOBAL, whose argument has a flag below the index since 3.11.
    global: u8,
    /// LOAD_NAME, IMPORT_NAME, IMPORT_FROM.
    others: [u8; 3],
}

/// 3.6 to 3.10.
const BEFORE_3_11: Numbers = Numbers { resume: None, extended: 144, global: 116, others: [101, 108, 109] };
/// 3.11 and 3.12, 3.13. Of later versions every name counts.
const SINCE_3_11: [Numbers; 2] = [
    Numbers { resume: Some(151), ..BEFORE_3_11 },
    Numbers { resume: Some(149), extended: 71, global: 91, others: [92, 75, 74] },
];

impl CodeObject {
    /// The names that its instructions look up as globals or import. Where the instructions are not known, all of its names.
    #[must_use]
    pub fn outer_names(&self) -> HashSet<&str> {
        let all = || self.names.iter().map(String::as_str).collect();
        let Some(bytes) = self.bytecode.as_deref().filter(|bytes| bytes.len().is_multiple_of(2)) else {
            return all();
        };
        let has = |resume: u8| bytes.chunks_exact(2).take(super::versions::SETUP).any(|unit| unit[0] == resume);
        let numbers: Vec<&Numbers> = match self.form {
            CodeForm::Python3 | CodeForm::Positional => vec![&BEFORE_3_11],
            CodeForm::Qualified => SINCE_3_11.iter().filter(|known| known.resume.is_some_and(has)).collect(),
            CodeForm::Python2 | CodeForm::PyPy | CodeForm::Unknown => Vec::new(),
        };
        let found: HashSet<&str> = numbers.iter().flat_map(|numbers| numbers.names(self, bytes)).collect();
        if found.is_empty() { all() } else { found }
    }
}

impl Numbers {
    fn names<'c>(&self, code: &'c CodeObject, bytes: &[u8]) -> Vec<&'c str> {
        let mut found = Vec::new();
        let mut extended = 0usize;
        for unit in bytes.chunks_exact(2) {
            let argument = extended << 8 | usize::from(unit[1]);
            extended = if unit[0] == self.extended { argument & 0xff_ffff } else { 0 };
            let index = match unit[0] {
                opcode if opcode == self.global && self.resume.is_some() => argument >> 1,
                opcode if opcode == self.global || self.others.contains(&opcode) => argument,
                _ => continue,
            };
            found.extend(code.names.get(index).map(String::as_str));
        }
        found
    }
}
