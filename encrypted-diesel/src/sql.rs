//! Everything that knows Diesel.

mod backend;
mod bare;
mod bound;
#[cfg(feature = "postgres")]
mod copy;
mod multi;
pub(crate) mod types;
mod value;

pub use backend::{ReadEncrypted, WriteEncrypted};
pub use bound::{EncryptedBound, Searchable};
#[cfg(feature = "postgres")]
pub use copy::ForCopy;
pub use types::EncryptedSqlType;
