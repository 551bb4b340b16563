//! How long it goes on, and what is counted meanwhile.

use std::env;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::keys::Keys;
use crate::memory::resident;

/// How much the memory may grow between the first fifth and the end, in KiB. An allocator keeps some of what many
/// threads have freed. In ten minutes there are so many requests that one lost allocation in each would be more.
const MORE: u64 = 8 * 1024;

pub(crate) struct Load {
    pub(crate) keys: Keys,
    pub(crate) requests: Counter,
    pub(crate) writes: Counter,
    pub(crate) rotated: Counter,
    over: AtomicBool,
}

#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Load {
    pub(crate) fn new() -> Self {
        let [requests, writes, rotated] = std::array::from_fn(|_| Counter::default());
        Self { keys: Keys::new(), requests, writes, rotated, over: AtomicBool::new(false) }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Ends the load when its time is over, if nothing has ended it before.
    pub(crate) fn watch(&self) -> Memory {
        let seconds =
            env::var("LOAD_SECONDS").map_or(5, |seconds| seconds.parse().expect("a number of seconds"));
        let (begin, length) = (Instant::now(), Duration::from_secs(seconds));
        let at = |time| {
            while begin.elapsed() < time && !self.is_over() {
                thread::sleep(Duration::from_millis(20));
            }
            (self.requests.get(), resident())
        };
        let (first, last) = (at(length / 5), at(length));
        self.over.store(true, Ordering::Relaxed);
        Memory { seconds, first: first.1, last: last.1, requests: last.0 - first.0 }
    }

    /// A summary, in one line.
    pub(crate) fn report(&self, backend: &str, memory: &Memory) -> String {
        let (requests, writes, rotated) = (self.requests.get(), self.writes.get(), self.rotated.get());
        let (rounds, Memory { seconds, first, last, requests: between }) = (self.keys.rounds(), memory);
        format!(
            "{backend}, {seconds} s: {requests} requests, {writes} of them writes; {rotated} rows written under {rounds} \
             new keys; memory {first} KiB after the first fifth, {last} KiB at the end, {between} requests later"
        )
    }
}

/// The memory after the first fifth and at the end, in KiB, and the number of requests in between.
pub(crate) struct Memory {
    seconds: u64,
    first: u64,
    last: u64,
    requests: u64,
}

impl Memory {
    pub(crate) fn is_flat(&self) -> bool {
        self.last <= self.first + MORE
    }
}

/// Ends the load when its holder fails, so that the others stop too.
pub(crate) struct EndIfFailed<'a>(pub(crate) &'a Load);

impl Drop for EndIfFailed<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.over.store(true, Ordering::Relaxed);
        }
    }
}
