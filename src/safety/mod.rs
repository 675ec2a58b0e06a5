//! What loading a file would do, judged by names, calls and arguments, never by text.
//!
//! [`audit`] looks at one [`Reading`]. `names` is the database of what is known of names; `values` works out what the expressions of a
//! file come to; `facts` has both for one reading. `passes` are functions from facts to findings, each beside the pages of its
//! rules; `finding` collects them with their evidence, and `verdict` is what comes out. `forecast.rs` says what torch's own
//! restricted loader would.

mod facts;
mod finding;
mod forecast;
mod level;
mod names;
mod passes;
pub mod rules;
mod values;
mod verdict;

pub use finding::{Finding, HowNamed};
pub use forecast::{Forecast, Stop, forecast, torch_knows};
pub use level::Level;
pub use names::{Called, Capability, Check, Known, Review, Role, judge};
#[cfg(target_arch = "wasm32")]
pub(crate) use names::{prepare, take as take_names};
pub use verdict::{Audit, CALLS, CallSite, FINDINGS, IMPORTS, Import};

use crate::graph::Node;
use crate::lens::Lens;
use crate::machine::Reading;
use facts::Facts;
use passes::call_rules::DANGEROUS_CALL;
use passes::calls::Calls;
use passes::nested::{Budget, Nested};
use passes::{
    bombs, changes, collisions, hooks, imports, joblib_notes, keys, loader, lookups, memory, nested, readers,
    running_code, stand_ins,
};
use verdict::Findings;

/// Whether a module is of Python's own library.
#[must_use]
pub fn is_stdlib_module(module: &str) -> bool {
    names::is_stdlib(module)
}

/// Audits a reading: what loading it would do, from which byte, and whether that is all of it. `lens` reads the same graph.
#[must_use]
pub fn audit(reading: &Reading, lens: &Lens<'_>) -> Audit {
    audit_within(reading, *lens, &Budget::default())
}

impl Audit {
    /// The worst finding; of equals what is called before what is only named, then the earliest.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        let is_call = |finding: &Finding| finding.is_of(&DANGEROUS_CALL);
        self.findings.iter().rev().max_by_key(|finding| (finding.level, is_call(finding)))
    }
}

/// The same of a pickle that may be inside another.
fn audit_within(reading: &Reading, lens: Lens<'_>, budget: &Budget) -> Audit {
    let (mut facts, mut found) = (Facts::new(reading, lens), Findings::default());
    let mut inside = Nested::new(budget, audit_within);
    facts.payloads(&mut |facts, id, span, payload| inside.payload(facts, (id, span, payload), &mut found));
    imports::pass(&facts, &mut found);
    calls(&mut facts, &inside, &mut found);
    hooks::pass(&facts, &mut found);
    changes::pass(&facts, &mut found);
    running_code::pass(&facts, &mut found);
    stand_ins::pass(&facts, &mut found);
    keys::pass(&facts, &mut found);
    memory::pass(&facts, &mut found);
    if !budget.without_joblib.get() {
        joblib_notes::pass(&facts, &mut found);
    }
    readers::problems(&facts, &inside, &mut found);
    readers::read_without_joblib(&facts, &inside, &mut found);
    bombs::pass(&facts, &mut found);
    collisions::pass(&facts, &mut found);
    nested::behind(&facts, &inside, &mut found);
    if budget.short.get() {
        found.partial("not every pickle inside this one was looked at");
    }
    if facts.foldable.get() == 0 {
        found.partial("not everything that calls put together was worked out");
    }
    found.finish()
}

/// Works out what reaches out of the file, in the order in which a loader makes it, and judges it: whatever a call is given
/// has been worked out before. Only nodes that reach out are looked at, and each once.
fn calls(facts: &mut Facts<'_>, inside: &Nested<'_>, found: &mut Findings) {
    let graph = facts.graph;
    let mut calls = Calls::new(inside);
    let quiet = facts.quiet_calls();
    let mut reaches_out = !graph.symbols.is_empty();
    for id in graph.reaching_out() {
        reaches_out = true;
        // The rule in files of millions of objects: nothing to say of a call that was not said of its callee.
        if let Some(glance) = graph.glance(id)
            && !found.lists_calls()
            && quiet[glance.symbol.0 as usize].covers(glance)
            && !facts.may_be_given_getters(id)
            && !facts.has_huge.get()
        {
            found.out.call_count += 1;
            continue;
        }
        match graph.node(id) {
            Node::Call { .. } => calls.call(facts, id, found),
            Node::ComputedGlobal { module, name } => {
                let value = lookups::computed_global(facts, id, (module, name), found);
                value.into_iter().for_each(|value| facts.remember(id, value));
            }
            Node::PersistentId(edge) => {
                let value = loader::persistent_id(facts, id, edge, found);
                value.into_iter().for_each(|value| facts.remember(id, value));
            }
            Node::Extension(code) => loader::extension(facts, id, code, found),
            _ => {}
        }
    }
    let least = if reaches_out { Level::Recognised } else { Level::DataOnly };
    found.out.level = found.out.level.max(least);
}
