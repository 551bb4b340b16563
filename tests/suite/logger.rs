//! The process's logger, which keeps every line.

use std::sync::Mutex;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Lines;

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LINES.lock().unwrap().push(format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Keeps lines from here on. Tests share the logger, so it may already be installed.
pub(crate) fn start() {
    let _ = log::set_logger(&Lines);
    log::set_max_level(log::LevelFilter::Trace);
}

/// All lines of all tests.
pub(crate) fn lines() -> Vec<String> {
    LINES.lock().unwrap().clone()
}
