//! Long work on a thread of its own, while Python's thread shows progress and listens for Ctrl-C.

use crate::error::to_python;
use commonground::{Error, ErrorKind, Progress, Result};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

/// How often Python learns how far the work is.
const TICK: Duration = Duration::from_millis(50);

/// What the work says, for Python's thread to read.
#[derive(Default)]
struct Board {
    step: Mutex<(String, u64)>,
    done: AtomicU64,
    stop: AtomicBool,
    finished: AtomicBool,
}

impl Progress for Board {
    fn start(&self, step: &str, total: u64) {
        // A panic on another thread must not hide itself behind a second one here.
        *self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (step.to_owned(), total);
        self.done.store(0, Ordering::Relaxed);
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The process that imported the module.
static IMPORTED_BY: OnceLock<u32> = OnceLock::new();

/// Remembers the process whose threads the library uses.
pub(crate) fn remember_process() {
    IMPORTED_BY.get_or_init(std::process::id);
}

/// Runs `work` on threads that live: a child that was forked has none of its parent's, and would wait for them for ever, so
/// it starts its own for each piece of work.
pub(crate) fn on_living_threads<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    if IMPORTED_BY.get().is_none_or(|process| *process == std::process::id()) {
        return work();
    }
    let pool = rayon::ThreadPoolBuilder::new().build().map_err(|error| {
        Error::new(ErrorKind::Study, format!("this forked process cannot start threads: {error}"))
            .hint("start processes with `multiprocessing.get_context(\"spawn\")`")
    })?;
    pool.install(work)
}

/// Runs `work` with Python's lock released; `listener` is called with step, total and done.
pub(crate) fn in_background<T: Send>(
    py: Python<'_>,
    listener: Option<Py<PyAny>>,
    work: impl FnOnce(&dyn Progress) -> Result<T> + Send,
) -> PyResult<T> {
    let board = Board::default();
    let here = thread::current();
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let result = on_living_threads(|| work(&board));
            // Told before Python's thread is woken, which else would sleep another tick until this one is gone.
            board.finished.store(true, Ordering::Release);
            here.unpark();
            result
        });
        let mut failure = None;
        while !(board.finished.load(Ordering::Acquire) || worker.is_finished()) {
            py.detach(|| thread::park_timeout(TICK));
            if failure.is_none() {
                failure = py.check_signals().and_then(|()| tell(py, listener.as_ref(), &board)).err();
                board.stop.store(failure.is_some(), Ordering::Relaxed);
            }
        }
        let joined = py.detach(|| worker.join());
        if let Some(failure) = failure {
            return Err(failure);
        }
        // Work that was done within a tick is told of, too.
        tell(py, listener.as_ref(), &board)?;
        joined
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Study, "the library failed; please report it")))
            .map_err(|error| to_python(py, &error))
    })
}

fn tell(py: Python<'_>, listener: Option<&Py<PyAny>>, board: &Board) -> PyResult<()> {
    let Some(listener) = listener else { return Ok(()) };
    let (step, total) = board.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    listener.call1(py, (step, total, board.done.load(Ordering::Relaxed)))?;
    Ok(())
}
