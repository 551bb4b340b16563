//! `matches`: the search that finds a value under every key.

use std::fmt;
use std::sync::OnceLock;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::is_nullable::{IsSqlTypeNullable, MaybeNullable};
use diesel::sql_types::{Binary, Bool, MaybeNullableType, Nullable, SqlType, Text};

use crate::blind_index::{IndexInput, IndexOf};
use crate::cipher::{self, Sealed};
use crate::envelope::Container;
use crate::error::Error;
use crate::keyring::{Keyring, with_current};
use crate::plaintext::{Canonical, Plaintext};
use crate::sql::hidden::Hidden;
use crate::sql::types::{BlindIndex, DeterministicText};

/// Searches of encrypted columns.
///
/// On a [`BlindIndex`](crate::sql_types::BlindIndex) column and on a
/// [`DeterministicText`](crate::sql_types::DeterministicText) one:
///
/// ```
/// # use diesel::prelude::*;
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex, token -> DeterministicText }
/// # }
/// use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, EncryptedText};
///
/// #[derive(Encrypted)]
/// #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
/// struct Email(String);
///
/// # let by_email =
/// users::table.filter(users::email_index.matches(Email("Ada@Example.org".into())));
/// # let by_token =
/// users::table.filter(users::token.matches_any(["t1", "t2"].map(EncryptedText::from)));
/// ```
///
/// While a key is rotated, some rows have been written under the old key and some under the new one.
/// These methods look for the value under every key of the keyring, and use the column's index.
pub trait EncryptedExpressionMethods: Expression + Sized {
    /// Whether the column holds `value`; NULL where the column is NULL.
    ///
    /// The value is normalized as its type says, so it can be given as the user has typed it.
    ///
    /// # Errors
    ///
    /// Running the query fails with [`Error::NotInitialized`], or on a blind index with
    /// [`Error::NoIndexKey`].
    fn matches<T>(self, value: T) -> Matches<Self, <Self::SqlType as Searchable<T>>::Term>
    where
        Self::SqlType: Searchable<T>,
    {
        Matches::new(self, Self::SqlType::term(value).map(|term| vec![term]), false)
    }

    /// Whether the column holds one of `values`; false if there are none.
    ///
    /// # Errors
    ///
    /// As [`matches`](Self::matches).
    fn matches_any<T>(
        self,
        values: impl IntoIterator<Item = T>,
    ) -> Matches<Self, <Self::SqlType as Searchable<T>>::Term>
    where
        Self::SqlType: Searchable<T>,
    {
        Matches::new(self, values.into_iter().map(Self::SqlType::term).collect(), true)
    }
}

impl<C: Expression> EncryptedExpressionMethods for C {}

/// The SQL type of a column that can be searched for a `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be searched",
    label = "this column cannot be searched",
    note = "two encryptions of one value differ; add a `BlindIndex` column, or make the column \
            `DeterministicText`, and search that: see the page `encrypted_diesel::search` of the documentation"
)]
pub trait Searchable<T> {
    #[doc(hidden)]
    type Term: Term;

    #[doc(hidden)]
    fn term(value: T) -> Result<Self::Term, Error>;
}

impl<T: IndexOf<T>> Searchable<T> for BlindIndex {
    type Term = Option<IndexInput>;

    fn term(value: T) -> Result<Self::Term, Error> {
        T::input(&value)
    }
}

impl<T: Plaintext + Canonical> Searchable<T> for DeterministicText {
    type Term = DeterministicTerm<T>;

    fn term(value: T) -> Result<Self::Term, Error> {
        Ok(DeterministicTerm(value))
    }
}

impl<T, ST: Searchable<T> + SqlType> Searchable<T> for Nullable<ST> {
    type Term = ST::Term;

    fn term(value: T) -> Result<Self::Term, Error> {
        ST::term(value)
    }
}

/// What is searched for, before it is known under which keys.
#[doc(hidden)]
pub trait Term {
    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error>;
}

impl Term for Option<IndexInput> {
    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error> {
        match self {
            None => Ok(Vec::new()),
            Some(input) => Ok(input.digests(keyring)?.into_iter().map(Sealed::Bytes).collect()),
        }
    }
}

/// A value of a deterministic column.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "hidden, and holds plaintext")]
#[derive(Clone)]
pub struct DeterministicTerm<T>(T);

impl<T: Plaintext> Term for DeterministicTerm<T> {
    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error> {
        cipher::seal_under_all(keyring, Container::Text, &self.0)
    }
}

/// What [`EncryptedExpressionMethods`] make: `column IN (…)`, with what the value is under each key.
pub struct Matches<C, T> {
    column: C,
    terms: Result<Vec<T>, Error>,
    /// Whether the number of terms changes from one query to the next.
    any: bool,
    /// Made when the query runs, with the keyring that it runs with.
    binds: OnceLock<Vec<Bind>>,
}

enum Bind {
    Text(Hidden<String>),
    Bytes(Hidden<Vec<u8>>),
}

impl<C, T> Matches<C, T> {
    fn new(column: C, terms: Result<Vec<T>, Error>, any: bool) -> Self {
        Self { column, terms, any, binds: OnceLock::new() }
    }
}

impl<C, T: Term> Matches<C, T> {
    fn binds(&self) -> Result<&[Bind], Error> {
        if let Some(binds) = self.binds.get() {
            return Ok(binds);
        }
        let terms = self.terms.as_ref().map_err(Clone::clone)?;
        let binds = with_current(|keyring| {
            let mut binds = Vec::new();
            for term in terms {
                binds.extend(term.stored(keyring)?.into_iter().map(|stored| match stored {
                    Sealed::Text(envelope) => Bind::Text(Hidden(envelope)),
                    Sealed::Bytes(bytes) => Bind::Bytes(Hidden(bytes)),
                }));
            }
            Ok(binds)
        })?;
        Ok(self.binds.get_or_init(|| binds))
    }
}

/// Has not been run: it will look for the keyring anew.
impl<C: Clone, T: Clone> Clone for Matches<C, T> {
    fn clone(&self) -> Self {
        Self::new(self.column.clone(), self.terms.clone(), self.any)
    }
}

impl<C, T, DB> QueryFragment<DB> for Matches<C, T>
where
    DB: Backend,
    C: QueryFragment<DB>,
    T: Term,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // Only the number of keys changes the statement of `matches`.
        if self.any {
            pass.unsafe_to_cache_prepared();
        }
        let binds = self.binds().map_err(|error| DieselError::QueryBuilderError(Box::new(error)))?;
        if binds.is_empty() {
            pass.push_sql("1=0");
            return Ok(());
        }
        pass.push_sql("(");
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (");
        for (position, bind) in binds.iter().enumerate() {
            if position > 0 {
                pass.push_sql(", ");
            }
            match bind {
                Bind::Text(text) => pass.push_bind_param::<Text, _>(text)?,
                Bind::Bytes(bytes) => pass.push_bind_param::<Binary, _>(bytes)?,
            }
        }
        pass.push_sql("))");
        Ok(())
    }
}

impl<C, T> Expression for Matches<C, T>
where
    C: Expression<SqlType: SqlType>,
    IsSqlTypeNullable<C::SqlType>: MaybeNullableType<Bool>,
{
    type SqlType = MaybeNullable<IsSqlTypeNullable<C::SqlType>, Bool>;
}

/// The number of keys is in the statement, and may change.
impl<C, T> QueryId for Matches<C, T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: ValidGrouping<G>, T, G> ValidGrouping<G> for Matches<C, T> {
    type IsAggregate = C::IsAggregate;
}

impl<C: AppearsOnTable<QS>, T, QS> AppearsOnTable<QS> for Matches<C, T> where Self: Expression {}

impl<C: SelectableExpression<QS>, T, QS> SelectableExpression<QS> for Matches<C, T> where
    Self: AppearsOnTable<QS>
{
}

impl<C: fmt::Debug, T> fmt::Debug for Matches<C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matches({:?}, [REDACTED])", self.column)
    }
}
