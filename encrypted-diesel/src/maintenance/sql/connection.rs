use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::result::QueryResult;

use super::ask::Ask;
use super::count::{Count, CountByKey};
use super::dialect::Dialect;
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
pub trait WalkConnection: Connection<Backend: Dialect> + Ask {
    #[doc(hidden)]
    fn read(&mut self, select: Select<Self::Backend>) -> QueryResult<Vec<Row>>;

    #[doc(hidden)]
    fn write(&mut self, update: Update<Self::Backend>) -> QueryResult<usize>;

    #[doc(hidden)]
    fn count(&mut self, count: CountByKey<Self::Backend>) -> QueryResult<Vec<Count>>;
}

#[diagnostic::do_not_recommend]
impl<Conn, DB> WalkConnection for Conn
where
    DB: Dialect + 'static,
    Conn: Connection<Backend = DB> + LoadConnection + Ask,
    for<'query> Select<DB>: LoadQuery<'query, Conn, RawRow>,
    Update<DB>: ExecuteDsl<Conn, DB>,
    for<'query> CountByKey<DB>: LoadQuery<'query, Conn, Count>,
{
    fn read(&mut self, select: Select<DB>) -> QueryResult<Vec<Row>> {
        let keys = select.table.key.len();
        select.load_iter(self)?.map(|row| Row::new(row?, keys)).collect()
    }

    fn write(&mut self, update: Update<DB>) -> QueryResult<usize> {
        update.execute(self)
    }

    fn count(&mut self, count: CountByKey<DB>) -> QueryResult<Vec<Count>> {
        count.load(self)
    }
}
