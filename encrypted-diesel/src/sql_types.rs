//! The SQL types of encrypted columns, for `diesel::table!`.

pub use crate::sql::types::{
    BlindIndex, DeterministicText, EncryptedBinary, EncryptedText, EncryptedVarchar,
};
