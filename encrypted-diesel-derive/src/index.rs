//! Parses `index(…)`, which defines one blind index.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, LitInt, Result, Token, TypePath, parenthesized, token};

use crate::errors::Errors;
use crate::normalizer::Normalizer;

pub(crate) enum Index {
    /// The type's own.
    Own(OwnIndex),
    /// An index that the named type defines.
    By(TypePath),
}

pub(crate) struct OwnIndex {
    pub(crate) span: Span,
    pub(crate) bits: Option<LitInt>,
    /// The span is that of the word `normalize`.
    pub(crate) normalizers: Option<(Span, Punctuated<Normalizer, Token![,]>)>,
}

impl Index {
    /// Returns the part that could be parsed, and the error that stopped parsing.
    pub(crate) fn parse(meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> (Self, Result<()>) {
        let mut own = OwnIndex { span: meta.path.span(), bits: None, normalizers: None };
        let mut by = None;
        let parsed = if meta.input.peek(token::Paren) {
            meta.parse_nested_meta(|meta| parse_one(&meta, &mut own, &mut by, errors))
        } else {
            Ok(())
        };
        let Some((span, by)) = by else { return (Self::Own(own), parsed) };
        if own.bits.is_some() || own.normalizers.is_some() {
            errors.add(
                span,
                "`by` cannot be combined with other settings: that type defines the index\n\
                 help: remove the other settings, or move them to the `index(…)` of that type",
            );
        }
        (Self::By(by), parsed)
    }

    /// Drops the settings that may be wrong.
    pub(crate) fn stand_in(self) -> Self {
        match self {
            Self::Own(own) => Self::Own(OwnIndex { bits: None, normalizers: None, ..own }),
            by @ Self::By(_) => by,
        }
    }

    /// The type that defines the index, as named in an impl for the value's type.
    pub(crate) fn type_path(&self) -> TokenStream {
        match self {
            Self::Own(_) => quote!(Self),
            Self::By(by) => by.to_token_stream(),
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Own(own) => own.span,
            Self::By(by) => by.span(),
        }
    }

    pub(crate) fn own(&self) -> Option<&OwnIndex> {
        match self {
            Self::Own(own) => Some(own),
            Self::By(_) => None,
        }
    }
}

fn parse_one(
    meta: &ParseNestedMeta<'_>,
    own: &mut OwnIndex,
    by: &mut Option<(Span, TypePath)>,
    errors: &mut Errors,
) -> Result<()> {
    let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
    let span = meta.path.span();
    match name.as_str() {
        "normalize" => {
            let list;
            parenthesized!(list in meta.input);
            let normalizers = Punctuated::<Normalizer, _>::parse_terminated(&list)?;
            normalizers.iter().for_each(|normalizer| normalizer.check(errors));
            if normalizers.is_empty() {
                errors.add(
                    span,
                    "`normalize` is empty\nhelp: write `normalize(trim, lowercase)`, or remove it",
                );
            }
            errors.set_once(&mut own.normalizers, (span, normalizers), span, &name);
        }
        "bits" => {
            let help = "a blind index must have 8 to 256 bits\nhelp: write a number, such as `bits = 32`";
            let bits: LitInt = meta.value()?.parse().map_err(|error| Error::new(error.span(), help))?;
            if !bits.base10_parse::<u16>().is_ok_and(|bits| (8..=256).contains(&bits)) {
                errors.add(bits.span(), help);
            }
            errors.set_once(&mut own.bits, bits, span, &name);
        }
        "by" => {
            let index = meta.value()?.parse::<TypePath>().map_err(|error| {
                Error::new(
                    error.span(),
                    "`by` must be the path of a type\nhelp: write `index(by = LastFour)`",
                )
            })?;
            errors.set_once(by, (span, index), span, &name);
        }
        _ => {
            return Err(Error::new(span, "unknown index setting\nhelp: use `normalize`, `bits` or `by`"));
        }
    }
    Ok(())
}
