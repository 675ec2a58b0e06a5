//! What is called by something else: what iterators, reconstructors and containers are given to call.

use super::audit::Auditor;
use super::calls::Call;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Called, Check, Known, Review, Role, Traits, is_introspective, method_acts, reaches_out};
use super::{Level, rules};
use crate::graph::{Edge, Node, NodeId, RunKind};
use std::rc::Rc;

impl Auditor<'_> {
    /// Positional and keyword arguments.
    pub(super) fn given(&self, call: &Call) -> Vec<Edge> {
        let mut given = call.args.clone();
        given.extend(call.kwargs.iter().flat_map(|kwargs| self.values(kwargs.node())));
        given
    }

    /// Among values that are kept to be called later, whatever can be called must be known.
    pub(super) fn callables(&mut self, named: &Rc<Named>, id: NodeId, given: &[Edge]) {
        for &edge in given {
            let meaning = self.meaning(edge);
            let level = match &meaning {
                Meaning::Named(given) => match given.known {
                    Known::Reviewed(review) if finds_by_name(review.check) => Level::Suspicious,
                    Known::Reviewed(_) | Known::Unknown => continue,
                    Known::Sink(_) => Level::Dangerous,
                },
                Meaning::Partial(..) if self.when_called(&meaning, None) <= Level::Recognised => continue,
                Meaning::Function | Meaning::Class | Meaning::Partial(..) => Level::UnknownCode,
                Meaning::Method(owner, name) => self.bound(owner, name),
                Meaning::MethodCaller(_) | Meaning::Attributes(_) => Level::Suspicious,
                _ => continue,
            };
            if level <= Level::Recognised {
                continue;
            }
            let mut draft = Draft::named(id, named);
            draft.explanation = format!("{} is given {} to call.", named.full(), self.lens.inline(edge));
            self.find(&rules::unusual_arguments::RULE, level, draft);
        }
    }

    /// What is reviewed is not known to call what it is given; no honest file gives it a getter.
    pub(super) fn is_given_getter(&mut self, named: &Rc<Named>, call: &Call) {
        if !self.has_getters || named.has(Traits::CELL) {
            return;
        }
        // A getter is what a call gave.
        let is_call = |edge: &Edge| matches!(self.graph.node(edge.node()), Node::Call { .. });
        let getter = self.given(call).into_iter().filter(is_call).find(|edge| match self.meaning(*edge) {
            Meaning::Attributes(_) | Meaning::MethodCaller(_) => true,
            meaning @ Meaning::Partial(..) => self.when_called(&meaning, Some(*edge)) == Level::Dangerous,
            ref meaning @ Meaning::Instance(ref class) if class.has(Traits::CALLS_WHAT_IT_HOLDS) => {
                self.when_called(meaning, Some(*edge)) == Level::Dangerous
            }
            _ => false,
        });
        if let Some(getter) = getter {
            let why = format!("{} is given {}, which it may call.", named.full(), self.spelled(getter.node()));
            self.unusual(named, call, Level::Suspicious, why);
        }
    }

    /// A bound method of a value that the file makes, as a value: it is as known as the class.
    pub(super) fn bound(&self, owner: &Meaning, name: &str) -> Level {
        if name.split('.').any(is_introspective) {
            return Level::Suspicious;
        }
        match owner {
            Meaning::Instance(class) => match class.known {
                Known::Sink(_) => Level::Dangerous,
                // A logger is the loading program's.
                _ if reaches_out(name) || class.has(Traits::OF_THE_LOADER) => Level::Suspicious,
                Known::Reviewed(_) => Level::Recognised,
                Known::Unknown => Level::UnknownCode,
            },
            Meaning::Data | Meaning::Endless => Level::Recognised,
            // Methods of texts put names together.
            _ => Level::Suspicious,
        }
    }

    /// Something that calls what it is given at once, or when its items are taken.
    pub(super) fn runs(&mut self, named: &Rc<Named>, call: &Call) {
        let check = if let Known::Reviewed(review) = named.known { review.check } else { Check::Any };
        let called = if let Check::Runs(called) = check { called } else { Called::FirstTwo };
        let mut called: Vec<Edge> = call.args[called.positions(call.args.len())].to_vec();
        called.extend(call.kwargs.iter().flat_map(|kwargs| self.values(kwargs.node())));
        for edge in called {
            let meaning = self.meaning(edge);
            // A bit generator is taken as it is.
            if matches!(meaning, Meaning::Instance(_)) && check == Check::BitGenerator {
                continue;
            }
            self.calls_given(named, call.id, edge, &meaning);
        }
        let others = call.args.iter().filter(|edge| matches!(self.meaning(**edge), Meaning::Instance(_)));
        for &edge in &others.copied().collect::<Vec<_>>() {
            self.asks_for_items(named, call.id, edge);
        }
    }

    fn calls_given(&mut self, named: &Rc<Named>, id: NodeId, edge: Edge, meaning: &Meaning) {
        let level = self.when_called(meaning, Some(edge));
        if level <= Level::Recognised {
            return;
        }
        let mut draft = Draft::named(id, named);
        draft.explanation = format!("{} calls {}, which it is given.", named.full(), self.spelled(edge.node()));
        let rule = match meaning {
            Meaning::Function => &rules::runs_stored_code::RULE,
            _ => &rules::computed_call::RULE,
        };
        self.find(rule, level, draft);
    }

    /// An instance whose items are taken: a view over a filter calls what it was filled with.
    pub(super) fn asks_for_items(&mut self, named: &Rc<Named>, id: NodeId, edge: Edge) {
        let Meaning::Instance(class) = self.meaning(edge) else { return };
        if class.has(Traits::PLAIN_ITEMS) || self.worst_inside(edge.node()) < Level::Suspicious {
            return;
        }
        let mut draft = Draft::named(id, named);
        draft.explanation = format!(
            "{} takes the items of {}, which holds something to call.",
            named.full(),
            self.spelled(edge.node())
        );
        self.find(&rules::computed_call::RULE, Level::Dangerous, draft);
    }

    /// How bad it is when something calls this value with whatever arguments.
    pub(super) fn when_called(&self, value: &Meaning, edge: Option<Edge>) -> Level {
        match value {
            Meaning::Named(given) => match given.known {
                Known::Sink(_) => Level::Dangerous,
                Known::Reviewed(review) => called_reviewed(review),
                Known::Unknown => self.level_of_unknown(given),
            },
            Meaning::Partial(inner, _) => match &**inner {
                Meaning::Partial(..) => Level::Dangerous,
                // Its keywords may say what to call.
                Meaning::Named(named) if matches!(named.known, Known::Reviewed(review) if review.check.resolves()) => {
                    Level::Dangerous
                }
                inner => self.when_called(inner, None),
            },
            Meaning::Method(owner, name) => match self.bound(owner, name) {
                Level::Recognised if !method_acts(name) => Level::Recognised,
                Level::UnknownCode => Level::UnknownCode,
                _ => Level::Dangerous,
            },
            Meaning::Class => Level::UnknownCode,
            Meaning::Data | Meaning::Text(_) | Meaning::Bytes(_) | Meaning::Endless | Meaning::Code => Level::DataOnly,
            // Made behind this call, and not judged yet.
            Meaning::Instance(class)
                if matches!(class.known, Known::Reviewed(review)
                if review.check.resolves() && !matches!(review.check, Check::Runs(_))) =>
            {
                Level::Dangerous
            }
            // What an instance does when it is called is not said by its class being reviewed.
            Meaning::Instance(_) => {
                edge.map_or(Level::Suspicious, |edge| self.worst_inside(edge.node())).max(Level::Suspicious)
            }
            _ => Level::Dangerous,
        }
    }

    /// The worst that calling anything inside an instance would be: its arguments, its state, and what these hold.
    pub(super) fn worst_inside(&self, instance: NodeId) -> Level {
        if !self.has_callables {
            return Level::DataOnly;
        }
        let mut worst = Level::DataOnly;
        let is_whole = self.inside_of(instance, &mut |_, meaning| {
            if !matches!(meaning, Meaning::Instance(_) | Meaning::Opaque) {
                worst = worst.max(self.when_called(meaning, None));
            }
        });
        // What was not looked at may be a getter.
        if !is_whole && self.has_getters { worst.max(Level::Suspicious) } else { worst }
    }

    /// Goes over what an instance or a container holds: arguments, state, items, and what these hold in turn. Says whether
    /// that was all.
    pub(super) fn inside_of(&self, owner: NodeId, look: &mut dyn FnMut(Edge, &Meaning)) -> bool {
        /// Values that are looked at, for one owner, for all of a file, and for one when these are used up.
        const MOST: u32 = 2048;
        const TOGETHER: u32 = 1 << 22;
        const FEW: u32 = 32;
        let most = if self.walked.get() > TOGETHER { FEW } else { MOST };
        let (mut stack, mut seen) = (vec![owner], 0);
        while let Some(node) = stack.pop() {
            let callee = match self.graph.node(node) {
                Node::Call { callee, .. } => Some(callee),
                _ => None,
            };
            for edge in self.graph.children(node).filter(|edge| Some(*edge) != callee) {
                seen += 1;
                self.walked.set(self.walked.get().saturating_add(1));
                if seen > most {
                    return false;
                }
                let meaning = self.meaning(edge);
                let holds = match meaning {
                    Meaning::Instance(_) => true,
                    Meaning::Data => is_container(&self.graph.node(edge.node())),
                    _ => false,
                };
                if holds {
                    stack.push(edge.node());
                }
                look(edge, &meaning);
            }
        }
        true
    }

    /// The values of a dict.
    pub(super) fn values(&self, dict: NodeId) -> Vec<Edge> {
        /// Values that are looked at.
        const MOST: usize = 1 << 14;
        self.graph.run_window(dict, RunKind::Pairs, 0).skip(1).step_by(2).take(MOST).collect()
    }
}

/// Names whose results find or call something when they are called.
pub(super) fn is_getter(named: &Named) -> bool {
    let makes_one = |review: Review| {
        matches!(review.check, Check::Attrgetter | Check::Getattr | Check::Methodcaller | Check::Partial)
    };
    matches!(named.known, Known::Reviewed(review) if makes_one(review)) || named.has(Traits::CALLS_WHAT_IT_HOLDS)
}

/// How bad it is when something calls a reviewed name with whatever arguments.
fn called_reviewed(review: Review) -> Level {
    use Check::{Any, ArrayClass, BitGenerator, Bounded, Consumer, Endless, TwoClasses};
    let is_plain =
        matches!(review.check, Any | ArrayClass | BitGenerator | Bounded(_) | Consumer | Endless | TwoClasses);
    match review.role {
        // `max` as an operator; they call only what a keyword gives.
        Role::Reference if review.check == Check::Runs(Called::Keywords) => Level::Recognised,
        _ if review.check.resolves() => Level::Dangerous,
        // What it is given should be looked at, and cannot be.
        _ if !is_plain => Level::Suspicious,
        Role::Instance => Level::Suspicious,
        Role::Reference | Role::Class | Role::Function | Role::Builder => Level::Recognised,
    }
}

fn is_container(node: &Node) -> bool {
    matches!(node, Node::Tuple | Node::List | Node::Dict | Node::Set | Node::FrozenSet)
}

/// Checks of functions that honest files call and never hand on.
fn finds_by_name(check: Check) -> bool {
    matches!(
        check,
        Check::Getattr
            | Check::Getitem
            | Check::Setattr
            | Check::ByName
            | Check::ModuleByName
            | Check::TypeByName
            | Check::NestedPickle
            | Check::UnionOf
            | Check::OpensFiles
            | Check::Acts(_)
    )
}
