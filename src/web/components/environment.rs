//! What wrote the file, and what can load it.

use super::text::{comma, marked};
use crate::protocol::Target;
use crate::view::{Break, Environment, OwnModule, Package};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{grouped, hex, plural};
use crate::web::state::Dialog;
use std::rc::Rc;
use yew::prelude::*;

/// Chips in the header.
const CHIPS: usize = 3;

/// Properties of [`Chips`] and [`EnvironmentDialog`].
#[derive(Properties, PartialEq)]
pub struct EnvironmentProps {
    /// What wrote the file.
    pub environment: Rc<Environment>,
}

/// The most important packages in a word each; they open the dialog. What is concluded has a broken border, and says so.
#[component]
pub fn Chips(props: &EnvironmentProps) -> Html {
    let actions = use_actions();
    let environment = &props.environment;
    if environment.packages.is_empty() && environment.modules.is_empty() {
        return html! { <span hidden=true /> };
    }
    let onclick = Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Environment)));
    // Libraries say more than the Python they ran on.
    let (python, mut packages): (Vec<&Package>, Vec<&Package>) =
        environment.packages.iter().partition(|package| package.name.eq_ignore_ascii_case("python"));
    packages.sort_by_key(|package| !package.is_stated);
    packages.extend(python);
    let rest = packages.len().saturating_sub(CHIPS);
    let own = match &environment.modules[..] {
        [] => None,
        [module] => Some(format!("needs {}", module.module)),
        [module, others @ ..] => Some(format!(
            "needs {} and {}",
            module.module,
            plural(others.len() as u64, "other module", "other modules")
        )),
    };
    let chip = |package: &&Package| {
        html! {
            <span class={classes!("fact", "env-chip", is_guess(package).then_some("env-guess"))}>
                { marked(&words(package)) }{ for is_guess(package).then(|| html! { <span class="env-guess-word">{ comma() }{ "guess" }</span> }) }
            </span>
        }
    };
    html! {
        <button class="env-chips" {onclick} aria-haspopup="dialog" title="What wrote the file, and what can load it" data-act="environment">
            <span class="visually-hidden">{ "Written with: " }</span>
            { for own.map(|words| html! { <span class="fact env-chip env-own">{ marked(&words) }</span> }) }
            { for packages.iter().take(CHIPS).map(chip) }
            <span class="fact env-chip env-more" hidden={rest == 0}>{ format!("+{rest}") }</span>
            <span class="fact env-chip env-all">{ plural(packages.len() as u64, "package", "packages") }</span>
        </button>
    }
}

/// Whether there is a version, and it is a conclusion.
fn is_guess(package: &Package) -> bool {
    !package.is_stated && !package.version.is_empty()
}

fn words(package: &Package) -> String {
    if package.version.is_empty() { package.name.clone() } else { format!("{} {}", package.name, package.version) }
}

/// Packages with their evidence, pins to copy, and what fails to load elsewhere.
#[component]
pub fn EnvironmentDialog(props: &EnvironmentProps) -> Html {
    let actions = use_actions();
    let environment = &props.environment;
    let onclick = {
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(offset) = dom::data_of(&event, "evidence").and_then(|offset| offset.parse().ok()) {
                actions.dialog(None);
                actions.select(Target::Offset(offset));
            }
        })
    };
    let on_code = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Stubs)))
    };
    let pins = environment.pins.join("\n");
    let copy = {
        let pins = pins.clone();
        Callback::from(move |_: MouseEvent| actions.copy("Pins", &pins))
    };
    html! {
        <div class="environment" {onclick}>
            <ul class="package-list">{ for environment.packages.iter().map(package_row) }</ul>
            <div hidden={environment.modules.is_empty()}>
                <div class="section-head"><h3>{ "Modules of no known package" }</h3></div>
                <p>{ "Loading needs these, too: somebody's own code, from where the file came from. Who does not have it can load the file with stand-ins: its data is then there, the methods of these classes are not." }</p>
                <ul class="package-list">{ for environment.modules.iter().map(module_row) }</ul>
                <div class="modal-actions"><button class="button button-small" onclick={on_code.clone()} data-act="stand-ins">{ "Code for stand-ins…" }</button></div>
            </div>
            <div class="environment-pins" hidden={!environment.has_pins()}>
                <div class="section-head"><h3>{ "To load it with what wrote it, pin" }</h3>
                    <button class="button button-small" onclick={copy} data-act="copy-pins">{ "Copy pins" }</button></div>
                <pre class="value-text" tabindex="0" role="region" aria-label="Pins">{ pins }</pre>
            </div>
            <div hidden={environment.breaks.is_empty()}>
                <div class="section-head"><h3>{ "What fails elsewhere" }</h3></div>
                <ul class="break-list">{ for environment.breaks.iter().map(break_row) }</ul>
            </div>
            <div class="modal-actions"><button class="button" onclick={on_code} data-act="stubs">{ "Code to load it…" }</button></div>
        </div>
    }
}

fn package_row(package: &Package) -> Html {
    html! {
        <li key={package.name.clone()} class="package">
            <p class="package-name">
                <code>{ marked(&words(package)) }</code>
                <span class={classes!("fact", is_guess(package).then_some("env-guess"))}>
                    { package.how_known() }
                </span>
                { where_to(package.offset) }
            </p>
            <ul class="evidence">{ for package.evidence.iter().map(|evidence| html! { <li>{ marked(evidence) }</li> }) }</ul>
        </li>
    }
}

fn module_row(module: &OwnModule) -> Html {
    let what = if module.module == "__main__" { "the script that saved the file" } else { "" };
    let more = module.count.saturating_sub(module.names.len() as u64);
    let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
    html! {
        <li key={module.module.clone()} class="package">
            <p class="package-name">
                <code>{ marked(&module.module) }</code>
                <span class="fact" hidden={what.is_empty()}>{ what }</span>
                { where_to(Some(module.offset)) }
            </p>
            <ul class="evidence"><li>{ marked(&format!("{}{more}", module.names.join(", "))) }</li></ul>
        </li>
    }
}

fn break_row(broken: &Break) -> Html {
    html! { <li class="break"><code>{ marked(&broken.with) }</code><span>{ marked(&broken.what) }</span>{ where_to(broken.offset) }</li> }
}

fn where_to(offset: Option<u64>) -> Html {
    match offset {
        Some(offset) => html! {
            <button class="button button-small" data-evidence={offset.to_string()} title={format!("At offset {offset} ({})", hex(offset))}>{ "Show where" }</button>
        },
        None => html! { <span hidden=true /> },
    }
}
