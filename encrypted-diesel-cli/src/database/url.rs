//! The database's URL, which may hold a password.

use std::path::Path;

use encrypted_diesel::private::{env_file_above, setting};
use secrecy::{ExposeSecret, SecretString};

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

    /// The backend.
    ///
    /// Fails where Diesel's tool would take a misspelled URL for the name of a SQLite file, and create that file.
    pub(crate) fn backend(&self) -> Result<Backend, Error> {
        let url = self.expose();
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Backend::Postgres),
            Some(("mysql", _)) => Ok(Backend::Mysql),
            Some((scheme, _)) if !matches!(scheme, "sqlite" | "file") => {
                Err(Error::UnknownScheme { scheme: scheme.to_owned() })
            }
            _ => match sqlite_file(url) {
                Some(file) if !Path::new(file).is_file() => Err(match file {
                    keywords if keywords.contains("host=") || keywords.contains("dbname=") => Error::Keywords,
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

    /// Removes the URL's password from the text, and any part of it that a client library may take for a host or a
    /// port.
    pub(crate) fn redact(&self, text: &str) -> String {
        let url = self.expose();
        let (authority, parameters) = (password(url), parameters(url));
        // The URL as a whole comes first, so the rest of it stays readable if the password is short.
        let mut shown = url.to_owned();
        if let Some(password) = authority {
            shown = shown.replacen(&format!(":{password}@"), ":***@", 1);
        }
        for password in parameters.clone() {
            shown = shown.replace(&format!("password={password}"), "password=***");
        }
        let parts = authority.into_iter().flat_map(|password| password.split(DELIMITERS));
        let secrets = authority.into_iter().chain(parts).chain(parameters).filter(|part| !part.is_empty());
        let redact =
            |text: &str| secrets.clone().fold(text.to_owned(), |text, part| text.replace(part, "***"));
        text.split(url).map(redact).collect::<Vec<_>>().join(&shown)
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url.into())
    }
}

/// The part between the user's name and the host.
fn password(url: &str) -> Option<&str> {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

/// The characters that end a password unless they are percent-encoded.
const DELIMITERS: [char; 5] = ['/', '@', ':', '?', '#'];

/// The passwords among the URL's parameters: PostgreSQL's client library accepts `?password=`.
fn parameters(url: &str) -> impl Iterator<Item = &str> + Clone {
    let values = url.split("password=").skip(1);
    values.map(|rest| rest.split('&').next().unwrap_or_default()).filter(|password| !password.is_empty())
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

    fn redacted(url: &str, text: &str) -> String {
        DatabaseUrl::from(url.to_owned()).redact(text)
    }

    #[test]
    fn the_password_is_not_shown() {
        let url = "mysql://ada:s3cret@localhost:3306/clinic";
        let text = format!("Could not connect via `{url}`: wrong password s3cret");
        let shown = redacted(url, &text);
        assert_eq!(
            shown,
            "Could not connect via `mysql://ada:***@localhost:3306/clinic`: wrong password ***"
        );
    }

    #[test]
    fn a_password_with_colons_and_at_signs_is_not_shown() {
        let url = "mysql://ada:s:3@cret@localhost/clinic";
        assert_eq!(redacted(url, url), "mysql://ada:***@localhost/clinic");
    }

    #[test]
    fn a_short_password_leaves_the_url_readable() {
        let url = "mysql://a:a@a/a";
        assert_eq!(redacted(url, url), "mysql://a:***@a/a");
    }

    #[test]
    fn a_password_taken_for_another_part_of_the_url_is_not_shown() {
        for (url, text, expected) in [
            (
                "postgres://ada:s3/cret@host/clinic",
                "invalid value \"s3\" for \"port\"",
                "invalid value \"***\" for \"port\"",
            ),
            ("postgres://ada:s3@cret@host/clinic", "no host \"cret@host\"", "no host \"***@host\""),
            ("postgres://ada:s3@cr:et@host/clinic", "no port \"et@host\"", "no port \"***@host\""),
            ("postgres://ada:s3%zz@host/clinic", "invalid token: \"s3%zz\"", "invalid token: \"***\""),
        ] {
            assert_eq!(redacted(url, text), expected, "{url}");
        }
    }

    #[test]
    fn a_password_among_the_parameters_is_not_shown() {
        let url = "postgres://host/clinic?password=s3cret&sslpassword=hidden&user=ada";
        assert_eq!(
            redacted(url, &format!("{url}: s3cret, hidden")),
            "postgres://host/clinic?password=***&sslpassword=***&user=ada: ***, ***"
        );
        assert_eq!(redacted("host=a password=s3cret dbname=b", "s3cret dbname=b"), "***");
    }

    #[test]
    fn a_url_without_a_password_is_shown_in_full() {
        for url in ["mysql://ada@localhost/clinic", "clinic.db", "mysql://ada:@localhost/clinic"] {
            assert_eq!(redacted(url, url), url);
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
