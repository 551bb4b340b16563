//! Reads values with their places in the file.
//!
//! After a problem, reading continues with a stand-in for the value, so that one run reports every problem.

use toml::Spanned;
use toml::de::DeValue;

use super::model::Located;
use super::problems::Problems;

pub(super) type Item<'t> = &'t Spanned<DeValue<'t>>;

/// A key and its value.
pub(super) type Entry<'t> = (Located<&'static str>, Item<'t>);

pub(super) struct Reader<'t> {
    text: &'t [u8],
    pub(super) problems: Problems,
}

/// The keys of a table in the file, such as that of a column.
pub(super) struct Keys<'t> {
    /// The name that the keys belong to.
    name: Located<&'static str>,
    items: Vec<Entry<'t>>,
    /// Whether all keys were correct. If not, a key that seems to be missing may be misspelled.
    sound: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, problems: Problems::default() }
    }

    /// A value that starts at this byte.
    pub(super) fn locate<T>(&self, start: usize, value: T) -> Located<T> {
        let before = self.text.get(..start).unwrap_or(self.text);
        let newlines = before.iter().filter(|byte| **byte == b'\n').count();
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        // Count all bytes except those that continue a UTF-8 character.
        let characters = line.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        Located { value, line: newlines + 1, column: characters + 1 }
    }

    pub(super) fn refuse(&mut self, item: Item<'_>, message: impl Into<String>) {
        let place = self.locate(item.span().start, ());
        self.problems.add(&place, message);
    }

    /// The keys of `name`. Unknown keys are problems.
    pub(super) fn keys<'i>(
        &mut self,
        name: Located<&'static str>,
        item: Item<'i>,
        known: &[&str],
    ) -> Keys<'i> {
        let Some(items) = self.entries(item) else {
            self.refuse(item, format!("this must be a table; its keys are {}", known.join(", ")));
            return Keys { name, items: Vec::new(), sound: false };
        };
        let mut sound = true;
        for (key, _) in items.iter().filter(|(key, _)| !known.contains(&key.value)) {
            sound = false;
            self.problems
                .add(key, format!("unknown key `{}`: the known ones are {}", key.value, known.join(", ")));
        }
        Keys { name, items, sound }
    }

    /// A table with at least one named entry.
    pub(super) fn named<'i>(&mut self, item: Item<'i>, help: impl Into<String>) -> Vec<Entry<'i>> {
        let items = self.entries(item).unwrap_or_default();
        if items.is_empty() {
            self.refuse(item, help);
        }
        items
    }

    /// The entries in the order of the file. None if this is not a table.
    fn entries<'i>(&self, item: Item<'i>) -> Option<Vec<Entry<'i>>> {
        let mut entries: Vec<_> = item.get_ref().as_table()?.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries = entries.into_iter();
        Some(entries.map(|(key, item)| (self.locate(key.span().start, leak(key.get_ref())), item)).collect())
    }

    pub(super) fn text(&mut self, item: Item<'_>) -> Option<Located<&'static str>> {
        let Some(text) = item.get_ref().as_str() else {
            self.refuse(item, "this must be a string: write it in quotes");
            return None;
        };
        Some(self.locate(item.span().start, leak(text)))
    }

    /// A list of strings, or one string.
    pub(super) fn texts(&mut self, item: Item<'_>) -> Vec<Located<&'static str>> {
        match item.get_ref() {
            DeValue::String(text) => vec![self.locate(item.span().start, leak(text))],
            DeValue::Array(items) => items.iter().filter_map(|item| self.text(item)).collect(),
            _ => {
                self.refuse(item, "this must be a list of strings: write them in quotes, inside brackets");
                Vec::new()
            }
        }
    }

    /// Like [`texts`](Self::texts), but a repeated string is a problem.
    pub(super) fn distinct_texts(&mut self, item: Item<'_>) -> Vec<Located<&'static str>> {
        let mut distinct: Vec<Located<&'static str>> = Vec::new();
        for text in self.texts(item) {
            if distinct.iter().any(|known| known.value == text.value) {
                self.problems.add(&text, format!("`{}` is listed already: remove it here", text.value));
            } else {
                distinct.push(text);
            }
        }
        distinct
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(
        &mut self,
        item: Item<'_>,
        words: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        let text = self.text(item)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.problems
                .add(&text, format!("unknown `{}`: the known ones are {}", text.value, known.join(", ")));
        }
        found.map(|(_, value)| text.with(*value))
    }
}

impl<'t> Keys<'t> {
    pub(super) fn get(&self, key: &str) -> Option<Item<'t>> {
        self.items.iter().find(|(known, _)| known.value == key).map(|(_, item)| *item)
    }

    /// The value of a required key.
    pub(super) fn required(&self, key: &str, help: &str, reader: &mut Reader<'_>) -> Option<Item<'t>> {
        let item = self.get(key);
        if item.is_none() {
            self.refuse(format!("`{}` has no `{key}`: {help}", self.name.value), reader);
        }
        item
    }

    /// Reports a missing key, unless another key was misspelled.
    pub(super) fn refuse(&self, message: impl Into<String>, reader: &mut Reader<'_>) {
        if self.sound {
            reader.problems.add(&self.name, message);
        }
    }
}

/// Keeps a string until the program ends. The file is read only once.
fn leak(text: &str) -> &'static str {
    text.to_owned().leak()
}
