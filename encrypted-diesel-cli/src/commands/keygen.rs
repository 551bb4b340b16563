//! `encrypted-diesel keygen`: a new key, printed or added to a file such as `.env`, wrapped by a service if one is named.
//! Also the order of a file's list.
//!
//! It never takes a key from the command line: everyone on the machine may read that, and shells remember it. It
//! drops a key from a file only if its id is given: values under that key could not be decrypted any more.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use encrypted_diesel::key::KeyId;
use encrypted_diesel::key_service::KeyUri;
use encrypted_diesel::{ExposeSecret, Key};
use zeroize::Zeroizing;

use crate::config::env_file::{Change, EnvFile, List, Place, Problem};
use crate::error::Error;
use crate::{output, services};

/// Make a new key
///
/// Prints the key as 64 hex digits, for a secret store, or adds it to a file such as `.env`. With --wrap, a service encrypts
/// it first, and the key itself is never shown.
#[derive(Args)]
#[command(after_long_help = ROTATION, group(ArgGroup::new("destination").args(["env_file", "wrap"]).multiple(true)))]
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

    /// The key is for `FIELD_INDEX_KEY`, the keys of blind indexes
    #[arg(long, requires = "destination")]
    index: bool,

    /// Have a service wrap the key, such as `aws-kms://arn:aws:kms:…` or `vault-transit://transit/app`
    ///
    /// The entry is printed or added in place of the key, once the service has unwrapped it again. Give it twice to have one
    /// key wrapped by two services: the second is asked only if the first cannot be reached.
    #[arg(long, value_name = "URI", value_parser = KeyUri::parse)]
    wrap: Vec<KeyUri>,

    /// Make no key, but move this one to the front of the file's list, so that it encrypts
    #[arg(long, value_name = "ID", value_parser = services::parse_id, requires = "env_file", conflicts_with_all = ["behind", "wrap", "drop"])]
    promote: Option<KeyId>,

    /// Make no key, but remove this one from the file's list
    ///
    /// What is still encrypted under it can no longer be read. `status --assert-only-key` says whether anything is.
    #[arg(long, value_name = "ID", value_parser = services::parse_id, requires = "env_file", conflicts_with_all = ["behind", "wrap"])]
    drop: Option<KeyId>,
}

const ROTATION: &str = "\
If several instances of an application run, all of them must know a key before one of them writes with it: \
add it with --behind, deploy, move it to the front with --promote, and deploy again. Keep an old key for \
as long as there are values under it, and then --drop it.";

/// Makes a key, then prints it or adds it to the file; or changes the order of the file's keys.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    let Options { env_file, behind, index, wrap, promote, drop } = options;
    let list = if index { List::Index } else { List::Encryption };
    if let (Some(path), Some(id)) = (&env_file, promote.or(drop)) {
        return reorder(path, list, id, promote.is_some());
    }
    let key = Key::generate()?;
    let entry = match wrap[..] {
        [] => Zeroizing::new(key.to_hex().expose_secret().to_owned()),
        _ => Zeroizing::new(services::wrap(&key, &wrap, list.purpose())?),
    };
    let Some(path) = env_file else {
        return output::print(&[entry.as_str(), "\n"]);
    };
    let place = if behind { Place::Last } else { Place::First };
    let file = EnvFile::open(&path).map_err(|problem| problem.of(&path))?;
    let changed =
        file.change(&[(list, Change::Add { entry, place })]).map_err(|problem| problem.of(&path))?;

    let rank = match (changed.count, place) {
        (1, _) => "the only one".to_owned(),
        (count, Place::First) => format!("the first of {count}"),
        (count, Place::Last) => format!("the last of {count}"),
    };
    let (id, variable) = (key.id(), list.variable());
    output::print_text(format_args!("{}: the key {id} is now {rank} in {variable}\n", path.display()))?;
    changed.say_if_it_was_shared(&path);
    Ok(())
}

/// Moves a key of the file to the front, or removes it.
fn reorder(path: &Path, list: List, id: KeyId, promote: bool) -> Result<(), Error> {
    let of = |problem: Problem| problem.of(path);
    let (variable, shown) = (list.variable(), path.display());
    let file = EnvFile::open(path).map_err(of)?;
    let entries = file.entries(list).map_err(of)?;
    let position = services::position(&entries, id, list.purpose())?;
    let position = position.ok_or(Problem::NoSuchKey { variable, id }).map_err(of)?;
    let (change, done) = match (promote, position, entries.len()) {
        (true, 0, _) => {
            return output::print_text(format_args!(
                "{shown}: the key {id} is the first in {variable} already\n"
            ));
        }
        (true, ..) => (Change::Promote { position }, "now the first in"),
        (false, _, 1) => return Err(of(Problem::OnlyKey { variable })),
        (false, 0, _) => return Err(of(Problem::FirstKey { variable })),
        (false, ..) => (Change::Drop { position }, "no longer in"),
    };
    let changed = file.change(&[(list, change)]).map_err(of)?;
    output::print_text(format_args!(
        "{shown}: the key {id} is {done} {variable}, which has {}\n",
        changed.count
    ))?;
    changed.say_if_it_was_shared(path);
    Ok(())
}
