//! Where readers side by side say otherwise than the readers did (`scripts/differential/readers.py`): counts and the shortest streams.

#![allow(clippy::unwrap_used, reason = "a table that does not read is a fault of the checkout")]

#[path = "../tests/differential/side.rs"]
mod side;
#[path = "../tests/differential/ascii.rs"]
mod ascii;

use std::collections::BTreeMap;

fn main() {
    let records = side::records();
    let mut found: BTreeMap<(String, &str), Vec<(String, String)>> = BTreeMap::new();
    let mut wrong = [0; 4];
    for record in &records {
        let differences = side::differences(record);
        for (index, reader) in picklescope::readers::Reader::ALL.into_iter().enumerate() {
            wrong[index] += usize::from(differences.iter().any(|difference| difference.0 == reader));
        }
        for (reader, kind, words) in differences {
            found.entry((reader.to_string(), kind)).or_default().push((record.hex.clone(), words));
        }
    }
    println!("{} streams; said otherwise of C, pickle.py, pickletools, torch: {wrong:?}", records.len());
    for ((reader, kind), mut streams) in found {
        println!("\n{reader}: {kind}: {}", streams.len());
        streams.sort_by_key(|(hex, _)| hex.len());
        for (hex, words) in streams.iter().take(25) {
            println!("  {hex}\n      {words}");
        }
    }
}
