//! Attributes, items and modules that calls look up by a name of the file.

use super::reading::Facts;
use crate::graph::Node;
use crate::safety::names::{Known, Traits, is_introspective, public_module};
use crate::safety::values::{AbstractValue, Call, GlobalRef, Step};
use std::rc::Rc;

/// Characters of a dotted name that is walked on.
const LONGEST_NAME: usize = 400;

impl Facts<'_> {
    pub(super) fn getattr(&self, named: &GlobalRef, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let name = self.argument(call, 1);
        let Some(name) = name.text() else {
            steps.push(Step::ComputedAttribute(None));
            return AbstractValue::Opaque;
        };
        // dill's takes the built-in of that name where the value has no such attribute.
        let is_harmful = |built_in: Rc<GlobalRef>| match built_in.known {
            Known::Sink(_) => true,
            Known::Reviewed(review) => review.check.resolves(),
            Known::Unknown => false,
        };
        if named.has(Traits::BUILT_IN_GETATTR) && is_harmful(GlobalRef::new("builtins", name)) {
            steps.push(Step::BuiltIn(name.to_owned()));
            return AbstractValue::Opaque;
        }
        let result = self.attribute(self.argument(call, 0), name, steps);
        let is_constant = matches!(call.args.get(1).map(|edge| self.graph.node(edge.node())), Some(Node::Text { .. }));
        if !is_constant {
            steps.push(Step::ComputedAttribute(Some(name.to_owned())));
        }
        result
    }

    /// Whether `_getattr(class, name, repr)` is what dill writes for a descriptor of a class: of `<method 'keys' of 'dict'
    /// objects>` it evaluates `dict.__dict__["keys"]`, which is the attribute of the class that it is given.
    pub(in crate::safety) fn is_descriptor(&self, call: &Call) -> bool {
        let [class, name, repr] = [0, 1, 2].map(|index| self.argument(call, index));
        let (Some(name), Some(repr)) = (name.text(), repr.text()) else { return false };
        let is_word =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let quoted: Vec<&str> = repr.split('\'').take(6).collect();
        let &[_, of, _, owner, _] = &quoted[..] else { return false };
        // A bare name is looked up in dill's own module, where one of another class may be anything: `Unpickler`.
        let AbstractValue::Global(class) = class else { return false };
        let module = public_module(&class.module);
        let is_of_class =
            if module == "builtins" { owner == class.name } else { owner == format!("{module}.{}", class.name) };
        is_of_class && of == name && is_word(name) && matches!(class.known, Known::Reviewed(_))
    }

    pub(super) fn getitem(&self, named: &Rc<GlobalRef>, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let owner = self.argument(call, 0);
        match &owner {
            AbstractValue::Global(class) if class.has(Traits::TAKES_PARAMETERS) => {
                AbstractValue::Instance(Rc::clone(named))
            }
            _ if is_table_of_names(&owner) => self.item(&owner, self.argument(call, 1).text(), steps),
            _ => AbstractValue::Opaque,
        }
    }

    pub(super) fn module_by_name(&self, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let module = self.argument(call, 0);
        let Some(module) = module.text() else { return AbstractValue::Opaque };
        // dill gives the attribute when the last part is no module; cloudpickle's `subimport` imports modules only.
        let by_dill = self
            .callee(call.id)
            .is_some_and(|by| matches!(self.value(by), AbstractValue::Global(by) if by.name == "_import_module"));
        if let Some((parent, last)) = module.rsplit_once('.').filter(|_| by_dill)
            && let named = GlobalRef::new(parent, last)
            && matches!(named.known, Known::Sink(_))
        {
            steps.push(Step::Arrived(Rc::clone(&named)));
            return AbstractValue::Global(named);
        }
        AbstractValue::Module(module.into())
    }

    /// `owner.name`.
    pub(super) fn attribute(&self, owner: AbstractValue, name: &str, steps: &mut Vec<Step>) -> AbstractValue {
        let mut current = owner;
        for part in name.split('.').take(64) {
            let result = match &current {
                AbstractValue::Module(module) => AbstractValue::named(module, part),
                // A chain without an end would make names without one.
                AbstractValue::Global(named) if named.name.len() > LONGEST_NAME => AbstractValue::Opaque,
                AbstractValue::Global(named) => AbstractValue::of(named.attribute(part)),
                AbstractValue::Namespace(space) if part != "get" && part != "__getitem__" => {
                    AbstractValue::of(space.attribute(part))
                }
                // A chain of methods of methods leads anywhere.
                AbstractValue::Method(..) => AbstractValue::Opaque,
                other => AbstractValue::Method(Rc::new(other.clone()), part.into()),
            };
            let is_reviewed =
                matches!(&result, AbstractValue::Global(named) if matches!(named.known, Known::Reviewed(_)));
            if is_introspective(part) && !is_reviewed {
                steps.push(Step::LeadsAnywhere { name: name.to_owned(), part: part.to_owned() });
            }
            current = result;
        }
        arrive(&current, steps);
        current
    }

    /// The item `key` of a namespace or of the table of modules.
    pub(super) fn item(&self, owner: &AbstractValue, key: Option<&str>, steps: &mut Vec<Step>) -> AbstractValue {
        let result = match (owner, key) {
            (AbstractValue::Namespace(space), Some(key)) => AbstractValue::named(&space.module, key),
            (AbstractValue::Global(named), Some(key)) if named.has(Traits::MODULE_TABLE) => {
                AbstractValue::Module(key.into())
            }
            (AbstractValue::Text(_) | AbstractValue::Bytes(_), _) => AbstractValue::Data,
            _ => AbstractValue::Opaque,
        };
        arrive(&result, steps);
        result
    }
}

/// Whether items of it are names of modules or classes, or modules.
pub(in crate::safety) fn is_table_of_names(owner: &AbstractValue) -> bool {
    match owner {
        AbstractValue::Namespace(_) => true,
        AbstractValue::Global(named) => named.has(Traits::MODULE_TABLE),
        _ => false,
    }
}

/// Notes what a walk by attributes or items came to.
fn arrive(result: &AbstractValue, steps: &mut Vec<Step>) {
    if let AbstractValue::Global(named) = result {
        steps.push(Step::Arrived(Rc::clone(named)));
    }
}
