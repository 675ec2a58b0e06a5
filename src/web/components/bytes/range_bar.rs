//! What can be done with a range of bytes: copied as text, saved as a file.

use crate::protocol::ask;
use crate::view::preview::plural;
use crate::view::{ByteFormat, Exported};
use crate::web::actions::{Actions, use_actions};
use crate::web::byte_range::Range;
use crate::web::download::Pieces;
use crate::web::format::hex;
use crate::web::state::{Action, Notice};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`RangeBar`].
#[derive(Properties, PartialEq)]
pub struct RangeBarProps {
    /// Number of the layer; that of the document without one.
    pub layer: Option<u32>,
    /// The range.
    pub range: Range,
    /// Bytes of the layer.
    pub size: u64,
}

/// The range in words, and buttons to copy and save it.
#[component]
pub fn RangeBar(props: &RangeBarProps) -> Html {
    let actions = use_actions();
    let format = use_state_eq(ByteFormat::default);
    let saving = use_state_eq(|| None::<(u64, u64)>);
    let run = use_memo((), |()| Cell::new(0_u32));
    let layer = props.layer;
    let (start, end) = props.range.bytes();
    let end = end.min(props.size);
    let length = end.saturating_sub(start);
    let onchange = {
        let format = format.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let value = select.value();
            format.set(ByteFormat::ALL.into_iter().find(|one| one.name() == value).unwrap_or_default());
        })
    };
    let copy = {
        let (actions, format) = (actions.clone(), *format);
        Callback::from(move |_: MouseEvent| {
            let copying = actions.clone();
            actions.inquire(ask::BytesText { layer, start, end, format }, move |reply| match reply {
                Ok(text) => copying.copy("Bytes", &text),
                Err(why) => copying.dispatch(Action::Notice(Some(Notice::failed(why)))),
            });
        })
    };
    let save = {
        let (actions, saving, run) = (actions.clone(), saving.setter(), Rc::clone(&run));
        Callback::from(move |_: MouseEvent| {
            run.set(run.get() + 1);
            let job =
                Job { run: Rc::clone(&run), number: run.get(), pieces: Pieces::default(), saving: saving.clone() };
            job.ask(&actions, ask::SaveBytes { layer, start, end, from: start });
        })
    };
    let cancel = {
        let (saving, run) = (saving.setter(), Rc::clone(&run));
        Callback::from(move |_: MouseEvent| {
            run.set(run.get() + 1);
            saving.set(None);
        })
    };
    let progress = saving.map(|(done, all)| {
        html! {
            <>
                <progress max={all.max(1).to_string()} value={done.to_string()} aria-label="Progress" />
                <button class="button button-small" onclick={cancel} data-act="cancel-save-bytes">{ "Cancel" }</button>
            </>
        }
    });
    html! {
        <div class="bytes-range">
            <span id="bytes-range" title={format!("{} – {}", hex(start), hex(end))} data-start={start.to_string()} data-end={end.to_string()}>
                { format!("{}, {start} – {end}", plural(length, "byte", "bytes")) }
            </span>
            <label><span class="visually-hidden">{ "Copy as" }</span>
                <select id="bytes-format" {onchange}>
                    { for ByteFormat::ALL.into_iter().map(|one| html! {
                        <option value={one.name()} selected={one == *format}>{ one.name() }</option>
                    }) }
                </select>
            </label>
            <button class="button button-small" onclick={copy} disabled={length == 0} data-act="copy-bytes">{ "Copy" }</button>
            <button class="button button-small" onclick={save} disabled={length == 0 || saving.is_some()} data-act="save-bytes">{ "Save" }</button>
            { for progress }
        </div>
    }
}

/// One run of saving.
struct Job {
    run: Rc<Cell<u32>>,
    number: u32,
    pieces: Pieces,
    saving: UseStateSetter<Option<(u64, u64)>>,
}

impl Job {
    fn ask(self, actions: &Actions, question: ask::SaveBytes) {
        let next = actions.clone();
        actions.inquire(question.clone(), move |reply| {
            if self.run.get() != self.number {
                return;
            }
            match reply {
                Ok(piece) => self.arrived(&next, piece, question),
                Err(why) => {
                    self.saving.set(None);
                    next.dispatch(Action::Notice(Some(Notice::failed(why))));
                }
            }
        });
    }

    fn arrived(self, actions: &Actions, piece: Exported, question: ask::SaveBytes) {
        self.pieces.push(&piece.bytes);
        if !piece.finished {
            self.saving.set(Some(piece.progress));
            let from = question.start + piece.progress.0;
            return self.ask(actions, ask::SaveBytes { from, ..question });
        }
        self.saving.set(None);
        let is_saved = self.pieces.save(&piece.name);
        let notice = match is_saved {
            true => Notice::done(format!("Saved {}.", piece.name)),
            false => Notice::failed("The browser did not take the file."),
        };
        actions.dispatch(Action::Notice(Some(notice)));
    }
}
