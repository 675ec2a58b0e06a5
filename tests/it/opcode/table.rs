//! The opcode table against CPython 3.11's `pickletools.opcodes` (scripts/generate_opcode_reference.py).

use picklescope::opcode::{Effect, Opcode, StackItem};
use serde_json::Value;

fn names(items: &[StackItem]) -> Vec<&'static str> {
    items.iter().map(|item| item.name()).collect()
}

#[test]
fn every_row_agrees_with_pickletools() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../../golden/pickletools.json")).unwrap();
    assert_eq!(rows.len(), Opcode::ALL.len());
    for (row, opcode) in rows.iter().zip(Opcode::ALL) {
        let info = opcode.info();
        let ours = serde_json::json!({
            "name": info.name,
            "code": info.byte,
            "arg": info.arg.name(),
            "stack_before": names(info.before),
            "stack_after": names(info.after),
            "proto": info.proto,
            "summary": info.summary,
        });
        assert_eq!(*row, ours, "{}", info.name);
    }
}

#[test]
fn bytes_and_opcodes_are_one_to_one() {
    for opcode in Opcode::ALL {
        assert_eq!(opcode as u8, opcode.info().byte);
        assert_eq!(Opcode::from_byte(opcode as u8), Some(opcode));
    }
    let known = (0..=255).filter(|byte| Opcode::from_byte(*byte).is_some()).count();
    assert_eq!(known, 68);
}

#[test]
fn dangerous_opcodes_are_marked() {
    let with = |effect| {
        let mut names: Vec<_> = Opcode::ALL.iter().filter(|o| o.has(effect)).map(|o| o.name()).collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(with(Effect::Import), "EXT1 EXT2 EXT4 GLOBAL INST STACK_GLOBAL");
    assert_eq!(with(Effect::Call), "BUILD INST NEWOBJ NEWOBJ_EX OBJ REDUCE");
    assert_eq!(with(Effect::External), "BINPERSID NEXT_BUFFER PERSID");
    assert_eq!(with(Effect::Mutate), "ADDITEMS APPEND APPENDS BUILD SETITEM SETITEMS");
}

#[test]
fn every_opcode_is_documented() {
    for opcode in Opcode::ALL {
        let doc = opcode.info().doc;
        assert!(doc.ends_with('.') && doc.len() > 10 && !doc.contains("  "), "{}: {doc}", opcode.name());
    }
}
