//! PostgreSQL: reads the system catalogs.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

use super::rows::Reading;
use super::{Catalog, Holds, Inspect};
use crate::database::marker::Marker;
use crate::error::Error;

/// `t`, the tables of users, and `n`, their schemas. Everything is qualified with its schema, operators included: a guest
/// may define functions and operators in `public`.
const TABLES: &str = "
    pg_catalog.pg_class AS t JOIN pg_catalog.pg_namespace AS n
        ON n.oid OPERATOR(pg_catalog.=) t.relnamespace AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
        AND n.nspname OPERATOR(pg_catalog.<>) 'information_schema'
        AND t.relkind OPERATOR(pg_catalog.=) ANY (CAST('{r,p}' AS pg_catalog.\"char\"[]))
        AND NOT t.relispartition";

const SCHEMA: &str = "CASE WHEN pg_catalog.pg_table_is_visible(t.oid) THEN NULL
        ELSE CAST(n.nspname AS pg_catalog.text) END";

/// A domain may be over another domain.
const UNDERLYING: &str = "
    underlying (type, base) AS (
        SELECT oid, oid FROM pg_catalog.pg_type WHERE typtype OPERATOR(pg_catalog.<>) 'd'
        UNION ALL
        SELECT d.oid, u.base FROM pg_catalog.pg_type AS d
            JOIN underlying AS u ON u.type OPERATOR(pg_catalog.=) d.typbasetype
        WHERE d.typtype OPERATOR(pg_catalog.=) 'd'
    )";

impl Inspect for PgConnection {
    fn catalog(&mut self) -> Result<Catalog, Error> {
        // An array has the marker of its elements.
        let columns = sql_query(format!(
            "WITH RECURSIVE {UNDERLYING}
            SELECT {SCHEMA} AS schema_name, CAST(t.relname AS pg_catalog.text) AS table_name,
                CAST(c.attname AS pg_catalog.text) AS column_name,
                pg_catalog.format_type(c.atttypid, c.atttypmod) AS declared,
                CASE WHEN v.base IS NULL THEN pg_catalog.format_type(u.base, NULL)
                    ELSE pg_catalog.concat(pg_catalog.format_type(v.base, NULL), '[]') END AS stored,
                CASE WHEN d.typtype OPERATOR(pg_catalog.=) 'd' THEN CAST(d.typname AS pg_catalog.text)
                    WHEN e.typtype OPERATOR(pg_catalog.=) 'd' THEN CAST(e.typname AS pg_catalog.text)
                    ELSE '' END AS word,
                NOT (c.attnotnull OR d.typnotnull) AS nullable
            FROM {TABLES}
                JOIN pg_catalog.pg_attribute AS c ON c.attrelid OPERATOR(pg_catalog.=) t.oid
                    AND c.attnum OPERATOR(pg_catalog.>) 0 AND NOT c.attisdropped
                JOIN pg_catalog.pg_type AS d ON d.oid OPERATOR(pg_catalog.=) c.atttypid
                JOIN underlying AS u ON u.type OPERATOR(pg_catalog.=) d.oid
                LEFT JOIN pg_catalog.pg_type AS b ON b.oid OPERATOR(pg_catalog.=) u.base
                    AND b.typcategory OPERATOR(pg_catalog.=) 'A'
                LEFT JOIN pg_catalog.pg_type AS e ON e.oid OPERATOR(pg_catalog.=) b.typelem
                LEFT JOIN underlying AS v ON v.type OPERATOR(pg_catalog.=) e.oid
            ORDER BY c.attnum"
        ));
        // The columns that an index adds with INCLUDE come after those of its key.
        let keys = sql_query(format!(
            "SELECT {SCHEMA} AS schema_name, CAST(t.relname AS pg_catalog.text) AS table_name,
                CAST(i.relname AS pg_catalog.text) AS key_name,
                x.indisprimary AS is_primary, CAST(c.attname AS pg_catalog.text) AS column_name
            FROM {TABLES}
                JOIN pg_catalog.pg_index AS x ON x.indrelid OPERATOR(pg_catalog.=) t.oid
                    AND x.indisunique AND x.indisvalid AND x.indpred IS NULL
                JOIN pg_catalog.pg_class AS i ON i.oid OPERATOR(pg_catalog.=) x.indexrelid
                CROSS JOIN pg_catalog.unnest(x.indkey) WITH ORDINALITY AS k (attnum, position)
                LEFT JOIN pg_catalog.pg_attribute AS c ON c.attrelid OPERATOR(pg_catalog.=) t.oid
                    AND c.attnum OPERATOR(pg_catalog.=) k.attnum
            WHERE k.position OPERATOR(pg_catalog.<=) x.indnkeyatts
            ORDER BY k.position"
        ));
        let (columns, keys) = (columns.load(self)?, keys.load(self)?);
        let marker = |domain: &str| Ok(Marker::by_domain(domain));
        Catalog::of(columns, keys, &Reading { holds, marker })
    }

    fn process(&mut self) -> Result<Option<i32>, Error> {
        Ok(Some(diesel::select(sql::<Integer>("pg_catalog.pg_backend_pid()")).get_result(self)?))
    }
}

/// `character` counts as other: it is padded, and compared without the padding.
fn holds(stored: &str) -> Holds {
    // Where a schema with a type of the same name is searched first, the name comes with its schema.
    let name = stored.strip_prefix("pg_catalog.").unwrap_or(stored);
    // `quote_all_identifiers` quotes those that are not of the standard's syntax.
    match &*name.replace('"', "") {
        "smallint" | "integer" | "bigint" => Holds::Integer,
        "text" | "character varying" => Holds::Text,
        "bytea" => Holds::Bytes,
        "uuid" => Holds::Uuid,
        "text[]" | "character varying[]" => Holds::TextArray,
        "bytea[]" => Holds::BytesArray,
        _ => Holds::Other,
    }
}
