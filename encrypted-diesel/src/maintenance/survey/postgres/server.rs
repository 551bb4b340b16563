//! The server: what it logs, and what it keeps of replaced rows.

use diesel::result::QueryResult;

use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::{Logging, OldValues};
use crate::maintenance::survey::finding::{Finding, FindingKind, Severity};
use crate::maintenance::survey::subject::SERVER;

/// Those whose values matter here, with the value of a server that has no such setting.
const SETTINGS: [(&str, &str); 9] = [
    ("log_statement", "none"),
    ("log_min_duration_statement", "-1"),
    ("log_min_duration_sample", "-1"),
    ("log_parameter_max_length", "-1"),
    ("log_parameter_max_length_on_error", "0"),
    ("auto_explain.log_min_duration", "-1"),
    ("auto_explain.log_parameter_max_length", "-1"),
    ("pgaudit.log_parameter", "off"),
    ("archive_mode", "off"),
];

pub(super) fn find(database: &mut dyn Ask) -> QueryResult<Vec<Finding>> {
    let mut values = Vec::new();
    for (name, missing) in SETTINGS {
        let row = database.ask("SELECT pg_catalog.current_setting(\0, true)", &[name])?;
        let value = row.into_iter().next().and_then(|row| row.into_iter().next()).flatten();
        values.push((name, value.filter(|value| !value.is_empty()).unwrap_or_else(|| missing.to_owned())));
    }
    let is = |name: &str, quiet: &str| values.iter().any(|(known, value)| *known == name && value == quiet);
    let mut findings = logging(&is);
    findings.extend(old_values(database, &is)?);
    Ok(findings)
}

/// Parameters of this crate's types are encrypted before they are sent. Those of other programs, of raw SQL and of
/// `decrypt` are not.
fn logging(is: &dyn Fn(&str, &str) -> bool) -> Vec<Finding> {
    let warning = |message: String, mend: &str| {
        Finding::new(Severity::Warning, Logging, SERVER, message).mended_by(mend)
    };
    let mut findings = Vec::new();
    let logs_statements = !(is("log_statement", "none") || is("log_statement", "ddl"))
        || !is("log_min_duration_statement", "-1")
        || !is("log_min_duration_sample", "-1");
    if logs_statements {
        let parameters = if is("log_parameter_max_length", "0") { "" } else { " and their parameters" };
        findings.push(warning(
            format!(
                "it logs statements{parameters}, and with them plaintext that other programs and raw SQL send"
            ),
            "ALTER SYSTEM SET log_statement = 'ddl'; ALTER SYSTEM SET log_min_duration_statement = -1; \
             ALTER SYSTEM SET log_min_duration_sample = -1; SELECT pg_reload_conf()",
        ));
    }
    if !is("log_parameter_max_length_on_error", "0") {
        findings.push(warning(
            "it logs the parameters of statements that fail".to_owned(),
            "ALTER SYSTEM SET log_parameter_max_length_on_error = 0; SELECT pg_reload_conf()",
        ));
    }
    if !is("auto_explain.log_min_duration", "-1") && !is("auto_explain.log_parameter_max_length", "0") {
        findings.push(warning(
            "auto_explain logs the parameters of slow statements".to_owned(),
            "ALTER SYSTEM SET auto_explain.log_parameter_max_length = 0; SELECT pg_reload_conf()",
        ));
    }
    if is("pgaudit.log_parameter", "on") {
        findings.push(warning(
            "pgaudit logs the parameters of statements".to_owned(),
            "ALTER SYSTEM SET pgaudit.log_parameter = off; SELECT pg_reload_conf()",
        ));
    }
    findings
}

fn old_values(database: &mut dyn Ask, is: &dyn Fn(&str, &str) -> bool) -> QueryResult<Vec<Finding>> {
    let notice = |kind: FindingKind, message: &str| Finding::new(Severity::Notice, kind, SERVER, message);
    let mut findings = vec![
        notice(
            OldValues,
            "replaced values stay in the tables' files until VACUUM, and longer in the write-ahead log and in backups",
        )
        .afterwards("VACUUM"),
    ];
    if !is("archive_mode", "off") {
        findings
            .push(notice(OldValues, "it archives the write-ahead log, which has all values ever written"));
    }
    let replicas = database.ask(
        "SELECT CAST(pg_catalog.count(*) AS pg_catalog.text) FROM pg_catalog.pg_replication_slots AS s
         UNION ALL SELECT CAST(pg_catalog.count(*) AS pg_catalog.text) FROM pg_catalog.pg_stat_replication AS r",
        &[],
    )?;
    if replicas.iter().flatten().flatten().any(|count| count != "0") {
        findings.push(notice(
            OldValues,
            "other servers replicate it: they and their backups have old values, too",
        ));
    }
    Ok(findings)
}
