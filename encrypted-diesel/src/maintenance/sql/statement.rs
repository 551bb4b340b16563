//! The binds and expressions that the statements of a walk share.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Double, Nullable, Text};

use super::bind::{Keys, Read, StoredColumn, Values};
use super::class::Classed;
use super::dialect::Dialect;
use super::row_key::KeyColumn;
use super::table::Table;
use super::template::{compare, fill};

/// A backend that takes every bind of a walk.
pub(in crate::maintenance) trait Binds: Dialect {
    fn key<'b>(pass: &mut AstPass<'_, 'b, Self>, keys: &'b Keys, row: usize) -> QueryResult<()>;
    fn value<'b>(pass: &mut AstPass<'_, 'b, Self>, values: &'b Values, row: usize) -> QueryResult<()>;
    fn text<'b>(pass: &mut AstPass<'_, 'b, Self>, text: &'b str) -> QueryResult<()>;
}

impl<DB> Binds for DB
where
    DB: Dialect,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    str: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
    f64: ToSql<Double, DB>,
{
    fn key<'b>(pass: &mut AstPass<'_, 'b, DB>, keys: &'b Keys, row: usize) -> QueryResult<()> {
        match keys {
            Keys::Integer(numbers) => pass.push_bind_param::<BigInt, _>(&numbers[row]),
            Keys::Text(texts) => pass.push_bind_param::<Text, _>(&texts[row]),
            Keys::Bytes(bytes) => pass.push_bind_param::<Binary, _>(&bytes[row]),
            Keys::Uuid(texts) => {
                fill(pass, "CAST({} AS pg_catalog.uuid)", |pass| Self::text(pass, &texts[row]))
            }
            Keys::Converted(texts, template) => fill(pass, template, |pass| Self::text(pass, &texts[row])),
            Keys::Literal(texts, sql_type) => {
                literal(pass, &texts[row], sql_type);
                Ok(())
            }
            Keys::Classed(values) => match &values[row] {
                Classed::Integer(number) => pass.push_bind_param::<BigInt, _>(number),
                Classed::Real(number) => pass.push_bind_param::<Double, _>(number),
                Classed::Text(text) => Self::text(pass, text),
                Classed::Blob(bytes) => pass.push_bind_param::<Binary, _>(bytes),
                Classed::InvalidText(bytes) => {
                    // The sign takes the affinity from it, which a parameter does not have either.
                    fill(pass, "+CAST({} AS TEXT)", |pass| pass.push_bind_param::<Binary, _>(bytes))
                }
            },
        }
    }

    fn text<'b>(pass: &mut AstPass<'_, 'b, DB>, text: &'b str) -> QueryResult<()> {
        pass.push_bind_param::<Text, _>(text)
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

/// A column of the primary key, as it is compared and sorted.
pub(super) fn key_of_t<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, column: &KeyColumn) -> QueryResult<()> {
    of_t(pass, column.name)?;
    pass.push_sql(&column.form.operators.collate);
    Ok(())
}

/// Adds what the table's filter asks for to the conditions of a statement.
pub(super) fn and_filter<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    table: &'b Table<DB>,
) -> QueryResult<()> {
    let Some(filter) = &table.filter else { return Ok(()) };
    let bound = filter
        .bound
        .as_ref()
        .ok_or_else(|| DieselError::QueryBuilderError("a filter without a type".into()))?;
    pass.push_sql(" AND ");
    let equal = &filter.column.form.operators.equal;
    compare(pass, equal, |pass| key_of_t(pass, &filter.column), |pass| DB::key(pass, bound, 0))
}

/// A literal of a type of PostgreSQL. The statement is used once.
pub(super) fn literal<DB: Backend>(pass: &mut AstPass<'_, '_, DB>, text: &str, sql_type: &str) {
    pass.unsafe_to_cache_prepared();
    let text = text.replace('\\', "\\\\").replace('\'', "''");
    pass.push_sql(&format!("CAST(E'{text}' AS {sql_type})"));
}

/// Reads a column.
pub(super) fn read<DB: Dialect>(
    pass: &mut AstPass<'_, '_, DB>,
    table: &Table<DB>,
    column: StoredColumn,
) -> QueryResult<()> {
    match column.read {
        Read::Stored => {
            let (before, after) = DB::STORED;
            pass.push_sql(before);
            of_t(pass, column.name)?;
            pass.push_sql(after);
            Ok(())
        }
        Read::Text | Read::Exact | Read::Array(_) => other(pass, table, column),
    }
}

/// A column whose length is asked for.
pub(super) fn measured<DB: Dialect>(
    pass: &mut AstPass<'_, '_, DB>,
    table: &Table<DB>,
    column: StoredColumn,
) -> QueryResult<()> {
    match column.read {
        Read::Stored => of_t(pass, column.name),
        Read::Text | Read::Exact | Read::Array(_) => other(pass, table, column),
    }
}

/// A column of another type.
fn other<DB: Dialect>(
    pass: &mut AstPass<'_, '_, DB>,
    table: &Table<DB>,
    column: StoredColumn,
) -> QueryResult<()> {
    let form = table.texts.get(column.name);
    let template = match (column.read, form) {
        (Read::Array(_), _) => "pg_catalog.array_send({})",
        (Read::Exact, Some(form)) => &form.exact,
        (Read::Exact, None) => DB::TO_EXACT,
        (_, Some(form)) => &form.text,
        (_, None) => DB::TO_TEXT,
    };
    fill(pass, template, |pass| of_t(pass, column.name))
}

/// Reads a column for a comparison.
pub(super) fn compared<DB: Dialect>(
    pass: &mut AstPass<'_, '_, DB>,
    table: &Table<DB>,
    column: StoredColumn,
) -> QueryResult<()> {
    let (before, after) =
        if column.is_text() { DB::TO_BYTES.unwrap_or(DB::TEXT) } else { DB::BYTES_TO_BYTES };
    pass.push_sql(before);
    match column.read {
        Read::Stored => of_t(pass, column.name)?,
        Read::Text | Read::Exact | Read::Array(_) => other(pass, table, column)?,
    }
    pass.push_sql(after);
    Ok(())
}

/// Compares the prefix of a column.
pub(super) fn has_prefix<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    table: &Table<DB>,
    column: StoredColumn,
    prefixes: &'b Values,
    position: usize,
) -> QueryResult<()> {
    pass.push_sql(DB::SUBSTR);
    pass.push_sql("(");
    compared(pass, table, column)?;
    pass.push_sql(&format!(", 1, {}){}", prefixes.len_of(position), DB::EQUAL));
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
