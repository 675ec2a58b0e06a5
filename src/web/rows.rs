//! Windows of a long list that lives in the worker.

use super::actions::{Actions, use_actions};
use super::components::again::Again;
use super::dom::{Debounce, Pace};
use super::scroll::Window;
use crate::protocol::Ask;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use yew::prelude::*;

/// Rows in one request.
pub(crate) const CHUNK: u64 = 64;
/// Requests on their way at a time: while scrolling fast, only what is visible when one returns is asked for next.
const IN_FLIGHT: usize = 2;
/// Milliseconds in one place until its neighbours are asked for, after a leap. While the bar is drawn over the whole, their rows would be
/// read and sent for nothing.
const RESTING: i32 = 150;
/// Chunks kept.
const KEPT: usize = 64;

type Then<T> = Box<dyn FnOnce(Result<Vec<T>, String>)>;
/// Asks for so many rows from one on.
type Fetch<T> = dyn Fn(&Actions, u64, u32, Then<T>);

/// How a list is asked for.
pub(crate) struct Source<T> {
    fetch: Rc<Fetch<T>>,
    /// Whether the list only becomes longer from version to version.
    grows: bool,
}

impl<T: 'static> Source<T> {
    /// By a question with the first row and how many, and the rows in its answer.
    pub(crate) fn new<A: Ask>(question: impl Fn(u64, u32) -> A + 'static, rows: fn(A::Reply) -> Vec<T>) -> Self {
        let fetch: Rc<Fetch<T>> = Rc::new(move |actions, first, count, then| {
            actions.inquire(question(first, count), move |reply| then(reply.map(rows)));
        });
        Self { fetch, grows: false }
    }

    /// Of a list that becomes longer while it is looked at, perhaps faster than it is answered: what it was a moment ago is shown.
    pub(crate) fn growing(self) -> Self {
        Self { grows: true, ..self }
    }
}

struct Cache<T> {
    source: Source<T>,
    version: (u32, u32),
    total: u64,
    chunks: HashMap<u64, Rc<[Rc<T>]>>,
    /// Rows of the version before, shown until those of this one are there, so that nothing flickers.
    stale: HashMap<u64, Rc<[Rc<T>]>>,
    in_flight: HashSet<u64>,
    /// Chunks that could not be loaded, and why. They are asked for again when the reader says so.
    failed: HashMap<u64, Rc<str>>,
    sight: Sight,
}

/// What is seen of a list.
#[derive(Clone, Copy, Default)]
struct Sight {
    window: Window,
    /// Whether the list has leapt to where it is and does not rest yet.
    leaping: bool,
}

impl Sight {
    /// A list that waits for its rows says twice where it is.
    fn go_to(&mut self, window: Window) {
        if window != self.window {
            self.leaping = self.window.first.abs_diff(window.first) > 2 * window.count;
            self.window = window;
        }
    }

    /// The chunks that are visible.
    fn chunks(self) -> std::ops::RangeInclusive<u64> {
        let end = (self.window.first + self.window.count).max(self.window.first + 1);
        self.window.first / CHUNK..=(end - 1) / CHUNK
    }

    /// Chunks to ask for, in this order: what is visible, then the neighbours, so that moving on finds them here.
    fn order(self) -> impl Iterator<Item = u64> {
        let chunks = self.chunks();
        let neighbours = [chunks.end() + 1, chunks.start().saturating_sub(1)];
        chunks.chain(neighbours.into_iter().filter(move |_| !self.leaping))
    }
}

/// The rows that are here.
pub(crate) struct Rows<T> {
    cache: Rc<RefCell<Cache<T>>>,
    rest: Debounce,
    pace: Pace,
    actions: Actions,
    update: UseForceUpdateHandle,
}

impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self {
            cache: Rc::clone(&self.cache),
            rest: self.rest.clone(),
            pace: self.pace.clone(),
            actions: self.actions.clone(),
            update: self.update.clone(),
        }
    }
}

impl<T: 'static> Rows<T> {
    /// The row, when it is here.
    pub(crate) fn get(&self, row: u64) -> Option<Rc<T>> {
        let cache = self.cache.borrow();
        let (chunk, index) = (row / CHUNK, (row % CHUNK) as usize);
        let find = |chunks: &HashMap<u64, Rc<[Rc<T>]>>| chunks.get(&chunk).and_then(|rows| rows.get(index)).cloned();
        find(&cache.chunks).or_else(|| find(&cache.stale))
    }

    /// Looks at every row that is here.
    pub(crate) fn each(&self, see: impl FnMut(&Rc<T>)) {
        self.cache.borrow().chunks.values().flat_map(|rows| rows.iter()).for_each(see);
    }

    /// The visible part: rows outside it need not be fetched. Says whether there is nothing to wait for.
    pub(crate) fn want(&self, window: Window) -> bool {
        let before = self.problem();
        self.cache.borrow_mut().sight.go_to(window);
        let this = self.clone();
        self.rest.run(RESTING, move || {
            if std::mem::take(&mut this.cache.borrow_mut().sight.leaping) {
                if !this.cache.borrow().is_settled() {
                    this.update.force_update();
                }
                this.pump();
            }
        });
        // Nothing arrives that would draw it.
        if self.problem() != before {
            self.update.force_update();
        }
        if self.cache.borrow().sight.leaping {
            let this = self.clone();
            self.pace.run(move || this.pump());
        } else {
            self.pump();
        }
        self.cache.borrow().is_settled()
    }

    /// The visible part, as last reported.
    pub(crate) fn window(&self) -> Window {
        self.cache.borrow().sight.window
    }

    /// Why some of what is visible is not here.
    fn problem(&self) -> Option<Rc<str>> {
        let cache = self.cache.borrow();
        cache.sight.chunks().find_map(|chunk| cache.failed.get(&chunk).cloned())
    }

    /// A line that says what could not be loaded, with a way to ask again.
    pub(crate) fn again(&self, what: &'static str) -> Html {
        let Some(why) = self.problem() else { return Html::default() };
        let rows = self.clone();
        let onagain = Callback::from(move |()| {
            rows.cache.borrow_mut().failed.clear();
            rows.update.force_update();
            rows.pump();
        });
        html! { <Again key="again" why={AttrValue::from(why)} {what} {onagain} /> }
    }

    fn pump(&self) {
        loop {
            let (version, chunk, count, source) = {
                let mut cache = self.cache.borrow_mut();
                if cache.in_flight.len() >= IN_FLIGHT {
                    return;
                }
                let Some(chunk) = cache.missing() else { return };
                cache.in_flight.insert(chunk);
                let count = CHUNK.min(cache.total - chunk * CHUNK) as u32;
                (cache.version, chunk, count, Rc::clone(&cache.source.fetch))
            };
            let this = self.clone();
            source(&self.actions, chunk * CHUNK, count, Box::new(move |rows| this.arrived(version, chunk, rows)));
        }
    }

    fn arrived(&self, version: (u32, u32), chunk: u64, rows: Result<Vec<T>, String>) {
        let is_to_draw = {
            let mut cache = self.cache.borrow_mut();
            if cache.version != version {
                if let (Ok(rows), true) = (rows, cache.source.grows && cache.version.0 == version.0) {
                    cache.stale.insert(chunk, rows.into_iter().map(Rc::new).collect());
                    drop(cache);
                    self.update.force_update();
                }
                return;
            }
            cache.in_flight.remove(&chunk);
            match rows {
                Ok(rows) => drop(cache.chunks.insert(chunk, rows.into_iter().map(Rc::new).collect())),
                Err(why) => drop(cache.failed.insert(chunk, Rc::from(why))),
            }
            cache.trim();
            cache.sight.chunks().contains(&chunk) && (cache.is_settled() || !cache.sight.leaping)
        };
        // Neighbours that were asked for ahead are drawn when they come into sight, and after a leap all that is seen is drawn at once.
        if is_to_draw {
            self.update.force_update();
        }
        self.pump();
    }
}

impl<T> Cache<T> {
    fn missing(&self) -> Option<u64> {
        self.sight.order().find(|chunk| {
            chunk * CHUNK < self.total
                && !self.chunks.contains_key(chunk)
                && !self.in_flight.contains(chunk)
                && !self.failed.contains_key(chunk)
        })
    }

    /// Whether all that is visible is here, or could not be loaded.
    fn is_settled(&self) -> bool {
        let is_known = |chunk: u64| self.chunks.contains_key(&chunk) || self.failed.contains_key(&chunk);
        self.sight.chunks().all(|chunk| chunk * CHUNK >= self.total || is_known(chunk))
    }

    fn trim(&mut self) {
        let middle = self.sight.window.first / CHUNK;
        let near = middle.saturating_sub(KEPT as u64 / 4)..=middle + KEPT as u64 / 4;
        if self.chunks.len() > KEPT {
            self.chunks.retain(|chunk, _| near.contains(chunk));
        }
        if self.failed.len() > KEPT {
            self.failed.retain(|chunk, _| near.contains(chunk));
        }
    }
}

/// Rows of a list of `total`; a new `version` makes all of them outdated. The first element of the version is the file.
#[hook]
pub(crate) fn use_rows<T: 'static>(
    version: (u32, u32),
    total: u64,
    first: Option<Rc<[Rc<T>]>>,
    source: impl FnOnce() -> Source<T>,
) -> Rows<T> {
    let actions = use_actions();
    let update = use_force_update();
    let cache = use_memo((), |()| {
        Rc::new(RefCell::new(Cache {
            source: source(),
            version: (0, 0),
            total: 0,
            chunks: HashMap::new(),
            stale: HashMap::new(),
            in_flight: HashSet::new(),
            failed: HashMap::new(),
            sight: Sight::default(),
        }))
    });
    let (rest, pace) = (use_memo((), |()| Debounce::default()), use_memo((), |()| Pace::default()));
    let (rest, pace) = (Debounce::clone(&rest), Pace::clone(&pace));
    let rows = Rows { cache: Rc::clone(&cache), rest, pace, actions, update };
    let mut cache = rows.cache.borrow_mut();
    if cache.version != version {
        let old = std::mem::take(&mut cache.chunks);
        let is_same = cache.version.0 == version.0;
        if !(is_same && cache.source.grows && old.is_empty()) {
            cache.stale = if is_same { old } else { HashMap::new() };
        }
        cache.version = version;
        cache.in_flight.clear();
        cache.failed.clear();
        if let Some(first) = first.filter(|_| version.1 == 0) {
            for (chunk, rows) in first.chunks(CHUNK as usize).enumerate() {
                // A chunk that was cut by the number of rows sent along must be asked for again in full.
                if rows.len() as u64 == CHUNK || chunk as u64 * CHUNK + rows.len() as u64 == total {
                    cache.chunks.insert(chunk as u64, rows.into());
                }
            }
        }
    }
    cache.total = total;
    drop(cache);
    {
        let rows = rows.clone();
        use_effect_with((version, total), move |_| rows.pump());
    }
    rows
}
