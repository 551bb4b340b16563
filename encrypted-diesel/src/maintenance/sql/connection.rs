use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::result::QueryResult;

use super::changers::{CountChangers, CountTouched};
use super::count::{Count, CountByKey};
use super::dialect::Dialect;
use super::read_back::ReadBack;
use super::row::{RawRow, Row};
use super::select::Select;
use super::update::Update;

/// A Diesel connection to a database whose tables can be walked.
///
/// Implemented for all of them, including those of a pool and diesel-async's `AsyncConnectionWrapper`, but not for a
/// `#[derive(MultiConnection)]`: match on its variants.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a connection to a database whose tables can be walked",
    note = "for a `#[derive(MultiConnection)]`, match on the variants and walk the connection of each"
)]
pub trait WalkConnection: Connection<Backend: Dialect> {
    #[doc(hidden)]
    fn read(&mut self, select: Select<Self::Backend>) -> QueryResult<Vec<Row>>;

    #[doc(hidden)]
    fn write(&mut self, update: Update<Self::Backend>) -> QueryResult<usize>;

    #[doc(hidden)]
    fn read_back(&mut self, read_back: ReadBack<Self::Backend>) -> QueryResult<Vec<Row>>;

    #[doc(hidden)]
    fn count_changers(&mut self, count: CountChangers<Self::Backend>) -> QueryResult<i64>;

    #[doc(hidden)]
    fn count_touched(&mut self, count: CountTouched<Self::Backend>) -> QueryResult<Option<i64>>;

    #[doc(hidden)]
    fn count(&mut self, count: CountByKey<Self::Backend>) -> QueryResult<Vec<Count>>;
}

#[diagnostic::do_not_recommend]
impl<Conn, DB> WalkConnection for Conn
where
    DB: Dialect + 'static,
    Conn: Connection<Backend = DB> + LoadConnection,
    for<'query> Select<DB>: LoadQuery<'query, Conn, RawRow>,
    Update<DB>: ExecuteDsl<Conn, DB>,
    for<'query> ReadBack<DB>: LoadQuery<'query, Conn, RawRow>,
    for<'query> CountChangers<DB>: LoadQuery<'query, Conn, i64>,
    for<'query> CountTouched<DB>: LoadQuery<'query, Conn, Option<i64>>,
    for<'query> CountByKey<DB>: LoadQuery<'query, Conn, Count>,
{
    fn read(&mut self, select: Select<DB>) -> QueryResult<Vec<Row>> {
        let keys = select.table.key.len();
        select.load_iter(self)?.map(|row| Row::new(row?, keys)).collect()
    }

    fn write(&mut self, update: Update<DB>) -> QueryResult<usize> {
        update.execute(self)
    }

    fn read_back(&mut self, read_back: ReadBack<DB>) -> QueryResult<Vec<Row>> {
        let keys = read_back.table.key.len();
        read_back.load_iter(self)?.map(|row| Row::new(row?, keys)).collect()
    }

    fn count_changers(&mut self, count: CountChangers<DB>) -> QueryResult<i64> {
        count.get_result(self)
    }

    fn count_touched(&mut self, count: CountTouched<DB>) -> QueryResult<Option<i64>> {
        count.get_result(self)
    }

    fn count(&mut self, count: CountByKey<DB>) -> QueryResult<Vec<Count>> {
        count.load(self)
    }
}
