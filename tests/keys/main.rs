//! Wraps a key, or loads keys as an application does, and prints an entry, the keyring, or the error:
//!
//!     keys wrap URI PURPOSE HEX
//!     keys load
//!     keys init [current-thread | multi-thread | async]
//!
//! With `TRACE` set, it logs all that the libraries in it log, at level trace.

#![allow(missing_docs, clippy::unwrap_used, reason = "a program for tests")]

use std::env;
use std::io;

use encrypted_diesel::key_service::{self, KeyUri, Purpose};
use encrypted_diesel::{Error, Key, Keyring};
use tokio::runtime::Builder;

fn main() {
    if env::var_os("TRACE").is_some() {
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
        subscriber.with_writer(io::stderr).init();
    }
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["wrap", uri, purpose, hex] => {
            let purpose = if purpose == "index" { Purpose::Index } else { Purpose::Encryption };
            match key_service::wrap(&Key::from_hex(hex).unwrap(), &KeyUri::parse(uri).unwrap(), purpose) {
                Ok(entry) => println!("{entry}"),
                Err(error) => println!("{error}"),
            }
        }
        ["load"] => match Keyring::from_env() {
            Ok(keys) => println!("{keys:?}"),
            Err(error) => println!("{error}"),
        },
        ["init"] => report(encrypted_diesel::init()),
        ["init", "current-thread"] => {
            report(
                Builder::new_current_thread().build().unwrap().block_on(async { encrypted_diesel::init() }),
            );
        }
        ["init", "multi-thread"] => {
            report(Builder::new_multi_thread().build().unwrap().block_on(async { encrypted_diesel::init() }));
        }
        ["init", "async"] => {
            report(Builder::new_current_thread().build().unwrap().block_on(encrypted_diesel::init_async()));
        }
        _ => panic!("which command?"),
    }
}

fn report(loaded: Result<(), Error>) {
    match loaded {
        Ok(()) => println!("installed"),
        Err(error) => println!("{error}"),
    }
}
