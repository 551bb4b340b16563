//! The lines of the text, as dotenvy reads them.

use std::cell::Cell;
use std::io::{self, Read};

use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

/// A setting: one line, or several where a value in quotes has line breaks.
pub(super) struct Line {
    /// The number of the first one, from 1.
    pub(super) number: usize,
    text: Zeroizing<String>,
    name: Option<String>,
    /// `None` if dotenvy cannot parse it.
    pub(super) value: Option<SecretString>,
}

/// Reads the settings of a text that ends in a line break.
pub(super) fn read(text: &str) -> Vec<Line> {
    let all: Vec<_> = text.split_inclusive('\n').collect();
    let read = Cell::new(0);
    let mut settings = dotenvy::Iter::new(OneByOne { rest: text.as_bytes(), read: &read });
    let mut lines = Vec::new();
    loop {
        let before = read.get();
        let Some(setting) = settings.next() else { return lines };
        let own = &all[before..read.get()];
        let skipped = own.iter().take_while(|line| is_skipped(line)).count();
        let (name, value) = match setting {
            Ok((name, value)) => (Some(name), Some(SecretString::from(value))),
            Err(error) => {
                // Its message quotes the line.
                if let dotenvy::Error::LineParse(mut quoted, _) = error {
                    quoted.zeroize();
                }
                (None, None)
            }
        };
        let text = Zeroizing::new(own[skipped..].concat());
        lines.push(Line { number: before + skipped + 1, text, name, value });
    }
}

fn is_skipped(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// Hands out one line at a time, so that it is known how many lines dotenvy has read.
struct OneByOne<'a> {
    rest: &'a [u8],
    read: &'a Cell<usize>,
}

impl Read for OneByOne<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = self.rest.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let (part, length) = (line.len().min(buffer.len()), line.len());
        buffer[..part].copy_from_slice(&line[..part]);
        self.rest = &self.rest[part..];
        if part == length && part > 0 {
            self.read.set(self.read.get() + 1);
        }
        Ok(part)
    }
}

impl Line {
    pub(super) fn sets(&self, variable: &str) -> bool {
        self.name.as_deref() == Some(variable)
    }

    /// Whether part of it looks like the line that sets the variable: it cannot be parsed, or is inside the quotes of
    /// another.
    pub(super) fn mentions(&self, variable: &str) -> bool {
        self.text.lines().any(|line| {
            let line = line.trim_start();
            let exported = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
            let rest = exported.unwrap_or(line).trim_start().strip_prefix(variable);
            rest.is_some_and(|rest| {
                !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
            })
        }) && self.name.as_deref() != Some(variable)
    }

    /// Whether a byte that is not UTF-8 was replaced in it.
    pub(super) fn is_replaced(&self) -> bool {
        self.text.contains(char::REPLACEMENT_CHARACTER)
    }

    /// Whether its value has a `$` that dotenvy replaces, with what follows, by the value of a variable.
    pub(super) fn substitutes(&self) -> bool {
        let value = self.text.split_once('=').map_or("", |(_, value)| value.trim_start());
        let (mut single, mut double, mut escaped) = (false, false, false);
        for letter in value.chars() {
            match letter {
                _ if escaped => escaped = false,
                '\'' if !double => single = !single,
                _ if single => {}
                '"' => double = !double,
                '\\' => escaped = true,
                '$' => return true,
                // The rest is a comment.
                ' ' | '\t' if !double => return false,
                _ => {}
            }
        }
        false
    }
}
