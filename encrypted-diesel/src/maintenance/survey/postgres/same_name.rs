//! Tables of the same name in other schemas that the session searches. A role that may create schemas in the database can
//! make one of its own name, which `"$user"` finds first, or fill a schema that comes before the application's.

use diesel::result::QueryResult;

use super::names::{TABLE, quoted};
use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::finding::FindingKind::SameName;
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;

/// Nothing, if the table is named with its schema.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    if subject.schema.is_some() {
        return Ok(Vec::new());
    }
    let mut findings = others(database, subject)?;
    findings.extend(foreign_schema(database, subject)?);
    Ok(findings)
}

fn others(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(n.nspname AS pg_catalog.text), CAST(m.nspname AS pg_catalog.text)
            FROM pg_catalog.pg_class AS t
                JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
                JOIN pg_catalog.pg_class AS o ON o.relname OPERATOR(pg_catalog.=) t.relname
                    AND o.oid OPERATOR(pg_catalog.<>) t.oid
                    AND o.relkind OPERATOR(pg_catalog.=) ANY (CAST('{{r,p,v,m,f}}' AS pg_catalog.\"char\"[]))
                JOIN pg_catalog.pg_namespace AS m ON m.oid OPERATOR(pg_catalog.=) o.relnamespace
                    AND m.nspname OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(false))
            WHERE t.oid OPERATOR(pg_catalog.=) {TABLE} ORDER BY 2"
        ),
        &[&subject.sql],
    )?;
    let finding = |row: Answer| match &row[..] {
        [Some(found), Some(other)] => Some(named(
            subject,
            other,
            format!("the session finds {found}.{0}, but {other} has a table {0} as well", subject.table),
            format!("name it with its schema, {found}.{0} or {other}.{0}", subject.table),
        )),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}

/// If the schema belongs to somebody who owns neither the database nor the table, and is no superuser.
fn foreign_schema(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(n.nspname AS pg_catalog.text), CAST(r.rolname AS pg_catalog.text)
            FROM pg_catalog.pg_class AS t
                JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
                    AND n.nspowner OPERATOR(pg_catalog.<>) t.relowner
                JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) n.nspowner AND NOT r.rolsuper
                    AND r.rolname OPERATOR(pg_catalog.<>) 'pg_database_owner'
                JOIN pg_catalog.pg_database AS d ON d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
                    AND d.datdba OPERATOR(pg_catalog.<>) n.nspowner
            WHERE t.oid OPERATOR(pg_catalog.=) {TABLE}"
        ),
        &[&subject.sql],
    )?;
    let finding = |row: Answer| match &row[..] {
        [Some(schema), Some(role)] => Some(named(
            subject,
            schema,
            format!("the session finds it in the schema {schema}, which belongs to {}", quoted(role)),
            format!("name it with its schema, {schema}.{}", subject.table),
        )),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}

fn named(subject: &Subject, schema: &str, message: String, mend: String) -> Finding {
    Finding::new(Severity::Warning, SameName, subject.name(), message)
        .mended_by(mend)
        .hiding(format!("schema:{schema}"))
}
