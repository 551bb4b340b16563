//! Type parameters and bounds for impls.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics};

/// The type's own `where` clause, with `bound` if the type is generic. For other types, rustc reports a
/// missing impl where it is used, and only once.
pub(super) fn where_clause(generics: &Generics, bound: &TokenStream) -> TokenStream {
    let own = own_predicates(generics);
    let bound = (!generics.params.is_empty()).then_some(bound);
    quote!(where #own #bound)
}

pub(super) fn own_predicates(generics: &Generics) -> TokenStream {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    quote!(#(#predicates,)*)
}

/// A bound that may be false, and then disables only its own impl. rustc rejects a bound that it can see is
/// false, but not one quantified over an unused lifetime.
pub(super) fn may_fail(bound: &TokenStream) -> TokenStream {
    quote!(for<'__any> #bound,)
}

/// The parameters, as written between `impl<` and `>`.
pub(super) fn params(generics: &Generics) -> TokenStream {
    let params = generics.params.iter().map(without_default);
    quote!(#(#params,)*)
}

/// One parameter, as written between `impl<` and `>`.
fn without_default(param: &GenericParam) -> TokenStream {
    match param {
        GenericParam::Lifetime(param) => {
            let (lifetime, colon, bounds) = (&param.lifetime, &param.colon_token, &param.bounds);
            quote!(#lifetime #colon #bounds)
        }
        GenericParam::Type(param) => {
            let (name, colon, bounds) = (&param.ident, &param.colon_token, &param.bounds);
            quote!(#name #colon #bounds)
        }
        GenericParam::Const(param) => {
            let (name, ty) = (&param.ident, &param.ty);
            quote!(const #name: #ty)
        }
    }
}
