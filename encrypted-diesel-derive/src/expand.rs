//! The code of a type that is as it should be.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics};

use crate::model::{Form, Model};

pub(crate) fn expand(model: &Model<'_>) -> TokenStream {
    let plaintext = plaintext(model);
    let debug = debug(model);
    let columns = columns(model);
    quote! {
        const _: () = {
            #plaintext
            #debug
            #columns
        };
    }
}

/// `Plaintext` and `FromPlaintext`.
fn plaintext(model: &Model<'_>) -> TokenStream {
    let Model { name, generics, form, context, previous_contexts, sql_types: _ } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let Parts { encode, decode, write_bound, read_bound, inherited } = parts(form);
    let write_where = where_clause(generics, &write_bound);
    let read_where = where_clause(generics, &read_bound);

    // A context of its own does not go with the previous ones of the field.
    let context_item = match context {
        Some(context) => Some(quote!(const CONTEXT: &'static str = #context;)),
        None => inherited.as_ref().map(
            |field| quote!(const CONTEXT: &'static str = <#field as ::encrypted_diesel::Plaintext>::CONTEXT;),
        ),
    };
    let previous_item = match (previous_contexts, context, inherited) {
        (Some(previous), _, _) => {
            Some(quote!(const PREVIOUS_CONTEXTS: &'static [&'static str] = &[#(#previous),*];))
        }
        (None, None, Some(field)) => Some(quote! {
            const PREVIOUS_CONTEXTS: &'static [&'static str] =
                <#field as ::encrypted_diesel::Plaintext>::PREVIOUS_CONTEXTS;
        }),
        _ => None,
    };

    quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::Plaintext for #name #ty_generics #write_where {
            #context_item
            #previous_item
            #encode
        }

        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::FromPlaintext for #name #ty_generics #read_where {
            fn decode(
                plaintext: ::encrypted_diesel::Zeroizing<::std::vec::Vec<u8>>,
            ) -> ::std::result::Result<Self, ::encrypted_diesel::Error> {
                #decode
            }
        }
    }
}

/// What depends on the plaintext form.
struct Parts {
    /// The methods of `Plaintext`.
    encode: TokenStream,
    /// The body of `decode`.
    decode: TokenStream,
    write_bound: TokenStream,
    read_bound: TokenStream,
    /// The type whose contexts hold where no others are set.
    inherited: Option<TokenStream>,
}

fn parts(form: &Form<'_>) -> Parts {
    let signature = quote! {
        fn encode(
            &self,
            out: &mut ::encrypted_diesel::PlaintextWriter,
        ) -> ::std::result::Result<(), ::encrypted_diesel::Error>
    };
    match form {
        Form::Field { member, field_type } => {
            // Spanned at the field's type, which is what the user mends if it has no plaintext form.
            let span = field_type.span();
            let write = quote_spanned!(span=> <#field_type as ::encrypted_diesel::Plaintext>);
            let read = quote_spanned!(span=> <#field_type as ::encrypted_diesel::FromPlaintext>);
            Parts {
                encode: quote! {
                    #signature {
                        #write::encode(&self.#member, out)
                    }

                    fn size_hint(&self) -> usize {
                        #write::size_hint(&self.#member)
                    }

                    fn wipe(&mut self) {
                        #write::wipe(&mut self.#member)
                    }
                },
                decode: quote! {
                    #read::decode(plaintext).map(|value| Self { #member: value })
                },
                write_bound: quote!(#field_type: ::encrypted_diesel::Plaintext),
                read_bound: quote!(#field_type: ::encrypted_diesel::FromPlaintext),
                inherited: Some(field_type.to_token_stream()),
            }
        }
        Form::Text(span) => {
            let write = quote_spanned!(*span=> ::encrypted_diesel::private::encode_display::<Self>);
            let read = quote_spanned!(*span=> ::encrypted_diesel::private::decode_from_str::<Self>);
            Parts {
                encode: quote!(#signature { #write(self, out) }),
                decode: quote!(#read(&plaintext)),
                write_bound: quote!(Self: ::std::fmt::Display),
                read_bound: quote!(Self: ::std::fmt::Display + ::std::str::FromStr),
                inherited: None,
            }
        }
        Form::Json(span) => {
            let write = quote_spanned!(*span=> ::encrypted_diesel::private::encode_json::<Self>);
            let read = quote_spanned!(*span=> ::encrypted_diesel::private::decode_json::<Self>);
            Parts {
                encode: quote!(#signature { #write(self, out) }),
                decode: quote!(#read(&plaintext)),
                write_bound: quote!(Self: ::encrypted_diesel::private::Serialize),
                read_bound: quote! {
                    Self: ::encrypted_diesel::private::Serialize + ::encrypted_diesel::private::DeserializeOwned
                },
                inherited: None,
            }
        }
        Form::Unknown => Parts {
            encode: quote!(#signature { ::std::unreachable!() }),
            decode: quote!(::std::unreachable!()),
            write_bound: TokenStream::new(),
            read_bound: TokenStream::new(),
            inherited: None,
        },
    }
}

/// The type's own `where` with `bound`, which only a generic type needs: for all others, rustc says
/// what is missing where it is used, and says it once.
fn where_clause(generics: &Generics, bound: &TokenStream) -> TokenStream {
    let own = own_predicates(generics);
    let bound = (!generics.params.is_empty()).then_some(bound);
    quote!(where #own #bound)
}

fn own_predicates(generics: &Generics) -> TokenStream {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    quote!(#(#predicates,)*)
}

/// A `Debug` that shows the type and no more.
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

/// Everything of Diesel, by the macro that the crate's own values are made with.
fn columns(model: &Model<'_>) -> TokenStream {
    let Model { name, generics, sql_types, .. } = model;
    let (_, ty_generics, _) = generics.split_for_impl();
    let params = generics.params.iter().map(without_default);
    let own = own_predicates(generics);
    let bound =
        (!generics.params.is_empty()).then(|| quote!(#name #ty_generics: ::encrypted_diesel::Plaintext,));
    let sql_types = if sql_types.is_empty() { quote!(all) } else { quote!([#(#sql_types),*]) };
    quote! {
        ::encrypted_diesel::private::encrypted_value! {
            [#(#params,)*] #name #ty_generics, [#own #bound]: #sql_types
        }
    }
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
