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
        /// Equality.
        const EQUAL: &'static str;
        /// Equality in which NULL equals NULL, where there is an operator for it that others cannot replace.
        const SAME: Option<&'static str>;
        /// The functions of these names.
        const SUBSTR: &'static str;
        const COUNT: &'static str;
        /// How a column of another type is read as text, unless the catalog says more about it.
        const TO_TEXT: &'static str;
        /// The same as bytes that differ if the value does, to see whether the column has changed.
        const TO_EXACT: &'static str;
        /// How a column of text or bytes is read.
        const STORED: (&'static str, &'static str);
        /// What the text of a value depends on, and the value with which nothing is lost.
        const READING: &'static [(&'static str, &'static str)];
        /// Whether a part of a primary key may be NULL.
        const KEYS_MAY_BE_NULL: bool;
        /// The function from bytes to hex digits.
        const TO_HEX: (&'static str, &'static str);
        /// The cast from text to bytes, so that collations do not affect comparisons. `None` where texts are equal
        /// only if their bytes are, in the collation of [`TEXT`](Self::TEXT).
        const TO_BYTES: Option<(&'static str, &'static str)>;
        /// A text that is compared as text.
        const TEXT: (&'static str, &'static str);
        /// The same for a column of bytes, where it may hold text.
        const BYTES_TO_BYTES: (&'static str, &'static str);
        /// The word that begins a query. It sees to it that all rows come, and sorted by all of their key.
        const SELECT: &'static str;
        /// The word that begins an update, which fails where it would break a constraint, whatever the table says.
        const UPDATE: &'static str;
        /// The query for the longest statement that the server takes, in bytes. `None` if it has no such limit.
        const LONGEST: Option<&'static str>;
        /// Messages for a database that is busy: only of SQLite, which has no other language.
        const BUSY: &'static [&'static str];
        /// The same for one that takes no writes.
        const BROKEN: &'static [&'static str];
        /// Does now what the database would do at the commit. `None` where it does nothing then.
        const SETTLE: Option<&'static str>;
        /// Lets a transaction that begins read only its own writes from then on. `None` where it does so anyway.
        const SNAPSHOT: Option<&'static str>;
        /// Whether a transaction reads rows as they were when it first read, even if they were changed since.
        const READS_OLD: bool;
        /// Ends a subquery that is to be evaluated by itself. Otherwise, SQLite sorts whole values to group a few bytes of them.
        const BY_ITSELF: &'static str;
        /// Whether rows are read one by one, so that a reader can stop. Other clients hold all rows of a result.
        const STREAMS: bool;
        /// The length in bytes, as text.
        const LENGTH: &'static str;
        /// How many rows are read back at most in one statement.
        const READ_BACK_ROWS: usize;
        /// Whether the database's own functions write a date and time in UTC, without an offset.
        const WRITES_UTC: bool;
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
    EQUAL: &'static str = " = ";
    SAME: Option<&'static str> = Some(" IS ");
    SUBSTR: &'static str = "substr";
    COUNT: &'static str = "count";
    TO_TEXT: &'static str = "{}";
    TO_EXACT: &'static str = "CAST(CASE typeof({}) WHEN 'real' THEN printf('%!.20g', {}) ELSE {} END AS BLOB)";
    STORED: (&'static str, &'static str) = ("CAST(", " AS BLOB)");
    READING: &'static [(&'static str, &'static str)] = &[];
    KEYS_MAY_BE_NULL: bool = true;
    TO_HEX: (&'static str, &'static str) = ("hex(", ")");
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(", " AS BLOB)"));
    TEXT: (&'static str, &'static str) = ("", "");
    BYTES_TO_BYTES: (&'static str, &'static str) = ("CAST(", " AS BLOB)");
    // <https://sqlite.org/rescode.html#busy>
    SELECT: &'static str = "SELECT ";
    UPDATE: &'static str = "UPDATE OR ABORT ";
    LONGEST: Option<&'static str> = None;
    BUSY: &'static [&'static str] = &["database is locked", "database table is locked"];
    BROKEN: &'static [&'static str] =
        &["attempt to write a readonly database", "database or disk is full", "disk I/O error"];
    SETTLE: Option<&'static str> = None;
    SNAPSHOT: Option<&'static str> = None;
    READS_OLD: bool = false;
    BY_ITSELF: &'static str = " LIMIT -1";
    STREAMS: bool = true;
    LENGTH: &'static str = "length(CAST({} AS BLOB))";
    READ_BACK_ROWS: usize = 1_000;
    WRITES_UTC: bool = true;
    ROWS: usize = 1_000;
} }

#[cfg(feature = "postgres")]
dialect! { diesel::pg::Pg {
    LOCK: Option<&'static str> = Some(" FOR NO KEY UPDATE SKIP LOCKED");
    EQUAL: &'static str = " OPERATOR(pg_catalog.=) ";
    SAME: Option<&'static str> = None;
    SUBSTR: &'static str = "pg_catalog.substr";
    COUNT: &'static str = "pg_catalog.count";
    TO_TEXT: &'static str = "CASE WHEN {} IS NULL THEN NULL ELSE pg_catalog.concat({}) END";
    TO_EXACT: &'static str = "pg_catalog.record_send(ROW({}))";
    STORED: (&'static str, &'static str) = ("", "");
    READING: &'static [(&'static str, &'static str)] = &[
        ("DateStyle", "ISO"),
        ("IntervalStyle", "postgres"),
        ("TimeZone", "UTC"),
        ("extra_float_digits", "3"),
        ("bytea_output", "hex"),
    ];
    KEYS_MAY_BE_NULL: bool = false;
    TO_HEX: (&'static str, &'static str) = ("pg_catalog.encode(", ", 'hex')");
    TO_BYTES: Option<(&'static str, &'static str)> = None;
    TEXT: (&'static str, &'static str) = ("", " COLLATE pg_catalog.\"C\"");
    BYTES_TO_BYTES: (&'static str, &'static str) = ("", "");
    SELECT: &'static str = "SELECT ";
    UPDATE: &'static str = "UPDATE ";
    LONGEST: Option<&'static str> = None;
    BUSY: &'static [&'static str] = &[];
    BROKEN: &'static [&'static str] = &[];
    // Deferred constraint triggers.
    SETTLE: Option<&'static str> = Some("SET CONSTRAINTS ALL IMMEDIATE");
    SNAPSHOT: Option<&'static str> = Some("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    READS_OLD: bool = false;
    BY_ITSELF: &'static str = "";
    STREAMS: bool = false;
    LENGTH: &'static str = "CAST(pg_catalog.octet_length({}) AS pg_catalog.text)";
    READ_BACK_ROWS: usize = usize::MAX;
    WRITES_UTC: bool = false;
    ROWS: usize = usize::MAX;
} }

#[cfg(feature = "mysql")]
dialect! { diesel::mysql::Mysql {
    LOCK: Option<&'static str> = Some(" FOR UPDATE SKIP LOCKED");
    EQUAL: &'static str = " = ";
    SAME: Option<&'static str> = Some(" <=> ");
    SUBSTR: &'static str = "substr";
    COUNT: &'static str = "count";
    TO_TEXT: &'static str = "CAST({} AS CHAR)";
    TO_EXACT: &'static str = "CAST(CONVERT(CAST({} AS CHAR) USING utf8mb4) AS BINARY)";
    STORED: (&'static str, &'static str) = ("", "");
    READING: &'static [(&'static str, &'static str)] = &[];
    KEYS_MAY_BE_NULL: bool = false;
    TO_HEX: (&'static str, &'static str) = ("HEX(", ")");
    // Bound bytes are UTF-8, whatever the character set of the column.
    TO_BYTES: Option<(&'static str, &'static str)> = Some(("CAST(CONVERT(", " USING utf8mb4) AS BINARY)"));
    TEXT: (&'static str, &'static str) = ("", "");
    BYTES_TO_BYTES: (&'static str, &'static str) = ("", "");
    // MariaDB runs what is in the first comment, and MySQL heeds the second.
    SELECT: &'static str = "/*M! SET STATEMENT max_sort_length = 8388608, \
        sql_select_limit = 18446744073709551615 FOR */ SELECT /*+ SET_VAR(max_sort_length = 8388608) \
        SET_VAR(sql_select_limit = 18446744073709551615) */ ";
    UPDATE: &'static str = "UPDATE ";
    LONGEST: Option<&'static str> = Some("SELECT CAST(@@max_allowed_packet AS SIGNED)");
    BUSY: &'static [&'static str] = &[];
    BROKEN: &'static [&'static str] = &[];
    SETTLE: Option<&'static str> = None;
    SNAPSHOT: Option<&'static str> = None;
    READS_OLD: bool = true;
    BY_ITSELF: &'static str = "";
    STREAMS: bool = false;
    LENGTH: &'static str = "CAST(octet_length({}) AS CHAR)";
    READ_BACK_ROWS: usize = 1_000;
    WRITES_UTC: bool = false;
    ROWS: usize = 1;
} }
