//! A part of the primary key, as statements read, compare and sort it.

use std::borrow::Cow;

/// How statements read, compare and sort a part of the primary key. The default is SQLite's.
#[derive(Clone, Debug)]
pub(in crate::maintenance) struct KeyForm {
    /// How it is read: see [`fill`](super::template::fill).
    pub(super) read: Cow<'static, str>,
    pub(super) bound: Bound,
    pub(super) operators: Operators,
    /// Whether its text depends on the settings of the session.
    pub(super) by_settings: bool,
}

/// How a value of it is written into a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(dead_code, reason = "each is of one backend or two")
)]
pub(in crate::maintenance) enum Bound {
    /// In its own storage class, which may differ from the one that is declared.
    Class,
    Integer,
    Text,
    Bytes,
    /// As a UUID of PostgreSQL.
    Uuid,
    /// As text, in an expression that converts it.
    Converted(Cow<'static, str>),
    /// As a literal of this type of PostgreSQL. Unlike a parameter that is cast, it only calls the type's own input
    /// function, never a cast that somebody has created.
    Literal(String),
}

/// How it is compared and sorted: see [`compare`](super::template::compare).
#[derive(Clone, Debug)]
pub(in crate::maintenance) struct Operators {
    /// The collation of its index, where it is another than the column's.
    pub(super) collate: String,
    pub(super) equal: Cow<'static, str>,
    pub(super) greater: Cow<'static, str>,
    pub(super) at_least: Cow<'static, str>,
    /// What follows it in ORDER BY.
    pub(super) ascending: Cow<'static, str>,
}

impl Default for KeyForm {
    fn default() -> Self {
        Self { read: "{}".into(), bound: Bound::Class, operators: Operators::default(), by_settings: false }
    }
}

impl Default for Operators {
    fn default() -> Self {
        Self {
            collate: String::new(),
            equal: "{} = []".into(),
            greater: "{} > []".into(),
            at_least: "{} >= []".into(),
            ascending: "".into(),
        }
    }
}
