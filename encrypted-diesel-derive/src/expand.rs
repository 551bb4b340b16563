//! Generates the code of a valid type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::TypePath;

use self::generics::{may_fail, own_predicates, params};
use crate::model::{Form, Kind, Model};

mod compound;
mod generics;
mod index;
mod indexable;
mod plaintext;

pub(crate) fn expand(model: &Model<'_>) -> TokenStream {
    let debug = debug(model);
    let kind = match &model.kind {
        Kind::Value { form, sql_types } => {
            let plaintext = plaintext::expand(model, form);
            let canonical = canonical(model, form);
            let has_context = has_context(model, form);
            let index = index::expand(model, form);
            let columns = columns(model, sql_types);
            quote!(#plaintext #canonical #has_context #index #columns)
        }
        Kind::Compound(parts) => compound::expand(model, parts),
    };
    quote! {
        const _: () = {
            #debug
            #kind
        };
    }
}

/// A type is canonical if its field is. JSON from serde never counts as canonical.
fn canonical(model: &Model<'_>, form: &Form<'_>) -> Option<TokenStream> {
    let Model { name, generics, .. } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let own = own_predicates(generics);
    let bound = match form {
        Form::Field { field_type, .. } => {
            may_fail(&quote!(#field_type: ::encrypted_diesel::private::Canonical))
        }
        Form::Text(_) | Form::Unknown => TokenStream::new(),
        Form::Json(_) => return None,
    };
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::private::Canonical for #name #ty_generics where #own #bound {}
    })
}

/// A type has a context if one is set, or if its field's type has one.
fn has_context(model: &Model<'_>, form: &Form<'_>) -> Option<TokenStream> {
    let Model { name, generics, context, .. } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let own = own_predicates(generics);
    let bound = match (context, form) {
        (Some(_), _) | (None, Form::Unknown) => TokenStream::new(),
        (None, Form::Field { field_type, .. }) => {
            may_fail(&quote!(#field_type: ::encrypted_diesel::private::HasContext))
        }
        (None, Form::Text(_) | Form::Json(_)) => return None,
    };
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::private::HasContext for #name #ty_generics where #own #bound {}
    })
}

/// A `Debug` that shows only the type's name.
fn debug(model: &Model<'_>) -> TokenStream {
    let Model { name, generics, .. } = model;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let shown = format!("{name}([REDACTED])");
    quote! {
        #[automatically_derived]
        impl #impl_generics ::std::fmt::Debug for #name #ty_generics #where_clause {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(#shown)
            }
        }
    }
}

/// All Diesel impls, from the macro that the library uses for its own values.
fn columns(model: &Model<'_>, sql_types: &[TypePath]) -> TokenStream {
    let Model { name, generics, indexes, .. } = model;
    let (_, ty_generics, _) = generics.split_for_impl();
    let params = params(generics);
    let own = own_predicates(generics);
    let bound = (!generics.params.is_empty())
        .then(|| quote!(#name #ty_generics: ::encrypted_diesel::private::Plaintext,));
    let alone = (!indexes.is_empty())
        .then(|| may_fail(&quote!(#name #ty_generics: ::encrypted_diesel::private::WrittenAlone)));
    let sql_types = if sql_types.is_empty() { quote!(all) } else { quote!([#(#sql_types),*]) };
    quote! {
        ::encrypted_diesel::private::encrypted_value! {
            [#params] #name #ty_generics, [#own #bound], [#alone]: #sql_types
        }
    }
}
