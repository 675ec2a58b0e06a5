//! Everything that the page does by name: the palette lists it, the dialog of keys lists what has a key, and what a key does is looked
//! up here. No browser in here, so that it is tested on the host.

use super::state::Tab;

/// What can be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// Opens the palette.
    Menu,
    /// Opens the find bar.
    Find,
    /// Goes to the next hit.
    NextHit,
    /// Goes to the hit before.
    PreviousHit,
    /// Goes to the next place of the hit.
    NextPlace,
    /// Goes to the place before.
    PreviousPlace,
    /// Shows a view on the left.
    Show(Tab),
    /// Gives the keyboard to the view on the left.
    FocusView,
    /// Gives the keyboard to the selection on the right.
    FocusSelection,
    /// Gives the keyboard to the box for an offset.
    GoToOffset,
    /// Opens all rows of the tree.
    Unfold,
    /// Closes all rows of the tree.
    Fold,
    /// Copies the path of the selection.
    CopyPath,
    /// Goes to the next finding of the audit.
    NextFinding,
    /// Goes to the finding before.
    PreviousFinding,
    /// Goes back to the selection before.
    Back,
    /// Goes forward again.
    Forward,
    /// Saves the document in another format.
    Export,
    /// Saves the selected value in another format.
    SaveSelection,
    /// Copies an address that holds the file.
    CopyLink,
    /// Lists what the file imports.
    Imports,
    /// Tells what wrote the file.
    Environment,
    /// Writes code that loads the file.
    Stubs,
    /// Explains an error message.
    Explain,
    /// Opens the guided sample.
    Tour,
    /// Opens a file.
    Open,
    /// Opens pasted bytes.
    Paste,
    /// Closes the file.
    Close,
    /// Turns the theme around.
    Theme,
    /// Opens the settings.
    Settings,
    /// Tells what happens to a file.
    Privacy,
    /// Lists the keys.
    Keys,
}

/// What has to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A document.
    File,
    /// More than one member.
    Members,
    /// A document with opcodes.
    Opcodes,
    /// A selected value.
    Value,
}

/// What is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct There {
    /// A document.
    pub has_file: bool,
    /// More than one member.
    pub has_members: bool,
    /// Opcodes in the document.
    pub has_opcodes: bool,
    /// A selected value.
    pub has_value: bool,
}

impl There {
    /// Whether something that needs this can be done.
    #[must_use]
    pub fn has(self, needs: Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::File => self.has_file,
            Needs::Members => self.has_file && self.has_members,
            Needs::Opcodes => self.has_file && self.has_opcodes,
            Needs::Value => self.has_file && self.has_value,
        }
    }
}

/// Something that the page does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it does.
    pub does: Does,
    /// Its name.
    pub name: &'static str,
    /// The keys that do it, as [`pressed`] spells them.
    pub keys: &'static [&'static str],
    /// What has to be there.
    pub needs: Needs,
}

const fn item(does: Does, name: &'static str, keys: &'static [&'static str], needs: Needs) -> Item {
    Item { does, name, keys, needs }
}

/// All of it.
pub static ITEMS: [Item; 39] = [
    item(Does::Find, "Find anything: text, numbers, == 3.5, bytes, @offset, a path", &["/", "Ctrl F"], Needs::File),
    item(Does::NextHit, "Next hit", &["F3"], Needs::File),
    item(Does::PreviousHit, "Previous hit", &["Shift F3"], Needs::File),
    item(Does::NextPlace, "Next place of the hit: a shared value has several", &["F4"], Needs::File),
    item(Does::PreviousPlace, "Previous place of the hit", &["Shift F4"], Needs::File),
    item(Does::CopyPath, "Copy the path of the selection", &["c"], Needs::Value),
    item(Does::NextFinding, "Next finding of the audit", &["F8"], Needs::File),
    item(Does::PreviousFinding, "Previous finding of the audit", &["Shift F8"], Needs::File),
    item(Does::Back, "Back to the selection before", &["["], Needs::File),
    item(Does::Forward, "Forward again to the selection after", &["]"], Needs::File),
    item(Does::Show(Tab::Objects), "Show the objects", &[], Needs::File),
    item(Does::Show(Tab::Contents), "Show the contents: files, entries", &[], Needs::Members),
    item(Does::Show(Tab::Opcodes), "Show the opcodes", &[], Needs::File),
    item(Does::Show(Tab::Machine), "Show the machine: stack and memo, step by step", &[], Needs::File),
    item(Does::Show(Tab::Audit), "Show calls, imports and findings", &[], Needs::File),
    item(Does::Show(Tab::Python), "Show the document as Python", &[], Needs::File),
    item(Does::Show(Tab::Size), "Show the sizes: what is large", &[], Needs::File),
    item(Does::Show(Tab::Bytes), "Show the bytes", &[], Needs::File),
    item(Does::Unfold, "Expand all rows of the tree", &[], Needs::File),
    item(Does::Fold, "Collapse all rows of the tree", &[], Needs::File),
    item(Does::FocusView, "Go to the view on the left", &[], Needs::File),
    item(Does::FocusSelection, "Go to the selection on the right", &[], Needs::File),
    item(Does::GoToOffset, "Go to an offset…", &[], Needs::File),
    item(Does::Export, "Export the document…", &[], Needs::Opcodes),
    item(Does::SaveSelection, "Save the selection as…", &[], Needs::Value),
    item(Does::CopyLink, "Copy a link with the file in it", &[], Needs::File),
    item(Does::Imports, "What does the file import?", &[], Needs::File),
    item(Does::Environment, "What wrote the file, and what can load it?", &[], Needs::File),
    item(Does::Stubs, "Code to load the file", &[], Needs::File),
    item(Does::Explain, "What does this error mean?", &[], Needs::Nothing),
    item(Does::Tour, "What is a pickle? A guided sample", &[], Needs::Nothing),
    item(Does::Open, "Open a file…", &[], Needs::Nothing),
    item(Does::Paste, "Paste a pickle…", &[], Needs::Nothing),
    item(Does::Close, "Close the file", &[], Needs::File),
    item(Does::Theme, "Switch between light and dark", &[], Needs::Nothing),
    item(Does::Settings, "Settings…", &[], Needs::Nothing),
    item(Does::Privacy, "What happens to a file?", &[], Needs::Nothing),
    item(Does::Menu, "All commands", &["Ctrl K"], Needs::Nothing),
    item(Does::Keys, "All keys", &["?"], Needs::Nothing),
];

/// The key that was pressed, as [`Item::keys`] spell it. `control` is the key that commands are given with, Cmd on a Mac. With a
/// character, Shift is only the way to type it.
#[must_use]
pub fn pressed(key: &str, control: bool, shift: bool) -> String {
    let is_character = key.chars().count() == 1;
    let shift = if shift && (control || !is_character) { "Shift " } else { "" };
    match control {
        true => format!("Ctrl {shift}{}", if is_character { key.to_uppercase() } else { key.to_owned() }),
        false => format!("{shift}{key}"),
    }
}

/// What a key does, and whether it does so where people type, too: there a character is a character.
#[must_use]
pub fn with_key(key: &str) -> Option<(Item, bool)> {
    let item = ITEMS.iter().find(|item| item.keys.contains(&key))?;
    Some((*item, key.chars().count() > 1))
}

/// What can be done and has all these words in its name, or among the other words for it: what was done last first, then what has them
/// in its name, the shortest one first, then those for which the words are usual.
#[must_use]
pub fn found(words: &str, there: There, recent: &[Does]) -> Vec<Item> {
    let words = words.to_lowercase();
    let is_named = |item: &Item| words.split_whitespace().all(|word| item.name.to_lowercase().contains(word));
    let is_meant = |item: &&Item| {
        let name = item.name.to_lowercase();
        let is_in = |word: &str| name.contains(word) || also(item.does).contains(word);
        item.does != Does::Menu && there.has(item.needs) && words.split_whitespace().all(is_in)
    };
    let mut found: Vec<Item> = ITEMS.iter().filter(is_meant).copied().collect();
    let last_done = |item: &Item| recent.iter().position(|does| *does == item.does).unwrap_or(usize::MAX);
    // The shorter a name, the more of it was said; of other words the first ones are the most usual.
    let usual = |item: &Item| also(item.does).split(' ').position(|also| also == words);
    let rank = |item: &Item| match is_named(item) {
        true => (0, item.name.len()),
        false => (1, usual(item).unwrap_or(usize::MAX)),
    };
    found.sort_by_key(|item| (last_done(item), if words.is_empty() { (0, 0) } else { rank(item) }));
    found
}

/// Other words that people have for it: what other tools call it, what they want it for.
fn also(does: Does) -> &'static str {
    match does {
        Does::Find => "search grep query filter where lookup regex string value key attribute",
        Does::NextHit => "find search result match after forward",
        Does::PreviousHit => "find search result match before back",
        Does::NextPlace | Does::PreviousPlace => {
            "find search result occurrence reference references shared memo more places"
        }
        Does::Show(tab) => also_of_view(tab),
        Does::FocusView => "focus left pane tree list keyboard",
        Does::FocusSelection => "focus right pane inspector details value keyboard",
        Does::GoToOffset => "jump goto address byte position line",
        Does::Unfold => "open everything unfold objects levels deep recursively",
        Does::Fold => "close everything fold objects levels",
        Does::CopyPath => "clipboard accessor expression",
        Does::NextFinding => "security danger warning problem issue",
        Does::PreviousFinding => "security danger warning problem issue",
        Does::Back => "history undo previous",
        Does::Forward => "history redo next",
        Does::Export => {
            "save as file convert write json csv npy npz safetensors text python html report share download"
        }
        Does::CopyLink => "share address url send",
        Does::SaveSelection => "export file convert write json csv npy npz safetensors text download value",
        Does::Imports => "globals classes names modules libraries dependencies",
        Does::Environment => {
            "versions version packages requirements python library dependencies compatibility protocol"
        }
        Does::Stubs => {
            "classes stubs unpickler restricted load script requirements missing modulenotfounderror weights_only"
        }
        Does::Explain => {
            "explain traceback exception help unpicklingerror attributeerror modulenotfounderror fails failed broken message"
        }
        Does::Tour => "tour learn help tutorial lesson introduction guide example demo",
        Does::Open => "load import new upload choose browse drop",
        Does::Paste => "clipboard base64 hex text insert",
        Does::Close => "exit quit leave start home empty new",
        Does::Theme => "theme colours colors mode night day appearance",
        Does::Settings => {
            "preferences options configure theme density compact comfortable rows width panes python 2 encoding latin"
        }
        Does::Privacy => "upload network offline security data send",
        Does::Menu => "palette menu",
        Does::Keys => "shortcuts keyboard hotkeys help bindings",
    }
}

/// The same for a view.
fn also_of_view(tab: Tab) -> &'static str {
    match tab {
        Tab::Objects => "tree values objects structure outline explorer contents inside home",
        Tab::Contents => "members archive zip tar list entry unpack tree directory folder records",
        Tab::Opcodes => "disassembly disassemble instructions pickletools dis listing assembly",
        Tab::Machine => {
            "debug debugger trace time travel stepper run execute vm unpickler readers reader compare differences pickle.py loader"
        }
        Tab::Audit => {
            "audit security scan what runs run danger dangerous malware safe unsafe risk virus verdict globals reduce"
        }
        Tab::Python => "source code script py repr print text",
        Tab::Size => "memory treemap large largest big biggest space duplicates smaller usage",
        Tab::Bytes => "hex hexdump hexadecimal dump binary raw file",
    }
}

/// Puts what was done in front of what was done before it.
pub fn remember(recent: &mut Vec<Does>, does: Does) {
    recent.retain(|other| *other != does);
    recent.insert(0, does);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: There = There { has_file: true, has_members: true, has_opcodes: true, has_value: true };

    fn names(words: &str, there: There, recent: &[Does]) -> Vec<&'static str> {
        found(words, there, recent).iter().map(|item| item.name).collect()
    }

    #[test]
    fn a_key_does_one_thing_and_a_name_is_there_once() {
        let mut keys: Vec<&str> = ITEMS.iter().flat_map(|item| item.keys).copied().collect();
        let mut names: Vec<&str> = ITEMS.iter().map(|item| item.name).collect();
        let (key_count, name_count) = (keys.len(), names.len());
        keys.sort_unstable();
        keys.dedup();
        names.sort_unstable();
        names.dedup();
        assert_eq!((keys.len(), names.len()), (key_count, name_count));
    }

    #[test]
    fn keys_are_spelled_as_the_table_has_them() {
        for (key, control, shift, does, anywhere) in [
            ("/", false, true, Does::Find, false), // Shift 7 on many keyboards
            ("f", true, false, Does::Find, true),
            ("K", true, false, Does::Menu, true), // with Caps Lock
            ("F3", false, true, Does::PreviousHit, true),
            ("?", false, true, Does::Keys, false),
            ("c", false, false, Does::CopyPath, false),
        ] {
            let found = with_key(&pressed(key, control, shift)).map(|(item, anywhere)| (item.does, anywhere));
            assert_eq!(found, Some((does, anywhere)), "{key}");
        }
        for (key, control, shift) in [("f", true, true), ("C", false, true), ("c", true, false), ("F3", true, false)] {
            assert_eq!(with_key(&pressed(key, control, shift)), None, "{key}");
        }
    }

    #[test]
    fn words_in_any_order_choose() {
        assert_eq!(names("MACHINE show", ALL, &[])[..], ["Show the machine: stack and memo, step by step"]);
        assert_eq!(names("no such words", ALL, &[]).len(), 0);
        assert_eq!(names("", ALL, &[]).len(), ITEMS.len() - 1);
    }

    /// Words that people type without having read the names: the command they mean is among the first that are listed.
    #[test]
    fn plain_words_find_what_they_mean() {
        let view = Does::Show;
        for (words, does) in [
            ("contents", view(Tab::Contents)),
            ("entries", view(Tab::Contents)),
            ("tree", view(Tab::Objects)),
            ("readers", view(Tab::Machine)),
            ("stack", view(Tab::Machine)),
            ("debugger", view(Tab::Machine)),
            ("disassembly", view(Tab::Opcodes)),
            ("opcodes", view(Tab::Opcodes)),
            ("dis", view(Tab::Opcodes)),
            ("security", view(Tab::Audit)),
            ("audit", view(Tab::Audit)),
            ("malware", view(Tab::Audit)),
            ("source", view(Tab::Python)),
            ("code", view(Tab::Python)),
            ("python", view(Tab::Python)),
            ("memory", view(Tab::Size)),
            ("large", view(Tab::Size)),
            ("size", view(Tab::Size)),
            ("hex", view(Tab::Bytes)),
            ("bytes", view(Tab::Bytes)),
            ("search", Does::Find),
            ("error", Does::Explain),
            ("traceback", Does::Explain),
            ("save", Does::Export),
            ("export", Does::Export),
            ("download", Does::Export),
            ("csv", Does::Export),
            ("dark", Does::Theme),
            ("theme", Does::Theme),
            ("preferences", Does::Settings),
            ("compact", Does::Settings),
            ("dependencies", Does::Imports),
            ("versions", Does::Environment),
            ("stubs", Does::Stubs),
            ("goto", Does::GoToOffset),
            ("shortcuts", Does::Keys),
            ("help", Does::Keys),
            ("tutorial", Does::Tour),
            ("upload", Does::Privacy),
            ("load", Does::Open),
            ("clipboard", Does::Paste),
            ("undo", Does::Back),
            ("expand all", Does::Unfold),
            ("open everything", Does::Unfold),
            ("collapse all", Does::Fold),
            ("close everything", Does::Fold),
        ] {
            let listed: Vec<Does> = found(words, ALL, &[]).iter().map(|item| item.does).collect();
            let place = listed.iter().position(|other| *other == does);
            assert!(place.is_some_and(|place| place < 5), "{words}: {listed:?}");
        }
        // Of a file that holds nothing but itself, the contents are its objects.
        let single = There { has_members: false, ..ALL };
        assert_eq!(found("contents", single, &[]).first().map(|item| item.does), Some(view(Tab::Objects)));
    }

    #[test]
    fn what_cannot_be_done_is_not_listed() {
        let none = found("", There::default(), &[]);
        assert!(none.iter().all(|item| item.needs == Needs::Nothing) && !none.is_empty());
        let single = There { has_members: false, ..ALL };
        assert!(!found("", single, &[]).iter().any(|item| item.does == Does::Show(Tab::Contents)));
        assert!(!There { has_value: true, ..There::default() }.has(Needs::Value));
    }

    #[test]
    fn what_was_done_last_comes_first() {
        let mut recent = Vec::new();
        for does in [Does::Keys, Does::Find, Does::Keys] {
            remember(&mut recent, does);
        }
        assert_eq!(recent, [Does::Keys, Does::Find]);
        let listed: Vec<Does> = found("", ALL, &recent).iter().map(|item| item.does).collect();
        assert_eq!(listed[..3], [Does::Keys, Does::Find, Does::NextHit]);
    }
}
