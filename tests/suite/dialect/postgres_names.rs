//! A guest who may create functions, operators, casts and types in a schema that is searched before all others.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::blind_index::IndexSpec;
use encrypted_diesel::maintenance::declared::{DeclaredIndex, DeclaredTable, KeyKind};
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Walk, Walked};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::key;
use super::keyed::count;
use super::{Backend, Database, connect};

const TYPES: [&str; 10] =
    ["text", "varchar", "bytea", "timestamptz", "int4", "int8", "oid", "name", "\"char\"", "bool"];

/// Functions that count their calls, under the names of PostgreSQL's own. Each fits as well as those do or better, and
/// is in the first schema of the search path.
fn hostile(own: &str, guest: &str) -> String {
    let function = |name: &str, arguments: &str, returns: &str, value: &str| {
        format!(
            "CREATE FUNCTION {guest}.\"{name}\"({arguments}) RETURNS {returns} LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO {own}.calls VALUES ($q${name}({arguments})$q$); RETURN {value}; END $$;"
        )
    };
    let mut sql = format!(
        "CREATE TABLE calls (name text); CREATE SCHEMA {guest}; CREATE TYPE {guest}.mood AS ENUM ('z', 'a');"
    );
    for left in TYPES {
        for right in TYPES {
            let same = format!("same_{left}_{right}").replace('"', "");
            sql += &function(&same, &format!("{left}, {right}"), "boolean", "true");
            for operator in ["=", "<>", "<", "<=", ">", ">="] {
                sql += &format!(
                    "CREATE OPERATOR {guest}.{operator} (LEFTARG = {left}, RIGHTARG = {right}, \
                     FUNCTION = {guest}.{same});"
                );
            }
        }
        sql += &function("substr", &format!("{left}, int4, int4"), "text", "'ed1:'");
        sql += &function("encode", &format!("{left}, text"), "text", "'00000000'");
        sql += &function("concat", left, "text", "'guest'");
        sql += &function("count", left, "int8", "0");
        sql += &function("set_config", &format!("{left}, {left}, boolean"), "text", "'guest'");
        sql += &function("current_setting", left, "text", "'guest'");
        sql += &function("format", &format!("text, {left}"), "text", "'guest'");
    }
    sql += &function("to_text", &format!("{guest}.mood"), "text", "'guest'");
    sql += &function("from_text", "text", &format!("{guest}.mood"), "'z'");
    sql + &format!(
        "CREATE CAST ({guest}.mood AS text) WITH FUNCTION {guest}.to_text AS ASSIGNMENT;
         CREATE CAST (text AS {guest}.mood) WITH FUNCTION {guest}.from_text AS ASSIGNMENT;
         CREATE DOMAIN {guest}.text AS varchar; CREATE DOMAIN {guest}.uuid AS varchar;
         CREATE DOMAIN {guest}.regclass AS varchar; CREATE DOMAIN {guest}.oid AS varchar;"
    )
}

#[test]
fn nothing_of_theirs_is_called() {
    let mut connection = connect();
    let own: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("current_schema()::text"))
        .get_result(&mut connection)
        .unwrap();
    let guest = format!("guest_of_{own}");
    connection.batch_execute(&hostile(&own, &guest)).unwrap();
    connection
        .batch_execute(&format!(
            "CREATE TABLE keyed (k timestamptz, mood {guest}.mood, id integer, v varchar(50),
                source double precision, value varchar(200), filled text, digest bytea,
                PRIMARY KEY (k, mood, id));
            INSERT INTO keyed (k, mood, id, v, source) SELECT now(), mood, i, 'plain', 0.1 * i
                FROM generate_series(1, 5) AS i, unnest(enum_range(NULL::{guest}.mood)) AS mood;
            UPDATE keyed SET value = v"
        ))
        .unwrap();
    connection.batch_execute(&format!("SET search_path TO {guest}, pg_catalog, {own}")).unwrap();
    walk_everything(&mut connection);

    // One who does not name the schema calls them.
    connection.batch_execute(&format!("SELECT substr(v, 1, 2) FROM {own}.keyed")).unwrap();
    connection.batch_execute(&format!("SET search_path TO {own}")).unwrap();
    assert_eq!(count(&mut connection, "calls"), 10);
    assert_eq!(count(&mut connection, "calls WHERE name = 'substr(varchar, int4, int4)'"), 10);
    assert_eq!(count(&mut connection, "keyed WHERE value = 'plain' AND filled LIKE 'ed1:%'"), 10);
    connection.batch_execute(&format!("DROP SCHEMA {guest} CASCADE")).unwrap();
}

/// Each kind of statement, for one row and for several.
fn walk_everything(connection: &mut Database) {
    let table = DeclaredTable::new("keyed", ["k", "mood", "id"].map(|name| (name, KeyKind::Other)));
    let spec = IndexSpec::new("keyed.value");
    let column = EncryptedColumn::<Backend>::declared::<sql_types::EncryptedVarchar>(&table, "value")
        .with_values::<String>("keyed.value", &[])
        .with_index("digest", spec);
    let filled = EncryptedColumn::<Backend>::declared::<sql_types::EncryptedText>(&table, "filled")
        .with_values::<f64>("keyed.filled", &[])
        .encrypted_from("source", false);
    let index = DeclaredIndex { name: "digest", spec, parts: vec![spec] };
    let indexes = BlindIndexes::declared(std::slice::from_ref(&column), vec![index]).unwrap();
    let ring = |ring: Keyring| ring.with_index_key(key(7)).unwrap();
    for size in [1, 3] {
        let mut run = |walk: Walk<Backend>| -> Walked {
            let walked = walk.batch_size(size).share().run(connection, |_| {}).unwrap();
            assert_eq!(walked.left, 0, "{:?}", walked.bad);
            walked
        };
        ring(Keyring::new(key(1))).scope(|| {
            assert_eq!(run(column.encrypt()).written, 10);
            run(filled.encrypt());
            run(filled.verify());
            run(indexes.verify());
        });
        ring(Keyring::new(key(2)).with_retired(key(1)).unwrap().with_index_key(key(8)).unwrap()).scope(
            || {
                assert_eq!(run(indexes.reindex()).written, 10);
                assert_eq!(run(column.rotate()).written, 10);
                assert_eq!(run(column.decrypt()).written, 10);
            },
        );
    }
    assert_eq!(column.status(connection).unwrap().not_encrypted, 10);
    assert_eq!(filled.status(connection).unwrap().keys.values().sum::<u64>(), 10);
}
