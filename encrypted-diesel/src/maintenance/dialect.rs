//! What is said differently on each database.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use super::update::Update;

/// A backend whose tables can be walked through: SQLite, PostgreSQL and MySQL, by the feature of that name.
#[diagnostic::on_unimplemented(
    message = "tables of the backend `{Self}` cannot be walked through",
    note = "enable the feature of encrypted-diesel that is named for it: `sqlite`, `postgres` or `mysql`"
)]
pub trait Dialect: Backend + sealed::Words {}

pub(super) mod sealed {
    use super::{AstPass, Backend, QueryResult, Update};

    /// Words of SQL.
    pub trait Words: Backend {
        /// Keeps others off the rows that were read until they are written, and passes over those that others
        /// work on. Nothing where there is one writer at a time.
        const LOCK: Option<&'static str>;
        /// Equality in which NULL equals NULL.
        const SAME: &'static str;
        /// The cast from a primary key, or another value, to text: before and behind it.
        const TO_TEXT: (&'static str, &'static str);
        /// The function from bytes to hex digits, before and behind them.
        const TO_HEX: (&'static str, &'static str);
        /// What makes bytes of a text, so that no collation has a say in comparing it. Nothing where texts are
        /// equal only if their bytes are.
        const TO_BYTES: Option<(&'static str, &'static str)>;
        /// The same of bytes, where a column of bytes may hold texts.
        const BYTES_TO_BYTES: (&'static str, &'static str);
        /// Whether a statement that fails ends the transaction that it is in.
        const FAILURE_ENDS_TRANSACTION: bool;
        /// How many rows one update writes at most. One, where it cannot take them from a list.
        const ROWS: usize;

        /// The changes of an update as a table `n`, with columns `column1`, `column2` and so on.
        fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()>;
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! dialect {
    ($backend:ty, $list:path { $($name:ident: $type:ty = $value:expr;)* }) => {
        impl Dialect for $backend {}

        impl sealed::Words for $backend {
            $(const $name: $type = $value;)*

            fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()> {
                $list(pass, update)
            }
        }

        // Not for all backends at once: others could give the row a reading of their own.
        impl diesel::deserialize::FromSqlRow<diesel::sql_types::Untyped, $backend> for super::select::RawRow {
            fn build_from_row<'a>(
                row: &impl diesel::row::Row<'a, $backend>,
            ) -> diesel::deserialize::Result<Self> {
                Self::from_row(row)
            }
        }
    };
}

#[cfg(feature = "sqlite")]
dialect! { diesel::sqlite::Sqlite, super::update::values {
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
dialect! { diesel::pg::Pg, super::update::unnested {
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
dialect! { diesel::mysql::Mysql, super::update::values {
    LOCK: Option<&'static str> = Some(" FOR UPDATE SKIP LOCKED");
    SAME: &'static str = " <=> ";
    TO_TEXT: (&'static str, &'static str) = ("CAST(", " AS CHAR)");
    TO_HEX: (&'static str, &'static str) = ("HEX(", ")");
    // The bytes that are bound are UTF-8, whatever the column's character set.
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(CONVERT(", " USING utf8mb4) AS BINARY)"));
    BYTES_TO_BYTES: (&'static str, &'static str) = ("", "");
    FAILURE_ENDS_TRANSACTION: bool = false;
    ROWS: usize = 1;
} }
