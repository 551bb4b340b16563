//! The server: its SQL mode, what it logs, and what it keeps of replaced rows.

use diesel::result::QueryResult;

use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::{Logging, NotStrict, OldValues};
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::SERVER;

pub(super) fn find(database: &mut dyn Ask) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT CAST(@@global.sql_mode AS CHAR), CAST(@@global.general_log AS CHAR),
            CAST(@@global.slow_query_log AS CHAR), CAST(@@global.log_bin AS CHAR)",
        &[],
    )?;
    let Some([Some(mode), Some(general), Some(slow), Some(binary)]) = rows.first().map(Vec::as_slice) else {
        return Ok(Vec::new());
    };
    // A switch is 1 or ON, by the server's version.
    let is_on = |switch: &str| !matches!(switch, "0" | "OFF");
    let warning = |kind, message: &str, mend: &str| {
        Finding::new(Severity::Warning, kind, SERVER, message).mended_by(mend)
    };
    let mut findings = Vec::new();
    if !mode
        .split(',')
        .any(|word| matches!(word, "STRICT_TRANS_TABLES" | "STRICT_ALL_TABLES" | "TRADITIONAL"))
    {
        findings.push(warning(
            NotStrict,
            "it is not strict: it cuts what is too long, and stores '' where a NOT NULL column gets no value",
            "SET GLOBAL sql_mode = CONCAT('STRICT_TRANS_TABLES,', @@global.sql_mode)",
        ));
    }
    if is_on(general) {
        let message = "it logs every statement, and with them plaintext that other programs and raw SQL send";
        findings.push(warning(Logging, message, "SET GLOBAL general_log = OFF"));
    }
    if is_on(slow) {
        let message = "it logs slow statements, and with them plaintext that other programs and raw SQL send";
        findings.push(warning(Logging, message, "SET GLOBAL slow_query_log = OFF"));
    }
    let notice = |message: &str| Finding::new(Severity::Notice, OldValues, SERVER, message);
    findings.push(notice("replaced values stay in the undo log until it is purged, and longer in backups"));
    if is_on(binary) {
        findings.push(
            notice(
                "its binary log has all values that were ever written: replicas and backups need it first",
            )
            .afterwards("PURGE BINARY LOGS BEFORE NOW()"),
        );
    }
    Ok(findings)
}
