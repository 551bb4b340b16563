//! PostgreSQL: reads the system catalogs.

use diesel::prelude::*;
use diesel::sql_query;

use super::rows::Reading;
use super::{Catalog, Holds, Inspect};
use crate::database::marker::Marker;
use crate::error::Error;

/// `t`, the tables of users, and `n`, their schemas.
const TABLES: &str = "
    pg_catalog.pg_class AS t JOIN pg_catalog.pg_namespace AS n
        ON n.oid = t.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND t.relkind IN ('r', 'p') AND NOT t.relispartition";

const SCHEMA: &str = "CASE WHEN pg_catalog.pg_table_is_visible(t.oid) THEN NULL ELSE n.nspname::text END";

/// A domain may be over another domain.
const UNDERLYING: &str = "
    underlying (type, base) AS (
        SELECT oid, oid FROM pg_catalog.pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT d.oid, u.base FROM pg_catalog.pg_type AS d JOIN underlying AS u ON u.type = d.typbasetype
        WHERE d.typtype = 'd'
    )";

impl Inspect for PgConnection {
    fn catalog(&mut self) -> Result<Catalog, Error> {
        let columns = sql_query(format!(
            "WITH RECURSIVE {UNDERLYING}
            SELECT {SCHEMA} AS schema_name, t.relname::text AS table_name, c.attname::text AS column_name,
                pg_catalog.format_type(c.atttypid, c.atttypmod) AS declared,
                pg_catalog.format_type(u.base, NULL) AS stored,
                CASE WHEN d.typtype = 'd' THEN d.typname::text ELSE '' END AS word,
                NOT (c.attnotnull OR d.typnotnull) AS nullable
            FROM {TABLES}
                JOIN pg_catalog.pg_attribute AS c
                    ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
                JOIN pg_catalog.pg_type AS d ON d.oid = c.atttypid
                JOIN underlying AS u ON u.type = d.oid
            ORDER BY c.attnum"
        ));
        // The columns that an index adds with INCLUDE come after those of its key.
        let keys = sql_query(format!(
            "SELECT {SCHEMA} AS schema_name, t.relname::text AS table_name, i.relname::text AS key_name,
                x.indisprimary AS is_primary, c.attname::text AS column_name
            FROM {TABLES}
                JOIN pg_catalog.pg_index AS x ON x.indrelid = t.oid
                    AND x.indisunique AND x.indisvalid AND x.indpred IS NULL
                JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
                CROSS JOIN unnest(x.indkey) WITH ORDINALITY AS k (attnum, position)
                LEFT JOIN pg_catalog.pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = k.attnum
            WHERE k.position <= x.indnkeyatts
            ORDER BY k.position"
        ));
        let (columns, keys) = (columns.load(self)?, keys.load(self)?);
        let marker = |domain: &str| Ok(Marker::by_domain(domain));
        Catalog::of(columns, keys, &Reading { holds, marker })
    }
}

/// `character` counts as other: it is padded, and compared without the padding.
fn holds(stored: &str) -> Holds {
    match stored {
        "smallint" | "integer" | "bigint" => Holds::Integer,
        "text" | "character varying" => Holds::Text,
        "bytea" => Holds::Bytes,
        "uuid" => Holds::Uuid,
        _ => Holds::Other,
    }
}
