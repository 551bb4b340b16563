/// How plaintext in an encrypted column is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaintextPolicy {
    /// Reading it fails with [`Error::NotEncrypted`](crate::Error::NotEncrypted).
    #[default]
    Refuse,

    /// It is read as plaintext, counted, and logged as a warning. Writing still encrypts.
    ///
    /// Use it while an application adopts encryption. A value that begins like an envelope but does not decrypt
    /// remains an error.
    ///
    /// # Security
    ///
    /// Anyone who can write to the database can replace a ciphertext with plaintext, and it is believed. Go back
    /// to `Refuse` once the last row is encrypted.
    ///
    /// A value that begins like an envelope is taken for one, no matter who wrote it. As long as any release still
    /// writes plaintext into the column, a user can type in a copy of somebody else's envelope of the same
    /// context, such as one from a leaked dump, and is shown the decrypted value. So every release that writes
    /// plaintext must refuse text that begins with `ed` and a digit, such as `ed1:`, and you should look for rows
    /// with such text before you encrypt anything: [how](crate::guide::adoption#release-2-reads-both).
    ///
    /// A search that also compares with plaintext sends the search term to the database in the clear.
    Allow,
}
