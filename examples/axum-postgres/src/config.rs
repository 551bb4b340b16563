//! The settings, except for the keys, which `encrypted_diesel::init` reads.

use std::env::{self, VarError};
use std::net::SocketAddr;

use crate::Result;

/// Only reachable from this machine.
const LOOPBACK: &str = "127.0.0.1:3000";

/// No `Debug`: the URL may hold a password.
pub(crate) struct Config {
    pub database_url: String,
    pub listen: SocketAddr,
}

impl Config {
    /// Reads `DATABASE_URL` and `LISTEN` from the environment, else from `.env`.
    pub(crate) fn from_env() -> Result<Self> {
        let database_url = setting("DATABASE_URL")?
            .ok_or("DATABASE_URL is not set: set it to postgres://user:password@host/database")?;
        let listen = setting("LISTEN")?
            .as_deref()
            .unwrap_or(LOOPBACK)
            .parse()
            .map_err(|_| "LISTEN is not an address with a port, such as 127.0.0.1:3000")?;
        Ok(Self { database_url, listen })
    }
}

fn setting(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        Ok(value) => return Ok(Some(value)),
        Err(VarError::NotPresent) => {}
        Err(VarError::NotUnicode(_)) => return Err(format!("{name} is not UTF-8").into()),
    }
    // This folder's file only, as for the keys. An error of dotenvy would show the line, which may hold a key.
    let Ok(lines) = dotenvy::from_path_iter(".env") else { return Ok(None) };
    Ok(lines.map_while(std::result::Result::ok).find(|(key, _)| key == name).map(|(_, value)| value))
}
