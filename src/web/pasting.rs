//! Pasted text: bytes in some spelling, a pickle itself, or an error message.

use super::actions::Actions;
use super::file::Incoming;
use super::state::{Action, Dialog};
use crate::explain;
use crate::protocol::ask;
use std::rc::Rc;

impl Actions {
    /// Opens pasted text, explains it if it is an error message, or shows what is wrong with it.
    pub(crate) fn paste(&self, text: &str) {
        match crate::document::paste::parse(text) {
            Ok(bytes) if bytes.is_empty() => self.paste_failed(text, "there are no bytes in it"),
            Ok(bytes) => self.open(Incoming::bytes("Pasted bytes", &bytes)),
            Err(error) => {
                let (actions, pasted) = (self.clone(), text.to_owned());
                self.inquire(ask::IsPickle { text: pasted.clone() }, move |reply| match reply {
                    Ok(true) => actions.open(Incoming::bytes("Pasted bytes", pasted.trim().as_bytes())),
                    _ if explain::is_error_message(&pasted) => actions.explain_pasted(&pasted),
                    _ => actions.paste_failed(&pasted, &error),
                });
            }
        }
    }

    fn explain_pasted(&self, text: &str) {
        // Somewhat more than is read, so that it is said that it was cut.
        let from = text.floor_char_boundary(text.len().saturating_sub(2 * explain::LONGEST));
        self.dialog(Some(Dialog::Explain { text: Some(Rc::from(&text[from..])) }));
    }

    fn paste_failed(&self, text: &str, error: &str) {
        // A paste that was meant for something else can be long; the dialog needs only enough to recognise it.
        let text: String = text.chars().take(100_000).collect();
        let error = Some(Rc::from(error));
        self.dispatch(Action::Dialog(Some(Dialog::Paste { text: Rc::from(text), error })));
    }
}
