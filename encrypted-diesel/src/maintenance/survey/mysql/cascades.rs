//! Foreign keys that write, from the information schema.

use diesel::result::QueryResult;

use super::names::{ask_about, quoted};
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::cascades::ForeignKey;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// One for each column of each foreign key.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.constraint_name AS CHAR), CAST(c.referenced_column_name AS CHAR), CAST(c.child AS CHAR),
            CAST(c.column_name AS CHAR), IF(c.child = c.table_name AND c.child_schema = c.table_schema, 'yes', 'no'),
            CAST(c.update_rule AS CHAR)
        FROM (
            SELECT k.referenced_table_schema AS table_schema, k.referenced_table_name AS table_name,
                k.constraint_name, k.referenced_column_name, k.table_name AS child, k.table_schema AS child_schema,
                k.column_name, r.update_rule
            FROM information_schema.key_column_usage AS k
                JOIN information_schema.referential_constraints AS r
                    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
                        AND r.table_name = k.table_name
            WHERE r.update_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
        ) AS c WHERE IS_TABLE ORDER BY 1",
    )?;
    let finding = |row: Vec<Option<String>>| {
        let row = row.into_iter().collect::<Option<Vec<_>>>()?;
        let [name, column, table, from, is_own, action] = <[_; 6]>::try_from(row).ok()?;
        let drop = format!("ALTER TABLE {} DROP FOREIGN KEY {}", quoted(&table), quoted(&name));
        ForeignKey {
            name: format!("the foreign key {name}"),
            column,
            into: format!("{table}.{from}"),
            is_own: is_own == "yes",
            action,
            drop: Some(drop),
        }
        .finding(subject)
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}
