//! Constraints, indexes and generated columns that depend on the columns.

use diesel::result::QueryResult;

use super::columns::{self, Column};
use super::definition;
use super::names::{quoted, table_of};
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::checks::{self, Constraint, Words};
use crate::maintenance::survey::dependents::{self, of_encrypted};
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// LIKE does not tell `ED1:` from `ed1:`. SQLite adds no constraint to a table that is there.
const WORDS: Words = Words {
    quoted,
    begins: |column, prefix| format!("{column} GLOB '{prefix}*'"),
    bytes: ("x'", "'"),
    add: |_, _, _| None,
};

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let sql = columns::definition(database, subject)?;
    let mut findings = checks::find(subject, &table_of(subject), &checks(subject, &sql), &WORDS);
    findings.extend(generated(subject, columns, &sql));
    findings.extend(foreign_keys(database, subject)?);
    findings.extend(indexes(database, subject)?);
    Ok(findings)
}

/// The encrypted columns that a text names.
fn named(subject: &Subject, sql: &str) -> Vec<String> {
    let names = subject.columns.iter().map(|column| column.name);
    names.filter(|name| definition::names(sql, name)).map(str::to_owned).collect()
}

fn checks(subject: &Subject, sql: &str) -> Vec<Constraint> {
    let constraint = |(name, definition): (String, String)| {
        let columns = named(subject, &definition);
        Constraint { name, definition, columns, drop: None }
    };
    definition::checks(sql).into_iter().map(constraint).collect()
}

fn generated(subject: &Subject, columns: &[Column], sql: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Column { name, .. } in columns.iter().filter(|column| column.is_generated) {
        let inputs =
            definition::of_column(sql, name).map_or(Vec::new(), |definition| named(subject, definition));
        let drop = format!("ALTER TABLE {} DROP COLUMN {}", table_of(subject), quoted(name));
        findings.extend(of_encrypted(subject, &inputs, |column| {
            (column.name != name).then(|| dependents::generated(subject, column.name, name, drop.clone()))
        }));
    }
    findings
}

/// In both directions. They have no names.
fn foreign_keys(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(\0)
        UNION SELECT f.\"to\", m.name FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
            WHERE m.type = 'table' AND f.\"table\" = \0 COLLATE NOCASE",
        &[&subject.table, &subject.table],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(column), Some(other)] = &row[..] else { continue };
        let name = format!("with the table {other}");
        findings.extend(of_encrypted(subject, std::slice::from_ref(column), |column| {
            Some(dependents::foreign_key(subject, column.name, &name, None))
        }));
    }
    Ok(findings)
}

/// Unique ones, and those of expressions. One that a constraint made has no text, and cannot be dropped.
fn indexes(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT i.name, CAST(i.\"unique\" AS TEXT), c.name, CAST(c.cid AS TEXT), m.sql
        FROM pragma_index_list(\0) AS i, pragma_index_xinfo(i.name) AS c
            LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name
        WHERE c.key = 1",
        &[&subject.table],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(unique), key, Some(number), sql] = &row[..] else { continue };
        let drop = format!("DROP INDEX {}", quoted(name));
        if let (Some(key), "1") = (key, unique.as_str()) {
            findings.extend(of_encrypted(subject, std::slice::from_ref(key), |column| {
                dependents::unique(subject, column, name, sql.as_ref().map(|_| drop.clone()))
            }));
        }
        // An expression.
        if let (Some(sql), "-2") = (sql, number.as_str()) {
            let inputs = named(subject, sql.split_once('(').map_or("", |(_, keys)| keys));
            findings.extend(of_encrypted(subject, &inputs, |column| {
                Some(dependents::expression(subject, column.name, name, drop.clone()))
            }));
        }
    }
    Ok(findings)
}
