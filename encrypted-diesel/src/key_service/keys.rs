//! The keys of a list: services unwrap them, all at once and within one deadline.

use std::sync::mpsc::Receiver;
use std::time::Instant;

use crate::error::{KeyError, UnwrapError};
use crate::key::Key;
use crate::key_service::ask::{ask_one, left, on_a_thread};
use crate::key_service::entry::{Entry, Wrapped};
use crate::key_service::{Call, Purpose};

/// The keys of a list, which services may still be unwrapping.
pub(crate) struct Keys(Vec<Pending>);

enum Pending {
    Key(Key),
    Asked { scheme: String, answer: Receiver<Result<Key, Refused>> },
}

/// Which service gave no key, and why.
struct Refused {
    scheme: String,
    problem: UnwrapError,
}

impl Keys {
    /// Begins to ask.
    pub(crate) fn ask(list: &str, purpose: Purpose, deadline: Instant) -> Result<Self, KeyError> {
        let entries = Entry::parse_list(list)?;
        Ok(Self(entries.into_iter().map(|entry| Pending::ask(entry, purpose, deadline)).collect()))
    }

    /// Waits for the keys, which come in the list's order.
    pub(crate) fn wait(self, deadline: Instant) -> Result<Vec<Key>, KeyError> {
        self.0.into_iter().zip(1..).map(|(entry, position)| entry.wait(position, deadline)).collect()
    }
}

impl Pending {
    fn ask(entry: Entry, purpose: Purpose, deadline: Instant) -> Self {
        match entry {
            Entry::Key(key) => Self::Key(key),
            Entry::Wrapped(alternatives) => Self::Asked {
                scheme: alternatives.first().map(|entry| entry.uri().scheme().to_owned()).unwrap_or_default(),
                answer: on_a_thread(move || first_that_answers(&alternatives, purpose, deadline)),
            },
        }
    }

    fn wait(self, position: usize, deadline: Instant) -> Result<Key, KeyError> {
        let (scheme, answer) = match self {
            Self::Key(key) => return Ok(key),
            Self::Asked { scheme, answer } => (scheme, answer),
        };
        let answer = answer.recv_timeout(left(deadline));
        let answer = answer.unwrap_or(Err(Refused { scheme, problem: UnwrapError::NoAnswer }));
        answer.map_err(|Refused { scheme, problem }| KeyError::Unwrap { position, scheme, problem })
    }
}

/// The key from the first service that can be reached.
fn first_that_answers(alternatives: &[Wrapped], purpose: Purpose, deadline: Instant) -> Result<Key, Refused> {
    let mut refused = Refused { scheme: String::new(), problem: UnwrapError::NoAnswer };
    for (entry, others) in alternatives.iter().zip((1..=alternatives.len()).rev()) {
        // Those after it need time as well.
        let until = Instant::now() + left(deadline) / u32::try_from(others).unwrap_or(u32::MAX);
        match ask_one(entry, Call::new(purpose, until)) {
            Ok(key) => return Ok(key),
            Err(problem) => refused = Refused { scheme: entry.uri().scheme().to_owned(), problem },
        }
        if !refused.problem.is_unreachable() {
            break;
        }
        log::warn!("a key is not unwrapped by {}: {}", refused.scheme, refused.problem);
    }
    Err(refused)
}

#[cfg(test)]
mod tests;
