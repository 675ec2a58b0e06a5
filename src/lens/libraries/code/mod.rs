//! Functions, classes, modules and code objects pickled by value: what dill, cloudpickle and `types` make them from.
//!
//! Sources: `cloudpickle/cloudpickle.py` (`_make_function`, `_function_setstate`, `_code_reduce`, `_make_skeleton_class`, older
//! `_fill_function`), `dill/_dill.py` (`_create_function`, `_create_code`, `_create_type`, `_create_cell`), `Objects/codeobject.c`.

mod class;
mod form;
mod function;
mod instance;
mod lines;
mod maker;
mod object;
mod outer;
mod versions;

pub use class::{Class, ClassKind};
pub use form::{CodeForm, CodeObject};
pub use function::Function;
pub(in crate::lens) use instance::LIBRARY;
pub use maker::Made;
