//! What the statements of a walk bind, and what they have in common.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::bind::{KeyValue, Stored, StoredColumn};
use super::dialect::Dialect;

/// A backend that takes all that they bind.
pub(super) trait Binds: Dialect {
    fn key<'b>(pass: &mut AstPass<'_, 'b, Self>, value: &'b KeyValue) -> QueryResult<()>;
    fn stored<'b>(pass: &mut AstPass<'_, 'b, Self>, value: &'b Stored) -> QueryResult<()>;

    /// A column in a comparison.
    fn column(pass: &mut AstPass<'_, '_, Self>, column: StoredColumn) -> QueryResult<()> {
        let (before, behind) = Self::TO_BYTES.unwrap_or_default();
        pass.push_sql(before);
        of_t(pass, column.name)?;
        pass.push_sql(behind);
        Ok(())
    }
}

/// A column of the table, which each statement names `t`: what is selected may have the column's own name.
pub(super) fn of_t<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, column: &str) -> QueryResult<()> {
    pass.push_sql("t.");
    pass.push_identifier(column)
}

impl<DB> Binds for DB
where
    DB: Dialect,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn key<'b>(pass: &mut AstPass<'_, 'b, DB>, value: &'b KeyValue) -> QueryResult<()> {
        match value {
            KeyValue::Integer(number) => pass.push_bind_param::<BigInt, _>(number),
            KeyValue::Text(text) => pass.push_bind_param::<Text, _>(text),
            KeyValue::Bytes(bytes) => pass.push_bind_param::<Binary, _>(bytes),
            KeyValue::Uuid(text) => {
                pass.push_sql("CAST(");
                pass.push_bind_param::<Text, _>(text)?;
                pass.push_sql(" AS uuid)");
                Ok(())
            }
        }
    }

    fn stored<'b>(pass: &mut AstPass<'_, 'b, DB>, value: &'b Stored) -> QueryResult<()> {
        match value {
            Stored::Text(text) => pass.push_bind_param::<Nullable<Text>, _>(text),
            Stored::Bytes(bytes) => pass.push_bind_param::<Nullable<Binary>, _>(bytes),
        }
    }
}

/// The columns are in the statement, and not in the type.
macro_rules! statement {
    ($name:ident) => {
        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryId for $name<DB> {
            type QueryId = ();

            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<DB: diesel::backend::Backend, Conn> diesel::RunQueryDsl<Conn> for $name<DB> {}
    };
}
pub(super) use statement;
