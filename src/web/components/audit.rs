//! What would run: findings with their evidence, calls in order, imports by library.

use super::again::Again;
use super::icons::{level_class, level_icon};
use super::text::marked;
use crate::protocol::{Part, Target};
use crate::safety::{Level, rules};
use crate::view::{
    CallFacts, FileReport, FindingFacts, FindingGroup, ForecastFacts, ReadingStatus, ReportImport, place_words,
};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::format::{grouped, plural};
use crate::web::state::Dialog;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// Calls shown at once.
const CALLS: usize = 300;
/// Groups of findings shown at once.
const GROUPS: usize = 200;
/// Places of one group that are shown before the others are asked for, and then at most.
const PLACES: usize = 5;
const ALL_PLACES: usize = 1000;

/// Properties of [`AuditPanel`].
#[derive(Properties, PartialEq)]
pub struct AuditPanelProps {
    /// The report on everything that was opened; `None` while it is being made.
    pub report: Option<Rc<FileReport>>,
    /// Why it could not be made.
    pub why_not: Option<Rc<str>>,
    /// Number of the member on show.
    pub member: u32,
}

/// The audit of everything that was opened.
#[component]
pub fn AuditPanel(props: &AuditPanelProps) -> Html {
    let actions = use_actions();
    if let (None, Some(why)) = (&props.report, &props.why_not) {
        let onagain = Callback::from(move |()| actions.ask_for_report());
        return html! {
            <div id="audit" class="audit" tabindex="0"><Again what="The audit" why={AttrValue::from(why.clone())} {onagain} /></div>
        };
    }
    let Some(report) = &props.report else {
        return html! { <div id="audit" class="audit" tabindex="0"><p role="status">{ "Reading every pickle in the file…" }</p></div> };
    };
    let on_code = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Stubs)))
    };
    let onclick = {
        let (actions, report, shown) = (actions, Rc::clone(report), props.member);
        Callback::from(move |event: MouseEvent| {
            let index = |name: &str| dom::data_of(&event, name).and_then(|index| index.parse::<usize>().ok());
            if let Some(finding) = index("finding").and_then(|index| report.findings.get(index)) {
                go(&actions, shown, finding.member, finding.offset);
            } else if let Some(call) = index("call").and_then(|index| report.calls.get(index)) {
                go(&actions, shown, call.member, call.offset);
            } else if let Some(import) = index("import").and_then(|index| report.imports.get(index)) {
                go(&actions, shown, import.member, import.offset);
            }
        })
    };
    let groups = report.grouped_findings();
    html! {
        <div id="audit" class="audit" tabindex="0" role="region" aria-label="What would run" {onclick}>
            { partial(report) }
            { for report.forecasts.iter().map(forecast) }
            <h2>{ format!("Findings ({})", grouped(report.finding_count)) }</h2>
            <p hidden={report.finding_count > 0}>{ "None: no rule matched." }</p>
            <ul class="finding-list">
                { for groups.iter().take(GROUPS).map(|group| finding_card(report, group)) }
            </ul>
            { more(groups.iter().take(GROUPS).map(|group| group.places.len() as u64).sum(), report.finding_count) }
            <h2>{ format!("What loading calls, in order ({})", grouped(report.call_count)) }</h2>
            <p hidden={report.call_count > 0}>{ "None: no opcode calls anything." }</p>
            <ol class="call-list">
                { for report.calls.iter().take(CALLS).enumerate().map(|(index, call)| call_row(index, call)) }
            </ol>
            { more(report.calls.len().min(CALLS) as u64, report.call_count) }
            <div class="audit-imports">
                <h2>{ format!("Imports ({})", grouped(report.imports.len() as u64)) }</h2>
                <button class="button button-small" hidden={report.imports.is_empty()} onclick={on_code} aria-haspopup="dialog" data-act="code-to-load">
                    { "Code or stand-ins to load it…" }
                </button>
            </div>
            { imports(report) }
        </div>
    }
}

/// Shows a place, in whichever member it is.
pub(crate) fn go(actions: &Actions, shown: u32, member: u32, offset: u64) {
    if member == shown {
        actions.select(Target::Offset(offset));
    } else {
        actions.show(Part::Member(member), "", Some(offset));
    }
}

fn partial(report: &FileReport) -> Html {
    if report.reading == ReadingStatus::Complete {
        return html! { <p class="audit-reading">{ plural(report.pickles.len() as u64, "pickle", "pickles") }{ " read completely." }</p> };
    }
    html! {
        <div class="audit-reading reading-partial">
            <p><strong>{ "Partly read. " }</strong>{ "What was not read may do anything:" }</p>
            <ul>{ for report.why.iter().take(20).map(|why| html! { <li>{ marked(why) }</li> }) }</ul>
        </div>
    }
}

/// What torch's restricted loader would say: a fact beside the verdict, no part of it.
fn forecast(facts: &ForecastFacts) -> Html {
    let within = if facts.container.is_empty() { String::new() } else { format!(" ({})", facts.container) };
    html! {
        <details class="forecast">
            <summary>{ marked(&facts.sentence) }{ marked(&within) }</summary>
            <p hidden={facts.accepts}>{ "What stops it, in the order of the file:" }</p>
            <ol>{ for facts.stops.iter().map(|stop| html! {
                <li>{ marked(&format!("{} at offset {}: {}", stop.opcode, stop.offset, stop.reason)) }</li>
            }) }</ol>
            <p>{ "Rules of torch 2.6, where this loader became the default. It says what the loader lets in, not what the file does." }</p>
        </details>
    }
}

/// One card for what findings share, and their places.
fn finding_card(report: &FileReport, group: &FindingGroup) -> Html {
    let (findings, is_same_call) = report.in_group(group);
    let Some(&finding) = findings.first() else { return Html::default() };
    let rule = rules::ALL.iter().find(|rule| rule.id == finding.rule);
    let (first, others) = group.places.split_at(group.places.len().min(PLACES));
    let place = |&index: &usize| finding_place(index, &report.findings[index], !is_same_call);
    let count = (group.places.len() > 1).then(|| {
        html! {
            <span class="finding-count">{ format!("{} places", grouped(group.places.len() as u64)) }</span>
        }
    });
    html! {
        <li key={group.places[0]} class={classes!("finding", level_class(group.level))} data-rule={finding.rule.clone()}>
            <p class="finding-head">
                <span class="finding-level">{ level_icon(group.level) }{ group.level.word() }</span>
                <strong>{ marked(&finding.title) }</strong>
                { for count }
            </p>
            <p>{ marked(&finding.explanation) }</p>
            <p hidden={finding.call.is_empty() || !is_same_call}><code class="finding-call">{ marked(&finding.call) }</code></p>
            { for first.iter().map(place) }
            <details hidden={others.is_empty()} class="finding-others">
                <summary>{ format!("{} more", grouped(others.len() as u64)) }</summary>
                { for others.iter().take(ALL_PLACES).map(place) }
                { more(others.len().min(ALL_PLACES) as u64, others.len() as u64) }
            </details>
            <details hidden={rule.is_none()}>
                <summary>{ format!("About the rule {}", finding.rule) }</summary>
                { for rule.map(|rule| html! {
                    <>
                        <p>{ rule.what }</p><p>{ rule.why }</p>
                        <p><code>{ rule.example.0 }</code>{ format!(" is {}", rule.example.1) }</p>
                    </>
                }) }
            </details>
            <p class="finding-advice">{ marked(&finding.advice) }</p>
        </li>
    }
}

fn finding_place(index: usize, finding: &FindingFacts, with_call: bool) -> Html {
    let place = place_words(&finding.container, finding.offset, &finding.opcode);
    html! {
        <p key={index} class="finding-place">
            <button class="button button-small" data-finding={index.to_string()}>{ "Show where" }</button>
            { marked(&format!(" {place}")) }
            { for (!finding.how_named.is_empty()).then(|| html! { <span>{ marked(&format!(" · named by {}", finding.how_named)) }</span> }) }
            { for (with_call && !finding.call.is_empty()).then(|| html! { <>{ " " }<code class="finding-call">{ marked(&finding.call) }</code></> }) }
        </p>
    }
}

fn call_row(index: usize, call: &CallFacts) -> Html {
    let icon = (call.level >= Level::UnknownCode).then(|| level_icon(call.level));
    html! {
        <li key={index}>
            <button class={classes!("call", level_class(call.level))} data-call={index.to_string()}>
                <span class="call-number">{ grouped(index as u64 + 1) }</span>
                <span class="call-level" title={call.level.word()}>{ for icon }</span>
                <code>{ marked(&call.call) }</code>
                <span class="call-place">
                    { marked(&place_words(&call.container, call.offset, &call.opcode)) }
                    { for call.discarded.then_some("; its result is thrown away") }
                </span>
            </button>
        </li>
    }
}

/// The imports by library, the worst libraries first.
fn imports(report: &FileReport) -> Html {
    let mut libraries: BTreeMap<&str, Vec<(usize, &ReportImport)>> = BTreeMap::new();
    for (index, import) in report.imports.iter().enumerate() {
        let library = import.module.split('.').next().unwrap_or(&import.module);
        libraries.entry(library).or_default().push((index, import));
    }
    let worst = |imports: &[(usize, &ReportImport)]| imports.iter().map(|(_, import)| import.level).max();
    let mut libraries: Vec<_> = libraries.into_iter().collect();
    libraries.sort_by_key(|(_, imports)| std::cmp::Reverse(worst(imports)));
    html! {
        <ul class="library-list">
            { for libraries.into_iter().map(|(library, mut imports)| {
                imports.sort_by_key(|(_, import)| std::cmp::Reverse(import.level));
                html! {
                    <li key={library}>
                        <h3>{ marked(library) }</h3>
                        <ul class="import-list">{ for imports.into_iter().map(|(index, import)| import_row(index, import)) }</ul>
                    </li>
                }
            }) }
        </ul>
    }
}

fn import_row(index: usize, import: &ReportImport) -> Html {
    let words = if import.reason.is_empty() { "nothing is known of it" } else { import.reason.as_str() };
    html! {
        <li key={index}>
            <button class={classes!("import", level_class(import.level))} data-import={index.to_string()}>
                <span class="import-level">{ level_icon(import.level) }{ import.level.word() }</span>
                <code class="import-name">{ marked(&format!("{}.{}", import.module, import.name)) }</code>
                <span class="import-words">{ marked(words) }</span>
            </button>
        </li>
    }
}

fn more(shown: u64, all: u64) -> Html {
    html! { <p hidden={shown >= all}>{ format!("These are the first {} of {}.", grouped(shown), grouped(all)) }</p> }
}
