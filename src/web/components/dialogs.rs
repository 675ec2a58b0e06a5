//! Which dialog is open, and the short ones.

use super::environment::EnvironmentDialog;
use super::explain::ExplainDialog;
use super::export::ExportDialog;
use super::icons::{level_class, level_icon};
use super::modal::Modal;
use super::palette::Palette;
use super::paste::Paste;
use super::privacy::privacy;
use super::settings::Settings;
use super::stubs::CodeToLoad;
use super::text::marked;
use super::verdict::uses;
use crate::protocol::Target;
use crate::view::{Environment, ImportFacts, Overview};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::grouped;
use crate::web::menu::{self, There};
use crate::web::state::Dialog;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Dialogs`].
#[derive(Properties, PartialEq)]
pub struct DialogsProps {
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// The document, when there is one.
    pub overview: Option<Rc<Overview>>,
    /// What wrote it, once it is known.
    pub environment: Option<Rc<Environment>>,
    /// Whether a value is selected.
    pub has_value: bool,
}

/// The dialog that is open.
#[component]
pub fn Dialogs(props: &DialogsProps) -> Html {
    let actions = use_actions();
    let onclose = {
        let actions = actions.clone();
        Callback::from(move |()| actions.dialog(None))
    };
    let is_by = |name: &str| {
        props.environment.as_ref().is_some_and(|wrote| wrote.packages.iter().any(|package| package.name == name))
    };
    let has_torch = is_by("torch");
    let needs_modules = props.environment.as_ref().is_some_and(|environment| !environment.modules.is_empty());
    let dialog = props.dialog.as_ref().map(|dialog| match dialog {
        Dialog::Paste { text, error } => html! {
            <Paste key="paste" text={AttrValue::from(text.clone())} error={error.clone().map(AttrValue::from)} />
        },
        Dialog::Explain { text } => html! {
            <ExplainDialog key="explain" text={AttrValue::from(text.clone().unwrap_or_default())} has_file={props.overview.is_some()} {needs_modules} {has_torch} {onclose} />
        },
        Dialog::Stubs => html! {
            <Modal key="stubs" title="Code to load it" {onclose}><CodeToLoad {needs_modules} {has_torch} /></Modal>
        },
        Dialog::Menu => html! { <Palette key="menu" there={there(props)} {onclose} /> },
        Dialog::Settings => html! { <Modal key="settings" title="Settings" {onclose}><Settings /></Modal> },
        Dialog::Keys => html! { <Modal key="keys" title="Keys" {onclose}>{ keys() }</Modal> },
        Dialog::Privacy => {
            html! { <Modal key="privacy" title="What happens to a file" {onclose}>{ privacy() }</Modal> }
        }
        Dialog::Imports => {
            let list = props.overview.as_ref().map(|overview| html! { <Imports overview={overview.clone()} /> });
            html! { <Modal key="imports" title="What the file imports" {onclose}>{ list.unwrap_or_default() }</Modal> }
        }
        Dialog::Environment => {
            let environment = props.environment.clone().unwrap_or_default();
            html! {
                <Modal key="environment" title="What wrote the file, and what can load it" {onclose}><EnvironmentDialog {environment} /></Modal>
            }
        }
        Dialog::Export(of) => {
            // What a file or a member holds is called as it is; `obj` stands for it in paths only.
            let whole = props.overview.as_ref().filter(|_| &*of.name == "obj").map(|overview| overview.name.clone());
            let name = AttrValue::from(whole.unwrap_or_else(|| of.name.to_string()));
            html! { <ExportDialog key="export" of={of.clone()} {name} {onclose} /> }
        }
    });
    html! { <div class="dialogs">{ for dialog }</div> }
}

fn there(props: &DialogsProps) -> There {
    let overview = props.overview.as_ref();
    There {
        has_file: overview.is_some(),
        has_members: overview.is_some_and(|overview| overview.members > 1),
        has_opcodes: overview.is_some_and(|overview| overview.opcodes > 0),
        has_value: props.has_value,
    }
}

/// Keys of the views. What works everywhere is in the menu.
const VIEW_KEYS: [(&[&str], &str); 15] = [
    (&["↑", "↓"], "previous and next row"),
    (&["→", "←"], "open and close a row, or go to its first child and its parent"),
    (&["Home", "End"], "first and last row"),
    (&["Page Up", "Page Down"], "a screenful up and down"),
    (&["*"], "expand all siblings"),
    (&["Enter"], "open or close a row; in the bytes, select what the byte belongs to"),
    (&["a … z"], "jump to a label by typing (Shift with a first c)"),
    (
        &["↑", "↓", "←", "→"],
        "in a table, from cell to cell; with Ctrl to its edges; Ctrl C copies the cell, Enter selects its value",
    ),
    (&["+", "-", "0"], "in a table, make the column wider, narrower, as wide as its texts"),
    (&["f"], "in a table, freeze the columns up to the cursor, or release them; s sorts by the column"),
    (&["→", "←"], "in the list of hits, to the other places of a hit that stands at several"),
    (
        &["+", "-", "0"],
        "in a decision tree, larger, smaller, as wide as the pane; Enter draws what is below, Backspace goes back up",
    ),
    (&["→", "←", "Home", "End"], "in the machine, one instruction on and back, the first one, and the end"),
    (
        &["Shift ↑↓←→", "Ctrl A"],
        "in the tab Bytes, select a range, and all of them; Ctrl C copies it, Ctrl Home and End go to both ends, Escape lets go",
    ),
    (&["Tab"], "from the rows to the selection, its opcodes and its bytes"),
];

fn keys() -> Html {
    let row = |keys: &[&'static str], words: &'static str| {
        html! {
            <div>
                <dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                <dd>{ words }</dd>
            </div>
        }
    };
    html! {
        <dl class="key-list">
            { for menu::ITEMS.iter().filter(|item| !item.keys.is_empty()).map(|item| row(item.keys, item.name)) }
            { for VIEW_KEYS.iter().map(|(keys, words)| row(keys, words)) }
        </dl>
    }
}

/// Properties of [`Imports`].
#[derive(Properties, PartialEq)]
pub struct ImportsProps {
    /// The document.
    pub overview: Rc<Overview>,
}

/// Every name the file imports, worst first.
#[component]
pub fn Imports(props: &ImportsProps) -> Html {
    let actions = use_actions();
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(offset) = dom::data_of(&event, "import").and_then(|offset| offset.parse().ok()) {
            actions.dialog(None);
            actions.select(Target::Offset(offset));
        }
    });
    use_effect_with((), |()| dom::after(0, || dom::focus_first(".import-list .import")));
    let mut imports: Vec<&ImportFacts> = props.overview.import_list.iter().collect();
    imports.sort_by_key(|import| std::cmp::Reverse(import.level));
    let shown = imports.len() as u64;
    html! {
        <>
            <ul class="import-list" {onclick}>
                { for imports.iter().enumerate().map(|(index, import)| html! {
                    <li key={index}>
                        <button class={classes!("import", level_class(import.level))} data-import={import.offset.to_string()}>
                            <span class="import-level">{ level_icon(import.level) }{ import.level.word() }</span>
                            <code class="import-name">{ marked(&format!("{}.{}", import.module, import.name)) }</code>
                            <span class="import-words">{ marked(&import_words(import)) }</span>
                        </button>
                    </li>
                }) }
            </ul>
            <p hidden={shown >= props.overview.imports}>
                { format!("These are the first {} of {}.", grouped(shown), grouped(props.overview.imports)) }
            </p>
        </>
    }
}

fn import_words(import: &ImportFacts) -> String {
    let mut words = if import.reason.is_empty() { "nothing is known of it".to_owned() } else { import.reason.clone() };
    if let Some(raw) = &import.raw {
        words.push_str(&format!("; the file spells it {raw}"));
    }
    words.push_str(&format!("; first at offset {}", import.offset));
    if import.uses > 1 {
        words.push_str(&format!(", {}", uses(import.uses)));
    }
    words
}
