//! A column of many by its name.

use crate::protocol::ask;
use crate::view::card::ColumnsAsk;
use crate::web::actions::{Actions, use_actions};
use crate::web::cells::GridOf;
use crate::web::format::{grouped, plural};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Columns that are found at most: nobody goes through more of them.
const MOST: usize = 10_000;

/// The columns whose names contain what was typed, in order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// Their numbers.
    pub columns: Vec<u64>,
    /// Whether all columns were looked at, or [`MOST`] are found.
    pub is_complete: bool,
}

impl Found {
    /// The one after `column`, or before it; behind the last one comes the first.
    #[must_use]
    pub fn beside(&self, column: u64, is_forward: bool) -> Option<u64> {
        let ends = (self.columns.first(), self.columns.last());
        let (beside, other_end) = match is_forward {
            true => (self.columns.get(self.columns.partition_point(|at| *at <= column)), ends.0),
            false => (self.columns.iter().take_while(|at| **at < column).last(), ends.1),
        };
        // Where not all are known, it is not known which one is the last.
        beside.or_else(|| other_end.filter(|_| self.is_complete)).copied()
    }

    /// How many there are, and which of them has the cursor.
    #[must_use]
    pub fn words(&self, column: u64) -> String {
        let count = self.columns.len() as u64;
        let all = match self.is_complete {
            true if self.columns.is_empty() => return "No column has this in its name.".to_owned(),
            true if self.columns.len() >= MOST => format!("the first {} columns", grouped(count)),
            true => plural(count, "column", "columns"),
            false => return "Looking for columns …".to_owned(),
        };
        match self.columns.binary_search(&column) {
            Ok(at) => format!("{} of {all}", grouped(at as u64 + 1)),
            Err(_) => all,
        }
    }
}

/// Properties of [`ColumnFinder`].
#[derive(Properties, PartialEq)]
pub(super) struct ColumnFinderProps {
    pub(super) of: GridOf,
    /// The column of the cursor.
    pub(super) column: u64,
    /// Called with the column to go to.
    pub(super) ongo: Callback<u64>,
}

/// A box for a part of a name; Enter goes from column to column.
#[component]
pub(super) fn ColumnFinder(props: &ColumnFinderProps) -> Html {
    let actions = use_actions();
    let text = use_state_eq(String::new);
    let found = use_state_eq(Found::default);
    // Whether somebody waits to go on, or back, to a column that is still being looked for.
    let due = use_memo((), |()| Cell::new(None::<bool>));
    {
        let found = found.setter();
        use_effect_with((props.of, (*text).clone()), move |(of, text)| {
            let is_wanted = Rc::new(Cell::new(!text.is_empty()));
            if is_wanted.get() {
                let ask = ColumnsAsk { node: of.node, grid: of.grid, text: text.clone(), from: 0 };
                let then = Callback::from(move |now| found.set(now));
                go_on(&actions, ask, Rc::clone(&is_wanted), Vec::new(), then);
            }
            move || is_wanted.set(false)
        });
    }
    let go = {
        let (due, ongo, column) = (Rc::clone(&due), props.ongo.clone(), props.column);
        move |found: &Found| {
            let Some(is_forward) = due.get() else { return };
            let to = found.beside(column, is_forward);
            if to.is_some() || found.is_complete {
                due.set(None);
            }
            to.into_iter().for_each(|to| ongo.emit(to));
        }
    };
    {
        let go = go.clone();
        use_effect_with((*found).clone(), move |found| go(found));
    }
    let oninput = {
        let (text, found, due) = (text.clone(), found.setter(), Rc::clone(&due));
        Callback::from(move |event: InputEvent| {
            due.set(None);
            found.set(Found::default());
            text.set(event.target_unchecked_into::<HtmlInputElement>().value().trim().to_owned());
        })
    };
    let onkeydown = {
        let (found, has_text) = (found.clone(), !text.is_empty());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && has_text {
                event.prevent_default();
                due.set(Some(!event.shift_key()));
                go(&found);
            }
        })
    };
    let id = format!("grid-columns-{}", props.of.grid);
    let words = if text.is_empty() { String::new() } else { found.words(props.column) };
    html! {
        <div class="column-finder">
            <input type="search" aria-label="Find a column by its name" placeholder="Find a column" spellcheck="false" autocomplete="off"
                title="Enter goes to the next column with this in its name, Shift Enter to the one before." aria-describedby={id.clone()}
                {oninput} {onkeydown} />
            <span {id} class="column-finder-words" role="status">{ words }</span>
        </div>
    }
}

/// Asks again and again until all names were looked at, or nobody wants to know any more.
fn go_on(actions: &Actions, ask: ColumnsAsk, is_wanted: Rc<Cell<bool>>, mut columns: Vec<u64>, then: Callback<Found>) {
    let next = actions.clone();
    actions.inquire(ask::FindColumns(ask.clone()), move |reply| {
        if !is_wanted.get() {
            return;
        }
        let reply = reply.unwrap_or_default();
        columns.extend(reply.columns);
        columns.truncate(MOST);
        let from = reply.next.filter(|_| columns.len() < MOST);
        then.emit(Found { columns: columns.clone(), is_complete: from.is_none() });
        if let Some(from) = from {
            go_on(&next, ColumnsAsk { from, ..ask }, is_wanted, columns, then);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_column_to_column_and_around() {
        let found = Found { columns: vec![2, 5, 9], is_complete: true };
        assert_eq!([0, 2, 9, 12].map(|column| found.beside(column, true)), [Some(2), Some(5), Some(2), Some(2)]);
        assert_eq!([0, 2, 9, 12].map(|column| found.beside(column, false)), [Some(9), Some(9), Some(5), Some(9)]);
        let unfinished = Found { is_complete: false, ..found.clone() };
        assert_eq!(
            (unfinished.beside(9, true), unfinished.beside(4, true)),
            (None, Some(5)),
            "there may be one behind it"
        );
        assert_eq!(Found { columns: Vec::new(), is_complete: true }.beside(3, true), None);
        assert_eq!([5, 6].map(|column| found.words(column)), ["2 of 3 columns", "3 columns"]);
    }
}
