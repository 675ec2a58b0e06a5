//! The machine at the selected instruction: stack and memo before and after it, and the way to other instructions.

use super::again::Again;
use super::readers::Readers;
use super::text::{marked, text_class};
use crate::protocol::{Target, ask};
use crate::view::{
    Inspection, MachineAt, MachineGoal, MachineReply, MachineRun, MachineState, MachineStep, MachineValue,
    MachineWindow, Phrase, StackSlot,
};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::format::{grouped, plural};
use crate::web::latest::Latest;
use crate::web::state::Action;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Places of the stack and indexes of the memo that are shown at once.
const SHOWN: u32 = 40;
const ENTRIES: u32 = 12;

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

/// What the panel shows of an instruction.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Preparing(u64, u64),
    Step(Rc<MachineStep>),
    Failed(Rc<str>),
}

/// Which part of stack and memo is in sight.
#[derive(Clone, Copy, PartialEq, Default)]
struct View {
    skip: u64,
    memo_from: Option<u64>,
}

impl View {
    fn window(self) -> MachineWindow {
        MachineWindow { skip: self.skip, places: SHOWN, memo_from: self.memo_from, entries: ENTRIES }
    }
}

/// Where the next step goes on from. Keys and clicks come faster than answers, so it is not what is on the screen.
#[derive(Default)]
struct Place {
    /// The instruction that was asked for last.
    number: Cell<u64>,
    /// Counts what was asked for: a longer way ends when somebody went elsewhere.
    turn: Cell<u32>,
}

impl Place {
    /// A new way begins.
    fn turn(&self) -> u32 {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.turn.get()
    }
}

/// A way through the instructions.
#[derive(Clone, Copy)]
enum Way {
    To(u64),
    Back,
    Forward,
}

/// Asks for the machine and shows it; long files are gone over first, a piece for each question.
#[derive(Clone)]
struct Asking {
    actions: Actions,
    latest: Rc<Latest<ask::Machine>>,
    shown: UseStateSetter<(u32, Shown)>,
    /// Rows that were selected here and have not become the selection yet.
    sent: Rc<RefCell<Vec<u64>>>,
    place: Rc<Place>,
    generation: u32,
}

impl Asking {
    /// `selects` when the instruction becomes the selection of the page.
    fn ask(&self, at: MachineAt, view: View, selects: bool) {
        if let MachineAt::Number(number) = at {
            self.place.number.set(number);
        }
        self.ask_on(at, view, selects, self.place.turn());
    }

    fn ask_on(&self, at: MachineAt, view: View, selects: bool, turn: u32) {
        let this = self.clone();
        let then = Callback::from(move |reply: Result<MachineReply, String>| {
            let shown = match reply {
                Ok(MachineReply::Step(step)) => {
                    if selects {
                        this.sent.borrow_mut().push(step.row);
                        this.actions.select(Target::Opcode(step.row));
                    }
                    this.place.number.set(step.number);
                    Shown::Step(Rc::from(step))
                }
                Ok(MachineReply::Preparing { reached, total }) => {
                    let again = this.clone();
                    dom::after(0, move || {
                        if again.place.turn.get() == turn {
                            again.ask_on(at, view, selects, turn);
                        }
                    });
                    Shown::Preparing(reached, total)
                }
                Ok(MachineReply::Unknown(why)) | Err(why) => Shown::Failed(Rc::from(why)),
            };
            this.shown.set((this.generation, shown));
        });
        self.latest.ask(&self.actions, ask::Machine { at, window: view.window() }, then);
    }
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
            if step.is_none_or(|step| step.row != row && !is_own && !is_sent) {
                view.set(View::default());
                asking.ask(MachineAt::Row(row), View::default(), false);
            }
        });
    }
    {
        let latest = Rc::clone(&latest);
        use_effect_with((), move |()| move || latest.close());
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
        let place = Rc::clone(&asking.place);
        let actions = actions.clone();
        Callback::from(move |(goal, is_forward): (MachineGoal, bool)| {
            let turn = place.turn();
            let from = place.number.get() + u64::from(is_forward);
            Run { actions: actions.clone(), place: Rc::clone(&place), turn, goal, is_forward }.go_on(from);
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
        Callback::from(move |node: u32| {
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

/// Properties of [`Bar`].
#[derive(Properties, PartialEq)]
struct BarProps {
    step: Option<Rc<MachineStep>>,
    total: u64,
    /// Goes to an instruction.
    go: Callback<Way>,
    /// Goes on to the next of these, forward or back.
    run: Callback<(MachineGoal, bool)>,
}

/// Steps, the scrubber, and what to run to.
#[component]
fn Bar(props: &BarProps) -> Html {
    let goal = use_state_eq(|| "call".to_owned());
    let step = props.step.clone();
    let number = step.as_ref().map_or(0, |step| step.number);
    let to = |way: Way| props.go.reform(move |_: MouseEvent| way);
    let oninput = {
        let go = props.go.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>()
                && let Ok(number) = input.value().parse()
            {
                go.emit(Way::To(number));
            }
        })
    };
    let onchange = {
        let goal = goal.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                goal.set(select.value());
            }
        })
    };
    let node = step.as_ref().and_then(|step| step.node);
    let memo = step.as_ref().and_then(|step| step.memo_index);
    let chosen = match goal.as_str() {
        "name" => Some(MachineGoal::Global),
        "problem" => Some(MachineGoal::Problem),
        "use" => node.map(MachineGoal::Use),
        "made" => node.map(MachineGoal::Made),
        "memo" => memo.map(MachineGoal::MemoWrite),
        _ => Some(MachineGoal::Call),
    };
    let run = |is_forward: bool| {
        let run = props.run.clone();
        Callback::from(move |_: MouseEvent| chosen.into_iter().for_each(|goal| run.emit((goal, is_forward))))
    };
    let words = step.as_ref().map_or_else(String::new, |step| {
        format!(
            "Instruction {} of {}, {} at offset {}",
            grouped(number),
            grouped(props.total),
            step.opcode,
            step.offset
        )
    });
    let option = |value: &'static str, words: &'static str, is_possible: bool| {
        html! { <option {value} disabled={!is_possible} selected={*goal == value}>{ words }</option> }
    };
    html! {
        <div class="machine-bar">
            <span class="machine-buttons">
                <button class="button button-small" disabled={number == 0} onclick={to(Way::Back)} title="Step back (←)">{ "◀ Back" }</button>
                <button class="button button-small" disabled={step.is_none() || number >= props.total} onclick={to(Way::Forward)} title="Step forward (→)">{ "Forward ▶" }</button>
            </span>
            <input type="range" class="machine-scrubber" id="machine-scrubber" min="0" max={props.total.to_string()} step="1" value={number.to_string()}
                aria-label="Instruction" aria-valuetext={words} {oninput} />
            <span class="machine-run">
                <label>
                    { "Run to " }
                    <select id="machine-goal" {onchange}>
                        { option("call", "a call", true) }
                        { option("name", "a name", true) }
                        { option("problem", "a problem", true) }
                        { option("use", "a use of this value", node.is_some()) }
                        { option("memo", "a write to this memo slot", memo.is_some()) }
                        { option("made", "where this value is made", node.is_some()) }
                    </select>
                </label>
                <button class="button button-small" disabled={chosen.is_none()} onclick={run(false)} aria-label="Run back">{ "◀◀" }</button>
                <button class="button button-small" disabled={chosen.is_none()} onclick={run(true)} aria-label="Run forward">{ "▶▶" }</button>
            </span>
        </div>
    }
}

/// Goes on until there is something, and selects it; ends when somebody goes elsewhere meanwhile.
struct Run {
    actions: Actions,
    place: Rc<Place>,
    turn: u32,
    goal: MachineGoal,
    is_forward: bool,
}

impl Run {
    fn go_on(self, from: u64) {
        let generation = self.actions.generation();
        let actions = self.actions.clone();
        let question = ask::RunMachine { goal: self.goal, is_forward: self.is_forward, from };
        actions.ask(question, move |run| {
            let notice = |words: String| self.actions.dispatch(Action::Notice(Some(Rc::from(words))));
            match run {
                _ if generation != self.actions.generation() || self.turn != self.place.turn.get() => {}
                MachineRun::Row(row) => self.actions.select(Target::Opcode(row)),
                MachineRun::GoOn(from) => self.go_on(from),
                MachineRun::Nowhere => notice(self.nowhere()),
                MachineRun::Unknown(why) => notice(why),
            }
        });
    }

    fn nowhere(&self) -> String {
        let what = match self.goal {
            MachineGoal::Call => "call",
            MachineGoal::Global => "name",
            MachineGoal::Problem => "problem",
            MachineGoal::Use(_) => "use of this value",
            MachineGoal::MemoWrite(_) => "write to this memo slot",
            MachineGoal::Made(_) => "instruction that makes this value",
        };
        let place = if self.is_forward { "after" } else { "before" };
        format!("There is no {what} {place} this instruction.")
    }
}

/// Properties of [`Told`].
#[derive(Properties, PartialEq)]
struct ToldProps {
    step: Rc<MachineStep>,
    onvalue: Callback<u32>,
}

/// The instruction and what it does.
#[component]
fn Told(props: &ToldProps) -> Html {
    let step = &props.step;
    let phrase = |phrase: &Phrase| match phrase.node {
        Some(node) => value_button(node, text_class(phrase.kind), &phrase.text, &props.onvalue),
        None => html! { <span>{ marked(&phrase.text) }</span> },
    };
    let place = match step.opcode.as_str() {
        "" => format!("behind the last instruction, at offset {}", grouped(step.offset)),
        _ => format!(
            "instruction {} of {}, at offset {}",
            grouped(step.number),
            grouped(step.total),
            grouped(step.offset)
        ),
    };
    html! {
        <div class="machine-told">
            <p class="machine-head">
                <span class="op-name">{ step.opcode.clone() }</span>{ " " }<span class="machine-argument">{ marked(&step.argument) }</span>
                <span class="section-note">{ place }</span>
            </p>
            <p id="machine-sentence" class="machine-sentence" aria-live="polite">{ for step.sentence.iter().map(phrase) }</p>
            { for step.problems.iter().map(|problem| html! { <p class="machine-problem">{ marked(problem) }</p> }) }
        </div>
    }
}

fn value_button(node: u32, class: &'static str, text: &str, onvalue: &Callback<u32>) -> Html {
    let onvalue = onvalue.clone();
    html! {
        <button class={classes!("link", "machine-value", class)} data-node={node.to_string()} onclick={move |_| onvalue.emit(node)}>{ marked(text) }</button>
    }
}

/// Properties of [`StateView`].
#[derive(Properties, PartialEq)]
struct StateProps {
    title: &'static str,
    is_after: bool,
    step: Rc<MachineStep>,
    skip: u64,
    look: Callback<View>,
    onvalue: Callback<u32>,
}

/// Stack and memo before or after an instruction.
#[component]
fn StateView(props: &StateProps) -> Html {
    let state: &MachineState = if props.is_after { &props.step.after } else { &props.step.before };
    let frame = state.frame.map(|(start, end)| format!(" · frame {} to {}", grouped(start), grouped(end)));
    let around =
        (state.below > 0).then(|| format!(" · {} of the pickle around", plural(state.below, "place", "places")));
    let place = |slot: &StackSlot| {
        let class = classes!("machine-place", slot.is_touched.then_some("machine-touched"));
        let content = match (&slot.value, slot.mark) {
            (Some(value), _) => value_view(value, &props.onvalue),
            (None, mark) => {
                html! { <span class="machine-mark">{ "MARK" }{ for mark.map(|number| html! { <span class="t-dim">{ format!(" of instruction {}", grouped(number)) }</span> }) }</span> }
            }
        };
        html! { <li key={slot.place.to_string()} {class}><span class="machine-number" aria-hidden="true">{ grouped(slot.place) }</span>{ content }</li> }
    };
    let below = state.depth.saturating_sub(props.skip + state.stack.len() as u64);
    let to = |view: View| {
        let look = props.look.clone();
        Callback::from(move |_: MouseEvent| look.emit(view))
    };
    let deeper = View { skip: props.skip + u64::from(SHOWN), memo_from: None };
    let first = state.memo.first().map(|slot| slot.index);
    let last = state.memo.last().map(|slot| slot.index);
    let before = first.filter(|&first| first > 0 && state.memo_count > state.memo.len() as u64);
    let earlier =
        before.map(|first| View { skip: props.skip, memo_from: Some(first.saturating_sub(u64::from(ENTRIES))) });
    let is_more = last.is_some_and(|_| state.memo.len() == ENTRIES as usize && state.memo_count > u64::from(ENTRIES));
    let later = last
        .filter(|_| is_more)
        .and_then(|last| last.checked_add(1))
        .map(|from| View { skip: props.skip, memo_from: Some(from) });
    html! {
        <section class="machine-state" aria-label={props.title}>
            <h2>{ props.title }<span class="section-note">{ format!("reader at {}{}{}", grouped(state.position), frame.unwrap_or_default(), around.unwrap_or_default()) }</span></h2>
            <h3>{ "Stack" }<span class="section-note">{ stack_words(state) }</span></h3>
            { for (props.skip > 0).then(|| html! { <button class="link machine-more" onclick={to(View::default())}>{ "Back to the top" }</button> }) }
            <ol class="machine-list">{ for state.stack.iter().map(place) }</ol>
            { for (below > 0).then(|| html! { <button class="link machine-more" onclick={to(deeper)}>{ format!("{} more below", grouped(below)) }</button> }) }
            <h3>{ "Memo" }<span class="section-note">{ plural(state.memo_count, "entry", "entries") }</span></h3>
            { for earlier.map(|view| html! { <button class="link machine-more" onclick={to(view)}>{ "Earlier entries" }</button> }) }
            <ol class="machine-list">
                { for state.memo.iter().map(|slot| {
                    let class = classes!("machine-place", slot.is_touched.then_some("machine-touched"));
                    html! { <li key={slot.index.to_string()} {class}><span class="machine-number">{ grouped(slot.index) }</span>{ value_view(&slot.value, &props.onvalue) }</li> }
                }) }
            </ol>
            { for later.map(|view| html! { <button class="link machine-more" onclick={to(view)}>{ "Later entries" }</button> }) }
        </section>
    }
}

fn stack_words(state: &MachineState) -> String {
    match (state.depth - state.marks.min(state.depth), state.marks) {
        (0, 0) => "empty".to_owned(),
        (values, 0) => format!("{}, top first", plural(values, "value", "values")),
        (values, marks) => {
            format!("{} and {}, top first", plural(values, "value", "values"), plural(marks, "mark", "marks"))
        }
    }
}

fn value_view(value: &MachineValue, onvalue: &Callback<u32>) -> Html {
    let onvalue = onvalue.clone();
    let node = value.node;
    let space = if value.type_name.is_empty() || value.text.is_empty() { "" } else { " " };
    html! {
        <button class="link machine-value" data-node={node.to_string()} onclick={move |_| onvalue.emit(node)}>
            <span class="t-type">{ marked(&value.type_name) }</span>{ space }<span class={text_class(value.kind)}>{ marked(&value.text) }</span>
        </button>
    }
}
