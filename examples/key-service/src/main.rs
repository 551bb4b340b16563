//! A key service of the application's own: `cargo run -p key-service`.
//!
//! [`agent`] stands for what keeps your keys, such as an HSM. [`service`] is what you write: it wraps and unwraps keys
//! with it. Afterwards, entries of `FIELD_ENCRYPTION_KEY` that begin with `agent://` work like those of AWS KMS.

#![allow(missing_docs, reason = "a program")]

mod agent;
mod service;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::key_service::{self, KeyUri, Purpose};
use encrypted_diesel::{EncryptedText, ExposeSecret, Key, Keyring};

diesel::table! {
    patients (id) { id -> Integer, notes -> encrypted_diesel::sql_types::EncryptedText, }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let under = KeyUri::new("agent", agent::start()?.to_string());
    key_service::register("agent", service::Agent)?;

    // Once, by an operator: a new key, wrapped. The key itself is dropped, and nobody has seen it.
    let key = Key::generate()?;
    let entry = key_service::wrap(&key, &under, Purpose::Encryption)?;
    println!("FIELD_ENCRYPTION_KEY={entry}");
    drop(key);

    // At start-up. An application calls `encrypted_diesel::init()`, which reads the entry from the environment.
    Keyring::parse(&entry.to_string())?.install()?;

    let connection = &mut SqliteConnection::establish(":memory:")?;
    connection.batch_execute("CREATE TABLE patients (id INTEGER PRIMARY KEY, notes TEXT NOT NULL)")?;
    let notes = EncryptedText::from("allergic to penicillin");
    diesel::insert_into(patients::table).values(patients::notes.eq(notes)).execute(connection)?;
    let notes: EncryptedText = patients::table.select(patients::notes).first(connection)?;
    println!("Read: {}", notes.expose_secret());

    // In the other list, the entry is refused: the agent authenticates what a key is for.
    let Err(refused) = key_service::unwrap(&entry, Purpose::Index) else {
        return Err("the agent unwrapped an encryption key as an index key".into());
    };
    println!("As an index key: {refused}");
    Ok(())
}
