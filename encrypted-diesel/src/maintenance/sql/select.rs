//! Reading a batch, in the order of the primary key.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::sql_types::Untyped;

use super::array;
use super::bind::{Keys, Read, StoredColumn, Values};
use super::dialect::Dialect;
use super::row_key::RowKey;
use super::statement::{Binds, and_filter, has_prefix, key_of_t, measured, of_t, read, statement};
use super::table::Table;
use super::template::{compare, fill};
use crate::envelope::Container;

/// Which rows are read.
pub(in crate::maintenance) enum Which {
    All,
    /// Those in which the first column is not NULL, and begins with none of these.
    WithoutPrefix(Vec<Vec<u8>>),
    /// Those in which the first column begins with one of these.
    WithPrefix(Vec<Vec<u8>>),
    /// Those in which the first column is not NULL, and the second is.
    ToFill,
}

enum Rows {
    All,
    WithoutPrefix(Values),
    WithPrefix(Values),
    ToFill,
}

pub(in crate::maintenance) struct Select<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    columns: Vec<StoredColumn>,
    rows: Rows,
    /// The row that they come after: a value for each part of the primary key, or none.
    after: Vec<Keys>,
    limit: usize,
    lock: bool,
    wanted: Wanted,
}

/// What is read of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Their keys and columns.
    Rows,
    /// The keys of those without a key, after this many of them.
    Keyless(usize),
    /// How long each column is, in bytes.
    Lengths,
    /// How many they are. All of them, whatever the limit.
    Count,
}

impl<DB: Dialect> Select<DB> {
    /// The keys of the rows in which a part of the key is NULL.
    pub(in crate::maintenance) fn keyless(
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        which: &Which,
        offset: usize,
        limit: usize,
    ) -> QueryResult<Self> {
        let select = Self::new(table, columns, which, None, limit, false)?;
        Ok(Self { wanted: Wanted::Keyless(offset), ..select })
    }

    /// How long the columns of the rows are, in bytes.
    pub(in crate::maintenance) fn lengths(self) -> Self {
        Self { wanted: Wanted::Lengths, ..self }
    }

    /// How many rows with a key there are.
    pub(in crate::maintenance) fn count(
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        which: &Which,
    ) -> QueryResult<Self> {
        Ok(Self { wanted: Wanted::Count, ..Self::new(table, columns, which, None, 0, false)? })
    }

    pub(in crate::maintenance) fn new(
        table: &Arc<Table<DB>>,
        columns: &[StoredColumn],
        which: &Which,
        after: Option<&RowKey>,
        limit: usize,
        lock: bool,
    ) -> QueryResult<Self> {
        let prefixes = |prefixes: &Vec<Vec<u8>>| {
            let column = columns.first().copied().unwrap_or_else(|| StoredColumn::new("", Container::Bytes));
            Values::compared::<DB>(column.elements().unwrap_or(column), prefixes.iter().cloned())
        };
        Ok(Self {
            table: Arc::clone(table),
            columns: columns.to_vec(),
            rows: match which {
                Which::All => Rows::All,
                Which::WithoutPrefix(list) => Rows::WithoutPrefix(prefixes(list)),
                Which::WithPrefix(list) => Rows::WithPrefix(prefixes(list)),
                Which::ToFill => Rows::ToFill,
            },
            after: after.map_or(Ok(Vec::new()), |row| Keys::new(&table.key, std::iter::once(row)))?,
            limit,
            lock,
            wanted: Wanted::Rows,
        })
    }
}

impl<DB: Dialect> Select<DB> {
    /// Whether what is read depends on the settings of the session.
    ///
    /// # Errors
    ///
    /// If a column cannot be read exactly under any.
    pub(super) fn depends_on_settings(&self) -> QueryResult<bool> {
        let mut depends = self.table.key.iter().any(|column| column.form.by_settings);
        for column in self.columns.iter().filter(|column| column.read == Read::Text) {
            let Some(form) = self.table.texts.get(column.name) else { continue };
            if let Some(why) = form.refused {
                let message = format!("the column {} {why}", column.name);
                return Err(DieselError::QueryBuilderError(message.into()));
            }
            depends |= form.by_settings;
        }
        Ok(depends)
    }
}

impl<DB: Binds> QueryFragment<DB> for Select<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(DB::SELECT);
        match self.wanted {
            Wanted::Rows => {
                self.key(&mut pass)?;
                for column in &self.columns {
                    pass.push_sql(", ");
                    read(&mut pass, &self.table, *column)?;
                }
            }
            Wanted::Keyless(_) => self.key(&mut pass)?,
            Wanted::Lengths => self.column_lengths(&mut pass)?,
            Wanted::Count => fill(&mut pass, DB::TO_TEXT, |pass| {
                pass.push_sql(DB::COUNT);
                pass.push_sql("(*)");
                Ok(())
            })?,
        }
        pass.push_sql(" FROM ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t WHERE TRUE");
        and_filter(&mut pass, &self.table)?;
        self.which(&mut pass)?;
        if DB::KEYS_MAY_BE_NULL {
            self.with_key(&mut pass)?;
        }
        if self.wanted == Wanted::Count {
            return Ok(());
        }
        self.after(&mut pass)?;
        pass.push_sql(" ORDER BY ");
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            key_of_t(&mut pass, column)?;
            pass.push_sql(&column.form.operators.ascending);
        }
        pass.push_sql(&format!(" LIMIT {}", self.limit));
        if let Wanted::Keyless(offset) = self.wanted {
            pass.push_sql(&format!(" OFFSET {offset}"));
        }
        if self.lock {
            pass.push_sql(DB::LOCK.unwrap_or_default());
        }
        Ok(())
    }
}

impl<DB: Binds> Select<DB> {
    fn key(&self, pass: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        for (position, column) in self.table.key.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            fill(pass, &column.form.read, |pass| of_t(pass, column.name))?;
        }
        Ok(())
    }

    fn column_lengths(&self, pass: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        for (position, column) in self.columns.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "" });
            fill(pass, DB::LENGTH, |pass| measured(pass, &self.table, *column))?;
        }
        Ok(())
    }

    /// (a, b) > (x, y) in a form in which every database uses the primary key.
    fn after<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (position, (column, value)) in self.table.key.iter().zip(&self.after).enumerate() {
            let last = position + 1 == self.after.len();
            pass.push_sql(" AND ");
            let operators = &column.form.operators;
            let is = |pass: &mut AstPass<'_, 'b, DB>, operator: &str| {
                compare(pass, operator, |pass| key_of_t(pass, column), |pass| DB::key(pass, value, 0))
            };
            if !last {
                is(pass, &operators.at_least)?;
                pass.push_sql(" AND (");
            }
            is(pass, &operators.greater)?;
            if !last {
                pass.push_sql(" OR (TRUE");
            }
        }
        for _ in 1..self.after.len() {
            pass.push_sql("))");
        }
        Ok(())
    }

    fn with_key(&self, pass: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        let is_keyless = matches!(self.wanted, Wanted::Keyless(_));
        pass.push_sql(if is_keyless { " AND NOT (TRUE" } else { " AND (TRUE" });
        for column in &self.table.key {
            pass.push_sql(" AND ");
            of_t(pass, column.name)?;
            pass.push_sql(" IS NOT NULL");
        }
        pass.push_sql(")");
        Ok(())
    }

    fn which<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self.columns.first().and_then(|column| column.elements()) {
            Some(elements) if !matches!(self.rows, Rows::All) => {
                array::has_element(pass, elements, |pass| self.conditions(pass, &[elements]))
            }
            _ => self.conditions(pass, &self.columns),
        }
    }

    fn conditions<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>, columns: &[StoredColumn]) -> QueryResult<()> {
        let is = |pass: &mut AstPass<'_, 'b, DB>, column: &StoredColumn, null| {
            pass.push_sql(" AND ");
            of_t(pass, column.name)?;
            pass.push_sql(null);
            Ok(())
        };
        match (&self.rows, columns) {
            (Rows::WithoutPrefix(prefixes), [column, ..]) => {
                is(pass, column, " IS NOT NULL")?;
                (0..prefixes.len()).try_for_each(|position| {
                    // SQLite's substr of an empty blob is NULL.
                    pass.push_sql(" AND (");
                    has_prefix(pass, &self.table, *column, prefixes, position)?;
                    pass.push_sql(") IS NOT TRUE");
                    Ok(())
                })
            }
            (Rows::WithPrefix(prefixes), [column, ..]) => {
                pass.push_sql(" AND (FALSE");
                (0..prefixes.len()).try_for_each(|position| {
                    pass.push_sql(" OR ");
                    has_prefix(pass, &self.table, *column, prefixes, position)
                })?;
                pass.push_sql(")");
                Ok(())
            }
            (Rows::ToFill, [from, column, ..]) => {
                is(pass, from, " IS NOT NULL")?;
                is(pass, column, " IS NULL")
            }
            _ => Ok(()),
        }
    }
}

impl<DB: Backend> Query for Select<DB> {
    type SqlType = Untyped;
}

statement!(Select);
