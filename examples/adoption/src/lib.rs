//! Code shared by the four releases of one application: their command line, in [`Release`], and what releases 2 and
//! 3 share, in [`adopting`].
//!
//! The releases are in `src/bin`, and [`guide::adoption`](encrypted_diesel::guide::adoption) tells their story.

pub mod adopting;
mod release;

pub use release::{Error, Release, Result, User};
