//! Envelopes in columns that nobody declared, from a sample of rows.

use super::finding::FindingKind::Undeclared;
use super::finding::{Finding, Severity};
use super::subject::Subject;

/// How many rows are looked at in each column.
pub(super) const ROWS: usize = 10_000;

pub(super) fn found(subject: &Subject, column: &str) -> Finding {
    let message = "it holds encrypted values, alone, in arrays or within documents, but is not declared, \
                   so no walk reaches them";
    Finding::new(Severity::Warning, Undeclared, subject.column(column), message)
        .hiding(format!("column:{column}"))
}
