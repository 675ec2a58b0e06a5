//! numpy: arrays, scalars, dtypes, generators of random numbers and polynomials.

mod arrays;
mod polynomial;
mod random;
mod versions;

pub(in crate::lens) use arrays::LIBRARY;
pub use polynomial::Polynomial;
pub use random::Random;
