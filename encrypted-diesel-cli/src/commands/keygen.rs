//! `encrypted-diesel keygen`: a new key, printed or put into a file such as `.env`.
//!
//! A key is never taken from the command line, which everyone on the machine may read and shells remember,
//! and never lost from a file: whatever was under it could not be read again.

use std::path::{Path, PathBuf};

use clap::Args;
use encrypted_diesel::{ExposeSecret, Key};

use crate::config::env_file::{EnvFile, List, Place, Problem, add_key};
use crate::error::Error;
use crate::output;

/// Make a new key
///
/// Prints it as 64 hex digits, for a secret store, or puts it into a file such as `.env`.
#[derive(Args)]
#[command(after_long_help = ROTATION)]
pub(crate) struct Options {
    /// Put the key into this file, and print its id only
    ///
    /// The key goes in front of those that `FIELD_ENCRYPTION_KEY` has there: it encrypts from now on, and all
    /// decrypt. Nothing else in the file changes, but that only its owner can read it then. If there is no
    /// such file, it is made.
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,

    /// Put the key behind the others, so that it decrypts, but does not encrypt yet
    #[arg(long, requires = "env_file")]
    behind: bool,

    /// Put the key into `FIELD_INDEX_KEY`, the keys of blind indexes
    #[arg(long, requires = "env_file")]
    index: bool,
}

const ROTATION: &str = "\
Where several instances of an application run, all have to know a key before one of them writes with it: \
add it with --behind, deploy, then move it to the front of the list by hand, and deploy again. Keep the old \
keys for as long as there are values under them.";

/// Makes a key, and puts it where the options say.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    let Options { env_file, behind, index } = options;
    let key = Key::generate()?;
    let Some(path) = env_file else {
        return output::print(&[key.to_hex().expose_secret(), "\n"]);
    };
    let list = if index { List::Index } else { List::Encryption };
    let place = if behind { Place::Behind } else { Place::InFront };
    let Added { count, was_shared } = add(&path, &key, list, place)
        .map_err(|problem| Error::EnvFile { path: path.clone(), problem: problem.to_string() })?;

    let rank = match (count, place) {
        (1, _) => "the only one".to_owned(),
        (count, Place::InFront) => format!("the first of {count}"),
        (count, Place::Behind) => format!("the last of {count}"),
    };
    let (id, variable) = (key.id(), list.variable());
    output::print(&[&format!("{}: the key {id} is now {rank} in {variable}\n", path.display())])?;
    if was_shared {
        output::say(format_args!(
            "note: others could read {} until now; now only its owner can",
            path.display()
        ));
    }
    Ok(())
}

struct Added {
    /// The keys in the list.
    count: usize,
    /// Whether others than its owner could read the file.
    was_shared: bool,
}

fn add(path: &Path, key: &Key, list: List, place: Place) -> Result<Added, Problem> {
    let file = EnvFile::open(path)?;
    let (text, count) = add_key(file.text(), key, list, place)?;
    let was_shared = file.is_shared();
    file.replace(&text)?;
    Ok(Added { count, was_shared })
}
