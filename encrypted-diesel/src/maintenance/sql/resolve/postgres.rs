use std::collections::BTreeMap;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use self::column::{Column, IndexPart};
use super::{RawRow, Resolve, Table, cannot};
use crate::maintenance::sql::key_form::{Bound, KeyForm, Operators};
use crate::maintenance::sql::text_form::TextForm;

mod column;

/// Everything is named with its schema, since others may create functions and operators in a schema that is searched.
impl Resolve for Pg {
    const ASKS: bool = true;

    fn question<'b>(pass: &mut AstPass<'_, 'b, Self>, table: &'b Table<Self>) -> QueryResult<()> {
        pass.push_sql(column::QUERY.0);
        table.name.walk_ast(pass.reborrow())?;
        pass.push_sql(column::QUERY.1);
        Ok(())
    }

    fn answer(table: &Table<Self>, rows: Vec<RawRow>) -> QueryResult<Table<Self>> {
        let columns: Vec<_> = rows.into_iter().map(Column::new).collect::<Result<_, _>>()?;
        let Some(first) = columns.first() else { return Ok(table.clone()) };
        let mut resolved = Table::new(Name::of(first), table.key.clone());
        resolved.full_name = first.full_name();
        resolved.guarded.clone_from(&table.guarded);
        let index = index_of(table, &columns);
        for key in &mut resolved.key {
            let mut found = columns.iter().filter(|column| column.name == key.name);
            let column = found.next().ok_or_else(|| cannot(key.name, "does not exist"))?;
            let part = std::iter::once(column).chain(found).find(|column| column.index() == index.as_deref());
            key.form = key_form(column, part.and_then(|column| column.part.as_ref()))?;
        }
        resolved.filter.clone_from(&table.filter);
        if let Some(filter) = &mut resolved.filter {
            let name = filter.column.name;
            let column = columns.iter().find(|column| column.name == name);
            filter.column.form = key_form(column.ok_or_else(|| cannot(name, "does not exist"))?, None)?;
        }
        resolved.texts = columns.iter().map(|column| (column.name.clone(), text_form(column))).collect();
        Ok(resolved)
    }
}

/// The name of a table with its schema. Only what is in the table itself, if others inherit from it: their rows have
/// keys of their own, which may repeat.
#[derive(Clone)]
struct Name {
    only: bool,
    schema: String,
    table: String,
}

impl Name {
    fn of(column: &Column) -> Self {
        Self { only: column.is_plain, schema: column.schema.clone(), table: column.table.clone() }
    }
}

impl QueryFragment<Pg> for Name {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(if self.only { "ONLY " } else { "" });
        pass.push_identifier(&self.schema)?;
        pass.push_sql(".");
        pass.push_identifier(&self.table)
    }
}

/// The unique index of the primary key's columns: that of the primary key, if there are several.
fn index_of(table: &Table<Pg>, columns: &[Column]) -> Option<String> {
    let mut indexes = BTreeMap::<_, Vec<_>>::new();
    for (column, part) in columns.iter().filter_map(|column| Some((column, column.part.as_ref()?))) {
        indexes.entry((!part.is_primary, &part.index)).or_default().push(&*column.name);
    }
    let is_key = |names: &&Vec<&str>| {
        names.len() == table.key.len() && table.key.iter().all(|key| names.contains(&key.name))
    };
    let (_, index) = indexes.iter().find(|(_, names)| is_key(names))?.0;
    Some((*index).clone())
}

fn key_form(column: &Column, part: Option<&IndexPart>) -> QueryResult<KeyForm> {
    let bound = match column.built_in() {
        Some("int2" | "int4" | "int8") => Bound::Integer,
        Some("text" | "varchar") => Bound::Text,
        Some("bytea") => Bound::Bytes,
        Some("uuid") => Bound::Uuid,
        Some("money") => {
            return Err(cannot(&column.name, "is money, whose text depends on the server's locale"));
        }
        Some("json" | "xml" | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle") => {
            return Err(cannot(&column.name, "has a type without an order, so it cannot be a key"));
        }
        // A list of these cannot be unnested.
        _ if column.is_compound => {
            return Err(cannot(&column.name, "is an array or a composite type, so it cannot be a key"));
        }
        _ => Bound::Literal(column.sql_type()),
    };
    Ok(KeyForm {
        read: match bound {
            Bound::Text => "{}".into(),
            Bound::Bytes => "pg_catalog.encode({}, 'hex')".into(),
            _ => as_text(column).into(),
        },
        bound,
        operators: operators(part),
        by_settings: column.depends_on_settings(),
    })
}

/// Those of the index, so that it is used, and walks in its order.
fn operators(part: Option<&IndexPart>) -> Operators {
    let named = |strategy: &str| format!("{{}} OPERATOR({strategy}) []").into();
    let plain = ["<", "<=", "=", ">=", ">"].map(|name| format!("pg_catalog.{name}"));
    let [less, _, equal, at_least, greater] = part.map_or(&plain, |part| &part.operators);
    Operators {
        collate: part
            .and_then(|part| part.collation.as_ref())
            .map_or_else(String::new, |name| format!(" COLLATE {name}")),
        equal: named(equal),
        greater: named(greater),
        at_least: named(at_least),
        ascending: format!(" USING OPERATOR({less})").into(),
    }
}

fn text_form(column: &Column) -> TextForm {
    TextForm {
        text: as_text(column).into(),
        exact: "pg_catalog.record_send(ROW({}))".into(),
        by_settings: column.depends_on_settings(),
        refused: match column.built_in() {
            Some("money") => Some("is money, whose text depends on the server's locale: copy it as numeric"),
            _ => None,
        },
    }
}

/// Somebody may have created a cast of a type that is not built in, and only its owner can, so it is never cast.
fn as_text(column: &Column) -> &'static str {
    match column.built_in() {
        Some(_) => "CAST({} AS pg_catalog.text)",
        None => "CASE WHEN {} IS NULL THEN NULL ELSE pg_catalog.concat({}) END",
    }
}
