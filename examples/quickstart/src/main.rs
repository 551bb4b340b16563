//! A small clinic whose patients only the key can read: `cargo run -p quickstart [DATABASE]`.

use std::{env, fs, io::Write};

use diesel::{dsl::sql, prelude::*, sql_query, sql_types::Nullable, sql_types::Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use encrypted_diesel::{Encrypted, EncryptedText, Error, ExposeSecret, Key, Keyring};
use models::{Name, Patient, Ssn};
use schema::{patients, visits};

mod models;
mod schema;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result<()> {
    let database = match &env::args().skip(1).collect::<Vec<_>>()[..] {
        [] => "clinic.db".to_owned(),
        [path] if !path.starts_with('-') => path.clone(),
        _ => return Err("usage: quickstart [DATABASE]".into()),
    };
    println!("Key: {}", install_key()?);
    let connection = &mut SqliteConnection::establish(&database)?;
    println!("Migrations run on {database}: {}", connection.run_pending_migrations(MIGRATIONS)?.len());
    diesel::delete(visits::table).execute(connection)?;
    println!("Patients of an earlier run deleted: {}", diesel::delete(patients::table).execute(connection)?);
    write(connection)?;
    show(connection, &fs::read(&database)?)?;
    refuse(connection)
}

/// An application only calls `encrypted_diesel::init()`. The quickstart also makes a key if there is none.
fn install_key() -> Result<&'static str> {
    match encrypted_diesel::init() {
        Err(Error::MissingKey { .. }) => {}
        found => return Ok(found.map(|()| "found in the environment or in .env")?),
    }
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.append(true).create(true).open(".env")?;
    #[cfg(unix)] // a file that was already there has kept its mode
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let newline = if file.metadata()?.len() > 0 { "\n" } else { "" };
    writeln!(file, "{newline}FIELD_ENCRYPTION_KEY={}", Key::generate()?.to_hex().expose_secret())?;
    file.sync_all()?; // before any row depends on this key
    encrypted_diesel::init()?;
    Ok("made, and kept in .env with mode 0600")
}

/// Plain Diesel: only the types know about encryption.
fn write(connection: &mut SqliteConnection) -> Result<()> {
    let patient = |id, name: &str, ssn: &str, born: Option<&str>, notes: Option<&str>| -> Result<_> {
        let born = born.map(str::parse).transpose()?.map(Encrypted::new);
        let (name, ssn, notes) = (name.try_into()?, Ssn(ssn.into()), notes.map(Into::into));
        Ok(Patient { id, name, ssn, born, notes, photo: None })
    };
    let mut patients = [
        patient(1, "Ada Winter", "987-65-4320", Some("1985-12-10"), Some("allergic to latex"))?,
        patient(2, "Bruno Okafor", "987-65-4321", Some("1972-03-01"), None)?,
        patient(3, "Chloë Marsh", "987-65-4322", None, Some("call in the morning"))?,
        patient(4, "Dana Ruiz", "987-65-4323", None, None)?,
    ];
    patients[3].photo = Some(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice().into());
    diesel::insert_into(patients::table).values(&patients).execute(connection)?;

    let notes = EncryptedText::from("allergic to latex and penicillin");
    diesel::update(patients::table.find(1)).set(patients::notes.eq(Some(notes))).execute(connection)?;
    let diagnosis = visits::diagnosis.eq(Encrypted::new("atrial fibrillation"));
    let visit = (visits::patient_id.eq(1), visits::ward.eq("cardiology"), diagnosis);
    diesel::insert_into(visits::table).values(visit).execute(connection)?;
    println!("A name in a log: {:?}", patients[0].name);
    Ok(())
}

/// Prints each value beside its ciphertext, and searches the bytes of the file for it.
fn show(connection: &mut SqliteConnection, file: &[u8]) -> Result<()> {
    type Bytes = Encrypted<Vec<u8>>; // reads any value as the bytes that were encrypted
    type Row = (i32, Bytes, Ssn, Option<Bytes>, Option<Bytes>, Option<Bytes>);
    let is_in_file = |value: &[u8]| file.windows(value.len()).any(|window| window == value);
    println!("\n         What the application sees            What the file holds");
    for (id, name, ssn, born, notes, photo) in patients::table.load::<Row>(connection)? {
        println!();
        let (name, ssn) = (Some(name), Some(Encrypted::new(ssn.0.into_inner().into_bytes())));
        let columns = [("name", name), ("ssn", ssn), ("born", born), ("notes", notes), ("photo", photo)];
        for (column, value) in columns.map(|(column, value)| (column, value.map(Encrypted::into_inner))) {
            let text = format!("iif(typeof({column}) = 'blob', lower(hex({column})), {column})");
            let stored = patients::table.find(id).select(sql::<Nullable<Text>>(&text));
            let stored: Option<String> = stored.first(connection)?;
            let stored = stored.map_or("NULL".into(), |text| format!("{text:.45}…"));
            let seen = value.as_deref().map_or("None".into(), String::from_utf8_lossy);
            println!("  {column:<7}{:<37}{stored}", seen.escape_debug().to_string());
            assert!(!value.is_some_and(|value| is_in_file(&value)), "the file holds a {column} as plaintext");
        }
    }
    assert!(is_in_file(b"cardiology"), "the search does not even find a plain column");
    println!("\nNone of these values occurs in the bytes of the file. A ward does: it is a plain column.");
    Ok(())
}

/// Tries what is refused, and prints the reason. Each change is rolled back.
fn refuse(connection: &mut SqliteConnection) -> Result<()> {
    println!("\nRefused");
    let refused = |what: &str, error: Option<Error>| -> Result<()> {
        let reason = error.ok_or(format!("{what}: not refused"))?.to_string();
        println!("\n  {what}\n    {}", reason.replacen(": ", ":\n    ", 1));
        Ok(())
    };
    let find = |connection: &mut _| patients::table.find(1).select(Patient::as_select()).first(connection);
    let cause = |read: QueryResult<Patient>| Error::from_diesel(&read.err()?).cloned();
    refused("a name of 121 characters", Name::try_from("A".repeat(121)).err())?;
    refused("a wrong key", cause(Keyring::new(Key::generate()?).scope(|| find(connection))))?;
    for (what, notes) in [
        ("an altered value", "substr(notes, 1, 40) || 'AAAA' || substr(notes, 45)"),
        ("a value moved from another column", "ssn"),
        ("plaintext", "'no allergies'"),
    ] {
        let read = connection.transaction(|connection| {
            sql_query(format!("UPDATE patients SET notes = {notes} WHERE id = 1")).execute(connection)?;
            find(connection)
        });
        refused(what, cause(read))?;
    }
    println!("\nAfter all that, {} can still be read.", find(connection)?.name.expose_secret());
    Ok(())
}
