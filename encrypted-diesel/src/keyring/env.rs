//! Keys from the environment: the only user of [`std::env`].

use std::env::{self, VarError};
use std::fs::File;
use std::io::{self, ErrorKind, Read};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key::KeyError;
use crate::keyring::Keyring;
use crate::plaintext::PlaintextWriter;

const ENCRYPTION: Variable = Variable { name: "FIELD_ENCRYPTION_KEY", file: "FIELD_ENCRYPTION_KEY_FILE" };
const INDEX: Variable = Variable { name: "FIELD_INDEX_KEY", file: "FIELD_INDEX_KEY_FILE" };
const DOTENV: &str = ".env";

/// Reads the keys of the process and installs them. Call it first in `main`.
///
/// | variable | holds |
/// |---|---|
/// | `FIELD_ENCRYPTION_KEY` | encryption keys: 64 hex digits each, separated by commas; the first encrypts, all decrypt |
/// | `FIELD_INDEX_KEY` | keys of blind indexes, in the same form: the first writes, all are searched |
/// | `FIELD_ENCRYPTION_KEY_FILE`, `FIELD_INDEX_KEY_FILE` | instead of either: the path of a file that contains it, for container secrets |
///
/// A variable that the environment does not set is looked up in the file `.env` in this folder or the nearest
/// folder above it. The environment itself is not changed.
///
/// An application with blind indexes calls `Keyring::from_env()?.require_index_key()?.install()` instead, so that it
/// does not start without an index key.
///
/// # Errors
///
/// Every mistake is an error here rather than at a query: [`Error::MissingKey`], [`Error::InvalidVariable`], and
/// [`Error::AlreadyInitialized`] if another keyring is installed.
pub fn init() -> Result<(), Error> {
    Keyring::from_env()?.install()
}

impl Keyring {
    /// Reads the keyring that [`init`] installs.
    ///
    /// For an application that changes it first:
    ///
    /// ```no_run
    /// use encrypted_diesel::{Keyring, PlaintextPolicy};
    ///
    /// Keyring::from_env()?.with_plaintext_policy(PlaintextPolicy::Allow).install()?;
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`init`], except [`Error::AlreadyInitialized`].
    pub fn from_env() -> Result<Self, Error> {
        let dotenv = read_dotenv()?;
        read(&Sources {
            layers: [
                &|name| match env::var(name) {
                    Ok(value) => Ok(Some(SecretString::from(value))),
                    Err(VarError::NotPresent) => Ok(None),
                    Err(VarError::NotUnicode(_)) => Err(KeyError::NotUnicode),
                },
                &|name| Ok(dotenv.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())),
            ],
            read_file: &|path| {
                read_file(path).map_err(|error| KeyError::UnreadableFile { reason: error.kind() })
            },
        })
    }
}

/// A setting: its name, and the name of the variant that gives a file.
struct Variable {
    name: &'static str,
    file: &'static str,
}

/// One source of settings.
type Layer<'a> = &'a dyn Fn(&str) -> Result<Option<SecretString>, KeyError>;

/// Where settings are looked up, in order of precedence.
struct Sources<'a> {
    layers: [Layer<'a>; 2],
    read_file: &'a dyn Fn(&str) -> Result<SecretString, KeyError>,
}

impl Sources<'_> {
    /// The keys, and the name of the variable that they were found under.
    fn find(&self, variable: &Variable) -> Result<Option<(&'static str, SecretString)>, Error> {
        for layer in self.layers {
            let value = layer(variable.name).map_err(invalid(variable.name))?;
            let file = layer(variable.file).map_err(invalid(variable.file))?;
            return match (value, file) {
                (None, None) => continue,
                (Some(_), Some(_)) => Err(invalid(variable.name)(KeyError::Ambiguous)),
                (Some(value), None) => Ok(Some((variable.name, value))),
                (None, Some(path)) => match (self.read_file)(path.expose_secret()) {
                    Ok(value) => Ok(Some((variable.file, value))),
                    Err(problem) => Err(invalid(variable.file)(problem)),
                },
            };
        }
        Ok(None)
    }
}

/// Turns a problem with this variable or file into an error.
fn invalid(variable: &'static str) -> impl Fn(KeyError) -> Error {
    move |problem| Error::InvalidVariable { variable, problem }
}

fn read(sources: &Sources<'_>) -> Result<Keyring, Error> {
    let (variable, keys) =
        sources.find(&ENCRYPTION)?.ok_or(Error::MissingKey { variable: ENCRYPTION.name })?;
    let keyring = Keyring::parse(keys.expose_secret()).map_err(invalid(variable))?;
    match sources.find(&INDEX)? {
        None => Ok(keyring),
        Some((variable, keys)) => keyring.with_index_keys(keys.expose_secret()).map_err(invalid(variable)),
    }
}

/// Reads a file or a pipe as text, without leaving a copy in memory.
fn read_file(path: &str) -> io::Result<SecretString> {
    let mut file = File::open(path)?;
    let mut chunk = Zeroizing::new([0; 1024]);
    let mut bytes = PlaintextWriter::with_capacity(chunk.len());
    loop {
        match file.read(&mut *chunk) {
            Ok(0) => break,
            Ok(length) => bytes.write_bytes(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let text = std::str::from_utf8(&bytes.into_bytes()).map(SecretString::from);
    text.map_err(|_| ErrorKind::InvalidData.into())
}

/// The variables in `.env`, if there is one.
fn read_dotenv() -> Result<Vec<(String, SecretString)>, Error> {
    match dotenvy::dotenv_iter() {
        Ok(lines) => parse_dotenv(lines),
        Err(error) if error.not_found() => Ok(Vec::new()),
        Err(error) => Err(invalid_dotenv(&error)),
    }
}

/// A line that cannot be parsed is an error, whatever it sets: dotenvy does not say which variable it is about, and
/// skipping a key would be worse.
fn parse_dotenv<R: Read>(lines: dotenvy::Iter<R>) -> Result<Vec<(String, SecretString)>, Error> {
    lines
        .map(|line| match line {
            Ok((name, value)) => Ok((name, SecretString::from(value))),
            Err(error) => Err(invalid_dotenv(&error)),
        })
        .collect()
}

/// dotenvy's own error shows the line, which may contain a key.
fn invalid_dotenv(error: &dotenvy::Error) -> Error {
    let problem = match error {
        dotenvy::Error::Io(error) => KeyError::UnreadableFile { reason: error.kind() },
        _ => KeyError::UnreadableLine,
    };
    invalid(DOTENV)(problem)
}

#[cfg(test)]
mod tests;
