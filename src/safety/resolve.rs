//! What names come to: attributes, items and modules that calls look up by a name of the file.

use super::audit::{Auditor, global_meaning};
use super::calls::Call;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Known, Traits, acts_on_import, is_introspective, is_master_key, module_capability, public_module};
use super::{Level, rules};
use crate::graph::{Node, NodeId};
use std::rc::Rc;

/// Characters of a dotted name that is walked on.
const LONGEST_NAME: usize = 400;

impl Auditor<'_> {
    /// `numpy.core._ufunc_reconstruct(module, name)` imports whatever the file names.
    pub(super) fn by_name(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let (module, name) = (self.argument(call, 0), self.argument(call, 1));
        let (Some(module), Some(name)) = (module.text(), name.text()) else {
            let why = "What it imports is not written in the file.".to_owned();
            self.unusual(named, call, Level::Dangerous, why);
            return Meaning::Opaque;
        };
        self.import_that_acts(call, module);
        let found = Named::new(module, name);
        let mut draft = Draft::named(call.id, &found);
        match found.known {
            Known::Sink(capability) => {
                draft.explanation = format!("It imports {}, which can {}.", found.full(), capability.verb());
                self.find(&rules::dangerous_import::RULE, Level::Dangerous, draft);
            }
            Known::Unknown => {
                let level = self.level_of_unknown(&found).min(Level::Suspicious);
                draft.explanation = format!("It imports {}; what it does is not known here.", found.full());
                let rule = if level == Level::Suspicious {
                    &rules::unusual_arguments::RULE
                } else {
                    &rules::unknown_code::RULE
                };
                self.find(rule, level, draft);
            }
            Known::Reviewed(_) => {}
        }
        global_meaning(found)
    }

    pub(super) fn getattr(&mut self, named: &Named, call: &Call) -> Meaning {
        let owner = self.argument(call, 0);
        let name = self.argument(call, 1);
        let Some(name) = name.text().map(str::to_owned) else {
            let mut draft = Draft::at(call.id);
            draft.explanation = "The attribute's name is not written in the file and cannot be worked out.".to_owned();
            self.find(&rules::computed_name::RULE, Level::Suspicious, draft);
            return Meaning::Opaque;
        };
        let is_constant = matches!(call.args.get(1).map(|edge| self.graph.node(edge.node())), Some(Node::Text { .. }));
        // dill's takes the built-in of that name where the value has no such attribute.
        let is_harmful = |built_in: Rc<Named>| match built_in.known {
            Known::Sink(_) => true,
            Known::Reviewed(review) => review.check.resolves(),
            Known::Unknown => false,
        };
        if named.has(Traits::BUILT_IN_GETATTR) && is_harmful(Named::new("builtins", &name)) {
            let mut draft = Draft::at(call.id);
            draft.explanation = format!("It takes the built-in {name} where the value has no attribute of that name.");
            self.find(&rules::attribute_walk::RULE, Level::Dangerous, draft);
            return Meaning::Opaque;
        }
        let result = self.attribute(call.id, owner, &name);
        if !is_constant {
            let mut draft = Draft::at(call.id);
            draft.explanation = format!("The attribute's name is put together by calls; it is {name}.");
            self.find(&rules::computed_name::RULE, Level::Suspicious, draft);
        }
        result
    }

    pub(super) fn getitem(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let owner = self.argument(call, 0);
        match &owner {
            Meaning::Namespace(_) => {
                let key = self.argument(call, 1);
                self.item(call.id, &owner, key.text())
            }
            Meaning::Named(class) if class.has(Traits::TAKES_PARAMETERS) => Meaning::Instance(Rc::clone(named)),
            Meaning::Named(class) if class.has(Traits::MODULE_TABLE) => {
                let key = self.argument(call, 1);
                self.item(call.id, &owner, key.text())
            }
            Meaning::Text(_) | Meaning::Data => {
                self.unusual(named, call, Level::Suspicious, "It takes a part of a value of the file.".to_owned());
                Meaning::Opaque
            }
            _ => {
                self.unusual(
                    named,
                    call,
                    Level::UnknownCode,
                    "It takes an item of something that is not known.".to_owned(),
                );
                Meaning::Opaque
            }
        }
    }

    pub(super) fn module_by_name(&mut self, call: &Call) -> Meaning {
        let Some(module) = self.argument(call, 0).text().map(str::to_owned) else {
            let mut draft = Draft::at(call.id);
            draft.explanation = "The imported module's name is not written in the file.".to_owned();
            self.find(&rules::computed_name::RULE, Level::Suspicious, draft);
            return Meaning::Opaque;
        };
        self.import_that_acts(call, &module);
        // Functions that are pickled by value name the modules that they use; without such there is no use for one.
        if !self.has_functions
            && let Some(capability) = module_capability(&module)
        {
            let mut draft = Draft::at(call.id);
            draft.module.clone_from(&module);
            draft.capability = Some(capability);
            draft.explanation = format!("Loading imports the module {module}, which can {}.", capability.verb());
            self.find(&rules::dangerous_import::RULE, Level::Suspicious, draft);
        }
        // dill gives the attribute when the last part is no module.
        if let Some((parent, last)) = module.rsplit_once('.')
            && let named = Named::new(parent, last)
            && matches!(named.known, Known::Sink(_))
        {
            let result = Meaning::Named(named);
            self.arrive(call.id, &result);
            return result;
        }
        Meaning::Module(module.into())
    }

    /// Modules whose import alone does something: antigravity opens a browser.
    pub(super) fn import_that_acts(&mut self, call: &Call, module: &str) {
        if acts_on_import(module) {
            let mut draft = Draft::at(call.id);
            module.clone_into(&mut draft.module);
            draft.capability = module_capability(module);
            draft.explanation = format!("Importing the module {module} does something at once.");
            self.find(&rules::dangerous_import::RULE, Level::Dangerous, draft);
        }
    }

    pub(super) fn type_by_name(&mut self, call: &Call) -> Meaning {
        match self.argument(call, 0).text() {
            Some("CodeType" | "code") => global_meaning_of("cloudpickle.cloudpickle", "_make_code"),
            Some("FunctionType" | "function" | "LambdaType") => global_meaning_of("types", "FunctionType"),
            Some("type" | "TypeType" | "ClassType") => global_meaning_of("builtins", "type"),
            Some("ModuleType" | "module") => global_meaning_of("types", "ModuleType"),
            Some(name) => {
                let in_builtins = !name.ends_with("Type");
                global_meaning_of(if in_builtins { "builtins" } else { "types" }, name)
            }
            None => Meaning::Opaque,
        }
    }

    /// Calls of dangerous functions that find something: what they find is what comes next.
    pub(super) fn result_of_sink(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let public = public_module(&named.module).to_owned();
        let first = self.argument(call, 0);
        let text = first.text().map(str::to_owned);
        match (public.as_str(), named.name.as_str(), text) {
            ("builtins", "__import__", Some(module)) | ("importlib", "import_module" | "__import__", Some(module)) => {
                let top = module.split('.').next().unwrap_or(&module).to_owned();
                Meaning::Module(if named.name == "__import__" { top } else { module }.into())
            }
            ("pkgutil", "resolve_name", Some(path)) | ("pydoc", "locate", Some(path)) => {
                let split = path.split_once(':').or_else(|| path.rsplit_once('.'));
                split.map_or_else(
                    || Meaning::Module(path.as_str().into()),
                    |(module, name)| global_meaning(Named::new(module, name)),
                )
            }
            ("sys", "modules.get" | "modules.__getitem__", Some(module)) => Meaning::Module(module.into()),
            ("inspect", "getattr_static", _) => match self.argument(call, 1).text() {
                Some(name) => self.attribute(call.id, first.clone(), name),
                None => Meaning::Opaque,
            },
            ("builtins", "vars", _) => match first {
                Meaning::Module(module) => Meaning::Namespace(Named::new(&module, "")),
                Meaning::Named(owner) => Meaning::Namespace(owner),
                _ => Meaning::Opaque,
            },
            ("builtins", "globals" | "locals", _) => Meaning::Namespace(Named::new("builtins", "")),
            ("builtins", "object.__getattribute__" | "type.__getattribute__", _) => match self.argument(call, 1).text()
            {
                Some(name) => self.attribute(call.id, first.clone(), name),
                None => Meaning::Opaque,
            },
            _ => Meaning::Instance(Rc::clone(named)),
        }
    }

    /// `owner.name`, and what that means.
    pub(super) fn attribute(&mut self, at: NodeId, owner: Meaning, name: &str) -> Meaning {
        let mut result = Meaning::Data;
        let mut current = owner;
        for part in name.split('.').take(64) {
            result = match &current {
                Meaning::Module(module) => global_meaning(Named::new(module, part)),
                // A chain without an end would make names without one.
                Meaning::Named(named) if named.name.len() > LONGEST_NAME => Meaning::Opaque,
                Meaning::Named(named) => global_meaning(named.attribute(part)),
                Meaning::Namespace(space) if part != "get" && part != "__getitem__" => {
                    global_meaning(space.attribute(part))
                }
                // A chain of methods of methods leads anywhere.
                Meaning::Method(..) => Meaning::Opaque,
                other => Meaning::Method(Rc::new(other.clone()), part.into()),
            };
            if is_introspective(part)
                && !matches!(&result, Meaning::Named(named) if matches!(named.known, Known::Reviewed(_)))
            {
                let mut draft = Draft::at(at);
                name.clone_into(&mut draft.name);
                draft.explanation = format!("The attribute {part} leads to everything that the interpreter holds.");
                let level = if is_master_key(part) { Level::Dangerous } else { Level::Suspicious };
                self.find(&rules::introspection::RULE, level, draft);
            }
            current = result.clone();
        }
        self.arrive(at, &result);
        result
    }

    /// The item `key` of a namespace or of `sys.modules`.
    pub(super) fn item(&mut self, at: NodeId, owner: &Meaning, key: Option<&str>) -> Meaning {
        let result = match (owner, key) {
            (Meaning::Namespace(space), Some(key)) => global_meaning(Named::new(&space.module, key)),
            (Meaning::Named(named), Some(key)) if named.has(Traits::MODULE_TABLE) => Meaning::Module(key.into()),
            (Meaning::Text(_) | Meaning::Bytes(_), _) => return Meaning::Data,
            _ => Meaning::Opaque,
        };
        self.arrive(at, &result);
        result
    }

    /// What a walk by attributes or items came to.
    pub(super) fn arrive(&mut self, at: NodeId, result: &Meaning) {
        let Meaning::Named(named) = result else { return };
        let mut draft = Draft::named(at, named);
        match named.known {
            Known::Sink(capability) => {
                draft.explanation = format!("The attribute is {}, which can {}.", named.full(), capability.verb());
                self.find(&rules::attribute_walk::RULE, Level::Dangerous, draft);
            }
            Known::Unknown => {
                draft.explanation = format!("Loading takes {}; what it does is not known here.", named.full());
                self.find(&rules::unknown_code::RULE, Level::UnknownCode, draft);
            }
            Known::Reviewed(_) => {}
        }
    }
}

fn global_meaning_of(module: &str, name: &str) -> Meaning {
    Meaning::Named(Named::new(module, name))
}
