//! The statement that writes the changes of a batch.

use std::ops::Range;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::bind::{Keys, StoredColumn, Values};
use super::row_key::RowKey;
use super::statement::{Binds, compared, of_t, statement};
use super::table::Table;

/// The new values of rows, and the old ones that they replace.
pub(in crate::maintenance) struct Changes {
    pub(in crate::maintenance) rows: Vec<RowKey>,
    pub(in crate::maintenance) keys: Vec<Keys>,
    pub(in crate::maintenance) old: Vec<Values>,
    pub(in crate::maintenance) new: Vec<Values>,
}

pub(in crate::maintenance) struct Update<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    /// The columns that are written.
    pub(in crate::maintenance) written: Vec<StoredColumn>,
    /// The columns that must not have changed.
    pub(in crate::maintenance) compared: Vec<StoredColumn>,
    pub(in crate::maintenance) changes: Arc<Changes>,
    /// Which of the changes.
    pub(in crate::maintenance) range: Range<usize>,
    /// Whether it writes as many rows as most statements do, so that the database should cache it.
    #[allow(dead_code, reason = "on PostgreSQL a statement is the same for any number")]
    pub(in crate::maintenance) full: bool,
}

/// A backend that takes the changes of an update as a table `n`, with columns `column1`, `column2` and so on: the
/// primary key, the old values, the new values.
pub(super) trait ListChanges: Binds {
    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()>;
}

impl<DB: ListChanges> QueryFragment<DB> for Update<DB> {
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

#[cfg(feature = "sqlite")]
impl ListChanges for diesel::sqlite::Sqlite {
    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()> {
        values(pass, update)
    }
}

#[cfg(feature = "mysql")]
impl ListChanges for diesel::mysql::Mysql {
    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()> {
        values(pass, update)
    }
}

#[cfg(feature = "postgres")]
impl ListChanges for diesel::pg::Pg {
    fn list<'b>(pass: &mut AstPass<'_, 'b, Self>, update: &'b Update<Self>) -> QueryResult<()> {
        unnested(pass, update)
    }
}

/// `(VALUES …) AS n`, a row for each change. The names of the columns are SQLite's.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
fn values<'b, DB: Binds>(pass: &mut AstPass<'_, 'b, DB>, update: &'b Update<DB>) -> QueryResult<()> {
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

/// `unnest(…) AS n`, an array for each column: few parameters, and one statement for any number of rows.
#[cfg(feature = "postgres")]
fn unnested<'b>(
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
