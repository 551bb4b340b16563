use super::batch::Problem;
use super::own_indexes::OwnIndexes;
use crate::blind_index::{IndexInput, Indexable};
use crate::error::Error;
use crate::indexed::Indexed;
use crate::plaintext::FromPlaintext;
use crate::sql::IndexColumns;

/// The type of a column's values, as a model has it: a value, or an [`Indexed`] one.
///
/// The type of the field, that is, without an `Option` around it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of an encrypted column's values",
    label = "name the type of the model's field, without `Option`",
    note = "a value with blind indexes is named with their columns: `Indexed<Value, table::column, table::index_column>`"
)]
pub trait ColumnValue {
    #[doc(hidden)]
    type Plain: FromPlaintext;

    /// Refuses a value that lacks its index columns. Evaluated by the function that the caller names, so that rustc
    /// shows the caller's line.
    #[doc(hidden)]
    const CHECK: () = ();

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn own_indexes() -> OwnIndexes;
}

impl<V: FromPlaintext> ColumnValue for V {
    type Plain = V;

    const CHECK: () = assert!(
        !V::INDEXED,
        "this value has blind indexes: name it as `Indexed<Value, table::column, table::index_column>`, so that they \
         are written with it"
    );

    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn own_indexes() -> OwnIndexes {
        OwnIndexes::default()
    }
}

impl<V, C, I> ColumnValue for Indexed<V, C, I>
where
    V: IndexedValue,
    I: IndexColumns<V::Inputs>,
{
    type Plain = V::Plain;

    #[expect(private_interfaces, reason = "hidden, and called here alone")]
    fn own_indexes() -> OwnIndexes {
        OwnIndexes::new(&I::names(), |plaintext| {
            V::inputs_of(V::Plain::decode(plaintext)?).map_err(Problem::from)
        })
    }
}

/// A value of one column with blind indexes, or an `Option` of one.
#[doc(hidden)]
pub trait IndexedValue: Indexable {
    type Plain: FromPlaintext;

    /// The inputs of the value's indexes.
    ///
    /// # Errors
    ///
    /// Those of [`Indexable::inputs`].
    fn inputs_of(value: Self::Plain) -> Result<Vec<Option<IndexInput>>, Error>;
}

impl<V: Indexable + FromPlaintext> IndexedValue for V {
    type Plain = V;

    fn inputs_of(value: V) -> Result<Vec<Option<IndexInput>>, Error> {
        Ok(value.inputs()?.as_ref().to_vec())
    }
}

impl<V> IndexedValue for Option<V>
where
    V: FromPlaintext,
    Self: Indexable,
{
    type Plain = V;

    fn inputs_of(value: V) -> Result<Vec<Option<IndexInput>>, Error> {
        Ok(Some(value).inputs()?.as_ref().to_vec())
    }
}
