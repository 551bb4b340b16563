//! What SQLite says about a table.

use encrypted_diesel::maintenance::{FindingKind, Severity};

use super::behaviour::maintenance::survey::{hidden, of_kind, survey_after};
use super::connect;

const TABLE: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, i BLOB); CREATE INDEX p_i ON p (i);";

fn hidden_after(sql: &str) -> Vec<String> {
    let findings = survey_after(&mut connect(), &format!("{TABLE} {sql}"));
    hidden(&findings).into_iter().map(str::to_owned).collect()
}

#[test]
fn what_cannot_be_written_is_an_error() {
    for (sql, kind, subject) in [
        (
            "CREATE TABLE q (id INTEGER PRIMARY KEY, v TEXT, i BLOB); CREATE VIEW p AS SELECT * FROM q",
            FindingKind::NotATable,
            "p",
        ),
        ("CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT AS ('x'), i BLOB)", FindingKind::Generated, "p.v"),
    ] {
        let findings = survey_after(&mut connect(), sql);
        assert_eq!(of_kind(&findings, kind), [(Severity::Error, subject)], "{sql}");
    }
}

#[test]
fn a_trigger_that_sees_the_values_is_named() {
    let body = |body: &str| format!("AFTER UPDATE ON p BEGIN {body}; END;");
    let audit = body("INSERT INTO log VALUES (old.v)");
    let touch = body("UPDATE p SET i = NULL WHERE id = new.id").replace("i = NULL", "seen = 1");
    let sql = format!(
        "ALTER TABLE p ADD COLUMN seen INTEGER; CREATE TABLE log (v TEXT);
         CREATE TRIGGER audit {audit} CREATE TRIGGER v_touch {touch} CREATE TEMP TRIGGER hidden {audit}"
    );
    assert_eq!(hidden_after(&sql), ["trigger:audit", "trigger:hidden"]);
}

#[test]
fn documents_with_envelopes_are_named() {
    let envelope = "ed1:5ab351d0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let sql = format!(
        "ALTER TABLE p ADD COLUMN doc JSON; ALTER TABLE p ADD COLUMN bytes BLOB;
         INSERT INTO p (id, doc, bytes) VALUES (1, '{{\"a\": [\"{envelope}\"]}}', x'ed65640100')"
    );
    assert_eq!(hidden_after(&sql), ["column:bytes", "column:doc"]);
}

#[test]
fn a_default_that_is_plaintext_and_a_missing_index_are_named() {
    let count = |v: &str| {
        let sql = format!("CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT {v}, i BLOB)");
        of_kind(&survey_after(&mut connect(), &sql), FindingKind::PlaintextDefault).len()
    };
    for plaintext in ["NOT NULL DEFAULT 'none'", "DEFAULT ''", "DEFAULT CURRENT_TIMESTAMP"] {
        assert_eq!(count(plaintext), 1, "{plaintext}");
    }
    for other in ["", "DEFAULT NULL", "DEFAULT 'ed1:5ab351d0:AAAA'"] {
        assert_eq!(count(other), 0, "{other}");
    }
    let without = "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, i BLOB)";
    let findings = survey_after(&mut connect(), without);
    assert_eq!(of_kind(&findings, FindingKind::NoIndex), [(Severity::Warning, "p.i")]);
}
