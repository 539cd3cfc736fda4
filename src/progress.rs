//! How a long step says how far it is, and how it learns that it should stop.

use crate::{Error, Result};

/// A listener to long steps. All methods may be called from several threads.
pub trait Progress: Sync {
    /// A step of `total` units of work begins; it ends the step before.
    fn start(&self, step: &str, total: u64);
    /// `units` more are done.
    fn advance(&self, units: u64);
    /// Whether the work should stop at the next safe place.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Says nothing and never stops.
pub struct Quiet;

impl Progress for Quiet {
    fn start(&self, _step: &str, _total: u64) {}
    fn advance(&self, _units: u64) {}
}

/// # Errors
/// [`crate::ErrorKind::Cancelled`] once the listener asks to stop.
pub(crate) fn go_on(progress: &dyn Progress) -> Result<()> {
    if progress.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
}
