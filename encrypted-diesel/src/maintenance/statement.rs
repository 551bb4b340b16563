//! What the statements of a walk bind, and what they have in common.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::bind::{Keys, StoredColumn, Values};
use super::dialect::Dialect;

/// A backend that takes all that they bind.
pub(super) trait Binds: Dialect {
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

/// A column of the table, which each statement names `t`: what is selected may have the column's own name.
pub(super) fn of_t<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, column: &str) -> QueryResult<()> {
    pass.push_sql("t.");
    pass.push_identifier(column)
}

/// What is read of a column.
pub(super) fn read<DB: Dialect>(pass: &mut AstPass<'_, '_, DB>, column: StoredColumn) -> QueryResult<()> {
    let (before, behind) = if column.as_text { DB::TO_TEXT } else { Default::default() };
    pass.push_sql(before);
    of_t(pass, column.name)?;
    pass.push_sql(behind);
    Ok(())
}

/// The same in a comparison.
pub(super) fn compared<DB: Dialect>(pass: &mut AstPass<'_, '_, DB>, column: StoredColumn) -> QueryResult<()> {
    let (before, behind) =
        if column.is_text() { DB::TO_BYTES.unwrap_or_default() } else { DB::BYTES_TO_BYTES };
    pass.push_sql(before);
    read(pass, column)?;
    pass.push_sql(behind);
    Ok(())
}

/// Compares the beginning of a column.
pub(super) fn begins<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    column: StoredColumn,
    beginnings: &'b Values,
    position: usize,
) -> QueryResult<()> {
    pass.push_sql("substr(");
    compared(pass, column)?;
    pass.push_sql(&format!(", 1, {}) = ", beginnings.len_of(position)));
    DB::value(pass, beginnings, position)
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
