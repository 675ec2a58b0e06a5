//! The file as Python source.

use super::again::Again;
use super::export::ExportButton;
use super::icons::level_class;
use super::marks::danger;
use super::text::parts;
use crate::protocol::{Target, ask};
use crate::view::card::Format;
use crate::view::{Inspection, SourceLine};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::format::{grouped, plural};
use crate::web::hits::use_line_hits;
use crate::web::list_keys::moved;
use crate::web::rows::{Source, use_rows};
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// Levels that are indented.
const INDENTED: u32 = 24;
/// Lines that are copied at most, and in one request.
const COPIED: u64 = 100_000;
const STEP: u32 = 2000;

/// Properties of [`PythonPanel`].
#[derive(Properties, PartialEq)]
pub struct PythonPanelProps {
    /// Number of the file.
    pub generation: u32,
    /// Name of the document.
    pub name: AttrValue,
    /// The selection.
    pub inspection: Option<Rc<Inspection>>,
}

/// The file as Python source. How long it is, the first answer tells.
#[component]
pub fn PythonPanel(props: &PythonPanelProps) -> Html {
    let actions = use_actions();
    let total = use_state_eq(|| None::<(u32, Result<u64, Rc<str>>)>);
    let attempt = use_state_eq(|| 0_u32);
    {
        let setter = total.setter();
        let actions = actions.clone();
        use_effect_with((props.generation, *attempt), move |&(generation, _)| {
            actions.inquire(ask::Source { first: 0, count: 1 }, move |reply| {
                setter.set(Some((generation, reply.map(|window| window.total).map_err(Rc::from))));
            });
        });
    }
    let total = (*total).clone().filter(|(generation, _)| *generation == props.generation).map(|(_, total)| total);
    if let Some(Err(why)) = &total {
        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
        return html! {
            <div id="python" class="python-waiting" tabindex="0"><Again what="The source" why={AttrValue::from(why.clone())} {onagain} /></div>
        };
    }
    let Some(Ok(total)) = total else {
        return html! { <div id="python" class="python-waiting" tabindex="0"><p role="status">{ "Writing the source…" }</p></div> };
    };
    if total == 0 {
        return html! {
            <div id="python" class="python-waiting" tabindex="0"><p>{ "There is nothing in this file that Python source could say." }</p></div>
        };
    }
    let copy = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| copy_all(actions.clone(), total.min(COPIED), String::new(), 0))
    };
    html! {
        <>
            <div class="python-bar" key="bar">
                <span class="section-note">{ format!("What loading does, as source to read: {}", plural(total, "line", "lines")) }</span>
                <button class="button button-small" onclick={copy}>
                    { if total > COPIED { format!("Copy the first {} lines", grouped(COPIED)) } else { "Copy all".to_owned() } }
                </button>
                <ExportButton name={props.name.to_string()} small=true format={Format::Python} />
            </div>
            <PythonList key={props.generation} generation={props.generation} {total} inspection={props.inspection.clone()} />
        </>
    }
}

/// Line after line into the clipboard.
fn copy_all(actions: Actions, total: u64, mut text: String, first: u64) {
    if first >= total {
        return actions.copy("Source", &text);
    }
    let next = actions.clone();
    actions.ask(ask::Source { first, count: STEP.min((total - first) as u32) }, move |window| {
        let rows = window.rows;
        if rows.is_empty() {
            return next.copy("Source", &text);
        }
        for row in &rows {
            text.extend(std::iter::repeat_n("    ", row.indent as usize));
            text.extend(row.parts.iter().map(|part| part.text.as_str()));
            text.push('\n');
        }
        copy_all(next, total, text, first + rows.len() as u64);
    });
}

/// Properties of [`PythonList`].
#[derive(Properties, PartialEq)]
pub struct PythonListProps {
    /// Number of the file.
    pub generation: u32,
    /// Number of lines.
    pub total: u64,
    /// The selection.
    pub inspection: Option<Rc<Inspection>>,
}

/// The lines. Selecting one selects its object, and a selection made elsewhere is found here.
#[component]
pub fn PythonList(props: &PythonListProps) -> Html {
    let actions = use_actions();
    let total = props.total;
    let rows = use_rows((props.generation, 0), total, None, || {
        Source::new(|first, count| ask::Source { first, count }, |window| window.rows)
    });
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let node = props.inspection.as_ref().and_then(|inspection| inspection.node);
    // Whether the selection on its way was made here, so that the line that was chosen keeps the keyboard.
    let is_own = use_mut_ref(|| false);
    // Moves made here: what was asked before one comes too late to move the line.
    let moves = use_mut_ref(|| 0_u32);
    {
        let (focus, actions, rows) = (focus.clone(), actions.clone(), rows.clone());
        let (is_own, moves) = (Rc::clone(&is_own), Rc::clone(&moves));
        use_effect_with(props.inspection.as_ref().map(Rc::as_ptr), move |_| {
            let Some(node) = node.filter(|_| !is_own.replace(false)) else { return };
            // The line with the keyboard says it already: several lines can be about one object.
            if rows.get(focus.0).is_some_and(|row: Rc<SourceLine>| row.node == Some(node)) {
                return;
            }
            let asked = *moves.borrow();
            actions.inquire(ask::SourceLineOf { node }, move |reply| {
                if let Ok(Some(row)) = reply
                    && *moves.borrow() == asked
                {
                    focus.set((row, focus.1 + 1));
                }
            });
        });
    }
    let hits = use_line_hits(props.generation, || {
        let mut lines = Vec::new();
        rows.each(|line| lines.push(line.index));
        lines
    });
    let row = {
        let (rows, at) = (rows.clone(), focus.0);
        let digits = total.to_string().len();
        Callback::from(move |index: u64| {
            let line = rows.get(index);
            let selected = node.is_some() && line.as_ref().is_some_and(|line| line.node == node);
            let is_hit = hits.contains(&index);
            html! { <PythonLine key={index.to_string()} {index} {total} {digits} {line} focused={index == at} {selected} {is_hit} /> }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let go = {
        let (focus, rows) = (focus.clone(), rows.clone());
        move |to: u64, actions: &Actions| {
            *moves.borrow_mut() += 1;
            focus.set((to, focus.1 + 1));
            let target = rows.get(to).and_then(|line| match (line.node, line.offset) {
                (Some(node), _) => Some(Target::Node(node)),
                (None, offset) => offset.map(Target::Offset),
            });
            is_own.replace(target.is_some());
            target.into_iter().for_each(|target| actions.select(target));
        }
    };
    let onclick = {
        let (go, actions) = (go.clone(), actions.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = dom::data_of(&event, "line").and_then(|index| index.parse().ok()) {
                go(index, &actions);
            }
        })
    };
    let again = rows.again("Some lines");
    let onkeydown = {
        let focus = focus.clone();
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let page = rows.window().page.max(1);
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "Enter" | " " => at,
                other => match moved(other, at, last, page) {
                    Some(to) => to,
                    None => return,
                },
            };
            event.prevent_default();
            event.stop_propagation();
            go(to.min(last), &actions);
        })
    };
    html! {
        <>
        <VirtualList key="list" id="python" role="listbox" label="Python source" class="python" {total} focus={Some(focus.0)} reveal={focus.1}
            {row} {onwindow} {onclick} {onkeydown} />
        { again }
        </>
    }
}

/// Properties of [`PythonLine`].
#[derive(Properties, PartialEq)]
pub struct PythonLineProps {
    /// Its number, from 0.
    pub index: u64,
    /// Number of all lines.
    pub total: u64,
    /// Digits of the largest number.
    pub digits: usize,
    /// The line; `None` while it is on its way.
    pub line: Option<Rc<SourceLine>>,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it is about the selection.
    pub selected: bool,
    /// Whether the search in the find bar found something in it.
    #[prop_or_default]
    pub is_hit: bool,
}

/// One line of source.
#[component]
pub fn PythonLine(props: &PythonLineProps) -> Html {
    let id = format!("python-{}", props.index);
    let number = (props.index + 1).to_string();
    let (setsize, posinset) = (props.total.to_string(), number.clone());
    let width = format!("width:{}ch", props.digits + 2);
    let Some(line) = &props.line else {
        return html! {
            <div {id} class="python-line" role="option" aria-setsize={setsize} aria-posinset={posinset} aria-selected="false" data-line={props.index.to_string()}>
                <span class="line-number" ~style={width}>{ number }</span><span class="visually-hidden">{ "Loading" }</span><span class="pending" />
            </div>
        };
    };
    let class = classes!(
        "python-line",
        props.focused.then_some("row-focused"),
        props.selected.then_some("row-selected"),
        props.is_hit.then_some("row-hit"),
        line.danger.as_ref().map(|(level, _)| classes!("row-marked", level_class(*level))),
    );
    let indent = line.indent.min(INDENTED);
    html! {
        <div {id} {class} role="option" aria-setsize={setsize} aria-posinset={posinset} aria-selected={props.selected.to_string()}
            data-line={props.index.to_string()} data-node={line.node.map(|node| node.to_string())}>
            <span class="line-number" aria-hidden="true" ~style={width}>{ number }</span>
            <span class="line-text" ~style={format!("padding-inline-start:{}ch", indent * 4)}>
                { parts(&line.parts) }
                { for line.parts.iter().all(|part| part.text.is_empty()).then(|| html! { <span class="visually-hidden">{ "blank line" }</span> }) }
            </span>
            { for line.danger.iter().map(|(level, text)| danger(*level, text)) }
        </div>
    }
}
