//! Values on their way between the rows of a table and a statement, column by column.

use std::borrow::Cow;

use diesel::result::{Error as DieselError, QueryResult};

use super::class::Classed;
use super::dialect::Dialect;
use super::key_form::Bound;
use super::row_key::{KeyColumn, RowKey};
use zeroize::Zeroizing;

use crate::envelope::Container;
use crate::maintenance::escaped::Escaped;
use crate::sql::hidden::Hidden;

/// A stored value, which may be plaintext; `None` is NULL.
pub(in crate::maintenance) type Bytes = Option<Zeroizing<Vec<u8>>>;

/// A column that is read, and perhaps written.
#[derive(Clone, Copy, Debug)]
pub(in crate::maintenance) struct StoredColumn {
    pub(in crate::maintenance) name: &'static str,
    pub(in crate::maintenance) container: Container,
    pub(super) read: Read,
}

/// How a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// As it is stored.
    Stored,
    /// It has another type, and is read as the text that the database writes for it.
    Text,
    /// The same, in a form that differs if any bit of the value does.
    Exact,
    /// It is an array of such values, and read in the form in which PostgreSQL sends it.
    Array(Container),
}

impl StoredColumn {
    pub(in crate::maintenance) fn new(name: &'static str, container: Container) -> Self {
        Self { name, container, read: Read::Stored }
    }

    /// A column of another type, which is read as text, or one of bytes.
    pub(in crate::maintenance) fn plaintext(name: &'static str, is_bytes: bool) -> Self {
        if is_bytes {
            Self::new(name, Container::Bytes)
        } else {
            Self { name, container: Container::Text, read: Read::Text }
        }
    }

    /// The same column in a form that shows whether it has changed, if its text is not enough: the text may have been
    /// read under settings that the update does not have.
    pub(in crate::maintenance) fn exact(self) -> Option<Self> {
        let exact = Self { container: Container::Bytes, read: Read::Exact, ..self };
        (self.read == Read::Text).then_some(exact)
    }

    /// The same column of arrays of such values.
    pub(in crate::maintenance) fn in_array(self) -> Self {
        Self { container: Container::Bytes, read: Read::Array(self.container), ..self }
    }

    /// A column of the elements, under the same name. `None` if it is not of arrays.
    pub(in crate::maintenance) fn elements(self) -> Option<Self> {
        match self.read {
            Read::Array(container) => Some(Self::new(self.name, container)),
            Read::Stored | Read::Text | Read::Exact => None,
        }
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
#[derive(Clone, Debug)]
pub(in crate::maintenance) enum Keys {
    Integer(Vec<i64>),
    Text(Vec<String>),
    Bytes(Vec<Vec<u8>>),
    Uuid(Vec<String>),
    /// In an expression that converts them.
    Converted(Vec<String>, Cow<'static, str>),
    /// As literals of a type of PostgreSQL.
    Literal(Vec<String>, String),
    /// In the storage classes of SQLite.
    Classed(Vec<Classed>),
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
        Ok(match &column.form.bound {
            Bound::Class => Self::Classed(each(column, texts, |text| Classed::named(column.kind, text))?),
            Bound::Integer => Self::Integer(each(column, texts, |text| text.parse().ok())?),
            Bound::Bytes => Self::Bytes(each(column, texts, |text| hex::decode(text).ok())?),
            Bound::Text => Self::Text(texts.map(str::to_owned).collect()),
            Bound::Uuid => Self::Uuid(texts.map(str::to_owned).collect()),
            Bound::Converted(template) => {
                Self::Converted(texts.map(str::to_owned).collect(), template.clone())
            }
            Bound::Literal(sql_type) => Self::Literal(texts.map(str::to_owned).collect(), sql_type.clone()),
        })
    }
}

fn each<'a, T>(
    column: &KeyColumn,
    texts: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Option<T>,
) -> QueryResult<Vec<T>> {
    let value = |text| {
        parse(text).ok_or_else(|| {
            let text = Escaped(text);
            let message = format!("the primary key {text} does not have the type of {}", column.name);
            DieselError::QueryBuilderError(message.into())
        })
    };
    texts.map(value).collect()
}

/// Values of a column, as they are bound.
#[derive(Debug)]
pub(in crate::maintenance) enum Values {
    Text(Vec<Hidden<Option<String>>>),
    Bytes(Vec<Hidden<Option<Vec<u8>>>>),
}

impl Values {
    pub(in crate::maintenance) fn new(container: Container, values: impl Iterator<Item = Bytes>) -> Self {
        match container {
            Container::Text => Self::Text(values.map(|value| Hidden(value.map(into_text))).collect()),
            Container::Bytes => {
                let bytes = |mut bytes: Zeroizing<Vec<u8>>| std::mem::take(&mut *bytes);
                Self::Bytes(values.map(|value| Hidden(value.map(bytes))).collect())
            }
        }
    }

    /// The values that a column is compared with.
    pub(in crate::maintenance) fn compared<DB: Dialect>(
        column: StoredColumn,
        values: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        Self::new(
            column.bound_as(DB::TO_BYTES.is_some()),
            values.into_iter().map(|value| Some(Zeroizing::new(value))),
        )
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
fn into_text(mut bytes: Zeroizing<Vec<u8>>) -> String {
    String::from_utf8(std::mem::take(&mut *bytes))
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
