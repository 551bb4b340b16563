//! Diesel's own command-line tool, which prints the schema.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, absolute};
use std::process::Command;

use tempfile::NamedTempFile;
use toml::{Table, Value};

use crate::database::url::DatabaseUrl;
use crate::error::Error;

/// Diesel's tool, and the database that it reads.
pub(crate) struct DieselTool<'a> {
    program: OsString,
    url: &'a DatabaseUrl,
}

impl<'a> DieselTool<'a> {
    pub(crate) fn new(program: OsString, url: &'a DatabaseUrl) -> Self {
        Self { program, url }
    }

    /// Runs `diesel print-schema` with the settings of a `[print_schema]`, with or without a patch.
    pub(crate) fn print_schema(&self, settings: &Table, patch: Option<&Path>) -> Result<String, Error> {
        let print_schema = ("print_schema".to_owned(), Value::Table(settings.clone()));
        let configuration = temporary_file(&Table::from_iter([print_schema]).to_string())?;
        // Diesel's tool reads `.env` in its folder and those above, and a line there that it cannot parse stops it, and is
        // repeated. So it runs elsewhere, with paths that are whole.
        let folder = tempfile::tempdir().map_err(|error| Error::Temporary { reason: error.kind() })?;
        let whole = |path: &Path| absolute(path).map_err(|error| Error::Temporary { reason: error.kind() });
        let program = Path::new(&self.program);
        let mut command = match program.components().nth(1) {
            Some(_) => Command::new(whole(program)?),
            None => Command::new(program), // in the PATH
        };
        command.current_dir(folder.path());
        command.arg("--config-file").arg(configuration.path()).arg("print-schema");
        if let Some(patch) = patch {
            command.arg("--patch-file").arg(whole(patch)?);
        }
        // The URL goes into the environment: everyone may read a command line. A log would mix with the schema on stdout.
        let output = without_keys(&mut command)
            .env("DATABASE_URL", self.url.with_whole_path().expose())
            .env_remove("DIESEL_LOG")
            .output()
            .map_err(|error| self.not_started(&error))?;
        if output.status.success() {
            String::from_utf8(output.stdout).map_err(|_| self.failed("the schema is not UTF-8"))
        } else {
            Err(self.failed(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    fn not_started(&self, error: &io::Error) -> Error {
        let program = self.program.to_string_lossy().into_owned();
        Error::NoDieselTool { program, reason: error.kind() }
    }

    fn failed(&self, message: &str) -> Error {
        Error::DieselTool { message: self.url.redact(message.trim()) }
    }
}

/// The command without our keys, or where to find them.
fn without_keys(command: &mut Command) -> &mut Command {
    let is_ours =
        |name: &str| ["FIELD_ENCRYPTION_KEY", "FIELD_INDEX_KEY"].iter().any(|key| name.starts_with(key));
    let ours = env::vars_os().map(|(name, _)| name).filter(|name| name.to_str().is_some_and(is_ours));
    ours.fold(command, |command, name| command.env_remove(name))
}

/// A file that is deleted when the value is dropped.
pub(crate) fn temporary_file(text: &str) -> Result<NamedTempFile, Error> {
    let write = || {
        let mut file = NamedTempFile::new()?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok(file)
    };
    write().map_err(|error: io::Error| Error::Temporary { reason: error.kind() })
}
