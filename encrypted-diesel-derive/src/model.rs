//! Builds the model of a type from its shape and its settings, and checks that they fit.

use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Generics, Ident, LitStr, Member, Type, TypePath};

use crate::attr::Settings;
use crate::compound::{self, Part};
use crate::errors::Errors;
use crate::index::Index;
use crate::valid;

pub(crate) struct Model<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) context: Option<LitStr>,
    pub(crate) previous_contexts: Option<Vec<LitStr>>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) kind: Kind<'a>,
}

pub(crate) enum Kind<'a> {
    /// The value of one column. `sql_types` restricts the columns; if it is empty, all fit.
    Value { form: Form<'a>, sql_types: Vec<TypePath> },
    /// The values of several columns, with one index over all of them.
    Compound(Vec<Part<'a>>),
}

/// The source of the plaintext form.
pub(crate) enum Form<'a> {
    /// The only field.
    Field { member: Member, field_type: &'a Type },
    /// `Display` and `FromStr`; the span is the attribute's.
    Text(proc_macro2::Span),
    /// serde; the span is the attribute's.
    Json(proc_macro2::Span),
    /// Unknown, because the type has errors. Its code never runs.
    Unknown,
}

impl<'a> Model<'a> {
    /// Returns the model as far as it can be built, and the mistakes in the type.
    pub(crate) fn new(input: &'a DeriveInput) -> (Self, Errors) {
        let mut errors = Errors::default();
        let settings = Settings::parse(&input.attrs, &mut errors);
        valid::check_contexts(&settings, &mut errors);
        valid::check_indexes(&settings, &mut errors);
        let kind = match compound::fields(input, &settings) {
            Some(fields) => Kind::Compound(compound::parts(fields, &settings, &mut errors)),
            None => {
                valid::refuse_inner_attributes(&input.data, &mut errors);
                let form = form(input, &settings, &mut errors).unwrap_or(Form::Unknown);
                Kind::Value { form, sql_types: settings.sql_types }
            }
        };

        let DeriveInput { ident: name, generics, .. } = input;
        let Settings { context, previous_contexts, indexes, .. } = settings;
        (Self { name, generics, context, previous_contexts, indexes, kind }, errors)
    }
}

fn form<'a>(input: &'a DeriveInput, settings: &Settings, errors: &mut Errors) -> Option<Form<'a>> {
    if let Data::Union(data) = &input.data {
        errors.add(data.union_token.span, "a union has no plaintext form\nhelp: use a struct or an enum");
        return None;
    }
    match (settings.text, settings.json, &input.data) {
        (Some(_), Some(second), _) => {
            errors.add(second, "`text` and `json` are both set\nhelp: remove one");
            None
        }
        (Some(span), None, _) => Some(Form::Text(span)),
        (None, Some(span), _) => Some(Form::Json(span)),
        (None, None, Data::Struct(data)) => only_field(input, data.fields.iter(), errors),
        (None, None, _) => {
            errors.add(
                input.ident.span(),
                "an enum has no plaintext form by itself\n\
                 help: add `#[encrypted(text)]` to use `Display` and `FromStr`, \
                 or `#[encrypted(json)]` to use serde",
            );
            None
        }
    }
}

fn only_field<'a>(
    input: &DeriveInput,
    mut fields: impl Iterator<Item = &'a Field>,
    errors: &mut Errors,
) -> Option<Form<'a>> {
    let Some(field) = fields.next() else {
        errors.add(
            input.ident.span(),
            "a struct without fields has nothing to encrypt\n\
             help: give it one field, or add `#[encrypted(text)]` to use `Display` and `FromStr`",
        );
        return None;
    };
    if let Some(second) = fields.next() {
        errors.add(
            second.span(),
            "a struct of several fields has no plaintext form by itself\n\
             help: keep one field, or add `#[encrypted(json)]` to use serde, \
             or `#[encrypted(text)]` to use `Display` and `FromStr`, \
             or `#[encrypted(index)]` to give each field its own column, and all of them one index",
        );
        return None;
    }
    let member = field.ident.clone().map_or(Member::from(0), Member::from);
    Some(Form::Field { member, field_type: &field.ty })
}
