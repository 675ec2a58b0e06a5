//! "What is a pickle?": a sample and five places in it, each with a few sentences. No browser in here, so that the tests see whether
//! the sentences are true of the sample.

use super::state::{Tab, Tour};

/// Name of the sample.
pub const NAME: &str = "what-is-a-pickle.pkl";

/// The sample: `{"who": who, "born": datetime.date(1815, 12, 10), "signed": who}` as `pickle.dumps` of Python 3 writes it in
/// protocol 4 (scripts/fixtures/samples.py).
pub static SAMPLE: &[u8] = include_bytes!("samples/what-is-a-pickle.pkl");

/// A place in the sample.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// What it is about.
    pub title: &'static str,
    /// What is to be seen there. Backquotes mark code.
    pub text: &'static str,
    /// The view that shows it.
    pub tab: Tab,
    /// The opcode to select.
    pub offset: u64,
}

/// The way through the sample.
pub static STEPS: [Step; 5] = [
    Step {
        title: "A pickle is a program",
        text: "It does not describe objects, it says step by step how to build them. Each row here is one instruction, an opcode, for \
               a small machine inside Python. `pickle.load` carries them out from the first (`PROTO`, the version of the \
               instruction set) to `STOP`. Picklescope only reads them.",
        tab: Tab::Opcodes,
        offset: 0,
    },
    Step {
        title: "An opcode and its bytes",
        text: "The selected opcode makes a text. Its bytes are marked under Bytes: `8c` is the opcode `SHORT_BINUNICODE`, `0c` says \
               that 12 bytes follow, and these are the letters of Ada Lovelace. Click on any byte to see which opcode it belongs to.",
        tab: Tab::Opcodes,
        offset: 20,
    },
    Step {
        title: "Stack and memo",
        text: "The machine puts what it makes on a stack, where later opcodes take it from. What may be needed again is also kept in \
               the memo, under a number. Here `BINGET 2` fetches the text from the memo: the pickle holds Ada Lovelace once, and \
               \"who\" and \"signed\" become the same object.",
        tab: Tab::Machine,
        offset: 82,
    },
    Step {
        title: "A name, and a call",
        text: "A pickle may name anything that Python can import, and call it with whatever it likes. This one names `datetime.date` \
               (`STACK_GLOBAL`) and calls it (`REDUCE`), which only makes a date. A hostile file names `os.system` in the same way, \
               and loading it runs a command. So look at what a file calls before you load it.",
        tab: Tab::Audit,
        offset: 71,
    },
    Step {
        title: "What comes out",
        text: "At `STOP` one value is left on the stack, and `pickle.load` returns it: a dict with three entries, one of them the date. \
               The tree shows it without loading anything. Select a row, and its opcodes and bytes are shown beside it.",
        tab: Tab::Objects,
        offset: 11,
    },
];

impl Tour {
    /// The step before, or the first one.
    #[must_use]
    pub fn back(self) -> Self {
        Self { step: self.step.saturating_sub(1), ..self }
    }

    /// The next step; nothing behind the last one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        (self.step + 1 < STEPS.len()).then_some(Self { step: self.step + 1, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::bytes::{Limits, MemorySource};
    use crate::document::Document;
    use crate::safety::Level;
    use std::sync::Arc;

    fn sample() -> Bundle {
        let files = vec![(NAME.to_owned(), Arc::new(MemorySource::new(SAMPLE.to_vec())) as _)];
        Bundle::open(files, Limits::default(), &mut |_| {})
    }

    /// The opcode that a step selects: its name, its argument, and its bytes.
    fn opcode(document: &mut Document, step: &Step) -> (String, String, Vec<u8>) {
        let inspection = document.inspect_offset(step.offset).expect("a place");
        let row = document.listing(inspection.opcode.expect("an opcode"), 1).remove(0);
        assert_eq!(row.offset, step.offset, "{}", step.title);
        let bytes = SAMPLE[row.offset as usize..(row.offset + row.length) as usize].to_vec();
        (row.name, row.argument, bytes)
    }

    #[test]
    fn each_step_is_at_the_opcode_that_it_tells_of() {
        let mut bundle = sample();
        let document = bundle.document_mut();
        assert!(document.overview().complete && document.overview().protocol == Some(4));
        let found: Vec<_> = STEPS.iter().map(|step| opcode(document, step)).collect();
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["PROTO", "SHORT_BINUNICODE", "BINGET", "REDUCE", "EMPTY_DICT"]);
        assert_eq!(found[1].2, b"\x8c\x0cAda Lovelace");
        assert!(found[2].1.starts_with('2'), "{}", found[2].1);
        for (name, step) in [
            ("PROTO", 0),
            ("STOP", 0),
            ("SHORT_BINUNICODE", 1),
            ("BINGET 2", 2),
            ("STACK_GLOBAL", 3),
            ("REDUCE", 3),
            ("STOP", 4),
        ] {
            assert!(STEPS[step].text.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn the_audit_and_the_tree_say_what_the_steps_say() {
        let mut bundle = sample();
        assert!(bundle.document().overview().verdict.level < Level::UnknownCode);
        let report = bundle.report(NAME, u64::MAX, &mut |_| {});
        let calls: Vec<(&str, u64)> = report.calls.iter().map(|call| (call.call.as_str(), call.offset)).collect();
        assert_eq!(calls.len(), 1);
        assert!(calls[0].0.starts_with("datetime.date(") && calls[0].1 == STEPS[3].offset, "{calls:?}");
        let document = bundle.document_mut();
        let last = document.inspect_offset(STEPS[4].offset).expect("the dict");
        assert_eq!(last.row, Some(0));
        let rows = document.rows(0, 10);
        assert_eq!(rows.len(), 4, "the dict and its three entries");
    }

    #[test]
    fn the_way_has_two_ends() {
        let first = Tour { generation: 1, step: 0 };
        assert_eq!(first.back(), first);
        let mut at = first;
        while let Some(next) = at.next() {
            assert_eq!(next.back(), at);
            at = next;
        }
        assert_eq!(at.step, STEPS.len() - 1);
    }
}
