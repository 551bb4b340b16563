//! Writing what a batch has changed.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::bind::{Keys, StoredColumn, Values};
use super::row_key::RowKey;
use super::statement::{Binds, compared, of_t, statement};
use super::table::Table;

/// What is written into rows, if their values are still those that were read.
pub(super) struct Changes {
    pub(super) rows: Vec<RowKey>,
    pub(super) keys: Vec<Keys>,
    pub(super) old: Vec<Values>,
    pub(super) new: Vec<Values>,
}

pub(super) struct Update<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    /// What is written.
    pub(super) written: Vec<StoredColumn>,
    /// What must not have changed.
    pub(super) compared: Vec<StoredColumn>,
    pub(super) changes: Arc<Changes>,
    /// Which of the changes.
    pub(super) range: Range<usize>,
    /// Whether these are as many as in most statements, so that the database should keep this one.
    #[allow(dead_code, reason = "on PostgreSQL a statement is the same for any number")]
    pub(super) full: bool,
}

impl<DB: Binds> QueryFragment<DB> for Update<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("UPDATE ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t SET ");
        let Changes { rows: _, keys, old, new } = &*self.changes;
        if self.range.len() == 1 {
            let row = self.range.start;
            self.assignments(&mut pass, |pass, position| DB::value(pass, &new[position], row))?;
            pass.push_sql(" WHERE ");
            return self.conditions(
                &mut pass,
                |pass, position| DB::key(pass, &keys[position], row),
                |pass, position| DB::value(pass, &old[position], row),
            );
        }
        let named = |first: usize| {
            move |pass: &mut AstPass<'_, 'b, DB>, position: usize| {
                pass.push_sql(&format!("n.column{}", first + position + 1));
                Ok(())
            }
        };
        self.assignments(&mut pass, named(keys.len() + old.len()))?;
        pass.push_sql(" FROM ");
        DB::list(&mut pass, self)?;
        pass.push_sql(" WHERE ");
        self.conditions(&mut pass, named(0), named(keys.len()))
    }
}

impl<DB: Binds> Update<DB> {
    fn assignments<'b>(
        &self,
        pass: &mut AstPass<'_, 'b, DB>,
        value: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for (position, column) in self.written.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            pass.push_identifier(column.name)?;
            pass.push_sql(" = ");
            value(pass, position)?;
        }
        Ok(())
    }

    fn conditions<'b>(
        &self,
        pass: &mut AstPass<'_, 'b, DB>,
        key: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
        old: impl Fn(&mut AstPass<'_, 'b, DB>, usize) -> QueryResult<()>,
    ) -> QueryResult<()> {
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { " AND " } else { "" });
            of_t(pass, column.name)?;
            pass.push_sql(" = ");
            key(pass, position)?;
        }
        for (position, column) in self.compared.iter().enumerate() {
            pass.push_sql(" AND ");
            compared(pass, *column)?;
            pass.push_sql(DB::SAME);
            old(pass, position)?;
        }
        Ok(())
    }
}

/// `(VALUES …) AS n`: a row for each change, with the columns `column1`, `column2` and so on, as SQLite names
/// them: the primary key, what is compared, what is written.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(super) fn values<'b, DB: Binds>(
    pass: &mut AstPass<'_, 'b, DB>,
    update: &'b Update<DB>,
) -> QueryResult<()> {
    if !update.full {
        pass.unsafe_to_cache_prepared();
    }
    let Changes { rows: _, keys, old, new } = &*update.changes;
    pass.push_sql("(VALUES ");
    for row in update.range.clone() {
        pass.push_sql(if row > update.range.start { ", (" } else { "(" });
        for (position, part) in keys.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            DB::key(pass, part, row)?;
        }
        for column in old.iter().chain(new) {
            pass.push_sql(", ");
            DB::value(pass, column, row)?;
        }
        pass.push_sql(")");
    }
    pass.push_sql(") AS n");
    Ok(())
}

/// The same of arrays, which are few parameters, and a statement that is the same for any number of rows.
#[cfg(feature = "postgres")]
pub(super) fn unnested<'b>(
    pass: &mut AstPass<'_, 'b, diesel::pg::Pg>,
    update: &'b Update<diesel::pg::Pg>,
) -> QueryResult<()> {
    use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};

    let Changes { rows: _, keys, old, new } = &*update.changes;
    pass.push_sql("unnest(");
    for (position, part) in keys.iter().enumerate() {
        pass.push_sql(if position > 0 { ", " } else { "" });
        match part {
            Keys::Integer(numbers) => pass.push_bind_param::<Array<BigInt>, _>(numbers)?,
            Keys::Text(texts) => pass.push_bind_param::<Array<Text>, _>(texts)?,
            Keys::Bytes(bytes) => pass.push_bind_param::<Array<Binary>, _>(bytes)?,
            Keys::Uuid(texts) => {
                pass.push_bind_param::<Array<Text>, _>(texts)?;
                pass.push_sql("::uuid[]");
            }
        }
    }
    for column in old.iter().chain(new) {
        pass.push_sql(", ");
        match column {
            Values::Text(texts) => pass.push_bind_param::<Array<Nullable<Text>>, _>(texts)?,
            Values::Bytes(bytes) => pass.push_bind_param::<Array<Nullable<Binary>>, _>(bytes)?,
        }
    }
    let names: Vec<_> = (1..=keys.len() + old.len() + new.len()).map(|n| format!("column{n}")).collect();
    pass.push_sql(&format!(") AS n ({})", names.join(", ")));
    Ok(())
}

statement!(Update);
