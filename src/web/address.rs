//! What the address names behind `#`: `offset=57`, `member=3&offset=57&view=opcodes&dialog=keys`.

use super::format::parse_offset;
use super::state::{Dialog, Tab};

const VIEWS: [(Tab, &str); 8] = [
    (Tab::Objects, "objects"),
    (Tab::Contents, "contents"),
    (Tab::Opcodes, "opcodes"),
    (Tab::Machine, "machine"),
    (Tab::Audit, "audit"),
    (Tab::Python, "python"),
    (Tab::Size, "size"),
    (Tab::Bytes, "bytes"),
];

/// The name of a dialog that is the same for everybody who has the file; what is typed or chosen in one stays on this side.
#[must_use]
pub fn name_of(dialog: &Dialog) -> Option<&'static str> {
    match dialog {
        Dialog::Explain { .. } => Some("explain"),
        Dialog::Stubs => Some("code"),
        Dialog::Keys => Some("keys"),
        Dialog::Privacy => Some("privacy"),
        Dialog::Imports => Some("imports"),
        Dialog::Environment => Some("environment"),
        Dialog::Paste { .. } | Dialog::Menu | Dialog::Settings | Dialog::Export(_) => None,
    }
}

/// Whether what a dialog of this name shows is in a file.
#[must_use]
pub fn is_about_file(name: &str) -> bool {
    !matches!(name, "explain" | "keys" | "privacy")
}

/// The dialog of this name.
fn dialog_named(name: &str) -> Option<Dialog> {
    let mut all = [
        Dialog::Explain { text: None },
        Dialog::Stubs,
        Dialog::Keys,
        Dialog::Privacy,
        Dialog::Imports,
        Dialog::Environment,
    ]
    .into_iter();
    all.find(|dialog| name_of(dialog) == Some(name))
}

/// A place: `#offset=1234`, or `#member=3&offset=1234` in another part than the one that opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Number of the member.
    pub member: Option<u32>,
    /// Offset in it.
    pub offset: u64,
}

/// What is on the screen, as far as somebody else with the same file could see the same.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Address {
    /// The selection.
    pub link: Option<Link>,
    /// The view on the left, where it is not the one that a file opens with.
    pub view: Option<Tab>,
    /// The open dialog, by its name.
    pub dialog: Option<&'static str>,
}

/// The file that an address holds: its name, percent-encoded, and its bytes as `export::link` packs them.
#[must_use]
pub fn file_in(hash: &str) -> Option<(&str, &str)> {
    Some((value_in(hash, "name").unwrap_or_default(), value_in(hash, "file")?))
}

fn value_in<'h>(hash: &'h str, name: &str) -> Option<&'h str> {
    let mut parts = hash.trim_start_matches('#').split('&').filter_map(|part| part.split_once('='));
    parts.find_map(|(key, value)| (key == name).then_some(value))
}

impl Address {
    /// Reads what stands behind `#`; what is not understood is left out.
    #[must_use]
    pub fn of(hash: &str) -> Self {
        let value = |name: &str| value_in(hash, name);
        let offset = value("offset").and_then(parse_offset);
        Self {
            link: offset.map(|offset| Link { member: value("member").and_then(|number| number.parse().ok()), offset }),
            view: VIEWS.iter().find(|(_, name)| value("view") == Some(*name)).map(|(view, _)| *view),
            dialog: value("dialog").and_then(dialog_named).and_then(|dialog| name_of(&dialog)),
        }
    }

    /// The dialog that it names.
    #[must_use]
    pub fn dialog(&self) -> Option<Dialog> {
        self.dialog.and_then(dialog_named)
    }

    /// The text from `#` on; empty when nothing is named.
    #[must_use]
    pub fn text(&self) -> String {
        let view = self.view.and_then(|view| VIEWS.iter().find(|(other, _)| *other == view)).map(|(_, name)| *name);
        let number = |number: u64| number.to_string();
        let parts = [
            ("member=", self.link.and_then(|link| link.member).map(|member| number(member.into()))),
            ("offset=", self.link.map(|link| number(link.offset))),
            ("view=", view.map(str::to_owned)),
            ("dialog=", self.dialog.map(str::to_owned)),
        ];
        let mut text = String::new();
        for (name, value) in parts {
            if let Some(value) = value {
                text.push(if text.is_empty() { '#' } else { '&' });
                text.push_str(name);
                text.push_str(&value);
            }
        }
        text
    }

    /// Whether two addresses differ in more than a dialog.
    #[must_use]
    pub fn is_elsewhere(&self, other: &Self) -> bool {
        (self.link, self.view) != (other.link, other.view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for text in ["", "#offset=0", "#member=3&offset=57&view=opcodes", "#view=bytes&dialog=keys", "#dialog=explain"]
        {
            assert_eq!(Address::of(text).text(), text);
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        for text in
            ["#offset=", "#offset=x&view=attic&dialog=paste", "#offset=18446744073709551616", "#&&=", "#member=3"]
        {
            assert_eq!(Address::of(text), Address::default(), "{text}");
        }
        assert_eq!(Address::of("#member=-1&offset=0x39").link, Some(Link { member: None, offset: 57 }));
    }

    #[test]
    fn an_address_may_hold_a_file_beside_a_place() {
        let hash = "#name=a%20b.pkl&file=AbC_-&offset=7&view=opcodes";
        assert_eq!(file_in(hash), Some(("a%20b.pkl", "AbC_-")));
        assert_eq!(Address::of(hash).text(), "#offset=7&view=opcodes");
        assert_eq!(file_in("#file=A"), Some(("", "A")));
        assert_eq!(file_in("#name=a&offset=7"), None);
    }

    #[test]
    fn every_view_has_a_name_of_its_own() {
        for (view, name) in VIEWS {
            assert_eq!(Address::of(&format!("#view={name}")).view, Some(view));
        }
    }
}
