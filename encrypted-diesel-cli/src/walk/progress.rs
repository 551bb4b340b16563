//! Progress of a walk: a bar on a terminal, a line every ten seconds elsewhere.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::{output, terminal};

/// The time between two lines.
const EVERY: Duration = Duration::from_secs(10);

/// The progress of one walk, on stderr.
pub(super) struct Progress {
    bar: ProgressBar,
    name: String,
    /// When the next line is due. None on a terminal.
    next_line: Option<Mutex<Instant>>,
}

impl Progress {
    /// Starts at zero of this many rows, if it is known.
    pub(super) fn new(name: &str, rows: Option<u64>) -> Self {
        let (bar, template) = match rows {
            Some(rows) => {
                (ProgressBar::new(rows), "{msg} {wide_bar} {human_pos}/{human_len}, {per_sec}, {eta} left")
            }
            None => (ProgressBar::no_length(), "{msg} {human_pos} rows, {per_sec}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            // The default format has three decimals.
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{:.0}/s", state.per_sec());
            };
            bar.set_style(style.with_key("per_sec", rate));
        }
        let name = terminal::one_line(name);
        bar.set_message(name.clone());
        let next_line = (!io::stderr().is_terminal()).then(|| Mutex::new(Instant::now() + EVERY));
        Self { bar, name, next_line }
    }

    /// Counts more rows as done.
    pub(super) fn add(&self, rows: usize) {
        self.bar.inc(rows.try_into().unwrap_or(u64::MAX));
        let Some(Ok(mut next)) = self.next_line.as_ref().map(Mutex::lock) else { return };
        if *next <= Instant::now() {
            *next = Instant::now() + EVERY;
            output::say(format_args!("{}: {}", self.name, self.line()));
        }
    }

    fn line(&self) -> String {
        let done = HumanCount(self.bar.position());
        let rate = self.bar.per_sec();
        match self.bar.length().map(HumanCount) {
            Some(all) => {
                format!("{done} of {all} rows, {rate:.0} a second, {} left", HumanDuration(self.bar.eta()))
            }
            None => format!("{done} rows, {rate:.0} a second"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
