//! The traits and expressions that encrypted values add to Diesel's queries.
//!
//! Applications rarely name them: models and queries find them through the types of columns and values.

mod backend;
mod bare;
mod bound;
#[cfg(feature = "postgres")]
mod copy;
pub(crate) mod hidden;
mod indexed;
mod multi;
mod search;
pub(crate) mod types;
mod value;

pub use backend::{ReadEncrypted, WriteEncrypted};
pub use bound::EncryptedBound;
#[doc(hidden)]
pub use bound::{Comparable, WrittenAlone};
#[cfg(feature = "postgres")]
pub use copy::ForCopy;
#[doc(hidden)]
pub use indexed::IndexBound;
pub(crate) use indexed::IndexColumns;
pub use search::{EncryptedExpressionMethods, Matches, Searchable};
pub use types::EncryptedSqlType;
