//! What a query says itself: an offset, a path, a mnemonic.

use super::haystack::Context;
use super::hits::Hits;
use super::pass::Pass;
use crate::bytes::Span;
use crate::graph::NodeId;
use crate::opcode;
use crate::view::{FoundKind, preview};

/// What an instruction costs, in bytes that are searched.
const INSTRUCTION: u64 = 64;
/// Characters of an argument.
const ARGUMENT: usize = 60;
/// Characters of a value.
const VALUE: usize = 120;

/// The place that the query names, when it names one; otherwise why there is none, for what can be nothing else.
pub(super) fn place(pass: &Pass<'_>, hits: &mut Hits) -> Option<String> {
    let (document, query) = (pass.document, pass.query);
    if !query.kinds.has(FoundKind::Place) {
        return None;
    }
    if query.is_path {
        match document.find_path(query.text().trim()) {
            Ok(node) => {
                let id = NodeId(node);
                let context = || Context::whole(row_text(pass, id));
                hits.add(FoundKind::Place, pass.lens.graph.offset(id), Some(id), context, 1);
            }
            Err(why) => return Some(why),
        }
    }
    let offset = query.offset?;
    let size = document.source().len();
    if offset >= size {
        return Some(format!("there is no offset {offset}: the file has {size} bytes"));
    }
    let instruction = document.instruction_covering(offset);
    let node = instruction.and_then(|instruction| pass.lens.graph.made_at(instruction.offset));
    let node = node.or_else(|| document.value_covering(offset));
    let context = || Context {
        matched: format!("offset {offset}"),
        after: instruction
            .map_or_else(String::new, |found| format!(", in {} at {}", found.opcode.name(), found.offset)),
        ..Context::default()
    };
    hits.add(FoundKind::Place, offset, node, context, 1);
    None
}

/// The value as its row in the tree tells it.
fn row_text(pass: &Pass<'_>, id: NodeId) -> String {
    let shape = pass.lens.shape(id);
    let parts = preview::preview(&pass.lens, id, &shape);
    let text: String = parts.into_iter().map(|part| part.text).collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A pass over the instructions.
#[derive(Default)]
pub(super) struct OpcodePass {
    next: u64,
    pub(super) reached: u64,
}

impl OpcodePass {
    /// Goes over some more instructions; whether all were gone over.
    pub(super) fn step(&mut self, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> bool {
        let mut is_wanted = [false; 256];
        pass.query.opcodes.iter().for_each(|&byte| is_wanted[usize::from(byte)] = true);
        let scope: Option<Span> = pass.top.map(|top| pass.document.extent(top));
        for (number, instruction) in pass.document.instructions(self.next) {
            self.next = number + 1;
            self.reached = instruction.end;
            *budget = budget.saturating_sub(INSTRUCTION);
            let is_in_scope = scope.is_none_or(|scope| scope.contains(instruction.offset));
            if is_in_scope && is_wanted[instruction.opcode as usize] {
                let node = pass.lens.graph.made_at(instruction.offset);
                let context = || {
                    let argument = opcode::arg_text_prefix(&instruction, pass.lens.source, ARGUMENT);
                    let text = argument.map(|argument| argument.text).unwrap_or_default();
                    let after = if text.is_empty() { text } else { format!(" {text}") };
                    Context { after, ..Context::whole(instruction.opcode.name()) }
                };
                hits.add(FoundKind::Opcode, instruction.offset, node, context, 1);
            }
            if *budget == 0 {
                return false;
            }
        }
        true
    }
}
