//! What the arguments of reviewed calls must be.

use super::audit::Auditor;
use super::calls::Call;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Bound, Capability, Check, Known, Review, Role, Traits};
use super::{Level, fold, rules};
use crate::graph::{CallKind, Edge, Node};
use std::rc::Rc;

/// Numbers and sizes up to here are ordinary: 256 MiB.
const ORDINARY: i64 = 1 << 28;

impl Auditor<'_> {
    pub(super) fn check_arguments(&mut self, named: &Rc<Named>, check: Check, call: &Call) -> Meaning {
        let instance = Meaning::Instance(Rc::clone(named));
        match check {
            Check::FirstClass if named.has(Traits::RECONSTRUCTS) => return self.reconstructor(named, call),
            Check::FirstClass | Check::ArrayClass => self.classes(named, call, 1),
            Check::TwoClasses => self.classes(named, call, 2),
            Check::Latin1 => return self.latin1(named, call),
            Check::Factory => self.factory(named, call),
            Check::Callable => self.callables(named, call.id, &self.given(call)),
            Check::Runs(_) | Check::BitGenerator => self.runs(named, call),
            Check::Partial => {
                self.callables(named, call.id, &self.given(call));
                let args = call.args.get(1..).unwrap_or_default().to_vec();
                return self.partial_of(self.argument(call, 0), args);
            }
            Check::ByName => return self.by_name(named, call),
            Check::Bounded(bound) => return self.bounded(named, bound, call),
            Check::Consumer => return self.consumer(named, call),
            Check::Endless => {
                let counted = named.name == "repeat" && call.args.len() == 2;
                return if counted { instance } else { Meaning::Endless };
            }
            Check::NestedPickle => self.nested_call(call),
            Check::UnionOf => self.union_of(named, call),
            Check::OpensFiles => self.calls_sink(named, call, Capability::Files),
            Check::Acts(capability) => self.calls_sink(named, call, capability),
            Check::FirstNone if !self.is_none(call, 0) => self.calls_sink(named, call, Capability::Files),
            Check::Getattr => return self.getattr(named, call),
            Check::Setattr => self.setattr(named, call),
            Check::Attrgetter => {
                let texts: Vec<String> =
                    call.args.iter().filter_map(|&edge| self.meaning(edge).text().map(str::to_owned)).collect();
                self.need_names(named, call, texts.len() == call.args.len());
                return Meaning::Attributes(texts.into());
            }
            Check::Itemgetter => return Meaning::Item(self.argument(call, 0).text().map(Into::into)),
            Check::Methodcaller => {
                let name = self.argument(call, 0);
                self.need_names(named, call, name.text().is_some());
                return Meaning::MethodCaller(name.text().unwrap_or_default().into());
            }
            Check::Getitem => return self.getitem(named, call),
            Check::ModuleByName => return self.module_by_name(call),
            Check::TypeByName => return self.type_by_name(call),
            Check::MakeCode => {
                self.code_object(call);
                return Meaning::Code;
            }
            Check::TypeOf => return self.type_of(named, call),
            Check::MakeFunction => return Meaning::Function,
            Check::FillFunction => {
                self.setstate(named, call);
                return Meaning::Function;
            }
            Check::MakeClass => return self.make_class(call),
            Check::FillClass => {
                self.setstate(named, call);
                return Meaning::Class;
            }
            Check::NamedTuple => return self.namedtuple_by_name(call),
            Check::Setstate => self.setstate(named, call),
            Check::Any | Check::FirstNone => {}
        }
        instance
    }

    /// The names that a getter takes must be texts of the file, and must not lead anywhere.
    fn need_names(&mut self, named: &Named, call: &Call, constant: bool) {
        let leads = call.args.iter().any(|&edge| {
            self.meaning(edge).text().is_some_and(|text| text.split('.').any(super::names::is_introspective))
        });
        if leads {
            let mut draft = Draft::named(call.id, named);
            draft.explanation = "It takes an attribute that leads to everything that the interpreter holds.".to_owned();
            self.find(&rules::introspection::RULE, Level::Suspicious, draft);
        }
        if !constant {
            self.unusual(
                named,
                call,
                Level::Suspicious,
                "The name that it takes is not a text of the file.".to_owned(),
            );
        }
    }

    fn classes(&mut self, named: &Rc<Named>, call: &Call, count: usize) {
        for index in 0..count {
            let class = self.argument(call, index);
            let level = match &class {
                Meaning::Named(class) => match class.known {
                    Known::Reviewed(review) if matches!(review.role, Role::Class | Role::Instance) => continue,
                    Known::Reviewed(Review { check: Check::OpensFiles, .. }) => match named.known {
                        Known::Reviewed(Review { check: Check::ArrayClass, .. }) => continue,
                        _ => Level::Dangerous,
                    },
                    Known::Reviewed(review) if review.role == Role::Reference => Level::UnknownCode,
                    Known::Reviewed(_) => Level::Suspicious,
                    // The import says it.
                    Known::Unknown => continue,
                    Known::Sink(_) => Level::Dangerous,
                },
                Meaning::Class => Level::UnknownCode,
                // An instance of a reviewed class stands where old versions gave the class by another call.
                Meaning::Data | Meaning::Text(_) | Meaning::Bytes(_) => Level::Suspicious,
                _ => Level::Dangerous,
            };
            let what = match &class {
                Meaning::Named(class) => class.full(),
                Meaning::Class => "a class of this file".to_owned(),
                _ => "something that is not a class of a known name".to_owned(),
            };
            self.unusual(named, call, level, format!("{} makes an instance of {what}.", named.full()));
            if class == Meaning::Class {
                self.apply(&class, call);
            }
        }
    }

    /// `reduce(operator.or_, (int, str))` is how a union of types is written (`copyreg.pickle_union`); anything else calls
    /// what it is given.
    fn union_of(&mut self, named: &Rc<Named>, call: &Call) {
        let is_union = matches!(self.argument(call, 0), Meaning::Named(by) if by.has(Traits::UNION_OPERATOR));
        let types = call.args.get(1).and_then(|&edge| self.items_of(edge));
        let is_type = |meaning: &Meaning| match meaning {
            Meaning::Named(named) => !matches!(named.known, Known::Sink(_)),
            Meaning::Instance(_) | Meaning::Data | Meaning::Class => true,
            _ => false,
        };
        if call.args.len() != 2 || !is_union || !types.is_some_and(|types| types.iter().all(is_type)) {
            self.calls_sink(named, call, Capability::Deferred);
        }
    }

    fn is_none(&self, call: &Call, index: usize) -> bool {
        call.args.get(index).is_some_and(|edge| self.graph.node(edge.node()) == Node::None)
    }

    /// A call of a name that is harmless in another role.
    fn calls_sink(&mut self, named: &Rc<Named>, call: &Call, capability: Capability) {
        let mut draft = Draft::named(call.id, named);
        draft.capability = Some(capability);
        draft.explanation = format!("Loading this file would {}.", capability.verb());
        self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
    }

    fn latin1(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let args: Vec<Meaning> = call.args.iter().map(|&edge| self.meaning(edge)).collect();
        let ordinary = match &args[..] {
            [Meaning::Text(_) | Meaning::Data, Meaning::Text(codec)] => {
                matches!(&**codec, "latin1" | "latin-1" | "utf-8" | "utf8" | "ascii")
            }
            _ => false,
        };
        if !ordinary {
            let why = "Honest files give it a text and 'latin1', to spell bytes.".to_owned();
            self.unusual(named, call, Level::Suspicious, why);
        }
        self.fold("encode", &args, &|_| None).unwrap_or_else(|| Meaning::Instance(Rc::clone(named)))
    }

    fn factory(&mut self, named: &Rc<Named>, call: &Call) {
        let Some(&edge) = call.args.first() else { return };
        let made_by = self.meaning(edge);
        // `uuid.uuid4`, `partial(numpy.zeros, 3)`
        if matches!(made_by, Meaning::Named(_) | Meaning::Partial(..))
            && self.when_called(&made_by, None) <= Level::Recognised
        {
            return;
        }
        let level = match made_by {
            Meaning::Named(factory) => match factory.known {
                Known::Reviewed(review) if matches!(review.role, Role::Class | Role::Instance) => return,
                Known::Sink(_) => Level::Dangerous,
                Known::Reviewed(_) => Level::UnknownCode,
                Known::Unknown if self.level_of_unknown(&factory) == Level::Dangerous => Level::Suspicious,
                Known::Unknown => Level::UnknownCode,
            },
            Meaning::Method(owner, name) => match self.bound(&owner, &name) {
                Level::Recognised => return,
                level => level,
            },
            Meaning::Data if self.graph.node(edge.node()) == Node::None => return,
            // A dict of dicts with a factory of their own; what the inner call is given was judged.
            Meaning::Partial(inner, _) if is_plain_class(&inner) => return,
            Meaning::Function | Meaning::Class | Meaning::Partial(..) => Level::UnknownCode,
            Meaning::Instance(_) => Level::UnknownCode,
            _ => Level::Suspicious,
        };
        let why =
            "What makes the missing values is not a plain type; it runs when a missing key is asked for.".to_owned();
        self.unusual(named, call, level, why);
    }

    /// `copyreg`'s functions make an instance as NEWOBJ would; `_reconstructor` also calls the constructor of a base.
    fn reconstructor(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        self.classes(named, call, 1);
        let class = self.argument(call, 0);
        if named.name == "_reconstructor" {
            self.base_of_reconstructor(named, call);
            return Meaning::Instance(self.class_made(call.id, named));
        }
        let is_plain = |named: &Named| {
            matches!(named.known, Known::Unknown)
                || matches!(named.known, Known::Reviewed(Review { check: Check::Any | Check::Consumer, .. }))
        };
        match class {
            Meaning::Named(ref made) if !is_plain(made) => {
                let packed = named.name == "__newobj_ex__";
                let args = match call.args.get(1) {
                    Some(args) if packed => self.graph.items(args.node()).collect(),
                    _ => call.args.get(1..).unwrap_or_default().to_vec(),
                };
                let kwargs = if packed { call.args.get(2).copied() } else { None };
                self.apply(&class, &Call { id: call.id, kind: CallKind::NewObj, args, kwargs })
            }
            _ => Meaning::Instance(self.class_made(call.id, named)),
        }
    }

    /// `copyreg._reconstructor(class, base, state)` calls `base.__init__` with what the file gives: the base is a built-in
    /// type.
    fn base_of_reconstructor(&mut self, named: &Rc<Named>, call: &Call) {
        let is_given_state = call.args.get(2).is_some_and(|state| self.graph.node(state.node()) != Node::None);
        let level = match self.argument(call, 1) {
            Meaning::Named(base) if base.module == "builtins" && !matches!(base.known, Known::Sink(_)) => return,
            Meaning::Named(base) if !is_given_state && !matches!(base.known, Known::Sink(_)) => return,
            Meaning::Named(base) => match base.known {
                Known::Reviewed(Review { role: Role::Class, check: Check::Any, .. }) => return,
                Known::Unknown => Level::UnknownCode,
                Known::Reviewed(_) | Known::Sink(_) => Level::Dangerous,
            },
            _ => Level::Suspicious,
        };
        self.unusual(named, call, level, "It calls the constructor of a base that is no built-in type.".to_owned());
    }

    fn bounded(&mut self, named: &Rc<Named>, bound: Bound, call: &Call) -> Meaning {
        let number = |edge: &Edge| match self.graph.node(edge.node()) {
            Node::Int(value) => value.unsigned_abs() as i64,
            Node::LongBinary(_) | Node::LongText(_) => i64::MAX,
            _ => 0,
        };
        let numbers: Vec<i64> = call.args.iter().map(number).collect();
        let huge = match (bound, &numbers[..]) {
            (Bound::Power, [base, power, ..]) => *base > 1 && *power > 100_000,
            (Bound::Product, [left, right]) => *left.max(right) > ORDINARY,
            (Bound::Shift, [_, by]) => *by > 1 << 23,
            (Bound::Factorial, [n, ..]) => *n > 20_000,
            (Bound::Combinations, [n, ..]) => *n > 1_000_000,
            (Bound::Size, [size]) => *size > ORDINARY,
            (Bound::Shape, [_, ..]) => {
                let sizes = self.graph.items(call.args[0].node()).map(|edge| number(&edge)).chain([numbers[0]]);
                sizes.filter(|size| *size > 0).fold(1, i64::saturating_mul) > ORDINARY
            }
            _ => false,
        };
        if huge {
            self.bomb(named, call, "The number is so large that the result takes gigabytes or hours.");
        }
        self.consumer(named, call)
    }

    pub(super) fn bomb(&mut self, named: &Named, call: &Call, why: &str) {
        let mut draft = Draft::named(call.id, named);
        why.clone_into(&mut draft.explanation);
        self.find(&rules::resource_bomb::RULE, Level::Suspicious, draft);
    }

    /// Something that takes all items of what it is given.
    fn consumer(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        if call.args.iter().any(|&edge| self.is_endless(edge)) {
            self.bomb(named, call, "It takes all items of an iterator that has no end, or billions of them.");
        }
        for &edge in &call.args {
            self.asks_for_items(named, call.id, edge);
        }
        if !fold::is_worked_out(&named.name) {
            return Meaning::Instance(Rc::clone(named));
        }
        let args: Vec<Meaning> = call.args.iter().map(|&edge| self.meaning(edge)).collect();
        self.fold(&named.name, &args, &|_| None).unwrap_or_else(|| Meaning::Instance(Rc::clone(named)))
    }

    /// An iterator without an end, a huge range, or one over such.
    fn is_endless(&self, edge: Edge) -> bool {
        let mut edge = edge;
        for _ in 0..16 {
            let Node::Call { callee, args, .. } = self.graph.node(edge.node()) else { return false };
            if self.meaning(edge) == Meaning::Endless {
                return true;
            }
            let Meaning::Named(by) = self.meaning(callee) else { return false };
            let args: Vec<Edge> = self.graph.items(args.node()).take(8).collect();
            if by.has(Traits::AS_LONG_AS_A_NUMBER) {
                let huge = |edge: &Edge| match self.graph.node(edge.node()) {
                    Node::Int(value) => value > ORDINARY,
                    Node::LongBinary(_) | Node::LongText(_) => true,
                    _ => false,
                };
                return args.iter().any(huge);
            }
            if by.has(Traits::MULTIPLIES_ITEMS) {
                return args.len() > 6;
            }
            let inner = args.iter().copied().find(|edge| matches!(self.graph.node(edge.node()), Node::Call { .. }));
            match inner {
                Some(inner) if by.has(Traits::ITERATES) => edge = inner,
                _ => return false,
            }
        }
        true
    }

    /// `type(None)` is how NoneType is written; with three arguments it makes a class.
    fn type_of(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let plain =
            |edge: &Edge| matches!(self.meaning(*edge), Meaning::Data | Meaning::Named(_) | Meaning::Instance(_));
        match &call.args[..] {
            [value] if plain(value) => Meaning::Instance(Rc::clone(named)),
            _ => {
                self.unusual(named, call, Level::Suspicious, "It makes a class out of values of the file.".to_owned());
                Meaning::Class
            }
        }
    }

    fn setattr(&mut self, named: &Rc<Named>, call: &Call) {
        let target = self.argument(call, 0);
        let level = match target {
            Meaning::Class | Meaning::Function => Level::UnknownCode,
            Meaning::Instance(ref cell) if cell.has(Traits::CELL) => Level::UnknownCode,
            ref other if other.is_imported() => Level::Dangerous,
            Meaning::Opaque | Meaning::Method(..) => Level::Dangerous,
            _ => Level::Suspicious,
        };
        let mut draft = Draft::named(call.id, named);
        draft.explanation = "Loading sets an attribute by its name.".to_owned();
        let rule = if level >= Level::Suspicious { &rules::modifies_import::RULE } else { &rules::stored_code::RULE };
        self.find(rule, level, draft);
    }
}

/// Whether calling it makes a plain value, whatever it is given.
fn is_plain_class(meaning: &Meaning) -> bool {
    let Meaning::Named(named) = meaning else { return false };
    matches!(named.known, Known::Reviewed(Review { role: Role::Class, check, .. }) if !check.resolves())
}
