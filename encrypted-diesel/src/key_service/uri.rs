use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::error::ServiceError;

/// What stands for itself in no part of an entry: the separators of the list and of the entry, and what shells and files
/// such as `.env` give a meaning.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b',')
    .add(b'|')
    .add(b'%')
    .add(b'?')
    .add(b'#')
    .add(b'&')
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'`')
    .add(b'$')
    .add(b'\\')
    .add(b'<')
    .add(b'>');

/// An entry of a list of keys that a service unwraps: `scheme://location?name=value&…`.
///
/// `,`, `|`, `%`, `?`, `&`, `#`, spaces and quotes are percent-encoded (RFC 3986 section 2.1) inside a part;
/// the methods take and return them decoded. A `+` stands for itself.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyUri {
    scheme: String,
    location: String,
    parameters: Vec<(String, String)>,
}

impl KeyUri {
    /// A URI without parameters.
    pub fn new(scheme: impl Into<String>, location: impl Into<String>) -> Self {
        Self { scheme: scheme.into(), location: location.into(), parameters: Vec::new() }
    }

    /// Parses a URI.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without any part of it.
    pub fn parse(uri: &str) -> Result<Self, UriError> {
        let (scheme, rest) = uri.split_once("://").ok_or(UriError("it has no `://`"))?;
        if !is_scheme(scheme) {
            return Err(UriError(
                "its scheme is not a lower-case letter, followed by lower-case letters, digits, `+`, `-` and `.`",
            ));
        }
        if let Some(wrong) = rest.chars().find(|letter| !is_plain(*letter)) {
            return Err(UriError(match wrong {
                ',' => "`,` inside an entry is written `%2C`",
                '|' => "`|` inside an entry is written `%7C`",
                _ => "it contains white space, a quote, or another character that must be percent-encoded",
            }));
        }
        let (location, query) = rest.split_once('?').unwrap_or((rest, ""));
        if location.is_empty() {
            return Err(UriError("nothing stands after `://`"));
        }
        let mut parsed = Self::new(scheme, decode(location)?);
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').ok_or(UriError("a parameter has no `=`"))?;
            if parsed.get(name).is_some() {
                return Err(UriError("a parameter is set twice"));
            }
            parsed.parameters.push((name.to_owned(), decode(value)?));
        }
        Ok(parsed)
    }

    /// What stands before `://`: which service it is.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What stands between `://` and `?`.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Settings`] without it.
    pub fn require(&self, name: &str) -> Result<&str, ServiceError> {
        self.get(name).filter(|value| !value.is_empty()).ok_or_else(|| ServiceError::Settings {
            reason: format!("the entry needs the parameter `{name}`"),
        })
    }

    /// Refuses a parameter of another name, such as a misspelled one.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Settings`] if there is one.
    pub fn refuse_others(&self, known: &[&str]) -> Result<(), ServiceError> {
        match self.parameters.iter().all(|(name, _)| known.contains(&name.as_str())) {
            true => Ok(()),
            false => Err(ServiceError::Settings {
                reason: format!("the entry has a parameter other than `{}`", known.join("`, `")),
            }),
        }
    }

    /// Removes a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(own, _)| own != name);
        self
    }

    /// Sets a parameter, in place of one of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        match self.parameters.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => *own = value.into(),
            None => self.parameters.push((name.to_owned(), value.into())),
        }
        self
    }
}

pub(super) fn is_scheme(scheme: &str) -> bool {
    let is_rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
    scheme.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase()) && scheme.bytes().all(is_rest)
}

/// Whether the character stands for itself or has a meaning in a URI.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_graphic() && !",|#\"'`$\\<>".contains(letter)
}

fn decode(text: &str) -> Result<String, UriError> {
    let mut escapes = text.match_indices('%').map(|(place, _)| text.as_bytes().get(place + 1..place + 3));
    if escapes.any(|digits| !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))) {
        return Err(UriError("`%` is not followed by two hex digits"));
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| UriError("percent-encoding does not give UTF-8"))
}

/// As an entry of a list.
impl fmt::Display for KeyUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |text| utf8_percent_encode(text, RESERVED);
        write!(f, "{}://{}", self.scheme, encode(&self.location))?;
        for (place, (name, value)) in self.parameters.iter().enumerate() {
            write!(f, "{}{name}={}", if place == 0 { '?' } else { '&' }, encode(value))?;
        }
        Ok(())
    }
}

/// Without parameters, which may hold what an application's own service keeps to itself.
impl fmt::Debug for KeyUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUri({}://…)", self.scheme)
    }
}

/// What is wrong with a [`KeyUri`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UriError(pub(crate) &'static str);

#[cfg(test)]
mod tests;
