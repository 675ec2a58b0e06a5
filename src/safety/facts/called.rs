//! How bad it is when something calls a value.

use super::reading::Facts;
use crate::graph::{Edge, Node, NodeId};
use crate::safety::level::Level;
use crate::safety::names::{
    Called, Check, Known, Review, Role, Traits, acts, is_introspective, is_known_package, is_reviewed_package,
    is_stdlib, judge, method_acts, reaches_out, source,
};
use crate::safety::values::{AbstractValue, GlobalRef};

impl GlobalRef {
    /// Whether its result finds or calls something when it is called.
    pub(in crate::safety) fn is_getter(&self) -> bool {
        use Check::{Attrgetter, Curry, Descriptor, Getattr, Methodcaller, Partial};
        let makes_one =
            |review: Review| matches!(review.check, Attrgetter | Curry | Descriptor | Getattr | Methodcaller | Partial);
        matches!(self.known, Known::Reviewed(review) if makes_one(review)) || self.has(Traits::CALLS_WHAT_IT_HOLDS)
    }

    /// Whether it is a function, going by its first letter.
    pub(in crate::safety) fn is_named_like_function(&self) -> bool {
        let last = self.name.rsplit('.').next().unwrap_or(&self.name);
        last.trim_start_matches('_').starts_with(|c: char| c.is_lowercase())
    }

    /// For a method of a reviewed class or function: how bad calling it is.
    pub(in crate::safety) fn method_of_reviewed(&self) -> Option<Level> {
        let (owner, method) = self.name.rsplit_once('.')?;
        // A class inside of a class.
        if method.trim_start_matches('_').starts_with(|c: char| c.is_uppercase()) {
            return None;
        }
        let Known::Reviewed(review) = judge(&self.module, owner) else { return None };
        if !matches!(review.role, Role::Class | Role::Instance) {
            return Some(Level::Suspicious);
        }
        Some(if method_acts(method) { Level::Dangerous } else { Level::Suspicious })
    }

    /// How bad it is that something calls a method of an instance of this reviewed class. The class was reviewed for what
    /// picklers do with it, and they call none of its methods; what a method's own line says counts.
    fn level_of_method(&self, method: &str) -> Level {
        match judge(&self.module, &format!("{}.{method}", self.name)) {
            Known::Sink(_) => Level::Dangerous,
            Known::Reviewed(review) => called_reviewed(review),
            Known::Unknown if method_acts(method) => Level::Dangerous,
            Known::Unknown if is_stdlib(&self.module) => Level::Suspicious,
            Known::Unknown => Level::UnknownCode,
        }
    }

    /// How bad a call of an unreviewed name is, whatever it is given.
    pub(in crate::safety) fn level_of_unknown(&self) -> Level {
        if self.has(Traits::LEADS_ANYWHERE) {
            return Level::Dangerous;
        }
        if let Some(level) = self.method_of_reviewed() {
            return level;
        }
        match () {
            () if is_known_package(&self.module) && acts(&self.name).is_some() => Level::Dangerous,
            () if is_stdlib(&self.module) => Level::Suspicious,
            () if is_reviewed_package(&self.module) && self.is_named_like_function() => Level::Suspicious,
            () => Level::UnknownCode,
        }
    }
}

/// Whether a method of a path only puts its words together.
fn is_of_words(method: &str) -> bool {
    matches!(
        method,
        "joinpath"
            | "with_name"
            | "with_stem"
            | "with_suffix"
            | "as_posix"
            | "is_absolute"
            | "relative_to"
            | "match"
            | "is_relative_to"
    )
}

impl Facts<'_> {
    /// A bound method of a value that the file makes, as a value: it is as known as the class.
    pub(in crate::safety) fn bound(&self, owner: &AbstractValue, name: &str) -> Level {
        if name.split('.').any(is_introspective) {
            return Level::Suspicious;
        }
        match owner {
            AbstractValue::Instance(class) => match class.known {
                Known::Sink(_) => Level::Dangerous,
                // Harmless as long as no method of it is called.
                Known::Reviewed(Review { check: Check::Acts(_) | Check::OpensFiles, .. }) => Level::Dangerous,
                // What else a path does it does to a file.
                _ if class.has(Traits::PATH) && !is_of_words(name) => Level::Suspicious,
                // `to_state`: of a class of somebody's own only its author knows what the method does.
                Known::Unknown
                    if name.starts_with("to_") && !is_known_package(&class.module) && !is_stdlib(&class.module) =>
                {
                    Level::UnknownCode
                }
                // A logger is the loading program's.
                _ if reaches_out(name) || class.has(Traits::OF_THE_LOADER) => Level::Suspicious,
                Known::Reviewed(_) => Level::Recognised,
                Known::Unknown => Level::UnknownCode,
            },
            AbstractValue::Data | AbstractValue::Endless => Level::Recognised,
            // Methods of texts put names together.
            _ => Level::Suspicious,
        }
    }

    /// How bad it is when something calls this value with whatever arguments.
    pub(in crate::safety) fn when_called(&self, value: &AbstractValue, edge: Option<Edge>) -> Level {
        match value {
            AbstractValue::Global(given) => match given.known {
                Known::Sink(_) => Level::Dangerous,
                Known::Reviewed(review) => called_reviewed(review),
                Known::Unknown => given.level_of_unknown(),
            },
            AbstractValue::Partial(inner, _) => match &**inner {
                AbstractValue::Partial(..) => Level::Dangerous,
                // Its keywords may say what to call.
                AbstractValue::Global(named) if matches!(named.known, Known::Reviewed(review) if review.check.resolves()) => {
                    Level::Dangerous
                }
                inner => self.when_called(inner, None),
            },
            AbstractValue::Method(owner, name) => match (self.bound(owner, name), &**owner) {
                (Level::Recognised, AbstractValue::Instance(class)) => class.level_of_method(name),
                (Level::Recognised, _) if !method_acts(name) => Level::Recognised,
                (Level::UnknownCode, _) => Level::UnknownCode,
                _ => Level::Dangerous,
            },
            AbstractValue::Class => Level::UnknownCode,
            AbstractValue::Data
            | AbstractValue::Text(_)
            | AbstractValue::Bytes(_)
            | AbstractValue::Endless
            | AbstractValue::Code => Level::DataOnly,
            // Made behind this call, and not worked out yet.
            AbstractValue::Instance(class)
                if matches!(class.known, Known::Reviewed(review)
                if review.check.resolves() && !matches!(review.check, Check::Runs(_))) =>
            {
                Level::Dangerous
            }
            // What an instance does when it is called is not said by its class being reviewed.
            AbstractValue::Instance(_) => {
                edge.map_or(Level::Suspicious, |edge| self.worst_inside(edge.node())).max(Level::Suspicious)
            }
            _ => Level::Dangerous,
        }
    }

    /// The worst that calling anything inside an instance would be: its arguments, its state, and what these hold.
    pub(in crate::safety) fn worst_inside(&self, instance: NodeId) -> Level {
        if !self.has_callables {
            return Level::DataOnly;
        }
        let mut worst = Level::DataOnly;
        let is_whole = self.inside_of(instance, &mut |_, value| {
            if !matches!(value, AbstractValue::Instance(_) | AbstractValue::Opaque) {
                worst = worst.max(self.when_called(value, None));
            }
        });
        // What was not looked at may be a getter.
        if !is_whole && self.has_getters { worst.max(Level::Suspicious) } else { worst }
    }

    /// Whether an instance holds something that code of its class may call: in its state, its arguments, or what these hold.
    /// Which classes have instances that can be called is not known, so any class counts that has code of its own.
    pub(in crate::safety) fn may_call_inside(&self, instance: NodeId) -> bool {
        let mut is_called = false;
        let is_whole = self.inside_of(instance, &mut |_, value| {
            is_called |= match value {
                AbstractValue::Data
                | AbstractValue::Text(_)
                | AbstractValue::Bytes(_)
                | AbstractValue::Code
                | AbstractValue::Endless
                | AbstractValue::Module(_)
                | AbstractValue::Namespace(_) => false,
                AbstractValue::Instance(class) => {
                    class.known == Known::Unknown || source(&class.module, &class.name).is_some()
                }
                value => {
                    self.when_called(value, None) > Level::Recognised || matches!(value, AbstractValue::Partial(..))
                }
            };
        });
        is_called || !is_whole
    }

    /// Goes over what an instance or a container holds: arguments, state, items, and what these hold in turn. Says whether
    /// that was all.
    pub(in crate::safety) fn inside_of(&self, owner: NodeId, look: &mut dyn FnMut(Edge, &AbstractValue)) -> bool {
        /// Values that are looked at, for one owner, for all of a file, and for one when these are used up.
        const MOST: u32 = 2048;
        const TOGETHER: u32 = 1 << 22;
        const FEW: u32 = 32;
        let most = if self.walked.get() > TOGETHER { FEW } else { MOST };
        let (mut stack, mut seen) = (vec![owner], 0);
        while let Some(node) = stack.pop() {
            let callee = self.callee(node);
            for edge in self.graph.children(node).filter(|edge| Some(*edge) != callee) {
                seen += 1;
                self.walked.set(self.walked.get().saturating_add(1));
                if seen > most {
                    return false;
                }
                let value = self.value(edge);
                let holds = match value {
                    AbstractValue::Instance(_) => true,
                    AbstractValue::Data => is_container(&self.graph.node(edge.node())),
                    _ => false,
                };
                if holds {
                    stack.push(edge.node());
                }
                look(edge, &value);
            }
        }
        true
    }
}

/// How bad it is when something calls a reviewed name with whatever arguments.
fn called_reviewed(review: Review) -> Level {
    use Check::{Any, ArrayClass, Consumer, Endless, TwoClasses};
    let is_plain = matches!(review.check, Any | ArrayClass | Consumer | Endless | TwoClasses);
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
