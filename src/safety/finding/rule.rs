//! What a kind of finding means, with its page. Each rule stands in the pass that finds it.

/// What a kind of finding means.
#[derive(Clone, Copy, Debug)]
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

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

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
