//! One call of a service, which may hang, fail for a moment, or panic.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{ServiceError, UnwrapError};
use crate::key::Key;
use crate::key_service::Call;
use crate::key_service::entry::Wrapped;
use crate::key_service::registry;

/// How long all calls for the keys of a process may take together.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a service is asked that is busy or out of reach.
const TRIES: u32 = 3;

/// The pause before the second try. The next one is twice as long.
const PAUSE: Duration = Duration::from_millis(200);

/// When the services must have answered that are asked now.
pub(crate) fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

pub(super) fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Unwraps a key, and checks that it is the one that the entry is about.
pub(super) fn ask_one(entry: &Wrapped, call: Call) -> Result<Key, UnwrapError> {
    let service = registry::find(entry.uri().scheme())?;
    let uri = entry.uri().clone();
    entry.verify(with_tries(call, move || service.unwrap(&uri, &call))?)
}

/// Calls a service, and again while it is busy or out of reach.
pub(super) fn with_tries<T: Send + 'static>(
    call: Call,
    ask: impl Fn() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, UnwrapError> {
    let answer = on_a_thread(move || {
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match ask() {
                Err(error) if error.is_transient() && call.time_left() > pause => thread::sleep(pause),
                answer => return answer,
            }
            pause *= 2;
        }
        ask()
    });
    match answer.recv_timeout(call.time_left()) {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(UnwrapError::NoAnswer),
    }
}

/// Runs work that may never end. Nobody waits for the thread; what it sends too late is dropped.
pub(super) fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || drop(sender.send(work())));
    receiver
}
