//! Ctrl-C, and other signals that ask the program to end.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
use crate::exit;
use crate::output;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on, the first signal only sets a flag. A second one ends the program.
pub(super) fn listen() -> Result<(), Error> {
    let handler = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(exit::INTERRUPTED.into());
        }
        output::say("finishing the current batches; press Ctrl-C again to stop at once, which is also safe");
    };
    ctrlc::set_handler(handler).map_err(|error| Error::Signals { reason: error.to_string() })
}

/// Whether a signal has asked for an end.
pub(super) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
