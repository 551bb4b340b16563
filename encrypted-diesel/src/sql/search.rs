//! `matches`: the search that finds a value under every key.

#[cfg(feature = "postgres")]
mod array;
mod matches;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod placeholders;
mod searchable;
mod term;
mod terms;

use diesel::expression::Expression;
use diesel::sql_types::{Nullable, SqlType};

pub use matches::Matches;
pub use searchable::Searchable;

use crate::sql::types::{BlindIndex, DeterministicText, EncryptedBinary, EncryptedText, EncryptedVarchar};

/// Searches encrypted columns: [`BlindIndex`](crate::sql_types::BlindIndex) and
/// [`DeterministicText`](crate::sql_types::DeterministicText) columns.
///
/// ```
/// # use diesel::prelude::*;
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex, token -> DeterministicText }
/// # }
/// use encrypted_diesel::{Encrypted, EncryptedExpressionMethods};
///
/// #[derive(Encrypted)]
/// #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
/// struct Email(String);
///
/// #[derive(Encrypted)]
/// #[encrypted(context = "users.token")]
/// struct Token(String);
///
/// # let by_email =
/// users::table.filter(users::email_index.matches(Email("Ada@Example.org".into())));
/// # let by_token =
/// users::table.filter(users::token.matches_any(["t1", "t2"].map(|token| Token(token.into()))));
/// ```
///
/// During a key rotation, some rows are under the old key and some under the new one. These methods look for the value
/// under every key of the keyring that the query runs with, and use the column's index.
///
/// Implemented for expressions of this crate's SQL types only, so that they do not clash with methods of the same name
/// in other crates, such as `diesel_full_text_search`.
pub trait EncryptedExpressionMethods: Expression + Sized {
    /// Whether the column holds `value`; NULL where the column is NULL.
    ///
    /// The value is normalized as its type says, so you can pass it as the user typed it.
    ///
    /// # Errors
    ///
    /// Running the query fails with [`Error::NotInitialized`](crate::Error::NotInitialized), on a blind index with
    /// [`Error::NoIndexKey`](crate::Error::NoIndexKey), and on SQLite and MySQL with
    /// [`Error::SearchTooLarge`](crate::Error::SearchTooLarge) if there are more than eight keys to search under.
    fn matches<T>(self, value: T) -> Matches<Self, <Self::SqlType as Searchable<T>>::Term>
    where
        Self::SqlType: Searchable<T>,
    {
        Matches::new(self, Self::SqlType::term(value).map(|term| term.into_iter().collect()), false)
    }

    /// Whether the column holds one of `values`; false if there are none.
    ///
    /// # Errors
    ///
    /// As [`matches`](Self::matches). On SQLite and MySQL, [`Error::SearchTooLarge`](crate::Error::SearchTooLarge) also
    /// if the values, times keys and contexts, are more than 32,766 or 65,535. PostgreSQL takes any number.
    fn matches_any<T>(
        self,
        values: impl IntoIterator<Item = T>,
    ) -> Matches<Self, <Self::SqlType as Searchable<T>>::Term>
    where
        Self::SqlType: Searchable<T>,
    {
        let terms = values.into_iter().filter_map(|value| Self::SqlType::term(value).transpose());
        Matches::new(self, terms.collect(), true)
    }
}

impl<C: Expression<SqlType: OwnSqlType>> EncryptedExpressionMethods for C {}

/// An SQL type of this crate, nullable or not.
#[doc(hidden)]
pub trait OwnSqlType {}

impl OwnSqlType for EncryptedText {}
impl OwnSqlType for EncryptedVarchar {}
impl OwnSqlType for EncryptedBinary {}
impl OwnSqlType for DeterministicText {}
impl OwnSqlType for BlindIndex {}
impl<ST: OwnSqlType + SqlType> OwnSqlType for Nullable<ST> {}
