//! The results of walks, as text and as JSON.

use diesel::result::QueryResult;
use encrypted_diesel::Error as CrateError;
use encrypted_diesel::maintenance::{Problem, Status, Walked};
use serde_json::{Value, json};

use super::verb::Verb;
use crate::error::Error;
use crate::exit::Exit;
use crate::output;
use crate::target::found::Found;
use crate::terminal::one_line;

/// How many bad rows of a walk the text shows. JSON has every row that was kept.
const SHOWN: usize = 20;

pub(super) struct Report {
    verb: Verb,
    dry_run: bool,
    walks: Vec<Walk>,
    interrupted: bool,
    /// Places in which values may be that no walk reaches.
    hidden: Vec<Found>,
}

/// One walk.
struct Walk {
    /// The columns that it went through.
    names: Vec<String>,
    walked: Walked,
    /// Values that `encrypt` skipped without reading them, such as those that begin like an envelope but are not one.
    not_encrypted: u64,
}

impl Report {
    pub(super) fn new(verb: Verb, dry_run: bool) -> Self {
        Self { verb, dry_run, walks: Vec::new(), interrupted: false, hidden: Vec::new() }
    }

    /// Adds a walk through the columns of these names. If it failed, `walked` is what it did before.
    pub(super) fn add(
        &mut self,
        names: &[String],
        walked: Walked,
        done: QueryResult<Walked>,
    ) -> Result<(), Error> {
        self.interrupted |= done.as_ref().is_ok_and(|done| done.stopped);
        self.walks.push(Walk { names: names.to_vec(), walked, not_encrypted: 0 });
        done.map(|_| ()).map_err(Error::Stopped)
    }

    /// Counts the values of a column that are still not encrypted, beside the rows in the report: values written in the
    /// meantime, or values that `encrypt` does not read.
    ///
    /// Elements of arrays are counted where every row was written, since a row may have any number of them.
    pub(super) fn not_encrypted(&mut self, status: Status, in_arrays: bool) {
        if let (false, Some(Walk { walked, not_encrypted, .. })) = (self.interrupted, self.walks.last_mut()) {
            let rest = status.not_encrypted + status.to_fill + status.malformed;
            let would_be = if self.dry_run { walked.written } else { 0 };
            let in_report = match walked.left + would_be {
                1.. if in_arrays => rest,
                rows => rows,
            };
            *not_encrypted = rest.saturating_sub(in_report);
        }
    }

    /// Names what no walk reaches, before anything is written.
    pub(super) fn name_hidden(&mut self, findings: &[Found]) {
        self.hidden = findings.iter().filter(|found| found.hidden.is_some()).cloned().collect();
        for found in findings.iter().filter(|found| found.is_about_values) {
            output::say(found.line());
        }
    }

    pub(super) fn interrupted(&mut self) {
        self.interrupted = true;
    }

    /// Whether nothing was walked.
    pub(super) fn is_empty(&self) -> bool {
        self.walks.is_empty() && !self.interrupted
    }

    pub(super) fn exit(&self) -> Exit {
        let is_left = |walk: &Walk| walk.walked.left + walk.walked.missed + walk.not_encrypted > 0;
        match () {
            () if self.interrupted => Exit::Interrupted,
            () if self.walks.iter().any(is_left) || !self.hidden.is_empty() => Exit::Left,
            () => Exit::Done,
        }
    }

    pub(super) fn print(&self, as_json: bool) -> Result<(), Error> {
        if as_json { output::print_json(&self.json()) } else { output::print_text(self.text()) }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for walk in &self.walks {
            let Walk { names, walked, .. } = walk;
            text += &format!("{}: {}\n", one_line(names.join(", ")), self.line(walk));
            for row in walked.bad.iter().take(SHOWN) {
                text += &format!("  {}: {}\n", one_line(&row.key), one_line(problem(names, &row.problem)));
            }
            let more = walked.left - walked.left.min(SHOWN.try_into().unwrap_or(u64::MAX));
            if more > 0 {
                text += &format!("  and {more} more\n");
            }
        }
        if self.interrupted {
            text += "interrupted: run the same command to continue\n";
        }
        text
    }

    fn line(&self, Walk { walked, not_encrypted, .. }: &Walk) -> String {
        let Walked { written, read, missed, left, .. } = walked;
        let rows = output::rows(*read);
        let done = match self.verb {
            Verb::Verify if *left == 0 => return format!("{rows}, all valid"),
            Verb::Verify => return format!("{rows}, {left} invalid"),
            Verb::Encrypt => "encrypted",
            Verb::Rotate => "rotated",
            Verb::Reindex => "reindexed",
            Verb::Decrypt => "decrypted",
        };
        let would = if self.dry_run { "would be " } else { "" };
        let mut line = format!("{written} {would}{done}");
        if *left > 0 {
            line += &format!(", {left} left unchanged");
        }
        if *not_encrypted > 0 {
            line += &format!(", {not_encrypted} not encrypted: run `verify` to list them");
        }
        if *missed > 0 {
            line += &format!(", {missed} skipped because they kept changing: run the same command again");
        }
        line
    }

    fn json(&self) -> Value {
        let walks = self.walks.iter().map(|Walk { names, walked, not_encrypted }| {
            let rows = walked.bad.iter().map(
                |row| json!({ "key": row.key.values().collect::<Vec<_>>(), "problem": problem(names, &row.problem) }),
            );
            json!({
                "columns": names,
                "read": walked.read,
                "written": if self.dry_run { 0 } else { walked.written },
                "would_be_written": if self.dry_run { walked.written } else { 0 },
                "missed": walked.missed,
                "left": walked.left,
                "not_encrypted": not_encrypted,
                "left_rows": rows.collect::<Vec<_>>(),
            })
        });
        json!({
            "command": match self.verb {
                Verb::Encrypt => "encrypt",
                Verb::Rotate => "rotate",
                Verb::Reindex => "reindex",
                Verb::Verify => "verify",
                Verb::Decrypt => "decrypt",
            },
            "dry_run": self.dry_run,
            "interrupted": self.interrupted,
            "hidden": self.hidden.iter().map(Found::json).collect::<Vec<_>>(),
            "walks": walks.collect::<Vec<_>>(),
        })
    }
}

/// Describes the problem with a row, naming the index if there is one.
fn problem(names: &[String], found: &Problem) -> String {
    match found {
        Problem::Index(position) => match names.get(*position) {
            Some(name) => format!("{name} does not match the value"),
            None => found.to_string(),
        },
        Problem::Element { position, problem: of_element } => {
            format!("element {position}: {}", problem(names, of_element))
        }
        Problem::Value(CrateError::NotEncrypted) => "the value is not encrypted".to_owned(),
        Problem::Value(CrateError::UnsupportedVersion) => {
            "the value starts like one of a newer release: update this tool, or, if it is plaintext, change it"
                .to_owned()
        }
        Problem::Value(CrateError::InvalidPlaintext { .. }) => {
            "the value does not have the declared type".to_owned()
        }
        _ => found.to_string(),
    }
}
