//! Regular expressions: linear in the text, by a lazily built DFA, and by the NFA itself where that gives up.

use regex_automata::hybrid::{dfa, regex};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures, pikevm};
use regex_automata::{Input, MatchKind};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that a compiled expression, and the states of each of its DFAs, may take.
const COMPILED: usize = 4 << 20;

/// A compiled expression, with what its searches keep from text to text.
#[derive(Clone)]
pub(super) struct Expression(Arc<Engines>);

struct Engines {
    /// Expressions of which a DFA needs more memory than it may take have none.
    dfa: Option<(Mutex<regex::Cache>, regex::Regex)>,
    nfa: pikevm::PikeVM,
    cache: Mutex<pikevm::Cache>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expression")
    }
}

impl Expression {
    pub(super) fn new(pattern: &str, case: bool) -> Result<Self, String> {
        let mut parser = ParserBuilder::new();
        let parsed = parser.utf8(false).case_insensitive(!case).build().parse(pattern);
        let parsed = parsed.map_err(|error| error.to_string())?;
        let too_large = || format!("the expression would take more than {} MiB compiled", COMPILED >> 20);
        let nfa = compile(&parsed, false).ok_or_else(too_large)?;
        let dfa = compile(&parsed, true).and_then(|reverse| dfa_of(&nfa, &reverse));
        let dfa = dfa.map(|dfa| (Mutex::new(dfa.create_cache()), dfa));
        let nfa = pikevm::Builder::new().build_from_nfa(nfa).map_err(|error| error.to_string())?;
        let cache = Mutex::new(nfa.create_cache());
        Ok(Self(Arc::new(Engines { dfa, nfa, cache })))
    }

    /// The first match that begins at or behind `from`.
    pub(super) fn find_at(&self, hay: &[u8], from: usize) -> Option<Range<usize>> {
        let input = Input::new(hay).range(from..);
        if let Some((cache, dfa)) = &self.0.dfa {
            let cache = &mut cache.lock().unwrap_or_else(PoisonError::into_inner);
            // It gives up before letters that are not ASCII when words end in the expression, and when states do not pay.
            if let Ok(found) = dfa.try_search(cache, &input) {
                return found.map(|found| found.range());
            }
        }
        let cache = &mut self.0.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ends = [None; 2];
        self.0.nfa.search_slots(cache, &input, &mut ends)?;
        Some(ends[0]?.get()..ends[1]?.get())
    }
}

/// Nothing for what would be too large.
fn compile(parsed: &Hir, reverse: bool) -> Option<NFA> {
    let which = if reverse { WhichCaptures::None } else { WhichCaptures::Implicit };
    let config = thompson::Config::new().utf8(false).reverse(reverse).which_captures(which);
    thompson::Compiler::new().configure(config.nfa_size_limit(Some(COMPILED))).build_from_hir(parsed).ok()
}

fn dfa_of(forward: &NFA, reverse: &NFA) -> Option<regex::Regex> {
    let config = dfa::Config::new().cache_capacity(COMPILED).unicode_word_boundary(true);
    let config = config.minimum_cache_clear_count(Some(3)).minimum_bytes_per_state(Some(10));
    let build = |config: dfa::Config, nfa: &NFA| dfa::Builder::new().configure(config).build_from_nfa(nfa.clone()).ok();
    let backwards = config.clone().match_kind(MatchKind::All);
    Some(regex::Builder::new().build_from_dfas(build(config, forward)?, build(backwards, reverse)?))
}
