//! SQLite: reads its table-valued pragmas and its schema.

mod cascades;
mod columns;
mod constraints;
mod definition;
mod full_text;
mod hidden;
mod keys;
mod names;
mod undeclared;

use diesel::result::QueryResult;

use super::finding::FindingKind::{NotATable, OldValues};
use super::finding::{Finding, FindingKind, Severity};
use super::subject::Subject;
use crate::maintenance::sql::ask::Ask;

/// What makes a walk refuse the table.
pub(super) fn errors(database: &mut dyn Ask, subject: &Subject, writes: bool) -> QueryResult<Vec<Finding>> {
    if let Some(finding) = encoding(database)? {
        return Ok(vec![finding]);
    }
    let sql = columns::definition(database, subject)?;
    let mut findings = keys::find(database, subject, &sql)?;
    if !writes {
        return Ok(findings);
    }
    let kinds = database
        .ask("SELECT type FROM pragma_table_list WHERE name = \0 COLLATE NOCASE", &[&subject.table])?;
    let is_view = kinds.iter().flatten().flatten().any(|kind| kind == "view" || kind == "virtual");
    if is_view {
        let message = "this is a view or a virtual table: name the table that holds the rows";
        return Ok(vec![Finding::new(Severity::Error, NotATable, subject.name(), message)]);
    }
    let columns = columns::read(database, subject)?;
    findings.extend(columns.iter().filter_map(|column| column.error(subject)));
    let cascades = cascades::find(database, subject)?.into_iter();
    findings.extend(cascades.filter(|finding| finding.severity == Severity::Error));
    Ok(findings)
}

/// Everything else.
pub(super) fn others(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    if encoding(database)?.is_some() {
        return Ok(Vec::new());
    }
    let columns = columns::read(database, subject)?;
    let indexed = columns::indexed(database, subject)?;
    let mut findings = hidden::find(database, subject, &columns)?;
    for column in &columns {
        findings.extend(column.warnings(subject, &indexed));
    }
    findings.extend(full_text::find(database, subject)?);
    findings.extend(cascades::find(database, subject)?);
    findings.extend(constraints::find(database, subject, &columns)?);
    findings.extend(file(database)?);
    Ok(findings)
}

/// A file of texts in UTF-16, which are read as bytes here.
fn encoding(database: &mut dyn Ask) -> QueryResult<Option<Finding>> {
    let other = database.ask("SELECT 1 FROM pragma_encoding WHERE encoding <> 'UTF-8'", &[])?;
    let message = "it keeps its texts in UTF-16, which walks cannot read: copy everything into a file with \
                   PRAGMA encoding = 'UTF-8'";
    let finding = Finding::new(Severity::Error, FindingKind::Encoding, "the file", message);
    Ok((!other.is_empty()).then_some(finding))
}

fn file(database: &mut dyn Ask) -> QueryResult<Vec<Finding>> {
    let mut pragma = |name: &str| -> QueryResult<Option<String>> {
        let rows = database.ask(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), &[])?;
        Ok(rows.into_iter().flatten().next().flatten())
    };
    let subject = "the file";
    let mut findings = Vec::new();
    if pragma("secure_delete")?.as_deref() == Some("0") {
        let message = "replaced and deleted values stay in its free space until VACUUM";
        findings.push(Finding::new(Severity::Notice, OldValues, subject, message).afterwards("VACUUM"));
    }
    let message = match pragma("journal_mode")?.as_deref() {
        Some("wal") => "old values stay in the file that ends in -wal until it is overwritten",
        Some("persist" | "truncate") => "old values may stay in the file that ends in -journal",
        _ => return Ok(findings),
    };
    let mend = "PRAGMA wal_checkpoint(TRUNCATE)";
    let finding = Finding::new(Severity::Notice, OldValues, subject, message);
    findings.push(if message.contains("-wal") { finding.afterwards(mend) } else { finding });
    Ok(findings)
}
