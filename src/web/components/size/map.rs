//! The largest values as tiles. The outline below says the same to keyboards and screen readers.

use super::share::{ROWS, percent};
use crate::protocol::{Target, ask};
use crate::view::SizeTile;
use crate::view::treemap::{Tile, treemap};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::size_text;
use crate::web::resize::use_resize;
use crate::web::size_lines::last_step;
use std::rc::Rc;
use yew::prelude::*;

/// Room for the name of a tile that has others in it, and the border around these, in pixels.
const HEAD: f64 = 16.0;
const BORDER: f64 = 2.0;
/// Smaller tiles than this, in pixels, have no text.
const NAMED: (f64, f64) = (44.0, 15.0);
/// Tiles of a side below this are not drawn.
const SEEN: f64 = 2.0;

/// Properties of [`Map`].
#[derive(Properties, PartialEq)]
pub struct MapProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of everything.
    pub total: u64,
}

/// Tiles in tiles, in proportion to what values hold.
#[component]
pub fn Map(props: &MapProps) -> Html {
    let actions = use_actions();
    let tiles = use_state_eq(|| None::<(u32, Rc<Vec<SizeTile>>)>);
    let room = use_state_eq(|| (0_u32, 0_u32));
    let node = use_node_ref();
    {
        let (setter, actions) = (tiles.setter(), actions.clone());
        use_effect_with(props.generation, move |&generation| {
            actions.ask(ask::SizeMap { of: None, count: 2 * ROWS }, move |tiles| {
                setter.set(Some((generation, Rc::new(tiles))));
            });
        });
    }
    {
        let setter = room.setter();
        use_resize([node.clone()], move |[element]| {
            setter.set((element.client_width().max(0) as u32, element.client_height().max(0) as u32));
        });
    }
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(node) = dom::data_of(&event, "tile").and_then(|node| node.parse().ok()) {
            actions.select(Target::Node(node));
        }
    });
    let found = (*tiles).clone().filter(|(of, _)| *of == props.generation).map(|(_, tiles)| tiles);
    let tiles = found.unwrap_or_default();
    let (width, height) = (f64::from(room.0), f64::from(room.1));
    let places = place(&tiles, Tile { x: 0.0, y: 0.0, width, height });
    let shown = tiles.iter().zip(&places).filter(|(_, (place, _))| place.width >= SEEN && place.height >= SEEN);
    let draw = |(tile, (place, level)): (&SizeTile, &(Tile, u32))| {
        let row = &tile.row;
        let above = tile.above.map(|above| tiles[above as usize].row.path.as_str());
        let name = last_step(&row.path, above);
        let style = format!(
            "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px",
            place.x, place.y, place.width, place.height
        );
        let title = format!(
            "{}\n{}, {} of everything\n{}",
            row.path,
            size_text(row.retained),
            percent(row.retained, props.total),
            row.what
        );
        let is_named = place.width >= NAMED.0 && place.height >= NAMED.1;
        html! {
            <div class={classes!("tile", format!("tile-{}", level % 4))} ~style={style} {title}
                data-tile={row.is_value.then(|| row.node.to_string())}>
                { for is_named.then(|| html! { <span class="tile-name">{ format!("{name} {} {}", size_text(row.retained), row.what) }</span> }) }
            </div>
        }
    };
    html! { <div class="size-map" ref={node} {onclick} aria-hidden="true" data-tiles={tiles.len().to_string()}>{ for shown.map(draw) }</div> }
}

/// Where each tile is, and its level.
fn place(tiles: &[SizeTile], room: Tile) -> Vec<(Tile, u32)> {
    let mut places = vec![(Tile::default(), 0_u32); tiles.len()];
    let mut at = 0;
    // Those of one tile stand one behind the other, and behind it.
    while at < tiles.len() {
        let above = tiles[at].above;
        let end = at + tiles[at..].iter().take_while(|tile| tile.above == above).count();
        let (room, level) = match above {
            None => (room, 0),
            Some(above) => (places[above as usize].0.inside(BORDER, HEAD), places[above as usize].1 + 1),
        };
        let sizes: Vec<u64> = tiles[at..end].iter().map(|tile| tile.row.retained).collect();
        // What has no tile leaves its part of the room empty.
        let whole = above.map_or_else(|| sizes.iter().sum(), |above| tiles[above as usize].row.retained);
        let used = sizes.iter().sum::<u64>() as f64 / whole.max(1) as f64;
        let room = if room.width >= room.height {
            Tile { width: room.width * used, ..room }
        } else {
            Tile { height: room.height * used, ..room }
        };
        for (place, tile) in places[at..end].iter_mut().zip(treemap(&sizes, room)) {
            *place = (tile, level);
        }
        at = end;
    }
    places
}
