//! Keys from the environment, and from a file such as `.env`.

use std::cell::LazyCell;
use std::env::{self, VarError};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::key::KeyError;
use crate::keyring::env_file::{EnvFile, Wrong};
use crate::keyring::{Keyring, secret_file};

const ENCRYPTION: Variable = Variable { name: "FIELD_ENCRYPTION_KEY", file: "FIELD_ENCRYPTION_KEY_FILE" };
const INDEX: Variable = Variable { name: "FIELD_INDEX_KEY", file: "FIELD_INDEX_KEY_FILE" };

/// Reads the keys of the process and installs them. Call it first in `main`.
///
/// | variable | holds |
/// |---|---|
/// | `FIELD_ENCRYPTION_KEY` | encryption keys: 64 hex digits each, separated by commas; the first encrypts, all decrypt |
/// | `FIELD_INDEX_KEY` | keys of blind indexes, in the same form: the first writes, all are searched |
/// | `FIELD_ENCRYPTION_KEY_FILE`, `FIELD_INDEX_KEY_FILE` | instead of either: the path of a file that contains it, for container secrets |
///
/// A variable that the environment does not set is looked up in the file `.env` of the current folder, and in no other
/// folder: [`Keyring::from_env_file`] names another file. The environment itself is not changed.
///
/// An application with blind indexes calls `Keyring::from_env()?.require_index_key()?.install()` instead, so that it
/// does not start without an index key.
///
/// # Errors
///
/// Every mistake is an error here rather than at a query: [`Error::MissingKey`], [`Error::InvalidVariable`], and
/// [`Error::AlreadyInitialized`] if another keyring is installed.
///
/// # Security
///
/// Everyone who can write `.env` can replace the keys. So a key is refused if it comes from a `.env` that everyone may
/// write, or that belongs to neither this user nor root. A file that `…_FILE` names may belong to anyone, but not
/// everyone may write it. These checks exist on Unix only.
pub fn init() -> Result<(), Error> {
    Keyring::from_env()?.install()
}

impl Keyring {
    /// Reads the keyring that [`init`] installs.
    ///
    /// For an application that changes it first:
    ///
    /// ```no_run
    /// use encrypted_diesel::Keyring;
    ///
    /// Keyring::from_env()?.with_plaintext_in(["users.email"]).install()?;
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`init`], except [`Error::AlreadyInitialized`].
    pub fn from_env() -> Result<Self, Error> {
        let file = LazyCell::new(EnvFile::here);
        let read = read(&Sources {
            layers: [&in_environment, &|name| in_env_file(&file, name)],
            read_file: &|path| secret_file::read_list(path),
        });
        match read {
            Err(Error::MissingKey { variable, .. }) => {
                Err(Error::MissingKey { variable, ignored: env_file_above() })
            }
            read => read,
        }
    }

    /// As [`from_env`](Self::from_env), with this file in place of the folder's `.env`.
    ///
    /// ```no_run
    /// # use encrypted_diesel::Keyring;
    /// Keyring::from_env_file("/etc/clinic/keys.env")?.install()?;
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`from_env`](Self::from_env), and [`Error::InvalidVariable`] if the file cannot be read.
    pub fn from_env_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let file = EnvFile::open(path.as_ref()).map(Some);
        if let Err(wrong) = file {
            return Err(wrong.about(ENCRYPTION.name));
        }
        read(&Sources {
            layers: [&in_environment, &|name| in_env_file(&file, name)],
            read_file: &|path| secret_file::read_list(path),
        })
    }
}

/// The nearest `.env` in a folder above, which is not read.
pub fn env_file_above() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().skip(1).map(|folder| folder.join(".env")).find(|path| path.is_file())
}

/// A variable of the environment, else of the folder's `.env`. For the tool, which has variables of its own.
///
/// # Errors
///
/// [`Error::InvalidVariable`] if the value or the file cannot be used.
pub fn setting(variable: &'static str) -> Result<Option<SecretString>, Error> {
    match in_environment(variable)? {
        Some(setting) => Ok(Some(setting.value)),
        None => Ok(in_env_file(&EnvFile::here(), variable)?.map(|setting| setting.value)),
    }
}

/// A setting: its name, and the name of the variant that gives a file.
struct Variable {
    name: &'static str,
    file: &'static str,
}

/// The value of a variable, and the file and line that sets it unless it comes from the environment.
struct Setting {
    value: SecretString,
    place: Option<String>,
}

/// One source of settings.
type Layer<'a> = &'a dyn Fn(&'static str) -> Result<Option<Setting>, Error>;

/// Where settings are looked up, in order of precedence.
struct Sources<'a> {
    layers: [Layer<'a>; 2],
    read_file: &'a dyn Fn(&Path) -> Result<SecretString, KeyError>,
}

fn in_environment(variable: &'static str) -> Result<Option<Setting>, Error> {
    match env::var(variable) {
        Ok(value) => Ok(Some(Setting { value: SecretString::from(value), place: None })),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(invalid(variable, &None)(KeyError::NotUnicode)),
    }
}

fn in_env_file(
    file: &Result<Option<EnvFile>, Wrong>,
    variable: &'static str,
) -> Result<Option<Setting>, Error> {
    match file {
        Ok(None) => Ok(None),
        Ok(Some(file)) => match file.get(variable) {
            Ok(found) => Ok(found.map(|found| Setting { value: found.value, place: Some(found.place) })),
            Err(wrong) => Err(wrong.about(variable)),
        },
        // The keys of the environment are enough.
        Err(_) if [INDEX.name, INDEX.file].contains(&variable) && has_keys_in_environment() => Ok(None),
        Err(wrong) => Err(wrong.about(variable)),
    }
}

fn has_keys_in_environment() -> bool {
    [ENCRYPTION.name, ENCRYPTION.file].iter().any(|name| env::var_os(name).is_some())
}

impl Wrong {
    fn about(&self, variable: &'static str) -> Error {
        Error::InvalidVariable { variable, place: Some(self.place.clone()), problem: self.problem.clone() }
    }
}

impl Sources<'_> {
    /// The keys, and the name of the variable that they were found under.
    fn find(&self, variable: &Variable) -> Result<Option<(&'static str, Setting)>, Error> {
        for layer in self.layers {
            return match (layer(variable.name)?, layer(variable.file)?) {
                (None, None) => continue,
                (Some(setting), Some(_)) => Err(invalid(variable.name, &setting.place)(KeyError::Ambiguous)),
                (Some(setting), None) => Ok(Some((variable.name, setting))),
                (None, Some(setting)) => self.keys_in(variable.file, &setting).map(Some),
            };
        }
        Ok(None)
    }

    /// The keys in the file that a variable names.
    fn keys_in(&self, variable: &'static str, named: &Setting) -> Result<(&'static str, Setting), Error> {
        let path = Path::new(named.value.expose_secret());
        let path_shown = secret_file::shown(path);
        let place = Some(match &named.place {
            Some(line) => format!("{path_shown}, named in {line}"),
            None => path_shown,
        });
        match (self.read_file)(path) {
            Ok(value) => Ok((variable, Setting { value, place })),
            Err(problem) => Err(invalid(variable, &place)(problem)),
        }
    }
}

/// Turns a problem with this variable or file into an error.
fn invalid(variable: &'static str, place: &Option<String>) -> impl Fn(KeyError) -> Error {
    let place = place.clone();
    move |problem| Error::InvalidVariable { variable, place: place.clone(), problem }
}

fn read(sources: &Sources<'_>) -> Result<Keyring, Error> {
    let missing = Error::MissingKey { variable: ENCRYPTION.name, ignored: None };
    let (variable, keys) = sources.find(&ENCRYPTION)?.ok_or(missing)?;
    let keyring = Keyring::parse(keys.value.expose_secret()).map_err(invalid(variable, &keys.place))?;
    let keyring = match sources.find(&INDEX)? {
        None => keyring,
        Some((variable, keys)) => {
            keyring.with_index_keys(keys.value.expose_secret()).map_err(invalid(variable, &keys.place))?
        }
    };
    for id in keyring.keys_of_one_byte() {
        log::warn!(
            "the key {id} is one byte repeated, which is for tests: replace it before you encrypt real values"
        );
    }
    Ok(keyring)
}

#[cfg(test)]
mod tests;
