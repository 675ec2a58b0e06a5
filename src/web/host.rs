//! The worker's side: owns the document and answers for it.
//!
//! Everything here is synchronous. A worker has nothing else to do, and `FileReaderSync` reads any part of a file without
//! loading the rest.

use super::warm_up;
use crate::bytes::{Limits, MemorySource, PageCache, ReadError, Source};
use crate::document::Document;
use crate::protocol::{Command, CommandBody, Event, Request, Response, Timings, VERSION, answer};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

/// Up to this size a file is read at once, so that the decoder runs over it without copies and without one call into the
/// browser per page.
const READ_AT_ONCE: u64 = 32 << 20;
/// Rows sent along with a document: two windows of the tree.
const FIRST_ROWS: u32 = 128;
/// Milliseconds between two reports of progress.
const PROGRESS_EVERY: f64 = 50.0;

thread_local! {
    static DOCUMENT: RefCell<Option<Document>> = const { RefCell::new(None) };
    static GENERATION: Cell<u32> = const { Cell::new(0) };
}

/// Starts listening. Called once, by the worker's `main`.
pub fn run() {
    std::panic::set_hook(Box::new(|info| {
        // The stack unwinds no further than here: tell the page what the browser's own error event cannot.
        post(&Event::Failed { generation: GENERATION.get(), message: info.to_string() });
    }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| receive(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // lives as long as the worker
    post(&Event::Ready { version: VERSION });
    warm_up(Rc::new(MemorySource::new(warm_up::pickle())), warm_up::ROUNDS);
}

/// Reads the made-up pickle in slices of a few milliseconds, between which messages come through, until a file is opened.
fn warm_up(pickle: Rc<MemorySource>, rounds: u32) {
    if rounds == 0 || GENERATION.get() != 0 {
        return;
    }
    let next = Closure::once_into_js(move || {
        std::hint::black_box(warm_up::round(&pickle));
        warm_up(pickle, rounds - 1);
    });
    // A browser without time-outs in workers starts slower, no more.
    let _ = scope().set_timeout_with_callback(next.unchecked_ref());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(event: &Event) {
    let serializer = serde_wasm_bindgen::Serializer::new();
    match event.serialize(&serializer) {
        Ok(value) => {
            if let Err(error) = scope().post_message(&value) {
                wasm_bindgen::throw_val(error);
            }
        }
        Err(error) => wasm_bindgen::throw_val(error.into()),
    }
}

fn receive(data: &JsValue) {
    let message: &js_sys::Array = data.unchecked_ref();
    let command: Command = match serde_wasm_bindgen::from_value(message.get(0)) {
        Ok(command) => command,
        // Another version of the page: the handshake has told it already.
        Err(_) => return,
    };
    GENERATION.set(command.generation);
    match command.body {
        CommandBody::Open { name } => open(command.generation, name, message.get(1)),
        CommandBody::Ask(request) => {
            let response = DOCUMENT.with_borrow_mut(|document| match document {
                Some(document) => answer(document, request),
                None => Response::Failed { message: "no file is open".to_owned() },
            });
            post(&Event::Reply { generation: command.generation, id: command.id, response });
        }
    }
}

fn open(generation: u32, name: String, payload: JsValue) {
    let clock = Clock::new();
    let reading = Rc::new(Cell::new(0.0));
    let mut timings = Timings { start: clock.now(), ..Timings::default() };
    let source = match source_of(payload, &clock, &reading) {
        Ok(source) => source,
        Err(error) => return post(&Event::Failed { generation, message: error.message }),
    };
    DOCUMENT.take();
    timings.decode_start = clock.now();
    let mut reported = timings.start;
    let mut progress = |read, total| {
        let now = clock.now();
        if now - reported >= PROGRESS_EVERY {
            reported = now;
            post(&Event::Progress { generation, read, total });
        }
    };
    let mut document = Document::open(name, source, Limits::default(), &mut progress);
    timings.decode_end = clock.now();
    timings.read = reading.get();
    let (total, rows) = match answer(&mut document, Request::Rows { first: 0, count: FIRST_ROWS }) {
        Response::Rows { total, rows } => (total, rows),
        _ => (0, Vec::new()),
    };
    let overview = Box::new(document.overview());
    DOCUMENT.set(Some(document));
    post(&Event::Opened { generation, overview, total, rows, timings });
}

fn source_of(payload: JsValue, clock: &Clock, reading: &Rc<Cell<f64>>) -> Result<Box<dyn Source>, ReadError> {
    if let Some(bytes) = payload.dyn_ref::<js_sys::Uint8Array>() {
        return Ok(Box::new(MemorySource::new(bytes.to_vec())));
    }
    let blob: Blob = payload.dyn_into().map_err(|_| failed(0, "neither a file nor bytes were sent"))?;
    let reader = FileReaderSync::new().map_err(|_| failed(0, "this browser cannot read files in a worker"))?;
    let file =
        BlobSource { length: blob.size() as u64, blob, reader, clock: clock.clone(), reading: Rc::clone(reading) };
    if file.length > READ_AT_ONCE {
        return Ok(Box::new(PageCache::new(file)));
    }
    let mut bytes = vec![0; file.length as usize];
    let count = file.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    Ok(Box::new(MemorySource::new(bytes)))
}

fn failed(offset: u64, message: &str) -> ReadError {
    ReadError { offset, message: message.to_owned() }
}

/// A file on the user's disk, read in slices.
struct BlobSource {
    blob: Blob,
    length: u64,
    reader: FileReaderSync,
    clock: Clock,
    reading: Rc<Cell<f64>>,
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let end = offset.saturating_add(buffer.len() as u64).min(self.length);
        if offset >= end {
            return Ok(0);
        }
        let begun = self.clock.now();
        let bytes = self
            .blob
            .slice_with_f64_and_f64(offset as f64, end as f64)
            .and_then(|slice| self.reader.read_as_array_buffer(&slice))
            .map_err(|_| failed(offset, "the browser could not read the file: it was changed, moved or removed"))?;
        let bytes = js_sys::Uint8Array::new(&bytes);
        let count = (bytes.length() as usize).min(buffer.len());
        bytes.subarray(0, count as u32).copy_to(&mut buffer[..count]);
        self.reading.set(self.reading.get() + self.clock.now() - begun);
        Ok(count)
    }
}

/// Milliseconds since the Unix epoch, with fractions.
#[derive(Clone)]
struct Clock(Option<web_sys::Performance>);

impl Clock {
    fn new() -> Self {
        Self(scope().performance())
    }

    fn now(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |performance| performance.time_origin() + performance.now())
    }
}
