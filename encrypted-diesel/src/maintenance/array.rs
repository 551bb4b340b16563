use std::sync::Arc;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, IntoNotNullable};

use super::codec::Codec;
use super::column::EncryptedColumn;
use super::column_value::ColumnValue;
use super::own_indexes::OwnIndexes;
use super::sql::bind::StoredColumn;
use super::sql::table::TableOf;
use super::value_type::ValueType;
use crate::plaintext::FromPlaintext;
use crate::sql::EncryptedSqlType;
use crate::sql::types::sealed::Form as _;

/// The SQL type of an array of encrypted values. Elements may be NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the SQL type of an array of encrypted values",
    note = "name a type such as `Array<EncryptedText>` or `Array<Nullable<EncryptedText>>`"
)]
pub trait EncryptedArray {
    #[doc(hidden)]
    type Element: EncryptedSqlType;
}

impl<ST> EncryptedArray for Array<ST>
where
    ST: IntoNotNullable<NotNullable: EncryptedSqlType> + 'static,
{
    type Element = ST::NotNullable;
}

impl EncryptedColumn<Pg> {
    /// The column `C` of arrays of encrypted values, which PostgreSQL has. `V` is the type of their elements.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use encrypted_diesel::EncryptedText;
    /// # diesel::table! {
    /// #     use diesel::sql_types::*;
    /// #     use encrypted_diesel::sql_types::*;
    /// #     patients (id) { id -> Integer, tags -> Array<Nullable<EncryptedText>> }
    /// # }
    /// use encrypted_diesel::maintenance::{EncryptedColumn, WalkConnection};
    ///
    /// # fn rotate(connection: &mut impl WalkConnection<Backend = diesel::pg::Pg>) -> QueryResult<()> {
    /// let tags = EncryptedColumn::array::<patients::tags, EncryptedText>();
    /// tags.rotate().run(connection, |batch| println!("{} rows rotated", batch.written))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A walk works on each element and counts rows; [`status`](Self::status) counts elements. An array in which one
    /// element cannot be worked on is left as a whole, and so is one of several dimensions or whose subscripts do not
    /// begin at 1, since Diesel does not keep these. Each array that changes is written by a statement of its own.
    ///
    /// An array cannot have a blind index, and cannot be filled from another column.
    pub fn array<C, V>() -> Self
    where
        C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedArray>> + TableOf<Pg>,
        V: FromPlaintext + ColumnValue,
    {
        type ElementOf<C> =
            <<<C as Expression>::SqlType as IntoNotNullable>::NotNullable as EncryptedArray>::Element;

        const { <V as ColumnValue>::CHECK };
        Self {
            table: Arc::new(C::table()),
            codec: Codec {
                column: StoredColumn::new(C::NAME, ElementOf::<C>::CONTAINER),
                mode: ElementOf::<C>::MODE,
                value: ValueType::new::<V, Pg>(),
            },
            from: None,
            indexes: OwnIndexes::default(),
            in_arrays: true,
        }
    }
}
