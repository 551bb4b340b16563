use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;

use super::index_set::IndexSet;
use super::read_from::ReadFrom;
use super::sql::bind::StoredColumn;
use super::sql::dialect::Dialect;
use super::sql::table::Table;
use super::tasks::{Reindex, VerifyIndexes};
use super::walk::Walk;
use crate::blind_index::FromValues;
use crate::envelope::Container;
use crate::indexed::Indexed;
use crate::sql::IndexColumns;

/// The blind indexes of an [`Indexed`] value.
///
/// ```
/// # use diesel::prelude::*;
/// # use encrypted_diesel::{Encrypted, Indexed};
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex }
/// # }
/// # #[derive(Encrypted)]
/// # #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
/// # struct Email(String);
/// use encrypted_diesel::maintenance::BlindIndexes;
///
/// type EmailColumns = Indexed<Email, users::email, users::email_index>;
///
/// # fn reindex(connection: &mut SqliteConnection) -> QueryResult<()> {
/// let indexes = BlindIndexes::new::<EmailColumns>();
/// indexes.reindex().run(connection, |batch| println!("{} reindexed", batch.written))?;
/// # Ok(())
/// # }
/// ```
pub struct BlindIndexes<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) set: Arc<IndexSet>,
}

/// An [`Indexed`] value in the columns of one table.
pub trait IndexedColumns<DB: Backend> {
    #[doc(hidden)]
    fn indexes() -> BlindIndexes<DB>;
}

impl<V, C, I, DB> IndexedColumns<DB> for Indexed<V, C, I>
where
    V: FromValues<Values: ReadFrom<C, DB>>,
    I: IndexColumns<V::Inputs>,
    DB: Backend,
{
    fn indexes() -> BlindIndexes<DB> {
        let index = |name| StoredColumn::new(name, Container::Bytes);
        let indexes: Vec<_> = I::names().into_iter().map(index).collect();
        BlindIndexes {
            table: Arc::new(V::Values::table()),
            set: Arc::new(IndexSet {
                values: V::Values::columns(),
                widths: vec![None; indexes.len()],
                indexes,
                inputs: Box::new(|keyring, stored| {
                    let value = V::from_values(V::Values::open(keyring, stored)?);
                    Ok(value.inputs()?.as_ref().to_vec())
                }),
            }),
        }
    }
}

impl<DB: Backend> BlindIndexes<DB> {
    /// The indexes of `X`, an [`Indexed`] value.
    pub fn new<X: IndexedColumns<DB>>() -> Self
    where
        DB: Dialect,
    {
        X::indexes()
    }

    /// Rebuilds outdated indexes: those under a retired index key, in a previous context, missing or wrong.
    ///
    /// A walk fails with [`Error::NoIndexKey`](crate::Error::NoIndexKey) if the keyring has no index key.
    pub fn reindex(&self) -> Walk<DB> {
        Walk::new(&self.table, Reindex(Arc::clone(&self.set)))
    }

    /// Compares every index with its value, and writes nothing.
    ///
    /// An index under a retired key or a previous context is valid, since searches find it. A wrong index of
    /// n bits passes with a probability of 2^-n for each index key.
    pub fn verify(&self) -> Walk<DB> {
        Walk::new(&self.table, VerifyIndexes(Arc::clone(&self.set)))
    }
}

impl<DB: Backend> Clone for BlindIndexes<DB> {
    fn clone(&self) -> Self {
        let Self { table, set } = self;
        Self { table: Arc::clone(table), set: Arc::clone(set) }
    }
}

impl<DB: Backend> fmt::Debug for BlindIndexes<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.set.indexes.iter().map(|column| column.name).collect();
        write!(f, "BlindIndexes({})", names.join(", "))
    }
}
