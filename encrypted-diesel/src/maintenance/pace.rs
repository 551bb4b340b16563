//! The speed limit of a walk.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// At most this many rows a second, for all workers of a walk together.
pub(super) struct Pace {
    rate: Option<u32>,
    /// When the next batch may start.
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(rate: Option<u32>) -> Self {
        Self { rate, next: Mutex::new(Instant::now()) }
    }

    /// How many rows a batch may have: no more than one second allows.
    pub(super) fn limit(&self, batch: usize) -> usize {
        self.rate.map_or(batch, |rate| batch.min(usize::try_from(rate).unwrap_or(usize::MAX)))
    }

    /// Waits until a batch may start or the walk is to stop, and reserves the time for `rows` rows.
    pub(super) fn wait(&self, rows: usize, is_stopped: impl Fn() -> bool) {
        let Some(rate) = self.rate else { return };
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let begin = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let begin = (*next).max(Instant::now());
            *next = begin + Duration::from_secs(1) * rows / rate;
            begin
        };
        while let Some(left) = begin.checked_duration_since(Instant::now()) {
            if left.is_zero() || is_stopped() {
                return;
            }
            thread::sleep(left.min(Duration::from_millis(100)));
        }
    }
}
