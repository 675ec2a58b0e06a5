//! Which versions of CPython a code object can be of: by the form of its arguments and by its opcodes. A guess.

use super::form::{CodeForm, CodeObject};
use super::lines;

/// The opcodes that a version has, a bit each, from its `opcode.opmap` (without those that never stand in `co_code`):
/// written by `scripts/generate_code_opcodes.py`.
struct Version {
    name: &'static str,
    form: CodeForm,
    opcodes: [u64; 4],
    /// The instruction that every function begins with, or has after those that set up its cells.
    resume: Option<u8>,
}

const VERSIONS: &[Version] = &[
    Version {
        name: "2.7",
        form: CodeForm::Python2,
        opcodes: [0xfffc_0f03_fff8_be3f, 0x779f_ffff_ffff_ffdf, 0x0000_0000_000e_f3fc, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.6",
        form: CodeForm::Python3,
        opcodes: [0xfb9c_0000_3fdb_9e3e, 0xf79f_fff7_ffff_fbff, 0x0000_0000_7fff_e7bc, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.7",
        form: CodeForm::Python3,
        opcodes: [0xfb9c_0000_3fdb_9e3e, 0x779f_fff7_ffff_fbff, 0x0000_0003_7fff_e7bc, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.8",
        form: CodeForm::Positional,
        opcodes: [0xfbfc_0000_3fdb_9e7e, 0x741f_fff7_fffe_fbff, 0x0000_000f_7fff_e7bc, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.9",
        form: CodeForm::Positional,
        opcodes: [0xfbdf_0000_3fdb_9e7e, 0x767f_fff7_fefc_ffff, 0x0000_003f_3c1f_e7bc, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.10",
        form: CodeForm::Positional,
        opcodes: [0xfbde_0007_ffdb_9e7e, 0x76ff_ffff_fefc_ffff, 0x0000_003f_3d1f_e7be, 0x0000_0000_0000_0000],
        resume: None,
    },
    Version {
        name: "3.11",
        form: CodeForm::Qualified,
        opcodes: [0x307e_003b_c200_9e07, 0x7dfd_ffff_fffc_0cf0, 0x0001_f87d_39bf_5fff, 0x0000_0000_0000_0000],
        resume: Some(151),
    },
    Version {
        name: "3.12",
        form: CodeForm::Qualified,
        opcodes: [0x30fe_003b_ce00_9a37, 0xfffc_7fff_fea8_0cb0, 0x0001_f83c_39ef_ffff, 0x0000_0000_0000_0000],
        resume: Some(151),
    },
    Version {
        name: "3.13",
        form: CodeForm::Qualified,
        opcodes: [0xffff_ffff_ffbd_fff7, 0x007f_ffff_ffff_ffbf, 0x0000_0000_0020_0000, 0x0000_0000_0000_0000],
        resume: Some(149),
    },
];

/// RESUME of Python 3.14 and of what is known of 3.15.
const RESUME_3_14: u8 = 128;
/// RETURN_VALUE and RERAISE of 3.14, one of which is the last of most code. In what is known of 3.15 these numbers end nothing.
const LAST_3_14: [u8; 2] = [35, 105];
/// Opcodes that stand before RESUME or stand for nothing.
pub(super) const SETUP: usize = 8;

/// The versions, and what says so.
pub(super) fn of(code: &CodeObject, has_lnotab: bool, table: Option<&[u8]>) -> Option<(String, String)> {
    let form = match code.form {
        CodeForm::PyPy => return Some(("PyPy 3.11".to_owned(), "17 arguments".to_owned())),
        CodeForm::Unknown => return None,
        form => form,
    };
    let count = match form {
        CodeForm::Python2 => 14,
        CodeForm::Python3 => 15,
        CodeForm::Positional => 16,
        _ => 18,
    };
    let mut evidence = vec![format!("{count} arguments")];
    let mut found: Vec<&Version> = VERSIONS.iter().filter(|version| version.form == form).collect();
    if form == CodeForm::Positional
        && let Some(table) = table.filter(|table| !table.is_empty())
    {
        let is_new = lines::is_linetable(code, table);
        found.retain(|version| (version.name == "3.10") == is_new);
        evidence.push(format!("the table of lines is that of {}", if is_new { "3.10" } else { "3.9 and before" }));
    }
    if has_lnotab {
        found.retain(|version| !matches!(version.name, "3.8" | "3.9"));
    }
    let Some(bytes) = code.bytecode.as_deref().filter(|bytes| !bytes.is_empty()) else {
        return Some((form_words(form).to_owned(), evidence.join(", ")));
    };
    if form == CodeForm::Qualified
        && starts_with_resume(bytes, RESUME_3_14)
        && !found.iter().any(|version| fits(version, bytes))
    {
        evidence.push(format!("RESUME is opcode {RESUME_3_14}"));
        let is_3_14 = bytes.chunks_exact(2).last().is_some_and(|last| LAST_3_14.contains(&last[0]));
        if is_3_14 {
            evidence.push("its last opcode".to_owned());
        }
        return Some((if is_3_14 { "3.14" } else { "3.14 or later" }.to_owned(), evidence.join(", ")));
    }
    // Since 3.6 an instruction has two bytes. Before, and in Python 2, those with an argument have three.
    if form == CodeForm::Python3 && !bytes.len().is_multiple_of(2) {
        evidence.push("instructions of one and three bytes".to_owned());
        return Some(("3.0 to 3.5".to_owned(), evidence.join(", ")));
    }
    if form == CodeForm::Python2 {
        return Some(("2.6 or 2.7".to_owned(), evidence.join(", ")));
    }
    let before = found.len();
    found.retain(|version| fits(version, bytes));
    if found.len() < before {
        evidence.push("its opcodes".to_owned());
    }
    let names: Vec<&str> = found.iter().map(|version| version.name).collect();
    let text = match names[..] {
        [] if form == CodeForm::Python3 => "3.0 to 3.5".to_owned(),
        [] => format!("{}, with opcodes that none known here has", form_words(form)),
        [one] => one.to_owned(),
        [first, .., last] => format!("{first} to {last}"),
    };
    Some((text, evidence.join(", ")))
}

fn form_words(form: CodeForm) -> &'static str {
    match form {
        CodeForm::Python2 => "2.6 or 2.7",
        CodeForm::Python3 => "3.0 to 3.7",
        CodeForm::Positional => "3.8 to 3.10",
        _ => "3.11 or later",
    }
}

/// Whether every instruction is one that the version has.
fn fits(version: &Version, bytes: &[u8]) -> bool {
    let has = |opcode: u8| version.opcodes[usize::from(opcode / 64)] >> (opcode % 64) & 1 == 1;
    bytes.chunks_exact(2).all(|unit| has(unit[0]))
        && version.resume.is_none_or(|resume| starts_with_resume(bytes, resume))
}

/// Whether RESUME with argument 0 is among the first instructions.
fn starts_with_resume(bytes: &[u8], resume: u8) -> bool {
    bytes.chunks_exact(2).take(SETUP).any(|unit| unit[0] == resume && unit[1] & 3 == 0)
}
