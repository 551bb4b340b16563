//! Values on their way between the rows of a table and a statement, column by column.

use diesel::result::{Error as DieselError, QueryResult};

use super::dialect::Dialect;
use super::row_key::{KeyColumn, KeyKind, RowKey};
use crate::envelope::Container;
use crate::sql::hidden::Hidden;

/// A stored value; `None` is NULL.
pub(in crate::maintenance) type Bytes = Option<Vec<u8>>;

/// A column that is read, and perhaps written.
#[derive(Clone, Copy, Debug)]
pub(in crate::maintenance) struct StoredColumn {
    pub(in crate::maintenance) name: &'static str,
    pub(in crate::maintenance) container: Container,
    /// Whether it has another type, and is read as the text that the database writes for it.
    pub(in crate::maintenance) as_text: bool,
}

impl StoredColumn {
    pub(in crate::maintenance) fn new(name: &'static str, container: Container) -> Self {
        Self { name, container, as_text: false }
    }

    /// A column of another type, which is read as text, or one of bytes.
    pub(in crate::maintenance) fn plaintext(name: &'static str, is_bytes: bool) -> Self {
        let container = if is_bytes { Container::Bytes } else { Container::Text };
        Self { name, container, as_text: !is_bytes }
    }

    pub(in crate::maintenance) fn is_text(self) -> bool {
        self.container == Container::Text
    }

    /// How a value is bound: as bytes, where text is compared as bytes.
    pub(in crate::maintenance) fn bound_as(self, as_bytes: bool) -> Container {
        if as_bytes { Container::Bytes } else { self.container }
    }
}

/// Values of a part of the primary key.
#[derive(Debug)]
pub(in crate::maintenance) enum Keys {
    Integer(Vec<i64>),
    Text(Vec<String>),
    Uuid(Vec<String>),
    Bytes(Vec<Vec<u8>>),
}

impl Keys {
    /// The values of each part of the key, of these rows.
    pub(in crate::maintenance) fn new<'a>(
        columns: &[KeyColumn],
        rows: impl Iterator<Item = &'a RowKey> + Clone,
    ) -> QueryResult<Vec<Self>> {
        let parts = columns.iter().enumerate();
        parts.map(|(part, column)| Self::parse(column, rows.clone().map(|row| row.part(part)))).collect()
    }

    fn parse<'a>(column: &KeyColumn, texts: impl Iterator<Item = &'a str>) -> QueryResult<Self> {
        let unreadable = |text: &str| {
            let message = format!("the primary key {text} does not have the type of {}", column.name);
            DieselError::QueryBuilderError(message.into())
        };
        Ok(match column.kind {
            KeyKind::Text => Self::Text(texts.map(str::to_owned).collect()),
            KeyKind::Uuid => Self::Uuid(texts.map(str::to_owned).collect()),
            KeyKind::Integer => Self::Integer(
                texts.map(|text| text.parse().map_err(|_| unreadable(text))).collect::<Result<_, _>>()?,
            ),
            KeyKind::Bytes => Self::Bytes(
                texts
                    .map(|text| hex::decode(text).map_err(|_| unreadable(text)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }
}

/// Values of a column, as they are bound.
#[derive(Debug)]
pub(in crate::maintenance) enum Values {
    Text(Vec<Hidden<Option<String>>>),
    Bytes(Vec<Hidden<Bytes>>),
}

impl Values {
    pub(in crate::maintenance) fn new(container: Container, values: impl Iterator<Item = Bytes>) -> Self {
        match container {
            Container::Text => Self::Text(values.map(|value| Hidden(value.map(into_text))).collect()),
            Container::Bytes => Self::Bytes(values.map(Hidden).collect()),
        }
    }

    /// The values that a column is compared with.
    pub(in crate::maintenance) fn compared<DB: Dialect>(
        column: StoredColumn,
        values: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        Self::new(column.bound_as(DB::TO_BYTES.is_some()), values.into_iter().map(Some))
    }

    /// A value, in bytes.
    pub(in crate::maintenance) fn get(&self, position: usize) -> Option<&[u8]> {
        match self {
            Self::Text(texts) => texts[position].0.as_ref().map(String::as_bytes),
            Self::Bytes(bytes) => bytes[position].0.as_deref(),
        }
    }

    /// In bytes, which are characters in the prefixes of envelopes.
    pub(in crate::maintenance) fn len_of(&self, position: usize) -> usize {
        match self {
            Self::Text(texts) => texts[position].0.as_ref().map_or(0, String::len),
            Self::Bytes(bytes) => bytes[position].0.as_ref().map_or(0, Vec::len),
        }
    }

    pub(in crate::maintenance) fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// Text is bound as UTF-8: envelopes are ASCII, and a database with a text type holds valid text.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
