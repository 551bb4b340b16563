//! What releases 2 and 3 have in common: the types of today, which read both plaintext and what is encrypted,
//! and a search that finds both.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Bool, Text};
use encrypted_diesel::{
    Encrypted, EncryptedExpressionMethods, EncryptedText, Error, ExposeSecret, Indexed, Keyring,
    PlaintextPolicy,
};

use crate::User;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    /// The table, once it is encrypted.
    users (id) {
        /// Their number.
        id -> Integer,
        /// An envelope, or plaintext yet.
        email -> EncryptedText,
        /// NULL beside plaintext.
        email_index -> Nullable<BlindIndex>,
    }
}

/// An address, kept as it was written, and found in any letter case.
#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
pub struct Email(pub EncryptedText);

/// An address in its two columns.
pub type EmailColumns = Indexed<Email, users::email, users::email_index>;

/// First in `main`.
///
/// # Errors
///
/// Those of the keyring.
pub fn init() -> Result<(), Error> {
    let keyring = Keyring::from_env()?.require_index_key()?;
    keyring.with_plaintext_policy(PlaintextPolicy::Allow).install()
}

/// Finds a user by the address that somebody has typed.
///
/// One query and not two, so that a row is found that is encrypted between them.
///
/// # Errors
///
/// Those of the database.
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

/// Makes sure that no other user has the address: where one is encrypted and the other is not, the database does
/// not see that they are the same. To be called in the transaction that writes.
///
/// # Errors
///
/// As the database's unique indexes.
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
/// Those of the database.
pub fn list(connection: &mut SqliteConnection) -> QueryResult<Vec<User>> {
    let users = users::table.select((users::id, users::email)).order(users::id);
    Ok(users.load(connection)?.into_iter().map(plain).collect())
}

fn plain((id, email): (i32, Email)) -> User {
    (id, email.0.expose_secret().to_owned())
}
