//! Names in SQL.

/// The table of the first text, as the session finds it.
pub(super) const TABLE: &str = "CAST(pg_catalog.to_regclass(\0) AS pg_catalog.oid)";

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
