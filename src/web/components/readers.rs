//! Readers side by side: who stops where, and who sees what.

use super::again::Again;
use super::text::marked;
use crate::protocol::{Target, ask};
use crate::view::{ReaderDifference, ReaderEnd, ReadersFacts, ReadersOfPickle};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{grouped, hex, plural};
use crate::web::latest::Latest;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Readers`].
#[derive(Properties, PartialEq)]
pub struct ReadersProps {
    /// Number of the file.
    pub generation: u32,
}

#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    Facts(Rc<ReadersFacts>),
    Failed(AttrValue),
}

/// A sentence where all read the same, else a table for each pickle: how it ends for each reader, and where they part.
#[component]
pub fn Readers(props: &ReadersProps) -> Html {
    let actions = use_actions();
    let shown = use_state_eq(|| Shown::Waiting);
    let attempt = use_state_eq(|| 0_u32);
    let latest = use_memo(props.generation, |_| Rc::new(Latest::<ask::Readers>::default()));
    {
        let (latest, shown, actions) = (Rc::clone(&latest), shown.setter(), actions.clone());
        use_effect_with((props.generation, *attempt), move |_| {
            shown.set(Shown::Waiting);
            let then = Callback::from(move |reply: Result<ReadersFacts, String>| {
                shown.set(reply.map_or_else(|why| Shown::Failed(why.into()), |facts| Shown::Facts(Rc::new(facts))));
            });
            latest.ask(&actions, ask::Readers, then);
        });
    }
    use_effect_with(props.generation, move |_| move || latest.close());
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(offset) = dom::data_of(&event, "offset").and_then(|offset| offset.parse().ok()) {
            actions.select(Target::Offset(offset));
        }
    });
    let body = match &*shown {
        Shown::Waiting => html! { <p class="t-dim">{ "Comparing readers…" }</p> },
        Shown::Failed(why) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            html! { <Again what="The comparison" why={why.clone()} {onagain} /> }
        }
        Shown::Facts(facts) => html! {
            <>
                <p class="readers-sentence">{ marked(&facts.sentence) }</p>
                { for facts.pickles.iter().map(|pickle| of_pickle(facts, pickle)) }
                { for facts.notes.iter().map(|note| html! { <p class="t-dim">{ marked(note) }</p> }) }
            </>
        },
    };
    html! {
        <section class="readers" aria-labelledby="readers-title" {onclick}>
            <h2 id="readers-title">{ "Readers side by side" }</h2>
            { body }
        </section>
    }
}

fn of_pickle(facts: &ReadersFacts, pickle: &ReadersOfPickle) -> Html {
    let title = format!("Pickle {} at offset {}", grouped(pickle.pickle + 1), pickle.offset);
    let end = |end: &ReaderEnd| {
        html! {
            <tr key={end.reader.clone()} class={(!end.completes).then_some("readers-stop")}>
                <th scope="row">{ end.reader.clone() }</th>
                <td>{ for end.offset.map(place) }{ " " }{ marked(&end.words) }</td>
            </tr>
        }
    };
    html! {
        <div key={pickle.pickle.to_string()} class="readers-pickle">
            <table class="readers-ends">
                <caption>{ title }</caption>
                <tbody>{ for pickle.ends.iter().map(end) }</tbody>
            </table>
            { for pickle.differences.iter().enumerate().map(|(index, difference)| row(index, facts, difference)) }
            { for (pickle.more > 0).then(|| html! { <p class="t-dim">{ format!("And {}.", plural(pickle.more, "more difference", "more differences")) }</p> }) }
        </div>
    }
}

/// One instruction, and what each reader does there.
fn row(index: usize, facts: &ReadersFacts, difference: &ReaderDifference) -> Html {
    let does = facts.readers.iter().zip(&difference.does);
    html! {
        <table key={index} class="readers-difference">
            <caption>
                { place(difference.offset) }{ " " }<span class="op-name">{ difference.opcode.clone() }</span>{ " " }{ marked(&difference.what) }
            </caption>
            <tbody>
                { for does.map(|(reader, does)| html! { <tr key={reader.clone()}><th scope="row">{ reader.clone() }</th><td>{ marked(does) }</td></tr> }) }
            </tbody>
        </table>
    }
}

/// A link to an offset.
fn place(offset: u64) -> Html {
    html! {
        <button class="link readers-place" data-offset={offset.to_string()} title={hex(offset)} aria-label={format!("Go to offset {offset}")}>{ offset.to_string() }</button>
    }
}
