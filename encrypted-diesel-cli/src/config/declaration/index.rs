use encrypted_diesel::blind_index::{IndexSpec, Normalizer};
use toml::de::DeValue;

use super::contexts::Contexts;
use super::model::{Column, Index, Located, Part};
use super::reader::{Item, Keys, Reader};
use super::{names, normalizers};

const KEYS: [&str; 5] = ["of", "context", "previous-contexts", "bits", "normalize"];

/// The same limit as in the derive.
const MAX_PARTS: usize = 6;

const OF: &str = "write `of = \"email\"` for a column `email`, or a list of several";

impl Index {
    pub(super) fn read(
        name: Located<&'static str>,
        item: Item<'_>,
        columns: &[Column],
        reader: &mut Reader<'_>,
    ) -> Self {
        let keys = reader.keys(name, item, &KEYS);
        let of = keys.required("of", OF, reader).map_or(Vec::new(), |item| of(item, reader));
        let bits = keys.get("bits").and_then(|item| bits(item, reader)).unwrap_or(IndexSpec::DEFAULT_BITS);
        let normalizers = normalizers_of(name, &keys, &of, reader);
        let parts: Vec<_> = of
            .iter()
            .zip(normalizers)
            .filter_map(|(name, normalizers)| {
                Some(Part { column: position(name, columns, reader)?, normalizers })
            })
            .collect();

        let Contexts { context, previous } = contexts(name, &keys, &of, columns, reader);
        let spec = IndexSpec::new(context).with_previous_contexts(previous).with_bits(bits);
        let spec = match &parts[..] {
            [part] => spec.with_normalizers(part.normalizers),
            _ => spec,
        };
        Self { name, spec, parts }
    }
}

/// The names of the columns.
fn of(item: Item<'_>, reader: &mut Reader<'_>) -> Vec<Located<&'static str>> {
    let names = reader.distinct_texts(item);
    match item.get_ref().as_array().map_or(1, |items| items.len()) {
        1..=MAX_PARTS => {}
        0 => reader.refuse(item, format!("an index needs a column: {OF}")),
        _ => reader.refuse(item, format!("an index can have at most {MAX_PARTS} columns")),
    }
    names
}

/// The position of the column, if an index can be made of it.
fn position(name: &Located<&'static str>, columns: &[Column], reader: &mut Reader<'_>) -> Option<usize> {
    let Some(position) = columns.iter().position(|column| column.name.value == name.value) else {
        let hint = names::hint(
            name.value,
            columns.iter().map(|column| column.name.value),
            "the declared columns are",
        );
        reader.problems.add(name, format!("`{}` is not among this table's `columns`: {hint}", name.value));
        return None;
    };
    let value = columns.get(position)?.value;
    if !value.is_canonical() {
        reader.problems.add(
            name,
            format!(
                "equal values of type {} may have different plaintext forms, and an index would find only one of \
                 them: {}",
                value.word(),
                normalizers::BY_A_FUNCTION
            ),
        );
    }
    Some(position)
}

fn contexts(
    name: Located<&'static str>,
    keys: &Keys<'_>,
    of: &[Located<&'static str>],
    columns: &[Column],
    reader: &mut Reader<'_>,
) -> Contexts {
    let column = match of {
        [of] => columns.iter().find(|column| column.name.value == of.value),
        _ => None,
    };
    let default = column.map_or(Contexts::default(), |column| Contexts {
        context: column.context,
        previous: column.previous_contexts,
    });
    let contexts = Contexts::read(keys, default, reader);
    // Nothing is known about the context of an unknown column.
    if contexts.context.is_empty() && (column.is_some() || of.len() > 1) {
        let why = match column {
            Some(column) => format!("needs a context, but `{}` has none", column.name.value),
            None => "has several columns, so it needs a context of its own".to_owned(),
        };
        keys.refuse(format!("`{}` {why}: write the context that the application uses", name.value), reader);
    }
    contexts
}

fn bits(item: Item<'_>, reader: &mut Reader<'_>) -> Option<u16> {
    let bits = item.get_ref().as_integer();
    let bits = bits.and_then(|bits| u16::from_str_radix(bits.as_str(), bits.radix()).ok());
    let bits = bits.filter(|bits| (8..=256).contains(bits));
    if bits.is_none() {
        reader.refuse(item, "the number of bits of a blind index is from 8 to 256");
    }
    bits
}

/// The normalizers of each column.
fn normalizers_of(
    name: Located<&'static str>,
    keys: &Keys<'_>,
    of: &[Located<&'static str>],
    reader: &mut Reader<'_>,
) -> Vec<&'static [Normalizer]> {
    let none = || vec![&[][..]; of.len()];
    let Some(item) = keys.get("normalize") else { return none() };
    match (item.get_ref(), of) {
        // There is an error for this already.
        (_, []) => none(),
        (DeValue::Table(_), _) => {
            let names: Vec<_> = of.iter().map(|name| name.value).collect();
            let each = reader.keys(name, item, &names);
            let of_each = names.iter().map(|name| each.get(name).map(|item| normalizers::read(item, reader)));
            of_each.map(Option::unwrap_or_default).collect()
        }
        (_, [_]) => vec![normalizers::read(item, reader)],
        (_, [first, ..]) => {
            let help = format!("write `normalize = {{ {} = [\"trim\"] }}`", first.value);
            reader.refuse(item, format!("with several columns, each has its own normalizers: {help}"));
            none()
        }
    }
}
