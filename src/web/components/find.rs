//! The find bar: a box, how it is meant, and a list of what was found.

use super::icons;
use super::text::{marked, path_line};
use crate::opcode::visible;
use crate::protocol::ask;
use crate::view::{FoundItem, FoundKind, FoundRow};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::finding::{Change, Finding, Scope};
use crate::web::format::{grouped, hex};
use crate::web::rows::{Source, use_rows};
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`FindBar`].
#[derive(Properties, PartialEq)]
pub struct FindBarProps {
    /// What was typed and what was found.
    pub finding: Rc<Finding>,
    /// Number of the document on show.
    pub generation: u32,
    /// Whether there is more than the document on show.
    pub has_members: bool,
}

/// The find bar.
#[component]
pub fn FindBar(props: &FindBarProps) -> Html {
    let actions = use_actions();
    let finding = &props.finding;
    // The box has the keyboard whenever somebody asks for it.
    use_effect_with(finding.asked, |_| dom::focus_text("find"));
    let oninput = {
        let actions = actions.clone();
        Callback::from(move |event: InputEvent| {
            actions.type_query(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let actions = actions.clone();
        Callback::from(move |event: KeyboardEvent| {
            let is_in_box = event.target().is_some_and(|target| dom::has_id(&target, "find"));
            match event.key().as_str() {
                "Escape" => actions.close_find(),
                "Enter" if is_in_box => actions.walk(!event.shift_key()),
                "ArrowDown" if is_in_box => dom::focus("found"),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let toggle = |name: &'static str, words: &'static str, sign: &'static str, on: bool, change: fn(bool) -> Change| {
        let actions = actions.clone();
        let onclick = Callback::from(move |_: MouseEvent| actions.change_search(change(!on)));
        html! {
            <button class="find-toggle" data-find={name} aria-pressed={on.to_string()} title={words} aria-label={words} {onclick}>
                { sign }
            </button>
        }
    };
    let onscope = {
        let actions = actions.clone();
        Callback::from(move |event: Event| {
            let scope = match event.target_unchecked_into::<HtmlSelectElement>().value().as_str() {
                "selection" => Scope::Selection,
                "everything" => Scope::Everything,
                _ => Scope::Document,
            };
            actions.change_search(Change::Scope(scope));
        })
    };
    let onclose = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.close_find())
    };
    let walk = |forward: bool| {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.walk(forward))
    };
    let next_place = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.walk_places(true))
    };
    let scope = |value: &'static str, words: &'static str, scope: Scope| {
        html! { <option {value} selected={finding.scope == scope}>{ words }</option> }
    };
    let has_hits = finding.lines() > 0;
    html! {
        <section class="find" role="search" aria-label="Find" {onkeydown}>
            <div class="find-bar">
                <input id="find" type="search" value={finding.text.clone()} {oninput} autocomplete="off" spellcheck="false"
                    placeholder="Text, number, == 3.5, b'\\x80', @offset, obj['path']" aria-label="Find" aria-describedby="find-status"
                    aria-invalid={finding.found.problem.as_ref().map(|_| "true")} />
                <span class="find-toggles">
                    { toggle("case", "Match case", "Aa", finding.case, Change::Case) }
                    { toggle("word", "Whole word", "word", finding.word, Change::Word) }
                    { toggle("regex", "Regular expression", ".*", finding.regex, Change::Regex) }
                </span>
                <select class="find-scope" aria-label="Where to look" onchange={onscope}>
                    { scope("document", "This document", Scope::Document) }
                    { scope("selection", "Below the selection", Scope::Selection) }
                    { for props.has_members.then(|| scope("everything", "Everything opened", Scope::Everything)) }
                </select>
                <span class="find-walk">
                    { for finding.line.map(|_| html! {
                        <button class="button button-icon" onclick={next_place} title="Next place of this hit (F4)" aria-label="Next place of this hit" data-act="next-place">
                            { icons::line(icons::ACROSS) }
                        </button>
                    }) }
                    <button class="button button-icon" onclick={walk(false)} disabled={!has_hits} title="Previous hit (Shift F3)" aria-label="Previous hit">
                        { icons::line(icons::UP) }
                    </button>
                    <button class="button button-icon" onclick={walk(true)} disabled={!has_hits} title="Next hit (F3)" aria-label="Next hit">
                        { icons::line(icons::DOWN) }
                    </button>
                    <button class="button button-icon" onclick={onclose} title="Close (Esc)" aria-label="Close the find bar" data-act="close-find">
                        { icons::line(icons::CLOSE) }
                    </button>
                </span>
            </div>
            <p id="find-status" class="find-status" role="status" data-for={finding.text.clone()}
                data-finished={(finding.found.finished && !finding.is_typed).to_string()} data-hits={finding.hits().to_string()}>
                { status(finding) }
            </p>
            <FoundList key="found" finding={finding.clone()} generation={props.generation} />
        </section>
    }
}

/// How far it has come, in a sentence or two.
fn status(finding: &Finding) -> Html {
    let found = &finding.found;
    if let Some(problem) = &found.problem {
        let place = if problem.at.0 > 0 { format!(" (at character {})", problem.at.0 + 1) } else { String::new() };
        return html! { <span class="find-problem">{ marked(&format!("{}{place}", crate::lens::capitalised(&problem.message))) }</span> };
    }
    if finding.text.trim().is_empty() {
        return html! { "Keys, attributes, strings, numbers, bytes, classes, imports, opcodes, entries." };
    }
    let hits = finding.hits();
    let count = match (hits, found.finished) {
        (0, true) if finding.is_widened => "Nothing found, neither in this document nor in the others.".to_owned(),
        (0, true) => "Nothing found.".to_owned(),
        (0, false) => "Searching…".to_owned(),
        (1, _) => "1 hit".to_owned(),
        (hits, _) => format!("{} hits", grouped(hits)),
    };
    let outside = (finding.is_widened && hits > 0).then_some(", all outside this document");
    let at = finding.at().map(|at| format!(", this is number {}", grouped(at)));
    let place =
        finding.place.map(|(place, places)| format!(", at place {} of {}", grouped(place + 1), grouped(places)));
    let (done, total) = found.progress;
    let progress = (!found.finished && hits > 0 && total > 0).then(|| {
        let percent = (u128::from(done) * 100 / u128::from(total)).min(99);
        format!(", {percent} % searched")
    });
    let remarks = found
        .remarks
        .iter()
        .map(|remark| html! { <span class="find-remark">{ marked(&crate::lens::capitalised(remark)) }{ "." }</span> });
    html! { <>{ count }{ for outside }{ for at }{ for place }{ for progress }{ for remarks }</> }
}

/// Properties of [`FoundList`].
#[derive(Properties, PartialEq)]
pub struct FoundListProps {
    /// What was found.
    pub finding: Rc<Finding>,
    /// Number of the document on show.
    pub generation: u32,
}

/// The hits, those of each kind under a line of their own.
#[component]
pub fn FoundList(props: &FoundListProps) -> Html {
    let actions = use_actions();
    let finding = &props.finding;
    let total = finding.lines();
    let rows = use_rows((finding.search, finding.version), total, None, || {
        Source::new(|first, count| ask::Found { first, count }, |window| window.rows).growing()
    });
    let row = {
        let (rows, line) = (rows.clone(), finding.line);
        Callback::from(move |index: u64| {
            html! { <FoundLine key={index.to_string()} {index} item={rows.get(index)} selected={line == Some(index)} /> }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(line) = dom::data_of(&event, "found").and_then(|line| line.parse().ok()) else { return };
            let is_places = dom::data_of(&event, "act").as_deref() == Some("places");
            if is_places && actions.now(|state| state.finding.line) == Some(line) {
                return actions.walk_places(true);
            }
            actions.go_to_line(line);
            if is_places {
                actions.walk_places(true);
            }
        })
    };
    let onkeydown = {
        let rows = rows.clone();
        Callback::from(move |event: KeyboardEvent| {
            let line = actions.now(|state| state.finding.line);
            let Some(last) = total.checked_sub(1) else { return };
            let page = rows.window().page.max(1);
            match (event.key().as_str(), line) {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                ("ArrowDown", _) => actions.walk(true),
                ("ArrowUp", _) => actions.walk(false),
                ("PageDown", line) => actions.go_to_line(line.unwrap_or(0).saturating_add(page).min(last)),
                ("PageUp", line) => actions.go_to_line(line.unwrap_or(0).saturating_sub(page).max(1)),
                ("ArrowRight", Some(_)) => actions.walk_places(true),
                ("ArrowLeft", Some(_)) => actions.walk_places(false),
                ("Home", _) => actions.go_to_line(1),
                ("End", _) => actions.go_to_line(last),
                ("Enter" | " ", Some(line)) => actions.go_to_line(line),
                ("Enter" | " ", None) => actions.walk(true),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <div class="find-list" hidden={total == 0} ~style={format!("--lines:{}", total.min(1000))}>
            <VirtualList key="list" id="found" role="grid" label="Hits" class="found-rows" {total} columns={3}
                focus={finding.line} reveal={finding.reveal} {row} {onwindow} {onclick} {onkeydown} />
            { rows.again("Some hits") }
        </div>
    }
}

/// Properties of [`FoundLine`].
#[derive(Properties, PartialEq)]
pub struct FoundLineProps {
    /// Its position in the list.
    pub index: u64,
    /// What is in it; `None` while that is on its way.
    pub item: Option<Rc<FoundItem>>,
    /// Whether it was gone to last.
    pub selected: bool,
}

/// One line of the list.
#[component]
pub fn FoundLine(props: &FoundLineProps) -> Html {
    let id = format!("found-{}", props.index);
    let rowindex = (props.index + 1).to_string();
    match props.item.as_deref() {
        None => html! {
            <div {id} class="found" role="row" aria-rowindex={rowindex}>
                <span role="gridcell"><span class="visually-hidden">{ "Loading" }</span><span class="pending" /></span>
            </div>
        },
        Some(FoundItem::Group(count)) => {
            let more = (count.kept < count.count).then(|| format!("the first {} are listed", grouped(count.kept)));
            html! {
                <div {id} class="found found-group" role="row" aria-rowindex={rowindex} data-group={count.kind.word()}>
                    <span role="gridcell" aria-colspan="3">
                        <strong>{ crate::lens::capitalised(count.kind.heading()) }</strong>
                        <span class="found-count">{ grouped(count.count) }</span>
                        { for more.map(|more| html! { <span class="t-dim">{ more }</span> }) }
                    </span>
                </div>
            }
        }
        Some(FoundItem::Hit(hit)) => {
            let class = classes!("found", props.selected.then_some("row-selected"));
            html! {
                <div {id} {class} role="row" aria-rowindex={rowindex} aria-selected={props.selected.to_string()}
                    data-found={props.index.to_string()} data-kind={hit.kind.singular()} data-at={hit.offset.to_string()}>
                    <span role="gridcell" class="found-path" title={visible(&place(hit)).into_owned()}>{ path_line(&place(hit)) }</span>
                    <span role="gridcell" class="found-text">
                        <span>{ marked(&hit.before) }<mark>{ marked(&hit.matched) }</mark>{ marked(&hit.after) }</span>
                        { for Some(hit.more_places()).filter(|text| !text.is_empty()).map(|text| html! {
                            <button class="link found-times found-places" tabindex="-1" data-act="places" title="Next place (→ or F4)">{ marked(&text) }</button>
                        }) }
                        { for times(hit).map(|times| html! { <span class="found-times">{ times }</span> }) }
                    </span>
                    <span role="gridcell" class="found-offset" title={hex(hit.offset)}>{ hit.offset.to_string() }</span>
                </div>
            }
        }
    }
}

/// Where it is: the path, after the name of the entry.
fn place(hit: &FoundRow) -> String {
    match (hit.entry.is_empty(), hit.path.is_empty()) {
        _ if hit.kind == FoundKind::Entry => hit.path.clone(),
        (true, _) => hit.path.clone(),
        (false, true) => hit.entry.clone(),
        (false, false) => format!("{}: {}", hit.entry, hit.path),
    }
}

/// How often it matches there.
fn times(hit: &FoundRow) -> Option<String> {
    match (hit.of, hit.count) {
        (Some(of), count) => Some(format!("{} of {}", grouped(count), grouped(of))),
        (None, 0 | 1) => None,
        (None, count) if hit.kind == FoundKind::Import => Some(format!("named {} times", grouped(count))),
        (None, count) => Some(format!("{} times", grouped(count))),
    }
}
