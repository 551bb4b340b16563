//! What is said differently on each database.

use diesel::backend::Backend;

/// A backend whose tables can be walked through: SQLite, PostgreSQL and MySQL, by the feature of that name.
#[diagnostic::on_unimplemented(
    message = "tables of the backend `{Self}` cannot be walked through",
    note = "enable the feature of encrypted-diesel that is named for it: `sqlite`, `postgres` or `mysql`"
)]
pub trait Dialect: Backend + sealed::Words {}

pub(super) mod sealed {
    /// Words of SQL.
    pub trait Words {
        /// Keeps others off the rows that were read until they are written, and passes over those that others
        /// work on. Nothing where there is one writer at a time.
        const LOCK: Option<&'static str>;
        /// Equality in which NULL equals NULL.
        const SAME: &'static str;
        /// The type to which a primary key is cast to be read as text.
        const TEXT: &'static str;
        /// The function from bytes to hex digits, before and behind them.
        const TO_HEX: (&'static str, &'static str);
        /// What makes bytes of a text, so that no collation has a say in comparing it. Nothing where texts are
        /// equal only if their bytes are.
        const TO_BYTES: Option<(&'static str, &'static str)>;
        /// Whether a statement that fails ends the transaction that it is in.
        const FAILURE_ENDS_TRANSACTION: bool;
        /// How many rows one update writes at most. One, where it cannot take them from a list of values.
        const ROWS: usize;
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! dialect {
    ($backend:ty { $($name:ident: $type:ty = $value:expr;)* }) => {
        impl Dialect for $backend {}

        impl sealed::Words for $backend {
            $(const $name: $type = $value;)*
        }
    };
}

#[cfg(feature = "sqlite")]
dialect! { diesel::sqlite::Sqlite {
    LOCK: Option<&'static str> = None;
    SAME: &'static str = " IS ";
    TEXT: &'static str = "TEXT";
    TO_HEX: (&'static str, &'static str) = ("hex(", ")");
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(", " AS BLOB)"));
    FAILURE_ENDS_TRANSACTION: bool = false;
    ROWS: usize = 1_000;
} }

#[cfg(feature = "postgres")]
dialect! { diesel::pg::Pg {
    LOCK: Option<&'static str> = Some(" FOR UPDATE SKIP LOCKED");
    SAME: &'static str = " IS NOT DISTINCT FROM ";
    TEXT: &'static str = "text";
    TO_HEX: (&'static str, &'static str) = ("encode(", ", 'hex')");
    TO_BYTES: Option<(&'static str, &'static str)> = None;
    FAILURE_ENDS_TRANSACTION: bool = true;
    ROWS: usize = 1_000;
} }

#[cfg(feature = "mysql")]
dialect! { diesel::mysql::Mysql {
    LOCK: Option<&'static str> = Some(" FOR UPDATE SKIP LOCKED");
    SAME: &'static str = " <=> ";
    TEXT: &'static str = "CHAR";
    TO_HEX: (&'static str, &'static str) = ("HEX(", ")");
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(", " AS BINARY)"));
    FAILURE_ENDS_TRANSACTION: bool = false;
    ROWS: usize = 1;
} }
