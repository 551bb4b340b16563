//! Walks through arrays of encrypted values, on PostgreSQL.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types;
use encrypted_diesel::maintenance::{EncryptedColumn, Problem, Walk};
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, Error, Keyring};

use super::behaviour::key;
use super::behaviour::maintenance::{Walked, walk};
use super::{Backend, Database, connect};
use crate::slow::{Slow, meanwhile_once};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    tagged (id) {
        id -> Integer,
        tags -> Nullable<Array<Nullable<EncryptedText>>>,
        words -> Nullable<Array<EncryptedVarchar>>,
        codes -> Nullable<Array<Nullable<DeterministicText>>>,
        photos -> Nullable<Array<Nullable<EncryptedBinary>>>,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "tagged.codes")]
struct Code(String);

type Texts = Option<Vec<Option<EncryptedText>>>;

const TABLE: &str = "
    CREATE DOMAIN tag AS text CHECK (VALUE <> 'ugly');
    CREATE DOMAIN photo_list AS bytea[];
    CREATE TABLE tagged (id integer PRIMARY KEY, tags tag[], words varchar(100)[], codes text[], photos photo_list);
    INSERT INTO tagged VALUES
        (1, '{a,NULL,\"b,\\\"{}\\\\\",\"\"}', '{a}', '{x,x,NULL}', ARRAY[NULL, '\\x0061'::bytea]),
        (2, '{}', '{}', '{}', '{}'),
        (3, NULL, NULL, NULL, NULL),
        (4, '{NULL}', '{NULL}', '{NULL}', '{NULL}'),
        (5, '{Zoë}', '{Zoë,b}', '{Zoë}', ARRAY['\\xff'::bytea]);
";

fn new_table() -> Database {
    let mut connection = connect();
    connection.batch_execute(TABLE).unwrap();
    connection
}

fn old() -> Keyring {
    Keyring::new(key(1))
}

fn new() -> Keyring {
    Keyring::new(key(2)).with_retired(key(1)).unwrap()
}

fn tags() -> EncryptedColumn<Backend> {
    EncryptedColumn::array::<tagged::tags, EncryptedText>()
}

fn columns() -> [EncryptedColumn<Backend>; 4] {
    [
        tags(),
        EncryptedColumn::array::<tagged::words, EncryptedText>(),
        EncryptedColumn::array::<tagged::codes, Code>(),
        EncryptedColumn::array::<tagged::photos, EncryptedBinary>(),
    ]
}

#[derive(QueryableByName, Debug, PartialEq)]
struct Stored {
    #[diesel(sql_type = sql_types::Text)]
    stored: String,
}

/// The whole table as the database shows it.
fn stored(connection: &mut Database) -> Vec<String> {
    let query = diesel::sql_query("SELECT CAST(tagged AS text) AS stored FROM tagged ORDER BY id");
    query.load::<Stored>(connection).unwrap().into_iter().map(|row| row.stored).collect()
}

fn tags_of(connection: &mut Database, id: i32) -> QueryResult<Texts> {
    tagged::table.find(id).select(tagged::tags).first(connection)
}

fn run(connection: &mut Database, walk: Walk<Backend>) -> (u64, Vec<String>) {
    let walked = walk.batch_size(2).run(connection, |_| {}).unwrap();
    assert_eq!(walked.missed, 0);
    (walked.written, walked.bad.iter().map(ToString::to_string).collect())
}

#[test]
fn arrays_are_encrypted_rotated_verified_and_decrypted() {
    let mut connection = new_table();
    let before = stored(&mut connection);
    for column in columns() {
        old().scope(|| {
            let expected = Walked { read: 2, written: 2, ..Walked::default() };
            assert_eq!(walk(&mut connection, column.encrypt().batch_size(2)), expected);
            assert_eq!(walk(&mut connection, column.encrypt().batch_size(2)), Walked::default());
            assert!(column.status(&mut connection).unwrap().is_only_under(key(1).id()));
        });
        new().scope(|| {
            let expected = Walked { read: 2, written: 2, ..Walked::default() };
            assert_eq!(walk(&mut connection, column.rotate().batch_size(3)), expected);
            assert_eq!(walk(&mut connection, column.rotate().batch_size(3)), Walked::default());
        });
        // Without the old key.
        Keyring::new(key(2)).scope(|| {
            let expected = Walked { read: 5, ..Walked::default() };
            assert_eq!(walk(&mut connection, column.verify().batch_size(2)), expected);
            assert!(column.status(&mut connection).unwrap().is_only_under(key(2).id()));
        });
    }
    Keyring::new(key(2)).scope(|| {
        let [(tags, codes, photos), ..] = &tagged::table
            .select((tagged::tags, tagged::codes, tagged::photos))
            .order(tagged::id)
            .load::<(Texts, Option<Vec<Option<Code>>>, Option<Vec<Option<EncryptedBinary>>>)>(&mut connection)
            .unwrap()[..]
        else {
            panic!("the table is empty")
        };
        let texts = [Some("a"), None, Some("b,\"{}\\"), Some("")].map(|text| text.map(EncryptedText::from));
        assert_eq!(tags.as_deref(), Some(&texts[..]));
        assert_eq!(codes.as_deref(), Some(&[Some(Code("x".into())), Some(Code("x".into())), None][..]));
        assert_eq!(photos.as_deref(), Some(&[None, Some([0, 0x61].as_slice().into())][..]));
        for column in columns() {
            assert_eq!(walk(&mut connection, column.decrypt().batch_size(2)).written, 2);
        }
    });
    assert_eq!(stored(&mut connection), before);
}

#[test]
fn status_counts_elements() {
    let mut connection = new_table();
    old().scope(|| {
        let status = tags().status(&mut connection).unwrap();
        assert_eq!((status.not_encrypted, status.null, status.rows()), (4, 3, 7));
        run(&mut connection, tags().encrypt());
        connection.batch_execute("UPDATE tagged SET tags[1] = 'plain' WHERE id = 1").unwrap();
        let status = tags().status(&mut connection).unwrap();
        assert_eq!((status.not_encrypted, status.keys.get(&key(1).id())), (1, Some(&3)));
        assert!(!status.is_encrypted());
        for column in columns() {
            assert!(column.status(&mut connection).unwrap().rows() > 0);
        }
    });
}

#[test]
fn an_array_is_left_as_a_whole_if_one_element_cannot_be_worked_on() {
    let mut connection = new_table();
    old().scope(|| run(&mut connection, tags().encrypt()));
    Keyring::new(key(3)).scope(|| {
        let strange = vec![Some(EncryptedText::from("strange"))];
        diesel::insert_into(tagged::table)
            .values((tagged::id.eq(6), tagged::tags.eq(&strange)))
            .execute(&mut connection)
            .unwrap();
    });
    connection
        .batch_execute("UPDATE tagged SET tags = (SELECT tags FROM tagged WHERE id = 6) || tags || '{plain}' WHERE id = 1")
        .unwrap();
    let before = stored(&mut connection);
    new().scope(|| {
        let walked = tags().rotate().run(&mut connection, |_| {}).unwrap();
        assert_eq!((walked.written, walked.bad.len()), (1, 2));
        let unknown = Error::UnknownKey { key_id: key(3).id() };
        for row in &walked.bad {
            let problem = Problem::Element { position: 1, problem: Box::new(unknown.clone().into()) };
            assert_eq!(row.problem, problem);
        }
        assert_eq!(stored(&mut connection)[0], before[0]);
        assert_ne!(stored(&mut connection)[4], before[4]);
    });
    // What was encrypted before plaintext was added is encrypted in its other elements.
    new().with_retired(key(3)).unwrap().scope(|| {
        assert_eq!(run(&mut connection, tags().encrypt()), (1, vec![]));
        let texts = tags_of(&mut connection, 1).unwrap().unwrap();
        assert_eq!(texts.last(), Some(&Some("plain".into())));
    });
}

#[test]
fn arrays_that_diesel_does_not_keep_are_named() {
    let mut connection = new_table();
    connection
        .batch_execute(
            "INSERT INTO tagged (id, tags) VALUES (6, '[0:1]={a,b}'), (7, '{{a,b},{c,d}}'), (8, '{a,b}');
            UPDATE tagged SET tags[1] = NULL WHERE id = 8; UPDATE tagged SET tags[1] = 'c' WHERE id = 8",
        )
        .unwrap();
    let before = stored(&mut connection);
    const WHY: &str =
        "the array has several dimensions, or does not begin at 1: Diesel does not keep such an array";
    let named = [6, 7].map(|id| format!("{id}: {WHY}")).to_vec();
    old().scope(|| {
        assert_eq!(run(&mut connection, tags().encrypt()), (3, named.clone()));
        assert_eq!(run(&mut connection, tags().verify()), (0, named.clone()));
        assert_eq!(stored(&mut connection)[5..7], before[5..7]);
        assert_eq!(tags().status(&mut connection).unwrap().not_encrypted, 6);
    });
    new().scope(|| assert_eq!(run(&mut connection, tags().rotate()), (3, named)));
}

#[test]
fn an_array_that_a_trigger_changes_or_swallows_is_left() {
    let mut connection = new_table();
    let swallow =
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE FUNCTION lower_it() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN new.tags[1] := lower(new.tags[1]); RETURN new; END $$;
        CREATE TRIGGER t BEFORE UPDATE ON tagged FOR EACH ROW WHEN (new.id = 1) EXECUTE FUNCTION";
    for function in ["swallow", "lower_it"] {
        connection
            .batch_execute(&format!(
                "DROP FUNCTION IF EXISTS swallow, lower_it CASCADE; {swallow} {function}()"
            ))
            .unwrap();
        let before = stored(&mut connection);
        old().scope(|| {
            let walked = tags().encrypt().run(&mut connection, |_| {}).unwrap();
            assert_eq!(walked.bad.iter().map(|row| row.key.to_string()).collect::<Vec<_>>(), ["1"]);
            assert_eq!(walked.bad[0].problem, Problem::Altered);
            assert_eq!(stored(&mut connection)[0], before[0]);
            assert_eq!(tags_of(&mut connection, 5).unwrap(), Some(vec![Some("Zoë".into())]));
        });
    }
}

#[test]
fn a_value_that_the_elements_cannot_hold_is_left() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE tagged (id integer PRIMARY KEY, words varchar(70)[]);
            INSERT INTO tagged VALUES (1, '{short}'), (2, ARRAY[repeat('long', 10)]), (3, '{short,short}')",
        )
        .unwrap();
    let before = stored(&mut connection);
    let words = EncryptedColumn::array::<tagged::words, EncryptedText>();
    old().scope(|| {
        let walked = words.encrypt().run(&mut connection, |_| {}).unwrap();
        assert_eq!((walked.written, walked.left), (2, 1));
        assert!(matches!(walked.bad[0].problem, Problem::Refused(_)), "{:?}", walked.bad);
        assert_eq!(stored(&mut connection)[1], before[1]);
    });
}

/// The owner of the elements' type can create casts of its arrays.
#[test]
fn no_function_or_cast_of_a_guest_is_called() {
    let mut connection = new_table();
    connection
        .batch_execute(
            "CREATE FUNCTION array_send(tag[]) RETURNS bytea LANGUAGE sql AS $$ SELECT NULL::bytea $$;
            CREATE FUNCTION unnest(tag[]) RETURNS SETOF text LANGUAGE sql AS $$ SELECT 'ed1:' || repeat('0', 9) $$;
            CREATE FUNCTION never(bytea, bytea) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
            CREATE OPERATOR = (FUNCTION = never, LEFTARG = bytea, RIGHTARG = bytea);
            CREATE FUNCTION nothing(tag[]) RETURNS text[] LANGUAGE sql AS $$ SELECT '{}'::text[] $$;
            CREATE CAST (tag[] AS text[]) WITH FUNCTION nothing(tag[]) AS IMPLICIT;
            CREATE FUNCTION nothing(text[]) RETURNS tag[] LANGUAGE sql AS $$ SELECT '{}'::tag[] $$;
            CREATE CAST (text[] AS tag[]) WITH FUNCTION nothing(text[]) AS IMPLICIT",
        )
        .unwrap();
    let path = "SELECT set_config('search_path', current_setting('search_path') || ', pg_catalog', false)";
    connection.batch_execute(path).unwrap();
    old().scope(|| {
        assert_eq!(run(&mut connection, tags().encrypt()), (2, vec![]));
        let status = tags().status(&mut connection).unwrap();
        assert_eq!(status.keys.get(&key(1).id()), Some(&4));
        assert_eq!(run(&mut connection, tags().decrypt()), (2, vec![]));
    });
}

/// Somebody else changes an array between reading and writing. It is visited again.
#[test]
fn a_changed_array_is_not_overwritten() {
    let mut connection = new_table();
    let schema: String = diesel::select(diesel::dsl::sql::<sql_types::Text>("current_schema()::text"))
        .get_result(&mut connection)
        .unwrap();
    let mut somebody = PgConnection::establish(&crate::postgres::url_of(&schema)).unwrap();
    meanwhile_once(move || {
        somebody.batch_execute("UPDATE tagged SET tags = '{new,NULL}' WHERE id = 1").unwrap();
    });
    let slow = EncryptedColumn::<Backend>::array::<tagged::tags, Slow>();
    old().scope(|| {
        let mut missed = 0;
        let walked = slow.encrypt().run(&mut connection, |batch| missed += batch.missed).unwrap();
        assert_eq!((walked.written, walked.left, missed), (2, 0, 1));
        assert_eq!(tags_of(&mut connection, 1).unwrap(), Some(vec![Some("new".into()), None]));
    });
}
