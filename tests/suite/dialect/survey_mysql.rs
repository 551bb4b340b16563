//! What MySQL and MariaDB say about a table.

use diesel::connection::SimpleConnection;
use encrypted_diesel::maintenance::{FindingKind, Severity};

use super::behaviour::maintenance::survey::{hidden, of_kind, survey_after};
use super::connect;

const ASCII: &str = "CHARACTER SET ascii COLLATE ascii_bin";

fn table(v: &str, i: &str) -> String {
    format!("CREATE TABLE p (id INT PRIMARY KEY, v {v}, i {i}, INDEX (i(8)));")
}

fn plain_table() -> String {
    table(&format!("TEXT {ASCII}"), "VARBINARY(16)")
}

fn errors_after(sql: &str) -> Vec<(FindingKind, String, Option<String>)> {
    let findings = survey_after(&mut connect(), sql).into_iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.kind, finding.subject, finding.mend)).collect()
}

fn hidden_after(sql: &str) -> Vec<String> {
    let findings = survey_after(&mut connect(), &format!("{} {sql}", plain_table()));
    hidden(&findings).into_iter().map(str::to_owned).collect()
}

#[test]
fn an_engine_without_transactions_is_an_error() {
    for engine in ["MyISAM", "Aria", "MEMORY"] {
        let v = format!("VARCHAR(500) {ASCII}");
        let sql = table(&v, "VARBINARY(16)").replace(";", &format!(" ENGINE = {engine};"));
        let mend = Some("ALTER TABLE `p` ENGINE = InnoDB".to_owned());
        let expected = [(FindingKind::NoTransactions, "p".to_owned(), mend)];
        assert_eq!(errors_after(&sql), expected, "{engine}");
    }
    let view =
        "CREATE TABLE q (id INT PRIMARY KEY, v TEXT, i VARBINARY(16)); CREATE VIEW p AS SELECT * FROM q";
    assert_eq!(errors_after(view)[0].0, FindingKind::NotATable);
}

#[test]
fn what_cannot_hold_an_envelope_or_an_index_is_an_error() {
    let text = format!("TEXT {ASCII}");
    let short = errors_after(&table(&text, "VARBINARY(8) COMMENT 'it''s'"));
    let mend = Some("ALTER TABLE `p` MODIFY `i` VARBINARY(16) COMMENT 'it\\'s'".to_owned());
    assert_eq!(short, [(FindingKind::TooNarrow, "p.i".to_owned(), mend)]);
    assert_eq!(errors_after(&table(&text, "VARBINARY(16)")), []);
    assert_eq!(errors_after(&table(&text, "BINARY(16)")), []);
    assert_eq!(errors_after(&table(&text, "BINARY(20)"))[0].0, FindingKind::Padded);
    assert_eq!(errors_after(&table(&format!("VARCHAR(51) {ASCII}"), "VARBINARY(16)")), []);
    let narrow = errors_after(&table(&format!("VARCHAR(50) {ASCII} NOT NULL"), "VARBINARY(16)"));
    let mend = Some(format!("ALTER TABLE `p` MODIFY `v` TEXT {ASCII} NOT NULL"));
    assert_eq!(narrow, [(FindingKind::TooNarrow, "p.v".to_owned(), mend)]);
    let generated = table(&format!("VARCHAR(100) {ASCII} AS (CONCAT(id, 'x')) STORED"), "VARBINARY(16)");
    assert_eq!(errors_after(&generated)[0].0, FindingKind::Generated);
}

#[test]
fn history_is_named() {
    let mut connection = connect();
    let sql = plain_table().replace(";", " WITH SYSTEM VERSIONING;");
    if connection.batch_execute(&sql).is_err() {
        return; // MySQL has none
    }
    assert_eq!(hidden(&survey_after(&mut connection, "DO 0")), ["history"]);
}

#[test]
fn a_trigger_that_sees_the_values_is_named() {
    assert_eq!(
        hidden_after(
            "CREATE TABLE log (v TEXT);
             CREATE TRIGGER audit AFTER UPDATE ON p FOR EACH ROW INSERT INTO log VALUES (OLD.v);
             CREATE TRIGGER low BEFORE INSERT ON p FOR EACH ROW SET NEW.v = LOWER(NEW.v);
             CREATE TRIGGER touch BEFORE UPDATE ON p FOR EACH ROW SET NEW.id = NEW.id"
        ),
        ["trigger:audit", "trigger:low"]
    );
}

#[test]
fn documents_with_envelopes_are_named() {
    let envelope = "ed1:5ab351d0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let sql = format!(
        "ALTER TABLE p ADD doc JSON, ADD plain JSON;
         INSERT INTO p (id, doc, plain) VALUES (1, '{{\"a\": [\"{envelope}\"]}}', '{{}}')"
    );
    assert_eq!(hidden_after(&sql), ["column:doc"]);
}

#[test]
fn a_default_that_is_plaintext_is_named() {
    let count = |v: &str| {
        let sql = table(&format!("VARCHAR(500) {ASCII} {v}"), "VARBINARY(16)");
        of_kind(&survey_after(&mut connect(), &sql), FindingKind::PlaintextDefault).len()
    };
    for plaintext in ["NOT NULL DEFAULT 'none'", "DEFAULT ''", "DEFAULT (CURRENT_USER())"] {
        assert_eq!(count(plaintext), 1, "{plaintext}");
    }
    for other in ["", "DEFAULT NULL", "NOT NULL", "DEFAULT 'ed1:5ab351d0:AAAA'"] {
        assert_eq!(count(other), 0, "{other}");
    }
}

#[test]
fn a_collation_that_is_not_for_envelopes_is_named_with_the_whole_definition() {
    let sql = table("VARCHAR(500) CHARACTER SET utf8mb4 NOT NULL COMMENT 'encrypted_text'", "VARBINARY(16)");
    let findings = survey_after(&mut connect(), &sql);
    assert_eq!(of_kind(&findings, FindingKind::Collation), [(Severity::Warning, "p.v")]);
    let mend =
        findings.iter().find(|finding| finding.kind == FindingKind::Collation).unwrap().afterwards.clone();
    let mend = mend.unwrap();
    let definition = "VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text'";
    assert_eq!(mend, format!("ALTER TABLE `p` MODIFY `v` {definition}"));
    let findings = survey_after(&mut connect(), &plain_table());
    assert_eq!(of_kind(&findings, FindingKind::Collation), []);
}

#[test]
fn what_may_refuse_envelopes_or_depends_on_the_column_is_named() {
    let mut connection = connect();
    let findings = survey_after(
        &mut connection,
        &format!(
            "CREATE TABLE other (id INT, v VARCHAR(99) {ASCII} UNIQUE, CONSTRAINT mail CHECK (id > 0));
             CREATE TABLE p (id INT PRIMARY KEY, v VARCHAR(99) {ASCII} UNIQUE, i VARBINARY(16), INDEX (i),
                low VARCHAR(99) AS (LOWER(v)) STORED, CONSTRAINT mail CHECK (v LIKE '%@%'),
                CONSTRAINT father FOREIGN KEY (v) REFERENCES other (v))"
        ),
    );
    let warning = (Severity::Warning, "p.v");
    for kind in
        [FindingKind::ForeignCheck, FindingKind::ForeignKey, FindingKind::NotUnique, FindingKind::Computed]
    {
        assert_eq!(of_kind(&findings, kind), [warning], "{kind:?}");
        let of_kind = |finding: &&encrypted_diesel::maintenance::Finding| finding.kind == kind;
        let found = findings.iter().find(of_kind).unwrap();
        connection.batch_execute(found.mend.as_ref().or(found.afterwards.as_ref()).unwrap()).unwrap();
    }
    let findings = survey_after(&mut connection, "DO 0");
    assert_eq!(of_kind(&findings, FindingKind::ForeignCheck), []);
    // Ours tells cases apart, whatever the collation is.
    connection.batch_execute("ALTER TABLE p MODIFY v TEXT CHARACTER SET utf8mb4").unwrap();
    let missing = findings.iter().find(|finding| finding.kind == FindingKind::NoCheck).unwrap();
    let findings = survey_after(&mut connection, missing.afterwards.as_ref().unwrap());
    assert_eq!(of_kind(&findings, FindingKind::NoCheck), []);
    assert_eq!(of_kind(&findings, FindingKind::Check), [(Severity::Notice, "p.v")]);
    connection.batch_execute("INSERT INTO p (id, v) VALUES (1, 'ED1:plaintext')").unwrap_err();
    connection.batch_execute("INSERT INTO p (id, v) VALUES (1, 'ed1:x'), (2, NULL)").unwrap();
}

#[test]
fn the_longest_value_needs_room() {
    let mut connection = connect();
    for (value, is_long) in [("1234567", false), ("12345678", true), ("ed1:12345", false)] {
        let table = table(&format!("VARCHAR(60) {ASCII}"), "VARBINARY(16)");
        let sql =
            format!("DROP TABLE IF EXISTS p; {table} INSERT INTO p (id, v) VALUES (1, '{value}'), (2, NULL)");
        let findings = survey_after(&mut connection, &sql);
        let found = of_kind(&findings, FindingKind::TooLong);
        assert_eq!(found, if is_long { vec![(Severity::Warning, "p.v")] } else { vec![] }, "{value}");
        for finding in findings.iter().filter(|finding| finding.kind == FindingKind::TooLong) {
            connection.batch_execute(finding.mend.as_ref().unwrap()).unwrap();
        }
    }
}

/// The newest values are often the last ones, and bytes may be text.
#[test]
fn the_last_rows_are_looked_at_and_bytes_as_text() {
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 999)
        SELECT a.n + 1000 * b.n, 'x', 'x', 'x' FROM n AS a, n AS b WHERE b.n < 12";
    let sql = format!(
        "ALTER TABLE p ADD new TEXT, ADD bytes LONGBLOB, ADD plain TEXT;
         INSERT INTO p (id, new, bytes, plain) {numbers};
         UPDATE p SET new = 'ed1:5ab351d0:AAAA', bytes = '{{ed1:5ab351d0:AAAA}}' WHERE id = 11999"
    );
    assert_eq!(hidden_after(&sql), ["column:bytes", "column:new"]);
}

/// What overwrites other columns, or the table's own, is refused. What copies into another table is named.
#[test]
fn a_foreign_key_that_writes_is_named() {
    for (action, severity, places) in
        [("CASCADE", Severity::Warning, vec!["foreign-key:orders.v"]), ("SET NULL", Severity::Error, vec![])]
    {
        let mut connection = connect();
        let findings = survey_after(
            &mut connection,
            &format!(
                "CREATE TABLE p (id INT PRIMARY KEY, v VARCHAR(99) {ASCII} UNIQUE, i VARBINARY(16), INDEX (i));
                 CREATE TABLE orders (v VARCHAR(99) {ASCII},
                    CONSTRAINT k FOREIGN KEY (v) REFERENCES p (v) ON UPDATE {action})"
            ),
        );
        assert_eq!(of_kind(&findings, FindingKind::Cascade), [(severity, "p.v")]);
        assert_eq!(hidden(&findings), places);
        let mend =
            findings.into_iter().find(|finding| finding.kind == FindingKind::Cascade).unwrap().mend.unwrap();
        assert_eq!(of_kind(&survey_after(&mut connection, &mend), FindingKind::Cascade), []);
    }
}

#[test]
fn statistics_with_plaintext_are_named_until_they_are_made_again() {
    let mut connection = connect();
    let analyze = "ANALYZE TABLE p PERSISTENT FOR ALL";
    let table = table(&format!("VARCHAR(500) {ASCII}"), "VARBINARY(16)"); // none of TEXT
    let sql = format!("{table} INSERT INTO p (id, v) VALUES (1, 'secret'), (2, 'other'); {analyze}");
    let Ok(()) = connection.batch_execute(&sql) else { return }; // MySQL has none
    let findings = survey_after(&mut connection, "DO 0");
    assert_eq!(of_kind(&findings, FindingKind::Statistics), [(Severity::Warning, "p.v")]);
    let shown = findings.iter().map(ToString::to_string).collect::<String>();
    assert!(!shown.contains("secret"), "{shown}");
    let findings = survey_after(&mut connection, &format!("UPDATE p SET v = 'ed1:5ab351d0:AAAA'; {analyze}"));
    assert_eq!(of_kind(&findings, FindingKind::Statistics), []);
}
