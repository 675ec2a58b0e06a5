//! The rules: what each finding means. One file each; `docs/rules` has a page for each, made of these texts.

pub mod attribute_walk;
pub mod computed_call;
pub mod computed_name;
pub mod container_oddity;
pub mod dangerous_call;
pub mod dangerous_import;
pub mod extension_code;
pub mod hidden_data;
pub mod introspection;
pub mod memo_overwritten;
pub mod modifies_import;
pub mod nested_pickle;
pub mod persistent_id;
pub mod planted_hook;
pub mod reader_difference;
pub mod resource_bomb;
pub mod runs_stored_code;
pub mod stored_code;
pub mod unknown_code;
pub mod unusual_arguments;
pub mod unusual_use;

/// What a kind of finding means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its id, in kebab-case.
    pub id: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// What the file does.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// Bytes or a call that it is found in, and what they do.
    pub example: (&'static str, &'static str),
    /// What to do next.
    pub advice: &'static str,
    /// Where more is said of it: title and address.
    pub references: &'static [(&'static str, &'static str)],
}

/// All of them, by id.
pub const ALL: &[Rule] = &[
    attribute_walk::RULE,
    computed_call::RULE,
    computed_name::RULE,
    container_oddity::RULE,
    dangerous_call::RULE,
    dangerous_import::RULE,
    extension_code::RULE,
    hidden_data::RULE,
    introspection::RULE,
    memo_overwritten::RULE,
    modifies_import::RULE,
    nested_pickle::RULE,
    persistent_id::RULE,
    planted_hook::RULE,
    reader_difference::RULE,
    resource_bomb::RULE,
    runs_stored_code::RULE,
    stored_code::RULE,
    unknown_code::RULE,
    unusual_arguments::RULE,
    unusual_use::RULE,
];

impl Rule {
    /// The rule's page in Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        let (example, meaning) = self.example;
        let common = [
            ("The verdict model", "../safety.md"),
            ("pickle: restricting globals", "https://docs.python.org/3/library/pickle.html#restricting-globals"),
            ("CWE-502: deserialization of untrusted data", "https://cwe.mitre.org/data/definitions/502.html"),
        ];
        let references: String =
            self.references.iter().chain(&common).map(|(title, address)| format!("- [{title}]({address})\n")).collect();
        format!(
            "# {}: {}\n\n{}\n\n## Why it matters\n\n{}\n\n## Example\n\n```text\n{example}\n```\n\nThat is: {meaning}.\n\n\
            ## What to do\n\n{}\n\n## References\n\n{references}",
            self.id, self.title, self.what, self.why, self.advice
        )
    }
}
