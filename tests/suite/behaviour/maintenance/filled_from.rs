//! Encrypting the plaintext of one column into another.

use super::*;

// An application that keeps its plaintext in another column.
diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    #[sql_name = "samples"]
    halfway (id) {
        id -> Integer,
        text -> Nullable<EncryptedText>,
        bounded -> Nullable<Text>,
        bytes -> Nullable<Binary>,
    }
}

fn insert(connection: &mut Database, id: i32, text: Option<&str>, bytes: Option<&[u8]>) {
    diesel::insert_into(halfway::table)
        .values((halfway::id.eq(id), halfway::bounded.eq(text), halfway::bytes.eq(bytes)))
        .execute(connection)
        .unwrap();
}

fn from_text() -> EncryptedColumn<Backend> {
    EncryptedColumn::filled_from::<halfway::bounded, halfway::text, EncryptedText>()
}

#[test]
fn rows_that_are_not_filled_yet_are() {
    let mut connection = connect();
    new_keyring().scope(|| {
        insert(&mut connection, 1, Some("a long text"), None);
        insert(&mut connection, 2, None, None);
        insert(&mut connection, 3, Some(""), None);
        let column = from_text();
        let status = column.status(&mut connection).unwrap();
        assert_eq!((status.to_fill, status.null, status.rows()), (2, 1, 3));
        assert!(!status.is_encrypted());
        let walked = walk(&mut connection, column.verify().batch_size(1));
        assert_eq!(shown(&walked.bad), ["1", "3"]);
        assert_eq!(walked.bad[0].problem, Problem::Value(Error::NotEncrypted));

        let walked = walk(&mut connection, column.encrypt().batch_size(1));
        assert_eq!(walked, Walked { read: 2, written: 2, ..Walked::default() });
        let expected = [(1, Some("a long text".to_owned())), (2, None), (3, Some(String::new()))];
        assert_eq!(texts(&mut connection), expected);
        let plaintext: Vec<Option<String>> =
            halfway::table.select(halfway::bounded).order(halfway::id).load(&mut connection).unwrap();
        assert_eq!(plaintext, [Some("a long text".to_owned()), None, Some(String::new())]);

        assert!(column.status(&mut connection).unwrap().is_encrypted());
        assert_eq!(walk(&mut connection, column.encrypt().batch_size(9)), Walked::default());
    });
}

#[test]
fn bytes_are_read_as_bytes_and_all_else_as_text() {
    let mut connection = connect();
    new_keyring().scope(|| {
        insert(&mut connection, 7, None, Some(&[0xC3, 0x28, 0]));
        let bytes = EncryptedColumn::filled_from::<halfway::bytes, halfway::text, EncryptedBinary>();
        assert_eq!(walk(&mut connection, bytes.encrypt().batch_size(9)).written, 1);
        let read: Option<EncryptedBinary> =
            samples::table.select(samples::text).first(&mut connection).unwrap();
        assert_eq!(read.unwrap().into_inner(), [0xC3, 0x28, 0]);

        let number = EncryptedColumn::filled_from::<halfway::id, halfway::text, Encrypted<i32>>();
        insert(&mut connection, 8, None, None);
        assert_eq!(walk(&mut connection, number.encrypt().batch_size(9)).written, 1);
        let read =
            samples::table.find(8).select(samples::text).first::<Option<Encrypted<i32>>>(&mut connection);
        assert_eq!(read.unwrap().unwrap().into_inner(), 8);
    });
}

#[test]
fn what_is_encrypted_already_is_not_encrypted_again() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (envelope, _) = seal(&mut connection, "secret");
        insert(&mut connection, 2, Some(&envelope), None);
        insert(&mut connection, 3, Some("ed1:"), None);
        let walked = walk(&mut connection, from_text().encrypt().batch_size(9));
        assert_eq!((walked.written, shown(&walked.bad)), (0, vec!["2".to_owned(), "3".to_owned()]));
        assert!(walked.bad.iter().all(|row| row.problem == Problem::AlreadyEncrypted));
    });
}

/// An older release has changed the plaintext but not the encrypted column.
#[test]
fn values_that_differ_are_named() {
    let mut connection = connect();
    new_keyring().scope(|| {
        for id in 1..=3 {
            insert(&mut connection, id, Some("before"), None);
        }
        walk(&mut connection, from_text().encrypt().batch_size(9));
        diesel::update(halfway::table.find(2))
            .set(halfway::bounded.eq("after"))
            .execute(&mut connection)
            .unwrap();
        let walked = walk(&mut connection, from_text().verify().batch_size(2));
        assert_eq!((walked.read, shown(&walked.bad)), (3, vec!["2".to_owned()]));
        assert_eq!(walked.bad[0].problem, Problem::Differs);
    });
}
