//! Everything that knows Diesel.

mod backend;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod bare;
mod bound;
pub(crate) mod types;
mod value;

pub use backend::EncryptedBackend;
pub use bound::{EncryptedBound, Searchable};
pub use types::EncryptedSqlType;
pub use value::{from_sql, to_sql};
