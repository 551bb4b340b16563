// Walks that would leave an index out, or that no database can run.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::EncryptedText;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        name -> Text,
        notes -> Nullable<EncryptedText>,
    }
}

fn plaintext_column() {
    EncryptedColumn::<Sqlite>::new::<users::name, EncryptedText>(); //~ ERROR: `diesel::sql_types::Text` is not the SQL type of an encrypted column
}

fn optional_value() {
    EncryptedColumn::<Sqlite>::new::<users::notes, Option<EncryptedText>>(); //~ ERROR: is not the type of an encrypted column's values
}

#[derive(diesel::MultiConnection)]
enum AnyConnection {
    Sqlite(SqliteConnection),
}

encrypted_diesel::multi_backend!(MultiBackend: Sqlite);

fn multi_backend() {
    EncryptedColumn::<MultiBackend>::new::<users::notes, EncryptedText>(); //~ ERROR: tables of the backend `multi_connection_impl::backend::MultiBackend` cannot be walked
}

fn multi_connection(connection: &mut AnyConnection) {
    let column = EncryptedColumn::new::<users::notes, EncryptedText>(); //~ ERROR: cannot be walked
    column.rotate().run(connection, |_| {}); //~ ERROR: `AnyConnection` is not a connection to a database whose tables can be walked
    //~^ ERROR: cannot be walked
}

fn main() {}
