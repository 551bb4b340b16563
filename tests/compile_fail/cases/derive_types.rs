// What only the type checker can see.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, sql_types};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedText,
        photo -> EncryptedBinary,
    }
}

struct NoPlaintext;

#[derive(Encrypted)]
struct Around(NoPlaintext); //~ ERROR: `NoPlaintext` cannot be encrypted
//~^ ERROR: `NoPlaintext` cannot be read from an encrypted column

#[derive(Encrypted)]
#[encrypted(text)] //~ ERROR: `NoDisplay` doesn't implement `std::fmt::Display`
//~^ ERROR: `NoDisplay: FromStr` is not satisfied
struct NoDisplay(String);

#[derive(Encrypted)]
#[encrypted(json)] //~ ERROR: `NoSerde: serde::Serialize` is not satisfied
//~^ ERROR: `NoSerde: serde::de::DeserializeOwned` is not satisfied
struct NoSerde(String);

#[derive(Encrypted)]
#[encrypted(sql_type = diesel::sql_types::Text)] //~ ERROR: `diesel::sql_types::Text` is not the SQL type of an encrypted column
struct PlainColumn(String);

#[derive(Encrypted)]
#[encrypted(sql_type = sql_types::EncryptedText)]
struct TextOnly(String);

fn other_column() {
    let _ = diesel::insert_into(patients::table).values(patients::photo.eq(TextOnly(String::new()))); //~ ERROR: `TextOnly: AsExpression<encrypted_diesel::sql_types::EncryptedBinary>` is not satisfied
}

// A derived `Debug` would show the value.
#[derive(Debug, Encrypted)] //~ ERROR: conflicting implementations of trait `Debug` for type `Shown`
struct Shown(String);

fn main() {}
