//! Full-text indexes, which keep the words of the columns.

use diesel::result::QueryResult;

use super::definition;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::Computed;
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;

/// Virtual tables that name the table as the place of their content, and one of the columns.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT name, sql FROM sqlite_master
        WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%' AND sql LIKE '%content%' ORDER BY name",
        &[],
    )?;
    let is_named =
        |sql: &str, name: &str| definition::names(sql, name) || definition::names(sql, &format!("'{name}'"));
    let finding = |row: Vec<Option<String>>| {
        let [Some(name), Some(sql)] = &row[..] else { return None };
        let column =
            subject.columns.iter().find(|column| column.is_encrypted() && is_named(sql, column.name))?;
        let message = format!(
            "the full-text index {name} keeps its words, which no walk reaches: rebuild it once the values are encrypted, \
             or drop it"
        );
        let finding = Finding::new(Severity::Warning, Computed, subject.column(column.name), message);
        is_named(sql, &subject.table).then(|| finding.hiding(format!("index:{name}")))
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}
