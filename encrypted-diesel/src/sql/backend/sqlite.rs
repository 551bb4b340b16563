use diesel::deserialize;
use diesel::serialize::{self, IsNull, Output};
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{open, seal};
use crate::cipher::Sealed;
use crate::envelope::Container;
use crate::plaintext::{FromPlaintext, Plaintext};
use crate::sql::types::CanHold;
use crate::sql::{EncryptedSqlType, ReadEncrypted, WriteEncrypted};

impl<ST: EncryptedSqlType + CanHold<V>, V: Plaintext> WriteEncrypted<ST, V> for Sqlite {
    fn write<'b>(value: &'b V, out: &mut Output<'b, '_, Self>) -> serialize::Result {
        match seal::<ST, V>(value)? {
            Sealed::Text(envelope) => out.set_value(envelope),
            Sealed::Bytes(envelope) => out.set_value(envelope),
        }
        Ok(IsNull::No)
    }
}

impl<ST: EncryptedSqlType, V: FromPlaintext> ReadEncrypted<ST, V> for Sqlite {
    fn read(mut stored: SqliteValue<'_, '_, '_>) -> deserialize::Result<V> {
        // SQLite does not check that text is UTF-8, and Diesel puts U+FFFD where it is not. What is
        // not ASCII is therefore read as it stands; an envelope is ASCII, and takes no copy.
        if ST::CONTAINER == Container::Text {
            let text = stored.read_text();
            if text.is_ascii() {
                return open::<ST, V>(text.as_bytes());
            }
        }
        open::<ST, V>(stored.read_blob())
    }
}
