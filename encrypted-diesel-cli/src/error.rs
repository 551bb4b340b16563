//! The errors of the tool. Where something can be done about one, its message says what.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use encrypted_diesel::key_service::UnwrapError;

use crate::terminal::one_line;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    // Keys
    #[error(
        "no key: set FIELD_ENCRYPTION_KEY or FIELD_ENCRYPTION_KEY_FILE, in the environment or in `.env`; \
         if nothing is encrypted yet, make a first key with `encrypted-diesel keygen --env-file .env`{}",
        not_read(.ignored.as_deref())
    )]
    NoKey { ignored: Option<PathBuf> },
    #[error(
        "no key for blind indexes: set FIELD_INDEX_KEY or FIELD_INDEX_KEY_FILE, in the environment or in `.env`; \
         if nothing is indexed yet, make a first key with `encrypted-diesel keygen --env-file .env --index`"
    )]
    NoIndexKey,
    #[error(transparent)]
    Key(encrypted_diesel::Error),
    #[error("{}: {problem}", path.display())]
    EnvFile { path: PathBuf, problem: String },
    #[error("{scheme}: {problem}")]
    Service { scheme: String, problem: UnwrapError },
    #[error("key {position} ({scheme}): {problem}")]
    Entry { position: usize, scheme: String, problem: UnwrapError },
    #[error(
        "{variable} has keys in the clear: `--to` wraps them; without it, only what is wrapped already is wrapped again"
    )]
    Clear { variable: &'static str },
    #[error("cannot write the output: {reason}")]
    Output { reason: ErrorKind },

    // The database's URL
    #[error(
        "no database: set DATABASE_URL, in the environment or in `.env`, or pass --database-url{}",
        not_read(.ignored.as_deref())
    )]
    NoDatabaseUrl { ignored: Option<PathBuf> },
    #[error(
        "Diesel does not know URLs that start with `{scheme}://`: use postgres:// for PostgreSQL, \
         mysql:// for MySQL and MariaDB, and a file's path for SQLite"
    )]
    UnknownScheme { scheme: String },
    #[error(
        "the database `{file}` does not exist: check the path; `diesel migration run` creates a new database"
    )]
    NoDatabase { file: String },
    #[error("write the database as a URL, such as postgres://user@host/database, not as `host=…`")]
    Keywords,

    // Diesel's configuration and tool
    #[error(
        "no diesel.toml in this folder or any folder above it: pass Diesel's configuration with --config"
    )]
    NoConfiguration,
    #[error("{}: {reason}", path.display())]
    Configuration { path: PathBuf, reason: String },
    #[error(
        "cannot start `{program}` ({reason}): install Diesel's tool with \
         `cargo install diesel_cli`, or pass its path with --diesel"
    )]
    NoDieselTool { program: String, reason: ErrorKind },
    #[error("`diesel print-schema` failed:\n{message}")]
    DieselTool { message: String },
    #[error("cannot parse line {number} of the output of `diesel print-schema`: {}", one_line(line))]
    UnknownLine { number: usize, line: String },
    #[error("cannot write a temporary file: {reason}")]
    Temporary { reason: ErrorKind },

    // The database
    #[error("cannot open the database: {message}")]
    Connection { message: String },
    #[cfg(not(all(feature = "postgres", feature = "mysql")))]
    #[error(
        "this `encrypted-diesel` was built without {backend}: install it with \
         `cargo install encrypted-diesel-cli --features {feature}`"
    )]
    WithoutBackend { backend: &'static str, feature: &'static str },
    #[error("cannot read the database: {}", trimmed(.0))]
    Query(#[from] diesel::result::Error),
    #[error("the database has no tables for this schema: create them with `diesel migration run`")]
    NoTables,
    #[error("{} is marked `{word}`, which is not a known marker; the markers are {known}", one_line(column))]
    UnknownWord { column: String, word: String, known: String },
    #[error(
        "{} is marked as {sql_type}, which is stored as {stored}, \
         but Diesel's tool prints {found}: correct the column's type",
        one_line(column)
    )]
    WrongStorage { column: String, sql_type: &'static str, stored: &'static str, found: String },

    // Walks
    /// One finding a line.
    #[error("refused before the first row:\n{findings}")]
    Refused { findings: String },
    #[error("cannot catch signals: {reason}")]
    Signals { reason: String },
    #[error(
        "the database stopped the command: {}\nfinished work is kept: fix the cause, then run the same command again",
        trimmed(.0)
    )]
    Stopped(diesel::result::Error),
    #[error(
        "{} has {count} values under keys that are not in the keyring ({ids}): add them to the list, after the \
         first; if there never were such keys, these values only look encrypted (they start with `ed1…`): change them \
         first; if they are other tenants', name this one's rows with --where",
        one_line(column)
    )]
    UnknownKeys { column: String, count: u64, ids: String },
    #[error(
        "{} has no column `{}`: name tables that have it, and then --where",
        one_line(table),
        one_line(column)
    )]
    NoSuchFilter { table: String, column: String },
    #[error("name the columns to decrypt, such as `users.email`")]
    DecryptAll,
    #[error(
        "anyone who can see the database, its logs or its backups will be able to read the decrypted values: \
         pass --confirm-plaintext if that is what you want"
    )]
    Unconfirmed,

    // The patch
    #[error(
        "PostgreSQL needs no patch: its columns have domains as types, \
         and Diesel's tool recognizes them with `pg_domains_as_custom_types`"
    )]
    Postgres,
    #[error(
        "Diesel's configuration does not name a patch file: \
         add `patch_file = \"schema.patch\"` under [print_schema], or pass --output"
    )]
    NoPatchFile,
    #[error(
        "--output names one file, but Diesel's configuration has several schemas: \
         give each its own `patch_file`"
    )]
    SeveralSchemas,
    #[error(
        "{} was not written by this command, so it stays unchanged: delete it, or pass --output",
        path.display()
    )]
    ForeignPatch { path: PathBuf },
    #[error("cannot {action} {}: {reason}", path.display())]
    PatchFile { path: PathBuf, action: &'static str, reason: ErrorKind },
    #[error(
        "{} is stale:{wrong}\nrun this again without --check, then `diesel migration run`",
        path.display()
    )]
    Stale { path: PathBuf, wrong: String },
    #[error(
        "the patch for {} would not produce the right schema, so it was not written: please report this{reason}",
        path.display()
    )]
    Unproven { path: PathBuf, reason: String },

    // encrypted-diesel.toml
    #[error(
        "no encrypted-diesel.toml in this folder or any folder above it: write one, or pass a file with --config; \
         `encrypted-diesel draft` prints a first draft"
    )]
    NoDeclaration,
    #[error("the file `{}` does not exist: `encrypted-diesel draft` prints a first draft", path.display())]
    NoSuchDeclaration { path: PathBuf },
    #[error("{}: {reason}", path.display())]
    Declaration { path: PathBuf, reason: ErrorKind },
    /// One problem a line, each with its file, line and column.
    #[error("{problems}")]
    WrongDeclaration { problems: String },
    #[error(
        "`{}` is a blind index; this command takes columns, and the tables that have them",
        one_line(index)
    )]
    IsIndex { index: String },
    #[error("{file} does not declare {}; it declares {}", one_line(unknown), one_line(declared))]
    Undeclared { file: String, unknown: String, declared: String },
}

/// Keeps the lines of a server's message together: none of them can pass for one of this program's.
pub(crate) fn indented(message: &str) -> String {
    message.replace('\n', "\n  ")
}

/// libpq ends its messages with a line break.
fn trimmed(error: &diesel::result::Error) -> String {
    indented(error.to_string().trim_end())
}

/// Names a `.env` in a folder above, which the reader may have expected to be read.
fn not_read(ignored: Option<&Path>) -> String {
    ignored.map_or_else(String::new, |file| {
        format!("; {} is not read: run this command in its folder", file.display())
    })
}

/// The library's own messages for a missing key address a programmer. These address an operator, with this tool at hand.
impl From<encrypted_diesel::Error> for Error {
    fn from(error: encrypted_diesel::Error) -> Self {
        match error {
            encrypted_diesel::Error::MissingKey { ignored, .. } => Self::NoKey { ignored },
            encrypted_diesel::Error::NoIndexKey => Self::NoIndexKey,
            error => Self::Key(error),
        }
    }
}
