//! Names that mean something by themselves: aliases of modules, attributes that lead anywhere, hooks, functions that act.

use super::Capability;

/// The public module of one that CPython implements it by.
pub(super) fn public_module(module: &str) -> &str {
    match module {
        "posix" | "nt" | "_os" => "os",
        "_operator" => "operator",
        "_io" => "io",
        "_pickle" | "cPickle" | "_compat_pickle" => "pickle",
        "_functools" => "functools",
        "_collections" => "collections",
        "_collections_abc" => "collections.abc",
        "_datetime" | "_pydatetime" => "datetime",
        "_sre" => "re",
        "_struct" => "struct",
        "_csv" => "csv",
        "_bz2" => "bz2",
        "_lzma" => "lzma",
        "_typing" => "typing",
        "_copyreg" | "copy_reg" => "copyreg",
        "_sys" => "sys",
        "_subprocess" => "subprocess",
        // `enum` imports builtins as bltns.
        "_builtins" | "__builtin__" | "__builtins__" | "bltns" => "builtins",
        other => other,
    }
}

/// Names through which any object leads to everything else.
pub(super) fn is_introspective(component: &str) -> bool {
    matches!(
        component,
        "__globals__"
            | "__builtins__"
            | "__dict__"
            | "__subclasses__"
            | "__getattribute__"
            | "__getattr__"
            | "__class__"
            | "__bases__"
            | "__base__"
            | "__mro__"
            | "__code__"
            | "__closure__"
            | "__func__"
            | "__self__"
            | "__loader__"
            | "__spec__"
            | "__import__"
            | "__reduce__"
            | "__reduce_ex__"
            | "__setattr__"
            | "__delattr__"
            | "__init_subclass__"
            | "__set_name__"
            | "__wrapped__"
            | "__call__"
            | "__getitem__"
            | "__setitem__"
            | "__init__"
            | "__get__"
            | "f_globals"
            | "f_builtins"
            | "f_locals"
            | "gi_frame"
            | "tb_frame"
            | "func_globals"
            | "im_func"
            | "mro"
    )
}

/// Of these, the ones that no class documents as something to take.
pub(super) fn is_master_key(component: &str) -> bool {
    matches!(
        component,
        "__globals__"
            | "__builtins__"
            | "__subclasses__"
            | "__getattribute__"
            | "__code__"
            | "__loader__"
            | "f_globals"
            | "f_builtins"
            | "f_locals"
            | "gi_frame"
            | "tb_frame"
            | "func_globals"
    )
}

/// Methods that Python calls by itself: planted in an instance's or class's state they run.
pub(super) fn is_hook(name: &str) -> bool {
    matches!(
        name,
        "__setstate__"
            | "__reduce__"
            | "__reduce_ex__"
            | "__class__"
            | "__call__"
            | "__getattr__"
            | "__getattribute__"
            | "__del__"
            | "__new__"
            | "__init_subclass__"
            | "__setattr__"
            | "__delattr__"
            | "__set_name__"
            | "__hash__"
            | "__eq__"
            | "__getstate__"
            | "__import__"
            | "__builtins__"
            | "__bases__"
            | "__code__"
            | "__path__"
            | "__loader__"
            | "__spec__"
            | "__next__"
            | "__getitem__"
            | "__setitem__"
            | "__len__"
            | "__dict__"
            | "__array__"
            | "__array_interface__"
            | "__array_struct__"
            | "__array_ufunc__"
            | "__array_function__"
            | "__mro_entries__"
    )
}

/// Keys of a state or of a constructor's dict that are looked at: every name with two underscores on both sides that is
/// not ordinary data, `keys`, which mappings are asked for, and the template that scipy runs as code.
pub(super) fn may_be_planted(name: &str) -> bool {
    if name == "keys" || name == TEMPLATE {
        return true;
    }
    let is_data = matches!(
        name,
        "__module__"
            | "__name__"
            | "__qualname__"
            | "__doc__"
            | "__annotations__"
            | "__wrapped__"
            | "__defaults__"
            | "__kwdefaults__"
            | "__slots__"
            | "__orig_bases__"
            | "__orig_class__"
            | "__origin__"
            | "__args__"
            | "__parameters__"
            | "__match_args__"
            | "__abstractmethods__"
            | "__dataclass_fields__"
            | "__dataclass_params__"
            | "__signature__"
            | "__type_params__"
            | "__version__"
            | "__file__"
            | "__notes__"
    );
    is_hook(name) || name.len() > 4 && name.starts_with("__") && name.ends_with("__") && !is_data
}

/// The attribute of scipy's distributions that their `__setstate__` gives to `exec`.
pub(super) const TEMPLATE: &str = "_parse_arg_template";

/// Attributes by which numpy reads memory at an address of the file's choice.
pub(super) fn is_memory_access(name: &str) -> bool {
    matches!(name, "__array_interface__" | "__array_struct__")
}

/// What a function does by its own name, when it is one of those that act and do not only make a value. Names that begin
/// with an underscore are not taken at their word: reconstructors have such names.
pub(super) fn acts(name: &str) -> Option<Capability> {
    let last = name.rsplit('.').next().unwrap_or(name);
    if !last.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    // What modules import of functools.
    if name == "reduce" {
        return Some(Capability::Deferred);
    }
    let said = last.split('_').find_map(|word| {
        Some(match word {
            "system" | "popen" | "shell" | "getoutput" => Capability::Shell,
            "spawn" | "subprocess" | "launch" | "launcher" | "main" | "cmdline" => Capability::Process,
            "eval" | "exec" | "execute" | "execfile" | "compile" | "run" | "runcode" | "runstring" | "render"
            | "inline" | "jit" | "call" | "apply" => Capability::Code,
            "import" | "importer" => Capability::Import,
            "open" | "read" | "write" | "save" | "savez" | "dump" | "imread" | "imwrite" | "remove" | "delete"
            | "unlink" | "rmtree" | "tofile" | "fromfile" | "file" => Capability::Files,
            "download" | "fetch" | "request" | "url" | "urlopen" | "connect" | "upload" | "pretrained" => {
                Capability::Network
            }
            "load" | "loads" | "deserialize" => Capability::Deserialiser,
            _ => return None,
        })
    });
    said.or_else(|| last.ends_with("load").then_some(Capability::Deserialiser))
}
