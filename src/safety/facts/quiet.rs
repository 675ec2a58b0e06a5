//! Which calls of a global say no more than its name does: of millions of them, each costs a glance.

use super::reading::Facts;
use crate::graph::{CallGlance, CallKind, Edge, Node, NodeId, SymbolId};
use crate::safety::names::{AtOnce, Check, Known, Role, Traits};
use crate::safety::values::{ARGUMENTS, AbstractValue, GlobalRef};

/// Which calls of a global say no more than its name does.
#[derive(Clone, Copy, Default)]
pub(in crate::safety) struct Quiet {
    /// Kinds of calls, a bit each.
    kinds: u8,
    /// Those that must be given no arguments.
    bare: u8,
    /// Whether nothing may be done to what they give.
    unchanged: bool,
}

impl Quiet {
    pub(in crate::safety) fn covers(self, call: CallGlance) -> bool {
        let kinds = if call.is_bare { self.kinds | self.bare } else { self.kinds };
        kinds & call.kind.bit() != 0 && !(self.unchanged && call.is_changed)
    }
}

impl Facts<'_> {
    /// Whether calls have to be looked at for how large what they give is. Numbers are worked out when something asks for
    /// them.
    fn is_sized(&self, named: &GlobalRef) -> bool {
        named.growth.map_or(self.has_large_numbers && !named.has(Traits::KEEPS_NUMBERS), |(growth, at_once)| {
            !(growth.is_number() && at_once == AtOnce::Nothing)
        })
    }

    /// Whether the file has getters, and an argument is the result of a call, which may be one.
    pub(in crate::safety) fn may_be_given_getters(&self, id: NodeId) -> bool {
        if !self.has_getters {
            return false;
        }
        let Node::Call { args, kwargs, .. } = self.graph.node(id) else { return true };
        let is_call = |edge: Edge| matches!(self.graph.node(edge.node()), Node::Call { .. });
        kwargs.is_some() || self.graph.items(args.node()).take(ARGUMENTS).any(is_call)
    }

    /// Of each global: which of its calls have nothing to say that its name has not. Decided once for a name.
    pub(in crate::safety) fn quiet_calls(&self) -> Vec<Quiet> {
        let hooks = self.looks_for_hooks();
        let globals = (0..self.graph.symbols.len() as u32).map(|symbol| self.global(SymbolId(symbol)));
        globals.map(|global| self.quiet_call(global, hooks)).collect()
    }

    /// `hooks`: whether something may be put into what they make that Python calls.
    pub(in crate::safety) fn quiet_call(&self, what: &AbstractValue, hooks: bool) -> Quiet {
        let AbstractValue::Global(named) = what else { return Quiet::default() };
        match named.known {
            Known::Reviewed(review)
                if review.check == Check::Any && !named.has(Traits::FOLDS) && !self.is_sized(named) =>
            {
                let makes = CallKind::NewObj.bit() | CallKind::NewObjEx.bit();
                let kinds = match review.role {
                    Role::Class => u8::MAX,
                    Role::Instance => makes,
                    Role::Function | Role::Builder => CallKind::Reduce.bit(),
                    Role::Reference => 0,
                };
                // Of some classes the state itself is looked at.
                let state = Traits::STATE_HAS_CODE
                    .with(Traits::STATE_HAS_HANDLE)
                    .with(Traits::STATE_HAS_FORMULA)
                    .with(Traits::SETTERS_HAVE_CODE)
                    .with(Traits::LAYS_OUT_MEMORY);
                let looks_at_state = named.has(state);
                let unchanged = hooks || review.role == Role::Function || looks_at_state;
                // Constructors may be given hooks.
                let kinds = if hooks { kinds & makes } else { kinds };
                Quiet { kinds, bare: 0, unchanged }
            }
            Known::Unknown => {
                let is_quiet = !named.has(Traits::LEADS_ANYWHERE) && named.method_of_reviewed().is_none();
                Quiet { kinds: 0, bare: if is_quiet { CallKind::NewObj.bit() } else { 0 }, unchanged: hooks }
            }
            _ => Quiet::default(),
        }
    }
}
