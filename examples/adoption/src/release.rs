use std::env;
use std::process::ExitCode;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
const DATABASE: &str = "users.db";
const USAGE: &str = "add EMAIL | find EMAIL | change ID EMAIL | list";

/// Whatever goes wrong.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// What may go wrong.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A user's id and address.
pub type User = (i32, String);

/// One release of the application: what it does before anything else, and with its users.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each is what it is called")]
pub struct Release {
    /// How many of the migrations it comes with.
    pub migrations: usize,
    /// First in `main`.
    pub init: fn() -> Result<(), encrypted_diesel::Error>,
    pub add: fn(&mut SqliteConnection, &str) -> QueryResult<i32>,
    pub find: fn(&mut SqliteConnection, &str) -> QueryResult<Option<User>>,
    pub change: fn(&mut SqliteConnection, i32, &str) -> QueryResult<usize>,
    pub list: fn(&mut SqliteConnection) -> QueryResult<Vec<User>>,
}

impl Release {
    /// Does what the command line says, with `users.db` in the current folder.
    pub fn main(self) -> ExitCode {
        match self.run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn run(self) -> Result<()> {
        (self.init)()?;
        let connection = &mut self.open()?;
        let arguments: Vec<String> = env::args().skip(1).collect();
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["add", email] => {
                let id = (self.add)(connection, email).map_err(said)?;
                println!("{id} {email}");
            }
            ["find", email] => match (self.find)(connection, email).map_err(said)? {
                Some(user) => print(&user),
                None => println!("nobody"),
            },
            ["change", id, email] => match (self.change)(connection, id.parse()?, email).map_err(said)? {
                0 => println!("nobody"),
                _ => println!("{id} {email}"),
            },
            ["list"] => (self.list)(connection).map_err(said)?.iter().for_each(print),
            _ => return Err(format!("usage: {USAGE}").into()),
        }
        Ok(())
    }

    /// Opens the database, and runs the migrations that this release comes with.
    fn open(self) -> Result<SqliteConnection> {
        let mut connection = SqliteConnection::establish(DATABASE)?;
        connection.batch_execute("PRAGMA busy_timeout = 10000")?;
        while connection.applied_migrations()?.len() < self.migrations {
            connection.run_next_migration(MIGRATIONS)?;
        }
        Ok(connection)
    }
}

fn print((id, email): &User) {
    println!("{id} {email}");
}

fn said(error: DieselError) -> Error {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            "there is a user with this address".into()
        }
        // Diesel's message has the column only.
        error => match encrypted_diesel::Error::of(&error) {
            Some(reason) => format!("{error}: {reason}").into(),
            None => error.into(),
        },
    }
}
