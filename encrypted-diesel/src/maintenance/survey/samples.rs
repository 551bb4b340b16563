//! Envelopes in columns that nobody declared, from a sample of rows.

use diesel::result::QueryResult;

use super::finding::FindingKind::{Privilege, Undeclared};
use super::finding::{Finding, Severity};
use super::subject::Subject;
use crate::maintenance::sql::ask::Answer;

/// How many values are looked at, in steps.
const STEPS: [usize; 4] = [10, 100, 1_000, 10_000];

/// How many rows are read for these at most, where most are NULL.
const FIRST_ROWS: usize = 1_000_000;

/// The same of the last rows, which are read in the order of the key.
const LAST_ROWS: usize = 100_000;

/// How much of a text is looked at, in characters or bytes.
pub(super) const BEGINNING: usize = 100_000;

/// How large a document is, in bytes, of which no beginning can be read by itself.
#[cfg_attr(not(feature = "postgres"), allow(dead_code))]
pub(super) const DOCUMENT: usize = 1_000_000;

/// After so many bytes, no further step is made.
const BYTES: usize = 5_000_000;

fn unreadable(subject: &Subject, column: &str) -> Finding {
    let message = "this role may not read it, so it is not known whether it holds encrypted values";
    Finding::new(Severity::Notice, Privilege, subject.column(column), message)
}

fn found(subject: &Subject, column: &str) -> Finding {
    let message = "it holds encrypted values, alone, in arrays or within documents, but is not declared, \
                   so no walk reaches them";
    Finding::new(Severity::Warning, Undeclared, subject.column(column), message)
        .hiding(format!("column:{column}"))
}

/// Which rows are looked at.
pub(super) struct Sample<'a> {
    /// The key, as SQL names it, if the last rows are meant: the newest, for most keys.
    pub(super) by: Option<&'a str>,
    pub(super) rows: usize,
    pub(super) values: usize,
}

impl Sample<'_> {
    /// The clauses after the table `t`.
    pub(super) fn clauses(&self) -> String {
        let order = self.by.map_or_else(String::new, |key| format!("ORDER BY t.{key} DESC "));
        format!("{order}LIMIT {}", self.rows)
    }
}

/// Names the columns that hold envelopes, and those that may not be read. Each comes with its name and whether it may be
/// read.
pub(super) fn find<'c, C: 'c>(
    subject: &Subject,
    key: Option<&str>,
    columns: impl Iterator<Item = (&'c str, bool, &'c C)>,
    mut question: impl FnMut(&C, &Sample<'_>) -> QueryResult<Vec<Answer>>,
) -> QueryResult<Vec<Finding>> {
    let mut findings = Vec::new();
    for (name, may_read, column) in columns.filter(|(name, ..)| subject.surveyed(name).is_none()) {
        if !may_read {
            findings.push(unreadable(subject, name));
        } else if has_envelopes(key, |sample| question(column, sample))? {
            findings.push(found(subject, name));
        }
    }
    Ok(findings)
}

/// Whether there are envelopes among the first or the last rows. The question's answer is a row: how many values that are
/// not NULL were looked at, how many bytes they have, and how many of them hold an envelope.
fn has_envelopes(
    key: Option<&str>,
    mut question: impl FnMut(&Sample<'_>) -> QueryResult<Vec<Answer>>,
) -> QueryResult<bool> {
    for (by, rows) in [(None, FIRST_ROWS), (key, LAST_ROWS)] {
        if rows == LAST_ROWS && by.is_none() {
            break;
        }
        for values in STEPS {
            let answer = question(&Sample { by, rows, values })?;
            let mut counts = answer.into_iter().flatten().map(|count| count?.parse::<usize>().ok());
            let mut count = || counts.next().flatten().unwrap_or_default();
            let (seen, bytes, envelopes) = (count(), count(), count());
            if envelopes > 0 {
                return Ok(true);
            }
            if seen < values || bytes > BYTES {
                break;
            }
        }
    }
    Ok(false)
}
