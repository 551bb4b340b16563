use diesel::sql_types::{Nullable, SqlType};

use super::term::{DeterministicTerm, Term};
use crate::blind_index::{IndexInput, IndexOf};
use crate::error::Error;
use crate::plaintext::{Canonical, HasContext, Plaintext};
use crate::sql::types::{BlindIndex, DeterministicText};

/// The SQL type of a column that can be searched for a `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be searched",
    label = "this column cannot be searched",
    note = "two encryptions of the same value differ: add a `BlindIndex` column or make the column \
            `DeterministicText`, and search that; see `encrypted_diesel::guide::search` in the documentation"
)]
pub trait Searchable<T> {
    #[doc(hidden)]
    type Term: Term;

    /// `None` for NULL, which matches nothing.
    #[doc(hidden)]
    fn term(value: T) -> Result<Option<Self::Term>, Error>;
}

impl<T: IndexOf<T>> Searchable<T> for BlindIndex {
    type Term = IndexInput;

    fn term(value: T) -> Result<Option<Self::Term>, Error> {
        T::input(&value)
    }
}

impl<T: Plaintext + Canonical + HasContext> Searchable<T> for DeterministicText {
    type Term = DeterministicTerm<T>;

    fn term(value: T) -> Result<Option<Self::Term>, Error> {
        Ok(Some(DeterministicTerm(value)))
    }
}

impl<T, ST: Searchable<T> + SqlType> Searchable<T> for Nullable<ST> {
    type Term = ST::Term;

    fn term(value: T) -> Result<Option<Self::Term>, Error> {
        ST::term(value)
    }
}
