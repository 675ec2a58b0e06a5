//! The workers of a scan: who gets which file, in which order the reports come, and what they may hold together.

use super::crash;
use super::input::path_text;
use super::targets::Target;
use super::worker::{Job, Terms, Worker};
use picklescope::view::FileReport;
use std::collections::BTreeMap;
use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;

/// The least memory of a worker: on a machine with many processors there are fewer workers.
const WORKER: u64 = 256 << 20;
/// What a thread that asks a worker needs, whatever the environment says.
const STACK: usize = 1 << 20;
/// Files to audit, which may come one after the other.
pub(crate) type Targets<'t> = dyn Iterator<Item = Target> + Send + 't;

/// Reports that wait for their turn, in files and in findings, before no further file is begun.
const WAITING: usize = 4096;
const WAITING_FACTS: usize = 100_000;

/// Audits all targets on all processors and hands over the reports in the order of the targets, of which there are `most`.
/// `tell` is told how many are done, and which was the last.
pub(crate) fn each(
    targets: &mut Targets<'_>,
    most: usize,
    terms: Terms<'_>,
    tell: &mut dyn FnMut(usize, &str),
    take: &mut dyn FnMut(FileReport),
) {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let afforded = usize::try_from(terms.memory.total / WORKER).unwrap_or(usize::MAX).max(1);
    let count = processors.min(afforded).min(most).max(1);
    let share = Terms { memory: terms.memory.shared(count as u64), ..terms };
    let (targets, queue) = (Mutex::new(targets), Mutex::default());
    let pool = Pool { targets, terms, share, alone: RwLock::new(()), queue, moved: Condvar::new() };
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let started = (0..count).filter(|_| {
            let (sender, pool) = (sender.clone(), &pool);
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || pool.work(&sender)).is_ok()
        });
        if started.count() == 0 {
            // No thread can be made: this one does it, and the reports wait for it.
            pool.lock().is_alone = true;
            pool.work(&sender);
        }
        drop(sender);
        // Reports that are there before their turn.
        let mut early: BTreeMap<usize, FileReport> = BTreeMap::new();
        let mut turn = 0;
        for (done, (index, report)) in receiver.into_iter().enumerate() {
            tell(done + 1, &report.path);
            early.insert(index, report);
            let mut taken = 0;
            while let Some(report) = early.remove(&turn) {
                taken += facts(&report);
                take(report);
                turn += 1;
            }
            pool.advance(turn, taken);
        }
    });
}

/// What a report holds, by the number of what it lists.
fn facts(report: &FileReport) -> usize {
    report.findings.len()
        + report.imports.len()
        + report.calls.len()
        + report.why.len()
        + report.pickles.len()
        + report.notes.len()
}

struct Pool<'p, 't> {
    /// Where the next target comes from, which may take its time.
    targets: Mutex<&'p mut Targets<'t>>,
    /// What all workers together may take, and each of them.
    terms: Terms<'p>,
    share: Terms<'p>,
    /// Held by whoever works within its share; alone, by whoever needs all.
    alone: RwLock<()>,
    queue: Mutex<Queue>,
    moved: Condvar,
}

#[derive(Default)]
struct Queue {
    /// The first target that nobody has begun, and the first whose report was not handed over.
    next: usize,
    turn: usize,
    /// What the reports in between list.
    facts: usize,
    /// Whether whoever works hands over the reports afterwards, so that waiting for that would take forever.
    is_alone: bool,
}

impl Pool<'_, '_> {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next target and its number; waits while too many reports wait for their turn.
    fn next(&self) -> Option<(usize, Target)> {
        // Held while it waits, so targets have their numbers in order. The queue is not: whoever is done goes on.
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut queue = self.lock();
        // Whoever has the target whose turn it is does not wait here, so it will come.
        while !queue.is_alone
            && queue.next > queue.turn
            && (queue.facts > WAITING_FACTS || queue.next - queue.turn > WAITING)
        {
            queue = self.moved.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        drop(queue);
        let target = targets.next()?;
        let mut queue = self.lock();
        queue.next += 1;
        Some((queue.next - 1, target))
    }

    fn advance(&self, turn: usize, taken: usize) {
        let mut queue = self.lock();
        queue.turn = turn;
        queue.facts = queue.facts.saturating_sub(taken);
        self.moved.notify_all();
    }

    fn work(&self, sender: &Sender<(usize, FileReport)>) {
        let mut worker = None;
        while let Some((index, target)) = self.next() {
            let report = self.audit(&target, &mut worker);
            self.lock().facts += facts(&report);
            if sender.send((index, report)).is_err() {
                break;
            }
        }
    }

    /// The report on a target, by the worker at hand or by a new one.
    fn audit(&self, target: &Target, worker: &mut Option<Worker>) -> FileReport {
        let name = path_text(target.path());
        let job = match target {
            Target::Unreadable(_, why) | Target::Wrong(why) => return FileReport::unread(&name, why.clone()),
            Target::Given { name, base64 } => Job::given(name, base64),
            Target::Named(path) => Job::new(path, false),
            Target::Found(path) => Job::new(path, true),
        };
        if target.is_standard_input() {
            // What was read of it is gone, so there is one try, with everything.
            let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
            return self.ask(&name, &job, self.terms, true, &mut None);
        }
        let shared = self.alone.read().unwrap_or_else(PoisonError::into_inner);
        let report = self.ask(&name, &job, self.share, false, worker);
        drop(shared);
        if self.share.memory == self.terms.memory || !report.why.iter().any(|why| why.contains("--limit-memory")) {
            return report;
        }
        // Its share was too little; once more when nobody else is at work.
        *worker = None;
        let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
        self.ask(&name, &job, self.terms, false, &mut None)
    }

    fn ask(&self, name: &str, job: &Job, terms: Terms<'_>, input: bool, worker: &mut Option<Worker>) -> FileReport {
        let unread = |why: &str| FileReport::unread(name, format!("could not be read: {why}"));
        let mut at_work = match worker.take().map_or_else(|| Worker::start(terms, input), Ok) {
            Ok(started) => started,
            Err(error) => return unread(&crash::internal(&format!("no worker could be started: {error}"))),
        };
        match at_work.ask(job) {
            Ok(report) => {
                *worker = Some(at_work);
                report
            }
            Err(death) => unread(&death.sentence(terms.memory.total)),
        }
    }
}
