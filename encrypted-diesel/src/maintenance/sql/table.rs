//! A table, and how its rows are told apart.

use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_source::QuerySource;

use super::row_key::{KeyColumn, KeyColumns};

/// A table's name and primary key.
pub(in crate::maintenance) struct Table<DB: Backend> {
    pub(in crate::maintenance) name: Box<dyn QueryFragment<DB> + Send + Sync>,
    pub(in crate::maintenance) key: Vec<KeyColumn>,
    /// Its quoted name with the schema, as PostgreSQL's catalog knows it. Empty on other backends.
    pub(in crate::maintenance) full_name: String,
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
        Table { name: Box::new(T::table().from_clause()), key: K::key_columns(), full_name: String::new() }
    }
}
