//! How many values are under which key, counted by the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::bind::{StoredColumn, Values};
use super::statement::{Binds, begins, of_t, statement};
use super::table::Table;
use crate::envelope::{Container, Mode};
use crate::key::KeyId;

/// What a column holds: see [`EncryptedColumn::status`](super::EncryptedColumn::status).
///
/// Values are told apart by what they begin with. Whether they open is for
/// [`verify`](super::EncryptedColumn::verify) to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Rows in which the column is NULL, and is to be.
    pub null: u64,
    /// Rows in which it is NULL and the column that it is encrypted from is not.
    pub to_fill: u64,
    /// Values under each key, in the mode of the column: randomised or deterministic.
    pub keys: BTreeMap<KeyId, u64>,
    /// Values in the other mode.
    pub other_mode: u64,
    /// Values that begin as an envelope does, but name no key.
    pub malformed: u64,
    /// Values that are no envelopes, such as plaintext.
    pub not_encrypted: u64,
}

impl Status {
    /// All rows.
    pub fn rows(&self) -> u64 {
        let Self { null, to_fill, keys, other_mode, malformed, not_encrypted } = self;
        null + to_fill + keys.values().sum::<u64>() + other_mode + malformed + not_encrypted
    }

    /// Whether all values are envelopes, and there is no plaintext that is to be encrypted from another column.
    pub fn is_encrypted(&self) -> bool {
        self.not_encrypted + self.malformed + self.to_fill == 0
    }

    /// Whether every value is under `key`: then no other is needed for this column.
    pub fn is_only_under(&self, key: KeyId) -> bool {
        let Self { null: _, to_fill: _, keys, other_mode, malformed, not_encrypted } = self;
        other_mode + malformed + not_encrypted == 0 && keys.keys().all(|other| *other == key)
    }

    pub(super) fn new(mode: Mode, counts: Vec<Count>) -> Self {
        let mut status = Self::default();
        for (kind, id, count) in counts {
            let count = u64::try_from(count).unwrap_or_default();
            let found = match kind {
                NULL => {
                    status.null += count;
                    continue;
                }
                TO_FILL => {
                    status.to_fill += count;
                    continue;
                }
                RANDOMIZED => Mode::Randomized,
                DETERMINISTIC => Mode::Deterministic,
                _ => {
                    status.not_encrypted += count;
                    continue;
                }
            };
            match id.as_deref().and_then(KeyId::from_hex) {
                None => status.malformed += count,
                Some(_) if found != mode => status.other_mode += count,
                Some(id) => *status.keys.entry(id).or_default() += count,
            }
        }
        status
    }
}

const NULL: i32 = 0;
const RANDOMIZED: i32 = 1;
const DETERMINISTIC: i32 = 2;
const OTHER: i32 = 3;
const TO_FILL: i32 = 4;

/// Kind, key id, how many.
pub(super) type Count = (i32, Option<String>, i64);

pub(super) struct CountByKey<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) column: StoredColumn,
    pub(super) from: Option<StoredColumn>,
    /// What envelopes begin with: randomised, then deterministic ones.
    pub(super) beginnings: Values,
}

const KINDS: [i32; 2] = [RANDOMIZED, DETERMINISTIC];

impl<DB: Binds> CountByKey<DB> {
    fn when_begins<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>, position: usize) -> QueryResult<()> {
        pass.push_sql(" WHEN ");
        begins(pass, self.column, &self.beginnings, position)?;
        pass.push_sql(" THEN ");
        Ok(())
    }

    /// What stands in the place of a key's id.
    fn id(&self, pass: &mut AstPass<'_, '_, DB>, behind: usize) -> QueryResult<()> {
        let (before, len, after) = match self.column.container {
            Container::Text => ("", 2 * KeyId::LEN, ""),
            Container::Bytes => (DB::TO_HEX.0, KeyId::LEN, DB::TO_HEX.1),
        };
        pass.push_sql(before);
        pass.push_sql("substr(");
        of_t(pass, self.column.name)?;
        pass.push_sql(&format!(", {}, {len})", behind + 1));
        pass.push_sql(after);
        Ok(())
    }
}

impl<DB: Binds> QueryFragment<DB> for CountByKey<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT kind, id, count(*) FROM (SELECT CASE");
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
            self.when_begins(&mut pass, position)?;
            pass.push_sql(&kind.to_string());
        }
        pass.push_sql(&format!(" ELSE {OTHER} END AS kind, CASE"));
        for position in 0..KINDS.len() {
            self.when_begins(&mut pass, position)?;
            self.id(&mut pass, self.beginnings.len_of(position))?;
        }
        pass.push_sql(" END AS id FROM ");
        self.table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(" AS t) AS n GROUP BY kind, id");
        Ok(())
    }
}

impl<DB: Backend> Query for CountByKey<DB> {
    type SqlType = (Integer, Nullable<Text>, BigInt);
}

statement!(CountByKey);
