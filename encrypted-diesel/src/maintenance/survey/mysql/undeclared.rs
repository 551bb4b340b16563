//! Columns that nobody declared, but that hold envelopes: alone or within documents.

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
    let is_key = |column: &&Column| subject.key.first() == Some(&column.name.as_str());
    let key = columns.iter().find(is_key).filter(|key| key.may_read).map(|key| quoted(&key.name));
    let others = columns.iter().filter(may_hold_text);
    let others = others.map(|column| (column.name.as_str(), column.may_read, column));
    samples::find(subject, key.as_deref(), others, |column, sample| {
        database.ask(&question(subject, &column.name, sample), &[])
    })
}

/// MariaDB's JSON is `longtext`.
fn may_hold_text(column: &&Column) -> bool {
    let kind = column.data_type.as_str();
    kind == "json" || ["text", "blob", "char", "binary"].iter().any(|end| kind.ends_with(end))
}

/// MySQL has no patterns for bytes, which may be text.
fn question(subject: &Subject, column: &str, sample: &Sample<'_>) -> String {
    format!(
        "SELECT CAST(COUNT(*) AS CHAR), CAST(SUM(s.bytes) AS CHAR), CAST(SUM(
            LEFT(s.value, 3) = x'ed6564'
            OR (LOCATE('ed1', s.value) > 0
                AND CONVERT(s.value USING latin1) REGEXP 'ed1[a-z]?:[0-9a-f]{{8}}:')) AS CHAR)
        FROM (
            SELECT LEFT(CAST(r.value AS BINARY), {}) AS value, OCTET_LENGTH(r.value) AS bytes
            FROM (SELECT t.{} AS value FROM {} AS t {}) AS r WHERE r.value IS NOT NULL LIMIT {}
        ) AS s",
        samples::BEGINNING,
        quoted(column),
        subject.sql,
        sample.clauses(),
        sample.values,
    )
}
