//! Tables whose primary key is a UUID.

use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{EncryptedText, Keyring};

use super::behaviour::key;
use super::behaviour::maintenance::{Walked, walk};
use super::{Backend, connect};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    by_uuid (id) { id -> Uuid, value -> EncryptedText }
}

#[test]
fn rows_are_walked_by_uuid() {
    let mut connection = connect();
    Keyring::new(key(1)).scope(|| {
        for _ in 0..10 {
            diesel::sql_query("INSERT INTO by_uuid (id, value) VALUES (gen_random_uuid(), $1)")
                .bind::<encrypted_diesel::sql_types::EncryptedText, _>(EncryptedText::from("value"))
                .execute(&mut connection)
                .unwrap();
        }
    });
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        let column = EncryptedColumn::<Backend>::new::<by_uuid::value, EncryptedText>();
        let walked = walk(&mut connection, column.rotate().batch_size(3));
        assert_eq!(walked, Walked { read: 10, written: 10, ..Walked::default() });
        assert_eq!(walk(&mut connection, column.rotate().batch_size(3)), Walked::default());
    });
}
