//! `keys`, with an environment of its own.

use std::ffi::OsString;
use std::process::Command;

use encrypted_diesel::Key;
use secrecy::ExposeSecret;

/// A program's environment: where its services are, and its credentials.
#[derive(Clone, Default)]
pub(crate) struct Program {
    variables: Vec<(String, OsString)>,
}

impl Program {
    pub(crate) fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.retain(|(own, _)| own != name);
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// The entry of a key that is one byte repeated, or the error.
    pub(crate) fn wrap(&self, uri: &str, purpose: &str, key: u8) -> String {
        self.run(&["wrap", uri, purpose, &hex(key)])
    }

    /// The keyring of a list of keys, or the error.
    pub(crate) fn load(&self, list: &str) -> String {
        self.clone().with("FIELD_ENCRYPTION_KEY", list).run(&["load"])
    }

    /// What the program prints, which never is a key of a test.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(env!("CARGO_BIN_EXE_keys")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let shown = String::from_utf8(output.stdout).unwrap();
        for key in 1..=9 {
            assert!(!shown.contains(&hex(key)), "shows a key: {shown}");
        }
        shown.trim_end().to_owned()
    }

    /// A program with these variables, and none of ours that would matter.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub(crate) fn hex(key: u8) -> String {
    Key::from([key; 32]).to_hex().expose_secret().to_owned()
}

/// The id of a key that is one byte repeated, as a keyring shows it.
pub(crate) fn id(key: u8) -> String {
    format!("KeyId({})", Key::from([key; 32]).id())
}

/// An entry with another part in place of one.
pub(crate) fn replaced(entry: &str, name: &str, with: &str) -> String {
    let (begin, rest) = entry.split_once(&format!("{name}=")).unwrap();
    let end = rest.find('&').map_or("", |place| &rest[place..]);
    format!("{begin}{name}={with}{end}")
}

/// The value of a parameter, as it stands in an entry.
pub(crate) fn parameter<'a>(entry: &'a str, name: &str) -> &'a str {
    entry.split_once(&format!("{name}=")).unwrap().1.split('&').next().unwrap()
}

/// Asserts that what a program prints has these words.
#[track_caller]
pub(crate) fn says(shown: &str, words: &str) {
    assert!(shown.contains(words), "expected {words:?}: {shown}");
}
