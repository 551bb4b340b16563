//! PostgreSQL: reads the system catalogs.
//!
//! Everything is qualified with its schema, operators included: a guest may define functions and operators in `public`.

mod cascades;
mod columns;
mod constraints;
mod hidden;
mod kept;
mod names;
mod same_name;
mod server;
mod undeclared;

use diesel::result::QueryResult;

use self::names::{TABLE, quoted};
use super::finding::FindingKind::{NotATable, RowSecurity, Rule};
use super::finding::{Finding, Severity};
use super::subject::Subject;
use crate::maintenance::sql::ask::Ask;

/// What makes a walk refuse the table.
pub(super) fn errors(database: &mut dyn Ask, subject: &Subject, writes: bool) -> QueryResult<Vec<Finding>> {
    let mut findings = table(database, subject, writes)?;
    if writes && findings.is_empty() {
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
    let mut findings = hidden::find(database, subject, &columns)?;
    for column in &columns {
        findings.extend(column.warnings(subject));
    }
    findings.extend(same_name::find(database, subject)?);
    findings.extend(cascades::find(database, subject)?);
    findings.extend(constraints::find(database, subject, &columns)?);
    findings.extend(kept::find(database, subject)?);
    findings.extend(server::find(database)?);
    Ok(findings)
}

fn table(database: &mut dyn Ask, subject: &Subject, writes: bool) -> QueryResult<Vec<Finding>> {
    let found = database.ask(
        &format!(
            "SELECT CAST(t.relkind AS pg_catalog.text),
                CAST(pg_catalog.row_security_active(t.oid) AS pg_catalog.text),
                CAST(current_user AS pg_catalog.text),
                (SELECT CAST(r.rulename AS pg_catalog.text) FROM pg_catalog.pg_rewrite AS r
                    WHERE r.ev_class OPERATOR(pg_catalog.=) t.oid AND r.is_instead
                        AND r.ev_type OPERATOR(pg_catalog.=) '2' AND t.relkind OPERATOR(pg_catalog.<>) 'v'
                    LIMIT 1)
            FROM pg_catalog.pg_class AS t WHERE t.oid OPERATOR(pg_catalog.=) {TABLE}"
        ),
        &[&subject.sql],
    )?;
    let error = |kind, message: String| Finding::new(Severity::Error, kind, subject.name(), message);
    let Some([Some(kind), Some(hides), Some(role), rule]) = found.first().map(Vec::as_slice) else {
        return Ok(Vec::new()); // the statement that reads it says that it is missing
    };
    let mut findings = Vec::new();
    let is = match kind.as_str() {
        "v" => Some("a view"),
        "m" => Some("a materialized view"),
        "f" => Some("a foreign table"),
        _ => None,
    };
    if let (Some(is), true) = (is, writes) {
        findings.push(error(NotATable, format!("this is {is}: name the table that holds the rows")));
    }
    if hides == "true" {
        findings.push(
            error(
                RowSecurity,
                format!("row level security applies to the role {role} and hides rows from it"),
            )
            .mended_by(format!("ALTER ROLE {} BYPASSRLS", quoted(role))),
        );
    }
    if let (Some(rule), true) = (rule, writes) {
        findings.push(
            error(Rule, format!("the rule {rule} runs instead of every UPDATE")).mended_by(format!(
                "DROP RULE {} ON {}",
                quoted(rule),
                subject.sql
            )),
        );
    }
    Ok(findings)
}
