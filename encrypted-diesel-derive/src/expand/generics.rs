//! Type parameters and bounds, as they stand in an impl.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics};

/// The type's own `where` with `bound`, which only a generic type needs: for all others, rustc says
/// what is missing where it is used, and says it once.
pub(super) fn where_clause(generics: &Generics, bound: &TokenStream) -> TokenStream {
    let own = own_predicates(generics);
    let bound = (!generics.params.is_empty()).then_some(bound);
    quote!(where #own #bound)
}

pub(super) fn own_predicates(generics: &Generics) -> TokenStream {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    quote!(#(#predicates,)*)
}

/// A bound that may be false, and then holds no code up but its own: over a lifetime that does not
/// occur, rustc does not refuse what it sees to be false.
pub(super) fn may_fail(bound: &TokenStream) -> TokenStream {
    quote!(for<'__any> #bound,)
}

/// The parameters as they stand between `impl<` and `>`.
pub(super) fn params(generics: &Generics) -> TokenStream {
    let params = generics.params.iter().map(without_default);
    quote!(#(#params,)*)
}

/// A parameter as it stands between `impl<` and `>`.
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
