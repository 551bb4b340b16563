use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::blind_index::{IndexInput, IndexOf, IndexSpec, IndexState, IndexTerm, Indexable};
use crate::error::Error;

/// A value and its blind indexes: one field of a model, two or more columns of its table.
///
/// `V` is the value, `C` its encrypted column and `I` its index column, of which there is a tuple if
/// the value has several. With `#[diesel(embed)]` an insert or an update writes all of them in one
/// statement, so an index is never another value's; a query reads the value alone.
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
/// It is also what `values` and `set` take where no model is at hand. Diesel inserts many rows at once from
/// a `Vec` of models, not from one of tuples with an `Indexed` among them.
///
/// How values are found: [`search`](crate::search).
pub struct Indexed<V, C, I> {
    value: V,
    columns: PhantomData<fn() -> (C, I)>,
}

impl<V, C, I> Indexed<V, C, I> {
    /// Holds a value for its columns.
    pub fn new(value: V) -> Self {
        Self { value, columns: PhantomData }
    }

    /// Gives the value back.
    pub fn into_inner(self) -> V {
        self.value
    }

    /// Whether this is a value that a search for `term` means.
    ///
    /// A truncated index finds others as well, and this tells them apart. Both are normalized before they
    /// are compared:
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

impl<V, C, I> Indexed<V, C, I> {
    /// How indexes that have been read stand to the value: an array of as many as there are index columns,
    /// in their order; `None` is NULL.
    ///
    /// What is [`Outdated`](IndexState::Outdated) is written again before its key is dropped. What is
    /// [`Mismatched`](IndexState::Mismatched) has been written past this crate.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use encrypted_diesel::{Encrypted, IndexState, Indexed};
    /// # diesel::table! {
    /// #     use diesel::sql_types::*;
    /// #     use encrypted_diesel::sql_types::*;
    /// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex }
    /// # }
    /// # #[derive(Encrypted)]
    /// # #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
    /// # struct Email(String);
    /// # #[derive(Queryable, Selectable)]
    /// # #[diesel(table_name = users)]
    /// # struct User { #[diesel(embed)] email: Indexed<Email, users::email, users::email_index> }
    /// # fn check(connection: &mut SqliteConnection) -> Result<(), Box<dyn std::error::Error>> {
    /// let (user, index) = users::table
    ///     .find(1)
    ///     .select((User::as_select(), users::email_index))
    ///     .first::<(User, Vec<u8>)>(connection)?;
    /// assert_eq!(user.email.index_states([Some(&index)])?, [IndexState::Current]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Of an index of n bits, a wrong one is taken for right with a probability of 2^-n for each key.
    ///
    /// # Errors
    ///
    /// [`Error::NotInitialized`], [`Error::NoIndexKey`], and those of
    /// [`IndexSpec::input`](crate::IndexSpec::input).
    pub fn index_states<const N: usize>(&self, stored: [Option<&[u8]>; N]) -> Result<[IndexState; N], Error>
    where
        V: Indexable<Inputs = [Option<IndexInput>; N]>,
    {
        let inputs = self.value.inputs()?;
        let mut states = [IndexState::Mismatched; N];
        for ((state, input), stored) in states.iter_mut().zip(&inputs).zip(stored) {
            *state = IndexState::of(input.as_ref(), stored)?;
        }
        Ok(states)
    }
}

/// It is searched for as its value is.
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

/// As the value shows itself.
impl<V: fmt::Debug, C, I> fmt::Debug for Indexed<V, C, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
