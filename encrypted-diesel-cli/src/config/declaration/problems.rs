//! The problems in the file. All are reported, not only the first.

use super::model::Located;
use crate::error::Error;
use crate::terminal::one_line;

#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Located<String>>);

impl Problems {
    pub(super) fn add<T>(&mut self, place: &Located<T>, message: impl Into<String>) {
        self.0.push(place.with(message.into()));
    }

    /// Fails if there are problems. The error has one a line, in the order of the file.
    pub(super) fn none(mut self, file: &str) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|problem| (problem.line, problem.column));
        let line =
            |Located { value, line, column }| one_line(format_args!("{file}:{line}:{column}: {value}"));
        Err(Error::WrongDeclaration { problems: self.0.into_iter().map(line).collect::<Vec<_>>().join("\n") })
    }
}
