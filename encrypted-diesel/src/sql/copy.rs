use std::fmt;

use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, Output, ToSql};

use crate::sql_types;

/// An encrypted value for PostgreSQL's `COPY … FROM`, through `diesel::copy_from`.
///
/// Diesel only copies values with Diesel's own bind. The values of this crate have a different one, which is how
/// comparisons are refused, so wrap them in this type for a copy. An `Option` does not need it.
///
/// ```
/// # use diesel::prelude::*;
/// # use encrypted_diesel::sql::ForCopy;
/// # use encrypted_diesel::{EncryptedText, EncryptedVarchar};
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     patients (id) { id -> Integer, name -> EncryptedVarchar, notes -> Nullable<EncryptedText> }
/// # }
/// #[derive(Insertable)]
/// #[diesel(table_name = patients, treat_none_as_default_value = false)]
/// struct CopiedPatient {
///     id: i32,
///     name: ForCopy<EncryptedVarchar<120>>,
///     notes: Option<EncryptedText>,
/// }
///
/// // diesel::copy_from(patients::table).from_insertable(patients).execute(connection)?;
/// ```
///
/// A comparison with it compiles, but never matches. An [`Indexed`](crate::Indexed) cannot be copied.
#[derive(Clone, AsExpression)]
#[diesel(sql_type = sql_types::EncryptedText)]
#[diesel(sql_type = sql_types::EncryptedVarchar)]
#[diesel(sql_type = sql_types::EncryptedBinary)]
#[diesel(sql_type = sql_types::DeterministicText)]
pub struct ForCopy<V>(pub V);

impl<V> From<V> for ForCopy<V> {
    fn from(value: V) -> Self {
        Self(value)
    }
}

macro_rules! write_as_the_value {
    ($($sql_type:ident),*) => {$(
        impl<V: ToSql<sql_types::$sql_type, Pg>> ToSql<sql_types::$sql_type, Pg> for ForCopy<V> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
    )*};
}

write_as_the_value!(EncryptedText, EncryptedVarchar, EncryptedBinary, DeterministicText);

impl<V> fmt::Debug for ForCopy<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForCopy([REDACTED])")
    }
}
