//! What the items of the menu do.

use super::actions::Actions;
use super::dom;
use super::history;
use super::menu::{self, Does};
use super::settings;
use super::state::{Action, Dialog, Tab};

impl Actions {
    /// What was done by name or key, the last first.
    pub(crate) fn recent(&self) -> Vec<Does> {
        self.recent.borrow().clone()
    }

    /// Closes the palette and does what was chosen there, once the keyboard is back where it was.
    pub(crate) fn run_from_menu(&self, does: Does) {
        self.dialog(None);
        let actions = self.clone();
        dom::after(0, move || actions.run(does));
    }

    /// Does what an item of the menu says.
    pub(crate) fn run(&self, does: Does) {
        if does != Does::Menu {
            menu::remember(&mut self.recent.borrow_mut(), does);
        }
        match does {
            Does::Menu => self.dialog(Some(Dialog::Menu)),
            Does::Find => self.open_find(),
            Does::NextHit => self.walk(true),
            Does::PreviousHit => self.walk(false),
            Does::NextPlace => self.walk_places(true),
            Does::PreviousPlace => self.walk_places(false),
            Does::Show(tab) => self.dispatch(Action::Show(tab)),
            Does::FocusView => dom::focus_view(),
            Does::FocusSelection => dom::focus("inspector"),
            Does::GoToOffset => dom::focus_text("go-to"),
            Does::Unfold | Does::Fold => {
                self.dispatch(Action::Show(Tab::Objects));
                if does == Does::Unfold { self.unfold() } else { self.fold() }
            }
            Does::CopyPath => self.copy_path(),
            Does::NextFinding => self.next_finding(true),
            Does::PreviousFinding => self.next_finding(false),
            Does::Back => history::go(false),
            Does::Forward => history::go(true),
            // These know the names of what they save.
            Does::Export => dom::click(".header [data-act=export]"),
            Does::SaveSelection => dom::click("#inspector [data-act=save-as]"),
            Does::CopyLink => self.copy_link(),
            Does::Imports => self.dialog(Some(Dialog::Imports)),
            Does::Environment => self.dialog(Some(Dialog::Environment)),
            Does::Stubs => self.dialog(Some(Dialog::Stubs)),
            Does::Explain => self.dialog(Some(Dialog::Explain { text: None })),
            Does::Tour => self.start_tour(),
            Does::Open => dom::click("#open-file"),
            Does::Paste => self.dialog(Some(Dialog::Paste { text: "".into(), error: None })),
            Does::Close => self.close(),
            Does::Theme => settings::toggle_theme(),
            Does::Settings => self.dialog(Some(Dialog::Settings)),
            Does::Privacy => self.dialog(Some(Dialog::Privacy)),
            Does::Keys => self.dialog(Some(Dialog::Keys)),
        }
    }
}
