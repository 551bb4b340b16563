//! Writes changes, and believes a write only when it was read back.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{BadRow, Batch, Problem};
use super::bystanders::{Seen, Watch};
use super::failure::{ends_walk, is_transient};
use super::retries::Retries;
use super::sql::bind::{Bytes, StoredColumn, Values};
use super::sql::changers::{CountChangers, ReadState};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::probe::Probe;
use super::sql::read_back::ReadBack;
use super::sql::row_key::RowKey;
use super::sql::table::Table;
use super::sql::transaction::in_transaction;
use super::sql::update::{Changes, Update};
use super::task::Plan;

/// Writes the changes of a batch.
pub(super) struct Writer<'a, DB: Dialect> {
    pub(super) table: &'a Arc<Table<DB>>,
    pub(super) plan: &'a Plan,
    pub(super) changes: Arc<Changes>,
    /// How many rows a batch has at most.
    pub(super) limit: usize,
    pub(super) retries: Retries<'a>,
    /// Whether the transaction in which it writes is none of the caller's.
    pub(super) is_own_transaction: bool,
    /// Whether the database may change what is written.
    pub(super) may_change: bool,
    /// Whether a transaction of ours surrounds it.
    pub(super) is_nested: bool,
}

/// How often deferred triggers are run before the look.
const SETTLES: usize = 4;

/// Why a range of rows was not written.
enum Fault {
    Failed(DieselError),
    /// Some rows were written and others not, since somebody else has changed them.
    Partly,
    /// None was written.
    Nothing,
    /// The database stores something else than it was told to.
    Altered,
    /// More rows were written than those.
    Others,
}

impl From<DieselError> for Fault {
    fn from(error: DieselError) -> Self {
        Self::Failed(error)
    }
}

impl<DB: Dialect> Writer<'_, DB> {
    pub(super) fn write<Conn>(&self, connection: &mut Conn, batch: &mut Batch) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let count = self.changes.rows.len();
        let bad_before = batch.bad.len();
        self.write_range(connection, 0..count, batch)?;
        batch.missed = count - batch.written - (batch.bad.len() - bad_before);
        Ok(())
    }

    /// Writes all rows of a range in one transaction, or else each half by itself, down to the rows that cannot be
    /// written. These are left as they were, and named.
    fn write_range<Conn>(
        &self,
        connection: &mut Conn,
        range: Range<usize>,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let Some(fault) = self.try_range(connection, range.clone(), batch)? else { return Ok(()) };
        if range.len() > 1 {
            let middle = range.start + range.len() / 2;
            self.write_range(connection, range.start..middle, batch)?;
            return self.write_range(connection, middle..range.end, batch);
        }
        // Once more, if the reason is unknown: a deadlock is such a reason, and resolved by now.
        let fault = match fault {
            Fault::Failed(DieselError::DatabaseError(DatabaseErrorKind::Unknown, _)) => {
                match self.try_range(connection, range.clone(), batch)? {
                    None => return Ok(()),
                    // Neither written nor bad, so it is missed, and another pass visits it.
                    Some(Fault::Failed(_)) if self.is_locked(connection, range.clone()) => return Ok(()),
                    Some(fault) => fault,
                }
            }
            fault => fault,
        };
        self.leave(range.start, fault, batch)
    }

    /// Writes all rows of a range in one transaction, or returns why none was written, unless somebody else has changed
    /// them all.
    ///
    /// # Errors
    ///
    /// Those that end the walk.
    fn try_range<Conn>(
        &self,
        connection: &mut Conn,
        range: Range<usize>,
        batch: &mut Batch,
    ) -> QueryResult<Option<Fault>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        match self.attempt_with_retries(connection, range.clone()) {
            Ok(()) => {
                batch.written += range.len();
                Ok(None)
            }
            Err(Fault::Nothing) => self.name_swallowed(connection, range, batch).map(|()| None),
            Err(Fault::Failed(error)) if self.ends_walk(&error, connection) => Err(error),
            Err(fault) => Ok(Some(fault)),
        }
    }

    /// Whether somebody else has locked a row.
    fn is_locked<Conn>(&self, connection: &mut Conn, range: Range<usize>) -> bool
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let Some(lock) = DB::LOCK else { return false };
        let mut sees = |suffix| {
            let read = self.read_back(range.clone(), &[], false, suffix);
            connection.transaction(|connection| connection.read_back(read)).map(|rows| !rows.is_empty())
        };
        matches!((sees(lock), sees("")), (Ok(false), Ok(true)))
    }

    /// Names a row that cannot be written.
    fn leave(&self, position: usize, fault: Fault, batch: &mut Batch) -> QueryResult<()> {
        let problem = match fault {
            // Not retried, so it is missed, and another pass visits it.
            Fault::Failed(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _))
                if self.retries.most == 0 =>
            {
                return Ok(());
            }
            Fault::Failed(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                Problem::NotUnique
            }
            Fault::Failed(DieselError::DatabaseError(_, information)) => {
                Problem::Refused(information.message().to_owned())
            }
            Fault::Failed(error) => return Err(error),
            Fault::Partly | Fault::Nothing | Fault::Altered | Fault::Others => Problem::Altered,
        };
        batch.bad.push(BadRow { key: self.changes.rows[position].clone(), problem });
        Ok(())
    }

    fn ends_walk<Conn>(&self, error: &DieselError, connection: &mut Conn) -> bool
    where
        Conn: WalkConnection<Backend = DB>,
    {
        // It would be retried, so the next walk does it.
        if is_transient::<DB>(error) && (self.retries.is_stopped)() {
            return true;
        }
        let column = self.plan.written.first().map_or("", |column| column.name);
        ends_walk(error, connection, Probe { table: Arc::clone(self.table), column })
    }

    fn attempt_with_retries<Conn>(&self, connection: &mut Conn, range: Range<usize>) -> Result<(), Fault>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let (done, _) = self.retries.run::<DB, _>(|| {
            let done = match self.attempt(connection, range.clone(), Watch::Count) {
                Err(Fault::Others) => self.attempt(connection, range.clone(), Watch::Content),
                done => done,
            };
            match done {
                Err(Fault::Failed(error)) => Err(error),
                done => Ok(done),
            }
        });
        done?
    }

    /// Writes all rows of a range and reads them back, or writes none.
    fn attempt<Conn>(&self, connection: &mut Conn, range: Range<usize>, watch: Watch) -> Result<(), Fault>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        in_transaction(connection, |connection| {
            if let (Watch::Content, Some(snapshot), false) = (watch, DB::SNAPSHOT, self.is_nested) {
                connection.batch_execute(snapshot)?;
            }
            let before = self.see_others(connection, range.clone(), watch)?;
            let mut written = 0;
            for rows in chunks(range.clone(), self.rows_at_once()) {
                written += self.update(connection, rows)?;
            }
            match written {
                0 => return Err(Fault::Nothing),
                written if written != range.len() => return Err(Fault::Partly),
                _ if self.is_proven(connection)? => return Ok(()),
                _ if self.is_stored(connection, range.clone())? => {}
                _ => return Err(Fault::Altered),
            }
            let Some(before) = before else { return Ok(()) };
            match before.is_unchanged(connection, self.table, &self.columns(), written)? {
                Some(true) => Ok(()),
                Some(false) => Err(Fault::Altered),
                None => Err(Fault::Others),
            }
        })
    }

    /// Whether the catalog proves, under the lock of the write, that nothing changes what was written.
    fn is_proven<Conn>(&self, connection: &mut Conn) -> Result<bool, Fault>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if self.may_change {
            return Ok(false);
        }
        let state = &self.table.state;
        if state.is_some() && connection.read_state(ReadState::new(self.table)?)? == *state {
            return Ok(true);
        }
        match connection.count_changers(CountChangers::new(self.table, &self.plan.written)?)? {
            0 => Ok(true),
            _ => {
                let message = "a trigger or a rule was created during the walk: run it again";
                Err(Fault::Failed(DieselError::QueryBuilderError(message.into())))
            }
        }
    }

    /// Looks at the rows that are not written. `None` if no trigger can write them.
    fn see_others<Conn>(
        &self,
        connection: &mut Conn,
        range: Range<usize>,
        watch: Watch,
    ) -> QueryResult<Option<Seen>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if !self.may_change {
            return Ok(None);
        }
        Seen::of(watch, connection, self.table, &self.columns(), &self.changes.rows[range])
    }

    /// How many rows one update writes at most. A list cannot hold arrays.
    fn rows_at_once(&self) -> usize {
        if self.plan.written.iter().any(|column| column.elements().is_some()) { 1 } else { DB::ROWS }
    }

    fn update<Conn>(&self, connection: &mut Conn, range: Range<usize>) -> QueryResult<usize>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        connection.write(Update {
            table: Arc::clone(self.table),
            written: self.plan.written.clone(),
            compared: self.plan.compared.clone(),
            changes: Arc::clone(&self.changes),
            full: range.len() == self.rows_at_once().min(self.limit),
            range,
        })
    }

    /// Whether the database stores what it was told to, after everything that it may do to it before the commit.
    fn is_stored<Conn>(&self, connection: &mut Conn, range: Range<usize>) -> QueryResult<bool>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if let (Some(settle), true) = (DB::SETTLE, self.is_own_transaction) {
            // What is deferred may defer something else.
            for _ in 0..SETTLES {
                connection.batch_execute(settle)?;
            }
        }
        let Changes { rows, moved, .. } = &*self.changes;
        let rows = moved.as_ref().map_or(rows, |moved| &moved.rows);
        let (columns, meant): (Vec<_>, Vec<_>) = self.meant().unzip();
        let found = self.look(connection, range.clone(), &columns, moved.is_some())?;
        Ok(range
            .into_iter()
            .all(|position| found.get(&rows[position]).is_some_and(|stored| are(&meant, position, stored))))
    }

    fn columns(&self) -> Vec<StoredColumn> {
        self.meant().map(|(column, _)| column).collect()
    }

    /// What columns are meant to hold: the new values of those that are written, and the old ones of those that are only
    /// compared.
    fn meant(&self) -> impl Iterator<Item = (StoredColumn, &Values)> {
        let Plan { written, compared, .. } = self.plan;
        let Changes { old, new, .. } = &*self.changes;
        let kept = compared.iter().copied().zip(old);
        let kept = kept.filter(|(column, _)| written.iter().all(|written| written.name != column.name));
        written.iter().copied().zip(new).chain(kept)
    }

    /// Tells rows that somebody else has changed from rows that are as they were although they should have been
    /// written. A trigger or a rule may swallow a write.
    fn name_swallowed<Conn>(
        &self,
        connection: &mut Conn,
        range: Range<usize>,
        batch: &mut Batch,
    ) -> QueryResult<()>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        if DB::READS_OLD && self.is_nested {
            return Ok(());
        }
        let Changes { rows, old, .. } = &*self.changes;
        let old: Vec<_> = old.iter().collect();
        let found = self.look(connection, range.clone(), &self.plan.compared, false)?;
        for position in range {
            let key = &rows[position];
            if found.get(key).is_some_and(|stored| are(&old, position, stored)) {
                batch.bad.push(BadRow { key: key.clone(), problem: Problem::Altered });
            }
        }
        Ok(())
    }

    /// Reads columns of the rows of a range.
    fn look<Conn>(
        &self,
        connection: &mut Conn,
        range: Range<usize>,
        columns: &[StoredColumn],
        moved: bool,
    ) -> QueryResult<HashMap<RowKey, Vec<Bytes>>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let mut found = HashMap::with_capacity(range.len());
        for range in chunks(range, DB::READ_BACK_ROWS) {
            let rows = connection.read_back(self.read_back(range, columns, moved, ""))?;
            found.extend(rows.into_iter().map(|row| (row.key, row.stored)));
        }
        Ok(found)
    }

    fn read_back(
        &self,
        range: Range<usize>,
        columns: &[StoredColumn],
        moved: bool,
        lock: &'static str,
    ) -> ReadBack<DB> {
        ReadBack {
            table: Arc::clone(self.table),
            columns: columns.to_vec(),
            changes: Arc::clone(&self.changes),
            moved,
            lock,
            full: range.len() == DB::READ_BACK_ROWS.min(self.limit),
            range,
        }
    }
}

/// Whether the values of a row are these.
fn are(values: &[&Values], position: usize, stored: &[Bytes]) -> bool {
    values.len() == stored.len()
        && values
            .iter()
            .zip(stored)
            .all(|(values, stored)| values.get(position) == stored.as_deref().map(Vec::as_slice))
}

fn chunks(range: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(most.max(1)).map(move |first| first..end.min(first.saturating_add(most)))
}
