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
/// | `FIELD_INDEX_KEY` | keys of blind indexes, likewise: the first writes, all are searched |
/// | `FIELD_ENCRYPTION_KEY_FILE`, `FIELD_INDEX_KEY_FILE` | instead of either: the path of a file that holds it, as container secrets come |
///
/// What the environment does not set is looked up in the file `.env` of this folder or the
/// nearest one above it. The environment itself is not changed.
///
/// # Errors
///
/// Every mistake is an error here and not at a query: [`Error::MissingKey`],
/// [`Error::InvalidVariable`], and [`Error::AlreadyInitialized`] if other keys are installed.
pub fn init() -> Result<(), Error> {
    Keyring::from_env()?.install()
}

/// As [`init`], for an application with blind indexes: it is an error if there is no index key.
///
/// # Errors
///
/// Those of [`init`], and [`Error::NoIndexKey`].
pub fn init_with_index_key() -> Result<(), Error> {
    Keyring::from_env()?.require_index_key()?.install()
}

impl Keyring {
    /// Reads the keyring that [`init`] installs.
    ///
    /// For an application that wants to change it first:
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
    /// As [`init`], but for [`Error::AlreadyInitialized`].
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

/// A setting: its own name, and that of its form which names a file.
struct Variable {
    name: &'static str,
    file: &'static str,
}

/// One place where settings stand.
type Layer<'a> = &'a dyn Fn(&str) -> Result<Option<SecretString>, KeyError>;

/// Where settings are looked up, the more important layer first.
struct Sources<'a> {
    layers: [Layer<'a>; 2],
    read_file: &'a dyn Fn(&str) -> Result<SecretString, KeyError>,
}

impl Sources<'_> {
    /// The variable's keys, and the name of the variable that they were found under.
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

/// What makes an error of a problem with this variable, or file.
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

/// Reads a text, and leaves no copy behind, whether the file says how long it is or is a pipe.
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

/// The variables in `.env`; none if there is no such file.
fn read_dotenv() -> Result<Vec<(String, SecretString)>, Error> {
    match dotenvy::dotenv_iter() {
        Ok(lines) => parse_dotenv(lines),
        Err(error) if error.not_found() => Ok(Vec::new()),
        Err(error) => Err(invalid_dotenv(&error)),
    }
}

/// A line that cannot be parsed is an error whatever it is for: dotenvy does not say whose it is, and a
/// key that is passed over is worse.
fn parse_dotenv<R: Read>(lines: dotenvy::Iter<R>) -> Result<Vec<(String, SecretString)>, Error> {
    lines
        .map(|line| match line {
            Ok((name, value)) => Ok((name, SecretString::from(value))),
            Err(error) => Err(invalid_dotenv(&error)),
        })
        .collect()
}

/// dotenvy's own error shows the line, which may be a key's.
fn invalid_dotenv(error: &dotenvy::Error) -> Error {
    let problem = match error {
        dotenvy::Error::Io(error) => KeyError::UnreadableFile { reason: error.kind() },
        _ => KeyError::UnreadableLine,
    };
    invalid(DOTENV)(problem)
}

#[cfg(test)]
mod tests;
