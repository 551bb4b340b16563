//! Names in SQL.

/// The table of the first text, as the session finds it.
pub(super) const TABLE: &str = "CAST(pg_catalog.to_regclass(\0) AS pg_catalog.oid)";

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The relation `t` in SQL: always quoted, and with its schema unless the session finds it without.
pub(super) const SQL_NAME: &str = "CASE WHEN pg_catalog.pg_table_is_visible(t.oid) THEN ''
        ELSE (SELECT pg_catalog.concat('\"', pg_catalog.replace(CAST(n.nspname AS pg_catalog.text), '\"', '\"\"'), '\".')
                FROM pg_catalog.pg_namespace AS n WHERE n.oid OPERATOR(pg_catalog.=) t.relnamespace)
        END OPERATOR(pg_catalog.||) pg_catalog.concat('\"',
            pg_catalog.replace(CAST(t.relname AS pg_catalog.text), '\"', '\"\"'), '\"')";
