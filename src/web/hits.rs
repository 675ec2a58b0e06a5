//! Which of the rows that are here are hits of the search in the find bar.

use super::actions::use_actions;
use super::latest::Latest;
use crate::protocol::ask;
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// The search that the find bar shows: its number, and a number that is raised as it finds more. Nothing while the bar is closed.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Search(pub(crate) Option<(u32, u32)>);

/// Those of the offsets at which something was found; `offsets` is not called while nothing is searched for.
#[hook]
pub(crate) fn use_hits(generation: u32, offsets: impl FnOnce() -> Vec<u64>) -> Rc<HashSet<u64>> {
    let actions = use_actions();
    let search = use_context::<Search>().unwrap_or_default();
    let hits = use_state_eq(|| (None, Rc::new(HashSet::new())));
    let latest = use_memo((), |()| Rc::new(Latest::<ask::FoundAmong>::default()));
    let mut asked = search.0.map_or_else(Vec::new, |_| offsets());
    asked.sort_unstable();
    asked.dedup();
    {
        let (latest, hits) = (Rc::clone(&latest), hits.setter());
        use_effect_with((search, generation, asked), move |(search, generation, asked)| {
            let of = search.0.map(|(number, _)| (*generation, number));
            if of.is_some() && !asked.is_empty() {
                let then = Callback::from(move |reply: Result<Vec<u64>, String>| {
                    hits.set((of, Rc::new(reply.unwrap_or_default().into_iter().collect())));
                });
                latest.ask(&actions, ask::FoundAmong { offsets: asked.clone() }, then);
            }
        });
    }
    use_effect_with((), move |()| move || latest.close());
    // Those of a search before mean nothing any more.
    let is_current = search.0.is_some_and(|(number, _)| hits.0 == Some((generation, number)));
    if is_current { Rc::clone(&hits.1) } else { Rc::default() }
}
