//! A table in a schema that is not on the search path.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::maintenance::{Walked, walk};
use super::behaviour::{key, raw_samples, stored_text};
use super::connect;

diesel::define_sql_function! { fn current_schema() -> diesel::sql_types::Text; }

#[test]
fn a_table_is_found_in_its_schema() {
    let mut connection = connect();
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::text.eq("text")))
        .execute(&mut connection)
        .unwrap();
    let schema = diesel::select(current_schema()).get_result::<String>(&mut connection).unwrap();
    let set_search_path = |connection: &mut _, path: &str| {
        PgConnection::batch_execute(connection, &format!("SET search_path TO {path}")).unwrap();
    };
    Keyring::new(key(1)).scope(|| {
        set_search_path(&mut connection, "pg_catalog");
        let table = DeclaredTable::new("samples", [("id", KeyKind::Integer)]);
        let column = EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "text");
        assert!(column.encrypt().run(&mut connection, |_| {}).is_err());

        let table = table.in_schema(schema.clone().leak());
        let column = EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "text");
        let walked = walk(&mut connection, column.encrypt());
        assert_eq!(walked, Walked { read: 1, written: 1, ..Walked::default() });
        assert!(column.status(&mut connection).unwrap().is_only_under(key(1).id()));
        set_search_path(&mut connection, &schema);
        assert!(stored_text(&mut connection, 1).starts_with("ed1:"));
    });
}
