//! Rows of SQLite in which a part of the key is NULL, and which no batch can find.

use std::sync::Arc;

use diesel::result::QueryResult;

use super::batch::{BadRow, Batch, Problem};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::select::Select;
use super::sql::table::Table;
use super::task::Plan;

/// Reports these rows, a batch at a time: they are left as they are.
pub(super) fn report<DB, Conn>(
    connection: &mut Conn,
    table: &Arc<Table<DB>>,
    plan: &Plan,
    limit: usize,
    mut on_batch: impl FnMut(Batch),
) -> QueryResult<()>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    if !DB::KEYS_MAY_BE_NULL {
        return Ok(());
    }
    for offset in (0..).step_by(limit) {
        let rows = connection.read(Select::keyless(table, &plan.read, &plan.which, offset, limit)?)?;
        let read = rows.len();
        if read > 0 {
            let bad = rows.into_iter().map(|row| BadRow { key: row.key, problem: Problem::NoKey });
            on_batch(Batch { read, bad: bad.collect(), ..Batch::default() });
        }
        if read < limit {
            break;
        }
    }
    Ok(())
}
