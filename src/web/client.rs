//! The page's end of its workers: starts them, asks them, ends them.
//!
//! A worker serves what was opened together. Memory of a WebAssembly instance never shrinks, so the next files get another
//! worker; the one before lives until they are there, because what is on screen stays if they cannot be opened. None of that
//! asks the network for anything: see `www/boot.js`.
//!
//! Every question is answered exactly once: by the worker, or with the reason why there is no answer when the worker ends,
//! cannot be asked, or shows something else by then. Nobody has to reckon with an answer that never comes.

use super::dom::{self, Listener, after};
use super::message::to_js;
use super::state::Cause;
use crate::protocol::{Ask, Command, CommandBody, Event, FailureCause, Part, Question, VERSION};
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// Milliseconds between two looks at a worker that has questions to answer.
const LOOK: i32 = 1000;
/// Looks without a word from it, after which the reader is asked what to do. A page in the background does not look, and
/// counts no time: its timers are throttled, and its messages may be waiting.
const QUIET: u32 = 10;

const ENDED: &str = "the decoder has stopped";
const REPLACED: &str = "something else was opened before the answer came";
const GARBLED: &str = "the decoder's answer could not be read";

#[wasm_bindgen]
extern "C" {
    /// Given by `www/boot.js`.
    #[wasm_bindgen(js_namespace = picklescope, js_name = startWorker, catch)]
    fn start_worker() -> Result<Worker, JsValue>;
    /// Takes the network from the page before anything of the reader's is in it.
    #[wasm_bindgen(js_namespace = picklescope)]
    fn shut();
}

/// What a worker reports unasked.
#[derive(Clone, Debug)]
pub(crate) enum Report {
    /// Progress, an opened document, or a part that is not shown.
    Event(Event),
    /// The worker is of another version than the page.
    OtherVersion,
    /// The worker that showed or was opening something has ended.
    Ended {
        /// What it was about.
        generation: u32,
        /// Why.
        cause: Cause,
        /// What the decoder or the browser said.
        message: String,
    },
    /// The worker has not said anything for long, or has again.
    Quiet {
        /// What it is about.
        generation: u32,
        /// Whether it is quiet.
        quiet: bool,
    },
}

/// Takes the answer as it came, or why there is none.
type Callback = Box<dyn FnOnce(Result<JsValue, String>)>;

/// Handle of the workers; clones share it.
#[derive(Clone)]
pub(crate) struct Client(Rc<Inner>);

struct Inner {
    /// The worker of what is on screen.
    shown: RefCell<Option<Rc<Decoder>>>,
    /// The worker that opens the next files, or waits for the first.
    next: RefCell<Option<Rc<Decoder>>>,
    /// Number of the newest file or part.
    generation: Cell<u32>,
    report: Box<dyn Fn(Report)>,
}

/// One worker.
struct Decoder {
    worker: Worker,
    /// What it shows; 0 before its first document.
    generation: Cell<u32>,
    /// What it is opening.
    opening: Cell<Option<u32>>,
    /// Whether its first message told the right version.
    greeted: Cell<bool>,
    ended: Cell<bool>,
    next_id: Cell<u32>,
    pending: RefCell<HashMap<u32, Callback>>,
    /// Looks since its last message, while there are questions.
    looks: Cell<u32>,
    is_watched: Cell<bool>,
    listeners: RefCell<Vec<Listener>>,
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Client {
    /// Starts a worker, which waits for its file.
    pub(crate) fn new(report: impl Fn(Report) + 'static) -> Self {
        let client = Self(Rc::new(Inner {
            shown: RefCell::default(),
            next: RefCell::default(),
            generation: Cell::new(0),
            report: Box::new(report),
        }));
        client.prepare();
        client
    }

    /// Number of what is on screen.
    pub(crate) fn generation(&self) -> u32 {
        self.0.shown.borrow().as_ref().map_or(self.0.generation.get(), |decoder| decoder.generation.get())
    }

    /// Whether there is a worker behind what is on screen.
    pub(crate) fn is_running(&self) -> bool {
        self.0.shown.borrow().is_some()
    }

    /// Sends `File`s, `Blob`s or `Uint8Array`s to be opened in a worker of their own.
    pub(crate) fn open(&self, files: &[(String, JsValue)]) -> u32 {
        let generation = self.new_generation();
        let is_idle = self.0.next.borrow().as_ref().is_some_and(|decoder| decoder.opening.get().is_none());
        let started = if is_idle { Ok(()) } else { self.start() };
        let (names, payloads): (Vec<String>, Vec<&JsValue>) =
            files.iter().map(|(name, file)| (name.clone(), file)).unzip();
        let decoder = self.0.next.borrow().clone();
        let sent = match (started, decoder) {
            (Ok(()), Some(decoder)) => {
                decoder.opening.set(Some(generation));
                decoder.send(generation, 0, CommandBody::Open { names }, &payloads)
            }
            (Err(message), _) => Err(message),
            (Ok(()), None) => Err(String::new()),
        };
        if let Err(message) = sent {
            let this = self.clone();
            drop(self.0.next.take());
            // Not at once: the caller does not expect to be called back before this returns.
            after(0, move || (this.0.report)(Report::Ended { generation, cause: Cause::NoWorker, message }));
        }
        generation
    }

    /// Shows another part of what is on screen, in the same worker.
    pub(crate) fn show(&self, part: Part) -> u32 {
        let generation = self.new_generation();
        let decoder = self.0.shown.borrow().clone();
        if let Some(decoder) = decoder {
            decoder.opening.set(Some(generation));
            if let Err(message) = decoder.send(generation, 0, CommandBody::Show(part), &[]) {
                let this = self.clone();
                after(0, move || this.end(&decoder, Cause::Decoder, message));
            }
        }
        generation
    }

    /// Asks what is on screen. What needs no file is answered without one, by the worker that waits for the first.
    pub(crate) fn ask<A: Ask>(&self, question: A, then: impl FnOnce(Result<A::Reply, String>) + 'static) {
        self.ask_raw(A::NEEDS_FILE, question.into(), Box::new(move |reply| then(read::<A::Reply>(reply))));
    }

    /// The same whatever the type of the answer: there are many, and this is compiled once.
    fn ask_raw(&self, needs_file: bool, question: Question, then: Callback) {
        let shown = self.0.shown.borrow().clone();
        let decoder = if needs_file { shown } else { shown.or_else(|| self.waiting()) };
        let Some(decoder) = decoder else { return after(0, move || then(Err(ENDED.to_owned()))) };
        let id = decoder.next_id.get().wrapping_add(1);
        decoder.next_id.set(id);
        decoder.pending.borrow_mut().insert(id, then);
        // While it opens another part, the answer would be about that one.
        if decoder.opening.get().is_some() {
            return;
        }
        match decoder.send(decoder.generation.get(), id, CommandBody::Ask(question), &[]) {
            Ok(()) => self.watch(&decoder),
            Err(message) => after(0, move || decoder.reply(id, Err(message))),
        }
    }

    /// The worker of the next files, started if there is none.
    fn waiting(&self) -> Option<Rc<Decoder>> {
        let waiting = self.0.next.borrow().clone();
        waiting.or_else(|| {
            self.prepare();
            self.0.next.borrow().clone()
        })
    }

    /// Gives up what is being opened. A part is opened by the worker of what is on screen, which ends with it.
    pub(crate) fn cancel(&self) {
        let shown = self.0.shown.borrow().clone().filter(|decoder| decoder.opening.get().is_some());
        match shown {
            Some(decoder) => self.end(&decoder, Cause::Stopped, String::new()),
            None => self.prepare(),
        }
    }

    /// Ends the worker of what is on screen, whatever it is doing.
    pub(crate) fn stop(&self) {
        let shown = self.0.shown.borrow().clone();
        shown.iter().for_each(|decoder| self.end(decoder, Cause::Stopped, String::new()));
    }

    /// Ends every worker without a word, and has one wait for the next file.
    pub(crate) fn close(&self) {
        let shown = self.0.shown.take();
        shown.into_iter().for_each(Decoder::retire);
        self.prepare();
    }

    fn new_generation(&self) -> u32 {
        let generation = self.0.generation.get().wrapping_add(1).max(1);
        self.0.generation.set(generation);
        generation
    }

    /// Has a worker wait. Where none can be started, opening a file says so.
    fn prepare(&self) {
        let _ = self.start();
    }

    fn start(&self) -> Result<(), String> {
        let before = self.0.next.take();
        before.into_iter().for_each(Decoder::retire);
        let worker = start_worker().map_err(|error| text_of(&error))?;
        let decoder = Rc::new_cyclic(|this| Decoder {
            listeners: RefCell::new(self.listen(&worker, this)),
            worker,
            generation: Cell::new(0),
            opening: Cell::new(None),
            greeted: Cell::new(false),
            ended: Cell::new(false),
            next_id: Cell::new(0),
            pending: RefCell::default(),
            looks: Cell::new(0),
            is_watched: Cell::new(false),
        });
        self.0.next.replace(Some(decoder));
        Ok(())
    }

    /// The listeners hold client and worker weakly, for those hold them.
    fn listen(&self, worker: &Worker, decoder: &Weak<Decoder>) -> Vec<Listener> {
        let (client, decoder) = (Rc::downgrade(&self.0), decoder.clone());
        let on = move |kind: &'static str, action: fn(&Self, &Rc<Decoder>, web_sys::Event)| {
            let (client, decoder) = (client.clone(), decoder.clone());
            Listener::new(worker, kind, move |event: web_sys::Event| {
                if let (Some(client), Some(decoder)) = (client.upgrade(), decoder.upgrade())
                    && !decoder.ended.get()
                {
                    action(&Self(client), &decoder, event);
                }
            })
        };
        vec![
            on("message", |client, decoder, event| {
                client.receive(decoder, event.unchecked_into::<MessageEvent>().data());
            }),
            on("messageerror", |_, decoder, _| decoder.answer_all(GARBLED)),
            on("error", |client, decoder, event| {
                event.prevent_default();
                let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                client.end(decoder, cause_of(&message), message);
            }),
            // From `www/boot.js`: the worker ended, and the browser reported no error.
            on("gone", |client, decoder, _| client.end(decoder, Cause::Gone, String::new())),
        ]
    }

    /// A worker has ended or must: what it was about stays on screen, what it was asked is answered.
    fn end(&self, decoder: &Rc<Decoder>, cause: Cause, message: String) {
        if decoder.ended.get() {
            return;
        }
        for place in [&self.0.shown, &self.0.next] {
            let is_here = place.borrow().as_ref().is_some_and(|other| Rc::ptr_eq(other, decoder));
            if is_here {
                drop(place.take());
            }
        }
        let generation = decoder.opening.get().unwrap_or(decoder.generation.get());
        // One that was waiting is not missed before there is a file for it.
        if generation != 0 {
            (self.0.report)(Report::Ended { generation, cause, message });
        }
        Decoder::retire(Rc::clone(decoder));
    }

    fn receive(&self, decoder: &Rc<Decoder>, data: JsValue) {
        if decoder.looks.replace(0) >= QUIET {
            (self.0.report)(Report::Quiet { generation: decoder.generation.get(), quiet: false });
        }
        let message: js_sys::Array = data.dyn_into().unwrap_or_default();
        let event = match serde_wasm_bindgen::from_value::<Event>(message.get(0)) {
            Ok(event) => event,
            Err(_) if decoder.greeted.get() => return decoder.answer_all(GARBLED),
            Err(_) => return self.other_version(decoder),
        };
        let is_opening = |generation: u32| decoder.opening.get() == Some(generation);
        match event {
            Event::Ready { version } if version != VERSION => self.other_version(decoder),
            Event::Ready { .. } => decoder.greeted.set(true),
            Event::Reply { generation, id, failed } if generation == decoder.generation.get() => {
                decoder.reply(id, failed.map_or_else(|| Ok(message.get(1)), Err));
            }
            Event::Progress { generation, .. } if is_opening(generation) => (self.0.report)(Report::Event(event)),
            Event::Opened { generation, .. } if is_opening(generation) => self.opened(decoder, generation, event),
            Event::Refused { generation, .. } if generation == decoder.generation.get() => {
                (self.0.report)(Report::Event(event));
            }
            Event::Failed { generation, cause, message }
                if is_opening(generation) || generation == decoder.generation.get() =>
            {
                let cause = match cause {
                    FailureCause::Unreadable => Cause::Unreadable,
                    FailureCause::Decoder => Cause::Decoder,
                };
                self.end(decoder, cause, message);
            }
            // About something that nobody waits for any more.
            Event::Reply { .. }
            | Event::Progress { .. }
            | Event::Opened { .. }
            | Event::Refused { .. }
            | Event::Failed { .. } => {}
        }
    }

    fn opened(&self, decoder: &Rc<Decoder>, generation: u32, event: Event) {
        decoder.opening.set(None);
        decoder.generation.set(generation);
        let is_next = self.0.next.borrow().as_ref().is_some_and(|next| Rc::ptr_eq(next, decoder));
        let before = if is_next { self.0.shown.replace(self.0.next.take()) } else { None };
        (self.0.report)(Report::Event(event));
        match before {
            Some(before) => Decoder::retire(before),
            None => decoder.answer_all(REPLACED),
        }
    }

    fn other_version(&self, decoder: &Rc<Decoder>) {
        (self.0.report)(Report::OtherVersion);
        self.end(decoder, Cause::OtherVersion, String::new());
    }

    /// Looks after a worker as long as it has questions to answer.
    fn watch(&self, decoder: &Rc<Decoder>) {
        if !decoder.is_watched.replace(true) {
            decoder.looks.set(0);
            self.look_later(decoder);
        }
    }

    fn look_later(&self, decoder: &Rc<Decoder>) {
        let (client, decoder) = (Rc::downgrade(&self.0), Rc::downgrade(decoder));
        after(LOOK, move || {
            let (Some(client), Some(decoder)) = (client.upgrade(), decoder.upgrade()) else { return };
            if decoder.ended.get() || decoder.pending.borrow().is_empty() {
                decoder.is_watched.set(false);
                return;
            }
            if !dom::document().hidden() && decoder.opening.get().is_none() {
                decoder.looks.set(decoder.looks.get().saturating_add(1));
                if decoder.looks.get() == QUIET {
                    (client.report)(Report::Quiet { generation: decoder.generation.get(), quiet: true });
                }
            }
            Self(client).look_later(&decoder);
        });
    }
}

impl Decoder {
    fn send(&self, generation: u32, id: u32, body: CommandBody, payloads: &[&JsValue]) -> Result<(), String> {
        let message = js_sys::Array::of1(&to_js(&Command { generation, id, body })?);
        for payload in payloads {
            message.push(payload);
        }
        shut();
        self.worker.post_message(&message).map_err(|error| text_of(&error))
    }

    fn reply(&self, id: u32, reply: Result<JsValue, String>) {
        let then = self.pending.borrow_mut().remove(&id);
        if let Some(then) = then {
            then(reply);
        }
    }

    fn answer_all(&self, why: &str) {
        let pending = self.pending.take();
        pending.into_values().for_each(|then| then(Err(why.to_owned())));
    }

    /// Ends the worker and answers what it was asked. It may be one of its own listeners that calls this: they are dropped
    /// later.
    fn retire(this: Rc<Self>) {
        this.ended.set(true);
        this.worker.terminate();
        this.answer_all(ENDED);
        after(0, move || drop(this.listeners.take()));
    }
}

/// An answer as its type: compiled once for each type, not for each place that asks.
#[inline(never)]
fn read<Reply: DeserializeOwned>(reply: Result<JsValue, String>) -> Result<Reply, String> {
    serde_wasm_bindgen::from_value(reply?).map_err(|_| GARBLED.to_owned())
}

/// A program that WebAssembly ends without a word has asked for memory that there is not; a defect says where it is first.
fn cause_of(message: &str) -> Cause {
    let message = message.to_lowercase();
    if ["unreachable", "memory", "allocation"].iter().any(|word| message.contains(word)) {
        Cause::Memory
    } else {
        Cause::Decoder
    }
}

fn text_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_else(|| "no reason was given".to_owned())
}
