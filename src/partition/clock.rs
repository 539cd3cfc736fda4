//! How long each step of a partition takes.

use std::collections::BTreeMap;
use std::time::Instant;

/// Seconds by step.
pub(super) struct Clock {
    since: Instant,
    seconds: BTreeMap<String, f64>,
}

impl Clock {
    /// Begins the first step.
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), seconds: BTreeMap::new() }
    }

    /// Ends a step, and begins the next.
    pub(super) fn ends(&mut self, step: &str) {
        self.seconds.insert(step.to_owned(), self.since.elapsed().as_secs_f64());
        self.since = Instant::now();
    }

    pub(super) fn seconds(self) -> BTreeMap<String, f64> {
        self.seconds
    }
}
