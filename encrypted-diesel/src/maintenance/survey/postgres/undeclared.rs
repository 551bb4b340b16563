//! Columns that nobody declared, but that hold envelopes: alone, in arrays, or within documents.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::quoted;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::samples::{self, Sample};
use crate::maintenance::survey::subject::Subject;

const TEXT: &str = "E'ed1[a-z]{0,1}:[0-9a-f]{8}:'";

/// The text of an envelope in bytes depends on `bytea_output`.
const TEXT_OR_BYTES: &str = r"E'ed1[a-z]{0,1}:[0-9a-f]{8}:|\\\\xed65640[0-9]|\\\\355ed'";

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let is_key = |column: &&Column| subject.key.first() == Some(&column.name.as_str());
    let key = columns.iter().find(is_key).filter(|key| key.may_read).map(|key| quoted(&key.name));
    let others = columns.iter().filter(|column| column.may_hold_text);
    let others = others.map(|column| (column.name.as_str(), column.may_read, column));
    samples::find(subject, key.as_deref(), others, |column, sample| {
        database.ask(&question(subject, column, sample), &[])
    })
}

/// Whether a value is NULL is asked by its size, without an operator of its type. Under a collation that is not
/// deterministic, there are no patterns.
fn question(subject: &Subject, column: &Column, sample: &Sample<'_>) -> String {
    let (text, pattern) = text_of(column);
    format!(
        "SELECT CAST(pg_catalog.count(*) AS pg_catalog.text), CAST(pg_catalog.sum(pg_catalog.octet_length(s.value)) AS pg_catalog.text),
            CAST(pg_catalog.count(*) FILTER (WHERE CASE
                WHEN pg_catalog.strpos(s.value, 'ed') OPERATOR(pg_catalog.>) 0
                THEN s.value OPERATOR(pg_catalog.~) {pattern} END) AS pg_catalog.text)
        FROM (
            SELECT ({text}) COLLATE pg_catalog.\"C\" AS value
            FROM (SELECT t.{} AS value FROM {} AS t {}) AS r
            WHERE pg_catalog.pg_column_size(r.value) IS NOT NULL LIMIT {}
        ) AS s",
        quoted(&column.name),
        subject.sql,
        sample.clauses(),
        sample.values,
    )
}

/// Somebody may have created a cast of a type that is not built in, so such a value is never cast, implicitly neither:
/// `concat` takes it as its type prints it.
fn text_of(column: &Column) -> (String, &'static str) {
    let beginning = samples::BEGINNING;
    match column.base.as_str() {
        "text" | "varchar" | "bpchar" => (format!("pg_catalog.substr(r.value, 1, {beginning})"), TEXT),
        // Bytes that are not ASCII become \355.
        "bytea" => (
            format!("pg_catalog.encode(pg_catalog.substr(r.value, 1, {beginning}), 'escape')"),
            r"E'ed1[a-z]{0,1}:[0-9a-f]{8}:|^\\\\355ed'",
        ),
        _ => (
            format!(
                "CASE WHEN pg_catalog.pg_column_size(r.value) OPERATOR(pg_catalog.<) {}
                    THEN pg_catalog.concat(r.value) ELSE '' END",
                samples::DOCUMENT
            ),
            TEXT_OR_BYTES,
        ),
    }
}
