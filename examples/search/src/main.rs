//! Accounts that can be found by encrypted values.
//!
//! `cargo run -p search [DATABASE]` creates a database (by default `search.db` in the current folder), signs
//! people up, finds them again, shows what the file holds, and rotates the index key. It deletes the accounts of
//! an earlier run. The keys are generated for each run.
//!
//! Read `models.rs`, `accounts.rs` and `reindex.rs` first: an application looks like them. The other files, except
//! `schema.rs`, are for the demonstration.

use std::env;
use std::process::ExitCode;

use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

mod accounts;
mod at_rest;
mod keys;
mod models;
mod people;
mod print;
mod reindex;
mod schema;
mod story;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("search: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let database = database()?;
    print::title("Start");
    let connection = &mut open(&database)?;
    let keys = keys::Keys::generate()?;
    print::entry("encryption key", &format!("generated for this run; its id is {}", keys.encryption.id()));
    print::entry(
        "index keys",
        &format!("the id of the old one is {}, of the new one {}", keys.old.id(), keys.new.id()),
    );

    // An application installs its keyring once: `Keyring::from_env()?.require_index_key()?.install()?`.
    let deployment = keys.deploy("old")?;
    deployment.scope(|| {
        print::title("1. Sign up: one account per e-mail address, in any letter case");
        story::sign_up(connection)?;
        print::title("2. Log in");
        story::log_in(connection)?;
        print::title("3. The help desk asks for the last four digits of the phone number");
        story::help_desk(connection)?;
        print::title("4. A thief with the file and no key");
        story::file_alone(connection, &database, &keys)
    })?;
    print::title("5. A new index key. Each step is a new deployment of the same application");
    story::rotation(connection, &keys)
}

/// The only argument, or `search.db`.
fn database() -> Result<String> {
    let mut arguments = env::args_os().skip(1);
    match (arguments.next().map(|path| path.into_string()), arguments.next()) {
        (None, _) => Ok("search.db".to_owned()),
        (Some(Ok(path)), None) if !path.starts_with('-') => Ok(path),
        _ => Err("usage: search [DATABASE]".into()),
    }
}

fn open(database: &str) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(database)?;
    let migrations = connection.run_pending_migrations(MIGRATIONS)?.len();
    print::entry("database", database);
    print::entry("migrations", &format!("run: {migrations}"));
    print::entry("old accounts", &format!("deleted: {}", accounts::clear(&mut connection)?));
    Ok(connection)
}
