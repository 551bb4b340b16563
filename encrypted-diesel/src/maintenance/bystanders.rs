//! The rows of a table that a batch does not write, and that a trigger may.

use std::collections::HashSet;
use std::sync::Arc;

use diesel::result::QueryResult;
use sha2::{Digest, Sha256};

use super::sql::bind::StoredColumn;
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::row::Row;
use super::sql::row_key::RowKey;
use super::sql::select::{Select, Which};
use super::sql::table::Table;

/// How many rows are read at a time.
const ROWS: usize = 1_000;

/// All rows of a table but some, as they were: 16 bytes of memory for each.
pub(super) struct Bystanders(HashSet<u128>);

impl Bystanders {
    /// Reads the whole table.
    pub(super) fn see<DB, Conn>(
        connection: &mut Conn,
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        but: &HashSet<&RowKey>,
    ) -> QueryResult<Self>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let mut seen = HashSet::new();
        each_row(connection, table, columns, |row| {
            if !but.contains(&row.key) {
                seen.insert(digest(row));
            }
        })?;
        Ok(Self(seen))
    }

    /// Whether they are all still there, unchanged. Reads the whole table again; rows that were added do not matter.
    pub(super) fn are_unchanged<DB, Conn>(
        &self,
        connection: &mut Conn,
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
    ) -> QueryResult<bool>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let mut unchanged = 0;
        each_row(connection, table, columns, |row| unchanged += usize::from(self.0.contains(&digest(row))))?;
        Ok(unchanged == self.0.len())
    }
}

fn each_row<DB, Conn>(
    connection: &mut Conn,
    table: &Arc<Table<DB>>,
    columns: &[StoredColumn],
    mut on_row: impl FnMut(&Row),
) -> QueryResult<()>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let mut after = None;
    loop {
        let rows = connection.read(Select::new(table, columns, &Which::All, after.as_ref(), ROWS, false)?)?;
        rows.iter().for_each(&mut on_row);
        match rows.last() {
            Some(last) => after = Some(last.key.clone()),
            None => return Ok(()),
        }
    }
}

/// Of the key and the values.
fn digest(row: &Row) -> u128 {
    let mut digest = Sha256::new();
    let mut update = |bytes: &[u8]| {
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    };
    row.key.values().for_each(|part| update(part.as_bytes()));
    for stored in &row.stored {
        update(&[u8::from(stored.is_some())]);
        update(stored.as_deref().map_or(&[], Vec::as_slice));
    }
    let digest: [u8; 32] = digest.finalize().into();
    digest[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}
