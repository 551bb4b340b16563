//! One finding about the database, and what follows from it.

use encrypted_diesel::maintenance::{Finding, FindingKind, Severity};
use serde_json::{Value, json};

use crate::error::Error;
use crate::terminal::one_line;

/// One finding, of the library's or of the tool's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) severity: Severity,
    pub(crate) subject: String,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) mend: Option<String>,
    /// The place in which values may be that no walk reaches, unless it is known.
    pub(crate) hidden: Option<String>,
    /// Whether it is about the values that the database stores, not about what surrounds them.
    pub(crate) is_about_values: bool,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let Finding { severity, subject, kind, message, mend, hidden, .. } = finding;
        let is_about_values = severity == Severity::Error
            || hidden.is_some()
            || matches!(kind, FindingKind::PlaintextDefault | FindingKind::TooNarrow);
        Self { severity, subject, kind: word(kind), message, mend, hidden, is_about_values }
    }
}

/// The kind in JSON: `plaintext-default`.
fn word(kind: FindingKind) -> String {
    let mut word = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// Fails with the errors that matter to a command: `matters` takes their kinds.
pub(crate) fn refuse(findings: &[Found], matters: impl Fn(&str) -> bool) -> Result<(), Error> {
    let errors = findings.iter().filter(|found| found.severity == Severity::Error && matters(&found.kind));
    let lines: Vec<_> = errors.map(Found::line).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::Refused { findings: lines.join("\n") }) }
}

/// The kind of rows that are hidden: whatever is said of all rows would be wrong.
pub(crate) const ROW_SECURITY: &str = "row-security";

impl Found {
    /// Whether "every value is encrypted" cannot be said because of it.
    pub(crate) fn refutes(&self) -> bool {
        self.severity == Severity::Error || self.hidden.is_some()
    }

    /// In one line, for a terminal.
    pub(crate) fn line(&self) -> String {
        let Self { subject, message, mend, hidden, .. } = self;
        let mut line = format!("{subject}: {message}");
        if let Some(mend) = mend {
            line += &format!("; to mend it: {mend}");
        }
        if let Some(place) = hidden {
            line += &format!("; once you have seen to it, declare it: known = [\"{place}\"]");
        }
        one_line(line)
    }

    pub(crate) fn json(&self) -> Value {
        let Self { severity, subject, kind, message, mend, hidden, is_about_values: _ } = self;
        json!({
            "severity": severity.to_string(),
            "subject": subject,
            "kind": kind,
            "message": message,
            "mend": mend,
            "hidden": hidden,
        })
    }
}
