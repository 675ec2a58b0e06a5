//! The worker's side: owns what was opened and answers for it.
//!
//! Everything here is synchronous. A worker has nothing else to do, and `FileReaderSync` reads any part of a file without
//! loading the rest.

use super::message::to_js;
use super::warm_up;
use crate::bundle::{Bundle, Progress};
use crate::bytes::{Limits, MemorySource, PageCache, ReadError, Source};
use crate::export::link;
use crate::protocol::{
    Answer, Command, CommandBody, Event, Failure, FailureCause, Part, Question, Sink, Timings, VERSION, ask, show,
};
use crate::safety;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

/// Up to this size, of all files together, they are read at once, so that the decoder runs over them without copies and
/// without one call into the browser per page.
const READ_AT_ONCE: u64 = 96 << 20;
/// Up to this size a file on a server is asked for as a whole: a request costs more than its bytes.
const ASKED_AT_ONCE: u64 = 512 << 10;
/// A page of a larger one: listing an archive needs little here and there.
const ASKED_PAGE: u64 = 4 << 10;
/// What is asked for by whoever goes on is at most 4 MiB: a leap after it wastes no more than that.
const ASKED_PAGES: u64 = 1 << 10;
/// Rows sent along with a document: two windows of the tree.
const FIRST_ROWS: u32 = 128;
/// Milliseconds between two reports of progress.
const PROGRESS_EVERY: f64 = 50.0;
/// Objects that a worker holds: with their edges about 2.4 GB.
const NODES: u32 = 96 << 20;
/// Bytes that a reading may hold: a column that grows is there twice for a moment, in an address space of 4 GiB.
const MEMORY: u64 = 3 << 29;
/// Bytes of one archive that are searched for headers of entries: a browser reads a hundred million a second.
const SEARCHED: u64 = 256 << 20;

thread_local! {
    static BUNDLE: RefCell<Option<Bundle>> = const { RefCell::new(None) };
    /// Milliseconds and bytes of all reads from the open files.
    static READ: Cell<(f64, u64)> = const { Cell::new((0.0, 0)) };
    static GENERATION: Cell<u32> = const { Cell::new(0) };
    /// The files that sources read, by their numbers, and the number of the next one.
    static FILES: RefCell<HashMap<u32, OpenFile>> = RefCell::default();
    static NEXT_FILE: Cell<u32> = const { Cell::new(0) };
}

/// Starts listening. Called once, by the worker's `main`.
pub fn run() {
    std::panic::set_hook(Box::new(|info| {
        // The stack unwinds no further than here: tell the page what the browser's own error event cannot.
        fail(GENERATION.get(), FailureCause::Decoder, info.to_string());
    }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| receive(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // lives as long as the worker
    let names = js_sys::Reflect::get(&scope(), &JsValue::from_str("names")).unwrap_or_default();
    if let Err(why) = safety::take_names(&js_sys::Uint8Array::new(&names).to_vec()) {
        wasm_bindgen::throw_str(&why);
    }
    post(&Event::Ready { version: VERSION });
    warm_up(Arc::new(MemorySource::new(warm_up::pickle())), warm_up::ROUNDS + 1);
}

/// Reads the made-up pickle in slices of a few milliseconds, between which messages come through, until a file is opened; then
/// opens it as one that came, and unpacks the names that the audit knows.
fn warm_up(pickle: Arc<MemorySource>, steps: u32) {
    let next = Closure::once_into_js(move || {
        // A file that came while this waited is open: nothing may take its place.
        if GENERATION.get() != 0 {
            return;
        }
        match steps {
            0 => return safety::prepare(),
            1 => {
                let files: Vec<(String, Arc<dyn Source>)> = vec![("m.pkl".to_owned(), Arc::clone(&pickle) as _)];
                let mut bundle = Bundle::open(files, limits(), &mut reporter(0, &Clock::new()));
                std::hint::black_box(to_js(&event_of(0, &mut bundle, Timings::default())).is_ok());
                BUNDLE.set(Some(bundle));
                // Nobody waits for the answer to question 0.
                reply(Waiting { generation: 0, id: 0 }, ask::Rows { first: 0, count: 1 }.into());
                BUNDLE.take();
            }
            _ => {
                std::hint::black_box(warm_up::round(&pickle));
            }
        }
        warm_up(pickle, steps - 1);
    });
    // A browser without time-outs in workers starts slower, no more.
    let _ = scope().set_timeout_with_callback(next.unchecked_ref());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(event: &Event) {
    if let Err(why) = send(event, None) {
        wasm_bindgen::throw_str(&why);
    }
}

/// Sends an event, with the answer that belongs to it.
fn send(event: &Event, reply: Option<JsValue>) -> Result<(), String> {
    let message = js_sys::Array::of1(&to_js(event)?);
    if let Some(reply) = reply {
        message.push(&reply);
    }
    scope().post_message(&message).map_err(|_| "it was not sent".to_owned())
}

fn fail(generation: u32, cause: FailureCause, message: String) {
    post(&Event::Failed { generation, cause, message });
}

fn receive(data: &JsValue) {
    let Some(message) = data.dyn_ref::<js_sys::Array>() else { return };
    let command: Command = match serde_wasm_bindgen::from_value(message.get(0)) {
        Ok(command) => command,
        // Another version of the page: the handshake has told it already.
        Err(_) => return,
    };
    GENERATION.set(command.generation);
    let generation = command.generation;
    match command.body {
        CommandBody::Open { names } => open(generation, names, message),
        CommandBody::Show(part) => show_part(generation, part),
        CommandBody::Ask(question) => reply(Waiting { generation, id: command.id }, question),
    }
}

/// Large, for it answers every question: inlined it would be compiled before anything is opened.
#[inline(never)]
fn reply(waiting: Waiting, question: Question) {
    BUNDLE.with_borrow_mut(|bundle| question.answer(bundle, waiting));
}

/// Whoever asked.
#[derive(Clone, Copy)]
struct Waiting {
    generation: u32,
    id: u32,
}

impl Waiting {
    fn event(self, failed: Option<String>) -> Event {
        Event::Reply { generation: self.generation, id: self.id, failed }
    }

    fn failed(self, why: String) {
        post(&self.event(Some(why)));
    }
}

impl Sink for Waiting {
    fn take<Reply: Serialize>(self, reply: Result<Reply, Failure>) {
        let sent = match reply {
            Ok(reply) => to_js(&reply).and_then(|reply| send(&self.event(None), Some(reply))),
            Err(failure) => return self.failed(failure.to_string()),
        };
        // An answer that cannot be sent is still answered.
        sent.unwrap_or_else(|why| self.failed(format!("the decoder's answer could not be sent: {why}")));
    }
}

/// Opens the files that came after the command in `message`.
#[inline(never)]
fn open(generation: u32, names: Vec<String>, message: &js_sys::Array) {
    let clock = Clock::new();
    READ.set((0.0, 0));
    let mut timings = Timings { start: clock.now(), ..Timings::default() };
    let mut files: Vec<(String, Arc<dyn Source>)> = Vec::new();
    let mut unreadable = Vec::new();
    let mut room = READ_AT_ONCE;
    for (index, name) in names.into_iter().enumerate() {
        match source_of(message.get(index as u32 + 1), &mut room, &clock) {
            Ok(source) => files.push((name, source)),
            // One of many that cannot be read is listed as such; the others are shown.
            Err(error) => {
                unreadable.push((name, error));
            }
        }
    }
    if let (true, Some((_, error))) = (files.is_empty(), unreadable.first()) {
        return fail(generation, FailureCause::Unreadable, error.message.clone());
    }
    // Behind the others: what opening shows is one that can be read.
    let unreadable = unreadable.into_iter().map(|(name, error)| (name, Arc::new(Unreadable(error)) as Arc<dyn Source>));
    files.extend(unreadable);
    BUNDLE.take();
    timings.decode_start = clock.now();
    let bundle = Bundle::open(files, limits(), &mut reporter(generation, &clock));
    timings.decode_end = clock.now();
    opened(generation, bundle, timings);
}

#[inline(never)]
fn show_part(generation: u32, part: Part) {
    let clock = Clock::new();
    let mut timings = Timings { start: clock.now(), ..Timings::default() };
    timings.decode_start = timings.start;
    let Some(mut bundle) = BUNDLE.take() else {
        return fail(generation, FailureCause::Decoder, "no file is open".to_owned());
    };
    // What cannot be shown leaves what is on show.
    let refused = show(&mut bundle, part, &mut reporter(generation, &clock)).err();
    timings.decode_end = clock.now();
    opened(generation, bundle, timings);
    if let Some(message) = refused {
        post(&Event::Refused { generation, message });
    }
}

fn opened(generation: u32, mut bundle: Bundle, mut timings: Timings) {
    (timings.read, timings.bytes) = READ.get();
    let event = event_of(generation, &mut bundle, timings);
    BUNDLE.set(Some(bundle));
    post(&event);
}

/// What the page is told of what was opened.
fn event_of(generation: u32, bundle: &mut Bundle, timings: Timings) -> Event {
    let first = ask::Rows { first: 0, count: FIRST_ROWS }.answer(bundle.document_mut());
    let (total, rows) = first.map_or_else(|_| (0, Vec::new()), |window| (window.total, window.rows));
    let overview = Box::new(bundle.document().overview());
    let landing = bundle.document().landing_row();
    let members = (bundle.row_count(), bundle.shown_row());
    Event::Opened { generation, overview, members, total, rows, landing, timings }
}

/// Tells the page of progress, not more often than it can be seen.
fn reporter(generation: u32, clock: &Clock) -> impl FnMut(Progress) + use<> {
    let clock = clock.clone();
    let mut reported = clock.now();
    move |progress| {
        let now = clock.now();
        if now - reported >= PROGRESS_EVERY {
            reported = now;
            let (read, total, unpacked) = match progress {
                Progress::Unpacking { read, total, unpacked } => (read, total, Some(unpacked)),
                Progress::Decoding { read, total } => (read, total, None),
            };
            post(&Event::Progress { generation, read, total, unpacked });
        }
    }
}

/// The budgets of a worker, whose memory ends at 4 GiB.
fn limits() -> Limits {
    Limits { nodes: NODES, memory: MEMORY, searched: SEARCHED, ..Limits::default() }
}

/// The bytes of a file: read at once while `room` for that is left, so that a folder of large files does not fill the memory.
fn source_of(payload: JsValue, room: &mut u64, clock: &Clock) -> Result<Arc<dyn Source>, ReadError> {
    if let Some(bytes) = payload.dyn_ref::<js_sys::Uint8Array>() {
        return Ok(Arc::new(MemorySource::new(bytes.to_vec())));
    }
    if let Some(text) = payload.as_string() {
        let bytes = link::unpack(&text).map_err(|why| failed(0, &why))?;
        return Ok(Arc::new(MemorySource::new(bytes)));
    }
    if !payload.is_instance_of::<Blob>() {
        return remote(payload.unchecked_into(), clock);
    }
    let blob: Blob = payload.dyn_into().map_err(|_| failed(0, "neither a file nor bytes were sent"))?;
    let reader = FileReaderSync::new().map_err(|_| failed(0, "this browser cannot read files in a worker"))?;
    let length = blob.size() as u64;
    let file = BlobSource::new(OpenFile { length, bytes: Bytes::OnDisk(blob, reader), clock: clock.clone() });
    if file.length > *room {
        // Reading nothing of it yet, ask for its first byte: a file that is gone is told before the document is opened.
        file.read_at(0, &mut [0])?;
        return Ok(Arc::new(PageCache::new(file)));
    }
    *room -= file.length;
    let mut bytes = vec![0; file.length as usize];
    let count = file.read_at(0, &mut bytes)?;
    bytes.truncate(count);
    Ok(Arc::new(MemorySource::new(bytes)))
}

#[wasm_bindgen]
extern "C" {
    /// A file on a server, as `www/remote.js` describes it.
    type RemoteFile;

    #[wasm_bindgen(method, getter)]
    fn size(this: &RemoteFile) -> f64;

    /// Given by `www/remote_worker.js`, which is in the workers of remote.html alone: there is no way to a server in others.
    #[wasm_bindgen(js_name = readRange, catch)]
    fn read_range(file: &RemoteFile, start: f64, end: f64) -> Result<js_sys::Uint8Array, JsValue>;
}

/// The bytes of a file on a server, asked for where they are needed.
fn remote(file: RemoteFile, clock: &Clock) -> Result<Arc<dyn Source>, ReadError> {
    let length = file.size() as u64;
    let file = BlobSource::new(OpenFile { length, bytes: Bytes::OnServer(file), clock: clock.clone() });
    if length > ASKED_AT_ONCE {
        return Ok(Arc::new(PageCache::with_pages(file, ASKED_PAGE, ASKED_PAGES)));
    }
    let mut bytes = vec![0; length as usize];
    file.read_at(0, &mut bytes)?;
    Ok(Arc::new(MemorySource::new(bytes)))
}

fn failed(offset: u64, message: &str) -> ReadError {
    ReadError { offset, message: message.to_owned() }
}

/// A file of which nothing can be read. It is not empty, for that would mean that all of it was read.
struct Unreadable(ReadError);

impl Source for Unreadable {
    fn len(&self) -> u64 {
        1
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<usize, ReadError> {
        Err(self.0.clone())
    }
}

/// Where the bytes of a file are.
enum Bytes {
    /// On the user's disk, read in slices.
    OnDisk(Blob, FileReaderSync),
    /// On a server, read by ranges.
    OnServer(RemoteFile),
}

/// A file that is read where its bytes are needed.
struct OpenFile {
    bytes: Bytes,
    length: u64,
    clock: Clock,
}

impl OpenFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let end = offset.saturating_add(buffer.len() as u64).min(self.length);
        if offset >= end {
            return Ok(0);
        }
        let begun = self.clock.now();
        let bytes = match &self.bytes {
            Bytes::OnDisk(blob, reader) => blob
                .slice_with_f64_and_f64(offset as f64, end as f64)
                .and_then(|slice| reader.read_as_array_buffer(&slice))
                .map(|bytes| js_sys::Uint8Array::new(&bytes))
                .map_err(|_| failed(offset, "the browser could not read the file: it was changed, moved or removed"))?,
            Bytes::OnServer(file) => read_range(file, offset as f64, end as f64).map_err(|error| {
                let said = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
                failed(offset, &said.unwrap_or_else(|| "the server could not be asked".to_owned()))
            })?,
        };
        let count = (bytes.length() as usize).min(buffer.len());
        bytes.subarray(0, count as u32).copy_to(&mut buffer[..count]);
        let (milliseconds, read) = READ.get();
        READ.set((milliseconds + self.clock.now() - begun, read + count as u64));
        Ok(count)
    }
}

/// A source that knows its file by a number. Sources may be held by any thread, which values of JavaScript may not: those stay
/// in [`FILES`], with the one thread that a worker has.
struct BlobSource {
    file: u32,
    length: u64,
}

impl BlobSource {
    fn new(open: OpenFile) -> Self {
        let (file, length) = (NEXT_FILE.get(), open.length);
        NEXT_FILE.set(file.wrapping_add(1));
        FILES.with_borrow_mut(|files| files.insert(file, open));
        Self { file, length }
    }
}

impl Drop for BlobSource {
    fn drop(&mut self) {
        FILES.with_borrow_mut(|files| files.remove(&self.file));
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        FILES.with_borrow(|files| match files.get(&self.file) {
            Some(file) => file.read_at(offset, buffer),
            None => Err(failed(offset, "the file is not open any more")),
        })
    }

    fn is_far(&self) -> bool {
        FILES.with_borrow(|files| files.get(&self.file).is_some_and(|file| matches!(file.bytes, Bytes::OnServer(_))))
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
