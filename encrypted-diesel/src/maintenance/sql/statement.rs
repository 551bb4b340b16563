//! The binds and expressions that the statements of a walk share.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::bind::{Keys, StoredColumn, Values};
use super::dialect::Dialect;

/// A backend that takes every bind of a walk.
pub(in crate::maintenance) trait Binds: Dialect {
    fn key<'b>(pass: &mut AstPass<'_, 'b, Self>, keys: &'b Keys, row: usize) -> QueryResult<()>;
    fn value<'b>(pass: &mut AstPass<'_, 'b, Self>, values: &'b Values, row: usize) -> QueryResult<()>;
}

impl<DB> Binds for DB
where
    DB: Dialect,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn key<'b>(pass: &mut AstPass<'_, 'b, DB>, keys: &'b Keys, row: usize) -> QueryResult<()> {
        match keys {
            Keys::Integer(numbers) => pass.push_bind_param::<BigInt, _>(&numbers[row]),
            Keys::Text(texts) => pass.push_bind_param::<Text, _>(&texts[row]),
            Keys::Bytes(bytes) => pass.push_bind_param::<Binary, _>(&bytes[row]),
            Keys::Uuid(texts) => {
                pass.push_sql("CAST(");
                pass.push_bind_param::<Text, _>(&texts[row])?;
                pass.push_sql(" AS uuid)");
                Ok(())
            }
        }
    }

    fn value<'b>(pass: &mut AstPass<'_, 'b, DB>, values: &'b Values, row: usize) -> QueryResult<()> {
        match values {
            Values::Text(texts) => pass.push_bind_param::<Nullable<Text>, _>(&texts[row]),
            Values::Bytes(bytes) => pass.push_bind_param::<Nullable<Binary>, _>(&bytes[row]),
        }
    }
}

/// A column of the table. Every statement calls the table `t`.
pub(super) fn of_t<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, column: &str) -> QueryResult<()> {
    pass.push_sql("t.");
    pass.push_identifier(column)
}

/// Reads a column.
pub(super) fn read<DB: Dialect>(pass: &mut AstPass<'_, '_, DB>, column: StoredColumn) -> QueryResult<()> {
    let (before, after) = if column.as_text { DB::TO_TEXT } else { Default::default() };
    pass.push_sql(before);
    of_t(pass, column.name)?;
    pass.push_sql(after);
    Ok(())
}

/// Reads a column for a comparison.
pub(super) fn compared<DB: Dialect>(pass: &mut AstPass<'_, '_, DB>, column: StoredColumn) -> QueryResult<()> {
    let (before, after) =
        if column.is_text() { DB::TO_BYTES.unwrap_or_default() } else { DB::BYTES_TO_BYTES };
    pass.push_sql(before);
    read(pass, column)?;
    pass.push_sql(after);
    Ok(())
}

/// Compares the prefix of a column.
pub(super) fn has_prefix<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    column: StoredColumn,
    prefixes: &'b Values,
    position: usize,
) -> QueryResult<()> {
    pass.push_sql("substr(");
    compared(pass, column)?;
    pass.push_sql(&format!(", 1, {}) = ", prefixes.len_of(position)));
    DB::value(pass, prefixes, position)
}

/// The columns are part of the statement, not of its type.
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
