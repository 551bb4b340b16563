//! Code for `Indexable`, which assigns values and indexes to columns.

use proc_macro2::TokenStream;
use quote::quote;

use super::generics::where_clause;
use crate::model::Model;

/// An encrypted column, in terms of `self`.
pub(super) struct Column {
    pub(super) value_type: TokenStream,
    pub(super) owned: TokenStream,
    pub(super) borrowed: TokenStream,
}

/// `inputs` has one expression for each index column. `from_values` builds the value from a tuple `values`.
/// `bound` is the bound that these need.
pub(super) fn expand(
    model: &Model<'_>,
    inputs: impl ExactSizeIterator<Item = TokenStream>,
    columns: &[Column],
    from_values: &TokenStream,
    bound: &TokenStream,
) -> TokenStream {
    let Model { name, generics, .. } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let where_clause = where_clause(generics, bound);
    let len = inputs.len();
    let types = columns.iter().map(|column| &column.value_type);
    let ref_types = types.clone();
    let owned = columns.iter().map(|column| &column.owned);
    let borrowed = columns.iter().map(|column| &column.borrowed);
    quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::Indexable for #name #ty_generics #where_clause {
            type Inputs = [::std::option::Option<::encrypted_diesel::IndexInput>; #len];
            type Values = (#(#types,)*);
            type ValueRefs<'__ref> = (#(&'__ref #ref_types,)*) where Self: '__ref;

            fn inputs(&self) -> ::std::result::Result<Self::Inputs, ::encrypted_diesel::Error> {
                ::std::result::Result::Ok([#(#inputs?,)*])
            }

            fn into_values(self) -> Self::Values {
                (#(#owned,)*)
            }

            fn value_refs(&self) -> Self::ValueRefs<'_> {
                (#(#borrowed,)*)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::FromValues for #name #ty_generics #where_clause {
            fn from_values(values: Self::Values) -> Self {
                #from_values
            }
        }
    }
}
