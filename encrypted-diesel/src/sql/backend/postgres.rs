use std::io::Write;

use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output};

use crate::sql::EncryptedBackend;

impl EncryptedBackend for Pg {
    fn write_text(envelope: String, out: &mut Output<'_, '_, Self>) -> serialize::Result {
        Self::write_bytes(envelope.into_bytes(), out)
    }

    fn write_bytes(envelope: Vec<u8>, out: &mut Output<'_, '_, Self>) -> serialize::Result {
        out.write_all(&envelope)?;
        Ok(IsNull::No)
    }

    fn read_text<R>(stored: PgValue<'_>, read: impl FnOnce(&[u8]) -> R) -> R {
        read(stored.as_bytes())
    }

    fn read_bytes<R>(stored: PgValue<'_>, read: impl FnOnce(&[u8]) -> R) -> R {
        read(stored.as_bytes())
    }
}
