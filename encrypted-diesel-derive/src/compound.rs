//! Structs whose fields each have a column, with one index over all of them.

use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Member, Type, token};

use crate::attr::Settings;
use crate::errors::Errors;
use crate::index::Index;
use crate::valid::{self, MAX_COLUMNS};

/// A field of a compound.
pub(crate) struct Part<'a> {
    pub(crate) member: Member,
    pub(crate) field_type: &'a Type,
    /// Whether it has its own index column, after the compound one.
    pub(crate) indexed: bool,
}

/// Returns the fields of a compound: a struct of several fields, with an index and without a plaintext form.
pub(crate) fn fields<'a>(input: &'a DeriveInput, settings: &Settings) -> Option<&'a Fields> {
    let Data::Struct(data) = &input.data else { return None };
    let indexed = settings.indexes.iter().any(|index| index.own().is_some());
    let plaintext_form = settings.text.or(settings.json);
    (data.fields.len() > 1 && indexed && plaintext_form.is_none()).then_some(&data.fields)
}

pub(crate) fn parts<'a>(fields: &'a Fields, settings: &Settings, errors: &mut Errors) -> Vec<Part<'a>> {
    check_settings(settings, errors);
    let part = |(position, field): (usize, &'a syn::Field)| Part {
        member: field.ident.clone().map_or(Member::from(position), Member::from),
        field_type: &field.ty,
        indexed: is_indexed(&field.attrs, errors),
    };
    let parts: Vec<_> = fields.iter().enumerate().map(part).collect();

    if let Some(extra) = parts.get(MAX_COLUMNS) {
        errors.add(
            extra.field_type.span(),
            format!(
                "a compound value has at most {MAX_COLUMNS} fields\nhelp: keep the fields that you search together"
            ),
        );
    }
    // The compound index counts as the first.
    if let Some(extra) = parts.iter().filter(|part| part.indexed).nth(MAX_COLUMNS - 1) {
        valid::refuse_more_indexes(extra.field_type.span(), errors);
    }
    parts
}

/// Refuses settings that belong on the fields' types instead.
fn check_settings(settings: &Settings, errors: &mut Errors) {
    for sql_type in &settings.sql_types {
        errors.add(
            sql_type.span(),
            "each field has its own column, and its type chooses the SQL type\nhelp: set `sql_type` on the field's type",
        );
    }
    for index in &settings.indexes {
        match index {
            Index::By(by) => errors.add(
                by.span(),
                "a compound value takes no `index(by = …)`\nhelp: set `index(by = …)` on the field's type",
            ),
            Index::Own(own) => {
                if let Some((span, _)) = own.normalizers {
                    errors.add(
                        span,
                        "a compound value takes no `normalize`: its fields' types do\n\
                         help: set `normalize` on the field's type",
                    );
                }
            }
        }
    }
}

fn is_indexed(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut index = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("encrypted")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            let span = meta.path.span();
            if !meta.path.is_ident("index") || meta.input.peek(token::Paren) {
                return Err(Error::new(
                    span,
                    "a field takes only `index`\nhelp: set everything else on the field's type",
                ));
            }
            errors.set_once(&mut index, (), span, "index");
            Ok(())
        });
        errors.take(parsed);
    }
    index.is_some()
}
