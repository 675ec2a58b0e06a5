//! What is odd about archives: found by the report on a file (`bundle/report`), which alone sees them.

use crate::safety::finding::Rule;

/// An archive that readers take differently.
pub const CONTAINER_ODDITY: Rule = Rule {
    id: "container-oddity",
    title: "Readers of the archive may see something else",
    what: "The archive around the pickle contradicts itself: an entry's own header has another name, method or size than the directory, two entries have one name, entries overlap, or a flag claims an encryption that is not there.",
    why: "Libraries resolve such contradictions differently. What a scanner unpacks may then be another pickle than the one that the loading program gets, or the scanner gives up where the loader does not.",
    example: ("local header: x.txt, directory: archive/data.pkl", "an entry that zipfile refuses and torch loads"),
    advice: "Ask for a file that an ordinary tool wrote.",
    references: &[
        ("CVE-2025-1944: a zip entry under two names", "https://nvd.nist.gov/vuln/detail/CVE-2025-1944"),
        ("CVE-2025-1945: flag bits that one reader minds", "https://nvd.nist.gov/vuln/detail/CVE-2025-1945"),
        ("CVE-2025-10156: a wrong checksum", "https://nvd.nist.gov/vuln/detail/CVE-2025-10156"),
        ("APPNOTE: the zip format", "https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT"),
    ],
};
