use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::blind_index::{IndexInput, IndexOf, IndexSpec, IndexTerm};
use crate::error::Error;

/// A value and its blind indexes: one field of a model, two or more columns of its table.
///
/// `V` is the value, `C` its encrypted column and `I` its index column, or a tuple of them if the value has several
/// indexes. With `#[diesel(embed)]`, an insert or an update writes all of these columns in one statement, so an index
/// always matches its value. A query reads only the value.
///
/// ```
/// # use diesel::prelude::*;
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex }
/// # }
/// use encrypted_diesel::{Encrypted, Indexed};
///
/// #[derive(Encrypted)]
/// #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
/// struct Email(String);
///
/// #[derive(Queryable, Selectable, Insertable, AsChangeset)]
/// #[diesel(table_name = users)]
/// struct User {
///     id: i32,
///     #[diesel(embed)]
///     email: Indexed<Email, users::email, users::email_index>,
/// }
///
/// let user = User { id: 1, email: Email("ada@example.org".into()).into() };
/// assert_eq!(user.email.0, "ada@example.org"); // it is its value
/// ```
///
/// Without a model, pass it to `values` or `set`. To insert many rows at once, use a `Vec` of models: Diesel does not
/// take a `Vec` of tuples that contain an `Indexed`.
///
/// How to search: [`guide::search`](crate::guide::search).
pub struct Indexed<V, C, I> {
    value: V,
    columns: PhantomData<fn() -> (C, I)>,
}

impl<V, C, I> Indexed<V, C, I> {
    /// Wraps a value.
    pub fn new(value: V) -> Self {
        Self { value, columns: PhantomData }
    }

    /// Unwraps the value.
    pub fn into_inner(self) -> V {
        self.value
    }

    /// Whether a search for `term` is meant to find this value.
    ///
    /// A truncated index finds other values as well; this filters them out. Both sides are normalized before the
    /// comparison:
    ///
    /// ```
    /// # use encrypted_diesel::{Encrypted, Indexed};
    /// #[derive(Encrypted)]
    /// #[encrypted(context = "patients.ssn", index(normalize(digits), bits = 12))]
    /// struct Ssn(String);
    ///
    /// # let found: [Indexed<Ssn, (), ()>; 2] =
    /// #     ["123-45-6789", "987-65-4321"].map(|ssn| Ssn(ssn.into()).into());
    /// # let mut found = Vec::from(found);
    /// let term = Ssn("123 456 789".into());
    /// // let mut found: Vec<Indexed<Ssn, _, _>> = … .filter(patients::ssn_index.matches(&term)) …
    /// found.retain(|ssn| ssn.is_match(&term));
    /// assert_eq!(found[0].0, "123-45-6789");
    /// # assert_eq!(found.len(), 1);
    /// ```
    pub fn is_match<S: IndexOf<V> + IndexOf<S>>(&self, term: &S) -> bool {
        term.is_match(&self.value)
    }
}

/// Searches treat it as its value.
impl<V: IndexTerm, C, I> IndexTerm for Indexed<V, C, I> {
    const INDEX: IndexSpec = V::INDEX;
}

impl<V: IndexOf<V>, C, I> IndexOf<Self> for Indexed<V, C, I> {
    fn input(value: &Self) -> Result<Option<IndexInput>, Error> {
        V::input(&value.value)
    }
}

impl<V, C, I> From<V> for Indexed<V, C, I> {
    fn from(value: V) -> Self {
        Self::new(value)
    }
}

impl<V, C, I> Deref for Indexed<V, C, I> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}

impl<V: Clone, C, I> Clone for Indexed<V, C, I> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<V: Default, C, I> Default for Indexed<V, C, I> {
    fn default() -> Self {
        Self::new(V::default())
    }
}

impl<V: PartialEq, C, I> PartialEq for Indexed<V, C, I> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<V: Eq, C, I> Eq for Indexed<V, C, I> {}

/// Shows the value.
impl<V: fmt::Debug, C, I> fmt::Debug for Indexed<V, C, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
