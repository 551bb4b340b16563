//! HashiCorp Vault and OpenBao: keys that their transit engine wraps, or that their KV engine keeps.
//!
//! Nothing here is logged, and what reqwest logs at level trace has neither headers nor bodies. Buffers of this crate
//! are wiped; those of reqwest and of the TLS library are not.

mod client;
mod http;
mod kv;
mod login;
mod settings;
mod transit;

pub(super) use self::kv::Kv;
pub(super) use self::transit::Transit;
