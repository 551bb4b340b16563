//! The rows of a table that a batch does not write, and that a trigger may.

use std::collections::HashSet;
use std::sync::Arc;

use diesel::result::QueryResult;
use sha2::{Digest, Sha256};

use super::sql::bind::StoredColumn;
use super::sql::changers::CountTouched;
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::row::Row;
use super::sql::row_key::RowKey;
use super::sql::select::{Select, Which};
use super::sql::table::Table;

/// How many rows are read at a time.
const ROWS: usize = 1_000;

/// How they are watched.
#[derive(Clone, Copy)]
pub(super) enum Watch {
    /// By how many rows are written.
    Count,
    /// By their content. Each look reads the whole table.
    Content,
}

/// What was seen of them before a write.
pub(super) enum Seen {
    Count(i64),
    Content(Bystanders),
}

impl Seen {
    /// Looks at all rows but some. `None` if no trigger can write them.
    pub(super) fn of<DB, Conn>(
        watch: Watch,
        connection: &mut Conn,
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        but: &[RowKey],
    ) -> QueryResult<Option<Self>>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        match watch {
            Watch::Count => {
                let touched = connection.count_touched(CountTouched::new(table, columns)?)?;
                Ok(touched.map(Self::Count))
            }
            Watch::Content => {
                Bystanders::see(connection, table, columns, but).map(|seen| Some(Self::Content(seen)))
            }
        }
    }

    /// Whether they are as they were, after a statement has written this many rows. `None` if more were written, which
    /// may have been any.
    pub(super) fn is_unchanged<DB, Conn>(
        &self,
        connection: &mut Conn,
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        written: usize,
    ) -> QueryResult<Option<bool>>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        match self {
            Self::Count(before) => {
                let after = connection.count_touched(CountTouched::new(table, columns)?)?;
                let touched = after.and_then(|after| usize::try_from(after - before).ok());
                Ok((touched == Some(written)).then_some(true))
            }
            Self::Content(others) => others.are_unchanged(connection, table, columns).map(Some),
        }
    }
}

/// All rows of a table but some, as they were: 16 bytes of memory for each.
pub(super) struct Bystanders(HashSet<u128>);

impl Bystanders {
    /// Reads the whole table.
    fn see<DB, Conn>(
        connection: &mut Conn,
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        but: &[RowKey],
    ) -> QueryResult<Self>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let but: HashSet<_> = but.iter().collect();
        let mut seen = HashSet::new();
        each_row(connection, table, columns, |row| {
            if !but.contains(&row.key) {
                seen.insert(digest(row));
            }
        })?;
        Ok(Self(seen))
    }

    /// Whether they are all still there, unchanged. Reads the whole table again; rows that were added do not matter.
    fn are_unchanged<DB, Conn>(
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
