//! Values of many rows as a table `n` in a statement.

use std::ops::Range;

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use super::bind::{Keys, Values};
use super::statement::Binds;
#[cfg(feature = "postgres")]
use super::statement::literal;

/// A table `n`, with columns `column1`, `column2` and so on.
pub(super) struct List<'b> {
    pub(super) columns: Vec<Listed<'b>>,
    /// Which of the values.
    pub(super) rows: Range<usize>,
}

/// A column of the list.
#[derive(Clone, Copy)]
pub(super) enum Listed<'b> {
    Key(&'b Keys),
    Value(&'b Values),
}

/// A backend that takes values from a list.
pub(in crate::maintenance) trait Lists: Binds {
    /// Whether a statement is the same for any number of rows.
    const IS_ONE_STATEMENT: bool;

    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, list: &List<'b>) -> QueryResult<()>;
}

impl List<'_> {
    /// Keeps a statement from being cached that few batches would use again.
    pub(super) fn changes_with_each_batch<DB: Lists>(&self, pass: &mut AstPass<'_, '_, DB>) {
        if !DB::IS_ONE_STATEMENT {
            pass.unsafe_to_cache_prepared();
        }
    }
}

#[cfg(feature = "sqlite")]
impl Lists for diesel::sqlite::Sqlite {
    const IS_ONE_STATEMENT: bool = false;

    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, list: &List<'b>) -> QueryResult<()> {
        values(pass, list)
    }
}

#[cfg(feature = "mysql")]
impl Lists for diesel::mysql::Mysql {
    const IS_ONE_STATEMENT: bool = false;

    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, list: &List<'b>) -> QueryResult<()> {
        values(pass, list)
    }
}

#[cfg(feature = "postgres")]
impl Lists for diesel::pg::Pg {
    const IS_ONE_STATEMENT: bool = true;

    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, list: &List<'b>) -> QueryResult<()> {
        unnested(pass, list)
    }
}

/// `(VALUES …) AS n`, a row for each. The names of the columns are SQLite's.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
fn values<'b, DB: Binds>(pass: &mut AstPass<'_, 'b, DB>, list: &List<'b>) -> QueryResult<()> {
    pass.push_sql("(VALUES ");
    for row in list.rows.clone() {
        pass.push_sql(if row > list.rows.start { ", (" } else { "(" });
        for (position, column) in list.columns.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            match column {
                Listed::Key(keys) => DB::key(pass, keys, row)?,
                Listed::Value(values) => DB::value(pass, values, row)?,
            }
        }
        pass.push_sql(")");
    }
    pass.push_sql(") AS n");
    Ok(())
}

/// `ROWS FROM (unnest(…), …) AS n`, an array for each column: few parameters, and one statement for any number of rows.
///
/// The planner does not see how long an array is behind a SELECT, so it looks the rows up by their keys. For thousands of
/// them, it would read the whole table.
#[cfg(feature = "postgres")]
fn unnested<'b>(pass: &mut AstPass<'_, 'b, diesel::pg::Pg>, list: &List<'b>) -> QueryResult<()> {
    use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};

    let rows = || list.rows.clone();
    pass.push_sql("ROWS FROM (");
    for (position, column) in list.columns.iter().enumerate() {
        pass.push_sql(if position > 0 {
            ", pg_catalog.unnest((SELECT "
        } else {
            "pg_catalog.unnest((SELECT "
        });
        match column {
            Listed::Key(Keys::Integer(numbers)) => {
                pass.push_bind_param::<Array<BigInt>, _>(&numbers[rows()])?;
            }
            Listed::Key(Keys::Bytes(bytes)) => pass.push_bind_param::<Array<Binary>, _>(&bytes[rows()])?,
            Listed::Key(Keys::Uuid(texts)) => {
                pass.push_sql("CAST(");
                pass.push_bind_param::<Array<Text>, _>(&texts[rows()])?;
                pass.push_sql(" AS pg_catalog.uuid[])");
            }
            Listed::Key(Keys::Literal(texts, sql_type)) => {
                literal(pass, &array(&texts[rows()]), &format!("{sql_type}[]"));
            }
            Listed::Key(Keys::Text(texts) | Keys::Converted(texts, _)) => {
                pass.push_bind_param::<Array<Text>, _>(&texts[rows()])?;
            }
            // PostgreSQL has no storage classes.
            Listed::Key(Keys::Classed(_)) => pass.push_sql("NULL"),
            Listed::Value(Values::Text(texts)) => {
                pass.push_bind_param::<Array<Nullable<Text>>, _>(&texts[rows()])?;
            }
            Listed::Value(Values::Bytes(bytes)) => {
                pass.push_bind_param::<Array<Nullable<Binary>>, _>(&bytes[rows()])?;
            }
        }
        pass.push_sql("))");
    }
    let names: Vec<_> = (1..=list.columns.len()).map(|n| format!("column{n}")).collect();
    pass.push_sql(&format!(") AS n ({})", names.join(", ")));
    Ok(())
}

/// The text form of an array.
#[cfg(feature = "postgres")]
fn array(texts: &[String]) -> String {
    let quoted = texts.iter().map(|text| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{text}\"")
    });
    format!("{{{}}}", quoted.collect::<Vec<_>>().join(","))
}
