//! What the header, the verdict strip and `picklescope FILE` say of a whole document.

use super::TextPart;
use crate::safety::Level;
use serde::{Deserialize, Serialize};

/// Facts of one document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Overview {
    /// File name, or what stands for one.
    pub name: String,
    /// Bytes of the document: unpacked, without its wrappings.
    pub size: u64,
    /// Bytes of the file that was opened.
    pub file_size: u64,
    /// The chain of wrappings from the outside in, `pickle 4` last; for something else its name, `a PNG picture`.
    pub chain: Vec<Crumb>,
    /// Number of the member of the bundle that this document shows.
    pub member: u32,
    /// Parts of what was opened, this one and its wrappings among them; a bare file is one.
    pub members: u64,
    /// Whether there are several things to choose from, so that the reader should see them first.
    pub choose: bool,
    /// Whether the member is a wrapping to look into, an archive say, and nothing to be read itself.
    pub is_wrapping: bool,
    /// What is unusual about the wrappings on the way to this document.
    pub notes: Vec<NoteFacts>,
    /// A compressed stream on the way that grew past its budget; unpacking goes on when the reader agrees.
    pub pending: Option<Pending>,
    /// Highest protocol that a PROTO opcode or an opcode itself asks for; `None` when there is no opcode.
    pub protocol: Option<u8>,
    /// Number of pickles.
    pub pickles: u64,
    /// The first pickles, at most 100.
    pub streams: Vec<StreamFacts>,
    /// Instructions.
    pub opcodes: u64,
    /// Objects in the graph.
    pub objects: u64,
    /// FRAME opcodes.
    pub frames: u64,
    /// Number of different globals.
    pub imports: u64,
    /// The first globals in order of appearance, at most 1000.
    pub import_list: Vec<ImportFacts>,
    /// Bytes after the last pickle: offset and length.
    pub trailing: Option<(u64, u64)>,
    /// Whether every byte was read and understood.
    pub complete: bool,
    /// One sentence on how far the reading went.
    pub reading: String,
    /// What loading would do, in one sentence.
    pub verdict: VerdictFacts,
    /// The first problems.
    pub problems: Vec<ProblemFacts>,
    /// Number of all problems.
    pub problem_count: u64,
    /// Where CPython's C loader stops, for a reason that is in the file; `None` when it loads the file, or what stops it
    /// depends on the loading program.
    pub stops_at: Option<LoaderStop>,
    /// Rows of the opcode listing, named parts included.
    pub listing_rows: u64,
    /// Whether some `str` of Python 2 is in the file, so that the choice of its reading matters.
    pub has_python2_str: bool,
}

/// One link in the chain of wrappings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Crumb {
    /// The format in a word: `gzip`, `zip`, `torch`, `pickle 4`.
    pub word: String,
    /// The member that has the format.
    pub member: u32,
    /// Its name.
    pub name: String,
}

/// Something unusual about a wrapping: a wrong checksum, names that differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoteFacts {
    /// The member it was seen in.
    pub member: u32,
    /// Its name.
    pub name: String,
    /// Where in the bytes of that member, when there is a place.
    pub offset: Option<u64>,
    /// What, in plain words.
    pub message: String,
}

/// Unpacking that stopped at its budget.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pending {
    /// Name of what is being unpacked.
    pub name: String,
    /// Bytes unpacked so far.
    pub unpacked: u64,
    /// Bytes of the compressed stream read so far.
    pub read: u64,
    /// Bytes of the compressed stream.
    pub total: u64,
}

/// Where a document stands in what was opened, and what became of it on the way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wrapping {
    /// The wrappings around the document, from the outside in; its own format is not among them.
    pub chain: Vec<Crumb>,
    /// Number of its member.
    pub member: u32,
    /// Members known so far.
    pub members: u64,
    /// Bytes of the file that was opened; `None` for one that is no wrapping's content.
    pub file_size: Option<u64>,
    /// Whether there are several things to choose from.
    pub choose: bool,
    /// For a wrapping, which is not read itself: its word and a sentence on what it is.
    pub itself: Option<(String, String)>,
    /// Why not all of its bytes are there, a sentence each.
    pub partial: Vec<String>,
    /// What is unusual on the way.
    pub notes: Vec<NoteFacts>,
    /// What was not unpacked for want of a budget.
    pub pending: Option<Pending>,
    /// What else is around the document, and how bad.
    pub others: Vec<OtherReading>,
    /// Whether the document reads as a pickle by accident only: nothing found in it counts.
    pub accident: bool,
}

/// Something that the bytes around a document are, too, or that lies beside it: what a scan reports of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherReading {
    /// Its member.
    pub member: u32,
    /// How bad loading it would be.
    pub level: Level,
    /// What it is, in plain words.
    pub text: String,
}

/// Facts of one pickle in the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StreamFacts {
    /// Offset of its first byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// What its PROTO opcode says, when it has one.
    pub declared_protocol: Option<u8>,
    /// Highest protocol among its opcodes.
    pub opcode_protocol: u8,
    /// Instructions.
    pub opcodes: u64,
    /// Whether it reached STOP.
    pub complete: bool,
}

/// One global that the file names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImportFacts {
    /// Module as a Python 3 loader would import it.
    pub module: String,
    /// Qualified name in it.
    pub name: String,
    /// `module.name` as the file spells it, where the loader maps it to another.
    pub raw: Option<String>,
    /// Offset of the first opcode that names it.
    pub offset: u64,
    /// How many opcodes name it.
    pub uses: u64,
    /// What is known of it.
    pub level: Level,
    /// Why, in plain words; empty when nothing is known.
    pub reason: String,
}

/// The verdict: what was found, never a promise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VerdictFacts {
    /// Highest level met.
    pub level: Level,
    /// The level as a word: `Dangerous`.
    pub word: String,
    /// The sentence, in typed pieces.
    pub sentence: Vec<TextPart>,
    /// Offset of the opcode to look at.
    pub offset: Option<u64>,
}

/// A problem met on the way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProblemFacts {
    /// Where.
    pub offset: u64,
    /// The opcode's name, when one was being read.
    pub opcode: String,
    /// What was expected and what was found.
    pub message: String,
    /// Whether the reading stopped here.
    pub fatal: bool,
}

/// Where CPython's C loader stops.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LoaderStop {
    /// Offset of the opcode.
    pub offset: u64,
    /// Its name, when there is one.
    pub opcode: String,
    /// The loader's own words: `TypeError: 'int' object is not callable`.
    pub message: String,
}
