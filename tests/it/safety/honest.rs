//! What honest files of well-known libraries do, which once counted against them; and what comes close to it and is not honest.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::safety::Level;
use std::sync::Arc;
use support::assemble::{
    Value, build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, text, truth, tuple,
};
use support::open;

fn level(value: Value) -> Level {
    open(&pickle(value)).audit().level
}

/// An instance by NEWOBJ with a state.
fn filled(module: &str, name: &str, state: Value) -> Value {
    build([global(module, name), tuple(&[]), b"\x81".to_vec()].concat(), state)
}

#[test]
fn models_of_pydantic_have_their_attributes_under_a_key() {
    let state = |inner: Value| {
        dict(&[
            (text("__dict__"), inner),
            (text("__pydantic_extra__"), none()),
            (text("__pydantic_fields_set__"), none()),
            (text("__pydantic_private__"), none()),
        ])
    };
    let honest = dict(&[(text("id"), int(3)), (text("tags"), list(&[text("a")]))]);
    assert_eq!(level(filled("shop.models", "Order", state(honest))), Level::UnknownCode);
    let hook = dict(&[(text("__setstate__"), global("builtins", "print"))]);
    assert!(level(filled("shop.models", "Order", state(hook))) >= Level::Suspicious);
    assert!(level(filled("shop.models", "Order", state(global("builtins", "print")))) >= Level::Suspicious);
}

#[test]
fn arrays_of_dill_are_no_bombs() {
    let of = |function: Value, arguments: &[Value]| {
        let state = tuple(&[int(1), ints(&[5000]), dtype("i8", "<"), truth(false), bytes(&[0; 16])]);
        level(call(global("dill._dill", "_create_array"), &[function, tuple(arguments), state, none()]))
    };
    let reconstruct = || global("numpy._core.multiarray", "_reconstruct");
    let class = || global("numpy", "ndarray");
    assert_eq!(of(reconstruct(), &[class(), ints(&[0]), bytes(b"b")]), Level::Recognised);
    assert_eq!(of(reconstruct(), &[class(), ints(&[1 << 40]), bytes(b"b")]), Level::Suspicious);
    assert_eq!(of(global("numpy", "zeros"), &[int(1 << 40)]), Level::Suspicious);
    assert_eq!(of(global("os", "system"), &[text("id")]), Level::Dangerous);
}

#[test]
fn ufuncs_are_named_by_any_module_of_their_package() {
    let of =
        |module: &str, name: &str| level(call(global("numpy.core", "_ufunc_reconstruct"), &[text(module), text(name)]));
    assert_eq!(of("scipy.stats._discrete_distns", "log1p"), Level::Recognised);
    assert_eq!(of("scipy.stats._discrete_distns", "unheard"), Level::Suspicious);
    assert!(of("my.module", "log1p") > Level::Recognised);
    assert_eq!(of("os", "system"), Level::Dangerous);
}

#[test]
fn classes_that_are_named_and_parts_of_models_are_ordinary() {
    assert_eq!(level(global("queue", "Queue")), Level::Recognised);
    let metric = |name: &str| {
        call(global("sklearn.neighbors._dist_metrics", "newObj"), &[global("sklearn.neighbors._dist_metrics", name)])
    };
    assert_eq!(level(metric("EuclideanDistance")), Level::Recognised);
    assert_eq!(level(filled("torch.distributed.checkpoint.filesystem", "_StorageInfo", dict(&[]))), Level::Recognised);
    let wrapper = global("torch._utils", "_rebuild_wrapper_subclass");
    let class = || global("torch.distributed.tensor", "DTensor");
    let made = [wrapper, class(), tuple(&[class()]), tuple(&[none(), dict(&[])])];
    assert_eq!(level(call(global("torch._tensor", "_rebuild_from_type_v2"), &made)), Level::Recognised);
    let evil = [global("os", "system"), class(), tuple(&[text("id")]), none()];
    assert_eq!(level(call(global("torch._tensor", "_rebuild_from_type_v2"), &evil)), Level::Dangerous);
}

/// A zip archive whose first entry is a pickle: its own header reads as a persistent id, and what follows may go on for a while.
#[test]
fn archives_of_torch_are_no_pickles_by_their_first_letter() {
    let scan = |inner: &[u8]| {
        let mut file = b"PK\x03\x04".to_vec();
        file.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let crc = crc32(inner);
        file.extend(crc.to_le_bytes());
        file.extend((inner.len() as u32).to_le_bytes());
        file.extend((inner.len() as u32).to_le_bytes());
        file.extend([8, 0, 0, 0]);
        file.extend(b"data.pkl");
        file.extend(inner);
        let directory = file.len() as u32;
        file.extend(b"PK\x01\x02\x14\0\x14\0");
        file.extend([0; 8]);
        file.extend(crc.to_le_bytes());
        file.extend((inner.len() as u32).to_le_bytes());
        file.extend((inner.len() as u32).to_le_bytes());
        file.extend([8, 0]);
        file.extend([0; 16]);
        file.extend(b"data.pkl");
        let size = file.len() as u32 - directory;
        file.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        file.extend(size.to_le_bytes());
        file.extend(directory.to_le_bytes());
        file.extend([0, 0]);
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(file));
        let mut bundle = Bundle::open(vec![("model.pt".to_owned(), source)], Limits::default(), &mut |_| {});
        bundle.report("model.pt", u64::MAX, &mut |_| {}).level
    };
    let path = [&b"cpathlib\nPosixPath\n(X\x04\0\0\0runsX\x04\0\0\0exp1tR."[..]].concat();
    assert_eq!(scan(&path), picklescope::view::Outcome::Recognised);
    let shell = b"cpathlib\nPosixPath\n(X\x04\0\0\0runstR0cos\nsystem\n(X\x02\0\0\0idtR.".to_vec();
    assert_eq!(scan(&shell), picklescope::view::Outcome::Dangerous);
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[test]
fn picklers_call_what_makes_an_object_and_no_other_method_or_function() {
    let of = |module: &str, name: &str| level(call(global(module, name), &[text("a"), int(3)]));
    // A method, whoever wrote the class.
    assert_eq!(of("shop.models", "Page.render"), Level::Suspicious);
    assert_eq!(of("xarray", "Dataset.to_netcdf"), Level::Suspicious);
    // A function of a package whose classes were read.
    assert_eq!(of("sphinx.util.osutil", "ensuredir"), Level::Suspicious);
    for name in ["Page._rebuild", "Page.from_dict", "get_page", "_reconstruct_page", "page", "Page"] {
        assert_eq!(of("shop.models", name), Level::UnknownCode, "{name}");
    }
    for (module, name) in [("sqlalchemy.engine.row", "rowproxy_reconstructor"), ("whenever", "_unpkl_date")] {
        assert_eq!(of(module, name), Level::UnknownCode, "{name}");
    }
}

#[test]
fn what_dill_and_cloudpickle_write_by_value_is_code_and_no_attack() {
    let mut seen = 0;
    for fixture in support::folder("fixtures", "by-value") {
        let document = open(&fixture.bytes);
        let audit = document.audit();
        assert!(audit.level <= Level::UnknownCode, "{}: {:?}", fixture.name, audit.findings);
        seen += 1;
    }
    assert!(seen >= 200, "{seen} files");
}

/// `dill._dill._getattr` evaluates what stands between the third and the fourth quote.
#[test]
fn the_repr_of_a_descriptor_must_name_the_class_it_is_of() {
    let of = |class: Value, name: &str, repr: &str| {
        level(call(global("dill._dill", "_getattr"), &[class, text(name), text(repr)]))
    };
    let built_in = || global("builtins", "dict");
    assert_eq!(of(built_in(), "keys", "<method 'keys' of 'dict' objects>"), Level::Recognised);
    for repr in [
        "<method 'keys' of '__import__(\"os\").system(\"id\")' objects>",
        "<method 'keys' of '__builtin__' objects>",
        "<method 'keys' of 'list' objects>",
        "<method 'values' of 'dict' objects>",
        "<method 'keys' of 'dict' objects> 'more'",
        "keys",
    ] {
        assert_eq!(of(built_in(), "keys", repr), Level::Dangerous, "{repr}");
    }
    let injected = "keys\"] or __import__(\"os\").system(\"id\") or [\"";
    assert_eq!(of(built_in(), injected, &format!("<method '{injected}' of 'dict' objects>")), Level::Dangerous);
    let ordered = || global("collections", "OrderedDict");
    assert_eq!(of(ordered(), "keys", "<method 'keys' of 'collections.OrderedDict' objects>"), Level::Recognised);
    assert_eq!(of(ordered(), "keys", "<method 'keys' of 'OrderedDict' objects>"), Level::Dangerous);
    // In dill's module these are a module and a class of its own.
    assert_eq!(of(global("shop.models", "sys"), "modules", "<method 'modules' of 'sys' objects>"), Level::Dangerous);
    let other = global("shop.models", "Unpickler");
    assert_eq!(of(other, "find_class", "<method 'find_class' of 'Unpickler' objects>"), Level::Dangerous);
}

#[test]
fn a_class_by_its_metaclass_is_code_of_the_file_when_it_is_filled() {
    let class =
        |meta: Value, members: Value| call(meta, &[text("Order"), tuple(&[global("builtins", "object")]), members]);
    let fill = |class: Value, members: Value| {
        level(call(global("cloudpickle.cloudpickle", "_rehydrate_skeleton_class"), &[class, members]))
    };
    let plain = || dict(&[(text("__doc__"), none())]);
    for (module, name) in [("builtins", "type"), ("abc", "ABCMeta"), ("enum", "EnumMeta")] {
        assert_eq!(fill(class(global(module, name), plain()), plain()), Level::UnknownCode, "{name}");
        assert!(level(class(global(module, name), plain())) >= Level::Suspicious, "{name}");
    }
    let hook = || dict(&[(text("__set_name__"), global("os", "system"))]);
    assert_eq!(fill(class(global("builtins", "type"), hook()), plain()), Level::Dangerous);
    assert_eq!(fill(class(global("builtins", "type"), plain()), hook()), Level::Dangerous);
    // Not how a class is spelled.
    assert!(fill(call(global("abc", "ABCMeta"), &[text("Order")]), plain()) >= Level::Suspicious);
}

#[test]
fn the_body_of_a_new_class_fills_it_and_nothing_else() {
    let made = |keywords: Value, body: Value| {
        let bases = tuple(&[global("builtins", "object")]);
        level(call(global("types", "new_class"), &[text("Order"), bases, keywords, body]))
    };
    let partial = |function: Value| call(global("functools", "partial"), &[function]);
    let plain = || dict(&[(text("metaclass"), global("builtins", "type"))]);
    let filler = || partial(global("dill._dill", "_setitems"));
    assert_eq!(made(plain(), filler()), Level::UnknownCode);
    assert_eq!(made(plain(), global("dill._dill", "_setitems")), Level::Dangerous);
    assert_eq!(made(plain(), partial(global("builtins", "print"))), Level::Dangerous);
    assert_eq!(made(plain(), global("shop.models", "body")), Level::Dangerous);
    let other = dict(&[(text("metaclass"), global("shop.models", "meta"))]);
    assert_eq!(made(other, filler()), Level::Dangerous);
    assert_eq!(level(global("types", "new_class")), Level::UnknownCode);
    // Elsewhere the filler changes what something else gives it.
    let environment = || list(&[global("os", "environ")]);
    assert_eq!(level(call(global("builtins", "map"), &[filler(), environment()])), Level::Dangerous);
    let direct = [global("os", "environ"), dict(&[(text("PATH"), text("/x"))])];
    assert_eq!(level(call(global("dill._dill", "_setitems"), &direct)), Level::Dangerous);
}

#[test]
fn attributes_are_set_on_classes_of_the_file_and_harmless_ones_on_others() {
    let set = |target: Value, name: &str, value: Value| {
        level(call(global("builtins", "setattr"), &[target, text(name), value]))
    };
    let own = || global("shop.models", "Order");
    assert_eq!(set(own(), "__qualname__", text("Order")), Level::UnknownCode);
    assert_eq!(set(own(), "__qualname__", global("shop.models", "name")), Level::Dangerous);
    assert_eq!(set(own(), "__reduce__", text("Order")), Level::Dangerous);
    assert_eq!(set(own(), "total", text("Order")), Level::Dangerous);
    assert_eq!(set(global("os", "path"), "__doc__", text("x")), Level::Dangerous);
    assert_eq!(set(global("dill._dill", "Pickler"), "__doc__", text("x")), Level::Dangerous);
}

#[test]
fn what_picklers_of_libraries_call_is_told_from_what_acts_in_them() {
    let of = |module: &str, name: &str, args: &[Value]| level(call(global(module, name), args));
    // The package loads pickles; an empty map of it does not.
    assert_eq!(of("ruamel.yaml.comments", "CommentedMap", &[]), Level::UnknownCode);
    assert_eq!(of("ruamel.yaml.comments", "CommentedMap", &[text("a.yaml")]), Level::Dangerous);
    assert_eq!(of("ruamel.yaml", "load", &[text("a: 1")]), Level::Dangerous);
    assert!(of("kombu.abstract", "unpickle_dict", &[global("kombu.entity", "Queue"), dict(&[])]) < Level::Suspicious);
    assert_eq!(of("kombu.serialization", "loads", &[bytes(b"")]), Level::Dangerous);
    assert_eq!(of("glom.core", "Path", &[]), Level::UnknownCode);
    assert_eq!(of("glom.core", "glom", &[list(&[]), text("append")]), Level::Dangerous);
    assert_eq!(of("glom", "glom", &[list(&[]), text("append")]), Level::Dangerous);
    assert_eq!(of("feedparser", "parse", &[text("a.xml")]), Level::Dangerous);
    assert!(level(filled("feedparser.util", "FeedParserDict", dict(&[]))) < Level::Suspicious);
    assert_eq!(of("regex._regex", "compile", &[text("a"), int(0)]), Level::Recognised);
    assert_eq!(of("pyrsistent._plist", "plist", &[ints(&[1])]), Level::Recognised);
    // A class inside of a class is no method.
    assert_eq!(of("cachetools", "_TimedCache._Timer", &[global("time", "monotonic")]), Level::UnknownCode);
    assert_eq!(of("cachetools", "Cache.popitem", &[]), Level::Suspicious);
}

/// A function may bring the names of its module, and is no way to hide a name.
#[test]
fn names_of_a_module_that_a_function_brings_are_those_of_that_module() {
    let function = |globals: &[(Value, Value)]| {
        let code = call(
            global("dill._dill", "_create_code"),
            &[
                int(0),
                int(0),
                int(0),
                int(0),
                int(1),
                int(67),
                bytes(b"d\0S\0"),
                tuple(&[none()]),
                tuple(&[]),
                tuple(&[]),
                text("a.py"),
                text("f"),
                int(1),
                bytes(b""),
                tuple(&[]),
                tuple(&[]),
            ],
        );
        level(call(global("dill._dill", "_create_function"), &[code, dict(globals), text("f"), none(), none()]))
    };
    let brings =
        |module: &str, key: &str, value: Value| function(&[(text("__name__"), text(module)), (text(key), value)]);
    let maker = || global("dataclasses", "_create_fn");
    assert_eq!(brings("dataclasses", "_create_fn", maker()), Level::UnknownCode);
    assert_eq!(brings("dataclasses", "other", maker()), Level::Dangerous);
    assert_eq!(brings("shop.models", "_create_fn", maker()), Level::Dangerous);
    assert_eq!(brings("os", "system", global("os", "system")), Level::Dangerous);
    assert_eq!(function(&[(text("_create_fn"), maker())]), Level::Dangerous);
    // Defaults are not where code looks names up.
    let whole = || dict(&[(text("__name__"), text("dataclasses")), (text("_create_fn"), maker())]);
    let given = |globals: Value, defaults: Value| {
        call(global("cloudpickle.cloudpickle", "_make_function"), &[none(), globals, text("f"), defaults, none()])
    };
    assert_eq!(level(given(whole(), none())), Level::UnknownCode);
    assert_eq!(level(given(dict(&[]), whole())), Level::Dangerous);
    assert_eq!(level(given(dict(&[(text("x"), whole())]), none())), Level::Dangerous);
    // Whoever else has the dict takes from it what he likes.
    let (kept, again) = ([whole(), b"\x94".to_vec()].concat(), b"h\0".to_vec());
    assert_eq!(level(list(&[given(kept, none()), again])), Level::Dangerous);
}

#[test]
fn what_fills_a_class_gives_that_class() {
    let class = call(
        global("cloudpickle.cloudpickle", "_make_skeleton_class"),
        &[global("builtins", "type"), text("Order"), tuple(&[]), dict(&[]), text("1"), none()],
    );
    let filled = call(global("cloudpickle.cloudpickle", "_class_setstate"), &[class, tuple(&[dict(&[]), dict(&[])])]);
    let made = [filled, tuple(&[]), b"\x81".to_vec()].concat();
    let document = open(&pickle(made));
    let said: Vec<&str> = document.audit().findings.iter().map(|finding| finding.explanation.as_str()).collect();
    assert!(said.contains(&"Loading makes an instance of a class that the file itself brings."), "{said:?}");
}

#[test]
fn a_program_of_a_package_runs_when_it_is_imported() {
    let import = |module: &str| level(call(global("cloudpickle.cloudpickle", "subimport"), &[text(module)]));
    assert!(import("unittest.__main__") >= Level::Suspicious);
    assert_eq!(import("shop.models"), Level::UnknownCode);
}

/// dill spells the namespace of the main program `__builtin__.__main__`, and its loader alone knows the name.
#[test]
fn the_mark_of_dill_for_the_main_program_is_known_and_not_to_be_changed() {
    let mark = || global("__builtin__", "__main__");
    assert_eq!(level(mark()), Level::Recognised);
    assert_eq!(level(build(mark(), dict(&[(text("answer"), int(1))]))), Level::Dangerous);
}
