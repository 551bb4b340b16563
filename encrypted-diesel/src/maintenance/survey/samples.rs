//! Envelopes in columns that nobody declared, from a sample of rows.

use super::finding::FindingKind::{Privilege, Undeclared};
use super::finding::{Finding, Severity};
use super::subject::Subject;

/// How many values are looked at in each column.
pub(super) const VALUES: usize = 10_000;

/// How many rows are read for these at most, where most are NULL.
pub(super) const ROWS: usize = 1_000_000;

pub(super) fn unreadable(subject: &Subject, column: &str) -> Finding {
    let message = "this role may not read it, so it is not known whether it holds encrypted values";
    Finding::new(Severity::Notice, Privilege, subject.column(column), message)
}

pub(super) fn found(subject: &Subject, column: &str) -> Finding {
    let message = "it holds encrypted values, alone, in arrays or within documents, but is not declared, \
                   so no walk reaches them";
    Finding::new(Severity::Warning, Undeclared, subject.column(column), message)
        .hiding(format!("column:{column}"))
}
