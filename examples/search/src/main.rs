//! Accounts that are found by values which only the key can read.
//!
//! `cargo run -p search [DATABASE]` makes a database (`search.db` in the current folder, if not named),
//! signs people up, finds them again, shows what the file holds meanwhile, and changes the index key.
//! Accounts of an earlier run are deleted. The keys are made for the run, and read from nowhere.
//!
//! Read `models.rs`, `accounts.rs` and `reindex.rs` first: they are what an application looks like. All
//! else but `schema.rs` is for the demonstration.

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
    print::entry("encryption key", &format!("made for this run; its id is {}", keys.encryption.id()));
    print::entry("index keys", &format!("the id of old is {}, that of new {}", keys.old.id(), keys.new.id()));

    // What an application has from `encrypted_diesel::init_with_index_key()`, once and for good.
    let deployment = keys.deploy("old")?;
    deployment.scope(|| {
        print::title("1. Sign up: one account for an e-mail address, in whatever letter case");
        story::sign_up(connection)?;
        print::title("2. Log in");
        story::log_in(connection)?;
        print::title("3. The help desk asks for the last four digits of the phone number");
        story::help_desk(connection)?;
        print::title("4. Whoever has the file alone");
        story::file_alone(connection, &database, &keys)
    })?;
    print::title("5. Another index key. Each step is a new deployment of the same application");
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
