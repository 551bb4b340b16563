//! What happens to whoever has the file and not the key, or changes what it holds.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use encrypted_diesel::{Error, Key, Keyring};

use crate::models::Patient;
use crate::{Result, clinic};

/// Reads with another key than the one that wrote.
pub(crate) fn wrong_key(connection: &mut SqliteConnection, id: i32) -> Result<String> {
    let stranger = Keyring::new(Key::generate()?);
    let read = stranger.scope(|| clinic::find(connection, id));
    refusal(read, |error| matches!(error, Error::UnknownKey { .. }))
}

/// Reads after one character of a ciphertext was changed.
pub(crate) fn altered(connection: &mut SqliteConnection, id: i32) -> Result<String> {
    let read = find_after(
        "UPDATE patients SET notes = substr(notes, 1, 39)
            || CASE substr(notes, 40, 1) WHEN 'A' THEN 'B' ELSE 'A' END
            || substr(notes, 41)
         WHERE id = ?",
        connection,
        id,
    );
    refusal(read, |error| matches!(error, Error::DecryptionFailed))
}

/// Reads after a ciphertext was copied to where another context is expected.
pub(crate) fn moved(connection: &mut SqliteConnection, id: i32) -> Result<String> {
    let read = find_after("UPDATE patients SET notes = ssn WHERE id = ?", connection, id);
    refusal(read, |error| matches!(error, Error::DecryptionFailed))
}

/// Reads after plaintext was written behind the application's back.
pub(crate) fn plaintext(connection: &mut SqliteConnection, id: i32) -> Result<String> {
    let read = find_after("UPDATE patients SET notes = 'no allergies' WHERE id = ?", connection, id);
    refusal(read, |error| matches!(error, Error::NotEncrypted))
}

/// Changes the row and reads it. The refused read is what rolls the change back.
fn find_after(change: &str, connection: &mut SqliteConnection, id: i32) -> QueryResult<Patient> {
    connection.transaction(|connection| {
        diesel::sql_query(change).bind::<Integer, _>(id).execute(connection)?;
        clinic::find(connection, id)
    })
}

/// The message of the expected error. That the read succeeded, or failed otherwise, is an error.
fn refusal(read: QueryResult<Patient>, expected: fn(&Error) -> bool) -> Result<String> {
    let error = match read {
        Ok(_) => return Err("a value was read that should have been refused".into()),
        Err(error) => error,
    };
    match Error::of(&error) {
        Some(reason) if expected(reason) => Ok(reason.to_string()),
        _ => Err(error.into()),
    }
}
