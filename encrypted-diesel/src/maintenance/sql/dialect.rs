//! How each database says the same thing.

use diesel::backend::Backend;

use super::server::OnServer;

/// A backend whose tables can be walked: SQLite, PostgreSQL and MySQL, each with the feature of that name.
#[diagnostic::on_unimplemented(
    message = "tables of the backend `{Self}` cannot be walked",
    note = "enable the feature of encrypted-diesel for it: `sqlite`, `postgres` or `mysql`",
    note = "if it is the backend of a `#[derive(MultiConnection)]`, match on the connection's variants and walk the \
            connection of each"
)]
pub trait Dialect: Backend + OnServer + sealed::Words {}

pub(super) mod sealed {
    use super::Backend;

    /// Words of SQL. A pair stands before and after its argument.
    pub trait Words: Backend {
        /// Locks the rows that are read, and skips those that others have locked. `None` where there is one writer
        /// at a time.
        const LOCK: Option<&'static str>;
        /// Equality in which NULL equals NULL.
        const SAME: &'static str;
        /// The cast to text.
        const TO_TEXT: (&'static str, &'static str);
        /// The function from bytes to hex digits.
        const TO_HEX: (&'static str, &'static str);
        /// The cast from text to bytes, so that collations do not affect comparisons. `None` where texts are equal
        /// only if their bytes are.
        const TO_BYTES: Option<(&'static str, &'static str)>;
        /// The same for a column of bytes, where it may hold text.
        const BYTES_TO_BYTES: (&'static str, &'static str);
        /// Whether a statement that fails ends its transaction.
        const FAILURE_ENDS_TRANSACTION: bool;
        /// How many rows one update writes at most: 1 where it cannot take them from a list.
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
    TO_TEXT: (&'static str, &'static str) = ("CAST(", " AS TEXT)");
    TO_HEX: (&'static str, &'static str) = ("hex(", ")");
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(", " AS BLOB)"));
    BYTES_TO_BYTES: (&'static str, &'static str) = ("CAST(", " AS BLOB)");
    FAILURE_ENDS_TRANSACTION: bool = false;
    ROWS: usize = 1_000;
} }

#[cfg(feature = "postgres")]
dialect! { diesel::pg::Pg {
    LOCK: Option<&'static str> = Some(" FOR NO KEY UPDATE SKIP LOCKED");
    SAME: &'static str = " IS NOT DISTINCT FROM ";
    TO_TEXT: (&'static str, &'static str) = ("CAST(", " AS text)");
    TO_HEX: (&'static str, &'static str) = ("encode(", ", 'hex')");
    TO_BYTES: Option<(&'static str, &'static str)> = None;
    BYTES_TO_BYTES: (&'static str, &'static str) = ("", "");
    FAILURE_ENDS_TRANSACTION: bool = true;
    ROWS: usize = usize::MAX;
} }

#[cfg(feature = "mysql")]
dialect! { diesel::mysql::Mysql {
    LOCK: Option<&'static str> = Some(" FOR UPDATE SKIP LOCKED");
    SAME: &'static str = " <=> ";
    TO_TEXT: (&'static str, &'static str) = ("CAST(", " AS CHAR)");
    TO_HEX: (&'static str, &'static str) = ("HEX(", ")");
    // Bound bytes are UTF-8, whatever the character set of the column.
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(CONVERT(", " USING utf8mb4) AS BINARY)"));
    BYTES_TO_BYTES: (&'static str, &'static str) = ("", "");
    FAILURE_ENDS_TRANSACTION: bool = false;
    ROWS: usize = 1;
} }
