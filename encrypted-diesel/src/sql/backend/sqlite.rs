use diesel::serialize::{self, IsNull, Output};
use diesel::sqlite::{Sqlite, SqliteValue};

use crate::sql::EncryptedBackend;

impl EncryptedBackend for Sqlite {
    fn write_text(envelope: String, out: &mut Output<'_, '_, Self>) -> serialize::Result {
        out.set_value(envelope);
        Ok(IsNull::No)
    }

    fn write_bytes(envelope: Vec<u8>, out: &mut Output<'_, '_, Self>) -> serialize::Result {
        out.set_value(envelope);
        Ok(IsNull::No)
    }

    fn read_text<R>(mut stored: SqliteValue<'_, '_, '_>, read: impl FnOnce(&[u8]) -> R) -> R {
        // SQLite does not check that text is UTF-8, and Diesel puts U+FFFD where it is not. What is
        // not ASCII is therefore read as it stands; an envelope is ASCII, and takes no copy.
        if stored.read_text().is_ascii() {
            read(stored.read_text().as_bytes())
        } else {
            read(stored.read_blob())
        }
    }

    fn read_bytes<R>(mut stored: SqliteValue<'_, '_, '_>, read: impl FnOnce(&[u8]) -> R) -> R {
        read(stored.read_blob())
    }
}
