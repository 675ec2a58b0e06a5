//! The machine at the selected instruction: stack and memo before and after it, and the way to other instructions.

mod asking;
mod bar;
mod run;
mod state;
mod told;

use super::again::Again;
use super::readers::Readers;
use crate::protocol::{Target, ask};
use crate::view::{Inspection, MachineAt, MachineGoal};
use crate::web::actions::use_actions;
use crate::web::dom::Debounce;
use crate::web::format::grouped;
use crate::web::latest::Latest;
use asking::{Asking, Place, Shown, View, Way};
use bar::Bar;
use run::Run;
use state::StateView;
use std::rc::Rc;
use told::Told;
use yew::prelude::*;

/// Properties of [`MachinePanel`].
#[derive(Properties, PartialEq)]
pub struct MachinePanelProps {
    /// Number of the file.
    pub generation: u32,
    /// Instructions in all.
    pub total: u64,
    /// The row of the listing that is selected.
    pub row: u64,
    /// The selection.
    pub inspection: Option<Rc<Inspection>>,
}

/// The machine at the selected instruction.
#[component]
pub fn MachinePanel(props: &MachinePanelProps) -> Html {
    let actions = use_actions();
    let shown = use_state_eq(|| (0, Shown::Nothing));
    let view = use_state_eq(View::default);
    let latest = use_memo(props.generation, |_| Rc::new(Latest::<ask::Machine>::default()));
    let asking = Asking {
        actions: actions.clone(),
        latest: Rc::clone(&latest),
        shown: shown.setter(),
        sent: use_mut_ref(Vec::new),
        place: use_memo(props.generation, |_| Place::default()),
        following: use_memo((), |()| Debounce::default()),
        generation: props.generation,
    };
    // The value that was selected here: the panel stays where it is then.
    let own = use_mut_ref(|| None::<u32>);
    let step = match &*shown {
        (generation, Shown::Step(step)) if *generation == props.generation => Some(Rc::clone(step)),
        _ => None,
    };
    {
        let (asking, view, own, step) = (asking.clone(), view.clone(), own.clone(), step.clone());
        let inspection = props.inspection.clone();
        let row = inspection.as_ref().and_then(|inspection| inspection.opcode).unwrap_or(props.row);
        let selection = inspection.as_ref().map(Rc::as_ptr);
        use_effect_with((props.generation, selection), move |_| {
            let is_own = own.take().is_some_and(|own| inspection.is_some_and(|selected| selected.node == Some(own)));
            // Of rows that follow each other quickly only the last become selections.
            let mut sent = asking.sent.borrow_mut();
            let is_sent = match sent.iter().position(|&sent| sent == row) {
                Some(at) => sent.drain(..=at).count() > 0,
                None => false,
            };
            drop(sent);
            if !is_sent {
                asking.forget_following();
            }
            if step.is_none_or(|step| step.row != row && !is_own && !is_sent) {
                view.set(View::default());
                asking.ask(MachineAt::Row(row), View::default(), false);
            }
        });
    }
    {
        let asking = asking.clone();
        use_effect_with(props.generation, move |_| {
            asking.prepare();
            move || asking.latest.close()
        });
    }
    if props.total == 0 {
        return html! { <div id="machine" class="python-waiting" tabindex="0"><p>{ "There are no instructions in it." }</p></div> };
    }
    let go = {
        let (asking, view, total) = (asking.clone(), view.clone(), props.total);
        Callback::from(move |way: Way| {
            let here = asking.place.number.get();
            let number = match way {
                Way::To(number) => number,
                Way::Back => here.saturating_sub(1),
                Way::Forward => here.saturating_add(1),
            };
            view.set(View::default());
            asking.ask(MachineAt::Number(number.min(total)), View::default(), true);
        })
    };
    let run = {
        let (asking, actions) = (asking.clone(), actions.clone());
        Callback::from(move |(goal, is_forward): (MachineGoal, bool)| {
            let place = &asking.place;
            asking.forget_following();
            let turn = place.turn();
            let from = place.number.get() + u64::from(is_forward);
            Run { actions: actions.clone(), place: Rc::clone(place), turn, goal, is_forward }.go_on(from);
        })
    };
    let look = {
        let (asking, view, step) = (asking.clone(), view.clone(), step.clone());
        Callback::from(move |next: View| {
            view.set(next);
            step.iter().for_each(|step| asking.ask(MachineAt::Number(step.number), next, false));
        })
    };
    let onvalue = {
        let asking = asking.clone();
        Callback::from(move |node: u32| {
            asking.forget_following();
            own.replace(Some(node));
            actions.select(Target::Node(node));
        })
    };
    let body = match &shown.1 {
        _ if shown.0 != props.generation => Html::default(),
        Shown::Nothing => Html::default(),
        Shown::Preparing(reached, total) => html! {
            <p class="machine-note" role="status">{ format!("Following stack and memo: instruction {} of {}…", grouped(*reached), grouped(*total)) }</p>
        },
        Shown::Failed(why) => {
            let (asking, row) = (asking, props.row);
            let onagain = Callback::from(move |()| asking.ask(MachineAt::Row(row), View::default(), false));
            html! { <Again what="The machine" why={AttrValue::from(why.to_string())} {onagain} /> }
        }
        Shown::Step(step) => html! {
            <>
                <Told step={step.clone()} onvalue={onvalue.clone()} />
                <div class="machine-states">
                    <StateView key="before" title="Before" is_after={false} step={step.clone()} skip={view.skip} look={look.clone()} onvalue={onvalue.clone()} />
                    <StateView key="after" title="After" is_after={true} step={step.clone()} skip={view.skip} {look} {onvalue} />
                </div>
            </>
        },
    };
    let onkeydown = {
        let (go, total, is_ready) = (go.clone(), props.total, step.is_some());
        Callback::from(move |event: KeyboardEvent| {
            let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            // Inside of the bar keys belong to its controls.
            let on_panel = event.target_dyn_into::<web_sys::Element>().is_some_and(|target| target.id() == "machine");
            if !is_ready || !is_plain || !on_panel {
                return;
            }
            let way = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => Way::Forward,
                "ArrowLeft" | "ArrowUp" => Way::Back,
                "Home" => Way::To(0),
                "End" => Way::To(total),
                _ => return,
            };
            go.emit(way);
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <div id="machine" class="machine" tabindex="0" role="group" aria-label="Machine" aria-describedby="machine-sentence" {onkeydown}>
            <Bar {step} total={props.total} {go} {run} />
            { body }
            <Readers generation={props.generation} />
        </div>
    }
}
