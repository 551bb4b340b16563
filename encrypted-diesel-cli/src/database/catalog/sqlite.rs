//! SQLite: reads its table-valued pragmas.

use diesel::prelude::*;
use diesel::sql_query;

use super::rows::Reading;
use super::{Catalog, Holds, Inspect};
use crate::database::marker::Marker;
use crate::error::Error;

/// The primary key of a table without `WITHOUT ROWID` may be NULL, unless it is an alias for the rowid, which has
/// no index of its own: <https://sqlite.org/lang_createtable.html#the_primary_key>
const COLUMNS: &str = r#"
    SELECT NULL AS schema_name, t.name AS table_name, c.name AS column_name,
        c.type AS declared, c.type AS stored, c.type AS word,
        NOT c."notnull" AND (c.pk = 0 OR EXISTS (
            SELECT * FROM pragma_index_list(t.name, t.schema) AS i WHERE i.origin = 'pk'
        )) AS nullable
    FROM pragma_table_list AS t, pragma_table_xinfo(t.name, t.schema) AS c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
    ORDER BY t.name, c.cid"#;

const KEYS: &str = r#"
    SELECT NULL AS schema_name, t.name AS table_name, '' AS key_name, TRUE AS is_primary,
        c.name AS column_name, c.pk AS position
    FROM pragma_table_list AS t, pragma_table_xinfo(t.name, t.schema) AS c
    WHERE t.schema = 'main' AND t.type = 'table' AND c.pk > 0
    UNION ALL
    SELECT NULL, t.name, i.name, FALSE, c.name, c.seqno
    FROM pragma_table_list AS t, pragma_index_list(t.name, t.schema) AS i,
        pragma_index_info(i.name, t.schema) AS c
    WHERE t.schema = 'main' AND t.type = 'table' AND i."unique" AND NOT i.partial AND i.origin <> 'pk'
    ORDER BY position"#;

impl Inspect for SqliteConnection {
    fn catalog(&mut self) -> Result<Catalog, Error> {
        let columns = sql_query(COLUMNS).load(self)?;
        let keys = sql_query(KEYS).load(self)?;
        Catalog::of(columns, keys, &Reading { holds, marker: Marker::by_declared_type })
    }
}

/// Decides by the affinity: <https://sqlite.org/datatype3.html#determination_of_column_affinity>
fn holds(declared: &str) -> Holds {
    let declared = declared.to_ascii_uppercase();
    let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    match () {
        () if has(&["INT"]) => Holds::Integer,
        () if has(&["CHAR", "CLOB", "TEXT"]) => Holds::Text,
        () if has(&["BLOB"]) => Holds::Bytes,
        () => Holds::Other,
    }
}

#[cfg(test)]
mod tests;
