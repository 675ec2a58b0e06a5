//! The bar at the top.

use super::environment::Chips;
use super::export::ExportButton;
use super::icons;
use super::open_button::OpenButton;
use super::text::marked;
use crate::opcode::visible;
use crate::protocol::Part;
use crate::view::{Crumb, Environment, Overview};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{grouped, size_text};
use crate::web::menu::Does;
use crate::web::state::Dialog;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The document, when there is one.
    pub overview: Option<Rc<Overview>>,
    /// What wrote it, once it is known.
    pub environment: Option<Rc<Environment>>,
}

/// Logo, the file, and what can be opened next.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let actions = use_actions();
    let (finder, commander, setter) = (actions.clone(), actions.clone(), actions.clone());
    let on_paste = Callback::from(move |_: MouseEvent| {
        actions.dialog(Some(Dialog::Paste { text: "".into(), error: None }));
    });
    let loaded = props.overview.is_some();
    let file = props.overview.as_ref().map(|overview| html! {
        <div class="file">
            <strong class="file-name" title={visible(&overview.name).into_owned()}>{ marked(&overview.name) }</strong>
            <CloseButton name={AttrValue::from(visible(&overview.name).into_owned())} />
            <span class="file-size" title={format!("{} bytes", grouped(overview.file_size))}>{ size_text(overview.file_size) }</span>
            <Chain overview={overview.clone()} />
            { for props.environment.clone().map(|environment| html! { <Chips {environment} /> }) }
        </div>
    });
    let export = props.overview.as_ref().filter(|overview| overview.opcodes > 0).map(|overview| {
        html! {
            <ExportButton name={overview.name.clone()} />
        }
    });
    let find = loaded.then(|| {
        let onclick = Callback::from(move |_: MouseEvent| finder.open_find());
        html! {
            <button class="button button-icon" {onclick} title="Find (/ or Ctrl F)" aria-label="Find" data-act="find">
                { icons::line(icons::FIND) }
            </button>
        }
    });
    let on_settings = Callback::from(move |_: MouseEvent| setter.run(Does::Settings));
    let on_commands = Callback::from(move |_: MouseEvent| commander.run(Does::Menu));
    html! {
        <header class="header">
            <div class="skip-links" hidden={!loaded}>
                <a class="skip" href="#left-panel" onclick={skip_to("left-panel")}>{ "Skip to the objects" }</a>
                <a class="skip" href="#inspector" onclick={skip_to("inspector")}>{ "Skip to the selection" }</a>
            </div>
            <h1 class="logo">{ icons::pickle() }<span class="logo-word">{ "Picklescope" }</span></h1>
            <div class="header-file">{ for file }</div>
            <div class="header-actions">
                { for find }
                <button class="button button-icon" onclick={on_commands} title="All commands (Ctrl K)" aria-label="All commands" data-act="commands">
                    { icons::line(icons::COMMANDS) }
                </button>
                <button class="button button-icon" onclick={on_settings} title="Settings" aria-label="Settings" aria-haspopup="dialog" data-act="settings">
                    { icons::line(icons::SETTINGS) }
                </button>
                { for export }
                <button class="button" onclick={on_paste}>{ "Paste…" }</button>
                <OpenButton id="open-file" label="Open…" primary=true />
            </div>
        </header>
    }
}

/// Properties of [`CloseButton`].
#[derive(Properties, PartialEq)]
pub struct CloseButtonProps {
    /// Name of the file.
    pub name: AttrValue,
}

/// Closes the file: until then, or until another one is opened, it stays.
#[component]
pub fn CloseButton(props: &CloseButtonProps) -> Html {
    let actions = use_actions();
    let words = format!("Close {}", props.name);
    let onclick = Callback::from(move |_: MouseEvent| actions.close());
    html! {
        <button class="button button-icon file-close" title="Close the file" aria-label={words} {onclick} data-act="close">
            { icons::line(icons::CLOSE) }
        </button>
    }
}

/// Properties of [`Chain`].
#[derive(Properties, PartialEq)]
pub struct ChainProps {
    /// The document.
    pub overview: Rc<Overview>,
}

/// The wrappings from the outside in; each can be looked at itself.
#[component]
pub fn Chain(props: &ChainProps) -> Html {
    let actions = use_actions();
    let shown = props.overview.member;
    let crumb = |(index, crumb): (usize, &Crumb)| {
        let separator = (index > 0).then(|| html! { <span aria-hidden="true">{ " › " }</span> });
        let link = if crumb.member == shown {
            html! { <span title={visible(&crumb.name).into_owned()}>{ marked(&crumb.word) }</span> }
        } else {
            let (actions, member, name) = (actions.clone(), crumb.member, crumb.name.clone());
            let onclick = Callback::from(move |_: MouseEvent| actions.show(Part::Member(member), &name, None));
            html! { <button class="link crumb" title={format!("Look at {} itself", visible(&crumb.name))} {onclick}>{ marked(&crumb.word) }</button> }
        };
        html! { <>{ for separator }{ link }</> }
    };
    html! {
        <span class="chain" role="group" aria-label="Wrappings, from the outside in">
            { for props.overview.chain.iter().enumerate().map(crumb) }
        </span>
    }
}

/// A skip link moves the focus and leaves the address alone, which holds the selection.
fn skip_to(id: &'static str) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        if id == "left-panel" { dom::focus_view() } else { dom::focus(id) }
    })
}
