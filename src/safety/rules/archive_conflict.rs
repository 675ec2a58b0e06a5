//! Readers of the archive do not agree.

use super::Rule;

/// Readers of the archive do not agree.
pub const RULE: Rule = Rule {
    id: "archive-conflict",
    title: "Readers of the archive do not agree",
    what: "An archive with pickles in it says two things about an entry: two entries of one name, two names of one entry, \
           sizes or methods that differ, a checksum that does not hold, a flag that some readers obey. Or a file is a \
           pickle and something else at once.",
    why: "The program that loads the file may take other bytes than the one that looked at it. Here all of them were read.",
    example: ("archive/data.pkl, archive/data.pkl", "two entries, of which zipfile takes the last and torch the first"),
    advice: "Ask for a file that an ordinary tool wrote, or unpack it and look at each part on its own.",
};
