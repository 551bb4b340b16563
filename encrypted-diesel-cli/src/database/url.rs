//! The database's URL, which may hold a password.

mod secrets;

use std::path::{Path, absolute};

use encrypted_diesel::private::{env_file_above, setting};
use secrecy::{ExposeSecret, SecretString};

use self::secrets::{HIDDEN, Secrets};
use crate::arguments::is_key;
use crate::error::Error;

const VARIABLE: &str = "DATABASE_URL";

/// A database's URL. Messages show it without its password, or not at all.
pub(crate) struct DatabaseUrl(SecretString);

/// The backend that a URL names, by the rules of Diesel's tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Mysql,
    Postgres,
}

impl DatabaseUrl {
    /// The URL from the command line, else from the environment, else from this folder's `.env`.
    pub(crate) fn find(argument: Option<String>) -> Result<Self, Error> {
        let url = match argument {
            Some(url) => Some(SecretString::from(url)),
            None => setting(VARIABLE)?,
        };
        let url = url.filter(|url| !url.expose_secret().is_empty());
        url.map(Self).ok_or_else(|| Error::NoDatabaseUrl { ignored: env_file_above() })
    }

    /// The same database, for a program that runs in another folder.
    pub(crate) fn with_whole_path(&self) -> Self {
        let url = self.expose();
        let is_server = url.split_once("://").is_some_and(|(scheme, _)| !matches!(scheme, "sqlite" | "file"));
        let file = sqlite_file(url).filter(|file| !is_server && !file.starts_with(":memory:"));
        let whole = file.and_then(|file| Some((file, absolute(file).ok()?.to_str()?.to_owned())));
        Self::from(whole.map_or_else(|| url.to_owned(), |(file, whole)| url.replacen(file, &whole, 1)))
    }

    /// The backend.
    ///
    /// Fails where Diesel's tool would take a misspelled URL for the name of a SQLite file, and create that file.
    pub(crate) fn backend(&self) -> Result<Backend, Error> {
        let url = self.expose();
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Backend::Postgres),
            Some(("mysql", _)) => Ok(Backend::Mysql),
            Some((scheme, _)) if !matches!(scheme, "sqlite" | "file") => {
                Err(Error::UnknownScheme { scheme: shown_scheme(scheme).to_owned() })
            }
            _ => match sqlite_file(url) {
                Some(file) if !Path::new(file).is_file() => Err(match file {
                    keywords if is_keywords(keywords) => Error::Keywords,
                    file => Error::NoDatabase { file: self.redact(file) },
                }),
                _ => Ok(Backend::Sqlite),
            },
        }
    }

    /// The whole URL. Never show it.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Removes the URL's passwords from the text, and any part of them that a client library may take for a host or a
    /// port.
    pub(crate) fn redact(&self, text: &str) -> String {
        let url = self.expose();
        let secrets = Secrets::of(url);
        // The URL as a whole comes first, so the rest of it stays readable if the password is short.
        let shown = secrets.hidden_in_url();
        let others = secrets.all();
        let redact =
            |text: &str| others.iter().fold(text.to_owned(), |text, part| text.replace(part, HIDDEN));
        text.split(url).map(redact).collect::<Vec<_>>().join(&shown)
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url.into())
    }
}

/// The scheme, unless a password may have come before it.
fn shown_scheme(scheme: &str) -> &str {
    let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    if scheme.chars().all(is_scheme) && !is_key(scheme) { scheme } else { HIDDEN }
}

/// Whether this is a connection string of PostgreSQL, such as `host=localhost dbname=clinic`.
fn is_keywords(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["host", "dbname", "user", "password", "service"].iter().any(|keyword| {
        lower
            .match_indices(keyword)
            .any(|(start, _)| lower[start + keyword.len()..].trim_start().starts_with('='))
    })
}

/// The file of a SQLite database, unless the database is in memory.
fn sqlite_file(url: &str) -> Option<&str> {
    let file = match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("file:")) {
        Some(uri) => uri.split(['?', '#']).next().unwrap_or_default(),
        None => url,
    };
    (!file.is_empty() && file != ":memory:").then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_from_every_folder() {
        let whole = |url: &str| DatabaseUrl::from(url.to_owned()).with_whole_path().expose().to_owned();
        let here = std::env::current_dir().unwrap();
        let here = here.to_str().unwrap();
        assert_eq!(whole("clinic.db"), format!("{here}/clinic.db"));
        assert_eq!(whole("file:clinic.db?mode=ro"), format!("file:{here}/clinic.db?mode=ro"));
        assert_eq!(whole("sqlite://clinic.db"), format!("sqlite://{here}/clinic.db"));
        for url in [
            "/tmp/clinic.db",
            ":memory:",
            "file::memory:?cache=shared",
            "postgres://host/clinic",
            "mysql://host/a",
        ] {
            assert_eq!(whole(url), url);
        }
    }

    #[test]
    fn backends_are_told_apart_by_the_rules_of_diesel() {
        let backend = |url: &str| DatabaseUrl::from(url.to_owned()).backend();
        assert!(matches!(backend("mysql://localhost/clinic"), Ok(Backend::Mysql)));
        assert!(matches!(backend("postgres://localhost/clinic"), Ok(Backend::Postgres)));
        assert!(matches!(backend("postgresql://localhost/clinic"), Ok(Backend::Postgres)));
        assert!(matches!(backend(":memory:"), Ok(Backend::Sqlite)));
        assert!(matches!(backend("file::memory:?cache=shared"), Ok(Backend::Sqlite)));
        assert!(matches!(backend("mariadb://localhost/clinic"), Err(Error::UnknownScheme { .. })));
        assert!(matches!(backend("no-such-file.db"), Err(Error::NoDatabase { .. })));
        assert!(matches!(backend("host=localhost password=s3cret dbname=clinic"), Err(Error::Keywords)));
        assert!(matches!(backend("sqlite://no-such-file.db?mode=ro"), Err(Error::NoDatabase { .. })));
    }
}
