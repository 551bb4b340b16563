use diesel::backend::Backend;
use diesel::serialize::{self, Output};

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

/// A backend that can hold encrypted columns: how an envelope gets into a bind, and out of a row.
///
/// The features `sqlite`, `postgres` and `mysql` implement it for Diesel's backends.
#[diagnostic::on_unimplemented(
    message = "encrypted columns do not know the backend `{Self}`",
    note = "enable the feature of encrypted-diesel that is named for it: `sqlite`, `postgres` or `mysql`"
)]
pub trait EncryptedBackend: Backend {
    /// Binds a text envelope.
    ///
    /// # Errors
    ///
    /// The backend's own.
    fn write_text(envelope: String, out: &mut Output<'_, '_, Self>) -> serialize::Result;

    /// Binds a byte envelope.
    ///
    /// # Errors
    ///
    /// The backend's own.
    fn write_bytes(envelope: Vec<u8>, out: &mut Output<'_, '_, Self>) -> serialize::Result;

    /// Shows the bytes of a text column's value to `read`.
    fn read_text<R>(stored: Self::RawValue<'_>, read: impl FnOnce(&[u8]) -> R) -> R;

    /// Shows the bytes of a binary column's value to `read`.
    fn read_bytes<R>(stored: Self::RawValue<'_>, read: impl FnOnce(&[u8]) -> R) -> R;
}
