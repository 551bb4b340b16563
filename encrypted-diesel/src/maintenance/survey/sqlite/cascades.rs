//! Foreign keys that write, where the connection follows foreign keys.

use diesel::result::QueryResult;

use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::cascades::ForeignKey;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// One for each column of each foreign key. They have no names, and cannot be dropped. One that names no column refers to
/// the primary key.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT COALESCE(f.\"to\", (SELECT c.name FROM pragma_table_xinfo(\0) AS c
                WHERE c.pk = f.seq + 1 LIMIT 1)), m.name, f.\"from\", f.on_update
        FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f, pragma_foreign_keys AS p
        WHERE m.type = 'table' AND f.\"table\" = \0 COLLATE NOCASE AND p.foreign_keys
            AND f.on_update IN ('CASCADE', 'SET NULL', 'SET DEFAULT')",
        &[&subject.table, &subject.table],
    )?;
    let finding = |row: Vec<Option<String>>| {
        let row = row.into_iter().collect::<Option<Vec<_>>>()?;
        let [column, table, from, action] = <[_; 4]>::try_from(row).ok()?;
        ForeignKey {
            name: format!("a foreign key of {table}"),
            column,
            into: format!("{table}.{from}"),
            is_own: table.eq_ignore_ascii_case(&subject.table),
            action,
            drop: None,
        }
        .finding(subject)
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}
