//! Blind indexes: keyed digests that find encrypted values.
//!
//! [`#[derive(Encrypted)]`](derive@crate::Encrypted) implements these traits. How to search:
//! [`guide::search`](crate::guide::search).

mod indexable;
mod input;
mod normalizer;
mod spec;
mod state;
mod term;

pub use indexable::{FromValues, Indexable};
pub use input::IndexInput;
#[cfg(test)]
pub(crate) use input::digest;
pub use normalizer::Normalizer;
pub use spec::IndexSpec;
pub(crate) use state::IndexState;
pub use term::{IndexOf, IndexTerm};

#[cfg(test)]
mod tests;
