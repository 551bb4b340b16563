//! Places in which values may be that a walk through the table does not reach.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::{ask_about, quoted};
use super::{statistics, undeclared};
use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::finding::FindingKind::{History, Privilege, View};
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;
use crate::maintenance::survey::trigger_text;

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let mut findings = history(database, subject)?;
    findings.extend(triggers(database, subject)?);
    findings.extend(views(database, subject)?);
    findings.extend(statistics::find(database, subject)?);
    findings.extend(undeclared::find(database, subject, columns)?);
    Ok(findings)
}

/// The user, as grants name it.
const USER: &str = "CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')";

/// MariaDB keeps every version of a row in a table with system versioning.
fn history(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT 'versioned' FROM information_schema.tables AS c
        WHERE IS_TABLE AND c.table_type = 'SYSTEM VERSIONED'",
    )?;
    let finding = |_| {
        let message = "it keeps every version of its rows, and with them old values, which no walk reaches";
        Finding::new(Severity::Warning, History, subject.name(), message)
            .afterwards(format!("DELETE HISTORY FROM {}", subject.sql))
            .hiding("history")
    };
    Ok(rows.into_iter().map(finding).collect())
}

fn triggers(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let columns: Vec<_> = subject.columns.iter().map(|column| column.name).collect();
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.trigger_name AS CHAR), CAST(c.action_statement AS CHAR),
            CAST(c.event_manipulation AS CHAR)
        FROM (SELECT event_object_schema AS table_schema, event_object_table AS table_name, trigger_name,
            action_statement, event_manipulation FROM information_schema.triggers) AS c
        WHERE IS_TABLE ORDER BY 1",
    )?;
    let finding = |row: &Answer| {
        let [Some(name), Some(body), Some(event)] = &row[..] else { return None };
        trigger_text::finding(
            subject,
            name,
            trigger_text::touches(body, &subject.table, &columns),
            event == "UPDATE",
        )
    };
    let mut findings: Vec<_> = rows.iter().filter_map(finding).collect();
    if !sees_triggers(database, subject)? {
        let message = "without the privilege TRIGGER, the server hides the table's triggers from this user, and these may \
                       copy values";
        let finding = Finding::new(Severity::Warning, Privilege, subject.name(), message);
        let grant = format!("GRANT TRIGGER ON {} TO {}", subject.sql, user(database)?);
        findings.push(finding.mended_by(grant).hiding("triggers"));
    }
    Ok(findings)
}

/// The user in SQL.
fn user(database: &mut dyn Ask) -> QueryResult<String> {
    let rows = database.ask(&format!("SELECT {USER}"), &[])?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Privileges that come from a role do not count.
fn sees_triggers(database: &mut dyn Ask, subject: &Subject) -> QueryResult<bool> {
    let is_ours = format!("grantee = {USER} AND privilege_type = 'TRIGGER'");
    let everywhere = database
        .ask(&format!("SELECT 'yes' FROM information_schema.user_privileges WHERE {is_ours}"), &[])?;
    if !everywhere.is_empty() {
        return Ok(true);
    }
    let here = ask_about(
        database,
        subject,
        &format!(
            "SELECT 'yes' FROM (
                SELECT table_schema, table_name FROM information_schema.table_privileges WHERE {is_ours}
                UNION ALL
                SELECT t.table_schema, t.table_name FROM information_schema.schema_privileges AS p
                    JOIN information_schema.tables AS t ON t.table_schema LIKE p.table_schema
                WHERE {is_ours}
            ) AS c WHERE IS_TABLE"
        ),
    )?;
    Ok(!here.is_empty())
}

/// Views that name the table. They keep nothing.
fn views(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT CAST(v.table_name AS CHAR) FROM information_schema.views AS v
        WHERE v.table_schema = DATABASE() AND LOCATE(\0, v.view_definition) > 0 ORDER BY 1",
        &[&format!(".{}", quoted(&subject.table))],
    )?;
    let finding = |view| {
        let message = format!("the view {view} shows the table's encrypted columns as they are stored");
        Finding::new(Severity::Notice, View, subject.name(), message)
    };
    Ok(rows.into_iter().flatten().flatten().map(finding).collect())
}
