//! Facts of a card.

use crate::view::card::CardFact;
use crate::web::components::text::marked;
use yew::prelude::*;

/// Facts as a list of definitions. A guess says so in words, and what it rests on.
pub fn facts(facts: &[CardFact]) -> Html {
    html! {
        <dl class="facts" hidden={facts.is_empty()}>
            { for facts.iter().map(|fact| html! {
                <div class={fact.guess.is_some().then_some("fact-guess")}>
                    <dt>{ marked(&fact.name) }</dt>
                    <dd>
                        { marked(&fact.value) }
                        { for fact.guess.iter().map(|why| html! { <span class="guess">{ marked(&format!("guess: because {why}")) }</span> }) }
                    </dd>
                </div>
            }) }
        </dl>
    }
}
