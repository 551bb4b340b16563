// Mistakes that only the type checker can see.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, sql_types};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedText,
        photo -> EncryptedBinary,
        nickname -> Nullable<EncryptedText>,
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

#[derive(Encrypted)]
#[encrypted(context = "weight", index)]
struct Weight(f64); //~ ERROR: equal values of `f64` may have different plaintext forms

// Not canonical, and no other mistake.
#[derive(Encrypted)]
struct Height(f64);

fn not_canonical() {
    fn is_canonical<T: encrypted_diesel::plaintext::Canonical>() {}
    is_canonical::<Height>(); //~ ERROR: equal values of `f64` may have different plaintext forms
}

fn reversed(text: String) -> String {
    text.chars().rev().collect()
}

#[derive(Encrypted)]
#[encrypted(context = "reversed", index(normalize(trim, with(reversed))))] //~ ERROR: mismatched types
struct Reversed(String);

#[derive(Encrypted)]
#[encrypted(index(by = TextOnly))] //~ ERROR: `TextOnly` does not have its own blind index
struct ByUnindexed(String);

#[derive(Encrypted)]
#[encrypted(context = "parts", index)]
struct Parts {
    plain: String, //~ ERROR: `String` does not have its own blind index
    unindexed: Option<TextOnly>, //~ ERROR: `Option<TextOnly>` does not have its own blind index
}

// `trim` leaves `0.0` and `-0.0` different; a function of your own may unify them.
#[derive(Encrypted)]
#[encrypted(context = "temperature", index(normalize(trim)))]
struct Temperature(f64); //~ ERROR: equal values of `f64` may have different plaintext forms

#[derive(Encrypted)]
#[encrypted(context = "rounded", index(normalize(with(rounded))))]
struct Rounded(f64);

fn rounded(text: &str) -> String {
    text.split('.').next().unwrap_or_default().to_owned()
}

#[derive(Encrypted)]
#[encrypted(context = "name", index(normalize(trim)))]
struct Name(String);

fn without_its_index() {
    let _ = diesel::update(patients::table).set(patients::name.eq(Name(String::new()))); //~ ERROR: `Name: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
    let _ = diesel::update(patients::table).set(patients::nickname.eq(&Name(String::new()))); //~ ERROR: `&Name: AsExpression<diesel::sql_types::Nullable<encrypted_diesel::sql_types::EncryptedText>>` is not satisfied
}

// A derived `Debug` would show the value.
#[derive(Debug, Encrypted)] //~ ERROR: conflicting implementations of trait `Debug` for type `Shown`
struct Shown(String);

fn main() {}
