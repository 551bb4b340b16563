//! Values between a table and its walk.

use diesel::result::{Error as DieselError, QueryResult};

use super::row_key::{KeyColumn, KeyKind, RowKey};
use crate::cipher::Sealed;
use crate::envelope::Container;
use crate::sql::hidden::Hidden;

/// What a column holds; `None` is NULL.
pub(super) type Bytes = Option<Vec<u8>>;

/// A column that is read, and perhaps written.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredColumn {
    pub(super) name: &'static str,
    pub(super) container: Container,
}

/// A part of a primary key.
#[derive(Debug)]
pub(super) enum KeyValue {
    Integer(i64),
    Text(String),
    Uuid(String),
    Bytes(Vec<u8>),
}

impl KeyValue {
    pub(super) fn parse(columns: &[KeyColumn], row: &RowKey) -> QueryResult<Vec<Self>> {
        columns
            .iter()
            .zip(&row.0)
            .map(|(column, text)| {
                let unreadable = || {
                    let message = format!("the primary key {row} is not of the type of {}", column.name);
                    DieselError::QueryBuilderError(message.into())
                };
                Ok(match column.kind {
                    KeyKind::Text => Self::Text(text.clone()),
                    KeyKind::Uuid => Self::Uuid(text.clone()),
                    KeyKind::Integer => Self::Integer(text.parse().map_err(|_| unreadable())?),
                    KeyKind::Bytes => Self::Bytes(hex::decode(text).map_err(|_| unreadable())?),
                })
            })
            .collect()
    }
}

/// A value of a column, as it is bound.
#[derive(Debug)]
pub(super) enum Stored {
    Text(Hidden<Option<String>>),
    Bytes(Hidden<Bytes>),
}

impl Stored {
    /// What is written.
    pub(super) fn sealed(sealed: Sealed) -> Self {
        match sealed {
            Sealed::Text(text) => Self::Text(Hidden(Some(text))),
            Sealed::Bytes(bytes) => Self::Bytes(Hidden(Some(bytes))),
        }
    }

    pub(super) fn bytes(bytes: Bytes) -> Self {
        Self::Bytes(Hidden(bytes))
    }

    /// What is compared: as bytes, or as what the column holds where the database does not compare a text
    /// with bytes.
    pub(super) fn compared(column: StoredColumn, value: Bytes, as_bytes: bool) -> Self {
        match column.container {
            Container::Text if !as_bytes => {
                // A database that knows texts apart holds none that is not UTF-8.
                Self::Text(Hidden(value.map(|value| String::from_utf8_lossy(&value).into_owned())))
            }
            Container::Text | Container::Bytes => Self::Bytes(Hidden(value)),
        }
    }

    /// In bytes, which for the beginnings of envelopes are characters.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(Hidden(text)) => text.as_ref().map_or(0, String::len),
            Self::Bytes(Hidden(bytes)) => bytes.as_ref().map_or(0, Vec::len),
        }
    }
}
