//! One thing to do, with what Picklescope itself can do for it.

use serde::{Deserialize, Serialize};

/// What Picklescope does for a step. Each edge has its own words for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Says what loading would do.
    Scan,
    /// Lists the names that the file expects, and writes code that gives them.
    Stubs,
    /// Writes the lines that `torch.load(weights_only=True)` needs.
    TorchStubs,
}

/// For each action its word in the table of messages, the command, and its place on the page.
const ACTIONS: [(Action, &str, &str, &str); 3] = [
    (Action::Scan, "[scan]", "picklescope scan FILE", "Calls & imports"),
    (Action::Stubs, "[stubs]", "picklescope stubs FILE", "Code to load the open file"),
    (Action::TorchStubs, "[torch-stubs]", "picklescope stubs --torch FILE", "Code to load the open file"),
];

impl Action {
    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str) {
        let is_it = |row: &&(Self, _, _, _)| row.0 == self;
        ACTIONS.iter().find(is_it).unwrap_or(&ACTIONS[0])
    }

    /// The command that does it.
    #[must_use]
    pub fn command(self) -> &'static str {
        self.row().2
    }

    /// The button or view of the page that does it.
    #[must_use]
    pub fn on_page(self) -> &'static str {
        self.row().3
    }
}

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Step {
    /// What to do, up to the action where there is one.
    pub text: String,
    /// What Picklescope does for it.
    pub action: Option<Action>,
    /// What stands behind the action.
    pub rest: String,
}

impl Step {
    /// Reads a step of the table: an action stands in square brackets.
    pub(super) fn new(text: &str) -> Self {
        let found = ACTIONS.iter().find_map(|(action, word, ..)| Some((*action, text.split_once(word)?)));
        match found {
            Some((action, (before, after))) => {
                Self { text: before.to_owned(), action: Some(action), rest: after.to_owned() }
            }
            None => Self { text: text.to_owned(), ..Self::default() },
        }
    }

    /// The same with other texts around the action.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { text: change(&self.text), action: self.action, rest: change(&self.rest) }
    }

    /// The step in words: `words` names the action.
    #[must_use]
    pub fn with(&self, words: impl Fn(Action) -> &'static str) -> String {
        let action = self.action.map_or("", words);
        format!("{}{action}{}", self.text, self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_read_and_named_at_the_edge() {
        let step = Step::new("Look at it: [scan].");
        assert_eq!(step.action, Some(Action::Scan));
        assert_eq!(step.with(Action::command), "Look at it: picklescope scan FILE.");
        assert_eq!(step.with(Action::on_page), "Look at it: Calls & imports.");
        assert_eq!(Step::new("value[0]").with(Action::command), "value[0]");
        for (action, word, ..) in ACTIONS {
            assert_eq!(Step::new(word).action, Some(action));
        }
    }
}
