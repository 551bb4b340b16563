use super::input::IndexInput;
use crate::error::Error;

/// A value that is written together with its blind indexes, through [`Indexed`](crate::Indexed).
///
/// `#[encrypted(context = "…", index(…))]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have a blind index",
    note = "add one to its derive: `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait Indexable: Sized {
    /// An array of `Option<IndexInput>`, one for each index column.
    type Inputs: Default + AsRef<[Option<IndexInput>]>;
    /// The values as a tuple, one for each encrypted column.
    type Values;
    /// As [`Values`](Self::Values), borrowed.
    type ValueRefs<'a>
    where
        Self: 'a;

    /// The input to the digest for each index column.
    ///
    /// # Errors
    ///
    /// Those of [`IndexSpec::input`](super::IndexSpec::input).
    fn inputs(&self) -> Result<Self::Inputs, Error>;

    /// The values to encrypt.
    fn into_values(self) -> Self::Values;

    /// As [`into_values`](Self::into_values), borrowed.
    fn value_refs(&self) -> Self::ValueRefs<'_>;
}

impl<V: Indexable<Values = (V,)>> Indexable for Option<V> {
    type Inputs = V::Inputs;
    type Values = (Self,);
    type ValueRefs<'a>
        = (&'a Self,)
    where
        Self: 'a;

    fn inputs(&self) -> Result<Self::Inputs, Error> {
        self.as_ref().map_or_else(|| Ok(Self::Inputs::default()), V::inputs)
    }

    fn into_values(self) -> Self::Values {
        (self,)
    }

    fn value_refs(&self) -> Self::ValueRefs<'_> {
        (self,)
    }
}

/// Without a copy.
impl<'v, V: Indexable> Indexable for &'v V {
    type Inputs = V::Inputs;
    type Values = V::ValueRefs<'v>;
    type ValueRefs<'a>
        = V::ValueRefs<'a>
    where
        Self: 'a;

    fn inputs(&self) -> Result<Self::Inputs, Error> {
        V::inputs(self)
    }

    fn into_values(self) -> Self::Values {
        self.value_refs()
    }

    fn value_refs(&self) -> Self::ValueRefs<'_> {
        V::value_refs(self)
    }
}

/// An [`Indexable`] value that can be rebuilt from its parts. Borrowed values cannot.
///
/// `#[encrypted(context = "…", index(…))]` implements it.
pub trait FromValues: Indexable {
    /// The reverse of [`into_values`](Indexable::into_values).
    fn from_values(values: Self::Values) -> Self;
}

impl<V: Indexable<Values = (V,)>> FromValues for Option<V> {
    fn from_values((value,): Self::Values) -> Self {
        value
    }
}
