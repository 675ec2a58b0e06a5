//! The page's end of the worker: starts it, asks it, ends it.
//!
//! A worker serves one file. Memory of a WebAssembly instance never shrinks, so opening the next file ends the worker and
//! starts another; so do Cancel and a crash. None of that asks the network for anything: see `www/boot.js`.

use super::dom::{Listener, after};
use crate::protocol::{Command, CommandBody, Event, Part, Question, Response, VERSION};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

#[wasm_bindgen]
extern "C" {
    /// Given by `www/boot.js`.
    #[wasm_bindgen(js_namespace = picklescope, js_name = startWorker, catch)]
    fn start_worker() -> Result<Worker, JsValue>;
}

/// What the worker reports unasked.
#[derive(Clone, Debug)]
pub(crate) enum Report {
    /// Progress, an opened document, or a failure.
    Event(Event),
    /// The worker is of another version than the page.
    OtherVersion,
    /// The worker died.
    Crashed {
        /// What the browser said.
        message: String,
    },
}

type Callback = Box<dyn FnOnce(Response)>;

/// Handle of the worker; clones share it.
#[derive(Clone)]
pub(crate) struct Client(Rc<Inner>);

struct Inner {
    worker: RefCell<Option<Running>>,
    generation: Cell<u32>,
    next_id: Cell<u32>,
    pending: RefCell<HashMap<u32, Callback>>,
    report: Box<dyn Fn(Report)>,
}

struct Running {
    worker: Worker,
    used: bool,
    _listeners: [Listener; 3],
}

impl Drop for Running {
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
            worker: RefCell::default(),
            generation: Cell::new(0),
            next_id: Cell::new(0),
            pending: RefCell::default(),
            report: Box::new(report),
        }));
        client.restart();
        client
    }

    /// Number of the file that is open or being opened.
    pub(crate) fn generation(&self) -> u32 {
        self.0.generation.get()
    }

    /// Sends `File`s, `Blob`s or `Uint8Array`s to be opened, and forgets everything about what was open before.
    pub(crate) fn open(&self, files: &[(String, JsValue)]) -> u32 {
        let fresh = self.0.worker.borrow().as_ref().is_some_and(|running| !running.used);
        if !fresh {
            self.restart();
        }
        self.0.pending.borrow_mut().clear();
        self.0.generation.set(self.0.generation.get() + 1);
        if let Some(running) = self.0.worker.borrow_mut().as_mut() {
            running.used = true;
        }
        let (names, payloads): (Vec<String>, Vec<&JsValue>) =
            files.iter().map(|(name, file)| (name.clone(), file)).unzip();
        self.send(CommandBody::Open { names }, &payloads);
        self.generation()
    }

    /// Shows another part of what is open, in the same worker.
    pub(crate) fn show(&self, part: Part) -> u32 {
        self.0.pending.borrow_mut().clear();
        self.0.generation.set(self.0.generation.get() + 1);
        self.send(CommandBody::Show(part), &[]);
        self.generation()
    }

    /// Asks what is open; `then` is not called when another file is opened meanwhile.
    pub(crate) fn ask(&self, question: impl Into<Question>, then: impl FnOnce(Response) + 'static) {
        let id = self.send(CommandBody::Ask(question.into()), &[]);
        self.0.pending.borrow_mut().insert(id, Box::new(then));
    }

    /// Ends the worker, whatever it is doing, and starts another.
    pub(crate) fn restart(&self) {
        self.0.worker.borrow_mut().take();
        self.0.pending.borrow_mut().clear();
        self.0.generation.set(self.0.generation.get() + 1);
        // Where none can be started, opening a file says so.
        if let Ok(worker) = start_worker() {
            let listeners = self.listen(&worker);
            *self.0.worker.borrow_mut() = Some(Running { worker, used: false, _listeners: listeners });
        }
    }

    fn send(&self, body: CommandBody, payloads: &[&JsValue]) -> u32 {
        let id = self.0.next_id.get().wrapping_add(1);
        self.0.next_id.set(id);
        let command = Command { generation: self.generation(), id, body };
        let message = js_sys::Array::new();
        match serde_wasm_bindgen::to_value(&command) {
            Ok(value) => message.push(&value),
            // Commands are a few numbers and a name.
            Err(error) => wasm_bindgen::throw_val(error.into()),
        };
        for payload in payloads {
            message.push(payload);
        }
        let worker = self.0.worker.borrow().as_ref().map(|running| running.worker.clone());
        let sent = worker.map_or_else(
            || Err("this browser did not start a worker".to_owned()),
            |worker| worker.post_message(&message).map_err(|error| text_of(&error)),
        );
        if let Err(message) = sent {
            let this = self.clone();
            // Not at once: the caller does not expect to be called back before this returns.
            after(0, move || (this.0.report)(Report::Crashed { message }));
        }
        id
    }

    /// The listeners hold the client weakly, for the client holds them.
    fn listen(&self, worker: &Worker) -> [Listener; 3] {
        let crashed = |inner: &std::rc::Weak<Inner>, message: String| {
            if let Some(inner) = inner.upgrade() {
                inner.pending.borrow_mut().clear();
                (inner.report)(Report::Crashed { message });
            }
        };
        let (on_message, on_error, on_garbled) =
            (Rc::downgrade(&self.0), Rc::downgrade(&self.0), Rc::downgrade(&self.0));
        [
            Listener::new(worker, "message", move |event: MessageEvent| {
                if let Some(inner) = on_message.upgrade() {
                    Self(inner).receive(event.data());
                }
            }),
            Listener::new(worker, "error", move |event: web_sys::Event| {
                event.prevent_default();
                let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                crashed(&on_error, message);
            }),
            Listener::new(worker, "messageerror", move |_: web_sys::Event| {
                crashed(&on_garbled, "its message could not be read".to_owned());
            }),
        ]
    }

    fn receive(&self, data: JsValue) {
        let event = match serde_wasm_bindgen::from_value::<Event>(data) {
            Ok(event) => event,
            Err(_) => return (self.0.report)(Report::OtherVersion),
        };
        match event {
            Event::Ready { version } if version != VERSION => (self.0.report)(Report::OtherVersion),
            Event::Ready { .. } => {}
            Event::Reply { generation, id, response } => {
                if generation == self.generation() {
                    let then = self.0.pending.borrow_mut().remove(&id);
                    if let Some(then) = then {
                        then(response);
                    }
                }
            }
            Event::Progress { generation, .. }
            | Event::Opened { generation, .. }
            | Event::Refused { generation, .. }
            | Event::Failed { generation, .. } => {
                if generation == self.generation() {
                    (self.0.report)(Report::Event(event));
                }
            }
        }
    }
}

fn text_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_else(|| "no reason was given".to_owned())
}
