//! Large things, each of `n` parts of one kind: whatever a file can hold many of, one after the other or one in the other.
#![allow(dead_code, unreachable_pub, reason = "each test file takes what it needs")]

use std::fmt::Write;

/// A kind of large thing.
pub struct Kind {
    pub name: &'static str,
    /// Ending of its file's name.
    pub ending: &'static str,
    pub bytes: fn(usize) -> Vec<u8>,
}

macro_rules! kinds {
    ($($name:ident $(. $ending:ident)?),* $(,)?) => {
        /// All of them.
        pub const KINDS: &[Kind] = &[$(Kind { name: stringify!($name), ending: kinds!(@ $($ending)?), bytes: $name }),*];
    };
    (@) => { "pkl" };
    (@ $ending:ident) => { stringify!($ending) };
}

kinds![
    deep_lists,
    deep_tuples,
    deep_dicts,
    deep_keys,
    deep_persistent_ids,
    deep_objects,
    deep_modules,
    deep_reductions,
    shared_twice,
    wide_list,
    wide_list_of_texts,
    wide_tuple,
    dict_of_texts,
    dict_of_ints,
    dict_of_long_keys,
    equal_keys,
    set_of_ints,
    frozenset_of_texts,
    matrix,
    ragged,
    records,
    records_of_own_keys,
    list_that_holds_itself,
    cycles,
    streams_of_none,
    streams_of_dicts,
    streams_of_one_pickler,
    streams_without_stop,
    streams_of_globals,
    streams_with_frames,
    globals,
    globals_of_one_module,
    globals_by_text,
    global_again,
    classes_with_instances,
    python2_globals,
    dotted_name_new,
    dotted_name,
    dotted_module,
    dotted_name_by_text,
    dotted_inst,
    dotted_introspection,
    dotted_reviewed_method,
    dotted_torch_function,
    called_results,
    called_sink_results,
    called_arguments,
    called_many,
    wide_arguments,
    wide_keywords,
    partials,
    partials_with_arguments,
    partials_by_state,
    partial_arguments,
    getattr_chain,
    getattr_dotted,
    getters,
    getter_names,
    getter_dotted,
    item_getters,
    method_callers,
    getter_calls,
    operator_calls,
    folded_texts,
    folded_joins,
    folded_bytes,
    reversed_texts,
    imports_by_name,
    endless_iterators,
    defaultdicts,
    reconstructors,
    setstates,
    changes_of_one_object,
    changes_by_text,
    changes_of_many,
    items_one_by_one,
    pairs_one_by_one,
    pairs_in_lists,
    changes_without_items,
    members_one_by_one,
    changes_of_calls,
    puts_of_one_index,
    puts_of_many,
    puts_by_line,
    memoized_again,
    gets,
    fetched_lists,
    frames,
    frames_nested,
    protocols,
    marks,
    marks_popped,
    popped,
    doubled,
    left_over,
    digits_of_long,
    digits_of_int,
    bytes_of_long,
    numbers_of_many_digits,
    numbers_of_many_bytes,
    decimals,
    long_text,
    long_escaped_text,
    long_quoted_text,
    long_raw_text,
    long_bytes,
    long_bytearray,
    long_python2_text,
    lines_of_text,
    texts_in_lines,
    floats_in_lines,
    wrong_builds,
    wrong_texts,
    wrong_calls,
    missing_memo,
    missing_buffers,
    extension_codes,
    sinks,
    sinks_alike,
    unknown_calls,
    hooks,
    planted_values,
    nested_pickles,
    nested_in_nested,
    encoded_pickles,
    packed_values,
    persistent_ids,
    persistent_lines,
    storages,
    tensors,
    state_dict,
    optimizer_state,
    module_parameters,
    module_children,
    dtype_fields,
    dtype_nested,
    array_dimensions,
    array_of_objects,
    many_arrays,
    wide_frame,
    series_index,
    levels_of_index,
    estimator_parameters,
    forest,
    pipeline,
    code_constants,
    code_nested,
    dates,
    fractions,
    ordered_dict,
    counter,
    deque,
    complex_numbers,
    named_tuples,
    joblib_arrays,
    trailing_zeros,
    trailing_text,
    trailing_pickles_damaged,
    zip_entries.zip,
    zip_of_pickles.zip,
    zip_deep_folders.zip,
    npz_entries.npz,
    torch_storages.pt,
    tar_entries.tar,
    legacy_storages,
    streams_that_pop,
    streams_that_pop_the_last,
    streams_with_gaps,
    fetched_children,
    shared_children,
    deep_fetched,
    deep_with_cycles,
    deep_with_root,
    partial_methods,
    shared_text_arguments,
    shared_name,
    shared_arguments,
    shared_key,
    shared_list,
    shared_number,
    mixed_changes,
    states_and_items,
    nested_getters,
    left_over_lists,
    zip_of_streams.zip,
    gzip_members.gz,
    dotted_os,
    dict_of_lists,
    strided_views,
    graph_of_networkx,
];

/// A pickle under construction.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn new() -> Self {
        Self(b"\x80\x04".to_vec())
    }

    fn put(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn times(mut self, n: usize, bytes: &[u8]) -> Self {
        self.0.extend(bytes.repeat(n));
        self
    }

    fn text(self, text: &str) -> Self {
        self.put(b"X").put(&(text.len() as u32).to_le_bytes()).put(text.as_bytes())
    }

    fn int(self, value: usize) -> Self {
        self.put(b"J").put(&(value as u32).to_le_bytes())
    }

    fn global(self, module: &str, name: &str) -> Self {
        self.put(format!("c{module}\n{name}\n").as_bytes())
    }

    fn each(self, n: usize, one: impl FnMut(Self, usize) -> Self) -> Self {
        (0..n).fold(self, one)
    }

    fn stop(self) -> Vec<u8> {
        self.put(b".").0
    }
}

/// `before` n times, `inside` and `after` n times.
fn around(n: usize, before: &[u8], inside: &[u8], after: &[u8]) -> Vec<u8> {
    Bytes::new().times(n, before).put(inside).times(n, after).stop()
}

/// A list of n things.
fn list(n: usize, one: impl FnMut(Bytes, usize) -> Bytes) -> Vec<u8> {
    Bytes::new().put(b"](").each(n, one).put(b"e").stop()
}

fn deep_lists(n: usize) -> Vec<u8> {
    around(n, b"]", b"]", b"a")
}
fn deep_tuples(n: usize) -> Vec<u8> {
    around(n, b"", b")", b"\x85")
}
fn deep_dicts(n: usize) -> Vec<u8> {
    around(n, b"}K\x01", b"N", b"s")
}
fn deep_keys(n: usize) -> Vec<u8> {
    around(n, b"", b"K\x01", b"\x85N\x86")
}
fn deep_persistent_ids(n: usize) -> Vec<u8> {
    around(n, b"", b"N", b"Q")
}
fn deep_objects(n: usize) -> Vec<u8> {
    around(n, b"cm\nC\n)\x81}X\x01\x00\x00\x00a", b"N", b"sb")
}
fn deep_reductions(n: usize) -> Vec<u8> {
    around(n, b"ccopyreg\n_reconstructor\ncm\nC\nc__builtin__\nobject\n", b"N", b"\x87R")
}

fn deep_modules(n: usize) -> Vec<u8> {
    let mut bytes = Bytes::new();
    for _ in 0..n {
        bytes = bytes.global("torch.nn.modules.container", "Sequential").put(b")\x81}(").text("_parameters").put(b"}");
        bytes = bytes.text("_buffers").put(b"}").text("_modules").put(b"}").text("0");
    }
    bytes.put(b"N").times(n, b"sub").stop()
}

fn shared_twice(n: usize) -> Vec<u8> {
    around(n, b"", b")", b"2\x86")
}
fn wide_list(n: usize) -> Vec<u8> {
    list(n, Bytes::int)
}
fn wide_list_of_texts(n: usize) -> Vec<u8> {
    list(n, |bytes, i| bytes.text(&format!("text {i}")))
}
fn wide_tuple(n: usize) -> Vec<u8> {
    Bytes::new().put(b"(").each(n, Bytes::int).put(b"t").stop()
}
fn dict_of_texts(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}(").each(n, |b, i| b.text(&format!("key{i}")).int(i)).put(b"u").stop()
}
fn dict_of_ints(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}(").each(n, |b, i| b.int(i).int(i)).put(b"u").stop()
}
fn equal_keys(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}(").each(n, |b, i| b.text("key").int(i)).put(b"u").stop()
}

fn dict_of_long_keys(n: usize) -> Vec<u8> {
    let key = "k".repeat(n);
    Bytes::new().put(b"}(").each(16, |b, i| b.text(&format!("{key}{i}")).put(b"]]a")).put(b"u").stop()
}

fn set_of_ints(n: usize) -> Vec<u8> {
    Bytes::new().put(b"\x8f(").each(n, Bytes::int).put(b"\x90").stop()
}
fn frozenset_of_texts(n: usize) -> Vec<u8> {
    Bytes::new().put(b"(").each(n, |b, i| b.text(&i.to_string())).put(b"\x91").stop()
}
fn matrix(n: usize) -> Vec<u8> {
    list(n / 4, |b, i| b.put(b"](").each(4, |b, j| b.int(i + j)).put(b"e"))
}

/// Rows of all lengths: the last has as many items as there are rows.
fn ragged(n: usize) -> Vec<u8> {
    list(n, |b, i| b.put(b"](").each(if i + 1 == n { n } else { i % 3 }, Bytes::int).put(b"e"))
}

fn records(n: usize) -> Vec<u8> {
    list(n, |b, i| b.put(b"}(").text("a").int(i).text("b").put(b"Nu"))
}
fn records_of_own_keys(n: usize) -> Vec<u8> {
    list(n, |b, i| b.put(b"}").text(&format!("key{i}")).int(i).put(b"s"))
}
/// A path through n nodes, as networkx pickles it: the dict of an edge's attributes stands at both of its ends.
fn graph_of_networkx(n: usize) -> Vec<u8> {
    let node = |i: usize| format!("node{i}");
    let attributes = |b: Bytes, i: usize| b.text(&node(i)).put(b"}").text("size").int(i).put(b"s");
    let before = |b: Bytes, i: usize| b.text(&node(i)).put(format!("g{i}\n").as_bytes());
    let after = |b: Bytes, i: usize| b.text(&node(i + 1)).put(format!("}}p{}\n", i + 1).as_bytes());
    let neighbours = |b: Bytes, i: usize| {
        let b = b.text(&node(i)).put(b"}(");
        let b = if i > 0 { before(b, i) } else { b };
        after(b, i).put(b"u")
    };
    Bytes::new()
        .global("networkx.classes.graph", "Graph")
        .put(b")\x81}(")
        .text("graph")
        .put(b"}")
        .text("_node")
        .put(b"}(")
        .each(n, attributes)
        .put(b"u")
        .text("_adj")
        .put(b"}(")
        .each(n, neighbours)
        .put(b"uub")
        .stop()
}
fn list_that_holds_itself(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]q\0(").times(n, b"h\0").put(b"e").stop()
}
fn cycles(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]q\0(").times(n, b"]h\0a").put(b"e").stop()
}

fn streams_of_none(n: usize) -> Vec<u8> {
    b"N.".repeat(n)
}
fn streams_of_dicts(n: usize) -> Vec<u8> {
    (0..n)
        .flat_map(|i| Bytes::new().put(b"}\x94(").text("a").put(b"\x94").int(i).text("b").put(b"]\x94u").stop())
        .collect()
}
fn streams_of_one_pickler(n: usize) -> Vec<u8> {
    let mut bytes = Bytes::new().put(b"](").each(n, |b, i| b.text(&i.to_string()).put(b"\x94")).put(b"e").stop();
    bytes.extend(b"\x80\x04h\x01.".repeat(n));
    bytes
}
fn streams_without_stop(n: usize) -> Vec<u8> {
    let mut b = b"N.".repeat(n);
    b.extend(b"(".repeat(n));
    b
}
fn streams_of_globals(n: usize) -> Vec<u8> {
    (0..n).flat_map(|i| Bytes::new().global("m", &format!("C{i}")).put(b")R").stop()).collect()
}
fn streams_with_frames(n: usize) -> Vec<u8> {
    b"\x80\x04\x95\x02\0\0\0\0\0\0\0N.".repeat(n)
}

fn globals(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global(&format!("module{i}"), &format!("Class{i}")))
}
fn globals_of_one_module(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("module", &format!("Class{i}")))
}
fn globals_by_text(n: usize) -> Vec<u8> {
    list(n, |b, i| b.text(&format!("module{i}")).text("name").put(b"\x93"))
}
fn global_again(n: usize) -> Vec<u8> {
    list(n, |b, _| b.global("collections", "OrderedDict"))
}
fn classes_with_instances(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("numpy", &format!("Class{i}")).put(b")\x81}").text("a").int(i).put(b"sb"))
}
fn python2_globals(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("__builtin__", &format!("unicode.x{i}")))
}

fn dotted(n: usize, module: &str, name: &str, part: &str) -> Vec<u8> {
    Bytes::new().put(format!("c{module}\n{name}").as_bytes()).times(n, part.as_bytes()).put(b"\n)R").stop()
}
fn dotted_name_new(n: usize) -> Vec<u8> {
    dotted(n, "builtins", "int", ".__new__")
}
fn dotted_name(n: usize) -> Vec<u8> {
    dotted(n, "pathlib", "Path", ".parts")
}
fn dotted_introspection(n: usize) -> Vec<u8> {
    dotted(n, "m", "x", ".__class__")
}
fn dotted_reviewed_method(n: usize) -> Vec<u8> {
    dotted(n, "collections", "OrderedDict", ".get")
}
fn dotted_torch_function(n: usize) -> Vec<u8> {
    dotted(n, "torch._C", "_VariableFunctionsClass", ".a")
}
fn dotted_module(n: usize) -> Vec<u8> {
    Bytes::new().put(b"ca").times(n, b".os").put(b"\nname\n)R").stop()
}
fn dotted_name_by_text(n: usize) -> Vec<u8> {
    Bytes::new().text(&format!("a{}", ".b".repeat(n))).text(&format!("C{}", ".d".repeat(n))).put(b"\x93)R").stop()
}
fn dotted_inst(n: usize) -> Vec<u8> {
    Bytes::new().put(b"(ios").times(n, b".path").put(b"\nsystem").times(n, b".x").put(b"\n").stop()
}

fn called_results(n: usize) -> Vec<u8> {
    around(n, b"", b"cm\nf\n", b")R")
}
fn called_sink_results(n: usize) -> Vec<u8> {
    around(n, b"", b"cos\nsystem\n", b")R")
}
fn called_arguments(n: usize) -> Vec<u8> {
    around(n, b"cm\nf\n", b"N", b"\x85R")
}
fn called_many(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("m", "f").int(i).put(b"\x85R"))
}
fn wide_arguments(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "f").put(b"(").each(n, Bytes::int).put(b"tR").stop()
}
fn wide_keywords(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "f").put(b")}(").each(n, |b, i| b.text(&format!("k{i}")).int(i)).put(b"u\x92").stop()
}

const PARTIAL: &[u8] = b"cfunctools\npartial\n";
fn partials(n: usize) -> Vec<u8> {
    around(n, PARTIAL, b"cbuiltins\nint\n", b"\x85R")
}
fn partials_with_arguments(n: usize) -> Vec<u8> {
    around(n, PARTIAL, b"cos\nsystem\n", b"K\x01\x86R")
}
fn partials_by_state(n: usize) -> Vec<u8> {
    around(n, b"cfunctools\npartial\ncbuiltins\nint\n\x85R(", b"cos\nsystem\n", b")}NtbN0")
}
fn partial_arguments(n: usize) -> Vec<u8> {
    Bytes::new().put(PARTIAL).global("os", "system").each(n, Bytes::int).put(b"0N\x86R)R").stop()
}
fn getattr_chain(n: usize) -> Vec<u8> {
    around(n, b"cbuiltins\ngetattr\n", b"cm\nC\n", b"X\x01\0\0\0a\x86R")
}
fn getattr_dotted(n: usize) -> Vec<u8> {
    Bytes::new().global("builtins", "getattr").global("m", "C").text(&"a.".repeat(n)).put(b"\x86R)R").stop()
}
fn getters(n: usize) -> Vec<u8> {
    list(n, |b, i| {
        b.global("operator", "attrgetter").text(&format!("a{i}")).put(b"\x85R").global("m", "C").put(b"\x85R")
    })
}
fn getter_names(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("operator", "attrgetter")
        .put(b"(")
        .each(n, |b, i| b.text(&format!("a{i}")))
        .put(b"tR")
        .global("os", "path")
        .put(b"\x85R")
        .stop()
}
fn getter_dotted(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("operator", "attrgetter")
        .text(&format!("a{}", ".b".repeat(n)))
        .put(b"\x85R")
        .global("m", "C")
        .put(b"\x85R)R")
        .stop()
}
fn item_getters(n: usize) -> Vec<u8> {
    around(n, b"coperator\nitemgetter\nX\x01\0\0\0a\x85R", b"cm\nC\n", b"\x85R")
}
fn method_callers(n: usize) -> Vec<u8> {
    around(n, b"coperator\nmethodcaller\nX\x03\0\0\0get\x85R", b"cm\nC\n", b"\x85R")
}
fn getter_calls(n: usize) -> Vec<u8> {
    around(n, b"coperator\nattrgetter\nX\x01\0\0\0a\x85R", b"cm\nC\n", b"\x85R")
}
fn operator_calls(n: usize) -> Vec<u8> {
    around(n, b"coperator\ncall\n", b"cm\nf\n", b"\x85R")
}
fn folded_texts(n: usize) -> Vec<u8> {
    around(n, b"coperator\nadd\nX\x01\0\0\0a", b"X\x01\0\0\0b", b"\x86R")
}
fn folded_joins(n: usize) -> Vec<u8> {
    around(n, b"cbuiltins\nstr.join\nX\x01\0\0\0,(", b"X\x01\0\0\0b", b"X\x01\0\0\0bt\x86R")
}
fn folded_bytes(n: usize) -> Vec<u8> {
    around(n, b"c_codecs\nencode\n", b"X\x01\0\0\0b", b"X\x06\0\0\0latin1\x86R")
}
fn reversed_texts(n: usize) -> Vec<u8> {
    around(n, b"cbuiltins\nreversed\n", b"X\x01\0\0\0b", b"\x85R")
}
fn imports_by_name(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("importlib", "import_module").text(&format!("m{i}")).put(b"\x85R"))
}
fn endless_iterators(n: usize) -> Vec<u8> {
    around(n, b"cbuiltins\nlist\n", b"citertools\ncount\n)R", b"\x85R")
}
fn defaultdicts(n: usize) -> Vec<u8> {
    around(n, b"ccollections\ndefaultdict\n", b"cbuiltins\nint\n", b"\x85R")
}
fn reconstructors(n: usize) -> Vec<u8> {
    list(n, |b, i| {
        b.global("copyreg", "_reconstructor")
            .global("m", &format!("C{i}"))
            .global("builtins", "object")
            .put(b"N\x87R}b")
    })
}
fn setstates(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "C").put(b")\x81").times(n, b"N}\x86b").stop()
}

fn changes_of_one_object(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("m", "C")
        .put(b")\x81")
        .each(n, |b, i| b.put(b"}").text(&format!("a{i}")).int(i).put(b"sb"))
        .stop()
}
fn changes_by_text(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("m", "C")
        .put(b")\x81")
        .each(n, |b, _| b.put(b"}").text("__class__").global("m", "D").put(b"sb"))
        .stop()
}
fn changes_of_many(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("m", "C").put(b")\x81}").text(&format!("a{i}")).put(b"NsbNb"))
}
fn items_one_by_one(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]").each(n, |b, i| b.int(i).put(b"a")).stop()
}
fn pairs_one_by_one(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}").each(n, |b, i| b.int(i).put(b"Ns")).stop()
}
fn pairs_in_lists(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}").each(n, |b, i| b.put(b"(").text(&i.to_string()).put(b"Nu")).stop()
}
fn changes_without_items(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]").times(n, b"(e").stop()
}
fn members_one_by_one(n: usize) -> Vec<u8> {
    Bytes::new().put(b"\x8f").each(n, |b, i| b.put(b"(").int(i).put(b"\x90")).stop()
}
fn changes_of_calls(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "f").put(b")R").each(n, |b, i| b.int(i).put(b"a")).stop()
}

fn puts_of_one_index(n: usize) -> Vec<u8> {
    Bytes::new().put(b"N").times(n, b"q\0").stop()
}
fn puts_of_many(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]").each(n, |b, i| b.put(b"r").put(&(i as u32).to_le_bytes())).stop()
}
fn puts_by_line(n: usize) -> Vec<u8> {
    Bytes::default().put(b"(lp0\n").each(n, |b, i| b.put(format!("Vtext{i}\np{}\na", i + 1).as_bytes())).stop()
}
fn memoized_again(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]").times(n, b"\x94").stop()
}
fn gets(n: usize) -> Vec<u8> {
    Bytes::new().put(b"](N\x94").times(n, b"h\0").put(b"e").stop()
}
fn fetched_lists(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]\x94").each(n, |b, i| b.put(b"0h\0").int(i).put(b"a")).stop()
}

fn frames(n: usize) -> Vec<u8> {
    Bytes::new().times(n, b"\x95\0\0\0\0\0\0\0\0").put(b"N").stop()
}
fn frames_nested(n: usize) -> Vec<u8> {
    Bytes::new().times(n, b"\x95\xff\xff\0\0\0\0\0\0").put(b"N").stop()
}
fn protocols(n: usize) -> Vec<u8> {
    Bytes::default().times(n, b"\x80\x02").put(b"N").stop()
}
fn marks(n: usize) -> Vec<u8> {
    Bytes::new().times(n, b"(").stop()
}
fn marks_popped(n: usize) -> Vec<u8> {
    Bytes::new().times(n, b"(1").put(b"N").stop()
}
fn popped(n: usize) -> Vec<u8> {
    Bytes::new().each(n, |b, i| b.int(i).put(b"0")).put(b"N").stop()
}
fn doubled(n: usize) -> Vec<u8> {
    Bytes::new().put(b"(]").times(n, b"2").put(b"t").stop()
}
fn left_over(n: usize) -> Vec<u8> {
    Bytes::new().each(n, Bytes::int).stop()
}

fn digits_of_long(n: usize) -> Vec<u8> {
    Bytes::new().put(b"L").times(n, b"7").put(b"L\n").stop()
}
fn digits_of_int(n: usize) -> Vec<u8> {
    Bytes::new().put(b"I").times(n, b"7").put(b"\n").stop()
}
fn bytes_of_long(n: usize) -> Vec<u8> {
    Bytes::new().put(b"\x8b").put(&(n as u32).to_le_bytes()).times(n, b"\x7e").stop()
}
fn numbers_of_many_digits(n: usize) -> Vec<u8> {
    list(n / 64, |b, _| b.put(b"L").times(4000, b"7").put(b"L\n"))
}
fn numbers_of_many_bytes(n: usize) -> Vec<u8> {
    list(n / 64, |b, _| b.put(b"\x8b\xa0\x0f\0\0").times(4000, b"\x7e"))
}
fn decimals(n: usize) -> Vec<u8> {
    list(4, |b, _| b.global("decimal", "Decimal").text(&"7".repeat(n)).put(b"\x85R"))
}

fn long_text(n: usize) -> Vec<u8> {
    Bytes::new().text(&"text ".repeat(n)).stop()
}
fn long_escaped_text(n: usize) -> Vec<u8> {
    Bytes::new().text(&"\u{1b}\n\u{202e}\u{e000}".repeat(n)).stop()
}
fn long_quoted_text(n: usize) -> Vec<u8> {
    Bytes::default().put(b"S'").times(n, b"\\x1b\\n\\\\").put(b"'\n").stop()
}
fn long_raw_text(n: usize) -> Vec<u8> {
    Bytes::default().put(b"V").times(n, b"\\u202e\\U0001f600").put(b"\n").stop()
}
fn long_bytes(n: usize) -> Vec<u8> {
    Bytes::new().put(b"B").put(&(4 * n as u32).to_le_bytes()).times(n, b"\0\xff'\"").stop()
}
fn long_bytearray(n: usize) -> Vec<u8> {
    Bytes::new().put(b"\x96").put(&(4 * n as u64).to_le_bytes()).times(n, b"\0\xff'\"").stop()
}
fn long_python2_text(n: usize) -> Vec<u8> {
    Bytes::new().put(b"T").put(&(4 * n as u32).to_le_bytes()).times(n, b"\0\xff'\"").stop()
}
fn lines_of_text(n: usize) -> Vec<u8> {
    Bytes::new().text(&"x = 1\n".repeat(n)).stop()
}
fn texts_in_lines(n: usize) -> Vec<u8> {
    Bytes::default().put(b"(").each(n, |b, i| b.put(format!("Vt{i}\n").as_bytes())).put(b"l").stop()
}
fn floats_in_lines(n: usize) -> Vec<u8> {
    Bytes::default().put(b"(").each(n, |b, i| b.put(format!("F{i}.5\n").as_bytes())).put(b"l").stop()
}

fn wrong_builds(n: usize) -> Vec<u8> {
    Bytes::new().put(b"N").times(n, b"}b").stop()
}
fn wrong_texts(n: usize) -> Vec<u8> {
    list(n, |b, _| b.put(b"\x8c\x01\xff"))
}
fn wrong_calls(n: usize) -> Vec<u8> {
    list(n, |b, _| b.put(b"K\x01)R"))
}
fn missing_memo(n: usize) -> Vec<u8> {
    list(n, |b, _| b.put(b"N0h\x07"))
}
fn missing_buffers(n: usize) -> Vec<u8> {
    list(n, |b, _| b.put(b"\x97"))
}
fn extension_codes(n: usize) -> Vec<u8> {
    list(n, |b, i| b.put(b"\x84").put(&(i as u32 + 1).to_le_bytes()))
}

fn sinks(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("os", &format!("system.x{i}")).text("id").put(b"\x85R"))
}
fn sinks_alike(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("os", "system").text(&format!("id {i}")).put(b"\x85R"))
}
fn unknown_calls(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("m", &format!("f{i}")).int(i).put(b"\x85R"))
}
fn hooks(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("m", "C").put(b")\x81}").text("__reduce_ex__").global("m", &format!("f{i}")).put(b"sb"))
}
fn planted_values(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("m", "C")
        .put(b")\x81}(")
        .each(n, |b, i| b.text(&format!("__a{i}__")).global("os", "system").put(b""))
        .put(b"ub")
        .stop()
}
fn inner() -> Vec<u8> {
    Bytes::new().global("os", "system").text("id").put(b"\x85R").stop()
}
fn nested_pickles(n: usize) -> Vec<u8> {
    list(n, |b, _| b.put(b"C").put(&[inner().len() as u8]).put(&inner()))
}
fn nested_in_nested(n: usize) -> Vec<u8> {
    (0..n.min(64))
        .fold(inner(), |inside, _| Bytes::new().put(b"B").put(&(inside.len() as u32).to_le_bytes()).put(&inside).stop())
}
fn encoded_pickles(n: usize) -> Vec<u8> {
    list(n, |b, _| b.text("gARjb3MKc3lzdGVtClgCAAAAaWSFUi4="))
}
fn packed_values(n: usize) -> Vec<u8> {
    list(n, |b, _| {
        b.put(b"C\x14").put(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xf3, 0xd3, 3, 0, 0xc1, 0x5b, 0xd9, 0x0f, 2, 0])
    })
}

fn persistent_ids(n: usize) -> Vec<u8> {
    list(n, |b, i| b.text(&format!("id{i}")).put(b"Q"))
}
fn persistent_lines(n: usize) -> Vec<u8> {
    Bytes::default().put(b"(").each(n, |b, i| b.put(format!("Pid{i}\n").as_bytes())).put(b"l").stop()
}

impl Bytes {
    fn storage(self, i: usize) -> Self {
        self.put(b"(").text("storage").global("torch", "FloatStorage").text(&i.to_string()).text("cpu").put(b"K\x04tQ")
    }

    fn tensor(self, i: usize) -> Self {
        self.global("torch._utils", "_rebuild_tensor_v2")
            .put(b"(")
            .storage(i)
            .put(b"K\0K\x02K\x02\x86K\x02K\x01\x86\x89")
            .global("collections", "OrderedDict")
            .put(b")RtR")
    }

    fn dtype(self, code: &str) -> Self {
        self.global("numpy", "dtype")
            .text(code)
            .put(b"\x89\x88\x87R(K\x03")
            .text("<")
            .put(b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb")
    }

    /// What comes before and behind the state of an array: shape, dtype, order, data.
    fn array(self, shape: &[u8], dtype: impl FnOnce(Self) -> Self, data: impl FnOnce(Self) -> Self) -> Self {
        let begun = self
            .global("numpy.core.multiarray", "_reconstruct")
            .global("numpy", "ndarray")
            .put(b"K\0\x85C\x01b\x87R(K\x01");
        data(dtype(begun.put(shape)).put(b"\x89")).put(b"tb")
    }

    fn text_array(self, n: usize) -> Self {
        self.array(
            &Self::default().int(n).put(b"\x85").0,
            |b| b.dtype("O8"),
            |b| b.put(b"](").each(n, |b, i| b.text(&format!("c{i}"))).put(b"e"),
        )
    }

    fn float_array(self, rows: usize, columns: usize) -> Self {
        let shape = Self::default().int(rows).int(columns).put(b"\x86").0;
        let size = 8 * rows * columns;
        self.array(
            &shape,
            |b| b.dtype("f8"),
            |b| b.put(b"B").put(&(size as u32).to_le_bytes()).times(rows * columns, &1.5f64.to_le_bytes()),
        )
    }

    fn index(self, n: usize) -> Self {
        self.global("pandas.core.indexes.base", "_new_Index")
            .global("pandas.core.indexes.base", "Index")
            .put(b"}(")
            .text("data")
            .text_array(n)
            .text("name")
            .put(b"Nu\x86R")
    }

    fn range_index(self, n: usize) -> Self {
        self.global("pandas.core.indexes.base", "_new_Index")
            .global("pandas.core.indexes.range", "RangeIndex")
            .put(b"}(")
            .text("name")
            .put(b"N")
            .text("start")
            .put(b"K\0")
            .text("stop")
            .int(n)
            .text("step")
            .put(b"K\x01u\x86R")
    }
}

fn storages(n: usize) -> Vec<u8> {
    list(n, Bytes::storage)
}
fn tensors(n: usize) -> Vec<u8> {
    list(n, Bytes::tensor)
}
fn state_dict(n: usize) -> Vec<u8> {
    let dict = Bytes::new().global("collections", "OrderedDict").put(b")R(");
    dict.each(n, |b, i| b.text(&format!("layer{i}.weight")).tensor(i)).put(b"u").stop()
}
fn optimizer_state(n: usize) -> Vec<u8> {
    let state = Bytes::new()
        .put(b"}(")
        .text("state")
        .put(b"}(")
        .each(n, |b, i| b.int(i).put(b"}(").text("step").int(7).text("exp_avg").tensor(i).put(b"u"))
        .put(b"u");
    let groups = state
        .text("param_groups")
        .put(b"]}(")
        .text("lr")
        .put(b"G\x3f\xf0\0\0\0\0\0\0")
        .text("params")
        .put(b"](")
        .each(n, Bytes::int)
        .put(b"euau");
    groups.stop()
}
fn module(n: usize, which: &str, mut one: impl FnMut(Bytes, usize) -> Bytes + Copy) -> Vec<u8> {
    let mut bytes =
        Bytes::new().global("torch.nn.modules.linear", "Linear").put(b")\x81}(").text("training").put(b"\x88");
    for name in ["_parameters", "_buffers", "_modules"] {
        bytes = bytes.text(name).global("collections", "OrderedDict").put(b")R(");
        if name == which {
            bytes = bytes.each(n, |b, i| one(b.text(&format!("p{i}")), i));
        }
        bytes = bytes.put(b"u");
    }
    bytes.put(b"ub").stop()
}
fn module_parameters(n: usize) -> Vec<u8> {
    module(n, "_parameters", Bytes::tensor)
}
fn module_children(n: usize) -> Vec<u8> {
    module(n, "_modules", |b, _| {
        b.global("torch.nn.modules.activation", "ReLU")
            .put(b")\x81}(")
            .text("_parameters")
            .put(b"}")
            .text("_buffers")
            .put(b"}")
            .text("_modules")
            .put(b"}ub")
    })
}

fn dtype_fields(n: usize) -> Vec<u8> {
    let fields = |b: Bytes| {
        let b =
            b.global("numpy", "dtype").text(&format!("V{}", 8 * n)).put(b"\x89\x88\x87R(K\x03").text("|").put(b"N(");
        let b = b.each(n, |b, i| b.text(&format!("f{i}"))).put(b"t}(");
        let b = b.each(n, |b, i| b.text(&format!("f{i}")).dtype("f8").int(8 * i).put(b"\x86"));
        b.put(b"u").int(8 * n).put(b"K\x01K\0tb")
    };
    let data = |b: Bytes| b.put(b"B").put(&(8 * n as u32).to_le_bytes()).times(8 * n, b"\0");
    Bytes::new().array(b"K\x01\x85", fields, data).stop()
}
fn dtype_nested(n: usize) -> Vec<u8> {
    // Each level is a dtype whose base is the one inside, with a shape of its own.
    let open = b"cnumpy\ndtype\nX\x02\0\0\0V8\x89\x88\x87R(K\x03X\x01\0\0\0|".to_vec();
    let dtype = |b: Bytes| b.times(n, &open).dtype("f8").times(n, b"K\x01\x85\x86NNK\x08K\x01K\0tb");
    Bytes::new().array(b"K\x01\x85", dtype, |b| b.put(b"C\x08\0\0\0\0\0\0\0\0")).stop()
}
fn array_dimensions(n: usize) -> Vec<u8> {
    let shape = Bytes::default().put(b"(").times(n, b"K\x01").put(b"t").0;
    Bytes::new().array(&shape, |b| b.dtype("f8"), |b| b.put(b"C\x08\0\0\0\0\0\0\0\0")).stop()
}
fn array_of_objects(n: usize) -> Vec<u8> {
    Bytes::new().text_array(n).stop()
}
fn many_arrays(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}(").each(n, |b, i| b.text(&format!("a{i}")).float_array(1, 2)).put(b"u").stop()
}

fn wide_frame(n: usize) -> Vec<u8> {
    let b = Bytes::new().global("pandas.core.frame", "DataFrame").put(b")\x81}(").text("_mgr");
    let b = b
        .global("pandas.core.internals.managers", "BlockManager")
        .global("pandas._libs.internals", "_unpickle_block")
        .float_array(n, 2);
    let b = b
        .global("builtins", "slice")
        .put(b"K\0")
        .int(n)
        .put(b"K\x01\x87RK\x02\x87R\x85]")
        .index(n)
        .put(b"a")
        .range_index(2)
        .put(b"a\x86R");
    b.text("_typ")
        .text("dataframe")
        .text("_metadata")
        .put(b"]")
        .text("attrs")
        .put(b"}")
        .text("_flags")
        .put(b"}ub")
        .stop()
}
fn series_index(n: usize) -> Vec<u8> {
    let b = Bytes::new().global("pandas.core.series", "Series").put(b")\x81}(").text("_mgr");
    let b = b
        .global("pandas.core.internals.managers", "SingleBlockManager")
        .put(b")\x81(]")
        .index(n)
        .put(b"a]")
        .text_array(n)
        .put(b"a]")
        .index(n)
        .put(b"at");
    b.put(b"b").text("_typ").text("series").text("_name").put(b"Nub").stop()
}
fn levels_of_index(n: usize) -> Vec<u8> {
    let b = Bytes::new()
        .global("pandas.core.indexes.base", "_new_Index")
        .global("pandas.core.indexes.multi", "MultiIndex")
        .put(b"}(")
        .text("levels")
        .put(b"](");
    let b = b.each(n, |b, _| b.index(1)).put(b"e").text("codes").put(b"](");
    let b = b
        .each(n, |b, _| b.array(b"K\x01\x85", |b| b.dtype("i1"), |b| b.put(b"C\x01\0")))
        .put(b"e")
        .text("names")
        .put(b"](");
    b.each(n, |b, i| b.text(&format!("n{i}"))).put(b"eu\x86R").stop()
}
fn estimator_parameters(n: usize) -> Vec<u8> {
    let b = Bytes::new().global("sklearn.linear_model._base", "LinearRegression").put(b")\x81}(");
    b.each(n, |b, i| b.text(&format!("p{i}")).int(i).text(&format!("fitted{i}_")).int(i))
        .text("_sklearn_version")
        .text("1.5.0")
        .put(b"ub")
        .stop()
}
fn forest(n: usize) -> Vec<u8> {
    let b = Bytes::new()
        .global("sklearn.ensemble._forest", "RandomForestRegressor")
        .put(b")\x81}(")
        .text("n_estimators")
        .int(n)
        .text("estimators_")
        .put(b"](");
    let tree = |b: Bytes, _| {
        let b = b
            .global("sklearn.tree._classes", "DecisionTreeRegressor")
            .put(b")\x81}(")
            .text("max_depth")
            .put(b"N")
            .text("tree_");
        let b = b
            .global("sklearn.tree._tree", "Tree")
            .put(b"K\x02")
            .array(b"K\x01\x85", |b| b.dtype("i8"), |b| b.put(b"C\x08\x01\0\0\0\0\0\0\0"))
            .put(b"K\x01\x87R}(");
        b.text("max_depth").put(b"K\0").text("node_count").put(b"K\x01").text("values").float_array(1, 1).put(b"ubub")
    };
    b.each(n, tree).put(b"e").text("_sklearn_version").text("1.5.0").put(b"ub").stop()
}
fn pipeline(n: usize) -> Vec<u8> {
    let b = Bytes::new().global("sklearn.pipeline", "Pipeline").put(b")\x81}(").text("steps").put(b"](");
    let step = |b: Bytes, i: usize| {
        b.text(&format!("step{i}"))
            .global("sklearn.preprocessing._data", "StandardScaler")
            .put(b")\x81}")
            .text("copy")
            .put(b"\x88sb\x86")
    };
    b.each(n, step).put(b"e").text("_sklearn_version").text("1.5.0").put(b"ub").stop()
}

impl Bytes {
    /// A code object of CPython 3.11 with these constants.
    fn code(self, constants: impl FnOnce(Self) -> Self, names: usize) -> Self {
        let b = constants(self.global("types", "CodeType").put(b"(K\0K\0K\0K\0K\x02K\x03C\x04\x97\0d\0("));
        let b = b.put(b"t(").each(names, |b, i| b.text(&format!("name{i}"))).put(b"t)");
        b.text("file.py").text("f").text("f").put(b"K\x01C\x02\x80\0C\0))tR")
    }
}
fn code_constants(n: usize) -> Vec<u8> {
    Bytes::new().code(|b| b.each(n, Bytes::int), n).stop()
}
fn code_nested(n: usize) -> Vec<u8> {
    let open = Bytes::default().global("types", "CodeType").put(b"(K\0K\0K\0K\0K\x02K\x03C\x04\x97\0d\0(").0;
    let close = Bytes::default().put(b"t))").text("file.py").text("f").text("f").put(b"K\x01C\x02\x80\0C\0))tR").0;
    Bytes::new().times(n, &open).put(b"N").times(n, &close).stop()
}
fn dates(n: usize) -> Vec<u8> {
    list(n, |b, _| b.global("datetime", "datetime").put(b"C\x0a\x07\xe8\x01\x02\x03\x04\x05\0\0\x06\x85R"))
}
fn fractions(n: usize) -> Vec<u8> {
    Bytes::new().global("fractions", "Fraction").text(&format!("{}/7", "7".repeat(n))).put(b"\x85R").stop()
}
fn ordered_dict(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("collections", "OrderedDict")
        .put(b")R(")
        .each(n, |b, i| b.text(&format!("k{i}")).int(i))
        .put(b"u")
        .stop()
}
fn counter(n: usize) -> Vec<u8> {
    Bytes::new()
        .global("collections", "Counter")
        .put(b"}(")
        .each(n, |b, i| b.text(&format!("k{i}")).int(i))
        .put(b"u\x85R")
        .stop()
}
fn deque(n: usize) -> Vec<u8> {
    Bytes::new().global("collections", "deque").put(b")R(").each(n, Bytes::int).put(b"e").stop()
}
fn complex_numbers(n: usize) -> Vec<u8> {
    list(n, |b, _| b.global("builtins", "complex").put(b"G\x3f\xf0\0\0\0\0\0\0G\x3f\xf0\0\0\0\0\0\0\x86R"))
}
fn named_tuples(n: usize) -> Vec<u8> {
    list(n, |b, i| b.global("m", "Point").int(i).int(i).put(b"\x86\x81"))
}

fn joblib_arrays(n: usize) -> Vec<u8> {
    let one = |b: Bytes, _| {
        let b = b
            .global("joblib.numpy_pickle", "NumpyArrayWrapper")
            .put(b")\x81}(")
            .text("subclass")
            .global("numpy", "ndarray")
            .text("shape")
            .put(b"K\x01\x85");
        let b = b.text("order").text("C").text("dtype").dtype("i1").text("allow_mmap").put(b"\x88ub");
        b.put(b"\x07")
    };
    list(n, one)
}
fn trailing_zeros(n: usize) -> Vec<u8> {
    Bytes::new().put(b"N.").times(n, b"\0").0
}
fn trailing_text(n: usize) -> Vec<u8> {
    Bytes::new().put(b"N.").times(n, b"text ").0
}
fn trailing_pickles_damaged(n: usize) -> Vec<u8> {
    Bytes::new().put(b"N.").times(n, b"\x80\x04(").put(b"\xff").0
}

/// A zip archive of stored entries.
fn zip(entries: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for (name, bytes) in entries {
        let mut facts = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        facts.extend(crc32(&bytes).to_le_bytes());
        facts.extend((bytes.len() as u32).to_le_bytes());
        facts.extend((bytes.len() as u32).to_le_bytes());
        facts.extend((name.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(facts);
        out.extend(name.as_bytes());
        out.extend(bytes);
        count += 1;
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

fn zip_entries(n: usize) -> Vec<u8> {
    zip((0..n).map(|i| (format!("folder/file{i}.txt"), b"text".to_vec())))
}
fn zip_of_pickles(n: usize) -> Vec<u8> {
    zip((0..n).map(|i| (format!("file{i}.pkl"), Bytes::new().put(b"](").int(i).put(b"e").stop())))
}
fn zip_deep_folders(n: usize) -> Vec<u8> {
    let n = n.min(30_000);
    zip(std::iter::once((format!("{}x.txt", "a/".repeat(n)), b"text".to_vec())))
}

fn npy(i: usize) -> Vec<u8> {
    let header = format!("{{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }}{}\n", " ".repeat(3));
    let mut out = b"\x93NUMPY\x01\0".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    out.extend((i as u64).to_le_bytes());
    out
}
fn npz_entries(n: usize) -> Vec<u8> {
    zip((0..n).map(|i| (format!("a{i}.npy"), npy(i))))
}
fn torch_storages(n: usize) -> Vec<u8> {
    let first = ("archive/data.pkl".to_owned(), state_dict(n));
    let rest = (0..n).map(|i| (format!("archive/data/{i}"), vec![0; 16]));
    zip(std::iter::once(first).chain(rest).chain([("archive/version".to_owned(), b"3\n".to_vec())]))
}
fn tar_entries(n: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for i in 0..n {
        let mut header = [0u8; 512];
        let mut name = String::new();
        let _ = write!(name, "file{i}.txt");
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[108..116].copy_from_slice(b"0000000\0");
        header[116..124].copy_from_slice(b"0000000\0");
        header[124..136].copy_from_slice(b"00000000004\0");
        header[136..148].copy_from_slice(b"00000000000\0");
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(b"text");
        out.extend([0; 508]);
    }
    out.extend([0; 1024]);
    out
}

fn legacy_storages(n: usize) -> Vec<u8> {
    let mut out = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.".to_vec();
    out.extend(b"\x80\x02}X\x0d\0\0\0little_endian\x88s.");
    out.extend(Bytes(b"\x80\x02}(".to_vec()).each(n, |b, i| b.text(&format!("k{i}")).tensor(i)).put(b"u").stop());
    out.extend(Bytes(b"\x80\x02](".to_vec()).each(n, |b, i| b.text(&i.to_string())).put(b"e").stop());
    for _ in 0..n {
        out.extend(4u64.to_le_bytes());
        out.extend([0; 16]);
    }
    out
}

fn streams_that_pop(n: usize) -> Vec<u8> {
    b"NN0.".repeat(n)
}
fn streams_that_pop_the_last(n: usize) -> Vec<u8> {
    let mut bytes = Bytes::new().put(b"](").each(n, |b, i| b.text(&i.to_string()).put(b"\x94")).put(b"e\x94").stop();
    let index = (n as u32).to_le_bytes();
    (0..n).for_each(|_| bytes.extend([&b"\x80\x04]0j"[..], &index, b"."].concat()));
    bytes
}
fn streams_with_gaps(n: usize) -> Vec<u8> {
    b"Nr\xff\x03\0\0.".repeat(n)
}
fn fetched_children(n: usize) -> Vec<u8> {
    let made = Bytes::new().each(n, |b, i| b.put(b"]r").put(&(i as u32).to_le_bytes()).put(b"0"));
    made.put(b"](").each(n, |b, i| b.put(b"j").put(&(i as u32).to_le_bytes())).put(b"e").stop()
}
fn shared_children(n: usize) -> Vec<u8> {
    let made = Bytes::new().put(b"](").each(n, |b, i| b.put(b"]Nar").put(&(i as u32).to_le_bytes()));
    made.each(n, |b, i| b.put(b"j").put(&(i as u32).to_le_bytes())).put(b"e").stop()
}
fn deep_fetched(n: usize) -> Vec<u8> {
    let made = Bytes::new().each(n, |b, i| b.put(b"]r").put(&(i as u32).to_le_bytes()).put(b"0"));
    let get = |b: Bytes, i: usize| b.put(b"j").put(&(i as u32).to_le_bytes());
    get(made.each(n - 1, |b, i| get(get(b, i), i + 1).put(b"a0")), 0).stop()
}
fn deep_with_cycles(n: usize) -> Vec<u8> {
    Bytes::new()
        .each(n, |b, i| b.put(b"]r").put(&(i as u32).to_le_bytes()).put(b"j").put(&(i as u32).to_le_bytes()).put(b"a"))
        .put(b"N")
        .times(n, b"a")
        .stop()
}
fn deep_with_root(n: usize) -> Vec<u8> {
    Bytes::new().put(b"]\x94").times(n, b"]h\0a").put(b"N").times(n, b"a").put(b"a").stop()
}
fn partial_methods(n: usize) -> Vec<u8> {
    around(n, b"cfunctools\npartial\ncbuiltins\ngetattr\n", b"cm\nC\n", b"X\x01\0\0\0a\x86R\x85R")
}
fn shared_text_arguments(n: usize) -> Vec<u8> {
    list(n, |b, i| {
        b.global("m", "f")
            .put(&if i == 0 { Bytes::default().text(&"x".repeat(n)).put(b"\x94").0 } else { b"h\0".to_vec() })
            .put(b"\x85R")
    })
}
fn shared_name(n: usize) -> Vec<u8> {
    list(n, |b, i| {
        b.put(&if i == 0 { Bytes::default().global("m", &"x".repeat(n)).put(b"\x94").0 } else { b"h\0".to_vec() })
            .put(b")R")
    })
}
fn shared_arguments(n: usize) -> Vec<u8> {
    Bytes::new().put(b"](cm\nf\n\x94(").each(n, Bytes::int).put(b"t\x94R").times(n, b"h\0h\x01R").put(b"e").stop()
}
fn shared_key(n: usize) -> Vec<u8> {
    list(n, |b, i| {
        b.put(b"}")
            .put(&if i == 0 { Bytes::default().text(&"x".repeat(n)).put(b"\x94").0 } else { b"h\0".to_vec() })
            .put(b"Ns")
    })
}
fn shared_list(n: usize) -> Vec<u8> {
    Bytes::new().put(b"](](").each(n, Bytes::int).put(b"e\x94").times(n, b"h\0").put(b"e").stop()
}
fn shared_number(n: usize) -> Vec<u8> {
    Bytes::new().put(b"](L").times(n, b"7").put(b"L\n\x94").times(n, b"h\0").put(b"e").stop()
}
fn mixed_changes(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "C").put(b")\x81").times(n, b"NaNNs").stop()
}
fn states_and_items(n: usize) -> Vec<u8> {
    Bytes::new().global("m", "C").put(b")\x81}b").times(n, b"NaNNs").times(n, b"}b").stop()
}
fn nested_getters(n: usize) -> Vec<u8> {
    around(n, b"coperator\nattrgetter\n", b"X\x01\0\0\0a", b"\x85R")
}
fn left_over_lists(n: usize) -> Vec<u8> {
    Bytes::new().each(n, |b, i| b.put(b"]Nar").put(&(i as u32).to_le_bytes())).stop()
}
fn zip_of_streams(n: usize) -> Vec<u8> {
    zip([("a.pkl".to_owned(), streams_of_dicts(n))].into_iter())
}
fn gzip_members(n: usize) -> Vec<u8> {
    // Stored blocks of one byte: `N.` over and over.
    let member = |byte: u8| {
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 1, 0, 0xfe, 0xff, byte];
        out.extend(crc32(&[byte]).to_le_bytes());
        out.extend(1u32.to_le_bytes());
        out
    };
    [member(b'N'), member(b'.')].concat().repeat(n / 2)
}
fn dotted_os(n: usize) -> Vec<u8> {
    dotted(n, "os", "x", ".os")
}
fn dict_of_lists(n: usize) -> Vec<u8> {
    Bytes::new().put(b"}(").each(n, |b, i| b.text(&format!("column{i}")).put(b"](K\x01K\x02e")).put(b"u").stop()
}
fn strided_views(n: usize) -> Vec<u8> {
    // Tensors that all view one storage.
    let one = |b: Bytes, _| {
        b.global("torch._utils", "_rebuild_tensor_v2")
            .put(b"(")
            .storage(0)
            .put(b"K\0K\x02K\x02\x86K\x02K\x01\x86\x89")
            .global("collections", "OrderedDict")
            .put(b")RtR")
    };
    Bytes::new().put(b"}(").each(n, |b, i| one(b.text(&format!("k{i}")), i)).put(b"u").stop()
}
