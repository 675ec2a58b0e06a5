//! The audit of one reading: what loading it would do, from which byte, and whether that is all of it.
//!
//! Nodes are judged in the order in which a loader makes them, so whatever a call is given has been judged before. Only
//! nodes that reach out of the file are looked at, and each once.

use super::Level;
use super::callers::is_getter;
use super::calls::{may_fold, reconstructs};
use super::evidence::Draft;
use super::known::{Check, Known, is_introspective, is_master_key, judge};
use super::meaning::{Meaning, Named};
use super::nested::{Budget, Inside};
use super::outcome::{Audit, CALLS, FINDINGS, Finding, IMPORTS, Import};
use super::rules::{self, Rule};
use crate::bytes::Span;
use crate::graph::{Edge, Graph, Node, NodeId, Symbol, SymbolId};
use crate::lens::Lens;
use crate::machine::Reading;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// Findings of one rule about one name; further ones are counted.
const ALIKE: u32 = 20;
/// Bytes that go into working out what the calls of one file put together.
const FOLDABLE: u64 = 64 << 20;

/// Audits a reading. `lens` reads the same graph.
#[must_use]
pub fn audit(reading: &Reading, lens: &Lens<'_>) -> Audit {
    Auditor::new(reading, *lens, &Budget::default()).run()
}

/// The state of an audit.
pub(super) struct Auditor<'a> {
    pub(super) reading: &'a Reading,
    pub(super) lens: Lens<'a>,
    pub(super) graph: &'a Graph,
    pub(super) budget: &'a Budget,
    /// By symbol.
    pub(super) names: Vec<Rc<Named>>,
    /// The same, as values.
    globals: Vec<Meaning>,
    /// Calls of each dangerous global so far.
    sink_calls: HashMap<SymbolId, u32>,
    /// Of nodes whose meaning is not plain from their record.
    pub(super) meanings: HashMap<NodeId, Meaning>,
    /// Level of each call that has more than its callee's.
    raised: HashMap<NodeId, Level>,
    /// Whether the file names the namespace of a module as a dict.
    pub(super) has_namespaces: bool,
    /// Whether it has a way to a module as a whole.
    pub(super) imports_modules: bool,
    /// Whether calls of the file put texts together.
    pub(super) folds: bool,
    /// Whether the file brings functions of its own, which name modules.
    pub(super) has_functions: bool,
    /// Whether calling anything that the file names could do harm: without such a name, what is no hook in itself needs no
    /// look.
    pub(super) has_callables: bool,
    /// What long texts and bytes mean: calls may be given the same one many times.
    constants: RefCell<HashMap<NodeId, Meaning>>,
    /// Bytes that may still go into working out what calls put together.
    pub(super) foldable: Cell<u64>,
    /// Calls whose results were thrown away.
    pub(super) discarded: HashSet<NodeId>,
    /// Nodes inside instances that were looked at for what can be called.
    pub(super) walked: Cell<u32>,
    /// Whether the file can make what finds or calls something when it is called itself.
    pub(super) has_getters: bool,
    /// Texts of the file that name hooks of Python.
    pub(super) hooks: HashSet<NodeId>,
    /// Code objects of the file that name something dangerous: what.
    pub(super) dangerous_code: Vec<String>,
    /// Texts of the file that name methods which APPEND(S) and ADDITEMS look up.
    pub(super) adders: HashSet<NodeId>,
    /// Results of calls that were changed, or that something may have been planted in: judged when all is known.
    pub(super) changed: Vec<NodeId>,
    /// States whose keys have been looked at.
    pub(super) visited: HashSet<NodeId>,
    /// What is in values that hold a pickle, by where they begin.
    pub(super) looked_into: HashMap<u64, Rc<Inside>>,
    /// A piece of the source and where it begins: see `head`.
    pub(super) piece: (u64, Vec<u8>),
    /// Level of the least finding that is kept, once the list is full.
    least_kept: Level,
    /// How many findings there were of a rule, a level and a name, by their hash.
    alike: HashMap<u64, u32>,
    pub(super) out: Audit,
}

impl<'a> Auditor<'a> {
    pub(super) fn new(reading: &'a Reading, lens: Lens<'a>, budget: &'a Budget) -> Self {
        let graph = &reading.graph;
        let names: Vec<Rc<Named>> =
            graph.symbols.iter().map(|symbol| Named::new(&symbol.module, &symbol.name)).collect();
        let globals: Vec<Meaning> = names.iter().map(|named| global_meaning(Rc::clone(named))).collect();
        let has_check = |check: Check| move |named: &Rc<Named>| matches!(named.known, Known::Reviewed(review) if review.check == check);
        Self {
            has_namespaces: globals.iter().any(|global| matches!(global, Meaning::Namespace(_))),
            imports_modules: names
                .iter()
                .any(|named| has_check(Check::ByName)(named) || has_check(Check::ModuleByName)(named)),
            folds: names.iter().any(|named| may_fold(named)),
            has_getters: names.iter().any(|named| is_getter(named)),
            has_functions: names
                .iter()
                .any(|named| has_check(Check::MakeFunction)(named) || has_check(Check::FillFunction)(named)),
            reading,
            lens,
            graph,
            budget,
            names,
            globals,
            sink_calls: HashMap::new(),
            meanings: HashMap::new(),
            raised: HashMap::new(),
            has_callables: false,
            constants: RefCell::default(),
            foldable: Cell::new(FOLDABLE),
            discarded: discarded_calls(reading),
            walked: Cell::new(0),
            hooks: HashSet::new(),
            dangerous_code: Vec::new(),
            adders: HashSet::new(),
            changed: Vec::new(),
            visited: HashSet::new(),
            looked_into: HashMap::new(),
            piece: (0, Vec::new()),
            least_kept: Level::DataOnly,
            alike: HashMap::new(),
            out: Audit::default(),
        }
    }

    pub(super) fn run(mut self) -> Audit {
        let acts = |global: &Meaning| self.when_called(global, None) >= Level::Suspicious;
        self.has_callables = self.globals.iter().any(acts);
        self.payloads();
        self.imports();
        let mut reaches_out = !self.graph.symbols.is_empty();
        let quiet = self.quiet_calls();
        for id in self.graph.reaching_out() {
            reaches_out = true;
            // The rule in files of millions of objects: nothing to say of a call that was not said of its callee.
            if let Some(glance) = self.graph.glance(id)
                && self.out.calls.len() >= CALLS
                && quiet[glance.symbol.0 as usize].covers(glance)
                && !self.may_be_given_getters(id)
            {
                self.out.call_count += 1;
                continue;
            }
            match self.graph.node(id) {
                Node::Call { .. } => self.call(id),
                Node::ComputedGlobal { module, name } => self.computed_global(id, module, name),
                Node::PersistentId(edge) => self.persistent_id(id, edge),
                Node::Extension(code) => self.extension(id, code),
                _ => {}
            }
        }
        self.all_changes();
        self.odd_changes();
        self.joblib_wrappers();
        self.problems();
        self.read_without_joblib();
        self.bombs();
        self.trailing();
        let least = if reaches_out { Level::Recognised } else { Level::DataOnly };
        self.out.level = self.out.level.max(least);
        self.finish()
    }

    fn finish(mut self) -> Audit {
        if self.budget.short.get() {
            self.out.partial.push("not every pickle inside this one was looked at".to_owned());
        }
        if self.foldable.get() == 0 {
            self.out.partial.push("not everything that calls put together was worked out".to_owned());
        }
        for call in &mut self.out.calls {
            call.level = call.level.max(self.raised.get(&call.node).copied().unwrap_or_default());
        }
        self.out.findings.sort_by_key(|finding| finding.offset);
        for (index, finding) in self.out.findings.iter().enumerate() {
            let Some(node) = finding.node else { continue };
            let best = self.out.by_node.entry(node).or_insert(index);
            if self.out.findings[*best].level < finding.level {
                *best = index;
            }
        }
        self.out
    }

    /// Records a finding.
    pub(super) fn find(&mut self, rule: &'static Rule, level: Level, draft: Draft) {
        self.out.level = self.out.level.max(level);
        self.out.finding_count += 1;
        if let Some(node) = draft.node
            && self.lists_calls()
        {
            let raised = self.raised.entry(node).or_default();
            *raised = level.max(*raised);
        }
        let count = self.alike.entry(alike_key(rule, level, &draft)).or_default();
        *count += 1;
        if *count <= ALIKE && self.has_room(level) {
            let finding = self.finding(rule, level, draft);
            self.keep(finding);
        }
    }

    /// Whether a finding of that level is kept. When the list is full, worse ones take the place of lesser ones: a file
    /// could be full of small things to hide a great one.
    fn has_room(&self, level: Level) -> bool {
        self.out.findings.len() < FINDINGS || level > self.least_kept
    }

    fn keep(&mut self, finding: Finding) {
        let findings = &mut self.out.findings;
        if findings.len() < FINDINGS {
            return findings.push(finding);
        }
        let least =
            findings.iter().enumerate().min_by_key(|(_, kept)| kept.level).map(|(index, kept)| (index, kept.level));
        let Some((index, level)) = least else { return };
        self.least_kept = level;
        if finding.level > level {
            findings[index] = finding;
        }
    }

    /// Takes over what was found in a pickle inside this one.
    pub(super) fn adopt(&mut self, finding: Finding) {
        self.out.level = self.out.level.max(finding.level);
        self.out.finding_count += 1;
        if self.has_room(finding.level) {
            self.keep(finding);
        }
    }

    /// A global as a value.
    pub(super) fn global(&self, symbol: SymbolId) -> Meaning {
        self.globals[symbol.0 as usize].clone()
    }

    /// Whether one more call of a dangerous global says nothing new: only counted then.
    pub(super) fn is_one_of_many(&mut self, symbol: SymbolId) -> bool {
        let count = self.sink_calls.entry(symbol).or_default();
        *count = count.saturating_add(1);
        let many = *count > ALIKE && !self.lists_calls();
        self.out.finding_count += u64::from(many);
        many
    }

    pub(super) fn named(&self, symbol: SymbolId) -> Rc<Named> {
        Rc::clone(&self.names[symbol.0 as usize])
    }

    /// The level that was found for a node.
    pub(super) fn level_of(&self, node: NodeId) -> Level {
        self.raised.get(&node).copied().unwrap_or_default()
    }

    /// The globals, each once.
    fn imports(&mut self) {
        let graph = self.graph;
        for (symbol, named) in graph.symbols.iter().zip(self.names.clone()) {
            let mut level = named.known.level();
            let mut known = named.known;
            // A loader without fix_imports, and Python 2, see the name as it is spelled.
            if let Some((module, name)) = &symbol.raw
                && let raw @ Known::Sink(_) = judge(module, name)
                && named.known == Known::Unknown
            {
                (level, known) = (Level::Dangerous, raw);
            }
            let leads_anywhere =
                named.name.split('.').take(64).any(is_introspective) && !matches!(named.known, Known::Reviewed(_));
            if level == Level::UnknownCode
                && !leads_anywhere
                && self.out.imports.len() >= IMPORTS
                && !self.has_room(level)
            {
                self.out.finding_count += 1;
                self.out.level = self.out.level.max(level);
                continue;
            }
            let node = graph.last_made_before(symbol.offset).filter(|node| graph.offset(*node) == symbol.offset);
            let mut draft = Draft::about(node, symbol.offset, &named);
            match known {
                Known::Sink(capability) => {
                    draft.capability = Some(capability);
                    draft.explanation = format!("Loading imports {}, which can {}.", named.full(), capability.verb());
                    self.find(&rules::dangerous_import::RULE, Level::Dangerous, draft);
                }
                _ if leads_anywhere => {
                    draft.explanation = format!("{} leads to everything that the interpreter holds.", named.full());
                    level = Level::Suspicious;
                    if named.name.split('.').take(64).any(is_master_key) {
                        level = Level::Dangerous;
                    }
                    self.find(&rules::introspection::RULE, level, draft);
                }
                _ if level == Level::UnknownCode => {
                    let is_code = matches!(known, Known::Reviewed(_));
                    let rule = if is_code { &rules::stored_code::RULE } else { &rules::unknown_code::RULE };
                    draft.explanation = match known {
                        Known::Reviewed(review) => format!("{}: {}.", named.full(), review.reason),
                        _ if named.module.starts_with("__torch__.") => {
                            format!("{} is made by TorchScript code that comes with the archive.", named.full())
                        }
                        _ => format!("Loading imports {}; what it does is not known here.", named.full()),
                    };
                    self.find(rule, level, draft);
                }
                _ => {}
            }
            self.list_import(symbol, &named, known, level);
        }
    }

    fn list_import(&mut self, symbol: &Symbol, named: &Named, known: Known, level: Level) {
        if self.out.imports.len() >= IMPORTS {
            return;
        }
        let (reason, capability) = match known {
            Known::Sink(capability) => (format!("can {}", capability.verb()), Some(capability)),
            Known::Reviewed(review) => (review.reason.to_owned(), None),
            Known::Unknown => (String::new(), None),
        };
        self.out.imports.push(Import {
            module: named.module.clone(),
            name: named.name.clone(),
            raw: symbol.mapped_from().map(|(module, name)| format!("{module}.{name}")),
            level,
            reason,
            capability,
            offset: symbol.offset,
        });
    }

    /// What a value is.
    pub(super) fn meaning(&self, edge: Edge) -> Meaning {
        self.meaning_within(edge, 0)
    }

    /// The same, for a value inside `depth` partials, each filled by its state.
    pub(super) fn meaning_within(&self, edge: Edge, depth: u32) -> Meaning {
        /// Partials of partials that are followed.
        const DEPTH: u32 = 8;
        /// Bytes of a constant that are as soon read again as looked up.
        const SHORT: u64 = 128;
        let node = edge.node();
        match self.graph.node(node) {
            constant @ (Node::Text { span, .. } | Node::Bytes(span) | Node::ByteArray(span)) if span.len() > SHORT => {
                if let Some(known) = self.constants.borrow().get(&node) {
                    return known.clone();
                }
                let meaning = self.constant(&constant);
                self.constants.borrow_mut().insert(node, meaning.clone());
                meaning
            }
            constant @ (Node::Text { .. } | Node::Bytes(_) | Node::ByteArray(_)) => self.constant(&constant),
            Node::Global(symbol) => self.global(symbol),
            Node::Call { callee, .. } => match self.meanings.get(&node) {
                Some(Meaning::Partial(..)) if depth >= DEPTH => Meaning::Opaque,
                Some(made @ Meaning::Partial(..)) => self.partial_state(node, depth + 1).unwrap_or(made.clone()),
                Some(meaning) => meaning.clone(),
                None => match self.graph.node(callee.node()) {
                    Node::Global(symbol) => {
                        let by = self.named(symbol);
                        Meaning::Instance(if reconstructs(&by) { self.class_made(node, &by) } else { by })
                    }
                    _ => Meaning::Opaque,
                },
            },
            Node::ComputedGlobal { .. } | Node::PersistentId(_) => {
                self.meanings.get(&node).cloned().unwrap_or(Meaning::Opaque)
            }
            Node::Extension(_) => Meaning::Opaque,
            _ => Meaning::Data,
        }
    }

    /// What a text or bytes value of the file means.
    fn constant(&self, node: &Node) -> Meaning {
        match *node {
            Node::Text { span, encoding } => {
                let Some(bytes) = self.bytes(span) else { return Meaning::Data };
                let text = encoding.decode(&bytes);
                text.map_or(Meaning::Data, |text| Meaning::Text(text.to_string_lossy().into_owned().into()))
            }
            Node::Bytes(span) | Node::ByteArray(span) => {
                self.bytes(span).map_or(Meaning::Data, |bytes| Meaning::Bytes(bytes.into()))
            }
            _ => Meaning::Data,
        }
    }

    /// A short payload.
    pub(super) fn bytes(&self, span: Span) -> Option<Vec<u8>> {
        if span.len() > self.lens.limits.value {
            return None;
        }
        crate::bytes::read_span(self.lens.source, span).ok().map(|bytes| bytes.into_owned())
    }

    fn computed_global(&mut self, id: NodeId, module: Edge, name: Edge) {
        let (module, name) = (self.meaning(module), self.meaning(name));
        let (Some(module), Some(name)) = (module.text(), name.text()) else {
            let mut draft = Draft::at(id);
            draft.explanation = "The imported name is not written in the file and cannot be worked out.".to_owned();
            return self.find(&rules::computed_name::RULE, Level::Suspicious, draft);
        };
        let named = Named::new(module, name);
        let mut draft = Draft::named(id, &named);
        let level = named.known.level().max(Level::Suspicious);
        draft.explanation = format!("The imported name is put together by calls; it is {}.", named.full());
        self.find(&rules::computed_name::RULE, level, draft);
        self.meanings.insert(id, global_meaning(named));
    }

    fn extension(&mut self, id: NodeId, code: i32) {
        let mut draft = Draft::at(id);
        draft.explanation = format!("What extension code {code} stands for is known only to the loading program.");
        self.find(&rules::extension_code::RULE, Level::Suspicious, draft);
    }

    fn persistent_id(&mut self, id: NodeId, edge: Edge) {
        let items: Vec<Edge> = self.graph.items(edge.node()).take(8).collect();
        let kind = items.first().map(|first| self.meaning(*first));
        let is_storage = (5..=6).contains(&items.len())
            && kind.as_ref().and_then(Meaning::text) == Some("storage")
            && matches!(self.meaning(items[1]), Meaning::Named(named) if named.module.split('.').next() == Some("torch")
                && matches!(named.known, Known::Reviewed(_)));
        // torch before 1.6 gives classes of modules with their source, and takes them back as the classes alone
        // (`torch/serialization.py`, `_legacy_load`). The import of the class says what is known of it.
        let is_class = items.len() == 4 && kind.as_ref().and_then(Meaning::text) == Some("module");
        if is_class && let class @ Meaning::Named(_) = self.meaning(items[1]) {
            self.meanings.insert(id, class);
            return;
        }
        if !is_storage {
            let mut draft = Draft::at(id);
            draft.explanation = "The loading program is asked for an object by an id that is not torch's.".to_owned();
            self.find(&rules::persistent_id::RULE, Level::UnknownCode, draft);
        }
    }
}

/// The calls among what POP and its kin threw away.
fn discarded_calls(reading: &Reading) -> HashSet<NodeId> {
    let is_call = |id: &NodeId| matches!(reading.graph.node(*id), Node::Call { .. });
    reading.streams.iter().flat_map(|stream| stream.discarded.iter().copied()).filter(is_call).collect()
}

fn alike_key(rule: &Rule, level: Level, draft: &Draft) -> u64 {
    let mut hasher = DefaultHasher::new();
    (rule.id, level, &draft.module, &draft.name).hash(&mut hasher);
    hasher.finish()
}

/// The meaning of a global: a class or function, or the namespace of one.
pub(super) fn global_meaning(named: Rc<Named>) -> Meaning {
    let last = named.name.rsplit('.').next().unwrap_or(&named.name);
    if last == "__dict__" || last == "__globals__" || last == "__builtins__" {
        let owner = named.name.strip_suffix(last).unwrap_or_default().trim_end_matches('.');
        let module = if last == "__builtins__" { "builtins" } else { &named.module };
        return Meaning::Namespace(Rc::new(Named {
            module: module.to_owned(),
            name: owner.to_owned(),
            known: named.known,
        }));
    }
    // A module that dill names like a function.
    if named.module == "dill" && named.name == "_dill" {
        return Meaning::Module("dill._dill".into());
    }
    Meaning::Named(named)
}
