//! Ctrl-C, and other signals that ask for an end.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
use crate::exit;
use crate::output;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on a signal is noted, and does not end the program. A second one does.
pub(super) fn listen() -> Result<(), Error> {
    let handler = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(exit::INTERRUPTED.into());
        }
        output::say("finishing what has been begun; once more to stop at once, which loses nothing either");
    };
    ctrlc::set_handler(handler).map_err(|error| Error::Signals { reason: error.to_string() })
}

/// Whether an end was asked for.
pub(super) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
