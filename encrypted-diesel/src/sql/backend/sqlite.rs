use std::error::Error;

use diesel::deserialize;
use diesel::serialize::{self, IsNull, Output};
use diesel::sqlite::{Sqlite, SqliteValue};

use super::{BindSealed, open};
use crate::cipher::Sealed;
use crate::envelope::Container;
use crate::plaintext::{FromPlaintext, offset};
use crate::sql::{EncryptedSqlType, ReadEncrypted};

super::write_encrypted! { Sqlite }

impl BindSealed for Sqlite {
    fn bind(sealed: Sealed, out: &mut Output<'_, '_, Self>) -> serialize::Result {
        match sealed {
            Sealed::Text(envelope) => out.set_value(envelope),
            Sealed::Bytes(envelope) => out.set_value(envelope),
        }
        Ok(IsNull::No)
    }
}

impl<ST: EncryptedSqlType, V: FromPlaintext> ReadEncrypted<ST, V> for Sqlite {
    fn read(mut stored: SqliteValue<'_, '_, '_>) -> deserialize::Result<V> {
        // SQLite does not check that text is UTF-8, and Diesel replaces invalid bytes with U+FFFD. So text that is not
        // ASCII is read as bytes. Envelopes are ASCII, and need no copy.
        if ST::CONTAINER == Container::Text {
            let text = stored.read_text();
            if text.is_ascii() {
                return open::<ST, V>(text.as_bytes()).or_else(|error| in_utc(text, error));
            }
        }
        open::<ST, V>(stored.read_blob())
    }
}

/// Reads plaintext that SQLite's own functions wrote: a date and time in UTC, without an offset.
fn in_utc<V: FromPlaintext>(text: &str, error: Box<dyn Error + Send + Sync>) -> deserialize::Result<V> {
    match (error.downcast_ref(), offset::with_utc(text.as_bytes())) {
        (Some(crate::Error::InvalidPlaintext { .. }), Some(utc)) => V::decode(utc).map_err(|_| error),
        _ => Err(error),
    }
}
