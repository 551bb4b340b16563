// A type that wraps a borrowed value can be written, but not read.

use diesel::prelude::*;
use encrypted_diesel::Encrypted;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedText,
    }
}

#[derive(Encrypted)]
struct NameRef<'a>(&'a str);

fn written(connection: &mut SqliteConnection) {
    let _ = diesel::insert_into(patients::table).values(patients::name.eq(NameRef("Ada"))).execute(connection);
}

fn read(connection: &mut SqliteConnection) {
    let _ = patients::table.select(patients::name).first::<NameRef<'static>>(connection); //~ ERROR: `&str` cannot be read from an encrypted column
}

fn main() {}
