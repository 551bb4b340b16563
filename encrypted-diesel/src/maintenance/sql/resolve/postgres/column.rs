//! The columns of a table, as PostgreSQL's catalog has them.

use diesel::result::{Error as DieselError, QueryResult};

use crate::maintenance::sql::row::RawRow;

/// A column, once for each unique index that it is a part of.
pub(super) struct Column {
    pub(super) schema: String,
    pub(super) table: String,
    /// Whether it has rows of its own, apart from those of tables that inherit from it.
    pub(super) is_plain: bool,
    pub(super) name: String,
    type_schema: String,
    type_name: String,
    /// Whether it is of an array or of a composite type.
    pub(super) is_compound: bool,
    pub(super) part: Option<IndexPart>,
}

/// What an index says about it.
pub(super) struct IndexPart {
    pub(super) index: String,
    pub(super) is_primary: bool,
    /// The operators of its class, with their schemas: `<`, `<=`, `=`, `>=`, `>`.
    pub(super) operators: [String; 5],
    /// Where it is another than the column's.
    pub(super) collation: Option<String>,
}

/// The query, around the table's name. Base types stand in for domains, whose checks would be run for a literal.
pub(super) const QUERY: (&str, &str) = (
    "WITH RECURSIVE relation AS (
        SELECT c.oid, n.nspname, c.relname, c.relkind
        FROM pg_catalog.pg_class AS c
            JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE c.oid OPERATOR(pg_catalog.=) CAST(CAST($encrypted_diesel$",
    "$encrypted_diesel$ AS pg_catalog.regclass) AS pg_catalog.oid)
    ), base (attnum, name, collated, type) AS (
        SELECT a.attnum, a.attname, a.attcollation, a.atttypid
        FROM relation AS r JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) r.oid
        WHERE NOT a.attisdropped AND a.attnum OPERATOR(pg_catalog.>) 0
        UNION ALL
        SELECT b.attnum, b.name, b.collated, d.typbasetype
        FROM base AS b JOIN pg_catalog.pg_type AS d ON d.oid OPERATOR(pg_catalog.=) b.type
        WHERE d.typtype OPERATOR(pg_catalog.=) 'd'
    ), part AS (
        SELECT x.indexrelid, x.indisprimary, x.indkey[p.n] AS attnum,
            x.indclass[p.n] AS class, x.indcollation[p.n] AS collated
        FROM relation AS r JOIN pg_catalog.pg_index AS x ON x.indrelid OPERATOR(pg_catalog.=) r.oid
            CROSS JOIN LATERAL pg_catalog.generate_subscripts(x.indkey, 1) AS p (n)
        WHERE x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
            AND p.n OPERATOR(pg_catalog.<) x.indnkeyatts
    )
    SELECT CAST(r.nspname AS pg_catalog.text), CAST(r.relname AS pg_catalog.text),
        CAST(r.relkind AS pg_catalog.text), CAST(b.name AS pg_catalog.text),
        CAST(n.nspname AS pg_catalog.text), CAST(t.typname AS pg_catalog.text),
        CAST(t.typcategory AS pg_catalog.text), CAST(k.indexrelid AS pg_catalog.text),
        CAST(k.indisprimary AS pg_catalog.text),
        (SELECT pg_catalog.string_agg(pg_catalog.format('%I.%s', s.nspname, o.oprname), E'\\x01'
                ORDER BY a.amopstrategy)
            FROM pg_catalog.pg_opclass AS c
                JOIN pg_catalog.pg_amop AS a ON a.amopfamily OPERATOR(pg_catalog.=) c.opcfamily
                    AND a.amoplefttype OPERATOR(pg_catalog.=) c.opcintype
                    AND a.amoprighttype OPERATOR(pg_catalog.=) c.opcintype
                JOIN pg_catalog.pg_operator AS o ON o.oid OPERATOR(pg_catalog.=) a.amopopr
                JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) o.oprnamespace
            WHERE c.oid OPERATOR(pg_catalog.=) k.class AND a.amoppurpose OPERATOR(pg_catalog.=) 's'),
        (SELECT pg_catalog.format('%I.%I', s.nspname, l.collname)
            FROM pg_catalog.pg_collation AS l
                JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) l.collnamespace
            WHERE l.oid OPERATOR(pg_catalog.=) k.collated
                AND NOT k.collated OPERATOR(pg_catalog.=) b.collated)
    FROM relation AS r CROSS JOIN base AS b
        JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) b.type
            AND NOT t.typtype OPERATOR(pg_catalog.=) 'd'
        JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
        LEFT JOIN part AS k ON k.attnum OPERATOR(pg_catalog.=) b.attnum",
);

impl Column {
    pub(super) fn new(row: RawRow) -> QueryResult<Self> {
        let texts = row.0.into_iter().map(|raw| raw.into_bytes().map(String::from_utf8).transpose());
        let texts = texts.collect::<Result<Vec<_>, _>>();
        let texts = texts.map_err(|error| DieselError::DeserializationError(error.into()))?;
        let unknown =
            || DieselError::DeserializationError("the catalog has other columns than expected".into());
        let columns: [Option<String>; 11] = texts.try_into().map_err(|_| unknown())?;
        let [
            schema,
            table,
            kind,
            name,
            type_schema,
            type_name,
            category,
            index,
            primary,
            operators,
            collation,
        ] = columns;
        let there = |text: Option<String>| text.ok_or_else(unknown);
        Ok(Self {
            schema: there(schema)?,
            table: there(table)?,
            is_plain: kind.as_deref() == Some("r"),
            name: there(name)?,
            type_schema: there(type_schema)?,
            type_name: there(type_name)?,
            is_compound: matches!(category.as_deref(), Some("A" | "C")),
            part: index.and_then(|index| IndexPart::new(index, primary, operators, collation)),
        })
    }

    /// The index of this row.
    pub(super) fn index(&self) -> Option<&str> {
        self.part.as_ref().map(|part| &*part.index)
    }

    /// The name of its type, if PostgreSQL has brought it.
    pub(super) fn built_in(&self) -> Option<&str> {
        (self.type_schema == "pg_catalog").then_some(&*self.type_name)
    }

    pub(super) fn sql_type(&self) -> String {
        qualified(&self.type_schema, &self.type_name)
    }

    /// The name of the table.
    pub(super) fn full_name(&self) -> String {
        qualified(&self.schema, &self.table)
    }

    /// Whether its text may be another in another session.
    pub(super) fn depends_on_settings(&self) -> bool {
        const INDEPENDENT: [&str; 16] = [
            "int2", "int4", "int8", "text", "varchar", "bpchar", "char", "name", "uuid", "bool", "numeric",
            "json", "jsonb", "inet", "cidr", "bytea",
        ];
        !self.built_in().is_some_and(|name| INDEPENDENT.contains(&name))
    }
}

fn qualified(schema: &str, name: &str) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    format!("{}.{}", quoted(schema), quoted(name))
}

impl IndexPart {
    fn new(
        index: String,
        primary: Option<String>,
        operators: Option<String>,
        collation: Option<String>,
    ) -> Option<Self> {
        let operators: Vec<_> = operators?.split('\u{1}').map(str::to_owned).collect();
        let is_primary = primary.as_deref() == Some("true");
        Some(Self { index, is_primary, operators: operators.try_into().ok()?, collation })
    }
}
