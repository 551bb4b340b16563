use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::generics::where_clause;
use crate::model::{Form, Model};

/// `Plaintext` and `FromPlaintext`.
pub(super) fn expand(model: &Model<'_>, form: &Form<'_>) -> TokenStream {
    let Model { name, generics, context, previous_contexts, indexes, .. } = model;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let Parts { encode, decode, write_bound, read_bound, inherited } = parts(form);
    let write_where = where_clause(generics, &write_bound);
    let read_where = where_clause(generics, &read_bound);

    // A type with its own context does not inherit the field's previous contexts.
    let context_item = match context {
        Some(context) => Some(quote!(const CONTEXT: &'static str = #context;)),
        None => inherited.as_ref().map(
            |field| quote!(const CONTEXT: &'static str = <#field as ::encrypted_diesel::Plaintext>::CONTEXT;),
        ),
    };
    let previous_item = match (previous_contexts, context, &inherited) {
        (Some(previous), _, _) => {
            Some(quote!(const PREVIOUS_CONTEXTS: &'static [&'static str] = &[#(#previous),*];))
        }
        (None, None, Some(field)) => Some(quote! {
            const PREVIOUS_CONTEXTS: &'static [&'static str] =
                <#field as ::encrypted_diesel::Plaintext>::PREVIOUS_CONTEXTS;
        }),
        _ => None,
    };

    let indexed_item = match (indexes.as_slice(), inherited) {
        ([_, ..], _) => Some(quote!(
            const INDEXED: bool = true;
        )),
        ([], Some(field)) => {
            Some(quote!(const INDEXED: bool = <#field as ::encrypted_diesel::Plaintext>::INDEXED;))
        }
        ([], None) => None,
    };

    quote! {
        #[automatically_derived]
        impl #impl_generics ::encrypted_diesel::Plaintext for #name #ty_generics #write_where {
            #context_item
            #previous_item
            #indexed_item
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

/// The code that depends on the plaintext form.
struct Parts {
    /// The methods of `Plaintext`.
    encode: TokenStream,
    /// The body of `decode`.
    decode: TokenStream,
    write_bound: TokenStream,
    read_bound: TokenStream,
    /// The type whose contexts apply if no others are set.
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
            // Spanned at the field's type, because that is what the user must fix if it has no plaintext form.
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
