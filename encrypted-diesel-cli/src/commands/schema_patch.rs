//! `encrypted-diesel schema-patch`: the types of encrypted columns, for Diesel's tool.
//!
//! SQLite and MySQL have no user-defined types, so `diesel print-schema` writes `Text` for an encrypted column. It
//! can apply a patch to its output, and this command writes that patch. It asks Diesel's tool for the schema without
//! a patch, and finds the encrypted columns in the database. Before it writes the patch, it has Diesel's tool apply
//! it and compares the result.

mod columns;
mod diesel_tool;
mod patch;

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::Args;
use toml::{Table, Value};

use self::columns::Columns;
use self::diesel_tool::{DieselTool, temporary_file};
use self::patch::{Patch, WRITTEN_BY};
use crate::config::diesel_toml::{self, PrintSchema};
use crate::config::printed::Printed;
use crate::database::marker;
use crate::database::url::{Backend, DatabaseUrl};
use crate::error::Error;
use crate::output;

/// Write the patch that tells `diesel print-schema` about encrypted columns, for SQLite and MySQL
///
/// Finds the columns that the database marks as encrypted, and writes the `patch_file` of Diesel's configuration.
/// Run it after each migration, then run `diesel migration run`, which writes the schema. PostgreSQL needs no
/// patch: its columns have domains as types.
#[derive(Args)]
#[command(after_long_help = format!("How to mark a column as encrypted:\n{}", marker::Table))]
pub(crate) struct Options {
    /// The database [default: `DATABASE_URL`, from the environment or `.env`]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,

    /// Diesel's configuration [default: `DIESEL_CONFIG_FILE`, or the nearest diesel.toml]
    #[arg(long, value_name = "FILE", visible_alias = "config-file")]
    config: Option<PathBuf>,

    /// The patch [default: the configuration's `patch_file`]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write nothing, and fail if the patch is stale
    #[arg(long)]
    check: bool,

    /// Diesel's command-line tool
    #[arg(long, value_name = "PROGRAM", default_value = "diesel")]
    diesel: OsString,
}

const IMPORT: &str = "under [print_schema], import them:\n  \
    import_types = [\"diesel::sql_types::*\", \"encrypted_diesel::sql_types::*\"]";

/// Writes or checks the patch of each schema.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    let url = DatabaseUrl::find(options.database_url)?;
    let backend = url.backend()?;
    if backend == Backend::Postgres {
        return Err(Error::Postgres);
    }
    let mut schemas = diesel_toml::read(options.config)?;
    if let Some(output) = options.output {
        let [schema] = &mut schemas[..] else { return Err(Error::SeveralSchemas) };
        schema.patch_file = Some(output);
    }
    let diesel = DieselTool::new(options.diesel, &url);
    for schema in &schemas {
        SchemaPatch { url: &url, backend, diesel: &diesel, schema }.run(options.check)?;
    }
    Ok(())
}

/// The patch of one schema.
struct SchemaPatch<'a> {
    url: &'a DatabaseUrl,
    backend: Backend,
    diesel: &'a DieselTool<'a>,
    schema: &'a PrintSchema,
}

impl SchemaPatch<'_> {
    fn run(&self, check: bool) -> Result<(), Error> {
        let encrypted = self.encrypted_columns()?;
        let unpatched = self.diesel.print_schema(&self.schema.settings, None)?;
        let printed = Printed::read(&unpatched)?;
        if printed.tables.is_empty() {
            return Err(Error::NoTables);
        }
        let patch = Patch::new(&printed, &encrypted)?;
        let path = match &self.schema.patch_file {
            Some(path) => path,
            None if patch.columns == 0 => {
                return output::print_text("no encrypted columns, so no patch is needed\n");
            }
            None => return Err(Error::NoPatchFile),
        };

        match self.compare(path, &patch)? {
            None => {
                output::print_text(format_args!("{} is up to date: {}\n", path.display(), summary(&patch)))?;
            }
            Some(wrong) if check => return Err(Error::Stale { path: path.clone(), wrong }),
            Some(_) => {
                self.write(path, &patch)?;
                output::print_text(format_args!("wrote {}: {}\n", path.display(), summary(&patch)))?;
                if let Some(file) = &self.schema.file {
                    output::print_text(format_args!(
                        "next, `diesel migration run` writes {}\n",
                        file.display()
                    ))?;
                }
            }
        }
        if patch.columns > 0 && !self.imports_our_types() {
            let schema = self.schema.file.as_deref().unwrap_or(Path::new("schema.rs"));
            output::say(format_args!(
                "note: {} needs these types. In Diesel's configuration, {IMPORT}",
                schema.display()
            ));
        }
        Ok(())
    }

    fn encrypted_columns(&self) -> Result<Columns, Error> {
        if self.backend == Backend::Sqlite {
            return Columns::in_sqlite(self.url);
        }
        let mut settings: Table = self.schema.settings.clone();
        settings.insert("with_docs".to_owned(), Value::from("only-database-comments"));
        let commented = self.diesel.print_schema(&settings, None)?;
        Columns::in_comments(&Printed::read(&commented)?)
    }

    /// How the schema that the patch in this file produces differs from the right one, if it does.
    ///
    /// Compares schemas, not patches: a patch with outdated line numbers is fine.
    fn compare(&self, path: &Path, patch: &Patch) -> Result<Option<String>, Error> {
        if !path.exists() {
            return Ok(Some(indented("it does not exist")));
        }
        // The tool has printed the schema without a patch, so a failure now is due to the patch.
        let schema = match self.diesel.print_schema(&self.schema.settings, Some(path)) {
            Ok(schema) => schema,
            Err(Error::DieselTool { message }) => return Ok(Some(indented(&message))),
            Err(error) => return Err(error),
        };
        if schema == patch.schema {
            return Ok(None);
        }
        patch.difference(&schema).map(|difference| Some(indented(&difference)))
    }

    /// Writes the patch, after proving that it produces the right schema.
    fn write(&self, path: &Path, patch: &Patch) -> Result<(), Error> {
        let failed = |action| {
            move |error: io::Error| Error::PatchFile { path: path.to_owned(), action, reason: error.kind() }
        };
        match fs::read_to_string(path) {
            Ok(text) if text.starts_with(WRITTEN_BY) || text.trim().is_empty() => {}
            Ok(_) => return Err(Error::ForeignPatch { path: path.to_owned() }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed("read")(error)),
        }
        let proof = temporary_file(&patch.text)?;
        if let Some(reason) = self.compare(proof.path(), patch)? {
            return Err(Error::Unproven { path: path.to_owned(), reason });
        }
        fs::write(path, &patch.text).map_err(failed("write"))
    }

    /// Whether the schema imports from our crate, and so knows `EncryptedText`.
    fn imports_our_types(&self) -> bool {
        self.schema.import_types.iter().any(|import| import.starts_with("encrypted_diesel::"))
    }
}

fn summary(patch: &Patch) -> String {
    let number = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    format!("{} in {}", number(patch.columns, "encrypted column"), number(patch.tables, "table"))
}

/// The lines of a message, indented below the line that introduces them.
fn indented(message: &str) -> String {
    message.trim().lines().map(|line| format!("\n  {line}")).collect()
}
