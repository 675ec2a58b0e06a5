//! The root of the page.

use super::actions::Actions;
use super::components::{
    crash::{Bars, Crash},
    dialogs::Dialogs,
    empty::Empty,
    find::FindBar,
    header::Header,
    notice::{NoticePlace, Notices},
    path_bar::PathBar,
    progress::Progress,
    tour::TourBar,
    workspace::Workspace,
};
use super::dom;
use super::events::use_window_events;
use super::focus_keeper::use_focus_keeper;
use super::hits::{FoundElement, Search};
use super::state::{Phase, State};
use crate::opcode::visible;
use yew::prelude::*;

/// Starts the page. Called once, by the application's `main`.
pub fn run() {
    if let Some(root) = dom::document().get_element_by_id("app") {
        yew::Renderer::<App>::with_root(root).render();
    }
}

/// The page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(State::default);
    let actions = {
        let handle = state.clone();
        (*use_memo((), |()| Actions::connect(handle))).clone()
    };
    use_window_events(&actions);
    use_focus_keeper();

    let name = state.shown().map(|open| visible(&open.overview.name).into_owned());
    use_effect_with(name.clone(), |name| {
        let title = name.as_ref().map_or("Picklescope".to_owned(), |name| format!("{name} — Picklescope"));
        dom::document().set_title(&title);
    });

    {
        let actions = actions.clone();
        let seen = (state.shown().map(|open| (open.generation, open.tab)), state.dialog.clone());
        use_effect_with(seen, move |_| actions.settle());
    }

    let announcement = match (&state.phase, state.shown()) {
        (Phase::Loading(loading), _) if loading.slow => format!("Opening {}.", visible(&loading.name)),
        (_, Some(open)) => format!("{} is open. {}.", visible(&open.overview.name), open.overview.verdict.word),
        (Phase::Failed(failure), _) => format!("{} could not be opened.", visible(&failure.name)),
        _ => String::new(),
    };
    let middle = match (&state.phase, state.shown()) {
        (_, Some(open)) => html! { <Workspace key="workspace" open={open.clone()} /> },
        (Phase::Loading(loading), None) => html! {
            <Progress key="progress" name={AttrValue::from(loading.name.clone())} read={loading.read}
                total={loading.total} unpacked={loading.unpacked} slow={loading.slow} />
        },
        (Phase::Failed(failure), None) => html! { <Crash key="crash" failure={failure.clone()} /> },
        _ => html! { <Empty key="empty" returned={state.returned} /> },
    };
    let path = state.shown().map(|open| {
        html! {
            <PathBar key="path" generation={open.generation} size={open.overview.size} inspection={open.inspection.clone()} />
        }
    });
    let inspection = state.shown().and_then(|open| open.inspection.as_ref());
    let has_value = inspection.is_some_and(|inspection| inspection.node.is_some());
    let find = state.shown().filter(|_| state.finding.is_open).map(|open| html! {
        <FindBar key="find" finding={state.finding.clone()} generation={open.generation} has_members={open.overview.members > 1} />
    });
    let tour = state.on_tour().map(|tour| html! { <TourBar key="tour" {tour} /> });
    let search = Search(state.finding.is_open.then_some((state.finding.search, state.finding.version)));
    let on_show = state.shown().filter(|_| state.finding.is_open).map(|open| open.overview.member);
    let element = state.finding.element.clone().filter(|element| on_show == Some(element.member));
    let element = FoundElement(element.map(|element| (element, state.finding.reveal)));
    html! {
        <ContextProvider<Actions> context={actions}>
        <ContextProvider<Search> context={search}>
        <ContextProvider<FoundElement> context={element}>
        <ContextProvider<Notices> context={Notices(state.notice.clone())}>
            <div class="app" key="app">
                <Header overview={state.shown().map(|open| open.overview.clone())}
                    environment={state.shown().and_then(|open| open.environment.clone())} />
                { for find }
                { for tour }
                <Bars open={state.shown().cloned()} failure={state.failure.clone()} />
                <div class="middle">{ middle }</div>
                { for path }
            </div>
            <div key="live" class="visually-hidden" role="status">{ announcement }</div>
            { for state.dialog.is_none().then(|| html! { <NoticePlace key="notice" /> }) }
            <Dialogs key="dialogs" dialog={state.dialog.clone()} {has_value} overview={state.shown().map(|open| open.overview.clone())}
                environment={state.shown().and_then(|open| open.environment.clone())} />
            <div key="drag" class="drop-veil" hidden={!state.dragging} aria-hidden="true"><p>{ "Drop to open" }</p></div>
        </ContextProvider<Notices>>
        </ContextProvider<FoundElement>>
        </ContextProvider<Search>>
        </ContextProvider<Actions>>
    }
}
