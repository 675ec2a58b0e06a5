//! How an array lies in the file, for readers that want its numbers without a copy.

use crate::export::descr;
use crate::lens::{Array, Data};

/// Which numbers an array has and where they are.
///
/// ```
/// use picklescope::Options;
///
/// let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
/// let mut file = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
/// file.extend([1.5_f64, 2.5].iter().flat_map(|number| number.to_le_bytes()));
///
/// let layout = picklescope::open_bytes("two.npy", file.clone(), &Options::new()).array("obj")?;
/// assert_eq!((layout.descr.as_str(), &layout.shape[..]), ("'<f8'", &[2][..]));
/// let numbers = &file[layout.offset.unwrap() as usize..];
/// assert_eq!(numbers[..8], 1.5_f64.to_le_bytes());
/// # Ok::<(), picklescope::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ArrayLayout {
    /// The dtype as numpy prints it: `float64`, `>f8`, `bfloat16`.
    pub dtype: String,
    /// The dtype as a `.npy` header spells it, a Python literal: `'<f8'`, a list of fields. What numpy does not have is widened:
    /// `'<f4'` for bfloat16.
    pub descr: String,
    /// Sizes of the dimensions.
    pub shape: Vec<u64>,
    /// Bytes from one element to the next in each dimension.
    pub strides: Vec<u64>,
    /// Where the first element stands in the file that was opened, if all elements stand there as they are. Otherwise they are
    /// packed, spelled as text or in another file; [`Opened::write_array`](crate::Opened::write_array) gives them.
    pub offset: Option<u64>,
    /// Whether a mask hides some elements (`numpy.ma`).
    pub is_masked: bool,
}

impl ArrayLayout {
    /// The layout of an array.
    ///
    /// # Errors
    /// Why it has none, in words: its elements are objects, or their bytes are not there.
    pub(super) fn of(array: &Array<'_>) -> Result<Self, String> {
        match &array.data {
            Data::Bytes(_) => {}
            Data::Items(_) => return Err("its elements are Python objects".to_owned()),
            Data::Missing(why) => return Err(why.clone()),
        }
        if let Some(problem) = &array.problem {
            return Err(problem.clone());
        }
        let size = array.dtype.itemsize;
        let strides = array.strides().into_iter().map(|stride| stride.saturating_mul(size)).collect();
        Ok(Self {
            dtype: array.dtype.name.clone(),
            descr: descr(&array.dtype)?,
            shape: array.grid().to_vec(),
            strides,
            offset: array.in_file().filter(|_| array.dtype.widened().is_none()),
            is_masked: array.mask.is_some(),
        })
    }
}
