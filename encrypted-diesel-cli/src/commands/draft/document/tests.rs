use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use toml::Table;

use super::*;
use crate::database::catalog::Inspect;

/// The draft without its introduction, as text and as TOML, and its notes.
fn draft(schema: &str) -> (String, Table, Vec<String>) {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(schema).unwrap();
    let Document { text, notes } = Document::of(&connection.catalog().unwrap());
    let table = text.parse().unwrap_or_else(|error| panic!("{text}\n{error}"));
    (text.strip_prefix(INTRODUCTION).unwrap().to_owned(), table, notes)
}

#[test]
fn a_table_has_its_columns_and_then_its_indexes() {
    let (text, _, notes) = draft(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email_index BLIND_INDEX_BLOB, name TEXT,
            email ENCRYPTED_TEXT, photo ENCRYPTED_BLOB)",
    );
    let expected = r#"
[tables.users]
primary-key = "id"

[tables.users.columns.email]
sql-type = "EncryptedText"
# value = "text"
context = ""

[tables.users.columns.photo]
sql-type = "EncryptedBinary"
# value = "bytes"
context = ""

[tables.users.indexes.email_index]
of = "email"
# context = ""
normalize = []
"#;
    assert_eq!(text, expected);
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn an_index_belongs_to_the_column_with_the_longest_name_that_it_starts_with() {
    let (text, read, _) = draft(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, e ENCRYPTED_TEXT, email ENCRYPTED_TEXT,
            email_index_old TEXT, email_index BLIND_INDEX_BLOB, lookup BLIND_INDEX_BLOB)",
    );
    let indexes = &read["tables"]["users"]["indexes"];
    assert_eq!(indexes["email_index"]["of"].as_str(), Some("email"));
    assert_eq!(indexes["lookup"].get("of"), None);
    assert_eq!(text.matches(NO_GUESS).count(), 1);
}

#[test]
fn a_primary_key_has_any_number_of_columns() {
    let (text, read, _) = draft(
        "CREATE TABLE none (a ENCRYPTED_TEXT);
         CREATE TABLE two (a INT, b INT, c ENCRYPTED_TEXT, PRIMARY KEY (b, a));",
    );
    assert!(text.contains(&format!("[tables.none]\n{NO_PRIMARY_KEY}\n")), "{text}");
    assert_eq!(read["tables"]["two"]["primary-key"], vec!["b", "a"].into());
}

#[test]
fn any_name_is_quoted() {
    let names = ["a.b", "a b", "größe", "it''s", "tab\t", "line\nbreak", "#", "[x]", "\u{1}"];
    for name in names {
        let schema = format!(
            "CREATE TABLE 't{}'
                ('{name}' TEXT PRIMARY KEY, 'c{name}' ENCRYPTED_TEXT, 'c{name}i' BLIND_INDEX_BLOB)",
            name.replace('.', "")
        );
        let (text, read, notes) = draft(&schema);
        let name = name.replace("''", "'");
        let table = &read["tables"][format!("t{}", name.replace('.', ""))];
        assert_eq!(table["primary-key"].as_str(), Some(&*name), "{text}");
        assert_eq!(table["indexes"][format!("c{name}i")]["of"].as_str(), Some(&*format!("c{name}")));
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[test]
fn a_table_with_a_dot_in_its_name_is_noted() {
    let (text, _, notes) = draft("CREATE TABLE 'app.users' (id INTEGER PRIMARY KEY, a ENCRYPTED_TEXT)");
    assert_eq!(text, "");
    assert!(notes[0].contains("\"app.users\""), "{notes:?}");
}

#[test]
fn a_database_where_nothing_is_encrypted_is_noted() {
    for (schema, expected) in [
        ("", "the database has no tables"),
        (
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
            "the database marks no column as encrypted",
        ),
    ] {
        let (text, _, notes) = draft(schema);
        assert_eq!(text, "");
        assert!(matches!(&notes[..], [note] if note.starts_with(expected)), "{notes:?}");
    }
}

#[test]
fn the_example_is_toml() {
    let example = INTRODUCTION.lines().filter_map(|line| line.strip_prefix("#   "));
    let example = example.skip_while(|line| !line.starts_with('[')).collect::<Vec<_>>().join("\n");
    let table: Table = example.parse().unwrap();
    assert_eq!(table["tables"]["users"]["columns"]["phone"]["sql-type"].as_str(), Some("EncryptedText"));
}
