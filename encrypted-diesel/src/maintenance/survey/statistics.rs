//! Plaintext in the planner's statistics.

use super::finding::FindingKind::Statistics;
use super::finding::{Finding, Severity};
use super::subject::Subject;
use crate::maintenance::sql::ask::Answer;

/// Names the encrypted ones of these columns, with the command that makes their statistics again.
pub(super) fn found(subject: &Subject, columns: Vec<Answer>, analyze: &str) -> Vec<Finding> {
    let finding = |column: String| {
        let surveyed = subject.surveyed(&column).filter(|surveyed| surveyed.is_encrypted())?;
        let message = "the planner's statistics keep plaintext of it until they are made again";
        let finding = Finding::new(Severity::Warning, Statistics, subject.column(surveyed.name), message);
        Some(finding.afterwards(analyze.to_owned()))
    };
    columns.into_iter().flatten().flatten().filter_map(finding).collect()
}
