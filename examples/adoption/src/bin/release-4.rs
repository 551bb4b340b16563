//! Release 4: refuses plaintext, and searches by the index alone.

use std::process::ExitCode;

use adoption::{Release, User};
use diesel::prelude::*;
use encrypted_diesel::{
    Encrypted, EncryptedExpressionMethods, EncryptedText, Error, ExposeSecret, Indexed, Keyring,
};

mod schema {
    diesel::table! {
        use diesel::sql_types::*;
        use encrypted_diesel::sql_types::*;

        users (id) {
            id -> Integer,
            email -> EncryptedText,
            email_index -> BlindIndex,
        }
    }
}
use schema::users;

/// An address, stored as typed and found in any letter case.
#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
struct Email(EncryptedText);

type EmailColumns = Indexed<Email, users::email, users::email_index>;

fn add(connection: &mut SqliteConnection, email: &str) -> QueryResult<i32> {
    diesel::insert_into(users::table)
        .values(EmailColumns::new(Email(email.into())))
        .returning(users::id)
        .get_result(connection)
}

fn find(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Option<User>> {
    users::table
        .filter(users::email_index.matches(Email(typed.into())))
        .select((users::id, users::email))
        .first::<(i32, Email)>(connection)
        .map(plain)
        .optional()
}

fn change(connection: &mut SqliteConnection, id: i32, email: &str) -> QueryResult<usize> {
    diesel::update(users::table.find(id)).set(EmailColumns::new(Email(email.into()))).execute(connection)
}

fn list(connection: &mut SqliteConnection) -> QueryResult<Vec<User>> {
    let users = users::table.select((users::id, users::email)).order(users::id);
    Ok(users.load(connection)?.into_iter().map(plain).collect())
}

fn plain((id, email): (i32, Email)) -> User {
    (id, email.0.expose_secret().to_owned())
}

fn init() -> Result<(), Error> {
    Keyring::from_env()?.require_index_key()?.install()
}

fn main() -> ExitCode {
    Release { migrations: 3, init, add, find, change, list }.main()
}
