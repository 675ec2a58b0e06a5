//! The opcodes of a pickle: the table of facts, the decoder, the texts of arguments as CPython prints them.

mod arg;
mod decode;
mod kinds;
mod marks;
mod number;
mod printable;
mod repr;
mod table;
mod text;
mod visible;

pub use arg::{ArgNote, ArgText, LOOKED_AHEAD, WriteArgError, arg_text, arg_text_prefix, write_arg};
pub use decode::{Arg, DecodeError, DecodeErrorKind, Instruction, decode};
pub use kinds::{ArgKind, Effect, Info, StackItem};
pub use marks::{VisiblePiece, visible_lines, visible_pieces};
pub(crate) use number::is_big_decimal;
pub use number::{
    Dialect, FloatLine, IndexLine, Int, IntLine, MAX_DIGITS, NumberError, decimal_text, float_line, index_line,
    int_line, long_bytes, long_line, plain_decimal, python_int,
};
pub use printable::is_printable;
pub use repr::{
    Quotes, printable, printable_bytes, repr_bytearray, repr_bytearray_prefix, repr_bytes, repr_bytes_prefix,
    repr_complex, repr_float, repr_str, repr_str_prefix, write_bytes, write_bytes_body, write_digits, write_float,
    write_str, write_str_body,
};
pub use table::Opcode;
pub use text::{
    CodePoints, EscapeError, EscapeErrorKind, PyText, Utf8Error, raw_unicode_escape, raw_unicode_escape_prefix,
    strip_quotes, unescape, unescape_prefix, unescape_text,
};
pub use visible::{is_visible, visible, visible_bytes, visible_up_to};
