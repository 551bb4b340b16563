//! `encrypted-diesel keygen`: a new key, printed or added to a file such as `.env`.
//!
//! It never takes a key from the command line: everyone on the machine may read that, and shells remember it. It
//! never drops a key from a file: values under that key could not be decrypted any more.

use std::path::{Path, PathBuf};

use clap::Args;
use encrypted_diesel::{ExposeSecret, Key};

use crate::config::env_file::{EnvFile, List, Place, Problem, add_key};
use crate::error::Error;
use crate::output;

/// Make a new key
///
/// Prints the key as 64 hex digits, for a secret store, or adds it to a file such as `.env`.
#[derive(Args)]
#[command(after_long_help = ROTATION)]
pub(crate) struct Options {
    /// Add the key to this file, and print only its id
    ///
    /// The key goes to the front of the list in `FIELD_ENCRYPTION_KEY`: it encrypts from then on, and every key in the
    /// list decrypts. Nothing else in the file changes, except that only its owner can read it afterwards. The file
    /// is created if it does not exist.
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,

    /// Add the key after the others, so that it decrypts but does not encrypt yet
    #[arg(long, requires = "env_file")]
    behind: bool,

    /// Add the key to `FIELD_INDEX_KEY`, the keys for blind indexes
    #[arg(long, requires = "env_file")]
    index: bool,
}

const ROTATION: &str = "\
If several instances of an application run, all of them must know a key before one of them writes with it: \
add it with --behind, deploy, move it to the front of the list by hand, and deploy again. Keep an old key for \
as long as there are values under it.";

/// Makes a key, then prints it or adds it to the file.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    let Options { env_file, behind, index } = options;
    let key = Key::generate()?;
    let Some(path) = env_file else {
        return output::print(&[key.to_hex().expose_secret(), "\n"]);
    };
    let list = if index { List::Index } else { List::Encryption };
    let place = if behind { Place::Last } else { Place::First };
    let Added { count, was_shared } = add(&path, &key, list, place)
        .map_err(|problem| Error::EnvFile { path: path.clone(), problem: problem.to_string() })?;

    let rank = match (count, place) {
        (1, _) => "the only one".to_owned(),
        (count, Place::First) => format!("the first of {count}"),
        (count, Place::Last) => format!("the last of {count}"),
    };
    let (id, variable) = (key.id(), list.variable());
    output::print_text(format_args!("{}: the key {id} is now {rank} in {variable}\n", path.display()))?;
    if was_shared {
        output::say(format_args!(
            "note: until now, other users could read {}; now only its owner can",
            path.display()
        ));
    }
    Ok(())
}

struct Added {
    /// How many keys the list has now.
    count: usize,
    /// Whether other users could read the file.
    was_shared: bool,
}

fn add(path: &Path, key: &Key, list: List, place: Place) -> Result<Added, Problem> {
    let file = EnvFile::open(path)?;
    let (text, count) = add_key(file.text(), key, list, place)?;
    let was_shared = file.is_shared();
    file.replace(&text)?;
    Ok(Added { count, was_shared })
}
