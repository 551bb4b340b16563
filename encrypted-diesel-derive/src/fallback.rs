//! Code for a type with mistakes: the errors, and impls that compile, so that one mistake gives one
//! message instead of one at each use of the type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

use crate::expand;
use crate::index::Index;
use crate::model::{Form, Kind, Model};

pub(crate) fn expand(model: Model<'_>, errors: &Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let kind = match model.kind {
        Kind::Value { .. } => Kind::Value { form: Form::Unknown, sql_types: Vec::new() },
        compound @ Kind::Compound(_) => compound,
    };
    let indexes = model.indexes.into_iter().map(Index::stand_in).collect();
    let stand_in = expand::expand(&Model { kind, indexes, ..model });
    quote!(#errors #stand_in)
}
