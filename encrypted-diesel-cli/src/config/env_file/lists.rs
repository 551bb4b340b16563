//! The lists of keys in the text of a file such as `.env`.
//!
//! dotenvy reads the variables, as it does in an application, but it does not report where in the text a list is. So
//! this module guesses the place, and reads the result back: it drops a guess unless the result has the same
//! variables, with the list as it should be.

use encrypted_diesel::Keyring;
use encrypted_diesel::key_service::Purpose;
use encrypted_diesel::private::Entry;
#[cfg(any(test, fuzzing))]
use encrypted_diesel::{ExposeSecret, Key};
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

    /// The variables that name a file with the keys instead, or a program that prints them.
    fn forms(self) -> [&'static str; 2] {
        match self {
            Self::Encryption => ["FIELD_ENCRYPTION_KEY_FILE", "FIELD_ENCRYPTION_KEY_COMMAND"],
            Self::Index => ["FIELD_INDEX_KEY_FILE", "FIELD_INDEX_KEY_COMMAND"],
        }
    }

    pub(crate) fn purpose(self) -> Purpose {
        match self {
            Self::Encryption => Purpose::Encryption,
            Self::Index => Purpose::Index,
        }
    }
}

/// A change of a list. Positions count from 0.
#[derive(Debug)]
pub(crate) enum Change {
    Add { entry: Zeroizing<String>, place: Place },
    Promote { position: usize },
    Drop { position: usize },
    Replace { position: usize, entry: Zeroizing<String> },
}

impl Change {
    #[cfg(any(test, fuzzing))]
    pub(crate) fn add(key: &Key, place: Place) -> Self {
        Self::Add { entry: concat(&[key.to_hex().expose_secret()]), place }
    }

    /// The list afterwards. What does not change keeps the white space around it.
    fn apply(&self, list: &str) -> Zeroizing<String> {
        let trimmed = list.trim_end();
        let (mut entries, end) = match trimmed {
            "" => (Vec::new(), list),
            _ => (trimmed.split(',').collect(), &list[trimmed.len()..]),
        };
        match self {
            Self::Add { entry, place: Place::First } => entries.insert(0, entry.as_str()),
            Self::Add { entry, place: Place::Last } => entries.push(entry.as_str()),
            Self::Promote { position } if *position < entries.len() => entries[..=*position].rotate_right(1),
            Self::Drop { position } if *position < entries.len() => drop(entries.remove(*position)),
            Self::Replace { position, entry } if *position < entries.len() => entries[*position] = entry,
            _ => {}
        }
        concat(&[&Zeroizing::new(entries.join(",")), end])
    }
}

/// Changes the list. Returns the new text, and how many entries the list then has.
pub(crate) fn change(
    text: &str,
    list: List,
    change_of: &Change,
) -> Result<(Zeroizing<String>, usize), Problem> {
    if let Some(rest) = text.strip_prefix(MARK) {
        let (rest, count) = change(rest, list, change_of)?;
        return Ok((concat(&[MARK, &rest]), count));
    }
    let variable = list.variable();
    let variables = Variables::read(text)?;
    if let Some(form) = list.forms().into_iter().find(|form| variables.has(form)) {
        return Err(Problem::Elsewhere { variable: form });
    }
    // Check the old lists first, so that a new key cannot be the one at fault.
    variables.check(None)?;

    let present = variables.get(variable)?;
    let new = change_of.apply(present.unwrap_or_default().trim());
    variables.check(Some((list, &new)))?;

    let is_proven = |text: &Zeroizing<String>| match Variables::read(text) {
        Ok(read) => {
            read.others(variable).eq(variables.others(variable))
                && read
                    .get(variable)
                    .is_ok_and(|read| read.is_some_and(|read| entries(read).eq(entries(&new))))
        }
        Err(_) => false,
    };
    let text = match present {
        None => Some(with_line(text, variable, &new)).filter(is_proven),
        Some(_) => raw_lists(text, variable).map(|raw| raw.changed(text, change_of)).find(is_proven),
    };
    let text = text.ok_or(Problem::Unproven { variable })?;
    Ok((text, new.split(',').count()))
}

/// The entries of the list in the text of a file, without asking a service.
pub(super) fn read(text: &str, list: List) -> Result<Vec<Entry>, Problem> {
    let variables = Variables::read(text.strip_prefix(MARK).unwrap_or(text))?;
    if let Some(form) = list.forms().into_iter().find(|form| variables.has(form)) {
        return Err(Problem::Elsewhere { variable: form });
    }
    Ok(variables.entries(list, None)?.unwrap_or_default())
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
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

    fn has(&self, variable: &str) -> bool {
        self.0.iter().any(|(name, _)| name == variable)
    }

    /// What a list holds, or would hold. A blank list counts as missing.
    fn entries(&self, list: List, changed: Option<(List, &str)>) -> Result<Option<Vec<Entry>>, Problem> {
        let variable = list.variable();
        let value = match changed {
            Some((own, value)) if own == list => Some(value),
            _ => self.get(variable)?,
        };
        let value = value.filter(|value| !value.trim().is_empty());
        value
            .map(|value| Entry::parse_list(value).map_err(|problem| Problem::List { variable, problem }))
            .transpose()
    }

    /// Whether the lists make a keyring, with a new value for one of them if given, as far as their keys are in the clear.
    ///
    /// A keyring always has an encryption key. So if the file has only index keys, they take that place.
    fn check(&self, changed: Option<(List, &str)>) -> Result<(), Problem> {
        let of = |list: List| move |problem| Problem::List { variable: list.variable(), problem };
        let keys = |list| {
            let entries = self.entries(list, changed)?.unwrap_or_default().into_iter();
            let keys = entries.filter_map(|entry| if let Entry::Key(key) = entry { Some(key) } else { None });
            Ok(keys.collect::<Vec<_>>())
        };
        let (encryption, index) = (keys(List::Encryption)?, keys(List::Index)?);
        let (list, first, index) = match encryption.is_empty() {
            false => (List::Encryption, encryption, index),
            true => (List::Index, index, Vec::new()),
        };
        let mut keys = first.into_iter();
        let Some(primary) = keys.next() else { return Ok(()) };
        let keyring = keys.try_fold(Keyring::new(primary), Keyring::with_retired).map_err(of(list))?;
        index.into_iter().try_fold(keyring, Keyring::with_index_key).map_err(of(List::Index))?;
        Ok(())
    }
}

/// The apparent place of a list in the text, without the quotes around it.
struct Raw<'a> {
    start: usize,
    list: &'a str,
}

impl Raw<'_> {
    /// The text with the list changed, in quotes if it needs them where a shell reads the file.
    fn changed(&self, text: &str, change: &Change) -> Zeroizing<String> {
        let new = change.apply(self.list);
        let (begin, end) = (&text[..self.start], &text[self.start + self.list.len()..]);
        match needs_quotes(&new) && !begin.ends_with(['"', '\'']) {
            true => concat(&[begin, "'", &new, "'", end]),
            false => concat(&[begin, &new, end]),
        }
    }
}

/// Whether a shell would cut the value: at the `&` of an entry that a service unwraps.
fn needs_quotes(list: &str) -> bool {
    list.contains(['&', '|', ';', '(', ')'])
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
    let quote = if needs_quotes(keys) { "'" } else { "" };
    concat(&[text, separator, variable, "=", quote, keys, quote, end])
}

/// Joins the parts in a string of the right size, so that growing leaves no copy behind.
fn concat(parts: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| text.push_str(part));
    text
}

#[cfg(test)]
mod tests;
