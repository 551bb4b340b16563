//! The derive macro of [encrypted-diesel](https://docs.rs/encrypted-diesel), which re-exports and
//! documents it. Do not depend on this crate directly.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attr;
mod compound;
mod errors;
mod expand;
mod fallback;
mod index;
mod model;
mod normalizer;
mod valid;

/// Makes a type a value of encrypted columns: see `encrypted_diesel::Encrypted`.
#[proc_macro_derive(Encrypted, attributes(encrypted))]
pub fn derive_encrypted(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let (model, errors) = model::Model::new(&input);
    match errors.finish() {
        Ok(()) => expand::expand(&model).into(),
        Err(errors) => fallback::expand(model, &errors).into(),
    }
}
