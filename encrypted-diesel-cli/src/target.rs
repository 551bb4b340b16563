//! The columns that a command works on.

mod findings;
pub(crate) mod found;
mod json_text;
pub(crate) mod live;
mod rows;
mod utc_text;

use std::path::PathBuf;

use clap::Args;
use encrypted_diesel::maintenance::Dialect;

use self::live::Live;
use self::rows::Filter;
pub(crate) use self::rows::Rows;
use crate::config::declaration::{Declaration, Takes};
use crate::database::connection::Session;
use crate::database::url::DatabaseUrl;
use crate::error::Error;

/// Names columns and their database.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    /// Tables or columns, such as `users` or `users.email` [default: all declared columns]
    #[arg(value_name = "COLUMN")]
    pub(crate) columns: Vec<String>,

    /// The URL of the database [default: `DATABASE_URL`, from the environment or `.env`]
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// The file that declares the encrypted columns [default: the nearest encrypted-diesel.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The help of `columns` where blind indexes may be named as well.
pub(crate) const COLUMNS_AND_INDEXES: &str = "Tables, columns or blind indexes, such as `users`, `users.email` or `users.email_index` [default: all declared columns]";

/// The declared columns, and the URL of the database.
pub(crate) struct Target {
    pub(crate) url: DatabaseUrl,
    declaration: Declaration,
    columns: Vec<String>,
    takes: Takes,
    filter: Option<Filter>,
}

impl Target {
    pub(crate) fn new(options: Options, takes: Takes) -> Result<Self, Error> {
        let Options { columns, database_url, config } = options;
        let declaration = Declaration::read(config)?;
        declaration.select(&columns, takes)?;
        Ok(Self { url: DatabaseUrl::find(database_url)?, declaration, columns, takes, filter: None })
    }

    pub(crate) fn only(self, rows: Rows) -> Self {
        Self { filter: rows.filter, ..self }
    }

    pub(crate) fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// Finds the columns, after checking the declaration against the database.
    pub(crate) fn find<C: Session>(&self, connection: &mut C) -> Result<Live<C::Backend>, Error>
    where
        C::Backend: Dialect,
    {
        let catalog = connection.catalog()?;
        self.declaration.check(&catalog)?;
        let selected = self.declaration.select(&self.columns, self.takes)?;
        let mut live = live::find(&selected, &catalog, self.filter.as_ref())?;
        live.findings =
            findings::find(&self.declaration, &selected, &catalog, self.filter.is_some(), connection)?;
        if self.columns.is_empty() {
            live.undeclared = self.declaration.undeclared(&catalog);
        }
        Ok(live)
    }
}
