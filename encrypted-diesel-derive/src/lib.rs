//! The derive macro of [encrypted-diesel](https://docs.rs/encrypted-diesel), which re-exports and
//! documents it. Do not depend on this crate directly.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attr;
mod expand;
mod fallback;
mod model;

/// Makes a type the value of encrypted columns: see `encrypted_diesel::Encrypted`.
#[proc_macro_derive(Encrypted, attributes(encrypted))]
pub fn derive_encrypted(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match model::Model::new(&input) {
        Ok(model) => expand::expand(&model).into(),
        Err(errors) => fallback::expand(&input, &errors).into(),
    }
}
