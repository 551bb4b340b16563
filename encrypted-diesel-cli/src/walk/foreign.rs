//! Values that another program seems to have encrypted. They are not taken for plaintext unasked.

use encrypted_diesel::maintenance::Dialect;

use crate::database::connection::Session;
use crate::error::Error;
use crate::target::live::LiveColumn;

/// Fails, before the first row is written, with each column whose values look encrypted.
pub(super) fn refuse<C: Session>(columns: &[LiveColumn<C::Backend>], connection: &mut C) -> Result<(), Error>
where
    C::Backend: Dialect,
{
    let mut lines = Vec::new();
    for LiveColumn { name, column, .. } in columns {
        if let Some(looks) = column.looks_encrypted(connection)? {
            lines.push(format!(
                "{name}: most of the values to encrypt look like {looks}: if another program encrypted or hashed them, they \
                 would be encrypted once more, as they are; pass --confirm-foreign if that is what you want"
            ));
        }
    }
    if lines.is_empty() { Ok(()) } else { Err(Error::Refused { findings: lines.join("\n") }) }
}
