//! A small clinic whose patients only the key can read.
//!
//! `cargo run -p quickstart [DATABASE]` makes a database (`clinic.db` in the current folder, if not
//! named), writes and reads patients, and shows what the file holds. Patients of an earlier run are
//! deleted.
//!
//! Read `models.rs` and `clinic.rs` first: they are what an application looks like. All else but
//! `schema.rs` is for the demonstration.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use encrypted_diesel::{Error, Key};

mod at_rest;
mod clinic;
mod key_file;
mod models;
mod print;
mod refusals;
mod schema;
mod tour;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let database = database()?;
    print::title("Start");
    install_key()?;
    let connection = &mut open(&database)?;

    print::title("Write");
    let id = tour::write(connection)?;
    print::title("Read");
    tour::read(connection, id)?;
    print::title("The same patients, to the application and in the file");
    tour::compare(connection)?;
    print::title("Plaintext in the bytes of the file");
    tour::search(connection, &database)?;
    print::title("Refused");
    tour::refuse(connection, id)
}

/// The only argument, or `clinic.db`.
fn database() -> Result<String> {
    let mut arguments = env::args_os().skip(1);
    match (arguments.next().map(|path| path.into_string()), arguments.next()) {
        (None, _) => Ok("clinic.db".to_owned()),
        (Some(Ok(path)), None) if !path.starts_with('-') => Ok(path),
        _ => Err("usage: quickstart [DATABASE]".into()),
    }
}

/// An application calls `encrypted_diesel::init()` and no more. The demonstration makes a key if
/// there is none.
fn install_key() -> Result<()> {
    match encrypted_diesel::init() {
        Err(Error::MissingKey { .. }) => {
            let key = Key::generate()?;
            key_file::append(Path::new(".env"), &key)?;
            encrypted_diesel::init()?;
            print::entry("key", &format!("made, and kept in .env with mode 0600; its id is {}", key.id()));
        }
        installed => {
            installed?;
            print::entry("key", "there already, in the environment or in .env");
        }
    }
    Ok(())
}

fn open(database: &str) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(database)?;
    connection.batch_execute("PRAGMA foreign_keys = ON")?;
    let migrations = connection.run_pending_migrations(MIGRATIONS)?.len();
    print::entry("database", database);
    print::entry("migrations", &format!("run: {migrations}"));
    print::entry("old patients", &format!("deleted: {}", clinic::clear(&mut connection)?));
    Ok(connection)
}
