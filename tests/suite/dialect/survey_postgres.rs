//! What PostgreSQL says about a table.

use diesel::connection::SimpleConnection;
use encrypted_diesel::maintenance::{FindingKind, Severity};

use super::behaviour::maintenance::survey::{hidden, of_kind, survey_after};
use super::connect;

#[path = "survey_postgres/columns.rs"]
mod columns;
#[path = "survey_postgres/places.rs"]
mod places;
#[path = "survey_postgres/triggers.rs"]
mod triggers;

const TABLE: &str = "CREATE TABLE p (id int PRIMARY KEY, v text, i bytea); CREATE INDEX ON p (i);";

fn hidden_after(sql: &str) -> Vec<String> {
    let findings = survey_after(&mut connect(), &format!("{TABLE} {sql}"));
    hidden(&findings).into_iter().map(str::to_owned).collect()
}

/// The errors of a table made by this SQL.
fn errors_after(sql: &str) -> Vec<(FindingKind, String, Option<String>)> {
    let findings = survey_after(&mut connect(), sql).into_iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.kind, finding.subject, finding.mend)).collect()
}

fn warnings_after(sql: &str, kind: FindingKind) -> usize {
    of_kind(&survey_after(&mut connect(), sql), kind).len()
}
