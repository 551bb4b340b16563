//! `encrypted-diesel key rewrap`: the same keys in new wrappings. No row changes, since a key keeps its id.

use std::path::{Path, PathBuf};

use clap::Args;
use encrypted_diesel::key_service::{KeyUri, Purpose};
use encrypted_diesel::private::{Entry, KeyList, key_lists};
use zeroize::Zeroizing;

use crate::config::env_file::{Change, EnvFile, List};
use crate::error::Error;
use crate::{output, services};

/// Wrap the keys of the lists again, or under another service's key
///
/// Without --to, each entry is wrapped by its own service, as after a rotation of the service's key; keys in the clear stay as
/// they are. With --to, all keys are wrapped there, also those in the clear. Every new entry is unwrapped and compared before
/// it takes the place of the old one. The keys stay the same, so no row changes.
#[derive(Args)]
pub(crate) struct Options {
    /// Wrap under this key, such as `aws-kms://arn:aws:kms:…`; twice for `|`, the second for when the first is out of reach
    #[arg(long, value_name = "URI", value_parser = KeyUri::parse)]
    to: Vec<KeyUri>,

    /// Change the lists of this file; without it, the new lists are printed
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,
}

pub(crate) fn run(options: Options) -> Result<(), Error> {
    match options.env_file {
        Some(path) => in_file(&path, &options.to),
        None => key_lists(None)?.iter().try_for_each(|list| print(list, &options.to)),
    }
}

fn in_file(path: &Path, to: &[KeyUri]) -> Result<(), Error> {
    let file = EnvFile::open(path).map_err(|problem| problem.of(path))?;
    let (mut changes, mut lines) = (Vec::new(), String::new());
    for list in [List::Encryption, List::Index] {
        let entries = file.entries(list).map_err(|problem| problem.of(path))?;
        for (position, entry) in entries.iter().enumerate() {
            let key = services::unwrap(entry, position, list.purpose())?;
            let Some(under) = under(entry, to) else { continue };
            let entry = Zeroizing::new(services::wrap(&key, &under, list.purpose())?);
            let services: Vec<_> = under.iter().map(KeyUri::scheme).collect();
            let (id, variable) = (key.id(), list.variable());
            lines += &format!(
                "{}: the key {id} of {variable} is wrapped by {}\n",
                path.display(),
                services.join(", ")
            );
            changes.push((list, Change::Replace { position, entry }));
        }
    }
    if changes.is_empty() {
        return output::print_text(format_args!(
            "{}: no key is wrapped: name a service with --to\n",
            path.display()
        ));
    }
    let changed = file.change(&changes).map_err(|problem| problem.of(path))?;
    output::print_text(lines)?;
    changed.say_if_it_was_shared(path);
    Ok(())
}

fn print(list: &KeyList, to: &[KeyUri]) -> Result<(), Error> {
    let variable = if list.purpose == Purpose::Index { "FIELD_INDEX_KEY" } else { "FIELD_ENCRYPTION_KEY" };
    let entries = list.entries.iter().enumerate().map(|(position, entry)| {
        let key = services::unwrap(entry, position, list.purpose)?;
        let under = under(entry, to).ok_or(Error::Clear { variable })?;
        services::wrap(&key, &under, list.purpose)
    });
    let entries = entries.collect::<Result<Vec<_>, Error>>()?.join(",");
    output::print(&[variable, "='", &entries, "'\n"])
}

/// What to wrap an entry's key under. None if it is in the clear and stays so.
fn under(entry: &Entry, to: &[KeyUri]) -> Option<Vec<KeyUri>> {
    match entry {
        _ if !to.is_empty() => Some(to.to_vec()),
        Entry::Key(_) => None,
        Entry::Wrapped(alternatives) => {
            Some(alternatives.iter().map(|wrapped| wrapped.uri().clone().without("wrapped")).collect())
        }
    }
}
