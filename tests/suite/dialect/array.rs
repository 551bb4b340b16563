//! Arrays of encrypted values, on PostgreSQL.

use diesel::prelude::*;
use encrypted_diesel::{EncryptedBinary, EncryptedText, Error};

use super::behaviour::*;
use super::connect;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    lists (id) {
        id -> Integer,
        texts -> Array<EncryptedText>,
        binaries -> Array<Nullable<EncryptedBinary>>,
    }
}

diesel::table! {
    #[sql_name = "lists"]
    raw_lists (id) {
        id -> Integer,
        texts -> Array<Text>,
    }
}

#[derive(Queryable, Insertable, AsChangeset, Debug, PartialEq)]
#[diesel(table_name = lists)]
struct List {
    id: i32,
    texts: Vec<EncryptedText>,
    binaries: Vec<Option<EncryptedBinary>>,
}

#[test]
fn arrays_are_encrypted_element_by_element() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let list = List {
            id: 1,
            texts: vec!["penicillin".into(), "".into(), "penicillin".into()],
            binaries: vec![Some([1].as_slice().into()), None],
        };
        diesel::insert_into(lists::table).values(&list).execute(&mut connection).unwrap();
        assert_eq!(lists::table.first::<List>(&mut connection).unwrap(), list);

        let stored = raw_lists::table.select(raw_lists::texts).first::<Vec<String>>(&mut connection).unwrap();
        assert!(stored.iter().all(|text| text.starts_with("ed1:")));
        assert_ne!(stored[0], stored[2]);

        let shorter = List { id: 1, texts: vec![], binaries: vec![None] };
        diesel::update(lists::table.find(1)).set(&shorter).execute(&mut connection).unwrap();
        assert_eq!(lists::table.first::<List>(&mut connection).unwrap(), shorter);
    });
}

#[test]
fn one_element_that_does_not_open_is_an_error() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let list = List { id: 1, texts: vec!["a".into(), "b".into()], binaries: vec![] };
        diesel::insert_into(lists::table).values(&list).execute(&mut connection).unwrap();
        diesel::sql_query("UPDATE lists SET texts[2] = 'plaintext'").execute(&mut connection).unwrap();
        assert_refused!(lists::table.first::<List>(&mut connection), Error::NotEncrypted);
    });
}
