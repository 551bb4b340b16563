//! Keys from the environment, and from a file such as `.env`.

use std::cell::LazyCell;
use std::env::{self, VarError};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::error::{CommandProblem, Error};
use crate::key::{Key, KeyError};
use crate::key_service::{Entry, Keys, Purpose, deadline};
use crate::keyring::env_file::{EnvFile, Wrong};
use crate::keyring::reload::in_background;
use crate::keyring::{Keyring, Origin, command, secret_file};

const ENCRYPTION: Variable = Variable {
    name: "FIELD_ENCRYPTION_KEY",
    file: "FIELD_ENCRYPTION_KEY_FILE",
    command: "FIELD_ENCRYPTION_KEY_COMMAND",
};
const INDEX: Variable =
    Variable { name: "FIELD_INDEX_KEY", file: "FIELD_INDEX_KEY_FILE", command: "FIELD_INDEX_KEY_COMMAND" };

/// Reads the keys of the process and installs them. Call it first in `main`.
///
/// | variable | holds |
/// |---|---|
/// | `FIELD_ENCRYPTION_KEY` | encryption keys, separated by commas; the first encrypts, all decrypt |
/// | `FIELD_INDEX_KEY` | keys of blind indexes, in the same form: the first writes, all are searched |
/// | `FIELD_ENCRYPTION_KEY_FILE`, `FIELD_INDEX_KEY_FILE` | instead of either: the path of a file that contains it, for container secrets |
/// | `FIELD_ENCRYPTION_KEY_COMMAND`, `FIELD_INDEX_KEY_COMMAND` | instead of either: a program that prints it, for password managers |
///
/// A key is 64 hex digits, or [an entry that a service unwraps](crate::guide::keys), such as `aws-kms://…`. Services are
/// asked all at once, and 10 seconds is the most that they may take together; this blocks until then, inside an async
/// runtime as well. [`init_async`] does not block. No service is asked again after that, except by a
/// [`reload`](crate::reload).
///
/// A program runs without a shell, for 30 seconds at most. Quotes and backslashes in its command line have the meaning
/// that they have in a shell. It does not get the variables of this table.
///
/// A variable that the environment does not set is looked up in the file `.env` of the current folder, and in no other
/// folder: [`Keyring::from_env_file`] names another file. `…_COMMAND` must come from the environment itself, which is not
/// changed.
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

/// As [`init`], without blocking the thread: the work is done on another. It needs no particular runtime.
///
/// # Errors
///
/// Those of [`init`].
pub async fn init_async() -> Result<(), Error> {
    in_background(init).await
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
        Origin::Environment.read()
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
        Origin::File(path.as_ref().to_owned()).read()
    }
}

impl Origin {
    /// Reads the keyring.
    pub(super) fn read(&self) -> Result<Keyring, Error> {
        Ok(Keyring { origin: Some(self.clone()), ..self.with_sources(read)? })
    }

    fn with_sources<T>(&self, read: impl FnOnce(&Sources<'_>) -> Result<T, Error>) -> Result<T, Error> {
        match self {
            Self::Environment => {
                let file = LazyCell::new(EnvFile::here);
                match read(&sources(&|name| in_env_file(&file, name))) {
                    Err(Error::MissingKey { variable, .. }) => {
                        Err(Error::MissingKey { variable, ignored: env_file_above() })
                    }
                    read => read,
                }
            }
            Self::File(path) => {
                let file = EnvFile::open(path).map(Some);
                if let Err(wrong) = file {
                    return Err(wrong.about(ENCRYPTION.name));
                }
                read(&sources(&|name| in_env_file(&file, name)))
            }
        }
    }
}

/// A list of keys as it was found, before any service is asked. For the tool.
#[derive(Debug)]
pub struct KeyList {
    /// The variable, in the form that was set.
    pub variable: &'static str,
    /// What its keys are for.
    pub purpose: Purpose,
    /// What it lists.
    pub entries: Vec<Entry>,
}

/// The lists that [`init`] would read, or [`Keyring::from_env_file`] with a path. For the tool.
///
/// # Errors
///
/// Those of [`init`], except of services.
pub fn key_lists(env_file: Option<&Path>) -> Result<Vec<KeyList>, Error> {
    let origin = env_file.map_or(Origin::Environment, |path| Origin::File(path.to_owned()));
    origin.with_sources(|sources| {
        let missing = Error::MissingKey { variable: ENCRYPTION.name, ignored: None };
        let (encryption, index) = (sources.find(&ENCRYPTION)?.ok_or(missing)?, sources.find(&INDEX)?);
        let found = [(Some(encryption), Purpose::Encryption), (index, Purpose::Index)];
        let lists = found.into_iter().filter_map(|(found, purpose)| Some((found?, purpose)));
        lists
            .map(|((variable, keys), purpose)| {
                let entries = Entry::parse_list(keys.value.expose_secret());
                Ok(KeyList { variable, purpose, entries: entries.map_err(invalid(variable, &keys.place))? })
            })
            .collect()
    })
}

fn sources<'a>(env_file: Layer<'a>) -> Sources<'a> {
    Sources {
        environment: &in_environment,
        env_file,
        read_file: &secret_file::read_list,
        run: &|line| command::run(line, &ALL),
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

/// A setting: its name, and those of the forms that name a file and a program.
struct Variable {
    name: &'static str,
    file: &'static str,
    command: &'static str,
}

/// The variables that a program does not get.
const ALL: [&str; 6] =
    [ENCRYPTION.name, ENCRYPTION.file, ENCRYPTION.command, INDEX.name, INDEX.file, INDEX.command];

/// The value of a variable, and the file and line that sets it unless it comes from the environment.
struct Setting {
    value: SecretString,
    place: Option<String>,
}

/// One source of settings.
type Layer<'a> = &'a dyn Fn(&'static str) -> Result<Option<Setting>, Error>;

/// Where settings are looked up, in order of precedence, and what they name.
struct Sources<'a> {
    environment: Layer<'a>,
    env_file: Layer<'a>,
    read_file: &'a dyn Fn(&Path) -> Result<SecretString, KeyError>,
    run: &'a dyn Fn(&str) -> Result<SecretString, CommandProblem>,
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
        Err(_)
            if [INDEX.name, INDEX.file, INDEX.command].contains(&variable) && has_keys_in_environment() =>
        {
            Ok(None)
        }
        Err(wrong) => Err(wrong.about(variable)),
    }
}

fn has_keys_in_environment() -> bool {
    [ENCRYPTION.name, ENCRYPTION.file, ENCRYPTION.command].iter().any(|name| env::var_os(name).is_some())
}

impl Wrong {
    fn about(&self, variable: &'static str) -> Error {
        Error::InvalidVariable { variable, place: Some(self.place.clone()), problem: self.problem.clone() }
    }
}

impl Sources<'_> {
    /// The keys, and the name of the variable that they were found under.
    fn find(&self, variable: &Variable) -> Result<Option<(&'static str, Setting)>, Error> {
        for (layer, may_run) in [(self.environment, true), (self.env_file, false)] {
            let forms = [layer(variable.name)?, layer(variable.file)?, layer(variable.command)?];
            return match forms {
                [None, None, None] => continue,
                [Some(setting), None, None] => Ok(Some((variable.name, setting))),
                [None, Some(setting), None] => self.keys_in(variable.file, &setting).map(Some),
                [None, None, Some(setting)] if may_run => {
                    self.keys_from(variable.command, &setting).map(Some)
                }
                [None, None, Some(setting)] => {
                    Err(invalid(variable.command, &setting.place)(KeyError::CommandInFile))
                }
                forms => {
                    let place = forms.into_iter().flatten().next().and_then(|setting| setting.place);
                    Err(invalid(variable.name, &place)(KeyError::Ambiguous))
                }
            };
        }
        Ok(None)
    }

    /// The keys that a program prints.
    fn keys_from(&self, variable: &'static str, line: &Setting) -> Result<(&'static str, Setting), Error> {
        match (self.run)(line.value.expose_secret()) {
            Ok(value) => Ok((variable, Setting { value, place: None })),
            Err(reason) => Err(invalid(variable, &None)(KeyError::Command { reason })),
        }
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
    let (encryption, index) = (sources.find(&ENCRYPTION)?.ok_or(missing)?, sources.find(&INDEX)?);
    let deadline = deadline();
    let ask = |(variable, keys): &(&'static str, Setting), purpose| {
        Keys::ask(keys.value.expose_secret(), purpose, deadline).map_err(invalid(variable, &keys.place))
    };
    let encryption_keys = ask(&encryption, Purpose::Encryption)?;
    let index_keys = index.as_ref().map(|index| ask(index, Purpose::Index)).transpose()?;

    let wrong = invalid(encryption.0, &encryption.1.place);
    let keyring = encryption_keys.wait(deadline).and_then(Keyring::from_keys).map_err(wrong)?;
    let keyring = match (index, index_keys) {
        (Some((variable, setting)), Some(keys)) => {
            let added = |keys: Vec<Key>| keys.into_iter().try_fold(keyring, Keyring::with_index_key);
            keys.wait(deadline).and_then(added).map_err(invalid(variable, &setting.place))?
        }
        _ => keyring,
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
