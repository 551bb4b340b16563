//@error-in-other-file: a value with a blind index is written as `Indexed`, not by itself
//@error-in-other-file: a value with a blind index is written as `Indexed`, not by itself
//@require-annotations-for-level: ERROR
// A type that wraps one with a blind index cannot write it without the index either.

use diesel::prelude::*;
use encrypted_diesel::Encrypted;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        email -> EncryptedText,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
struct Email(String);

#[derive(Encrypted)] //~ ERROR: a value with a blind index is written as `Indexed`, not by itself
struct Around(Email);

fn main() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let (email, again) = (Email(String::new()), Email(String::new()));
    let _ = diesel::update(users::table).set(users::email.eq(Encrypted::new(&email))).execute(&mut connection);
    let _ = diesel::update(users::table).set(users::email.eq(Encrypted::new(email))).execute(&mut connection);
    let _ = diesel::update(users::table).set(users::email.eq(Around(again))).execute(&mut connection);
}
