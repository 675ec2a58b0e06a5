//! Sizes as rectangles that fill a room, as near to squares as they can be.
//!
//! Source: M. Bruls, K. Huizing, J. van Wijk, "Squarified treemaps" (2000).

/// A rectangle, in the units of the room.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tile {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Tile {
    /// The same without a border of so much, and so much more at the top.
    #[must_use]
    pub fn inside(self, border: f64, head: f64) -> Self {
        Self {
            x: self.x + border,
            y: self.y + border + head,
            width: (self.width - 2.0 * border).max(0.0),
            height: (self.height - 2.0 * border - head).max(0.0),
        }
    }
}

/// Parts of a room in proportion to sizes, which come largest first. What has no size gets an empty tile.
#[must_use]
pub fn treemap(sizes: &[u64], room: Tile) -> Vec<Tile> {
    let total: f64 = sizes.iter().map(|&size| size as f64).sum();
    let mut tiles = vec![Tile::default(); sizes.len()];
    let (mut left, mut at) = (room, 0);
    if total <= 0.0 || room.width <= 0.0 || room.height <= 0.0 {
        return tiles;
    }
    let scale = room.width * room.height / total;
    while at < sizes.len() && sizes[at] > 0 {
        let side = left.width.min(left.height);
        let mut area = 0.0;
        let mut end = at;
        let mut worst = f64::INFINITY;
        // As many in a row as make the least square one squarer.
        while end < sizes.len() && sizes[end] > 0 {
            let next = area + sizes[end] as f64 * scale;
            let thickness = next / side;
            let ratio = |size: u64| {
                let length = size as f64 * scale / thickness;
                (length / thickness).max(thickness / length)
            };
            let ratio = ratio(sizes[at]).max(ratio(sizes[end]));
            if ratio > worst {
                break;
            }
            (area, worst) = (next, ratio);
            end += 1;
        }
        let thickness = area / side;
        let is_column = left.width >= left.height;
        let mut along = 0.0;
        for (tile, &size) in tiles[at..end].iter_mut().zip(&sizes[at..end]) {
            let length = size as f64 * scale / thickness;
            *tile = if is_column {
                Tile { x: left.x, y: left.y + along, width: thickness, height: length }
            } else {
                Tile { x: left.x + along, y: left.y, width: length, height: thickness }
            };
            along += length;
        }
        if is_column {
            left.x += thickness;
            left.width = (left.width - thickness).max(0.0);
        } else {
            left.y += thickness;
            left.height = (left.height - thickness).max(0.0);
        }
        if left.width.min(left.height) <= 0.0 {
            break;
        }
        at = end;
    }
    tiles
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Tile = Tile { x: 10.0, y: 20.0, width: 600.0, height: 400.0 };

    fn check(sizes: &[u64]) -> Vec<Tile> {
        let tiles = treemap(sizes, ROOM);
        let total: f64 = sizes.iter().map(|&size| size as f64).sum();
        for (tile, &size) in tiles.iter().zip(sizes) {
            let area = 240_000.0 * size as f64 / total;
            assert!((tile.width * tile.height - area).abs() < 1e-6 * 240_000.0, "{sizes:?}: {tile:?} for {area}");
            assert!(tile.x > 9.999 && tile.y > 19.999 || size == 0);
            assert!(tile.x + tile.width < 610.001 && tile.y + tile.height < 420.001);
        }
        for (at, a) in tiles.iter().enumerate() {
            for b in &tiles[..at] {
                let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
                let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
                assert!(across < 1e-6 || down < 1e-6, "{a:?} and {b:?}");
            }
        }
        tiles
    }

    #[test]
    fn tiles_fill_the_room_in_proportion() {
        // The example of the paper.
        let tiles = check(&[6, 6, 4, 3, 2, 2, 1]);
        assert_eq!(tiles[0], Tile { x: 10.0, y: 20.0, width: 300.0, height: 200.0 });
        let whole = check(&[7])[0];
        assert!((whole.width - ROOM.width).abs() < 1e-9 && (whole.height - ROOM.height).abs() < 1e-9, "{whole:?}");
        check(&(1..300).rev().collect::<Vec<_>>());
        check(&[1 << 40, 1, 1, 0]);
        assert_eq!(treemap(&[0, 0], ROOM), [Tile::default(); 2]);
        assert!(treemap(&[], ROOM).is_empty());
        assert_eq!(treemap(&[5], Tile { width: 0.0, ..ROOM }), [Tile::default()]);
    }
}
