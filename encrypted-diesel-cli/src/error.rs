//! Everything that can go wrong on the command line. Each message says what to do.

use std::io::ErrorKind;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    // Keys
    #[error(
        "no key: set FIELD_ENCRYPTION_KEY or FIELD_ENCRYPTION_KEY_FILE, here or in `.env`; \
         if nothing is encrypted yet, `encrypted-diesel keygen --env-file .env` makes a first one"
    )]
    NoKey,
    #[error(
        "no key for blind indexes: set FIELD_INDEX_KEY or FIELD_INDEX_KEY_FILE, here or in `.env`; \
         if there is no index yet, `encrypted-diesel keygen --env-file .env --index` makes a first one"
    )]
    NoIndexKey,
    #[error(transparent)]
    Key(encrypted_diesel::Error),
    #[error("{}: {problem}", path.display())]
    EnvFile { path: PathBuf, problem: String },
    #[error("the output cannot be written: {reason}")]
    Output { reason: ErrorKind },

    // The database's URL
    #[error("no database: set DATABASE_URL, here or in `.env`, or pass --database-url")]
    NoDatabaseUrl,
    #[error("`.env` cannot be read: {reason}")]
    DotenvFile { reason: ErrorKind },
    #[error(
        "`.env` cannot be read: write each line as NAME=value, with quotes around a value that has spaces"
    )]
    Dotenv,
    #[error(
        "Diesel has no URLs with `{scheme}://`: for PostgreSQL it starts with postgres://, \
         for MySQL and MariaDB it starts with mysql://, for SQLite it is a file's path"
    )]
    UnknownScheme { scheme: String },
    #[error(
        "there is no database `{file}`: see whether the path is right; `diesel migration run` makes a new one"
    )]
    NoDatabase { file: String },
    #[error(
        "a database is named by its URL here, such as postgres://user@host/database, and not by `host=…`"
    )]
    Keywords,

    // Diesel's configuration and tool
    #[error("no diesel.toml here or in a folder above: name Diesel's configuration with --config")]
    NoConfiguration,
    #[error("{}: {reason}", path.display())]
    Configuration { path: PathBuf, reason: String },
    #[error(
        "`{program}` cannot be started ({reason}): install Diesel's tool with \
         `cargo install diesel_cli`, or say where it is with --diesel"
    )]
    NoDieselTool { program: String, reason: ErrorKind },
    #[error("`diesel print-schema` failed:\n{message}")]
    DieselTool { message: String },
    #[error("line {number} of what `diesel print-schema` prints is not understood: {line}")]
    UnknownLine { number: usize, line: String },
    #[error("a temporary file cannot be written: {reason}")]
    Temporary { reason: ErrorKind },

    // The database
    #[error("the database cannot be opened: {message}")]
    Connection { message: String },
    #[cfg(not(all(feature = "postgres", feature = "mysql")))]
    #[error(
        "this program was built without {backend}: install it by \
         `cargo install encrypted-diesel-cli --features {feature}`"
    )]
    WithoutBackend { backend: &'static str, feature: &'static str },
    #[error("the database cannot be read: {}", trimmed(.0))]
    Query(#[from] diesel::result::Error),
    #[error("the database has no tables for this schema: `diesel migration run` makes them")]
    NoTables,
    #[error("{column} says `{word}`, which means nothing here: the words are {known}")]
    UnknownWord { column: String, word: String, known: String },
    #[error(
        "{column} says that it is {sql_type}, which is stored as {stored}, \
         but Diesel's tool prints {found}: correct the column's type"
    )]
    WrongStorage { column: String, sql_type: &'static str, stored: &'static str, found: String },

    // Walks
    #[error("signals cannot be caught: {reason}")]
    Signals { reason: String },
    #[error(
        "the database has stopped this: {}\nwhat was done stays done: the same command goes on once the cause is gone",
        trimmed(.0)
    )]
    Stopped(diesel::result::Error),
    #[error(
        "{column} has {count} values under {ids}, and the keyring holds no such key: add it to the list, behind the \
         first. If there never was such a key, they only begin as encrypted values do (`ed1…`), and are to be changed \
         before this"
    )]
    UnknownKeys { column: String, count: u64, ids: String },
    #[error("name the columns that are to be decrypted, such as `users.email`")]
    DecryptAll,
    #[error(
        "decrypted values can be read by all who see the database, its logs and its backups: \
         if that is meant, pass --confirm-plaintext"
    )]
    Unconfirmed,

    // The patch
    #[error(
        "PostgreSQL needs no patch: there, columns have domains as types, \
         and Diesel's tool knows them by `pg_domains_as_custom_types`"
    )]
    Postgres,
    #[error(
        "Diesel's configuration names no patch file: \
         add `patch_file = \"schema.patch\"` under [print_schema], or pass --output"
    )]
    NoPatchFile,
    #[error(
        "--output names one file, but Diesel's configuration has several schemas: \
         give each its own `patch_file`"
    )]
    SeveralSchemas,
    #[error(
        "{} was not written by this command, and is left as it is: delete it, or pass --output",
        path.display()
    )]
    ForeignPatch { path: PathBuf },
    #[error("{} cannot be {done}: {reason}", path.display())]
    PatchFile { path: PathBuf, done: &'static str, reason: ErrorKind },
    #[error(
        "{} is stale:{wrong}\nrun this again without --check, then `diesel migration run`",
        path.display()
    )]
    Stale { path: PathBuf, wrong: String },
    #[error(
        "the patch for {} would not give the right schema, and was not written: please report this{reason}",
        path.display()
    )]
    Unproven { path: PathBuf, reason: String },

    // encrypted-diesel.toml
    #[error(
        "no encrypted-diesel.toml here or in a folder above: write it, or name one like it; \
         `encrypted-diesel draft` prints a first draft"
    )]
    NoDeclaration,
    #[error("there is no file `{}`: `encrypted-diesel draft` prints a first draft", path.display())]
    NoSuchDeclaration { path: PathBuf },
    #[error("{}: {reason}", path.display())]
    Declaration { path: PathBuf, reason: ErrorKind },
    /// Each with its file, line and column, one a line.
    #[error("{problems}")]
    WrongDeclaration { problems: String },
    #[error("{file} declares no {unknown}: it declares {declared}")]
    Undeclared { file: String, unknown: String, declared: String },
}

/// libpq ends what it says with a line break.
fn trimmed(error: &diesel::result::Error) -> String {
    error.to_string().trim_end().to_owned()
}

/// What is missing is said to an operator, who has this tool, and not to a programmer.
impl From<encrypted_diesel::Error> for Error {
    fn from(error: encrypted_diesel::Error) -> Self {
        match error {
            encrypted_diesel::Error::MissingKey { .. } => Self::NoKey,
            encrypted_diesel::Error::NoIndexKey => Self::NoIndexKey,
            error => Self::Key(error),
        }
    }
}
