//! Plaintext that MariaDB keeps of the columns: the statistics that are independent of the engine.

use diesel::result::QueryResult;

use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::statistics;
use crate::maintenance::survey::subject::Subject;

/// The smallest and the largest value, and a histogram of others, as far as the user may see them. A value that does not
/// begin as an envelope does is plaintext, and so may be those of a histogram that is from the time of such values: only
/// that there is one leaves the server.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let is_there = "SELECT 'yes' FROM information_schema.tables
        WHERE table_schema = 'mysql' AND table_name = 'column_stats'";
    if database.ask(is_there, &[])?.is_empty() {
        return Ok(Vec::new());
    }
    let is_schema = if subject.schema.is_some() { "s.db_name = \0" } else { "s.db_name = DATABASE()" };
    let names: Vec<_> = subject.schema.iter().chain([&subject.table]).map(String::as_str).collect();
    let is_envelope = |value: &str| format!("({value} LIKE BINARY 'ed1%:%' OR LEFT({value}, 3) = x'ed6564')");
    let rows = database.ask(
        &format!(
            "SELECT CAST(s.column_name AS CHAR) FROM mysql.column_stats AS s
            WHERE {is_schema} AND s.table_name = \0 AND NOT ({} AND {})",
            is_envelope("s.min_value"),
            is_envelope("s.max_value"),
        ),
        &names,
    )?;
    Ok(statistics::found(subject, rows, &format!("ANALYZE TABLE {} PERSISTENT FOR ALL", subject.sql)))
}
