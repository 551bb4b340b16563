//! Everything that knows Diesel.

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
pub use bound::{Comparable, EncryptedBound, WrittenAlone};
#[cfg(feature = "postgres")]
pub use copy::ForCopy;
pub(crate) use indexed::IndexColumns;
pub use search::{EncryptedExpressionMethods, Matches, Searchable};
pub use types::EncryptedSqlType;
