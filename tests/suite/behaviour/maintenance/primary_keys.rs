//! Every kind of primary key.

use super::*;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    by_text (id) { id -> Text, value -> EncryptedText }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    by_bytes (id) { id -> Binary, value -> EncryptedText }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    by_two (a, b) { a -> BigInt, b -> Text, value -> EncryptedText }
}

macro_rules! walks_through {
    ($connection:ident, $table:ident, $rows:expr, $key:expr) => {
        let rows = $rows;
        Keyring::new(key(1)).scope(|| {
            for row in &rows {
                diesel::insert_into($table::table)
                    .values(($key(row), $table::value.eq(EncryptedText::from("value"))))
                    .execute(&mut $connection)
                    .unwrap();
            }
        });
        Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
            let column = EncryptedColumn::<Backend>::new::<$table::value, EncryptedText>();
            let verified = walk(&mut $connection, column.verify().batch_size(3));
            assert_eq!(verified, Walked { read: rows.len(), ..Walked::default() });
            let walked = walk(&mut $connection, column.rotate().batch_size(3));
            assert_eq!((walked.read, walked.written), (rows.len(), rows.len()));
            assert_eq!(walk(&mut $connection, column.rotate().batch_size(3)), Walked::default());
        });
        Keyring::new(key(2)).scope(|| {
            let read = $table::table.select($table::value).load::<String>(&mut $connection);
            assert_eq!(read, Ok(vec!["value".to_owned(); rows.len()]));
        });
    };
}

#[test]
fn text() {
    let mut connection = connect();
    let rows = ["", "1", "10", "2", "O'Brien", "Zoë", "a\\b", "z", "漢字", "\"q\""];
    walks_through!(connection, by_text, rows, |row: &&'static str| by_text::id.eq(*row));
}

#[test]
fn bytes() {
    let mut connection = connect();
    let rows: Vec<Vec<u8>> =
        vec![vec![0], vec![0, 0], vec![0x27], vec![0x7F; 16], vec![0x80], vec![0xFF, 0xFE], vec![0xFF]];
    walks_through!(connection, by_bytes, rows, |row: &Vec<u8>| by_bytes::id.eq(row.clone()));
}

#[test]
fn two_columns() {
    let mut connection = connect();
    let rows: Vec<(i64, &str)> = vec![
        (i64::MIN, "a"),
        (-1, "a"),
        (-1, "b"),
        (0, ""),
        (7, "a"),
        (7, "b"),
        (7, "c"),
        (7, "d"),
        (8, "a"),
        (i64::MAX, "z"),
    ];
    walks_through!(connection, by_two, rows, |row: &(i64, &'static str)| (
        by_two::a.eq(row.0),
        by_two::b.eq(row.1)
    ));
}

#[test]
fn a_row_is_named_by_all_of_its_key() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(by_two::table)
            .values((by_two::a.eq(7), by_two::b.eq("x"), by_two::value.eq(EncryptedText::from("v"))))
            .execute(&mut connection)
            .unwrap();
        let column = EncryptedColumn::<Backend>::new::<by_two::value, Ssn>();
        assert_eq!(shown(&walk(&mut connection, column.verify().batch_size(3)).bad), ["7, x"]);
    });
}
