//! Foreign keys that write: ON UPDATE CASCADE, SET NULL and SET DEFAULT.

use super::finding::FindingKind::Cascade;
use super::finding::{Finding, Severity};
use super::subject::{Holds, Subject};

/// A foreign key of another column, or of this table's, that refers to a column.
pub(super) struct ForeignKey {
    /// Its name in messages.
    pub(super) name: String,
    /// The column of the table that it refers to.
    pub(super) column: String,
    /// The column that it writes into: `orders.email`.
    pub(super) into: String,
    pub(super) is_own: bool,
    /// `CASCADE`, `SET NULL` or `SET DEFAULT`.
    pub(super) action: String,
    /// The SQL that drops it.
    pub(super) drop: Option<String>,
}

impl ForeignKey {
    /// What a walk would write beside the column: an envelope of another column's, which would not open there, or
    /// nothing at all.
    pub(super) fn finding(self, subject: &Subject) -> Option<Finding> {
        let Self { name, column, into, is_own, action, drop } = self;
        let is_written = |surveyed: &&super::Surveyed| {
            surveyed.name.eq_ignore_ascii_case(&column) && surveyed.holds != Holds::Plaintext
        };
        let surveyed = subject.columns.iter().find(is_written)?;
        let (column, action) = (subject.column(surveyed.name), action.to_ascii_uppercase());
        let is_copy = action == "CASCADE";
        let writes = if is_copy { "copies what is written into" } else { "overwrites the values of" };
        let message = format!("{name} with ON UPDATE {action} {writes} {into}");
        let finding = |severity| Finding { mend: drop, ..Finding::new(severity, Cascade, column, message) };
        Some(if is_copy && !is_own {
            finding(Severity::Warning).hiding(format!("foreign-key:{into}"))
        } else {
            finding(Severity::Error)
        })
    }
}
