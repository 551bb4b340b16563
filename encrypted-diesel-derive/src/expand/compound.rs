//! Code for a struct whose fields each have a column, with one index over all of them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::generics::{own_predicates, params};
use super::index::{index_of, own_index, term};
use super::indexable::{self, Column};
use crate::compound::Part;
use crate::model::Model;

pub(super) fn expand(model: &Model<'_>, parts: &[Part<'_>]) -> TokenStream {
    let term = own_index(model).map(|own| term(model, own));
    let inputs = parts.iter().map(|part| input(part, &quote!(value)));
    let digested = quote! {
        ::std::result::Result::Ok(<Self as ::encrypted_diesel::IndexTerm>::INDEX.compound([#(#inputs?,)*]))
    };
    let index_of = index_of(model, None, &bound(parts), &digested);
    let indexable = indexable(model, parts);
    let queryable = queryable(model, parts);
    quote!(#term #index_of #indexable #queryable)
}

/// The index input for a field of `value`.
fn input(part: &Part<'_>, value: &TokenStream) -> TokenStream {
    let Part { member, field_type, .. } = part;
    // Spanned at the field's type, because that is what the user must fix if it has no index.
    let index_part =
        quote_spanned!(field_type.span()=> <#field_type as ::encrypted_diesel::private::IndexPart>);
    quote!(#index_part::input(&#value.#member))
}

fn bound(parts: &[Part<'_>]) -> TokenStream {
    let types = parts.iter().map(|part| part.field_type);
    quote!(#(#types: ::encrypted_diesel::private::IndexPart,)*)
}

fn indexable(model: &Model<'_>, parts: &[Part<'_>]) -> TokenStream {
    let mut inputs = vec![quote!(<Self as ::encrypted_diesel::IndexOf<Self>>::input(self))];
    inputs.extend(parts.iter().filter(|part| part.indexed).map(|part| input(part, &quote!(self))));
    let columns: Vec<_> = parts
        .iter()
        .map(|Part { member, field_type, .. }| Column {
            value_type: quote!(#field_type),
            owned: quote!(self.#member),
            borrowed: quote!(&self.#member),
        })
        .collect();
    let members = parts.iter().map(|part| &part.member);
    let values = (0..parts.len()).map(syn::Index::from);
    let from_values = quote!(Self { #(#members: values.#values,)* });
    indexable::expand(model, inputs.into_iter(), &columns, &from_values, &bound(parts))
}

/// Reads one column for each field, as Diesel's own derive does.
fn queryable(model: &Model<'_>, parts: &[Part<'_>]) -> TokenStream {
    let Model { name, generics, .. } = model;
    let (_, ty_generics, _) = generics.split_for_impl();
    let (params, own) = (params(generics), own_predicates(generics));
    let sql_types: Vec<_> = (0..parts.len()).map(|part| format_ident!("__ST{part}")).collect();
    let types: Vec<_> = parts.iter().map(|part| part.field_type).collect();
    let members = parts.iter().map(|part| &part.member);
    let values = (0..parts.len()).map(syn::Index::from);
    quote! {
        #[automatically_derived]
        impl<#params __DB, #(#sql_types),*>
            ::encrypted_diesel::private::diesel::deserialize::Queryable<(#(#sql_types,)*), __DB>
            for #name #ty_generics
        where
            #own
            __DB: ::encrypted_diesel::private::diesel::backend::Backend,
            (#(#types,)*):
                ::encrypted_diesel::private::diesel::deserialize::FromStaticSqlRow<(#(#sql_types,)*), __DB>,
        {
            type Row = (#(#types,)*);

            fn build(row: Self::Row) -> ::encrypted_diesel::private::diesel::deserialize::Result<Self> {
                ::std::result::Result::Ok(Self { #(#members: row.#values,)* })
            }
        }
    }
}
