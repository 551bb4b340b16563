use std::env;
use std::process::ExitCode;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
const DATABASE: &str = "users.db";
const USAGE: &str = "add EMAIL | find EMAIL | change ID EMAIL | list";

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// A result with any error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A user's id and address.
pub type User = (i32, String);

/// One release of the application: how it starts, and what it does with its users.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Release {
    /// The number of migrations that it ships with.
    pub migrations: usize,
    /// Called first in `main`.
    pub init: fn() -> Result<(), encrypted_diesel::Error>,
    pub add: fn(&mut SqliteConnection, &str) -> QueryResult<i32>,
    pub find: fn(&mut SqliteConnection, &str) -> QueryResult<Option<User>>,
    pub change: fn(&mut SqliteConnection, i32, &str) -> QueryResult<usize>,
    pub list: fn(&mut SqliteConnection) -> QueryResult<Vec<User>>,
}

impl Release {
    /// Runs the command in the arguments on `users.db` in the current folder.
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
                let id = (self.add)(connection, email).map_err(explained)?;
                println!("{id} {email}");
            }
            ["find", email] => match (self.find)(connection, email).map_err(explained)? {
                Some(user) => print(&user),
                None => println!("nobody"),
            },
            ["change", id, email] => {
                match (self.change)(connection, id.parse()?, email).map_err(explained)? {
                    0 => println!("nobody"),
                    _ => println!("{id} {email}"),
                }
            }
            ["list"] => (self.list)(connection).map_err(explained)?.iter().for_each(print),
            _ => return Err(format!("usage: {USAGE}").into()),
        }
        Ok(())
    }

    /// Opens the database, and runs the migrations that this release ships with.
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

fn explained(error: DieselError) -> Error {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            "another user has this address".into()
        }
        // Diesel's message only names the column.
        error => match encrypted_diesel::Error::from_diesel(&error) {
            Some(reason) => format!("{error}: {reason}").into(),
            None => error.into(),
        },
    }
}
