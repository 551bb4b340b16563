//! Names in SQL.

use diesel::result::QueryResult;

use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::subject::Subject;

/// Asks about the table. In the SQL, `IS_TABLE` stands for the condition that finds it, in the columns `table_schema`
/// and `table_name` of `c`.
pub(super) fn ask_about(database: &mut dyn Ask, subject: &Subject, sql: &str) -> QueryResult<Vec<Answer>> {
    let is_schema = match &subject.schema {
        Some(_) => "c.table_schema = \0",
        None => "c.table_schema = DATABASE()",
    };
    let sql = sql.replace("IS_TABLE", &format!("{is_schema} AND c.table_name = \0"));
    let names: Vec<_> = subject.schema.iter().chain([&subject.table]).map(String::as_str).collect();
    database.ask(&sql, &names)
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
