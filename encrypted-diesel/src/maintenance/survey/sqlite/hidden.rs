//! Places in which values may be that a walk through the table does not reach.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::quoted;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::{Statistics, Trigger};
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;
use crate::maintenance::survey::{samples, trigger_text};

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let mut findings = triggers(database, subject)?;
    findings.extend(statistics(database, subject)?);
    findings.extend(undeclared(database, subject, columns)?);
    Ok(findings)
}

/// Temporary triggers, which a connection may have of its own, fire as well.
fn triggers(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let columns: Vec<_> = subject.columns.iter().map(|column| column.name).collect();
    let rows = database.ask(
        "SELECT name, sql FROM (
            SELECT name, sql, type, tbl_name FROM sqlite_master
            UNION ALL SELECT name, sql, type, tbl_name FROM sqlite_temp_master
        ) WHERE type = 'trigger' AND tbl_name = \0 COLLATE NOCASE ORDER BY name",
        &[&subject.table],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(sql)] = &row[..] else { continue };
        // Before it stand the name, the event and the condition.
        let begin = sql.to_ascii_uppercase().find("BEGIN").unwrap_or_default();
        if trigger_text::touches(sql.get(begin..).unwrap_or(sql), &columns) {
            let message = format!("the trigger {name} may change values or copy them elsewhere");
            findings.push(
                Finding::new(Severity::Warning, Trigger, subject.name(), message)
                    .hiding(format!("trigger:{name}")),
            );
        }
    }
    Ok(findings)
}

/// ANALYZE keeps samples of indexed values, if SQLite was compiled so.
fn statistics(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let is_there = database.ask("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat4'", &[])?;
    if is_there.is_empty() {
        return Ok(Vec::new());
    }
    let samples = database.ask("SELECT tbl FROM sqlite_stat4 WHERE tbl = \0 LIMIT 1", &[&subject.table])?;
    let finding = |_| {
        let message = "the planner's statistics keep indexed values until they are made again";
        Finding::new(Severity::Warning, Statistics, subject.name(), message)
            .mended_by("ANALYZE, once it is encrypted")
    };
    Ok(samples.into_iter().map(finding).collect())
}

/// Columns that nobody declared, but that hold envelopes: alone or within documents. A column of any type may.
fn undeclared(database: &mut dyn Ask, subject: &Subject, columns: &[Column]) -> QueryResult<Vec<Finding>> {
    let mut findings = Vec::new();
    for Column { name, .. } in columns.iter().filter(|column| subject.surveyed(&column.name).is_none()) {
        let column = quoted(name);
        let id = "[0-9a-f]".repeat(8);
        let found = database.ask(
            &format!(
                "SELECT 'found' FROM (
                    SELECT value FROM (SELECT t.{column} AS value FROM {} AS t LIMIT {})
                    WHERE typeof(value) IN ('text', 'blob') LIMIT {}
                ) WHERE CAST(value AS TEXT) GLOB '*ed1:{id}:*' OR CAST(value AS TEXT) GLOB '*ed1[a-z]:{id}:*'
                    OR (typeof(value) = 'blob' AND hex(substr(value, 1, 3)) = 'ED6564') LIMIT 1",
                subject.sql,
                samples::ROWS,
                samples::VALUES,
            ),
            &[],
        )?;
        if !found.is_empty() {
            findings.push(samples::found(subject, name));
        }
    }
    Ok(findings)
}
