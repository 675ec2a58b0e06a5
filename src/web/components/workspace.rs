//! A document: verdict, views, selection.

use super::audit::AuditPanel;
use super::bytes::BytesPanel;
use super::contents::Contents;
use super::inspector::Inspector;
use super::listing::Listing;
use super::machine::MachinePanel;
use super::pending::PendingBar;
use super::privacy::PROMISE;
use super::problems::Problems;
use super::python::PythonPanel;
use super::size::SizePanel;
use super::splitter::Splitter;
use super::tabs::{Tabs, id};
use super::tree::Tree;
use super::verdict::Verdict;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::size_text;
use crate::web::state::{Dialog, Open, Tab};
use crate::web::tree_width;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Workspace`].
#[derive(Properties)]
pub struct WorkspaceProps {
    /// The document.
    pub open: Open,
}

impl PartialEq for WorkspaceProps {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Open, b: &Open| {
            (a.generation, a.total, a.version, a.tab, a.tree, a.listing, a.selected)
                == (b.generation, b.total, b.version, b.tab, b.tree, b.listing, b.selected)
                && (a.members, a.members_version, a.member) == (b.members, b.members_version, b.member)
                && a.report.is_some() == b.report.is_some()
                && a.no_report == b.no_report
        };
        let inspection = match (&self.open.inspection, &other.open.inspection) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        inspection && same(&self.open, &other.open)
    }
}

/// A document: verdict, views, selection.
#[component]
pub fn Workspace(props: &WorkspaceProps) -> Html {
    let open = &props.open;
    let overview = &open.overview;
    use_measures(open);
    // The keyboard begins in the view on the left.
    let view = match open.tab {
        Tab::Contents => "contents",
        Tab::Objects => "tree",
        Tab::Opcodes => "opcodes",
        Tab::Machine => "machine",
        Tab::Audit => "audit",
        Tab::Python => "python",
        Tab::Size => "size",
        Tab::Bytes => "bytes",
    };
    use_effect_with(open.generation, move |_| {
        // Who walks from hit to hit, or from step to step, goes on doing so.
        if !dom::has_focus(".find, .tour") {
            dom::focus_in_place(view);
        }
    });
    use_effect_with(open.tab, move |_| {
        // The view that had the keyboard is gone.
        if dom::active_element().is_none() {
            dom::focus_in_place(view);
        }
    });
    let (panes, left) = (use_node_ref(), use_node_ref());
    let rows_need = *use_memo(open.generation, |_| tree_width::needed(open.first_rows.iter().map(Rc::as_ref)));
    // The other views have more to show than the selection beside them.
    let need = if open.tab == Tab::Objects { format!("{rows_need:.1}rem") } else { "100%".to_owned() };
    // Of an archive there is little to be said beside what it holds.
    let most = if open.tab == Tab::Contents && overview.is_wrapping { "70%" } else { "47.6%" };
    let panel = match open.tab {
        Tab::Contents => html! {
            <Contents key="contents" generation={open.generation} version={open.members_version} total={open.members}
                place={open.member} order={open.member_order} report={open.report.clone()} />
        },
        Tab::Objects => html! {
            <Tree key="objects" generation={open.generation} version={open.version} total={open.total}
                first_rows={open.first_rows.clone()} place={open.tree} selected={open.selected} />
        },
        Tab::Audit => {
            html! { <AuditPanel key="audit" report={open.report.clone()} why_not={open.no_report.clone()} member={overview.member} /> }
        }
        Tab::Python => html! {
            <PythonPanel key="python" generation={open.generation} name={overview.name.clone()} inspection={open.inspection.clone()} />
        },
        Tab::Machine => html! {
            <MachinePanel key="machine" generation={open.generation} total={overview.opcodes} row={open.listing.row}
                inspection={open.inspection.clone()} />
        },
        Tab::Size => html! { <SizePanel key="size" generation={open.generation} /> },
        Tab::Bytes => html! {
            <BytesPanel key="bytes" generation={open.generation} size={overview.size} inspection={open.inspection.clone()} />
        },
        Tab::Opcodes => html! {
            <Listing key="opcodes" generation={open.generation} total={overview.listing_rows} place={open.listing} />
        },
    };
    html! {
        <div class="workspace">
            <Verdict overview={overview.clone()} report={open.report.clone()} />
            <PendingBar overview={overview.clone()} />
            <Problems overview={overview.clone()} />
            <main class="panes" ref={panes.clone()} ~style={format!("--need:{need};--most:{most}")}>
                <div class="pane pane-left" key="left" ref={left.clone()} ~style={format!("--rows:{}", if open.tab == Tab::Objects { open.total.min(1000) } else { 1000 })}>
                    <Tabs tab={open.tab} members={(overview.members > 1).then_some(open.members)} objects={overview.objects}
                        opcodes={overview.opcodes} calls={open.report.as_ref().map(|report| report.call_count)} />
                    <div id="left-panel" class="panel" role="tabpanel" aria-labelledby={id(open.tab)}>{ panel }</div>
                </div>
                <Splitter key="splitter" {panes} {left} />
                <div class="pane pane-right" key="right">
                    <Inspector generation={open.generation} size={overview.size} inspection={open.inspection.clone()}
                        raw={open.tab == Tab::Opcodes} beside_bytes={open.tab == Tab::Bytes} is_wrapping={overview.is_wrapping} />
                </div>
            </main>
            <Footer name={overview.name.clone()} size={overview.file_size}
                milliseconds={open.timings.decode_end - open.timings.decode_start} bytes={open.timings.bytes}
                has_tree={matches!(open.tab, Tab::Objects | Tab::Contents)} />
        </div>
    }
}

/// Records how long it took, for anyone who opens the browser's performance panel.
#[hook]
fn use_measures(open: &Open) {
    let (began, timings) = (open.began, open.timings);
    use_effect_with(open.generation, move |_| {
        let origin = dom::time_origin();
        dom::measure("picklescope:read", timings.start - origin, timings.read);
        dom::measure("picklescope:decode", timings.decode_start - origin, timings.decode_end - timings.decode_start);
        // Effects run when the rows are in the DOM; the next frame shows them.
        dom::next_frame(move || dom::measure("picklescope:first-rows", began, dom::now() - began));
    });
}

/// Properties of [`Footer`].
#[derive(Properties, PartialEq)]
pub struct FooterProps {
    /// Name of the file.
    pub name: AttrValue,
    /// Bytes of the file.
    pub size: u64,
    /// Time spent decoding.
    pub milliseconds: f64,
    /// Bytes of the files that were read for it; 0 when they were not on the disk.
    pub bytes: u64,
    /// Whether the keys of a tree work in the view on the left.
    pub has_tree: bool,
}

/// The privacy sentence, the time, the keys.
#[component]
pub fn Footer(props: &FooterProps) -> Html {
    let actions = use_actions();
    let dialog = |dialog: Dialog| {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.dialog(Some(dialog.clone())))
    };
    let time = match props.milliseconds {
        ms if ms < 1.0 => "less than 1 ms".to_owned(),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    };
    // Of a large file only what is looked at is read.
    let read = match props.bytes {
        0 => String::new(),
        bytes if bytes >= props.size => String::new(),
        bytes => format!(", {} of {} read", size_text(bytes), size_text(props.size)),
    };
    html! {
        <footer class="footer">
            <button class="link privacy" onclick={dialog(Dialog::Privacy)}>
                <span class="dot" aria-hidden="true" />{ PROMISE }
            </button>
            <span class="footer-time" data-bytes-read={props.bytes.to_string()} data-milliseconds={format!("{:.0}", props.milliseconds)}>
                { format!("Decoded in {time}{read}") }
            </span>
            <span class="keys" aria-hidden="true">
                { for props.has_tree.then(|| html! {
                    <>
                        <kbd>{ "↑↓" }</kbd>{ " move " }<kbd>{ "→" }</kbd>{ " open " }<kbd>{ "←" }</kbd>{ " close " }
                        <kbd>{ "c" }</kbd>{ " copy path" }
                    </>
                }) }
            </span>
            <button class="link" onclick={dialog(Dialog::Explain { text: None })} data-act="explain">{ "Explain an error" }</button>
            <button class="link" onclick={dialog(Dialog::Keys)}><kbd aria-hidden="true">{ "?" }</kbd>{ " All keys" }</button>
        </footer>
    }
}
