use super::input::IndexInput;
use super::spec::IndexSpec;
use crate::error::Error;

/// A type whose values have their own blind index.
///
/// `#[encrypted(context = "…", index(…))]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have its own blind index",
    note = "add one to its derive: `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait IndexTerm {
    /// How the index is made.
    const INDEX: IndexSpec;
}

/// The blind index `Self` of a value of type `V`.
///
/// `Ssn: IndexOf<Ssn>` is the index of the whole number. `LastFour: IndexOf<Ssn>`, which
/// `index(by = LastFour)` on `Ssn` makes, is that of its last four digits.
#[diagnostic::on_unimplemented(
    message = "a blind index of `{V}` cannot be searched for a `{Self}`",
    label = "this type has no blind index",
    note = "search for a value of the type that the index was made with, the one with \
            `#[encrypted(context = \"…\", index(…))]`; instead of an `Option`, search for the value in it"
)]
pub trait IndexOf<V: ?Sized>: IndexTerm {
    /// The input to the digest; `None` for NULL.
    ///
    /// # Errors
    ///
    /// Those of [`IndexSpec::input`](super::IndexSpec::input).
    fn input(value: &V) -> Result<Option<IndexInput>, Error>;

    /// Whether a search for `self` is meant to find `value`. A truncated index finds other values as well.
    fn is_match(&self, value: &V) -> bool
    where
        Self: IndexOf<Self> + Sized,
    {
        matches!((<Self as IndexOf<Self>>::input(self), Self::input(value)), (Ok(Some(searched)), Ok(Some(found))) if searched == found)
    }
}

impl<S: IndexTerm> IndexTerm for &S {
    const INDEX: IndexSpec = S::INDEX;
}

impl<'v, V, S: IndexOf<V>> IndexOf<&'v V> for &S {
    fn input(value: &&'v V) -> Result<Option<IndexInput>, Error> {
        S::input(value)
    }
}

/// NULL has no index.
impl<V, S: IndexOf<V>> IndexOf<Option<V>> for S {
    fn input(value: &Option<V>) -> Result<Option<IndexInput>, Error> {
        value.as_ref().map_or(Ok(None), S::input)
    }
}
