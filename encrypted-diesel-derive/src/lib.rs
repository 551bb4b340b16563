//! The derive macro of [encrypted-diesel](https://docs.rs/encrypted-diesel), which re-exports and
//! documents it. Do not depend on this crate directly.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attr;
mod expand;
mod fallback;
mod model;

/// Makes a type the value of encrypted columns.
///
/// ```
/// use encrypted_diesel::Encrypted;
///
/// #[derive(Encrypted)]
/// #[encrypted(context = "patients.ssn")]
/// struct Ssn(String);
/// ```
///
/// The type can then stand in a model wherever the column is an `EncryptedText`, `EncryptedVarchar`
/// or `EncryptedBinary`, nullable or not: the derive implements Diesel's `ToSql`, `FromSql`,
/// `AsExpression` (for the value and for references to it) and `Queryable`, this crate's
/// [`Plaintext`] and [`FromPlaintext`], and a `Debug` that shows `[REDACTED]`. A type that derives
/// `Debug` as well does not compile.
///
/// # What it takes
///
/// | type | plaintext form |
/// |---|---|
/// | a struct of one field, generic or not | the field's |
/// | any type with `#[encrypted(text)]` | what `Display` shows, read by `FromStr` |
/// | any type with `#[encrypted(json)]` | its JSON by serde (feature `serde_json`) |
///
/// A struct around a borrowed value can be written, not read.
///
/// ```
/// use encrypted_diesel::{Encrypted, EncryptedText};
/// use serde::{Deserialize, Serialize};
///
/// /// Wiped when it is dropped, as its field is.
/// #[derive(Encrypted, Clone, PartialEq)]
/// struct Diagnosis { text: EncryptedText }
///
/// #[derive(Encrypted, Serialize, Deserialize)]
/// #[encrypted(json, context = "patients.insurance")]
/// struct Insurance { company: String, number: u64 }
///
/// /// For inserts that need no owned copy.
/// #[derive(Encrypted, Clone, Copy)]
/// #[encrypted(context = "patients.ssn")]
/// struct SsnRef<'a>(&'a str);
/// ```
///
/// # Attributes
///
/// All stand in `#[encrypted(…)]` on the type.
///
/// - `context = "patients.ssn"`: where the value belongs. A ciphertext that is moved to a column of
///   another context does not open. Frozen with the first value written; independent of the names of
///   Rust and SQL. Without it, a struct has its field's context, and any other type the empty one.
/// - `previous_contexts = ["patient.ssn", ""]`: contexts under which older values were written. They
///   still open; new values have the current one.
/// - `sql_type = encrypted_diesel::sql_types::EncryptedText`: the columns that the type fits, once for
///   each. Without it, all.
/// - `text`, `json`: the plaintext form, as above.
///
/// # Security
///
/// A type is wiped on drop only if its fields are: hold an `EncryptedText` in place of a `String`.
///
/// [`Plaintext`]: https://docs.rs/encrypted-diesel/latest/encrypted_diesel/trait.Plaintext.html
/// [`FromPlaintext`]: https://docs.rs/encrypted-diesel/latest/encrypted_diesel/trait.FromPlaintext.html
#[proc_macro_derive(Encrypted, attributes(encrypted))]
pub fn derive_encrypted(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match model::Model::new(&input) {
        Ok(model) => expand::expand(&model).into(),
        Err(errors) => fallback::expand(&input, &errors).into(),
    }
}
