use std::marker::PhantomData;
use std::sync::Arc;

use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::result::{Error as DieselError, QueryResult};

use super::ask::Ask;
use super::changers::{Changers, CountChangers, CountTouched, ReadState};
use super::count::{Count, CountByKey};
use super::dialect::Dialect;
use super::longest::Longest;
use super::probe::Probe;
use super::read_back::ReadBack;
use super::resolve::{Question, Resolve};
use super::row::{RawRow, Row};
use super::select::Select;
use super::settings::Settings;
use super::table::Table;
use super::update::Update;

/// The most bytes of a batch, unless its first row alone has more.
pub(in crate::maintenance) const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A Diesel connection to a database whose tables can be walked.
///
/// Implemented for all of them, including those of a pool and diesel-async's `AsyncConnectionWrapper`, but not for a
/// `#[derive(MultiConnection)]`: match on its variants.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a connection to a database whose tables can be walked",
    note = "for a `#[derive(MultiConnection)]`, match on the variants and walk the connection of each"
)]
pub trait WalkConnection: Connection<Backend: Dialect> + Ask {
    /// Asks the catalog about a table, once for each run.
    #[doc(hidden)]
    fn resolve(&mut self, table: &Arc<Table<Self::Backend>>) -> QueryResult<Arc<Table<Self::Backend>>>;

    /// Reads rows until they have more than [`MOST_BYTES`].
    #[doc(hidden)]
    fn read(&mut self, select: Select<Self::Backend>) -> QueryResult<Vec<Row>>;

    /// Reads numbers in place of rows: lengths, or one count.
    #[doc(hidden)]
    fn measure(&mut self, select: Select<Self::Backend>) -> QueryResult<Vec<Vec<u64>>>;

    #[doc(hidden)]
    fn write(&mut self, update: Update<Self::Backend>) -> QueryResult<usize>;

    #[doc(hidden)]
    fn read_back(&mut self, read_back: ReadBack<Self::Backend>) -> QueryResult<Vec<Row>>;

    #[doc(hidden)]
    fn count_changers(&mut self, count: CountChangers<Self::Backend>) -> QueryResult<i64>;

    #[doc(hidden)]
    fn read_state(&mut self, state: ReadState<Self::Backend>) -> QueryResult<Option<String>>;

    #[doc(hidden)]
    fn count_touched(&mut self, count: CountTouched<Self::Backend>) -> QueryResult<Option<i64>>;

    /// The longest statement that the server takes, in bytes, if it has a limit.
    #[doc(hidden)]
    fn longest_statement(&mut self) -> QueryResult<Option<usize>>;

    #[doc(hidden)]
    fn probe(&mut self, probe: Probe<Self::Backend>) -> QueryResult<()>;

    #[doc(hidden)]
    fn count(&mut self, count: CountByKey<Self::Backend>) -> QueryResult<Vec<Count>>;
}

#[diagnostic::do_not_recommend]
impl<Conn, DB> WalkConnection for Conn
where
    DB: Resolve + Changers + 'static,
    Conn: Connection<Backend = DB> + LoadConnection + Ask,
    for<'query> Select<DB>: LoadQuery<'query, Conn, RawRow>,
    Update<DB>: ExecuteDsl<Conn, DB>,
    Probe<DB>: ExecuteDsl<Conn, DB>,
    for<'query> ReadBack<DB>: LoadQuery<'query, Conn, RawRow>,
    for<'query> Longest<DB>: LoadQuery<'query, Conn, i64>,
    for<'query> CountChangers<DB>: LoadQuery<'query, Conn, i64>,
    for<'query> ReadState<DB>: LoadQuery<'query, Conn, Option<String>>,
    for<'query> CountTouched<DB>: LoadQuery<'query, Conn, Option<i64>>,
    for<'query> CountByKey<DB>: LoadQuery<'query, Conn, Count>,
    for<'query> Question<DB>: LoadQuery<'query, Conn, RawRow>,
    for<'query> Settings<DB>: LoadQuery<'query, Conn, RawRow>,
{
    fn resolve(&mut self, table: &Arc<Table<DB>>) -> QueryResult<Arc<Table<DB>>> {
        let mut resolved = Arc::clone(table);
        if DB::ASKS {
            let rows = Question(Arc::clone(table)).load_iter(self)?.collect::<QueryResult<_>>()?;
            resolved = Arc::new(DB::answer(table, rows)?);
        }
        if resolved.filter.is_some() {
            Arc::make_mut(&mut resolved).bind_filter()?;
        }
        Ok(resolved)
    }

    fn read(&mut self, select: Select<DB>) -> QueryResult<Vec<Row>> {
        let table = Arc::clone(&select.table);
        let by_settings = select.depends_on_settings()?;
        whole(self, by_settings, |connection| {
            let (mut rows, mut bytes) = (Vec::new(), 0);
            for row in select.load_iter(connection)? {
                let row = Row::new(row?, &table.key)?;
                bytes += row.bytes();
                rows.push(row);
                if bytes > MOST_BYTES {
                    break;
                }
            }
            Ok(rows)
        })
    }

    fn measure(&mut self, select: Select<DB>) -> QueryResult<Vec<Vec<u64>>> {
        let number = |text: String| text.parse().unwrap_or_default(); // of NULL
        select.load_iter(self)?.map(|row| Ok(row?.into_texts()?.into_iter().map(number).collect())).collect()
    }

    fn write(&mut self, update: Update<DB>) -> QueryResult<usize> {
        update.execute(self)
    }

    fn read_back(&mut self, read_back: ReadBack<DB>) -> QueryResult<Vec<Row>> {
        let table = Arc::clone(&read_back.table);
        let by_settings = read_back.depends_on_settings();
        whole(self, by_settings, |connection| {
            read_back.load_iter(connection)?.map(|row| Row::new(row?, &table.key)).collect()
        })
    }

    fn count_changers(&mut self, count: CountChangers<DB>) -> QueryResult<i64> {
        count.get_result(self)
    }

    fn read_state(&mut self, state: ReadState<DB>) -> QueryResult<Option<String>> {
        state.get_result(self)
    }

    fn count_touched(&mut self, count: CountTouched<DB>) -> QueryResult<Option<i64>> {
        count.get_result(self)
    }

    fn longest_statement(&mut self) -> QueryResult<Option<usize>> {
        if DB::LONGEST.is_none() {
            return Ok(None);
        }
        let longest: i64 = Longest(PhantomData::<DB>).get_result(self)?;
        Ok(usize::try_from(longest).ok())
    }

    fn probe(&mut self, probe: Probe<DB>) -> QueryResult<()> {
        let probed = self.transaction(|connection| {
            probe.execute(connection)?;
            Err::<(), _>(DieselError::RollbackTransaction)
        });
        match probed {
            Err(DieselError::RollbackTransaction) => Ok(()),
            probed => probed,
        }
    }

    fn count(&mut self, count: CountByKey<DB>) -> QueryResult<Vec<Count>> {
        count.load(self)
    }
}

/// Reads under settings with which nothing is lost, if the session's own matter. Then they are the session's own again,
/// since triggers may depend on them.
fn whole<Conn, DB, T>(
    connection: &mut Conn,
    by_settings: bool,
    read: impl FnOnce(&mut Conn) -> QueryResult<T>,
) -> QueryResult<T>
where
    DB: Dialect + 'static,
    Conn: Connection<Backend = DB> + LoadConnection,
    for<'query> Settings<DB>: LoadQuery<'query, Conn, RawRow>,
{
    if !by_settings || DB::READING.is_empty() {
        return read(connection);
    }
    connection.transaction(|connection| {
        let current = Settings::current().get_result::<RawRow>(connection)?.into_texts()?;
        Settings::reading().get_result::<RawRow>(connection)?;
        let rows = read(connection)?;
        Settings::set(current).get_result::<RawRow>(connection)?;
        Ok(rows)
    })
}
