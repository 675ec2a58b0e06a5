//! What dtypes and generators of random numbers tell of the version of numpy that wrote them.

use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Says what an object tells, and whether it was looked into.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    match (object.class.module.as_str(), object.class.name.as_str()) {
        ("numpy", "dtype") => {
            let flags = object.state().and_then(|state| lens.graph.items(state.node()).nth(7));
            // The bit of an aligned structure; before it was the sign of a char.
            match flags.and_then(|flags| lens.int(flags)) {
                Some(flags) if flags >= 128 => {
                    clues.since("numpy", "2.0", "the flags of a dtype are no signed byte", offset);
                    clues.fails("numpy < 2.0", "ValueError: incorrect value for flags variable (overflow)", offset);
                }
                Some(flags) if flags < 0 => {
                    clues.until("numpy", "2.0", "the flags of a dtype are a signed byte", offset);
                }
                _ => {}
            }
            true
        }
        ("numpy.random._pickle", name) => {
            clues.since("numpy", "1.17", "random generators by numpy.random._pickle", offset);
            let takes_two = matches!(name, "__randomstate_ctor" | "__generator_ctor") && object.args.len() > 1;
            if takes_two {
                clues.since("numpy", "1.24", format!("{name} with two arguments"), offset);
                let what = format!("TypeError: {name}() takes from 0 to 1 positional arguments but 2 were given");
                clues.fails("numpy < 1.24", what, offset);
            }
            if name == "__bit_generator_ctor"
                && let Some(class) = object.args.first().and_then(|&class| lens.symbol(class))
            {
                clues.since("numpy", "2.0", "a bit generator by its class instead of by its name", offset);
                let what = format!("ValueError: <class '{}'> is not a known BitGenerator module.", class.full_name());
                clues.fails("numpy < 2.0", what, offset);
            }
            true
        }
        // The order of the axes came with 2.3 (`numpy/_core/numeric.py`).
        (_, "_frombuffer") if object.args.len() == 5 => {
            clues.since("numpy", "2.3", "_frombuffer with five arguments", offset);
            let what = "TypeError: _frombuffer() takes 4 positional arguments but 5 were given";
            clues.fails("numpy < 2.3", what, offset);
            true
        }
        _ => false,
    }
}
