//! Code to copy, so that the document on show loads.

use super::again::Again;
use super::text::marked_lines;
use crate::explain::stubs::Kind;
use crate::protocol::ask;
use crate::web::actions::use_actions;
use crate::web::download::Pieces;
use crate::web::file;
use crate::web::format::grouped;
use crate::web::latest::Latest;
use std::rc::Rc;
use yew::prelude::*;

/// Characters that are drawn at most; what is copied and saved is whole.
const DRAWN: usize = 200_000;

/// What each kind is called, and what it is for.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Names => ("Names", "What the file expects to find: the names that loading it looks up."),
        Kind::Classes => {
            ("Stand-ins", "Classes and functions in the place of those that are not installed, so that the file loads.")
        }
        Kind::Loader => ("Loader", "A script that loads this file and refuses every name that the file does not have."),
        Kind::Torch => ("torch", "Lines that let torch.load(weights_only=True) take the file."),
        Kind::Requirements => ("Requirements", "The packages that the file needs, for pip install -r."),
    }
}

/// The code of one kind, once it is there.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    Code(Rc<str>),
    Failed(AttrValue),
}

/// Properties of [`CodeToLoad`].
#[derive(Properties, PartialEq)]
pub struct CodeToLoadProps {
    /// Whether loading needs modules of no known package, which not everybody has.
    pub needs_modules: bool,
    /// Whether torch wrote the document.
    pub has_torch: bool,
}

/// A choice of what to write, and its text with ways to take it along.
#[component]
pub fn CodeToLoad(props: &CodeToLoadProps) -> Html {
    let actions = use_actions();
    let (needs_modules, has_torch) = (props.needs_modules, props.has_torch);
    let kind = use_state_eq(|| if needs_modules { Kind::Classes } else { Kind::Loader });
    let attempt = use_state_eq(|| 0_u32);
    let shown = use_state_eq(|| Shown::Waiting);
    let said = use_state_eq(|| "");
    let latest = use_memo((), |()| Rc::new(Latest::<ask::Stubs>::default()));
    {
        let (latest, shown) = (Rc::clone(&latest), shown.setter());
        use_effect_with((*kind, *attempt), move |(kind, _)| {
            let then = Callback::from(move |reply: Result<String, String>| {
                shown.set(reply.map_or_else(|why| Shown::Failed(why.into()), |code| Shown::Code(code.into())));
            });
            latest.ask(&actions, ask::Stubs(*kind), then);
        });
    }
    use_effect_with((), move |()| move || latest.close());
    let choice = |one: Kind| {
        let (kind, shown, said) = (kind.clone(), shown.setter(), said.setter());
        let is_chosen = *kind == one;
        let onclick = Callback::from(move |_: MouseEvent| {
            if *kind != one {
                shown.set(Shown::Waiting);
                said.set("");
                kind.set(one);
            }
        });
        html! {
            <button key={one.file_name()} class="find-toggle" aria-pressed={is_chosen.to_string()} data-stubs={one.file_name()} {onclick}>
                { words(one).0 }
            </button>
        }
    };
    let text = match &*shown {
        Shown::Waiting => html! { <p class="t-dim">{ "Writing it…" }</p> },
        Shown::Failed(why) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            html! { <Again what="The code" why={why.clone()} {onagain} /> }
        }
        Shown::Code(code) => code_part(code, *kind, &said.setter()),
    };
    html! {
        <div class="stubs">
            <div class="stubs-kinds" role="group" aria-label="What to write">{ for Kind::ALL.into_iter().filter(|kind| has_torch || *kind != Kind::Torch).map(choice) }</div>
            <p>{ words(*kind).1 }</p>
            { text }
            <p class="stubs-said" role="status">{ *said }</p>
        </div>
    }
}

fn code_part(code: &Rc<str>, kind: Kind, said: &UseStateSetter<&'static str>) -> Html {
    let copy = {
        let (code, said) = (Rc::clone(code), said.clone());
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            file::copy(&code, move |copied| {
                said.set(if copied { "Copied." } else { "The browser did not allow copying." });
            });
        })
    };
    let save = {
        let (code, said) = (Rc::clone(code), said.clone());
        Callback::from(move |_: MouseEvent| {
            let pieces = Pieces::default();
            pieces.push(code.as_bytes());
            let is_saved = pieces.save(kind.file_name());
            said.set(if is_saved { "Saved." } else { "The browser did not take the file." });
        })
    };
    let drawn = &code[..code.floor_char_boundary(DRAWN)];
    html! {
        <>
            <pre class="stubs-text" tabindex="0" role="region" aria-label={words(kind).0}>{ marked_lines(drawn) }</pre>
            <p class="t-dim" hidden={drawn.len() == code.len()}>
                { format!("These are the first {} characters; copying and saving take all of it.", grouped(DRAWN as u64)) }
            </p>
            <div class="modal-actions">
                <button class="button button-small" onclick={copy} data-act="copy-code">{ "Copy" }</button>
                <button class="button button-small" onclick={save} data-act="save-code">{ format!("Save {}", kind.file_name()) }</button>
            </div>
        </>
    }
}
