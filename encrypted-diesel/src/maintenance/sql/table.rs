//! A table, and how its rows are told apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_source::QuerySource;

use super::bind::StoredColumn;
use super::filter::Filter;
use super::row_key::{KeyColumn, KeyColumns};
use super::text_form::TextForm;

/// A table's name and primary key.
pub(in crate::maintenance) struct Table<DB: Backend> {
    /// What statements call it. Once it is resolved, no other table can be meant.
    pub(in crate::maintenance) name: Arc<dyn QueryFragment<DB> + Send + Sync>,
    pub(in crate::maintenance) key: Vec<KeyColumn>,
    /// Its quoted name with the schema, as PostgreSQL's catalog knows it. Empty until it is resolved, and on other backends.
    pub(super) full_name: String,
    /// Encrypted columns that must not change while others are written.
    pub(in crate::maintenance) guarded: Vec<StoredColumn>,
    /// What the catalog said of it when a walk began, if that shows whether something has changed since.
    pub(in crate::maintenance) state: Option<String>,
    /// How columns of other types are read, by their names. Empty until it is resolved.
    pub(super) texts: BTreeMap<String, TextForm>,
    /// The rows that are meant, if not all.
    pub(in crate::maintenance) filter: Option<Filter>,
}

impl<DB: Backend> Table<DB> {
    pub(in crate::maintenance) fn new(
        name: impl QueryFragment<DB> + Send + Sync + 'static,
        key: Vec<KeyColumn>,
    ) -> Self {
        Self {
            name: Arc::new(name),
            key,
            full_name: String::new(),
            state: None,
            guarded: Vec::new(),
            texts: BTreeMap::new(),
            filter: None,
        }
    }
}

impl<DB: Backend> Table<DB> {
    /// Reads the filter's value as one of its column's type.
    pub(super) fn bind_filter(&mut self) -> QueryResult<()> {
        self.filter.as_mut().map_or(Ok(()), Filter::bind)
    }

    /// Adds columns that must not change while others are written.
    pub(in crate::maintenance) fn guard(&mut self, columns: impl Iterator<Item = StoredColumn>) {
        for column in columns {
            if self.guarded.iter().all(|other| other.name != column.name) {
                self.guarded.push(column);
            }
        }
    }
}

impl<DB: Backend> Clone for Table<DB> {
    fn clone(&self) -> Self {
        let Self { name, key, full_name, state, guarded, texts, filter } = self;
        Self {
            name: Arc::clone(name),
            key: key.clone(),
            full_name: full_name.clone(),
            state: state.clone(),
            guarded: guarded.clone(),
            texts: texts.clone(),
            filter: filter.clone(),
        }
    }
}

/// A column whose table can be walked.
#[doc(hidden)]
pub trait TableOf<DB: Backend> {
    fn table() -> Table<DB>;
}

impl<C, T, K, F, DB> TableOf<DB> for C
where
    C: Column<Table = T>,
    T: HasTable<Table = T> + diesel::Table<PrimaryKey = K> + QuerySource<FromClause = F>,
    K: Expression + KeyColumns<K::SqlType>,
    F: QueryFragment<DB> + Send + Sync + 'static,
    DB: Backend,
{
    fn table() -> Table<DB> {
        Table::new(T::table().from_clause(), K::key_columns())
    }
}
