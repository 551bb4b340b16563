//! Checks settings against each other and against the type.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Data, LitStr};

use crate::attr::Settings;
use crate::errors::Errors;
use crate::index::Index;

/// The most value columns, and the most index columns, that `encrypted_diesel::Indexed` supports.
pub(crate) const MAX_COLUMNS: usize = 6;

pub(crate) fn check_contexts(settings: &Settings, errors: &mut Errors) {
    if let Some(context) = settings.context.as_ref().filter(|context| context.value().is_empty()) {
        errors.add(
            context.span(),
            "a context must not be empty\nhelp: name the table and the column, such as `context = \"patients.ssn\"`",
        );
    }
    let mut known: Vec<String> = settings.context.iter().map(LitStr::value).collect();
    for previous in settings.previous_contexts.iter().flatten() {
        if known.contains(&previous.value()) {
            errors.add(previous.span(), "duplicate context\nhelp: remove it");
        }
        known.push(previous.value());
    }
}

pub(crate) fn check_indexes(settings: &Settings, errors: &mut Errors) {
    let mut own = settings.indexes.iter().filter_map(Index::own);
    if let Some(first) = own.next() {
        if settings.context.is_none() && !settings.incomplete {
            errors.add(
                first.span,
                "an index needs its own context: otherwise equal values in two columns could be linked\n\
                 help: write `context = \"patients.ssn\"`",
            );
        }
    }
    for second in own {
        errors.add(
            second.span,
            "a type can have only one index of its own\n\
             help: remove one, or define it on another type and write `index(by = ThatType)`",
        );
    }
    if let (Some(json), false) = (settings.json, settings.indexes.is_empty()) {
        errors.add(
            json,
            "equal values may have different JSON, so an index would miss rows\n\
             help: use `text` with a `Display` that is the same for equal values, \
             or give the field that you search for its own type and index",
        );
    }
    if let Some(extra) = settings.indexes.get(MAX_COLUMNS) {
        refuse_more_indexes(extra.span(), errors);
    }
}

pub(crate) fn refuse_more_indexes(span: Span, errors: &mut Errors) {
    errors.add(span, format!("a type has at most {MAX_COLUMNS} indexes\nhelp: remove this one"));
}

/// `#[encrypted]` goes on the type; on a field or a variant it would be silently ignored.
pub(crate) fn refuse_inner_attributes(data: &Data, errors: &mut Errors) {
    let mut refuse = |attributes: &[Attribute]| {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("encrypted")) {
            errors.add(
                attribute.span(),
                "`#[encrypted]` belongs on the type, not inside it\nhelp: move it above the type",
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
