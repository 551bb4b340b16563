//! A file of settings such as `.env`, and what it says about one variable.
//!
//! dotenvy parses it. It does not tell the line, names that are set twice, or `$`, so the text is searched for these. Only
//! a line that is about the wanted variable can be an error; no message shows a line.

mod line;
mod trust;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use zeroize::Zeroizing;

use self::line::Line;
use crate::key::KeyError;
use crate::keyring::secret_file;

const NAME: &str = ".env";

/// The file, parsed.
pub(super) struct EnvFile {
    path: PathBuf,
    lines: Vec<Line>,
    /// Whether the file can be believed. Asked only where a value is taken from it.
    trusted: Result<(), KeyError>,
    is_unicode: bool,
}

/// A variable in the file.
pub(super) struct Found {
    pub(super) value: SecretString,
    pub(super) place: String,
}

/// A problem, and the file and line that has it.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) place: String,
    pub(super) problem: KeyError,
}

impl EnvFile {
    /// The `.env` of this folder; `None` without one.
    pub(super) fn here() -> Result<Option<Self>, Wrong> {
        match Self::open(Path::new(NAME)) {
            Err(Wrong { problem: KeyError::UnreadableFile { reason: ErrorKind::NotFound }, .. }) => Ok(None),
            file => file.map(Some),
        }
    }

    pub(super) fn open(path: &Path) -> Result<Self, Wrong> {
        let wrong = |problem| Wrong { place: secret_file::shown(path), problem };
        // Opening a pipe would wait for somebody who writes into it.
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(wrong(KeyError::UnreadableFile { reason: ErrorKind::InvalidInput }));
        }
        let (bytes, metadata) = secret_file::read(path).map_err(wrong)?;
        let trusted = trust::check(path, &metadata);
        Self::parse(path, &bytes, trusted).map_err(wrong)
    }

    fn parse(path: &Path, bytes: &[u8], trusted: Result<(), KeyError>) -> Result<Self, KeyError> {
        let bytes = secret_file::without_mark(bytes)?;
        // Comments may be in another encoding.
        let is_unicode = std::str::from_utf8(bytes).is_ok();
        let mut text = Zeroizing::new(String::with_capacity(bytes.len() + 1));
        text.push_str(&String::from_utf8_lossy(bytes));
        text.push('\n');
        Ok(Self { path: path.to_owned(), lines: line::read(&text), trusted, is_unicode })
    }

    /// The value of a variable, if the file sets it.
    pub(super) fn get(&self, variable: &str) -> Result<Option<Found>, Wrong> {
        let mut lines = self.lines.iter().filter(|line| line.sets(variable));
        let Some(line) = lines.next() else {
            return match self.lines.iter().find(|line| line.mentions(variable)) {
                // dotenvy cannot parse every `$` in double quotes.
                Some(line) if line.substitutes() => Err(self.wrong(line.number, KeyError::Substitution)),
                Some(line) => Err(self.wrong(line.number, KeyError::UnreadableLine)),
                None => Ok(None),
            };
        };
        if let Some(other) = lines.next() {
            return Err(self.wrong(other.number, KeyError::SetTwice { first: line.number }));
        }
        let problem = match (&self.trusted, &line.value) {
            (Err(problem), _) => problem.clone(),
            (_, Some(_)) if line.substitutes() => KeyError::Substitution,
            (_, Some(_)) if !self.is_unicode && line.is_replaced() => KeyError::NotUnicode,
            (_, Some(value)) => {
                return Ok(Some(Found { value: value.clone(), place: self.place(line.number) }));
            }
            (_, None) => KeyError::UnreadableLine,
        };
        Err(self.wrong(line.number, problem))
    }

    fn wrong(&self, line: usize, problem: KeyError) -> Wrong {
        Wrong { place: self.place(line), problem }
    }

    fn place(&self, line: usize) -> String {
        format!("{}, line {line}", secret_file::shown(&self.path))
    }
}

#[cfg(test)]
mod tests;
