//! MySQL and MariaDB: reads the information schema.

mod cascades;
mod columns;
mod constraints;
mod hidden;
mod names;
mod server;
mod statistics;
mod undeclared;

use diesel::result::QueryResult;

use self::names::ask_about;
use super::finding::FindingKind::{NoTransactions, NotATable};
use super::finding::{Finding, Severity};
use super::subject::Subject;
use crate::maintenance::sql::ask::Ask;

/// What makes a walk refuse the table.
pub(super) fn errors(database: &mut dyn Ask, subject: &Subject, writes: bool) -> QueryResult<Vec<Finding>> {
    if !writes {
        return Ok(Vec::new());
    }
    let mut findings = table(database, subject)?;
    if findings.is_empty() {
        let columns = columns::read(database, subject)?;
        findings.extend(columns.iter().filter_map(|column| column.error(subject)));
        let cascades = cascades::find(database, subject)?.into_iter();
        findings.extend(cascades.filter(|finding| finding.severity == Severity::Error));
    }
    Ok(findings)
}

/// Everything else.
pub(super) fn others(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let columns = columns::read(database, subject)?;
    let indexed = columns::indexed(database, subject)?;
    let mut findings = hidden::find(database, subject, &columns)?;
    for column in &columns {
        findings.extend(column.warnings(subject, &indexed));
    }
    findings.extend(cascades::find(database, subject)?);
    findings.extend(constraints::find(database, subject, &columns)?);
    findings.extend(server::find(database)?);
    Ok(findings)
}

fn table(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let found = ask_about(
        database,
        subject,
        "SELECT CAST(c.table_type AS CHAR), CAST(c.engine AS CHAR), CAST(e.transactions AS CHAR)
        FROM information_schema.tables AS c
            LEFT JOIN information_schema.engines AS e ON e.engine = c.engine
        WHERE IS_TABLE",
    )?;
    let error = |kind, message: String| Finding::new(Severity::Error, kind, subject.name(), message);
    Ok(match found.first().map(Vec::as_slice) {
        Some([Some(kind), ..]) if kind.ends_with("VIEW") => {
            vec![error(NotATable, "this is a view: name the table that holds the rows".to_owned())]
        }
        // It rolls nothing back, so a value that the database has changed could not be put back.
        Some([_, Some(engine), Some(transactions)]) if transactions != "YES" => {
            let message =
                format!("its engine {engine} has no transactions, so a bad write could not be undone");
            vec![
                error(NoTransactions, message)
                    .mended_by(format!("ALTER TABLE {} ENGINE = InnoDB", subject.sql)),
            ]
        }
        _ => Vec::new(),
    })
}
