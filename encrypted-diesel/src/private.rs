//! For the code that the derive emits. No part of the public API.

pub use crate::__encrypted_value as encrypted_value;
pub use crate::plaintext::{decode_from_str, encode_display};
#[cfg(feature = "serde_json")]
pub use crate::plaintext::{decode_json, encode_json};
pub use diesel;
#[cfg(feature = "serde_json")]
pub use serde::{Serialize, de::DeserializeOwned};
