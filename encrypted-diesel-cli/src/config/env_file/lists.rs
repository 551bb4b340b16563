//! The lists of keys in the text of a file such as `.env`.
//!
//! dotenvy reads the variables, as it does in an application, but it does not report where in the text a list is. So
//! this module guesses the place, and reads the result back: it drops a guess unless the result has the same
//! variables, with one more key.

use encrypted_diesel::{ExposeSecret, Key, Keyring};
use zeroize::{Zeroize, Zeroizing};

use super::problem::Problem;

/// A byte order mark, with which some Windows editors start a file.
const MARK: &str = "\u{feff}";

/// A variable that holds keys, separated by commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Encryption,
    Index,
}

/// Where to add a key to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    First,
    Last,
}

impl List {
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Encryption => "FIELD_ENCRYPTION_KEY",
            Self::Index => "FIELD_INDEX_KEY",
        }
    }

    /// The variable that names a file with the keys instead.
    fn file_variable(self) -> &'static str {
        match self {
            Self::Encryption => "FIELD_ENCRYPTION_KEY_FILE",
            Self::Index => "FIELD_INDEX_KEY_FILE",
        }
    }
}

/// Adds the key to the list. Returns the new text, and how many keys the list then has.
pub(crate) fn add_key(
    text: &str,
    key: &Key,
    list: List,
    place: Place,
) -> Result<(Zeroizing<String>, usize), Problem> {
    if let Some(rest) = text.strip_prefix(MARK) {
        let (rest, count) = add_key(rest, key, list, place)?;
        return Ok((concat(&[MARK, &rest]), count));
    }
    let variable = list.variable();
    let variables = Variables::read(text)?;
    if variables.0.iter().any(|(name, _)| name == list.file_variable()) {
        return Err(Problem::Elsewhere { variable });
    }
    // Check the old lists first, so that the new key cannot be the one at fault.
    variables.keyring(None)?;

    let hex = key.to_hex();
    let present = variables.get(variable)?;
    let old = present.unwrap_or_default().trim();
    let new = match (old, place) {
        ("", _) => concat(&[hex.expose_secret()]),
        (_, Place::First) => concat(&[hex.expose_secret(), ",", old]),
        (_, Place::Last) => concat(&[old, ",", hex.expose_secret()]),
    };
    let keyring = variables.keyring(Some((list, &new)))?;

    let is_proven = |text: &Zeroizing<String>| match Variables::read(text) {
        Ok(read) => {
            read.others(variable).eq(variables.others(variable))
                && read.keyring(None).is_ok_and(|read| read == keyring)
        }
        Err(_) => false,
    };
    let text = match present {
        None => Some(with_line(text, variable, &new)).filter(is_proven),
        Some(_) => raw_lists(text, variable)
            .map(|raw| raw.with_key(text, hex.expose_secret(), place))
            .find(is_proven),
    };
    let text = text.ok_or(Problem::Unproven { variable })?;
    Ok((text, new.split(',').count()))
}

/// The variables of a file, in its order. dotenvy does not wipe its own copies.
struct Variables(Vec<(String, Zeroizing<String>)>);

impl Variables {
    fn read(text: &str) -> Result<Self, Problem> {
        let lines = dotenvy::from_read_iter(text.as_bytes());
        let variables = lines.map(|line| match line {
            Ok((name, value)) => Ok((name, Zeroizing::new(value))),
            Err(error) => {
                // Its message quotes the line.
                if let dotenvy::Error::LineParse(mut line, _) = error {
                    line.zeroize();
                }
                Err(Problem::Line)
            }
        });
        variables.collect::<Result<_, _>>().map(Self)
    }

    fn get(&self, variable: &'static str) -> Result<Option<&str>, Problem> {
        let mut values = self.0.iter().filter(|(name, _)| name == variable).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(Problem::Twice { variable }),
        }
    }

    fn others(&self, variable: &str) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(move |(name, _)| *name != variable)
    }

    /// The keys of both lists, with a new value for one of them if given. A blank list counts as missing.
    ///
    /// A keyring always has an encryption key. So if the file has only index keys, they take that place.
    fn keyring(&self, changed: Option<(List, &str)>) -> Result<Option<Keyring>, Problem> {
        let value = |list: List| match changed {
            Some((own, value)) if own == list => Ok(Some(value)),
            _ => self.get(list.variable()).map(|value| value.filter(|value| !value.trim().is_empty())),
        };
        let of = |list: List| move |problem| Problem::List { variable: list.variable(), problem };
        let (encryption, index) = (value(List::Encryption)?, value(List::Index)?);
        let keyring = match (encryption, index) {
            (None, None) => return Ok(None),
            (Some(keys), None) => Keyring::parse(keys).map_err(of(List::Encryption)),
            (None, Some(keys)) => Keyring::parse(keys).map_err(of(List::Index)),
            (Some(keys), Some(index_keys)) => Keyring::parse(keys)
                .map_err(of(List::Encryption))
                .and_then(|keyring| keyring.with_index_keys(index_keys).map_err(of(List::Index))),
        };
        keyring.map(Some)
    }
}

/// The apparent place of a list in the text, without the quotes around it.
struct Raw<'a> {
    start: usize,
    list: &'a str,
}

impl Raw<'_> {
    fn with_key(&self, text: &str, hex: &str, place: Place) -> Zeroizing<String> {
        let list = self.list.trim_end();
        let end = self.start + list.len();
        match (list, place) {
            ("", _) => concat(&[&text[..self.start], hex, &text[self.start..]]),
            (_, Place::First) => concat(&[&text[..self.start], hex, ",", &text[self.start..]]),
            (_, Place::Last) => concat(&[&text[..end], ",", hex, &text[end..]]),
        }
    }
}

/// The apparent list on each line that seems to set the variable. Such a line may also be part of another
/// variable's value.
fn raw_lists<'a>(text: &'a str, variable: &'a str) -> impl Iterator<Item = Raw<'a>> {
    let mut end = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        end += line.len();
        let start = end - value(line, variable)?.len();
        Some(raw_list(text, start))
    })
}

/// The text after `NAME=` or `export NAME=`.
fn value<'a>(line: &'a str, variable: &str) -> Option<&'a str> {
    let line = line.trim_start();
    let exported = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    let name = exported.unwrap_or(line).trim_start();
    name.strip_prefix(variable)?.trim_start().strip_prefix('=')
}

fn raw_list(text: &str, start: usize) -> Raw<'_> {
    let value = &text[start..];
    let content = value.trim_start_matches([' ', '\t']);
    let content_start = text.len() - content.len();
    match content.chars().next() {
        // A comment, which needs whitespace before it.
        Some('#') => Raw { start, list: "" },
        // A list in quotes can span several lines.
        Some(quote @ ('"' | '\'')) => {
            let list = content[1..].split(quote).next().unwrap_or_default();
            Raw { start: content_start + 1, list }
        }
        _ => {
            let list = content.split(char::is_whitespace).next().unwrap_or_default();
            Raw { start: content_start, list }
        }
    }
}

/// The text with one more line, with the same line ending as the last one.
fn with_line(text: &str, variable: &str, keys: &str) -> Zeroizing<String> {
    let end = if text.ends_with("\r\n") { "\r\n" } else { "\n" };
    let separator = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    concat(&[text, separator, variable, "=", keys, end])
}

/// Joins the parts in a string of the right size, so that growing leaves no copy behind.
fn concat(parts: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| text.push_str(part));
    text
}

#[cfg(test)]
mod tests;
