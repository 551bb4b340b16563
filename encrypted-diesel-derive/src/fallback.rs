//! The code of a type that is not as it should be: the errors, and impls that compile, so that one
//! mistake gives one message and not one at each use of the type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error};

use crate::expand;
use crate::model::{Form, Model};

pub(crate) fn expand(input: &DeriveInput, errors: &Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let stand_in = expand::expand(&Model {
        name: &input.ident,
        generics: &input.generics,
        form: Form::Unknown,
        context: None,
        previous_contexts: None,
        sql_types: Vec::new(),
    });
    quote!(#errors #stand_in)
}
