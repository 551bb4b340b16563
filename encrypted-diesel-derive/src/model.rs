//! What a type is, once its shape and its settings have been found to fit.

use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Generics, Ident, LitStr, Member, Result, Type, TypePath};

use crate::attr::{Errors, Settings};

pub(crate) struct Model<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) form: Form<'a>,
    pub(crate) context: Option<LitStr>,
    pub(crate) previous_contexts: Option<Vec<LitStr>>,
    /// All of them, if empty.
    pub(crate) sql_types: Vec<TypePath>,
}

/// Where the plaintext form comes from.
pub(crate) enum Form<'a> {
    /// The only field.
    Field { member: Member, field_type: &'a Type },
    /// `Display` and `FromStr`; the span is the attribute's.
    Text(proc_macro2::Span),
    /// serde; the span is the attribute's.
    Json(proc_macro2::Span),
    /// None, since the type has errors: its code is never run.
    Unknown,
}

impl<'a> Model<'a> {
    pub(crate) fn new(input: &'a DeriveInput) -> Result<Self> {
        let mut errors = Errors::default();
        let settings = Settings::parse(&input.attrs, &mut errors);
        refuse_inner_attributes(&input.data, &mut errors);
        check_contexts(&settings, &mut errors);
        let form = form(input, &settings, &mut errors);
        let Settings { context, previous_contexts, sql_types, text: _, json: _ } = settings;

        let model = form.map(|form| Self {
            name: &input.ident,
            generics: &input.generics,
            form,
            context,
            previous_contexts,
            sql_types,
        });
        // Where there is no form, an error says why.
        errors.finish(model)?.ok_or_else(|| syn::Error::new(input.ident.span(), "not a value"))
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
             or `#[encrypted(text)]` to use `Display` and `FromStr`",
        );
        return None;
    }
    let member = field.ident.clone().map_or(Member::from(0), Member::from);
    Some(Form::Field { member, field_type: &field.ty })
}

fn check_contexts(settings: &Settings, errors: &mut Errors) {
    if let Some(context) = settings.context.as_ref().filter(|context| context.value().is_empty()) {
        errors.add(
            context.span(),
            "a context is not empty\nhelp: name the table and the column, as `context = \"patients.ssn\"`",
        );
    }
    let mut known: Vec<String> = settings.context.iter().map(LitStr::value).collect();
    for previous in settings.previous_contexts.iter().flatten() {
        if known.contains(&previous.value()) {
            errors.add(previous.span(), "this context is there already\nhelp: remove it");
        }
        known.push(previous.value());
    }
}

/// `#[encrypted]` is for the type; on a field or a variant it would be ignored in silence.
fn refuse_inner_attributes(data: &Data, errors: &mut Errors) {
    let mut refuse = |attributes: &[Attribute]| {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("encrypted")) {
            errors.add(
                attribute.span(),
                "`#[encrypted]` belongs to the whole type\nhelp: move it above the type",
            );
        }
    };
    match data {
        Data::Struct(data) => data.fields.iter().for_each(|field| refuse(&field.attrs)),
        Data::Union(data) => data.fields.named.iter().for_each(|field| refuse(&field.attrs)),
        Data::Enum(data) => data.variants.iter().for_each(|variant| {
            refuse(&variant.attrs);
            variant.fields.iter().for_each(|field| refuse(&field.attrs));
        }),
    }
}
