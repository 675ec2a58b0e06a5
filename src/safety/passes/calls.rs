//! What is called, and in which way: the names themselves, results of other calls, methods of values. What names are given is
//! judged in `arguments`, and what has no line in the database in `unreviewed`.

use super::call_rules::{COMPUTED_CALL, DANGEROUS_CALL, UNUSUAL_USE};
use super::nested::Nested;
use super::stored_code::StoredCode;
use super::{arguments, given, lookups, sizes, stored_code, unreviewed};
use crate::graph::{CallGlance, CallKind, Node, NodeId, SymbolId};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Check, Known, Review, Role, Traits, is_known_package, is_stdlib, reaches_out};
use crate::safety::values::{ARGUMENTS, AbstractValue, Call, GlobalRef, Step};
use crate::safety::verdict::{ALIKE, Findings};
use std::collections::HashMap;
use std::rc::Rc;

/// The pass over calls. They are judged in the order in which a loader makes them, each when it is known what it comes to.
pub(in crate::safety) struct Calls<'n, 'b> {
    /// Calls of each dangerous global so far.
    many: HashMap<SymbolId, u32>,
    /// Steps of the call that is judged.
    steps: Vec<Step>,
    stored: StoredCode,
    nested: &'n Nested<'b>,
}

impl<'n, 'b> Calls<'n, 'b> {
    pub(in crate::safety) fn new(nested: &'n Nested<'b>) -> Self {
        Self { many: HashMap::new(), steps: Vec::new(), stored: StoredCode::default(), nested }
    }

    /// Works out one call, after everything that it is made of, and judges it.
    pub(in crate::safety) fn call(&mut self, facts: &mut Facts<'_>, id: NodeId, found: &mut Findings) {
        let Node::Call { kind, callee, args, kwargs } = facts.graph.node(id) else { return };
        let what = facts.value(callee);
        let level = match &what {
            AbstractValue::Global(named) => named.known.level(),
            _ => Level::UnknownCode,
        };
        if let Node::Global(symbol) = facts.graph.node(callee.node()) {
            if is_quiet(facts, &what, id) {
                facts.note_change(id);
                return found.list_call(facts, id, level.max(found.level_of(id)));
            }
            if self.is_one_of_many(symbol, &what, found) {
                return found.list_call(facts, id, Level::Dangerous);
            }
        }
        let args = facts.graph.items(args.node()).take(ARGUMENTS).collect();
        let call = Call { id, kind, args, kwargs };
        let mut steps = std::mem::take(&mut self.steps);
        let result = facts.comes_to(&what, &call, &mut steps);
        steps.drain(..).for_each(|step| self.step(facts, id, step, found));
        self.steps = steps;
        method_taken(facts, id, &result, found);
        facts.remember_result(&what, id, result);
        facts.note_change(id);
        found.list_call(facts, id, level.max(found.level_of(id)));
    }

    /// Whether one more call of a dangerous global says nothing new: it is counted only.
    fn is_one_of_many(&mut self, symbol: SymbolId, what: &AbstractValue, found: &mut Findings) -> bool {
        let is_sink = |named: &GlobalRef| matches!(named.known, Known::Sink(_)) && !named.has(Traits::FINDS);
        if !matches!(what, AbstractValue::Global(named) if is_sink(named)) {
            return false;
        }
        let count = self.many.entry(symbol).or_default();
        *count = count.saturating_add(1);
        let many = *count > ALIKE && !found.lists_calls();
        found.out.finding_count += u64::from(many);
        many
    }

    fn step(&mut self, facts: &Facts<'_>, id: NodeId, step: Step, found: &mut Findings) {
        match step {
            Step::Global(named, call) => self.global(facts, &named, &call, found),
            Step::Method { name, is_constant } => {
                let mut draft = Draft::at(id);
                draft.explanation = format!("Loading calls the method {name} of a value that the file makes.");
                let level = if is_constant { Level::Suspicious } else { Level::Dangerous };
                found.find(facts, &COMPUTED_CALL, level, draft);
            }
            Step::Function => stored_code::function_called(facts, id, found),
            Step::StoredClass => self.stored.instance(facts, id, found),
            Step::Result(what, call) => result_called(facts, &what, &call, found),
            step => lookups::judge(facts, id, step, found),
        }
    }

    fn global(&mut self, facts: &Facts<'_>, named: &Rc<GlobalRef>, call: &Call, found: &mut Findings) {
        given::namespace(facts, named, call, found);
        sizes::judge(facts, named, call, found);
        match named.known {
            Known::Sink(capability) => {
                let mut draft = Draft::named(call.id, named);
                draft.explanation = format!("Loading this file would {}.", capability.verb());
                found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
            }
            Known::Reviewed(review) => {
                role(facts, named, review, call, found);
                let is_plain = matches!(review.check, Check::Any | Check::FirstClass | Check::TwoClasses);
                if is_plain || named.growth.is_some() {
                    given::getter(facts, named, call, found);
                    let is_quiet = call.makes() || named.has(Traits::RECONSTRUCTS);
                    if (facts.has_getters || facts.has_library_code) && !is_quiet {
                        for (edge, at_most) in given::asked(facts, call) {
                            if given::has_code_of_its_own(facts, edge) {
                                given::asks_for_items(facts, named, call.id, edge, at_most, found);
                            }
                        }
                    }
                }
                arguments::check(&mut self.stored, self.nested, facts, named, review.check, call, found);
            }
            Known::Unknown => unreviewed::call(facts, named, call, found),
        }
    }
}

/// A method that reaches out of its object, taken to be called later: wherever it is kept, something may.
fn method_taken(facts: &Facts<'_>, id: NodeId, result: &AbstractValue, found: &mut Findings) {
    let (name, level) = match result {
        AbstractValue::Method(owner, name) if facts.bound(owner, name) >= Level::Suspicious => match &**owner {
            // What a known class does is known: no honest file hands that on.
            AbstractValue::Instance(class) if matches!(class.known, Known::Reviewed(_)) => (name, Level::Dangerous),
            // Of a class of somebody's own only its author knows what the method does.
            AbstractValue::Instance(class)
                if class.known == Known::Unknown && !is_known_package(&class.module) && !is_stdlib(&class.module) =>
            {
                return;
            }
            _ => (name, Level::Suspicious),
        },
        AbstractValue::MethodCaller(name) => (name, Level::Suspicious),
        _ => return,
    };
    let is_of_path = matches!(result, AbstractValue::Method(owner, _)
        if matches!(&**owner, AbstractValue::Instance(class) if class.has(Traits::PATH)));
    // `to_numpy` and its kin make something else of the object itself.
    let is_kept_to =
        name.starts_with("to_") && !["to_csv", "to_pickle", "to_sql", "to_json", "to_hdf"].contains(&&**name);
    if is_of_path || reaches_out(name) && !is_kept_to {
        let mut draft = Draft::at(id);
        draft.explanation =
            format!("Loading takes the method {name}, which reads, writes or runs something, to be called later.");
        let rule = if level == Level::Dangerous { &COMPUTED_CALL } else { &UNUSUAL_USE };
        found.find(facts, rule, level, draft);
    }
}

/// Whether a call says no more than the name of what it calls.
fn is_quiet(facts: &Facts<'_>, what: &AbstractValue, id: NodeId) -> bool {
    let Some(glance) = facts.graph.glance(id).filter(|_| matches!(what, AbstractValue::Global(_))) else {
        return false;
    };
    !facts.may_be_given_getters(id)
        && !facts.has_huge.get()
        && facts.quiet_call(what, false).covers(CallGlance { is_changed: false, ..glance })
}

/// A call of something that is no name: of the result of another call, or of plain data.
fn result_called(facts: &Facts<'_>, what: &AbstractValue, call: &Call, found: &mut Findings) {
    let level = match what {
        // The extension code has its own finding.
        _ if super::loader::is_extension(facts, call.id) => Level::Suspicious,
        AbstractValue::Instance(_) | AbstractValue::Opaque | AbstractValue::Endless if call.makes() => {
            Level::UnknownCode
        }
        // SQLAlchemy's listeners: what they are given has to be a class.
        AbstractValue::Instance(class)
            if class.has(Traits::CALLED_PLAINLY)
                && facts.arguments(call).iter().all(|given| matches!(given, AbstractValue::Global(_))) =>
        {
            return;
        }
        AbstractValue::Data | AbstractValue::Text(_) | AbstractValue::Bytes(_) => Level::Suspicious,
        _ => Level::Dangerous,
    };
    let mut draft = Draft::at(call.id);
    draft.explanation = match level {
        Level::UnknownCode => "Loading makes an instance of a class that another call gave.".to_owned(),
        _ => "Loading calls the result of something else; which code that is cannot be known.".to_owned(),
    };
    found.find(facts, &COMPUTED_CALL, level, draft);
}

/// Whether the name may be called in this way.
fn role(facts: &Facts<'_>, named: &GlobalRef, review: Review, call: &Call, found: &mut Findings) {
    if facts.makes_class(named, call.id, &call.args) {
        return stored_code::class_made(facts, named, call.id, found);
    }
    let bare = matches!(call.kind, CallKind::Inst | CallKind::Obj) && call.args.is_empty();
    let fits = match review.role {
        Role::Class => true,
        Role::Instance => call.makes() || bare,
        Role::Function | Role::Builder => !call.makes(),
        Role::Reference => false,
    };
    if fits {
        return;
    }
    // Constructors that picklers do not call may open what a text names.
    let is_text = !named.has(Traits::KEEPS_TEXT) && unreviewed::is_given_place(facts, call);
    let is_made = review.role == Role::Instance || review.check == Check::MadeAsArray;
    let is_quiet = is_made && !is_stdlib(&named.module) && !is_text;
    let level = if is_quiet { Level::UnknownCode } else { Level::Suspicious };
    let mut draft = Draft::named(call.id, named);
    draft.explanation =
        format!("{} is ordinary ({}), but ordinary files never call it this way.", named.full(), review.reason);
    found.find(facts, &UNUSUAL_USE, level, draft);
}
