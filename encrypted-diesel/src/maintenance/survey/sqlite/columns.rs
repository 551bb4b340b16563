//! The columns of the table: their defaults, and what indexes them. SQLite keeps values of any length.

use std::collections::BTreeSet;

use diesel::result::QueryResult;

use super::names::{quoted, table_of};
use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::defaults;
use crate::maintenance::survey::finding::FindingKind::{Generated, NoIndex, PlaintextDefault};
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::{Holds, Subject};

pub(super) struct Column {
    pub(super) name: String,
    default: Option<String>,
    pub(super) is_generated: bool,
}

pub(super) fn read(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Column>> {
    let rows = database.ask(
        "SELECT name, dflt_value, CAST(hidden AS TEXT) FROM pragma_table_xinfo(\0) ORDER BY cid",
        &[&subject.table],
    )?;
    let column = |row: Answer| {
        let [name, default, hidden] = <[_; 3]>::try_from(row).ok()?;
        // 2 is virtual, 3 is stored.
        Some(Column { name: name?, default, is_generated: matches!(hidden.as_deref(), Some("2" | "3")) })
    };
    Ok(rows.into_iter().filter_map(column).collect())
}

/// The columns with which an index begins.
pub(super) fn indexed(database: &mut dyn Ask, subject: &Subject) -> QueryResult<BTreeSet<String>> {
    let rows = database.ask(
        "SELECT c.name FROM pragma_index_list(\0) AS i, pragma_index_info(i.name) AS c WHERE c.seqno = 0",
        &[&subject.table],
    )?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// The statement that created the table.
pub(super) fn definition(database: &mut dyn Ask, subject: &Subject) -> QueryResult<String> {
    let rows = database.ask(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = \0 COLLATE NOCASE",
        &[&subject.table],
    )?;
    Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default())
}

impl Column {
    /// Why a walk cannot write into the column.
    pub(super) fn error(&self, subject: &Subject) -> Option<Finding> {
        subject.surveyed(&self.name).filter(|surveyed| surveyed.holds != Holds::Plaintext)?;
        let message = "the database computes this column, so nothing can be written into it";
        self.is_generated
            .then(|| Finding::new(Severity::Error, Generated, subject.column(&self.name), message))
    }

    pub(super) fn warnings(&self, subject: &Subject, indexed: &BTreeSet<String>) -> Vec<Finding> {
        let Some(surveyed) = subject.surveyed(&self.name) else { return Vec::new() };
        let name = subject.column(&self.name);
        let mut findings = Vec::new();
        if surveyed.holds != Holds::Plaintext && self.default.as_deref().is_some_and(defaults::is_plaintext) {
            let message =
                format!("{}: SQLite cannot change it, so make the table again without it", defaults::MESSAGE);
            findings.push(Finding::new(Severity::Warning, PlaintextDefault, &*name, message));
        }
        if surveyed.is_searched() && !indexed.contains(&self.name) {
            let (table, column) = (table_of(subject), quoted(&self.name));
            let index = quoted(&format!("{}_{}", subject.table, self.name));
            findings.push(
                Finding::new(Severity::Warning, NoIndex, &*name, "every search reads the whole table")
                    .mended_by(format!("CREATE INDEX {index} ON {table} ({column})")),
            );
        }
        findings
    }
}
