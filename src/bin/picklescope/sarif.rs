//! The report of a scan as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code scanning reads it.

use picklescope::safety::Level;
use picklescope::safety::rules::{self, Rule};
use picklescope::view::{FileReport, FindingFacts};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What is said of files of which not all was read. It is no finding in a pickle, so it is not among the rules of the
/// audit.
const PARTIAL: Rule = Rule {
    id: "partial-reading",
    title: "Not all of the file was read",
    what: "The file, or something in it, could not be read to its end.",
    why: "What was not read was not judged, and a loader may still get to it.",
    example: ("\\x80\\x04(", "a pickle that ends before its STOP"),
    advice: "Look at the reason: get the whole file, or unpack what was not opened.",
    references: &[],
};

/// Notifications of a log; a scan of any number of files holds no more. The results say the same.
const NOTIFICATIONS: usize = 50_000;

/// A log of one run that grows by files. Results are written as they come, so that it takes no more memory for more files.
pub(crate) struct Log<'w> {
    out: &'w mut dyn Write,
    separator: &'static str,
    notifications: Vec<Value>,
    /// Notifications beyond those that are kept.
    more: u64,
}

impl<'w> Log<'w> {
    /// Writes what comes before the results.
    pub(crate) fn begin(out: &'w mut dyn Write) -> io::Result<Self> {
        let rules: Vec<Value> = rules::ALL.iter().chain([&PARTIAL]).map(rule).collect();
        let tool = json!({ "driver": {
            "name": "Picklescope",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }});
        writeln!(out, "{{\"$schema\": \"{SCHEMA}\", \"version\": \"2.1.0\", \"runs\": [{{")?;
        write!(out, "\"tool\": ")?;
        serde_json::to_writer_pretty(&mut *out, &tool)?;
        write!(out, ",\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": [")?;
        Ok(Self { out, separator: "\n", notifications: Vec::new(), more: 0 })
    }

    /// Writes the results of a file.
    pub(crate) fn add(&mut self, report: &FileReport) -> io::Result<()> {
        let uri = uri(&report.path);
        for finding in report.findings.iter().filter(|finding| finding.level >= Level::UnknownCode) {
            self.result(&result(finding, &uri))?;
        }
        if !report.why.is_empty() {
            let text = format!("Not all of this was read. {}", report.why.join(" "));
            self.result(&json!({
                "ruleId": PARTIAL.id,
                "ruleIndex": rules::ALL.len(),
                "level": "warning",
                "message": { "text": text },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri },
                    "region": { "startLine": 1 },
                }}],
                "partialFingerprints": { "primaryLocationLineHash": PARTIAL.id },
            }))?;
        }
        for why in &report.why {
            if self.notifications.len() >= NOTIFICATIONS {
                self.more += 1;
                continue;
            }
            self.notifications.push(json!({
                "level": "warning",
                "message": { "text": why },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
            }));
        }
        Ok(())
    }

    fn result(&mut self, result: &Value) -> io::Result<()> {
        write!(self.out, "{}", self.separator)?;
        self.separator = ",\n";
        Ok(serde_json::to_writer(&mut self.out, result)?)
    }

    /// Writes what comes after the results.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if self.more > 0 {
            let text = format!("{} more of these are left out; the results have them.", self.more);
            self.notifications.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": self.notifications });
        write!(self.out, "\n],\n\"invocations\": [")?;
        serde_json::to_writer_pretty(&mut self.out, &invocation)?;
        writeln!(self.out, "]\n}}]}}")
    }
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": name(rule.id),
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": format!("{} {}", rule.what, rule.why) },
        "help": { "text": format!("{} {} {}", rule.what, rule.why, rule.advice), "markdown": rule.page() },
        "properties": { "tags": ["security", "pickle", "external/cwe/cwe-502"] },
    })
}

fn result(finding: &FindingFacts, uri: &str) -> Value {
    let level = match finding.level {
        Level::Dangerous => "error",
        Level::Suspicious => "warning",
        _ => "note",
    };
    // Code scanning wants a line. Offsets are those of the file only where the pickle is not inside something else.
    let mut region = json!({ "startLine": 1 });
    let mut place = format!("offset {}", finding.offset);
    let mut location = json!({});
    if finding.container.is_empty() {
        region["byteOffset"] = json!(finding.offset);
        region["byteLength"] = json!(finding.length);
    } else {
        let _ = write!(place, " of {}", finding.container);
        location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.container, "kind": "member" }]);
    }
    location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri }, "region": region });
    let mut text = format!("{} At {place}.", finding.explanation);
    if !finding.call.is_empty() {
        let _ = write!(text, " {}", finding.call);
    }
    let print = format!("{}:{}:{}:{}", finding.rule, finding.container, finding.stream, finding.offset);
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules::ALL.iter().position(|rule| rule.id == finding.rule).map_or(-1, |at| at as i64),
        "level": level,
        "message": { "text": text },
        "locations": [location],
        "partialFingerprints": { "primaryLocationLineHash": print },
        "properties": {
            "level": finding.level,
            "module": finding.module,
            "name": finding.name,
            "opcode": finding.opcode,
            "offset": finding.offset,
            "length": finding.length,
            "stream": finding.stream,
            "container": finding.container,
            "call": finding.call,
            "howNamed": finding.how_named,
            "advice": finding.advice,
        },
    })
}

/// A rule's id in the way that rules are named: `DangerousImport`.
fn name(id: &str) -> String {
    id.split('-').map(picklescope::lens::capitalised).collect()
}

/// A path as an URI: relative to where the scan ran, or absolute as a `file` URI (RFC 3986, RFC 8089).
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for (at, byte) in path.bytes().enumerate() {
        // A colon in the first part of a relative path would end a scheme.
        let plain =
            byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (byte == b':' && at == 1 && cfg!(windows));
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
