//! Columns of arrays, which only PostgreSQL has.
//!
//! An array is read and written in the form in which the server sends and receives it. Nothing is cast, since the owner
//! of a type can create casts of its arrays.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use super::bind::{StoredColumn, Values};
use super::statement::{Binds, and_filter, of_t};
use super::table::Table;

/// A backend that may have arrays.
pub(in crate::maintenance) trait Arrays: Backend {
    /// Binds an array in the form in which it is sent, as a new value of its column.
    fn array<'b>(pass: &mut AstPass<'_, 'b, Self>, values: &'b Values, row: usize) -> QueryResult<()>;
}

#[cfg(feature = "postgres")]
impl Arrays for diesel::pg::Pg {
    fn array<'b>(pass: &mut AstPass<'_, 'b, Self>, values: &'b Values, row: usize) -> QueryResult<()> {
        match values {
            Values::Bytes(arrays) => {
                pass.push_bind_param::<diesel::sql_types::Nullable<sent::Sent>, _>(&arrays[row])
            }
            Values::Text(_) => Err(no_arrays()),
        }
    }
}

#[cfg(feature = "sqlite")]
impl Arrays for diesel::sqlite::Sqlite {
    fn array<'b>(_: &mut AstPass<'_, 'b, Self>, _: &'b Values, _: usize) -> QueryResult<()> {
        Err(no_arrays())
    }
}

#[cfg(feature = "mysql")]
impl Arrays for diesel::mysql::Mysql {
    fn array<'b>(_: &mut AstPass<'_, 'b, Self>, _: &'b Values, _: usize) -> QueryResult<()> {
        Err(no_arrays())
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn no_arrays() -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError("only PostgreSQL has arrays".into())
}

/// The elements of all arrays as rows `t`. An array that is NULL is a row, and an empty one is not.
pub(super) fn elements<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    table: &'b Table<DB>,
    column: StoredColumn,
) -> QueryResult<()> {
    pass.push_sql("(SELECT e.value AS ");
    pass.push_identifier(column.name)?;
    pass.push_sql(" FROM ");
    table.name.walk_ast(pass.reborrow())?;
    pass.push_sql(" AS t CROSS JOIN LATERAL pg_catalog.unnest(");
    of_t(pass, column.name)?;
    pass.push_sql(") AS e (value) WHERE TRUE");
    and_filter(pass, table)?;
    pass.push_sql(" UNION ALL SELECT NULL FROM ");
    table.name.walk_ast(pass.reborrow())?;
    pass.push_sql(" AS t WHERE ");
    of_t(pass, column.name)?;
    pass.push_sql(" IS NULL");
    and_filter(pass, table)?;
    pass.push_sql(")");
    Ok(())
}

/// Whether an array has an element for which these conditions hold. They name it as they name a column.
pub(super) fn has_element<'a, 'b, DB: Backend>(
    pass: &mut AstPass<'a, 'b, DB>,
    elements: StoredColumn,
    conditions: impl FnOnce(&mut AstPass<'a, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    pass.push_sql(" AND EXISTS (SELECT 1 FROM (SELECT e.value AS ");
    pass.push_identifier(elements.name)?;
    pass.push_sql(" FROM pg_catalog.unnest(");
    of_t(pass, elements.name)?;
    pass.push_sql(") AS e (value)) AS t WHERE TRUE");
    conditions(pass)?;
    pass.push_sql(")");
    Ok(())
}

#[cfg(feature = "postgres")]
mod sent {
    use std::io::Write as _;

    use diesel::pg::Pg;
    use diesel::serialize::{self, IsNull, Output, ToSql};

    /// An array of the type that the server expects: that of the column it is written into.
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(oid = 0, array_oid = 0))]
    pub(super) struct Sent;

    impl ToSql<Sent, Pg> for Vec<u8> {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            out.write_all(self)?;
            Ok(IsNull::No)
        }
    }
}
