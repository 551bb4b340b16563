//! Code for `IndexTerm` and `IndexOf`, which define an index and its input.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::TypePath;
use syn::spanned::Spanned;

use super::generics::{may_fail, where_clause};
use super::indexable::{self, Column};
use crate::index::{Index, OwnIndex};
use crate::model::{Form, Model};
use crate::normalizer::Normalizer;

/// The indexes of a value, if it has any.
pub(super) fn expand(model: &Model<'_>, form: &Form<'_>) -> Option<TokenStream> {
    if model.indexes.is_empty() {
        return None;
    }
    let own = own_index(model).map(|own| {
        let term = term(model, own);
        let index_of = index_of_itself(model, form, own);
        quote!(#term #index_of)
    });
    let others = model.indexes.iter().filter_map(|index| match index {
        Index::Own(_) => None,
        Index::By(by) => Some(index_of_another(model, by)),
    });

    let indexes: Vec<_> = model.indexes.iter().map(Index::type_path).collect();
    let inputs =
        indexes.iter().map(|index| quote!(<#index as ::encrypted_diesel::IndexOf<Self>>::input(self)));
    let column = Column { value_type: quote!(Self), owned: quote!(self), borrowed: quote!(self) };
    let bound = quote!(#(#indexes: ::encrypted_diesel::IndexOf<Self>,)*);
    let indexable = indexable::expand(model, inputs, &[column], &quote!(values.0), &bound);
    Some(quote! {
        #own
        #(#others)*
        #indexable
    })
}

/// The type's own index. A second one is already an error.
pub(super) fn own_index<'a>(model: &'a Model<'_>) -> Option<&'a OwnIndex> {
    model.indexes.iter().find_map(Index::own)
}

pub(super) fn term(model: &Model<'_>, own: &OwnIndex) -> TokenStream {
    let Model { name, generics, context, previous_contexts, .. } = model;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    // A missing context is already an error.
    let context = context.as_ref().map_or(quote!(""), ToTokens::to_token_stream);
    let previous =
        previous_contexts.as_ref().map(|previous| quote!(.with_previous_contexts(&[#(#previous),*])));
    let bits = own.bits.as_ref().map(|bits| quote!(.with_bits(#bits)));
    let normalizers = own.normalizers.as_ref().map(|(_, normalizers)| {
        let normalizers = normalizers.iter().map(normalizer);
        quote!(.with_normalizers(&[#(#normalizers),*]))
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::IndexTerm for #name #ty_generics #where_clause {
            const INDEX: ::encrypted_diesel::IndexSpec =
                ::encrypted_diesel::IndexSpec::new(#context) #previous #bits #normalizers;
        }
    }
}

fn normalizer(normalizer: &Normalizer) -> TokenStream {
    let (variant, argument) = match normalizer {
        Normalizer::Plain(variant) => (variant, None),
        Normalizer::Chars(variant, chars) => (variant, Some(chars.to_token_stream())),
        Normalizer::With(function) => (&"With", Some(function.to_token_stream())),
    };
    let variant = format_ident!("{variant}");
    let argument = argument.map(|argument| quote!((#argument)));
    quote!(::encrypted_diesel::Normalizer::#variant #argument)
}

fn index_of_itself(model: &Model<'_>, form: &Form<'_>, own: &OwnIndex) -> TokenStream {
    // Equal values must give equal input. The built-in normalizers ensure that only for forms of text. A
    // function may ensure it for any form.
    let needed = match (form, &own.normalizers) {
        (Form::Field { field_type, .. }, None) => {
            Some((field_type, quote!(is_canonical), quote!(::encrypted_diesel::Canonical)))
        }
        (Form::Field { field_type, .. }, Some((_, normalizers)))
            if !normalizers.iter().any(|normalizer| matches!(normalizer, Normalizer::With(_))) =>
        {
            let normalizable = quote!(::encrypted_diesel::private::Normalizable);
            Some((field_type, quote!(is_normalizable), normalizable))
        }
        _ => None,
    };
    let (check, needed): (Option<TokenStream>, Option<TokenStream>) = needed
        .map(|(field_type, check, needed)| {
            let span = field_type.span();
            (
                quote_spanned!(span=> ::encrypted_diesel::private::#check::<#field_type>();),
                quote!(#field_type: #needed,),
            )
        })
        .unzip();
    let bound = quote!(Self: ::encrypted_diesel::Plaintext, #needed);
    let digested = digested(Span::call_site());
    index_of(model, None, &bound, &quote!(#check #digested))
}

fn index_of_another(model: &Model<'_>, by: &TypePath) -> TokenStream {
    let Model { name, generics, .. } = model;
    let (_, ty_generics, _) = generics.split_for_impl();
    let bound = quote!(#name #ty_generics: ::encrypted_diesel::Plaintext,);
    index_of(model, Some(by), &bound, &digested(by.span()))
}

/// The normalized plaintext form of `value`.
fn digested(span: Span) -> TokenStream {
    quote_spanned! {span=>
        <Self as ::encrypted_diesel::IndexTerm>::INDEX.input(value).map(::std::option::Option::Some)
    }
}

/// The impl of the type's own index, or of the one that `by` defines. `body` computes the index input for
/// `value`. `bound` ends in a comma.
pub(super) fn index_of(
    model: &Model<'_>,
    by: Option<&TypePath>,
    bound: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let Model { name, generics, .. } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let where_clause = where_clause(generics, bound);
    let index = by.map_or(quote!(#name #ty_generics), ToTokens::to_token_stream);
    let span = by.map_or(Span::call_site(), Spanned::span);
    // If `by` defines no index, rustc reports it where the impl is used, and only once.
    let term = by.map(|by| may_fail(&quote!(#by: ::encrypted_diesel::IndexTerm)));
    quote_spanned! {span=>
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::IndexOf<#name #ty_generics> for #index #where_clause #term {
            fn input(
                value: &#name #ty_generics,
            ) -> ::std::result::Result<
                ::std::option::Option<::encrypted_diesel::IndexInput>,
                ::encrypted_diesel::Error,
            > {
                #body
            }
        }
    }
}
