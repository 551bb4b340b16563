//! Foreign keys that write, from the catalog.

use diesel::result::QueryResult;

use super::names::{SQL_NAME, TABLE, quoted};
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::cascades::ForeignKey;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// One for each column of each foreign key. Those of partitions are the parts of one.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(k.conname AS pg_catalog.text), CAST(to_.attname AS pg_catalog.text),
                CAST(t.relname AS pg_catalog.text), CAST(from_.attname AS pg_catalog.text),
                CAST(t.oid OPERATOR(pg_catalog.=) k.confrelid AS pg_catalog.text),
                CASE WHEN k.confupdtype OPERATOR(pg_catalog.=) 'c' THEN 'CASCADE'
                    WHEN k.confupdtype OPERATOR(pg_catalog.=) 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END,
                {SQL_NAME}
            FROM pg_catalog.pg_constraint AS k
                CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.confkey, 1) AS p (n)
                JOIN pg_catalog.pg_attribute AS to_ ON to_.attrelid OPERATOR(pg_catalog.=) k.confrelid
                    AND to_.attnum OPERATOR(pg_catalog.=) k.confkey[p.n]
                JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) k.conrelid
                JOIN pg_catalog.pg_attribute AS from_ ON from_.attrelid OPERATOR(pg_catalog.=) k.conrelid
                    AND from_.attnum OPERATOR(pg_catalog.=) k.conkey[p.n]
            WHERE k.confrelid OPERATOR(pg_catalog.=) {TABLE} AND k.contype OPERATOR(pg_catalog.=) 'f'
                AND k.confupdtype OPERATOR(pg_catalog.=) ANY (CAST('{{c,n,d}}' AS pg_catalog.\"char\"[]))
                AND k.conparentid OPERATOR(pg_catalog.=) 0
            ORDER BY 1, 2"
        ),
        &[&subject.sql],
    )?;
    let finding = |row: Vec<Option<String>>| {
        let row = row.into_iter().collect::<Option<Vec<_>>>()?;
        let [name, column, table, from, is_own, action, sql] = <[_; 7]>::try_from(row).ok()?;
        let drop = format!("ALTER TABLE {sql} DROP CONSTRAINT {}", quoted(&name));
        ForeignKey {
            name: format!("the foreign key {name}"),
            column,
            into: format!("{table}.{from}"),
            is_own: is_own == "true",
            action,
            drop: Some(drop),
        }
        .finding(subject)
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}
