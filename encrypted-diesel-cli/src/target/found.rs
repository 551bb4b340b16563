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
    /// What mends it now.
    pub(crate) mend: Option<String>,
    /// What mends the rest once every value is encrypted.
    pub(crate) afterwards: Option<String>,
    /// The place in which values may be that no walk reaches, unless it is known.
    pub(crate) hidden: Option<String>,
    /// How to declare that the place is known.
    pub(crate) declare: Option<String>,
    /// Whether it is about the values that the database stores, not about what surrounds them.
    pub(crate) is_about_values: bool,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let Finding { severity, subject, kind, message, mend, afterwards, hidden, .. } = finding;
        let is_about_values = severity == Severity::Error
            || hidden.is_some()
            || matches!(kind, FindingKind::PlaintextDefault | FindingKind::TooLong);
        let kind = word(kind);
        Self { severity, subject, kind, message, mend, afterwards, hidden, declare: None, is_about_values }
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

/// Fails with the findings that matter to a command.
pub(crate) fn refuse_any(findings: &[Found], matters: impl Fn(&Found) -> bool) -> Result<(), Error> {
    let lines: Vec<_> = findings.iter().filter(|found| matters(found)).map(Found::line).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::Refused { findings: lines.join("\n") }) }
}

/// The same with errors: `matters` takes their kinds.
pub(crate) fn refuse(findings: &[Found], matters: impl Fn(&str) -> bool) -> Result<(), Error> {
    refuse_any(findings, |found| found.severity == Severity::Error && matters(&found.kind))
}

/// The kind of rows that are hidden: whatever is said of all rows would be wrong.
pub(crate) const ROW_SECURITY: &str = "row-security";

/// The kind of a CHECK that keeps plaintext out.
pub(crate) const CHECK: &str = "check";

impl Found {
    /// Whether "every value is encrypted" cannot be said because of it.
    pub(crate) fn refutes(&self) -> bool {
        self.severity == Severity::Error || self.hidden.is_some()
    }

    /// What to do about it, and when.
    pub(crate) fn mends(&self) -> impl Iterator<Item = String> {
        let Self { mend, afterwards, declare, .. } = self;
        let now = mend.iter().map(|mend| format!("now: {mend}"));
        let afterwards = afterwards.iter().map(|mend| format!("afterwards: {mend}"));
        now.chain(afterwards).chain(declare.clone())
    }

    /// In one line, for a terminal.
    pub(crate) fn line(&self) -> String {
        let Self { subject, message, .. } = self;
        let parts: Vec<_> = std::iter::once(format!("{subject}: {message}")).chain(self.mends()).collect();
        one_line(parts.join("; "))
    }

    pub(crate) fn json(&self) -> Value {
        let Self {
            severity,
            subject,
            kind,
            message,
            mend,
            afterwards,
            hidden,
            declare: _,
            is_about_values: _,
        } = self;
        json!({
            "severity": severity.to_string(),
            "subject": subject,
            "kind": kind,
            "message": message,
            "mend": mend,
            "afterwards": afterwards,
            "hidden": hidden,
        })
    }
}
