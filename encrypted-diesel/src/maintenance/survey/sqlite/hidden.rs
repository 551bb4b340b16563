//! Places in which values may be that a walk through the table does not reach.

use diesel::result::QueryResult;

use super::columns::Column;
use super::definition;
use super::undeclared;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::Statistics;
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;
use crate::maintenance::survey::trigger_text;

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let mut findings = triggers(database, subject)?;
    findings.extend(statistics(database, subject)?);
    findings.extend(undeclared::find(database, subject, columns)?);
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
    Ok(rows.iter().filter_map(|row| trigger(subject, &columns, row)).collect())
}

fn trigger(subject: &Subject, columns: &[&str], row: &[Option<String>]) -> Option<Finding> {
    let [Some(name), Some(sql)] = row else { return None };
    // Before it stand the name, the event and the condition.
    let begin = sql.to_ascii_uppercase().find("BEGIN").unwrap_or_default();
    let (event, body) = sql.split_at_checked(begin).unwrap_or((sql, sql));
    let fires = definition::names(event, "UPDATE")
        && (!definition::names(event, "OF") || columns.iter().any(|column| definition::names(event, column)));
    trigger_text::finding(subject, name, trigger_text::touches(body, &subject.table, columns), fires)
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
        Finding::new(Severity::Warning, Statistics, subject.name(), message).afterwards("ANALYZE")
    };
    Ok(samples.into_iter().map(finding).collect())
}
