//! Everything that knows Diesel.

mod backend;
mod bare;
mod bound;
#[cfg(feature = "postgres")]
mod copy;
mod hidden;
mod indexed;
mod multi;
mod search;
pub(crate) mod types;
mod value;

pub use backend::{ReadEncrypted, WriteEncrypted};
pub use bound::{Comparable, EncryptedBound, WrittenAlone};
#[cfg(feature = "postgres")]
pub use copy::ForCopy;
pub use search::{EncryptedExpressionMethods, Matches, Searchable};
pub use types::EncryptedSqlType;
