//! What a command works on.

use std::path::PathBuf;

use clap::Args;
use encrypted_diesel::maintenance::Dialect;

use super::Error;
use super::database::Session;
use super::database_url::DatabaseUrl;
use super::declaration::{Declaration, Takes};
use super::live::{self, Live};

/// Which columns of which database.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(super) struct Options {
    /// Tables or columns, such as `users` or `users.email` [default: all that are declared]
    ///
    /// `reindex` and `verify` take blind indexes as well, such as `users.email_index`.
    #[arg(value_name = "COLUMN")]
    pub(super) columns: Vec<String>,

    /// The database [default: `DATABASE_URL`, from the environment or `.env`]
    #[arg(long, value_name = "URL")]
    pub(super) database_url: Option<String>,

    /// The declaration of columns [default: the nearest encrypted-diesel.toml]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// The declaration, and where the database is.
pub(super) struct Target {
    pub(super) url: DatabaseUrl,
    declaration: Declaration,
    columns: Vec<String>,
    takes: Takes,
}

impl Target {
    pub(super) fn new(options: Options, takes: Takes) -> Result<Self, Error> {
        let Options { columns, database_url, config } = options;
        let declaration = Declaration::read(config)?;
        declaration.select(&columns, takes)?;
        Ok(Self { url: DatabaseUrl::find(database_url)?, declaration, columns, takes })
    }

    /// The columns, once the declaration is known to be true of the database.
    pub(super) fn find<C: Session>(&self, connection: &mut C) -> Result<Live<C::Backend>, Error>
    where
        C::Backend: Dialect,
    {
        let catalog = connection.catalog()?;
        self.declaration.check(&catalog)?;
        let mut live = live::find(&self.declaration.select(&self.columns, self.takes)?, &catalog);
        if self.columns.is_empty() {
            live.undeclared = self.declaration.undeclared(&catalog);
        }
        Ok(live)
    }
}
