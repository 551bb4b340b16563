//! What is surveyed: a table and its columns.

use diesel::result::QueryResult;

use crate::envelope::{self, Container, Mode};
use crate::maintenance::sql::dialect::Dialect;
use crate::maintenance::sql::table::Table;

/// The subject of what concerns no table.
pub(super) const SERVER: &str = "the server";

/// A column that a walk writes or reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::maintenance) struct Surveyed {
    pub(in crate::maintenance) name: &'static str,
    pub(in crate::maintenance) holds: Holds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::maintenance) enum Holds {
    Envelopes(Container, Mode),
    /// Digests of a number of bytes, if it is known.
    Index(Option<usize>),
    Plaintext,
}

impl Surveyed {
    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.holds, Holds::Envelopes(..))
    }

    /// The shortest value that is written, in characters or bytes.
    pub(super) fn shortest(&self) -> usize {
        match self.holds {
            Holds::Envelopes(container, mode) => envelope::len(container, mode, 0),
            Holds::Index(bytes) => bytes.unwrap_or(1),
            Holds::Plaintext => 0,
        }
    }

    /// Whether searches look for its values.
    pub(super) fn is_searched(&self) -> bool {
        matches!(self.holds, Holds::Index(_) | Holds::Envelopes(_, Mode::Deterministic))
    }

    /// How each envelope begins. `None` if it holds none.
    pub(super) fn beginning(&self) -> Option<(Container, Vec<u8>)> {
        match self.holds {
            Holds::Envelopes(container, mode) => {
                Some((container, envelope::beginning(container, mode, None)))
            }
            _ => None,
        }
    }

    /// The envelope of a value of so many bytes, in characters or bytes.
    pub(super) fn encrypted(&self, bytes: usize) -> Option<usize> {
        match self.holds {
            Holds::Envelopes(container, mode) => Some(envelope::len(container, mode, bytes)),
            _ => None,
        }
    }

    /// Whether equal values are stored alike.
    pub(super) fn is_randomized(&self) -> bool {
        matches!(self.holds, Holds::Envelopes(_, Mode::Randomized))
    }

    /// Whether a column that fills values up to `width` bytes changes what is written into it.
    pub(super) fn is_padded_to(&self, width: usize) -> bool {
        match self.holds {
            Holds::Index(bytes) => bytes.is_some_and(|bytes| bytes != width),
            Holds::Envelopes(..) => true,
            Holds::Plaintext => false,
        }
    }

    /// What it holds, in words.
    pub(super) fn words(&self) -> String {
        match self.holds {
            Holds::Envelopes(Container::Text, _) => {
                format!("the shortest envelope has {} characters", self.shortest())
            }
            Holds::Envelopes(Container::Bytes, _) => {
                format!("the shortest envelope has {} bytes", self.shortest())
            }
            Holds::Index(_) => format!("the index has {} bytes", self.shortest()),
            Holds::Plaintext => "it holds plaintext".to_owned(),
        }
    }
}

/// A table as the database finds it, and the columns of interest.
#[derive(Debug)]
pub(super) struct Subject {
    /// The table's name in SQL: quoted, and with its schema if that is known.
    pub(super) sql: String,
    pub(super) schema: Option<String>,
    pub(super) table: String,
    pub(super) columns: Vec<Surveyed>,
    /// The names of its primary key.
    pub(super) key: Vec<&'static str>,
}

impl Subject {
    pub(super) fn new<DB: Dialect>(table: &Table<DB>, columns: Vec<Surveyed>) -> QueryResult<Self> {
        let sql = DB::sql_of(&*table.name)?;
        let mut names = names_in(&sql);
        let key = table.key.iter().map(|column| column.name).collect();
        let table = names.pop().unwrap_or_default();
        Ok(Self { sql, schema: names.pop(), table, columns, key })
    }

    /// The table's name in messages.
    pub(super) fn name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.table),
            None => self.table.clone(),
        }
    }

    /// A column's name in messages.
    pub(super) fn column(&self, column: &str) -> String {
        format!("{}.{column}", self.name())
    }

    pub(super) fn surveyed(&self, column: &str) -> Option<&Surveyed> {
        self.columns.iter().find(|surveyed| surveyed.name == column)
    }
}

/// The names in `"a"."b"`, or in backticks.
fn names_in(sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut letters = sql.chars().peekable();
    while let Some(quote) = letters.next() {
        if quote != '"' && quote != '`' {
            continue;
        }
        let mut name = String::new();
        while let Some(letter) = letters.next() {
            if letter != quote || letters.next_if_eq(&quote).is_some() {
                name.push(letter);
            } else {
                break;
            }
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_their_quotes() {
        assert_eq!(names_in("\"users\""), ["users"]);
        assert_eq!(names_in("\"a.b\".\"c\"\"d\""), ["a.b", "c\"d"]);
        assert_eq!(names_in("`clinic`.`us``ers`"), ["clinic", "us`ers"]);
    }

    #[test]
    fn the_shortest_values_are_those_of_the_format() {
        let shortest = |container, mode| envelope::len(container, mode, 0);
        assert_eq!(shortest(Container::Text, Mode::Randomized), envelope::text_len(0));
        assert_eq!(shortest(Container::Text, Mode::Deterministic), 36);
        assert_eq!(shortest(Container::Bytes, Mode::Randomized), 36);
    }
}
