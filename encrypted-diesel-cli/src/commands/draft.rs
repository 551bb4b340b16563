//! `encrypted-diesel draft`: a first encrypted-diesel.toml, from the markers in the database.

mod document;

use clap::Args;

use self::document::Document;
use crate::database::connection;
use crate::database::url::DatabaseUrl;
use crate::error::Error;
use crate::output;

/// Print a first encrypted-diesel.toml, for you to complete
///
/// Finds the columns that the database marks as encrypted, and the blind indexes. You add the details that only the
/// application knows: contexts, normalizers and the types of values.
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
    output::print_file(&document.text)?;
    for note in &document.notes {
        output::say(format_args!("note: {note}"));
    }
    Ok(())
}
