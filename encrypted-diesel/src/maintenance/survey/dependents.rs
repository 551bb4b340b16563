//! What the database derives from a column, or compares with it: it sees envelopes from the first encrypted row on.

use super::finding::FindingKind::{Computed, ForeignKey, NotUnique, TooLong};
use super::finding::{Finding, FindingKind, Severity};
use super::subject::{Subject, Surveyed};

fn warning(subject: &Subject, kind: FindingKind, column: &str, message: String) -> Finding {
    Finding::new(Severity::Warning, kind, subject.column(column), message)
}

/// Of the encrypted columns among these, each with what `about` says.
pub(super) fn of_encrypted<'a>(
    subject: &'a Subject,
    columns: &'a [String],
    about: impl Fn(&'a Surveyed) -> Option<Finding> + 'a,
) -> impl Iterator<Item = Finding> + 'a {
    let is_among =
        |surveyed: &&Surveyed| columns.iter().any(|column| column.eq_ignore_ascii_case(surveyed.name));
    let encrypted = subject.columns.iter().filter(|surveyed| surveyed.is_encrypted());
    encrypted.filter(is_among).filter_map(about)
}

/// A foreign key, from the column or to it.
pub(super) fn foreign_key(subject: &Subject, column: &str, name: &str, drop: Option<String>) -> Finding {
    let message = format!(
        "the foreign key {name} compares it with another column: encrypted values find no equal ones there"
    );
    Finding { mend: drop, ..warning(subject, ForeignKey, column, message) }
}

/// A unique index of which the column is a part.
pub(super) fn unique(
    subject: &Subject,
    surveyed: &Surveyed,
    name: &str,
    drop: Option<String>,
) -> Option<Finding> {
    let message = format!(
        "the unique index {name} finds no duplicates once the values are encrypted: make one on a blind index of the \
         column"
    );
    let finding = Finding { afterwards: drop, ..warning(subject, NotUnique, surveyed.name, message) };
    surveyed.is_randomized().then_some(finding)
}

/// A generated column that is computed from the column.
pub(super) fn generated(subject: &Subject, column: &str, name: &str, drop: String) -> Finding {
    let message = format!(
        "the database computes the column {name} from it: a copy of the plaintext now, and of no use once the values are \
         encrypted"
    );
    warning(subject, Computed, column, message).mended_by(drop)
}

/// An index of an expression with the column.
pub(super) fn expression(subject: &Subject, column: &str, name: &str, drop: String) -> Finding {
    let message = format!(
        "the index {name} is computed from it: it keeps plaintext now, and finds nothing once the values are encrypted"
    );
    warning(subject, Computed, column, message).afterwards(drop)
}

/// If the envelope of the longest value, in bytes, has no room in the column.
pub(super) fn too_long(
    subject: &Subject,
    surveyed: &Surveyed,
    longest: Option<usize>,
    width: usize,
    widen: String,
) -> Option<Finding> {
    let encrypted = surveyed.encrypted(longest?).filter(|encrypted| *encrypted > width)?;
    let message = format!(
        "it has room for {width}, and its longest value takes about {encrypted} once it is encrypted"
    );
    Some(warning(subject, TooLong, surveyed.name, message).mended_by(widen))
}

/// The number in the first cell.
pub(super) fn number(rows: Vec<Vec<Option<String>>>) -> Option<usize> {
    rows.into_iter().flatten().next().flatten()?.parse().ok()
}

/// The names in a cell, one a line.
pub(super) fn lines(names: &str) -> Vec<String> {
    names.lines().map(str::to_owned).collect()
}
