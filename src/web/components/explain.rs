//! What an error message means: a box to paste it into, and the answer.

use super::again::Again;
use super::modal::Modal;
use super::stubs::CodeToLoad;
use super::text::marked;
use crate::explain::{Action, Answer, Cause, Evidence, Explanation};
use crate::protocol::ask::{self, Explained};
use crate::protocol::{Target, ask::Explain};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom::{self, Debounce};
use crate::web::format::hex;
use crate::web::latest::Latest;
use crate::web::state::Dialog;
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Milliseconds without a key after which the text is explained.
const TYPED: i32 = 150;

/// Opens the dialog, empty.
pub(crate) fn explain_dialog(actions: &Actions) -> Callback<MouseEvent> {
    let actions = actions.clone();
    Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Explain { text: None })))
}

/// Properties of [`ExplainDialog`].
#[derive(Properties, PartialEq)]
pub struct ExplainDialogProps {
    /// The text to begin with.
    pub text: AttrValue,
    /// Whether a document is on show.
    pub has_file: bool,
    /// Whether loading it needs modules of no known package.
    pub needs_modules: bool,
    /// Whether torch wrote it.
    pub has_torch: bool,
    /// Called when the dialog is closed.
    pub onclose: Callback<()>,
}

/// The answer on show.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Explained(Rc<Explained>),
    Failed(AttrValue),
}

/// A box for a traceback, and what it means. With a document on show, also code that loads it.
#[component]
pub fn ExplainDialog(props: &ExplainDialogProps) -> Html {
    let actions = use_actions();
    let text = use_state_eq(|| match props.text.is_empty() {
        true => AttrValue::from(Rc::clone(&actions.explained.borrow())),
        false => props.text.clone(),
    });
    let shown = use_state_eq(|| Shown::Nothing);
    let latest = use_memo((), |()| Rc::new(Latest::<ask::Explain>::default()));
    let typing = use_memo((), |()| Debounce::default());
    let explain = {
        let (actions, shown, latest) = (actions.clone(), shown.setter(), Rc::clone(&latest));
        Callback::from(move |text: AttrValue| {
            let shown = shown.clone();
            let is_empty = text.trim().is_empty();
            let then = Callback::from(move |reply: Result<Explained, String>| {
                shown.set(match reply {
                    _ if is_empty => Shown::Nothing,
                    Ok(explained) => Shown::Explained(Rc::new(explained)),
                    Err(why) => Shown::Failed(why.into()),
                });
            });
            actions.explained.replace(Rc::from(text.as_str()));
            latest.ask(&actions, Explain { text: text.to_string() }, then);
        })
    };
    {
        let (explain, latest, text) = (explain.clone(), Rc::clone(&latest), (*text).clone());
        use_effect_with((), move |()| {
            if !text.is_empty() {
                explain.emit(text);
            }
            move || latest.close()
        });
    }
    let oninput = {
        let (text, explain) = (text.setter(), explain.clone());
        Callback::from(move |event: InputEvent| {
            let now = AttrValue::from(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            text.set(now.clone());
            let explain = explain.clone();
            typing.run(TYPED, move || explain.emit(now));
        })
    };
    let onagain = {
        let text = (*text).clone();
        Callback::from(move |()| explain.emit(text.clone()))
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(offset) = dom::data_of(&event, "evidence").and_then(|offset| offset.parse().ok()) {
            actions.dialog(None);
            actions.select(Target::Offset(offset));
            dom::next_frame(dom::focus_view);
        }
    });
    let answer = match &*shown {
        Shown::Nothing => html! { <p class="t-dim">{ "Nothing that is pasted here leaves this device." }</p> },
        Shown::Explained(explained) => answer(explained, props.has_file),
        Shown::Failed(why) => html! { <Again what="The explanation" why={why.clone()} {onagain} /> },
    };
    let causes = match &*shown {
        Shown::Explained(explained) => Some(explained.explanation.causes.len().to_string()),
        _ => None,
    };
    html! {
        <Modal title="What does this error mean?" onclose={props.onclose.clone()}>
            <p id="explain-hint">{ "Paste a traceback, or the last line of one." }</p>
            <textarea autofocus=true id="explain-text" class="paste-text" rows="5" spellcheck="false" autocomplete="off"
                aria-label="Error message" aria-describedby="explain-hint" value={(*text).clone()} {oninput} />
            <div class="explain-answer" role="status" data-causes={causes} {onclick}>{ answer }</div>
            { for props.has_file.then(|| html! {
                <details class="explain-code">
                    <summary>{ "Code to load the open file" }</summary>
                    <CodeToLoad needs_modules={props.needs_modules} has_torch={props.has_torch} />
                </details>
            }) }
        </Modal>
    }
}

fn answer(explained: &Explained, has_file: bool) -> Html {
    let Explained { explanation, file } = explained;
    html! {
        <>
            <p hidden={!explanation.is_cut}>{ "The text is long: only its last megabyte was read." }</p>
            { for explanation.causes.is_empty().then(|| unknown(explanation)) }
            { for explanation.unknown().map(|said| html! {
                <p>{ marked(&format!("The last message is not known: {said}. An earlier one of the text is explained.")) }</p>
            }) }
            { for explanation.causes.iter().map(|cause| cause_part(cause, file.as_deref(), has_file)) }
            <p hidden={explanation.places.is_empty()} class="t-dim">
                { marked(&format!("The traceback comes from: {}.", explanation.places.join(", "))) }
            </p>
        </>
    }
}

fn unknown(explanation: &Explanation) -> Html {
    let advice = match explanation.exception {
        Some(_) => "It is not among the messages of pickle and of the libraries around it that are explained here.",
        None => "Paste the last lines of the traceback, with the name of the exception.",
    };
    html! {
        <>
            <p><strong>{ "This message is not known." }</strong>{ " " }{ advice }</p>
            <p class="explain-quote"><code>{ marked(&explanation.said()) }</code></p>
        </>
    }
}

fn cause_part(cause: &Cause, file: Option<&str>, has_file: bool) -> Html {
    html! {
        <article key={cause.entry.clone()} class="explain-cause" data-entry={cause.entry.clone()}>
            <h3>{ marked(&cause.title) }</h3>
            <p class="explain-quote"><code>{ marked(&cause.quote) }</code></p>
            <p>{ marked(&cause.cause) }</p>
            <p hidden={cause.versions.is_empty()}><strong>{ "Versions: " }</strong>{ marked(&cause.versions) }</p>
            <ul class="explain-list" hidden={cause.known.is_empty()}>
                { for cause.known.iter().map(|known| html! { <li>{ marked(known) }</li> }) }
            </ul>
            <h4 hidden={cause.steps.is_empty()}>{ "What to do" }</h4>
            <ul class="explain-list" hidden={cause.steps.is_empty()}>
                { for cause.steps.iter().map(|step| html! { <li>{ marked(&step.with(Action::on_page)) }</li> }) }
            </ul>
            { in_file(&cause.evidence, file, has_file) }
        </article>
    }
}

/// What the open file says to it.
fn in_file(evidence: &[Evidence], file: Option<&str>, has_file: bool) -> Html {
    let Some(file) = file else {
        let why = match has_file {
            true => {
                "The decoder has stopped, so the file on screen was not looked at. Open it again to see whether it shows the cause."
            }
            false => "No file is open. With the file open, this also says whether the file shows the cause.",
        };
        return html! { <p class="t-dim">{ why }</p> };
    };
    html! {
        <>
            <h4>{ marked(&format!("In {file}")) }</h4>
            <p hidden={!evidence.is_empty()} class="t-dim">{ "This message is not about anything that can be seen in a file." }</p>
            <ul class="explain-evidence" hidden={evidence.is_empty()}>{ for evidence.iter().map(evidence_row) }</ul>
        </>
    }
}

fn evidence_row(evidence: &Evidence) -> Html {
    let (answer, class) = match evidence.answer {
        Answer::Shows => ("shows", "explain-shows"),
        Answer::DoesNot => ("does-not", "explain-not"),
        Answer::Unknown => ("unknown", "explain-related"),
        Answer::Related => ("related", "explain-related"),
    };
    let place = evidence.offset.map(|offset| html! {
        <button class="button button-small" data-evidence={offset.to_string()} title={format!("At offset {offset} ({})", hex(offset))}>{ "Show where" }</button>
    });
    html! {
        <li {class} data-answer={answer}>
            <strong>{ crate::lens::capitalised(evidence.answer.word()) }</strong>
            <span>{ marked(&evidence.text) }</span>
            { for place }
        </li>
    }
}
