//! `encrypted-diesel key check`: asks each service for each key.

use std::path::PathBuf;

use clap::Args;
use encrypted_diesel::Key;
use encrypted_diesel::key_service::{self, UnwrapError};
use encrypted_diesel::private::{Entry, key_lists};
use serde_json::{Value, json};

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::output;

/// Unwrap every key, and print where it comes from and its id
///
/// Reads the lists as an application does. Each service is asked, also those after `|`, which an application asks only if
/// the first cannot be reached. With --json, keys have the fingerprint that `check=` of an entry has. It is not secret.
#[derive(Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Options {
    /// Read this file in place of the folder's `.env`
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// One place that a key comes from.
struct Found {
    variable: &'static str,
    /// In the list, from 1.
    position: usize,
    service: String,
    key: Result<Key, UnwrapError>,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Error> {
    let mut found = Vec::new();
    for list in key_lists(options.env_file.as_deref())? {
        for (entry, position) in list.entries.iter().zip(1..) {
            let mut push = |service: &str, key| {
                found.push(Found { variable: list.variable, position, service: service.to_owned(), key });
            };
            match entry {
                Entry::Key(key) => push("hex", Ok(key.clone())),
                Entry::Wrapped(alternatives) => alternatives.iter().for_each(|wrapped| {
                    push(wrapped.uri().scheme(), key_service::unwrap(&wrapped.entry(), list.purpose));
                }),
            }
        }
    }
    if options.json {
        output::print_json(&json!({ "keys": found.iter().map(Found::json).collect::<Vec<_>>() }))?;
    } else {
        output::print_text(to_text(&found))?;
    }
    let all = found.iter().all(|found| found.key.is_ok());
    Ok(if all { Exit::Done } else { Exit::Left })
}

fn to_text(found: &[Found]) -> String {
    let width = found.iter().map(|found| found.service.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut variable = "";
    for Found { variable: own, position, service, key } in found {
        if variable != *own {
            variable = own;
            text += &format!("{variable}\n");
        }
        text += &match key {
            Ok(key) => format!("{position:>4}  {service:<width$}  {}  ok\n", key.id()),
            Err(problem) => format!("{position:>4}  {service:<width$}  failed: {problem}\n"),
        };
    }
    text
}

impl Found {
    fn json(&self) -> Value {
        let key = self.key.as_ref();
        json!({
            "variable": self.variable,
            "position": self.position,
            "service": self.service,
            "id": key.ok().map(|key| key.id().to_string()),
            "fingerprint": key.ok().map(Key::fingerprint),
            "problem": key.err().map(ToString::to_string),
        })
    }
}
