//! Shared by releases 2 and 3: the final types, which read both plaintext and encrypted values, and a search that
//! finds both.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Bool, Text};
use encrypted_diesel::{
    Encrypted, EncryptedExpressionMethods, EncryptedText, Error, ExposeSecret, Indexed, Keyring,
};

use crate::User;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    /// The table, as it is when everything is encrypted.
    users (id) {
        /// The primary key.
        id -> Integer,
        /// An envelope, or still plaintext.
        email -> EncryptedText,
        /// NULL while the address is plaintext.
        email_index -> Nullable<BlindIndex>,
    }
}

/// An address, stored as typed and found in any letter case.
#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
pub struct Email(pub EncryptedText);

/// An address and its index, in two columns.
pub type EmailColumns = Indexed<Email, users::email, users::email_index>;

/// Called first in `main`.
///
/// # Errors
///
/// Fails if a key is missing or malformed.
pub fn init() -> Result<(), Error> {
    let keyring = Keyring::from_env()?.require_index_key()?;
    keyring.with_plaintext_in(["users.email"]).install()
}

/// Finds a user by the address, as typed.
///
/// One query, because two could both miss a row that is encrypted between them.
///
/// # Errors
///
/// Fails if the database does.
pub fn find(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Option<User>> {
    let is_encrypted = users::email_index.matches(Email(typed.into()));
    let is_plaintext = users::email_index.is_null().and(sql::<Bool>("users.email = ").bind::<Text, _>(typed));
    users::table
        .filter(is_encrypted.or(is_plaintext))
        .select((users::id, users::email))
        .first::<(i32, Email)>(connection)
        .map(plain)
        .optional()
}

/// Refuses an address that another user has. Where one is encrypted and the other is not, the database cannot see
/// that they are the same. Call it in the transaction that writes.
///
/// # Errors
///
/// Fails as the database's unique indexes do.
pub fn refuse_taken(connection: &mut SqliteConnection, own: Option<i32>, email: &str) -> QueryResult<()> {
    match find(connection, email)? {
        Some((id, _)) if own != Some(id) => {
            let message = "another user has this address".to_owned();
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new(message)))
        }
        _ => Ok(()),
    }
}

/// All users.
///
/// # Errors
///
/// Fails if the database does.
pub fn list(connection: &mut SqliteConnection) -> QueryResult<Vec<User>> {
    let users = users::table.select((users::id, users::email)).order(users::id);
    Ok(users.load(connection)?.into_iter().map(plain).collect())
}

fn plain((id, email): (i32, Email)) -> User {
    (id, email.0.expose_secret().to_owned())
}
