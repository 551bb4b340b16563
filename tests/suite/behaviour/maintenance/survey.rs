//! What the catalog says about a table, on every database.

use diesel::connection::SimpleConnection;
use encrypted_diesel::blind_index::IndexSpec;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::maintenance::{Finding, FindingKind, Severity, survey};
use encrypted_diesel::sql_types;

use super::*;

/// `p.v`, with the index `p.i`.
pub(in super::super::super) fn column() -> EncryptedColumn<Backend> {
    let table = DeclaredTable::new("p", [("id", KeyKind::Integer)]);
    EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "v").with_index("i", IndexSpec::new("p.v"))
}

/// Runs the statements, and surveys `p.v`.
pub(in super::super::super) fn survey_after(connection: &mut Database, sql: &str) -> Vec<Finding> {
    connection.batch_execute(sql).unwrap();
    survey(&[column()], &[], connection).unwrap()
}

/// Severity and subject of the findings of a kind.
pub(in super::super::super) fn of_kind(findings: &[Finding], kind: FindingKind) -> Vec<(Severity, &str)> {
    let found = findings.iter().filter(|finding| finding.kind == kind);
    found.map(|finding| (finding.severity, finding.subject.as_str())).collect()
}

/// Where values may hide.
pub(in super::super::super) fn hidden(findings: &[Finding]) -> Vec<&str> {
    findings.iter().filter_map(|finding| finding.hidden.as_deref()).collect()
}

fn accounts() -> EncryptedColumn<Backend> {
    let table = DeclaredTable::new("accounts", [("id", KeyKind::Integer)]);
    EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "email")
        .with_index("email_index", IndexSpec::new("accounts.email"))
}

fn execute(connection: &mut Database, sql: &str) {
    diesel::sql_query(sql).execute(connection).unwrap();
}

const ENVELOPE: &str = "ed1:5ab351d0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn a_table_that_is_as_it_should_be_has_no_errors_and_hides_nothing() {
    let mut connection = connect();
    let findings = survey(&[accounts()], &[], &mut connection).unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| finding.severity != Severity::Notice).collect();
    assert!(bad.iter().all(|finding| finding.kind == FindingKind::Logging), "{bad:?}");
    assert_eq!(hidden(&findings), [""; 0]);
    // A CHECK is offered, with the SQL that adds it.
    let checks = of_kind(&findings, FindingKind::NoCheck);
    assert_eq!(checks, [(Severity::Notice, "accounts")]);
}

#[test]
fn an_undeclared_column_with_envelopes_is_named() {
    let mut connection = connect();
    let insert = "INSERT INTO accounts (id, email, email_index, phone, code) VALUES";
    execute(&mut connection, &format!("{insert} (1, '{ENVELOPE}', '1', 'ed1: not one', '{ENVELOPE}')"));
    let findings = survey(&[accounts()], &[], &mut connection).unwrap();
    assert_eq!(hidden(&findings), ["column:code"]);

    // Alone, or within something else.
    execute(
        &mut connection,
        &format!("UPDATE accounts SET code = 'x', phone = '{{\"phone\": \"{ENVELOPE}\"}}'"),
    );
    let findings = survey(&[accounts()], &[], &mut connection).unwrap();
    assert_eq!(hidden(&findings), ["column:phone"]);
    assert_eq!(of_kind(&findings, FindingKind::Undeclared), [(Severity::Warning, "accounts.phone")]);
    // Unless it is declared.
    let table = DeclaredTable::new("accounts", [("id", KeyKind::Integer)]);
    let phone = EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "phone");
    assert_eq!(hidden(&survey(&[accounts(), phone], &[], &mut connection).unwrap()), [""; 0]);
}

/// What an application asks when it starts.
#[test]
fn plaintext_and_unknown_keys_are_errors() {
    let mut connection = connect();
    let problems = |connection: &mut Database, n: u8| {
        let findings = Keyring::new(key(n)).scope(|| text_column().check(connection)).unwrap();
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| (finding.kind, finding.subject, finding.message)).collect::<Vec<_>>()
    };
    Keyring::new(key(1)).scope(|| insert_samples(&mut connection, 1..=2));
    assert_eq!(problems(&mut connection, 1), []);

    let found = problems(&mut connection, 2);
    let message = format!("2 values are under the key {}, which is not in the keyring", key(1).id());
    assert_eq!(found, [(FindingKind::UnknownKey, "samples.text".to_owned(), message)]);

    put(&mut connection, 1, "plaintext");
    let message = "1 value is not encrypted".to_owned();
    assert_eq!(problems(&mut connection, 1), [(FindingKind::Plaintext, "samples.text".to_owned(), message)]);
}

#[test]
fn the_columns_of_a_survey_may_be_in_several_tables() {
    let mut connection = connect();
    let findings = survey(&[accounts(), text_column()], &[], &mut connection).unwrap();
    let checks = of_kind(&findings, FindingKind::NoCheck);
    assert_eq!(checks, [(Severity::Notice, "accounts"), (Severity::Notice, "samples")]);
}
