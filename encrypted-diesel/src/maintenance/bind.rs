//! Values between a table and its walk, column by column.

use diesel::result::{Error as DieselError, QueryResult};

use super::row_key::{KeyColumn, KeyKind, RowKey};
use crate::envelope::Container;
use crate::sql::hidden::Hidden;

/// What a column holds; `None` is NULL.
pub(super) type Bytes = Option<Vec<u8>>;

/// A column that is read, and perhaps written.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredColumn {
    pub(super) name: &'static str,
    pub(super) container: Container,
    /// Whether it is of some other type, and read as the database writes that as text.
    pub(super) as_text: bool,
}

impl StoredColumn {
    pub(super) fn new(name: &'static str, container: Container) -> Self {
        Self { name, container, as_text: false }
    }

    /// A column of another type, which is read as text, or one of bytes.
    pub(super) fn plaintext(name: &'static str, is_bytes: bool) -> Self {
        let container = if is_bytes { Container::Bytes } else { Container::Text };
        Self { name, container, as_text: !is_bytes }
    }

    pub(super) fn is_text(self) -> bool {
        self.container == Container::Text
    }

    /// What a value is bound as: bytes, where texts are compared as these.
    pub(super) fn bound_as(self, as_bytes: bool) -> Container {
        if as_bytes { Container::Bytes } else { self.container }
    }
}

/// Values of a part of the primary key.
#[derive(Debug)]
pub(super) enum Keys {
    Integer(Vec<i64>),
    Text(Vec<String>),
    Uuid(Vec<String>),
    Bytes(Vec<Vec<u8>>),
}

impl Keys {
    /// The values of each part, of these rows.
    pub(super) fn of<'a>(
        columns: &[KeyColumn],
        rows: impl Iterator<Item = &'a RowKey> + Clone,
    ) -> QueryResult<Vec<Self>> {
        let parts = columns.iter().enumerate();
        parts.map(|(part, column)| Self::parse(column, rows.clone().map(|row| row.part(part)))).collect()
    }

    fn parse<'a>(column: &KeyColumn, texts: impl Iterator<Item = &'a str>) -> QueryResult<Self> {
        let unreadable = |text: &str| {
            let message = format!("the primary key {text} is not of the type of {}", column.name);
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
pub(super) enum Values {
    Text(Vec<Hidden<Option<String>>>),
    Bytes(Vec<Hidden<Bytes>>),
}

impl Values {
    pub(super) fn new(container: Container, values: impl Iterator<Item = Bytes>) -> Self {
        match container {
            Container::Text => Self::Text(values.map(|value| Hidden(value.map(into_text))).collect()),
            Container::Bytes => Self::Bytes(values.map(Hidden).collect()),
        }
    }

    /// In bytes, which for the beginnings of envelopes are characters.
    pub(super) fn len_of(&self, position: usize) -> usize {
        match self {
            Self::Text(texts) => texts[position].0.as_ref().map_or(0, String::len),
            Self::Bytes(bytes) => bytes[position].0.as_ref().map_or(0, Vec::len),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// What is bound as text is UTF-8: envelopes are, and a database that knows texts apart holds no others.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
