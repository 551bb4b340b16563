use super::model::{Column, Index, Located, SqlType, Table};
use super::reader::{Item, Reader};
use crate::config::toml_text::header;

const MAX_KEYS: usize = 8;

/// Places without a name of their own.
const ALONE: [&str; 3] = ["history", "row-security", "triggers"];

const PLACES: [&str; 10] = [
    "trigger",
    "rule",
    "view",
    "inherits",
    "partition",
    "publication",
    "column",
    "foreign-key",
    "schema",
    "index",
];

const PRIMARY_KEY: &str = "write `primary-key = \"id\"`, or a list of up to eight columns";

impl Table {
    pub(super) fn read(name: Located<&'static str>, item: Item<'_>, reader: &mut Reader<'_>) -> Self {
        let keys = reader.keys(name, item, &["primary-key", "columns", "indexes", "known"]);
        let primary_key = keys.required("primary-key", PRIMARY_KEY, reader);
        let primary_key = primary_key.map_or(Vec::new(), |item| primary_key_of(item, reader));

        let column = ["tables", name.value, "columns", "email"];
        let columns_help = format!("write {} for a column `email`", header(&column));
        let columns = keys.required("columns", &columns_help, reader);
        let columns = columns.map_or(Vec::new(), |item| reader.named(item, &columns_help));
        let columns: Vec<_> =
            columns.into_iter().map(|(name, item)| Column::read(name, item, reader)).collect();

        let index = ["tables", name.value, "indexes", "email_index"];
        let indexes_help = format!("write {} for an index of `email`", header(&index));
        let indexes = keys.get("indexes").map_or(Vec::new(), |item| reader.named(item, indexes_help));
        let indexes: Vec<_> =
            indexes.into_iter().map(|(name, item)| Index::read(name, item, &columns, reader)).collect();

        let known = keys.get("known").map_or(Vec::new(), |item| known_places(item, reader));

        let (schema, plain) = match name.value.split_once('.') {
            Some((schema, plain)) => (Some(schema), plain),
            None => (None, name.value),
        };
        if plain.is_empty() || schema == Some("") {
            reader.problems.add(&name, "this is not the name of a table: write `table` or `schema.table`");
        }
        let table = Self { schema, name: name.with(plain), primary_key, columns, indexes, known };
        table.refuse_contradictions(reader);
        table
    }

    /// The name with its schema, as in the file.
    pub(crate) fn full_name(&self) -> String {
        match self.schema {
            Some(schema) => format!("{schema}.{}", self.name.value),
            None => self.name.value.to_owned(),
        }
    }

    /// Refuses a column with two uses.
    fn refuse_contradictions(&self, reader: &mut Reader<'_>) {
        let is_column = |name| self.columns.iter().any(|column| column.name.value == name);
        let is_index = |name| self.indexes.iter().any(|index| index.name.value == name);
        let use_of = |name| match () {
            () if is_column(name) => Some("an encrypted column"),
            () if is_index(name) => Some("an index"),
            () => None,
        };
        for index in self.indexes.iter().filter(|index| is_column(index.name.value)) {
            let message = format!("`{}` is an encrypted column, so it cannot be an index", index.name.value);
            reader.problems.add(&index.name, message);
        }
        let is_deterministic = |name| {
            let mut columns = self.columns.iter().filter(|column| column.name.value == name);
            columns.any(|column| column.sql_type.value == SqlType::DeterministicText)
        };
        for key in &self.primary_key {
            // One that is randomized would change with each encryption of the same value.
            if is_deterministic(key.value) {
                continue;
            }
            if let Some(used) = use_of(key.value) {
                let message = format!("`{}` is {used}, so it cannot be in the primary key", key.value);
                reader.problems.add(key, message);
            }
        }
        for from in self.columns.iter().filter_map(|column| column.from.as_ref()) {
            if let Some(used) = use_of(from.value) {
                let message = format!("`{}` is {used}, but `from` must name a plaintext column", from.value);
                reader.problems.add(from, message);
            }
        }
    }
}

/// The words of places that `doctor` may name. Which of them there are, only the database knows.
fn known_places(item: Item<'_>, reader: &mut Reader<'_>) -> Vec<Located<&'static str>> {
    let places = reader.distinct_texts(item);
    for place in &places {
        let is_known = match place.value.split_once(':') {
            Some((word, name)) => PLACES.contains(&word) && !name.is_empty(),
            None => ALONE.contains(&place.value),
        };
        if !is_known {
            let words = PLACES.map(|word| format!("{word}:NAME")).join(", ");
            let message =
                format!("unknown place `{}`: the known ones are {}, {words}", place.value, ALONE.join(", "));
            reader.problems.add(place, message);
        }
    }
    places
}

fn primary_key_of(item: Item<'_>, reader: &mut Reader<'_>) -> Vec<Located<&'static str>> {
    match item.get_ref().as_array().map_or(1, |items| items.len()) {
        1..=MAX_KEYS => return reader.distinct_texts(item),
        0 => reader.refuse(item, format!("a primary key needs a column: {PRIMARY_KEY}")),
        _ => reader.refuse(item, format!("a primary key can have at most {MAX_KEYS} columns")),
    }
    Vec::new()
}
