//! What SQLite says about a table.

use diesel::connection::SimpleConnection;
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

#[test]
fn what_may_refuse_envelopes_or_depends_on_the_column_is_named() {
    let findings = survey_after(
        &mut connect(),
        "CREATE TABLE other (v TEXT PRIMARY KEY);
         CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT UNIQUE CONSTRAINT mail CHECK (v LIKE '%)@%') REFERENCES other (v),
            i BLOB, low TEXT AS (lower(v)), CHECK (id > 0));
         CREATE INDEX upper ON p (upper(v)); CREATE INDEX same ON p (v)",
    );
    let warning = (Severity::Warning, "p.v");
    assert_eq!(of_kind(&findings, FindingKind::ForeignCheck), [warning]);
    let check = findings.iter().find(|finding| finding.kind == FindingKind::ForeignCheck).unwrap();
    assert!(check.message.contains("the constraint mail") && check.message.contains("'%)@%'"), "{check}");
    assert_eq!(of_kind(&findings, FindingKind::ForeignKey), [warning]);
    assert_eq!(of_kind(&findings, FindingKind::NotUnique), [warning]);
    assert_eq!(of_kind(&findings, FindingKind::Computed), [warning, warning]);
    assert_eq!(of_kind(&findings, FindingKind::NoCheck), [(Severity::Notice, "p")]);
}

#[test]
fn the_check_that_is_offered_tells_cases_apart() {
    let mut connection = connect();
    let findings = survey_after(&mut connection, "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, i BLOB)");
    let missing = findings.iter().find(|finding| finding.kind == FindingKind::NoCheck).unwrap();
    let condition = &missing.message[missing.message.find("CHECK (").unwrap()..];
    let condition = condition.strip_suffix(" in the table's definition").unwrap();
    let table = format!("DROP TABLE p; CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT, i BLOB, {condition})");
    let findings = survey_after(&mut connection, &table);
    assert_eq!(of_kind(&findings, FindingKind::NoCheck), []);
    assert_eq!(of_kind(&findings, FindingKind::Check), [(Severity::Notice, "p.v")]);
    connection.batch_execute("INSERT INTO p (v) VALUES ('ED1:plaintext')").unwrap_err();
    connection.batch_execute("INSERT INTO p (v) VALUES ('ed1:…'), (NULL)").unwrap();
}

#[test]
fn a_walk_fires_triggers_on_updates_of_the_column() {
    let sql = "ALTER TABLE p ADD COLUMN seen TEXT; CREATE TABLE log (v TEXT);
         CREATE TRIGGER a_keep AFTER UPDATE ON p BEGIN INSERT INTO log VALUES (old.v); END;
         CREATE TRIGGER b_seen AFTER UPDATE OF v ON p BEGIN UPDATE p SET seen = datetime('now'); END;
         CREATE TRIGGER c_other AFTER UPDATE OF seen ON p BEGIN UPDATE p SET seen = 1; END;
         CREATE TRIGGER d_new AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.v); END";
    let findings = survey_after(&mut connect(), &format!("{TABLE} {sql}"));
    let fires = |name: &str| {
        let about = findings.iter().find(|finding| finding.message.contains(&format!("trigger {name}")));
        about.map(|finding| (finding.severity, finding.message.contains("a walk fires")))
    };
    assert_eq!(fires("a_keep"), Some((Severity::Warning, true)));
    assert_eq!(fires("b_seen"), Some((Severity::Notice, true)));
    assert_eq!(fires("c_other"), None);
    assert_eq!(fires("d_new"), Some((Severity::Warning, false)));
}

/// The newest values are often the last ones, and bytes may be text.
#[test]
fn the_last_rows_are_looked_at_and_bytes_as_text() {
    let sql = "ALTER TABLE p ADD COLUMN new TEXT; ALTER TABLE p ADD COLUMN bytes BLOB; ALTER TABLE p ADD COLUMN plain;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10500)
         INSERT INTO p (id, new, bytes, plain) SELECT n, 'x', x'00', 'x' FROM n;
         UPDATE p SET new = 'ed1:5ab351d0:AAAA', bytes = CAST(x'00' || '{ed1:5ab351d0:AAAA}' AS BLOB) WHERE id = 10500";
    assert_eq!(hidden_after(sql), ["column:bytes", "column:new"]);
}

/// Only the beginning is read, and only of some.
#[test]
fn large_values_are_soon_looked_at() {
    let mut connection = connect();
    connection.batch_execute(TABLE).unwrap();
    connection
        .batch_execute(
            "ALTER TABLE p ADD COLUMN large TEXT;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100)
             INSERT INTO p (id, large) SELECT n, replace(hex(zeroblob(1000000)), '0', 'e') FROM n",
        )
        .unwrap();
    let start = std::time::Instant::now();
    let findings = survey_after(&mut connection, "SELECT 1");
    assert_eq!(hidden(&findings), [""; 0]);
    assert!(start.elapsed().as_secs() < 3, "{:?}", start.elapsed());
}

/// What overwrites other columns, or the table's own, is refused. What copies into another table is named.
#[test]
fn a_foreign_key_that_writes_is_named() {
    let find = |settings: &str, key: &str| {
        let table = "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT UNIQUE, i BLOB);";
        let findings = survey_after(
            &mut connect(),
            &format!("PRAGMA foreign_keys = {settings}; {table} CREATE TABLE o ({key})"),
        );
        let found: Vec<_> = findings.iter().filter(|finding| finding.kind == FindingKind::Cascade).collect();
        found.iter().map(|finding| (finding.severity, finding.hidden.clone())).collect::<Vec<_>>()
    };
    let copies = "w TEXT REFERENCES p (v) ON UPDATE CASCADE";
    assert_eq!(find("on", copies), [(Severity::Warning, Some("foreign-key:o.w".to_owned()))]);
    assert_eq!(find("off", copies), []);
    assert_eq!(find("on", "w TEXT REFERENCES p (v) ON UPDATE SET NULL"), [(Severity::Error, None)]);
    assert_eq!(find("on", "w INTEGER REFERENCES p ON UPDATE CASCADE"), []);
}

#[test]
fn full_text_indexes_are_named() {
    let sql = "CREATE VIRTUAL TABLE words USING fts5(v, content='p', content_rowid='id');
        CREATE VIRTUAL TABLE others USING fts5(v, content='q')";
    assert_eq!(hidden_after(sql), ["index:words"]);
}

/// It would skip a row that differs by case only.
#[test]
fn a_key_whose_index_has_another_collation_is_an_error() {
    let find = |key: &str| {
        let sql = format!(
            "CREATE TABLE p (id {key}, v TEXT, i BLOB); CREATE UNIQUE INDEX p_id ON p (id COLLATE BINARY)"
        );
        of_kind(&survey_after(&mut connect(), &sql), FindingKind::Collation).len()
    };
    assert_eq!(find("TEXT COLLATE NOCASE NOT NULL"), 1);
    assert_eq!(find("TEXT NOT NULL"), 0);
    assert_eq!(find("TEXT COLLATE NOCASE PRIMARY KEY NOT NULL"), 0);
    assert_eq!(find("INTEGER PRIMARY KEY"), 0);
}

#[test]
fn a_file_of_texts_in_utf_16_is_an_error() {
    let mut wide: super::Database = diesel::Connection::establish(":memory:").unwrap();
    let findings = survey_after(&mut wide, &format!("PRAGMA encoding = 'UTF-16'; {TABLE}"));
    assert_eq!(of_kind(&findings, FindingKind::Encoding), [(Severity::Error, "the file")]);
    assert_eq!(of_kind(&survey_after(&mut connect(), TABLE), FindingKind::Encoding), []);
}
