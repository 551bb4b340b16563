use diesel::connection::SimpleConnection;

use super::*;
use crate::database::catalog::CatalogTable;

fn catalog(schema: &str) -> Result<Catalog, Error> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(schema).unwrap();
    connection.catalog()
}

fn table(schema: &str) -> CatalogTable {
    let mut tables = catalog(schema).unwrap().tables;
    assert_eq!(tables.len(), 1, "{tables:?}");
    tables.remove(0)
}

#[test]
fn only_tables_are_listed_ordered_by_name() {
    let catalog = catalog(
        "CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT);
         CREATE TABLE patients (id INTEGER PRIMARY KEY, ssn ENCRYPTED_TEXT);
         CREATE TABLE sqlitetable (id INTEGER PRIMARY KEY);
         CREATE VIEW numbers AS SELECT ssn FROM patients;
         CREATE VIEW broken AS SELECT * FROM missing;
         CREATE TEMPORARY TABLE passing (id INTEGER PRIMARY KEY);
         CREATE VIRTUAL TABLE texts USING fts5(body);
         ANALYZE;",
    );
    let names = catalog.unwrap().tables.into_iter().map(|table| (table.schema, table.name));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["patients", "sqlitetable", "visits"].map(|name| (None, name.to_owned()))
    );
}

#[test]
fn columns_are_in_the_order_of_the_table() {
    let table = table(
        "CREATE TABLE t (z INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL, m BLOB,
            g TEXT AS (a || 'x'), s TEXT AS (a || 'y') STORED)",
    );
    let columns = table.columns.iter().map(|column| (&*column.name, &*column.declared, column.nullable));
    assert_eq!(
        columns.collect::<Vec<_>>(),
        [
            ("z", "INTEGER", false),
            ("a", "VARCHAR(20)", false),
            ("m", "BLOB", true),
            ("g", "TEXT", true),
            ("s", "TEXT", true)
        ]
    );
}

#[test]
fn the_declared_type_decides_what_a_column_holds() {
    for (declared, expected) in [
        ("INTEGER", Holds::Integer),
        ("bigint", Holds::Integer),
        ("ENCRYPTED_VARCHAR(691)", Holds::Text),
        ("clob", Holds::Text),
        ("BLIND_INDEX_BLOB", Holds::Bytes),
        ("", Holds::Other),
        ("UUID", Holds::Other),
        ("REAL", Holds::Other),
    ] {
        assert_eq!(table(&format!("CREATE TABLE t (x {declared})")).columns[0].holds, expected, "{declared}");
    }
}

#[test]
fn a_declared_type_marks_an_encrypted_column() {
    let table = table("CREATE TABLE t (a ENCRYPTED_TEXT, b blind_index_blob, c TEXT)");
    let types = table.columns.iter().map(|column| column.marker.map(|marker| marker.sql_type));
    assert_eq!(types.collect::<Vec<_>>(), [Some("EncryptedText"), Some("BlindIndex"), None]);
}

#[test]
fn a_misspelled_marker_is_an_error_that_names_the_column() {
    let error = catalog("CREATE TABLE patients (ssn ENCRYPTED_STRING)").unwrap_err();
    assert!(error.to_string().starts_with("patients.ssn is marked `encrypted_string`"), "{error}");
}

#[test]
fn a_primary_key_has_its_own_order() {
    assert_eq!(table("CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (c, a))").primary_key, ["c", "a"]);
    assert_eq!(table("CREATE TABLE t (a INT, b TEXT PRIMARY KEY) WITHOUT ROWID").primary_key, ["b"]);
    assert!(table("CREATE TABLE t (a INT UNIQUE)").primary_key.is_empty());
}

#[test]
fn a_primary_key_may_be_null_unless_it_is_the_rowid() {
    for (schema, expected) in [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY)", false),
        ("CREATE TABLE t (id INTEGER, PRIMARY KEY (id))", false),
        ("CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID", false),
        ("CREATE TABLE t (id INT PRIMARY KEY)", true),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)", true),
        ("CREATE TABLE t (id TEXT PRIMARY KEY)", true),
        ("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL)", false),
        ("CREATE TABLE t (id INTEGER, other INTEGER, PRIMARY KEY (id, other))", true),
    ] {
        assert_eq!(table(schema).columns[0].nullable, expected, "{schema}");
    }
}

#[test]
fn only_whole_indexes_make_columns_unique() {
    let table = table(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT UNIQUE, b TEXT, c TEXT, UNIQUE (c, b));
         CREATE UNIQUE INDEX one ON t (b);
         CREATE UNIQUE INDEX two ON t (b, lower(c));
         CREATE UNIQUE INDEX three ON t (c) WHERE b IS NULL;
         CREATE INDEX four ON t (c);",
    );
    let mut unique = table.unique;
    unique.sort();
    assert_eq!(unique, [vec!["a"], vec!["b"], vec!["c", "b"]]);
}

#[test]
fn any_name_is_read() {
    let table = table(r#"CREATE TABLE "o'clock ""x""" ("a b" TEXT PRIMARY KEY, "select" TEXT UNIQUE)"#);
    assert_eq!(table.name, "o'clock \"x\"");
    assert_eq!((table.primary_key, table.unique), (vec!["a b".to_owned()], vec![vec!["select".to_owned()]]));
}
