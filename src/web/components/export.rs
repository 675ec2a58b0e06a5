//! Saving in other formats.

use super::again::Again;
use super::modal::Modal;
use super::text::marked;
use crate::opcode::visible;
use crate::protocol::{Ask, ask};
use crate::view::card::Format;
use crate::view::{ExportAsk, Exported};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::download::Pieces;
use crate::web::format::{plural, size_text};
use crate::web::state::{Dialog, ExportOf};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ExportButton`].
#[derive(Properties, PartialEq)]
pub struct ExportButtonProps {
    /// The value; nothing for the document.
    #[prop_or_default]
    pub node: Option<u32>,
    /// Its name for people.
    pub name: String,
    /// Whether it stands among small ones.
    #[prop_or_default]
    pub small: bool,
    /// Whether it is the table of what is selected.
    #[prop_or_default]
    pub is_table: bool,
    /// The format, when nothing is left to choose.
    #[prop_or_default]
    pub format: Option<Format>,
}

/// A button that opens the choice of formats, or saves in the one that is given.
#[component]
pub fn ExportButton(props: &ExportButtonProps) -> Html {
    let actions = use_actions();
    let of = ExportOf { node: props.node, name: Rc::from(props.name.as_str()), format: props.format };
    let onclick = Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Export(of.clone()))));
    let class = classes!("button", props.small.then_some("button-small"));
    let (act, words) = match props.format {
        Some(format) => ("save", format!("Save {}", words(format).0)),
        None if props.small && props.is_table => ("save-as", "Save table as…".to_owned()),
        None if props.small => ("save-as", "Save as…".to_owned()),
        None => ("export", "Export…".to_owned()),
    };
    html! { <button {class} {onclick} aria-haspopup="dialog" data-act={act}>{ words }</button> }
}

/// Its extension, its name, and what it is good for.
fn words(format: Format) -> (&'static str, &'static str, &'static str) {
    match format {
        Format::Json => (".json", "JSON, typed", "all of it, lossless, with types and references"),
        Format::PlainJson => {
            (".json", "JSON, plain", "what other programs expect; values that JSON cannot hold are left out and listed")
        }
        Format::Csv => (".csv", "CSV", "comma-separated values"),
        Format::Tsv => (".tsv", "TSV", "tab-separated values"),
        Format::Npy => (".npy", "NumPy array", "for numpy.load"),
        Format::Npz => (".npz", "NumPy arrays", "for numpy.load, several by name"),
        Format::Safetensors => (".safetensors", "safetensors", "tensors by name, without pickle"),
        Format::Png => (".png", "PNG", "the picture"),
        Format::Tree => (".txt", "Tree", "the tree of objects as text"),
        Format::Dis => (".txt", "Disassembly", "every opcode, as pickletools writes it"),
        Format::Raw => ("", "Bytes", "the bytes themselves"),
        Format::Html => (".html", "Report", "verdict, findings, facts and the tree, to read without Picklescope"),
        Format::Python => (".py", "Python source", "a reconstruction to read"),
    }
}

/// How far saving is.
#[derive(Clone, PartialEq)]
enum Saving {
    Choosing,
    Running { progress: (u64, u64), bytes: u64 },
    Done { name: String, bytes: u64, rows: Option<u64>, remarks: Vec<String> },
    Failed { message: String },
}

/// Properties of [`ExportDialog`].
#[derive(Properties, PartialEq)]
pub struct ExportDialogProps {
    /// What is to be saved.
    pub of: ExportOf,
    /// What it is called.
    pub name: AttrValue,
    /// Called when the dialog is closed.
    pub onclose: Callback<()>,
}

/// The formats, then progress, then what was saved and what the format could not hold.
#[component]
pub fn ExportDialog(props: &ExportDialogProps) -> Html {
    let actions = use_actions();
    let saving = use_state(|| Saving::Choosing);
    let formats = use_state(|| Ok::<_, String>(props.of.format.into_iter().collect::<Vec<Format>>()));
    let attempt = use_state_eq(|| 0_u32);
    // Raised to stop what is running: its answers are then no longer wanted.
    let run = use_memo((), |()| Rc::new(Cell::new(0_u32)));
    {
        let run = Rc::clone(&run);
        let (actions, formats, node) = (actions.clone(), formats.setter(), props.of.node);
        let chosen = props.of.format.is_some();
        use_effect_with(*attempt, move |_| {
            if !chosen {
                actions.inquire(ask::Formats { node }, move |reply| formats.set(reply));
            }
            move || run.set(run.get() + 1)
        });
    }
    // The formats are what the dialog is for: they have the keyboard once they are there.
    let has_formats = formats.as_ref().is_ok_and(|formats| !formats.is_empty());
    use_effect_with(has_formats, |has_formats| {
        if *has_formats {
            dom::after(0, || dom::focus_first(".export .format"));
        }
    });
    let begin = {
        let (saving, run, node) = (saving.setter(), Rc::clone(&run), props.of.node);
        Callback::from(move |format: Format| {
            run.set(run.get() + 1);
            saving.set(Saving::Running { progress: (0, 1), bytes: 0 });
            let job = Job { run: Rc::clone(&run), number: run.get(), pieces: Rc::default(), saving: saving.clone() };
            job.ask(&actions, ask::Export(ExportAsk { node, format, escape_formulas: false }), 0);
        })
    };
    let cancel = {
        let (saving, run) = (saving.setter(), Rc::clone(&run));
        Callback::from(move |_: MouseEvent| {
            run.set(run.get() + 1);
            saving.set(Saving::Choosing);
        })
    };
    {
        let (begin, format) = (begin.clone(), props.of.format);
        use_effect_with((), move |()| format.into_iter().for_each(|format| begin.emit(format)));
    }
    let title = format!("Save {}", visible(&props.name));
    html! {
        <Modal {title} onclose={props.onclose.clone()}>
            <div class="export" data-saving={match &*saving {
                Saving::Choosing => "choosing", Saving::Running { .. } => "running", Saving::Done { .. } => "done", Saving::Failed { .. } => "failed",
            }}>
                { match &*formats {
                    Ok(formats) => html! {
                        <ul class="format-list">{ for formats.iter().map(|format| format_row(*format, &begin, matches!(*saving, Saving::Running { .. }))) }</ul>
                    },
                    Err(why) => {
                        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
                        html! { <Again what="The list of formats" why={why.clone()} {onagain} /> }
                    }
                } }
                <div class="export-state" role="status">{ state_of(&saving, &cancel) }</div>
            </div>
        </Modal>
    }
}

fn format_row(format: Format, begin: &Callback<Format>, busy: bool) -> Html {
    let (extension, name, about) = words(format);
    let onclick = begin.reform(move |_: MouseEvent| format);
    html! {
        <li key={format!("{format:?}")}>
            <button class="format" {onclick} disabled={busy} data-format={format!("{format:?}")}>
                <strong>{ name }</strong><code>{ extension }</code><span>{ about }</span>
            </button>
        </li>
    }
}

fn state_of(saving: &Saving, cancel: &Callback<MouseEvent>) -> Html {
    match saving {
        Saving::Choosing => html! { <p class="t-dim">{ "The file is made here, on this device." }</p> },
        Saving::Running { progress, bytes } => html! {
            <>
                <progress max={progress.1.max(1).to_string()} value={progress.0.to_string()} aria-label="Progress" />
                <p>{ format!("{} written", size_text(*bytes)) }</p>
                <button class="button" onclick={cancel.clone()} data-act="cancel-export">{ "Cancel" }</button>
            </>
        },
        Saving::Done { name, bytes, rows, remarks } => html! {
            <>
                <p><strong data-saved={name.clone()}>{ marked(&format!("Saved {name}, {}{}.", rows.map(of_rows).unwrap_or_default(), size_text(*bytes))) }</strong></p>
                <ul class="remarks" hidden={remarks.is_empty()}>{ for remarks.iter().map(|remark| html! { <li>{ marked(remark) }</li> }) }</ul>
            </>
        },
        Saving::Failed { message } => html! { <p class="paste-error">{ marked(message) }</p> },
    }
}

fn of_rows(rows: u64) -> String {
    format!("{}, ", plural(rows, "row", "rows"))
}

/// One run of saving.
struct Job {
    run: Rc<Cell<u32>>,
    number: u32,
    pieces: Rc<Pieces>,
    saving: UseStateSetter<Saving>,
}

impl Job {
    fn ask(self, actions: &Actions, question: impl Ask<Reply = Exported>, bytes: u64) {
        let next = actions.clone();
        actions.inquire(question, move |reply| {
            if self.run.get() != self.number {
                return;
            }
            match reply {
                Ok(piece) => self.arrived(&next, piece, bytes),
                Err(message) => self.saving.set(Saving::Failed { message }),
            }
        });
    }

    fn arrived(self, actions: &Actions, piece: Exported, bytes: u64) {
        self.pieces.push(&piece.bytes);
        let bytes = bytes + piece.bytes.len() as u64;
        if !piece.finished {
            self.saving.set(Saving::Running { progress: piece.progress, bytes });
            return self.ask(actions, ask::ExportMore, bytes);
        }
        if self.pieces.save(&visible(&piece.name)) {
            // The progress of a table is counted in rows.
            let is_table = [".csv", ".tsv"].iter().any(|end| piece.name.ends_with(end));
            let rows = is_table.then_some(piece.progress.1);
            let name = visible(&piece.name).into_owned();
            self.saving.set(Saving::Done { name, bytes, rows, remarks: piece.remarks });
        } else {
            self.saving.set(Saving::Failed { message: "the browser did not take the file".to_owned() });
        }
    }
}
