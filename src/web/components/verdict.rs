//! The strip that says what loading the file would do.

use super::audit::go;
use super::icons::{self, level_class, level_icon};
use super::settings::Python2;
use super::text::{marked, parts};
use crate::protocol::Target;
use crate::safety::Level;
use crate::view::{Elsewhere, FileReport, Overview};
use crate::web::actions::{Actions, use_actions};
use crate::web::format::{grouped, hex, plural};
use crate::web::state::Dialog;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Verdict`].
#[derive(Properties, PartialEq)]
pub struct VerdictProps {
    /// The document.
    pub overview: Rc<Overview>,
    /// The audit of everything that was opened, once it is there.
    pub report: Option<Rc<FileReport>>,
}

/// Properties of [`Facts`].
#[derive(Properties, PartialEq)]
pub struct FactsProps {
    /// The document.
    pub overview: Rc<Overview>,
}

/// What loading would do, how far the reading went, and facts.
#[component]
pub fn Verdict(props: &VerdictProps) -> Html {
    let actions = use_actions();
    let overview = &props.overview;
    let verdict = &overview.verdict;
    let evidence = verdict.offset.map(|offset| {
        let actions = actions.clone();
        let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Offset(offset)));
        html! {
            <button class="button button-small" {onclick} data-act="evidence" aria-label="Show where">
                <span class="if-wide">{ "Show where" }</span><span class="if-narrow" aria-hidden="true">{ "Where" }</span>
            </button>
        }
    });
    let (level, word) = overview.verdict_word(props.report.as_deref());
    let how_far = overview.how_far(&word);
    let elsewhere = props.report.as_ref().and_then(|report| elsewhere(report, overview, &actions));
    let class = level.map_or("level-pending", level_class);
    // In a small window it is one line, until the reader wants to see all of it.
    let is_open = use_state_eq(|| false);
    let toggle = {
        let (is_open, now) = (is_open.clone(), *is_open);
        Callback::from(move |_: MouseEvent| is_open.set(!now))
    };
    // The word is about the damage, so what stands beside it is, too.
    let is_damaged = !overview.is_wrapping && overview.word_is_on_reading(&word);
    let classes = if is_damaged { ("reading", "verdict-sentence") } else { ("verdict-sentence", "reading") };
    let sentence = html! { <p class={classes.0}>{ parts(&verdict.sentence) }</p> };
    let reading = html! {
        <p class={classes!(classes.1, (!overview.complete).then_some("reading-partial"))}
            data-complete={overview.complete.to_string()} hidden={overview.is_wrapping}>
            { for how_far.map(|words| html! { <strong>{ words }</strong> }) }
            { marked(&overview.reading) }
        </p>
    };
    html! {
        <section class={classes!("verdict", class, is_open.then_some("verdict-open"))} aria-label="Verdict" data-level={word.clone()}>
            // What stays in sight where the rest scrolls away.
            <div class="verdict-bar">
                <p class="verdict-word">{ for level.map(level_icon) }{ word }</p>
                { (if is_damaged { &reading } else { &sentence }).clone() }
                <div class="verdict-evidence">{ for evidence }</div>
                <button class="button button-icon verdict-toggle" onclick={toggle} aria-expanded={is_open.to_string()} aria-controls="verdict-more"
                    title="All of the verdict, and facts" aria-label="All of the verdict, and facts" data-act="verdict">
                    { icons::line(icons::MORE) }
                </button>
                { for elsewhere }
            </div>
            <div class="verdict-more" id="verdict-more">
                { if is_damaged { sentence } else { reading } }
                <Facts overview={overview.clone()} />
            </div>
        </section>
    }
}

/// What is to be said of the other parts of what was opened: the worst of them, and what was not read.
fn elsewhere(report: &FileReport, overview: &Overview, actions: &Actions) -> Option<Html> {
    let elsewhere = overview.elsewhere(report)?;
    let place = elsewhere.place();
    let Elsewhere { finding, words, .. } = elsewhere;
    let Some(finding) = finding else {
        return Some(html! { <p class="elsewhere">{ marked(&words) }</p> });
    };
    let (actions, shown, member, offset) = (actions.clone(), overview.member, finding.member, finding.offset);
    let onclick = Callback::from(move |_: MouseEvent| go(&actions, shown, member, offset));
    Some(html! {
        <p class={classes!("elsewhere", level_class(finding.level))} data-elsewhere={finding.container.clone()}>
            <span class="elsewhere-words">
                <strong>{ level_icon(finding.level) }{ marked(&format!("{} {place}: ", finding.level.word())) }</strong>
                { marked(&finding.explanation) }
            </span>{ " " }
            <button class="button button-small" {onclick}>{ "Show where" }</button>
            { for (!words.is_empty()).then(|| html! { <span class="elsewhere-unread">{ marked(&words) }</span> }) }
        </p>
    })
}

/// Facts as chips. The imports open a list; the reading of Python 2's `str` is a choice.
#[component]
pub fn Facts(props: &FactsProps) -> Html {
    let actions = use_actions();
    let overview = &props.overview;
    let imports = {
        let actions = actions.clone();
        let onclick = Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Imports)));
        let worst =
            overview.import_list.iter().map(|import| import.level).max().filter(|level| *level >= Level::UnknownCode);
        let class = classes!("fact", "fact-button", worst.map(level_class));
        html! {
            <li data-fact="imports">
                <button {class} {onclick} aria-haspopup="dialog">
                    { for worst.map(level_icon) }{ plural(overview.imports, "import", "imports") }
                </button>
            </li>
        }
    };
    let trailing = overview.trailing.zip(overview.trailing_words()).map(|((offset, _), words)| {
        let actions = actions.clone();
        let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Offset(offset)));
        html! {
            <li data-fact="trailing">
                <button class="fact fact-button" {onclick} title={format!("They begin at offset {offset} ({})", hex(offset))}>{ words }</button>
            </li>
        }
    });
    if overview.opcodes == 0 {
        return html! { <span hidden=true /> };
    }
    html! {
        <ul class="facts-row" aria-label="Facts">
            { for overview.fact_words().into_iter().map(|(name, words)| html! { <li class="fact" data-fact={name}>{ words }</li> }) }
            { for (overview.imports > 0).then_some(imports) }
            { for trailing }
            { for overview.has_python2_str.then(|| html! { <li><Python2 of={(AttrValue::from(overview.name.clone()), overview.member)} /></li> }) }
        </ul>
    }
}

/// How often something is named.
#[must_use]
pub fn uses(number: u64) -> String {
    format!("named {} times", grouped(number))
}
