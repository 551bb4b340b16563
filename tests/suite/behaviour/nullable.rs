//! `None` is NULL, and nothing else is.

use super::*;

#[test]
fn none_is_null_and_everything_else_is_encrypted() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(samples::table)
            .values((
                samples::id.eq(1),
                samples::text.eq(None::<EncryptedText>),
                samples::bounded.eq(Some(EncryptedVarchar::<10>::try_from("").unwrap())),
                samples::bytes.eq(Some(EncryptedBinary::from([].as_slice()))),
            ))
            .execute(&mut connection)
            .unwrap();
        let (text, bounded, bytes) = raw_samples::table
            .select((raw_samples::text, raw_samples::bounded, raw_samples::bytes))
            .first::<(Option<String>, Option<String>, Option<Vec<u8>>)>(&mut connection)
            .unwrap();
        assert_eq!(text, None);
        assert!(bounded.unwrap().starts_with("ed1:"));
        assert!(bytes.unwrap().starts_with(&[0xED, 0x65, 0x64, 0x01]));

        let (text, bounded, bytes) = samples::table
            .select((samples::text, samples::bounded, samples::bytes))
            .first::<(Option<EncryptedText>, Option<String>, Option<EncryptedBinary>)>(&mut connection)
            .unwrap();
        assert_eq!(text, None);
        assert_eq!(bounded, Some(String::new()));
        assert_eq!(bytes, Some(EncryptedBinary::default()));
    });
}

#[test]
fn zero_and_false_are_not_null() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (zero, _) = seal(&mut connection, 0);
        assert_eq!(open_text::<i32>(&mut connection, &zero).unwrap(), 0);
        let (no, _) = seal(&mut connection, false);
        assert!(!open_text::<bool>(&mut connection, &no).unwrap());
    });
}

#[test]
fn null_can_be_asked_for() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(vec![ada(), bob()]).execute(&mut connection).unwrap();
        let without = patients::table.filter(patients::notes.is_null()).select(patients::id);
        assert_eq!(without.load::<i32>(&mut connection).unwrap(), [2]);
        let with = patients::table.filter(patients::notes.is_not_null()).select(patients::id);
        assert_eq!(with.load::<i32>(&mut connection).unwrap(), [1]);
    });
}

#[test]
fn null_in_a_column_that_is_read_as_not_null_is_an_error() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::sql_query("INSERT INTO samples (id) VALUES (1)").execute(&mut connection).unwrap();
        let read =
            samples::table.select(samples::text.assume_not_null()).first::<EncryptedText>(&mut connection);
        assert!(matches!(read, Err(diesel::result::Error::DeserializationError(_))));
    });
}
