//! Columns that nobody declared, but that hold envelopes: alone or within documents. A column of any type may.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::quoted;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::samples::{self, Sample};
use crate::maintenance::survey::subject::Subject;

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let key = subject.key.first().map(|key| quoted(key));
    let others = columns.iter().map(|column| (column.name.as_str(), true, column));
    samples::find(subject, key.as_deref(), others, |column, sample| {
        database.ask(&question(subject, &column.name, sample), &[])
    })
}

/// A text for GLOB ends at its first zero byte, so bytes are read from the first place where an envelope may be.
fn question(subject: &Subject, column: &str, sample: &Sample<'_>) -> String {
    let id = "[0-9a-f]".repeat(8);
    let begins = |text: &str, any: &str| {
        format!(
            "CAST({text} AS TEXT) GLOB '{any}ed1:{id}:*' OR CAST({text} AS TEXT) GLOB '{any}ed1[a-z]:{id}:*'"
        )
    };
    format!(
        "SELECT CAST(count(*) AS TEXT), CAST(sum(bytes) AS TEXT), CAST(sum(
            hex(substr(value, 1, 3)) = 'ED6564'
            OR (place > 0 AND ({} OR {}))) AS TEXT)
        FROM (
            SELECT value, bytes, instr(value, x'656431') AS place FROM (
                SELECT CAST(substr(value, 1, {}) AS BLOB) AS value, length(value) AS bytes
                FROM (SELECT t.{} AS value FROM {} AS t {})
                WHERE typeof(value) IN ('text', 'blob') LIMIT {}
            )
        )",
        begins("substr(value, place)", ""),
        begins("value", "*"),
        samples::BEGINNING,
        quoted(column),
        subject.sql,
        sample.clauses(),
        sample.values,
    )
}
