//! Keys of SQLite, which holds any value in any column.

use diesel::connection::SimpleConnection;
use encrypted_diesel::Keyring;
use encrypted_diesel::maintenance::Problem;
use encrypted_diesel::maintenance::declared::KeyKind;

use super::behaviour::key;
use super::connect;
use super::keyed::{count, keyed_column, walk_keyed};

#[test]
fn values_of_every_storage_class_are_walked() {
    for (declared, kind) in [
        ("", KeyKind::Other),
        ("TEXT", KeyKind::Text),
        ("BLOB", KeyKind::Bytes),
        ("INT", KeyKind::Integer),
        ("DATETIME", KeyKind::Other),
        ("TEXT COLLATE NOCASE", KeyKind::Text),
    ] {
        let mut connection = connect();
        connection
            .batch_execute(&format!(
                "CREATE TABLE keyed (k {declared} PRIMARY KEY, value TEXT);
                INSERT INTO keyed VALUES (x'61', 'v'), (x'ff', 'v'), (x'', 'v'), ('c', 'v'), ('A', 'v'), ('', 'v'),
                    (CAST(x'ff' AS TEXT), 'v'), (CAST(x'61ff' AS TEXT), 'v'), ('blob X''61''', 'v'),
                    ('integer 5', 'v'), (-1.5, 'v'), (0.30000000000000004, 'v'), (1e300, 'v'), (-5, 'v'),
                    (9223372036854775807, 'v'), ('2001-02-03', 'v'), (char(27), 'v')"
            ))
            .unwrap();
        let rows = usize::try_from(count(&mut connection, "keyed")).unwrap();
        assert_eq!(rows, 17);
        let keys = walk_keyed(&mut connection, &[("k", kind)]);
        assert_eq!(keys.len(), rows, "{declared}");
        assert!(!keys.iter().any(|key| key.contains('\u{1b}')));
        assert_eq!(count(&mut connection, "keyed WHERE value LIKE 'ed1:%'"), 17);
    }
}

#[test]
fn a_key_is_named_with_its_class_if_it_is_another_than_the_columns() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE keyed (k TEXT PRIMARY KEY, value TEXT);
            INSERT INTO keyed VALUES (x'61', 'v'), ('b', 'v'), (CAST(x'ff' AS TEXT), 'v'), ('real time', 'v')",
        )
        .unwrap();
    let keys = walk_keyed(&mut connection, &[("k", KeyKind::Text)]);
    assert_eq!(keys, ["b", "text X'7265616c2074696d65'", "text X'ff'", "blob X'61'"]);
}

#[test]
fn a_row_without_a_key_is_named_and_the_rest_goes_on() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE keyed (a TEXT, b TEXT, value TEXT, PRIMARY KEY (a, b));
            INSERT INTO keyed VALUES (NULL, 'x', 'n1'), ('y', NULL, 'n2'), (NULL, NULL, NULL), ('a', 'b', 'v')",
        )
        .unwrap();
    let column = keyed_column(&[("a", KeyKind::Text), ("b", KeyKind::Text)]);
    Keyring::new(key(1)).scope(|| {
        for (written, size) in [(1, 1), (0, 2), (0, 9)] {
            let walked = column.encrypt().batch_size(size).run(&mut connection, |_| {}).unwrap();
            assert_eq!((walked.written, walked.left, walked.missed), (written, 2, 0));
            let named: Vec<_> = walked.bad.iter().map(|row| (row.key.to_string(), &row.problem)).collect();
            let no_key = |key: &str| (key.to_owned(), &Problem::NoKey);
            assert_eq!(named, [no_key("NULL, x"), no_key("y, NULL")]);
        }
        let walked = column.verify().batch_size(2).run(&mut connection, |_| {}).unwrap();
        assert_eq!((walked.read, walked.left), (4, 3));
        let batch = column.verify().batch(&mut connection, None).unwrap();
        assert_eq!((batch.read, batch.bad.len()), (4, 3));
    });
}

#[test]
fn a_value_that_is_not_utf8_ends_no_walk() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE keyed (k INTEGER PRIMARY KEY, value TEXT);
            INSERT INTO keyed VALUES (1, CAST(x'ff' AS TEXT)), (2, 'v'), (3, x'ff'), (4, 'w')",
        )
        .unwrap();
    let column = keyed_column(&[("k", KeyKind::Integer)]);
    Keyring::new(key(1)).scope(|| {
        let walked = column.encrypt().batch_size(1).run(&mut connection, |_| {}).unwrap();
        assert_eq!((walked.written, walked.left), (2, 2));
    });
}
