//! What stands between a file and the interpreter: panics become exceptions, and Ctrl-C ends a long reading.

use crate::InternalError;
use picklescope::Progress;
use pyo3::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Time between two looks at signals that wait.
const LOOK_EVERY: Duration = Duration::from_millis(100);

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What unwinds when a signal handler raised.
struct Interrupted(PyErr);

/// Panics say nothing on standard error: they become exceptions, which say it.
pub(crate) fn keep_panics_quiet() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
        PLACE.set(place);
    }));
}

/// Runs `work` without the GIL; a panic in it becomes an [`InternalError`].
pub(crate) fn guarded<T: Send>(py: Python<'_>, work: impl FnOnce() -> PyResult<T> + Send) -> PyResult<T> {
    let done = py.detach(|| panic::catch_unwind(AssertUnwindSafe(work)).map_err(|thrown| (thrown, PLACE.take())));
    done.unwrap_or_else(|(thrown, place)| match thrown.downcast::<Interrupted>() {
        Ok(interrupted) => Err(interrupted.0),
        Err(thrown) => Err(InternalError::new_err(sentence(&*thrown, &place))),
    })
}

/// Runs `work` where nothing may unwind and no exception can be raised; what goes wrong becomes a sentence.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|thrown| match thrown.downcast::<Interrupted>() {
        Ok(interrupted) => interrupted.0.to_string(),
        Err(thrown) => sentence(&*thrown, &PLACE.take()),
    })
}

fn sentence(thrown: &(dyn Any + Send), place: &str) -> String {
    let said = thrown.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| thrown.downcast_ref::<&str>().copied()).unwrap_or("no words");
    format!("panic{place}: {said}; this is a fault in Picklescope, please report it")
}

/// Lets handlers of signals run while something is read, and unwinds when one raises, as that of Ctrl-C does.
pub(crate) fn interrupted_by_signals() -> impl Fn(Progress) + Send + Sync + 'static {
    let next = Mutex::new(Instant::now() + LOOK_EVERY);
    move |_| {
        let Ok(mut at) = next.lock() else { return };
        let now = Instant::now();
        if now < *at {
            return;
        }
        *at = now + LOOK_EVERY;
        drop(at);
        if let Err(raised) = Python::attach(|py| py.check_signals()) {
            panic::resume_unwind(Box::new(Interrupted(raised)));
        }
    }
}
