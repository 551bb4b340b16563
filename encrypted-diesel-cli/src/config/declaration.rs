//! `encrypted-diesel.toml`: which columns of a database are encrypted, and how.

mod check;
mod column;
mod contexts;
mod file;
mod index;
mod model;
mod names;
mod normalizers;
mod problems;
mod reader;
mod select;
mod table;

pub(crate) use self::model::{Column, Declaration, Index, SqlType, Table, Value};
pub(crate) use self::select::{Selected, Takes};

#[cfg(test)]
mod tests;
