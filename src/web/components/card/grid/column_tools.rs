//! What can be done with the column of the cursor: its width, and whether the columns up to it are frozen.

use super::edge::STEP;
use super::handlers::Handlers;
use crate::web::format::{grouped, plural};
use yew::prelude::*;

/// Buttons for the column of the cursor.
pub(super) fn column_tools(handlers: &Handlers) -> Html {
    let column = handlers.cursor.1;
    let (wanted, frozen) = (*handlers.frozen, handlers.plane.frozen());
    let act = |run: fn(&Handlers, u64)| {
        let handlers = handlers.clone();
        Callback::from(move |_: MouseEvent| run(&handlers, column))
    };
    // Both are always there: a button that comes and goes would move the table below.
    let freezing = (handlers.grid.columns > 1).then(|| {
        html! {
            <>
                <button class="button button-small" onclick={act(Handlers::toggle_frozen)} data-act="freeze" disabled={wanted == column.saturating_add(1)}
                    title="Keep the columns up to this one in sight (f)">{ "Freeze to here" }</button>
                <button class="button button-small" onclick={act(|handlers, _| handlers.frozen.set(0))} data-act="unfreeze"
                    disabled={wanted == 0}>{ "Unfreeze" }</button>
            </>
        }
    });
    let words = frozen_words(wanted, frozen);
    html! {
        <span class="column-tools" role="group" aria-label="Column">
            <button class="button button-small" onclick={act(|handlers, column| handlers.widen(column, -STEP))} data-act="narrower"
                aria-label="Narrower column" title="Narrower column (-)">{ "−" }</button>
            <button class="button button-small" onclick={act(|handlers, column| handlers.widen(column, STEP))} data-act="wider"
                aria-label="Wider column" title="Wider column (+)">{ "+" }</button>
            { for freezing }
            <span class="frozen-words" role="status" title={words.clone()}>{ words }</span>
        </span>
    }
}

/// How many columns are frozen, of those that were to be.
fn frozen_words(wanted: u64, frozen: u64) -> String {
    match (wanted, frozen) {
        (0, _) => String::new(),
        (_, 0) => "No room to freeze a column".to_owned(),
        (wanted, frozen) if frozen < wanted => {
            format!("{} of {} columns frozen: no room for more", grouped(frozen), grouped(wanted))
        }
        (_, frozen) => format!("{} frozen", plural(frozen, "column", "columns")),
    }
}
