//! Pillow: what an image is. Its state is a list: info, mode, size, palette, bytes.
//!
//! Source: `PIL/Image.py` (`Image.__getstate__`).

use crate::graph::NodeId;
use crate::lens::recogniser::{Lens, Library};

/// Images.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["PIL"], text: Some(text), ..Library::NOTHING };

/// `RGB, 64 × 48`
fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let state = lens.sequence(lens.object(node)?.state()?)?;
    let &[_, mode, size, ..] = &state[..] else { return None };
    let &[width, height] = &lens.sizes(size)?[..] else { return None };
    Some(format!("{}, {width} × {height}", lens.string(mode)?))
}
