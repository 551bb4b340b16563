use std::collections::BTreeSet;

use diesel::prelude::*;
use encrypted_diesel::{EncryptedExpressionMethods, Error, ExposeSecret, Key, Keyring};

use super::everybody::last_four;
use crate::at_rest::{self, Bytes, Lengths, Pair};
use crate::keys::{self, Keys};
use crate::models::{Account, Email};
use crate::people::ADA;
use crate::schema::accounts::dsl;
use crate::{Result, accounts, print};

pub(crate) fn file_alone(connection: &mut SqliteConnection, database: &str, keys: &Keys) -> Result<()> {
    let accounts = accounts::all(connection)?;
    cannot_read(connection, database, &accounts)?;
    sees_what_is_equal(connection, &accounts)?;
    guesses(connection, keys)
}

/// Looks for everything that the application sees in the bytes of the file.
fn cannot_read(connection: &mut SqliteConnection, database: &str, accounts: &[Account]) -> Result<()> {
    let mut texts = BTreeSet::new();
    for account in accounts {
        let (email, phone) = (account.email.0.expose_secret(), account.phone.0.expose_secret());
        let digits = phone.chars().filter(char::is_ascii_digit).collect();
        texts.extend([email.clone(), email.to_lowercase(), phone.clone(), digits]);
    }
    let bytes = Bytes::read(database)?;
    if let Some(text) = texts.iter().find(|text| bytes.contain(text.as_bytes())) {
        return Err(format!("the file holds {text} as plaintext").into());
    }
    print::entry(
        "cannot read",
        &format!(
            "searched the bytes of the file for {} strings, all addresses and numbers as typed and as \
             normalized: 0 found",
            texts.len()
        ),
    );

    // Prove that the search works.
    let index: Vec<u8> = dsl::accounts.select(dsl::email_index).first(connection)?;
    if !bytes.contain(&index) {
        return Err("an index was not found, though it is in the file".into());
    }
    let stranger = Keyring::new(Key::generate()?);
    let read = stranger.scope(|| accounts::all(connection));
    let refusal = read.err().ok_or("accounts were read with another key")?;
    match Error::from_diesel(&refusal) {
        Some(reason @ Error::UnknownKey { .. }) => {
            print::entry("", &format!("With another key: {reason}"));
            Ok(())
        }
        _ => Err(refusal.into()),
    }
}

/// Equal values have equal indexes, and lengths are visible.
fn sees_what_is_equal(connection: &mut SqliteConnection, accounts: &[Account]) -> Result<()> {
    let one_number = at_rest::pairs(connection, "phone_index")?;
    for Pair { first, second } in &one_number {
        print::entry(
            "sees equal values",
            &format!("accounts {first} and {second} have the same phone number, whichever it is"),
        );
    }

    let mut one_ending = at_rest::pairs(connection, "phone_last_four")?;
    one_ending.retain(|pair| !one_number.contains(pair));
    let ending = |id: i32| accounts.iter().find(|account| account.id == id).map(last_four);
    let truly = one_ending.iter().filter(|pair| ending(pair.first) == ending(pair.second)).count();
    print::entry(
        "",
        &format!(
            "{} more pairs have the same phone_last_four: only {truly} of them have the same last four digits, \
             and the file does not tell which",
            one_ending.len()
        ),
    );

    let Lengths { least, greatest } = at_rest::email_lengths(connection)?;
    print::entry(
        "sees lengths",
        &format!("an encrypted address has {least} to {greatest} characters, which reveals how long it is"),
    );
    Ok(())
}

/// Guesses the right address, without the index key and with it.
fn guesses(connection: &mut SqliteConnection, keys: &Keys) -> Result<()> {
    let mut guess = |keyring: Keyring| {
        keyring.scope(|| {
            dsl::accounts
                .filter(dsl::email_index.matches(Email(ADA.email.into())))
                .count()
                .get_result::<i64>(connection)
        })
    };
    let other = Keyring::new(Key::generate()?).with_index_key(Key::generate()?)?;
    match guess(other)? {
        0 => print::entry("guesses", &format!("{}, digested under another index key: 0 accounts", ADA.email)),
        found => return Err(format!("{found} accounts found with another index key").into()),
    }
    let stolen = Keyring::new(Key::generate()?).with_index_key(keys::copy(&keys.old)?)?;
    match guess(stolen)? {
        1 => print::entry(
            "",
            &format!(
                "{}, digested under the real one: 1 account. Keep that key as secret as the other",
                ADA.email
            ),
        ),
        found => return Err(format!("{found} accounts found with the index key").into()),
    }
    Ok(())
}
