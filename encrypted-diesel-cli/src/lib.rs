//! The command-line tool of [encrypted-diesel](encrypted_diesel), as a library of one function.

mod arguments;
mod cli;
mod commands;
mod config;
mod database;
mod error;
mod exit;
mod output;
mod services;
mod target;
mod terminal;
mod walk;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

pub use cli::run;
