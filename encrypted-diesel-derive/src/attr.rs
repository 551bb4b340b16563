//! Parses `#[encrypted(…)]` into settings, and keeps their spans.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Error, LitStr, Result, Token, TypePath, bracketed};

use crate::errors::Errors;
use crate::index::Index;

/// The settings of one type.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) context: Option<LitStr>,
    pub(crate) previous_contexts: Option<Vec<LitStr>>,
    pub(crate) sql_types: Vec<TypePath>,
    pub(crate) text: Option<Span>,
    pub(crate) json: Option<Span>,
    /// In source order, which is the order of their columns.
    pub(crate) indexes: Vec<Index>,
    /// Whether some settings could not be parsed, so that one that seems missing may be there.
    pub(crate) incomplete: bool,
}

impl Settings {
    /// Parses all settings, and adds mistakes to `errors`.
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut settings = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("encrypted")) {
            // Parsing stops at a setting that cannot be parsed, but continues after one with a wrong value.
            let parsed = attribute.parse_nested_meta(|meta| settings.parse_one(&meta, errors));
            settings.incomplete |= parsed.is_err();
            errors.take(parsed);
        }
        settings
    }

    fn parse_one(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> Result<()> {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let span = meta.path.span();
        match name.as_str() {
            "context" => {
                let context = meta.value()?.parse::<LitStr>().map_err(|error| {
                    Error::new(
                        error.span(),
                        "the context must be a string\nhelp: write `context = \"patients.ssn\"`",
                    )
                })?;
                errors.set_once(&mut self.context, context, span, &name);
            }
            "previous_contexts" => {
                let list = parse_list(meta).map_err(|error| {
                    Error::new(
                        error.span(),
                        "previous contexts must be a list of strings\n\
                         help: write `previous_contexts = [\"patient.ssn\"]`",
                    )
                })?;
                errors.set_once(&mut self.previous_contexts, list, span, &name);
            }
            "sql_type" => {
                self.sql_types.push(meta.value()?.parse::<TypePath>().map_err(|error| {
                    Error::new(
                        error.span(),
                        "`sql_type` must be the path of a type\n\
                         help: write `sql_type = encrypted_diesel::sql_types::EncryptedText`",
                    )
                })?);
            }
            "text" => errors.set_once(&mut self.text, span, span, &name),
            "json" => errors.set_once(&mut self.json, span, span, &name),
            "index" => {
                let (index, parsed) = Index::parse(meta, errors);
                self.indexes.push(index);
                parsed?;
            }
            _ => {
                return Err(Error::new(
                    span,
                    "unknown setting\n\
                     help: use `context`, `previous_contexts`, `sql_type`, `text`, `json` or `index`",
                ));
            }
        }
        Ok(())
    }
}

fn parse_list(meta: &ParseNestedMeta<'_>) -> Result<Vec<LitStr>> {
    let list;
    let stream = meta.value()?;
    bracketed!(list in stream);
    Ok(Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?.into_iter().collect())
}
