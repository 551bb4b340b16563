//! Counting values by key, in one query.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::array;
use super::bind::{StoredColumn, Values};
use super::statement::{Binds, and_filter, has_prefix, of_t, statement};
use super::table::Table;
use crate::envelope::Container;
use crate::key_id::KeyId;

pub(in crate::maintenance) const NULL: i32 = 0;
pub(in crate::maintenance) const RANDOMIZED: i32 = 1;
pub(in crate::maintenance) const DETERMINISTIC: i32 = 2;
const OTHER: i32 = 3;
pub(in crate::maintenance) const TO_FILL: i32 = 4;

/// Kind, key id, how many.
pub(in crate::maintenance) type Count = (i32, Option<String>, i64);

pub(in crate::maintenance) struct CountByKey<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    pub(in crate::maintenance) column: StoredColumn,
    /// Whether the column is of arrays, whose elements are counted.
    pub(in crate::maintenance) in_arrays: bool,
    pub(in crate::maintenance) from: Option<StoredColumn>,
    /// The prefixes of envelopes: randomized, then deterministic.
    pub(in crate::maintenance) prefixes: Values,
}

const KINDS: [i32; 2] = [RANDOMIZED, DETERMINISTIC];

impl<DB: Binds> CountByKey<DB> {
    fn when_prefix<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>, position: usize) -> QueryResult<()> {
        pass.push_sql(" WHEN ");
        has_prefix(pass, &self.table, self.column, &self.prefixes, position)?;
        pass.push_sql(" THEN ");
        Ok(())
    }

    /// The characters or bytes at the place of the key id.
    fn id(&self, pass: &mut AstPass<'_, '_, DB>, after_prefix: usize) -> QueryResult<()> {
        let (before, len, after) = match self.column.container {
            Container::Text => ("", 2 * KeyId::LEN, ""),
            Container::Bytes => (DB::TO_HEX.0, KeyId::LEN, DB::TO_HEX.1),
        };
        pass.push_sql(before);
        pass.push_sql(DB::SUBSTR);
        pass.push_sql("(");
        of_t(pass, self.column.name)?;
        pass.push_sql(&format!(", {}, {len})", after_prefix + 1));
        pass.push_sql(after);
        Ok(())
    }
}

impl<DB: Binds> QueryFragment<DB> for CountByKey<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(&format!("{}kind, id, {}(*) FROM (SELECT CASE", DB::SELECT, DB::COUNT));
        if let Some(from) = &self.from {
            pass.push_sql(" WHEN ");
            of_t(&mut pass, self.column.name)?;
            pass.push_sql(" IS NULL AND ");
            of_t(&mut pass, from.name)?;
            pass.push_sql(&format!(" IS NOT NULL THEN {TO_FILL}"));
        }
        pass.push_sql(" WHEN ");
        of_t(&mut pass, self.column.name)?;
        pass.push_sql(&format!(" IS NULL THEN {NULL}"));
        for (position, kind) in KINDS.iter().enumerate() {
            self.when_prefix(&mut pass, position)?;
            pass.push_sql(&kind.to_string());
        }
        pass.push_sql(&format!(" ELSE {OTHER} END AS kind, CASE"));
        for position in 0..KINDS.len() {
            self.when_prefix(&mut pass, position)?;
            self.id(&mut pass, self.prefixes.len_of(position))?;
        }
        pass.push_sql(" END AS id FROM ");
        match self.in_arrays {
            true => {
                array::elements(&mut pass, &self.table, self.column)?;
                pass.push_sql(" AS t");
            }
            false => {
                self.table.name.walk_ast(pass.reborrow())?;
                pass.push_sql(" AS t WHERE TRUE");
                and_filter(&mut pass, &self.table)?;
            }
        }
        pass.push_sql(DB::BY_ITSELF);
        pass.push_sql(") AS n GROUP BY kind, id");
        Ok(())
    }
}

impl<DB: Backend> Query for CountByKey<DB> {
    type SqlType = (Integer, Nullable<Text>, BigInt);
}

statement!(CountByKey);
