//! `encrypted-diesel draft`: a first encrypted-diesel.toml, from what the database says.

mod document;

use clap::Args;

use self::document::Document;
use crate::database::connection;
use crate::database::url::DatabaseUrl;
use crate::error::Error;
use crate::output;

/// Print a first encrypted-diesel.toml, to be completed by hand
///
/// Finds the columns that say in the database that they are encrypted, and the blind indexes. What only the
/// application knows is left open: contexts, normalizers, the types of values.
#[derive(Args)]
pub(crate) struct Options {
    /// The database [default: `DATABASE_URL`, from the environment or `.env`]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Prints the draft.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    let url = DatabaseUrl::find(options.database_url)?;
    let catalog = connection::open(&url)?.catalog()?;
    let document = Document::of(&catalog);
    output::print(&[&document.text])?;
    for note in &document.notes {
        output::say(format_args!("note: {note}"));
    }
    Ok(())
}
