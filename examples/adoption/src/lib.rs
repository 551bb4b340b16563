//! What the four releases of one application have in common: their command line, in [`Release`], and what the
//! two releases share that are in use while encryption is adopted, in [`adopting`].
//!
//! `src/bin` has the releases, and the page [`operating`](encrypted_diesel::operating) the story.

pub mod adopting;
mod release;

pub use release::{Error, Release, Result, User};
