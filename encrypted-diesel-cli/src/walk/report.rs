//! The results of walks, as text and as JSON.

use diesel::result::QueryResult;
use encrypted_diesel::Error as CrateError;
use encrypted_diesel::maintenance::{Problem, Walked};
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
}

impl Report {
    pub(super) fn new(verb: Verb, dry_run: bool) -> Self {
        Self { verb, dry_run, walks: Vec::new(), interrupted: false, hidden: Vec::new() }
    }

    /// Adds a walk through the columns of these names. If it failed, `walked` is what it did before.
    pub(super) fn add(
        &mut self,
        names: &[String],
        mut walked: Walked,
        done: QueryResult<Walked>,
    ) -> Result<(), Error> {
        if let Ok(done) = &done {
            self.interrupted |= done.stopped;
            walked.unreached = done.unreached;
        }
        self.walks.push(Walk { names: names.to_vec(), walked });
        done.map(|_| ()).map_err(Error::Stopped)
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
        let is_left = |walk: &Walk| walk.walked.left + walk.walked.missed + walk.walked.unreached > 0;
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
                let problem = problem(self.verb, names, &row.problem);
                text += &format!("  {}: {}\n", one_line(&row.key), one_line(problem));
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

    fn line(&self, Walk { walked, .. }: &Walk) -> String {
        let Walked { written, read, missed, left, unreached, .. } = walked;
        let would = if self.dry_run { "would be " } else { "" };
        let done = |done: &str| match left {
            0 => format!("{written} {would}{done}"),
            left => format!("{written} {would}{done}, {left} left unchanged"),
        };
        let rows = output::rows(*read);
        let mut line = match self.verb {
            Verb::Verify if left + unreached == 0 => format!("{rows}, all valid"),
            Verb::Verify => format!("{rows}, {left} invalid"),
            Verb::Encrypt => done("encrypted"),
            Verb::Rotate => done("rotated"),
            Verb::Reindex => done("reindexed"),
            Verb::Decrypt => done("decrypted"),
        };
        if *unreached > 0 {
            line += &format!(", {unreached} not reached: run the same command again");
        }
        if *missed > 0 {
            line += &format!(", {missed} skipped because they kept changing: run the same command again");
        }
        line
    }

    fn json(&self) -> Value {
        let walks = self.walks.iter().map(|Walk { names, walked }| {
            let rows = walked.bad.iter().map(
                |row| json!({ "key": row.key.values().collect::<Vec<_>>(), "problem": problem(self.verb, names, &row.problem) }),
            );
            json!({
                "columns": names,
                "read": walked.read,
                "written": if self.dry_run { 0 } else { walked.written },
                "would_be_written": if self.dry_run { walked.written } else { 0 },
                "missed": walked.missed,
                "left": walked.left,
                "unreached": walked.unreached,
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
fn problem(verb: Verb, names: &[String], found: &Problem) -> String {
    match found {
        Problem::Index(position) => match names.get(*position) {
            Some(name) => format!("{name} does not match the value"),
            None => found.to_string(),
        },
        Problem::Element { position, problem: of_element } => {
            format!("element {position}: {}", problem(verb, names, of_element))
        }
        Problem::Value(CrateError::NotEncrypted) => "the value is not encrypted".to_owned(),
        Problem::Value(error @ CrateError::MalformedEnvelope) if verb == Verb::Encrypt => {
            format!("{error}; if it is plaintext that only begins like one, change it")
        }
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
