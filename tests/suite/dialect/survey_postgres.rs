//! What PostgreSQL says about a table.

use diesel::connection::SimpleConnection;
use encrypted_diesel::maintenance::{FindingKind, Severity};

use super::behaviour::maintenance::survey::{hidden, of_kind, survey_after};
use super::connect;

const TABLE: &str = "CREATE TABLE p (id int PRIMARY KEY, v text, i bytea); CREATE INDEX ON p (i);";

fn hidden_after(sql: &str) -> Vec<String> {
    let findings = survey_after(&mut connect(), &format!("{TABLE} {sql}"));
    hidden(&findings).into_iter().map(str::to_owned).collect()
}

/// The errors of a table made by this SQL.
fn errors_after(sql: &str) -> Vec<(FindingKind, String, Option<String>)> {
    let findings = survey_after(&mut connect(), sql).into_iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.kind, finding.subject, finding.mend)).collect()
}

fn warnings_after(sql: &str, kind: FindingKind) -> usize {
    of_kind(&survey_after(&mut connect(), sql), kind).len()
}

#[test]
fn row_level_security_is_an_error_for_whom_it_hides_rows_from() {
    let mut connection = connect();
    let role = crate::server::new_name();
    let sql = format!(
        "{TABLE} ALTER TABLE p ENABLE ROW LEVEL SECURITY; ALTER TABLE p FORCE ROW LEVEL SECURITY;
         CREATE POLICY half ON p USING (id > 1)"
    );
    // The tests' own role passes by every policy.
    assert_eq!(of_kind(&survey_after(&mut connection, &sql), FindingKind::RowSecurity), []);
    let findings = survey_after(
        &mut connection,
        &format!(
            "CREATE ROLE {role}; GRANT ALL ON p TO {role};
             DO $$ BEGIN EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO {role}', pg_catalog.current_schema()); END $$;
             SET ROLE {role}"
        ),
    );
    assert_eq!(of_kind(&findings, FindingKind::RowSecurity), [(Severity::Error, "p")]);
    connection.batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn what_cannot_hold_an_envelope_is_an_error() {
    let alter = |change: &str| Some(format!("ALTER TABLE \"p\" ALTER COLUMN \"v\" {change}"));
    let table = |v: &str| format!("CREATE TABLE p (id int PRIMARY KEY, v {v}, i bytea)");
    let error = |kind, mend| vec![(kind, "p.v".to_owned(), mend)];
    assert_eq!(errors_after(&table("varchar(51)")), []);
    assert_eq!(errors_after(&table("varchar(50)")), error(FindingKind::TooNarrow, alter("TYPE text")));
    let domains = "CREATE DOMAIN narrow AS varchar(50); CREATE DOMAIN narrower AS narrow;";
    assert_eq!(errors_after(&format!("{domains} {}", table("narrower")))[0].0, FindingKind::TooNarrow);
    assert_eq!(errors_after(&table("char(500)"))[0].0, FindingKind::Padded);
    assert_eq!(errors_after(&table("text GENERATED ALWAYS AS ('x') STORED"))[0].0, FindingKind::Generated);
}

#[test]
fn what_has_no_rows_of_its_own_is_an_error() {
    let of = "CREATE TABLE q (id int PRIMARY KEY, v text, i bytea);";
    for sql in ["CREATE VIEW p AS SELECT * FROM q", "CREATE MATERIALIZED VIEW p AS SELECT * FROM q"] {
        assert_eq!(errors_after(&format!("{of} {sql}"))[0].0, FindingKind::NotATable, "{sql}");
    }
    let rule = "CREATE RULE gone AS ON UPDATE TO p DO INSTEAD NOTHING";
    let found = errors_after(&format!("{TABLE} {rule}"));
    let mend = Some("DROP RULE \"gone\" ON \"p\"".to_owned());
    assert_eq!(found, [(FindingKind::Rule, "p".to_owned(), mend)]);
}

#[test]
fn tables_that_inherit_are_named_and_partitions_are_not() {
    assert_eq!(
        hidden_after("CREATE TABLE c () INHERITS (p); CREATE TABLE d () INHERITS (c)"),
        ["inherits:c", "inherits:d"]
    );
    let findings = survey_after(
        &mut connect(),
        "CREATE TABLE p (id int PRIMARY KEY, v text, i bytea) PARTITION BY RANGE (id);
         CREATE TABLE part PARTITION OF p FOR VALUES FROM (1) TO (9)",
    );
    assert_eq!(hidden(&findings), [""; 0]);
}

#[test]
fn a_trigger_that_sees_the_values_is_named() {
    let trigger = |name: &str, event: &str, body: &str| {
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NEW; END $$;
             CREATE TRIGGER {name} {event} ON p FOR EACH ROW EXECUTE FUNCTION {name}();"
        )
    };
    let audit = trigger("audit", "AFTER UPDATE", "INSERT INTO log SELECT OLD.*");
    let lower = trigger("lower_case", "BEFORE INSERT", "NEW.v := lower(NEW.v)");
    let touch = trigger("touch", "BEFORE UPDATE", "NEW.id := NEW.id");
    assert_eq!(hidden_after(&format!("{audit} {lower} {touch}")), ["trigger:audit", "trigger:lower_case"]);
    // It may have copied before.
    let disabled = format!("{audit} ALTER TABLE p DISABLE TRIGGER audit");
    assert_eq!(hidden_after(&disabled), ["trigger:audit"]);
}

#[test]
fn rules_materialized_views_and_publications_are_named() {
    assert_eq!(
        hidden_after(
            "CREATE TABLE log (v text); CREATE RULE copy AS ON UPDATE TO p DO ALSO INSERT INTO log VALUES (OLD.v)"
        ),
        ["rule:copy"]
    );
    assert_eq!(
        hidden_after(
            "CREATE VIEW w AS SELECT id, v FROM p; CREATE MATERIALIZED VIEW m AS SELECT v FROM w;
             CREATE MATERIALIZED VIEW n AS SELECT id FROM p"
        ),
        ["view:m"]
    );
}

#[test]
fn arrays_and_documents_with_envelopes_are_named() {
    let envelope = "ed1:5ab351d0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let found = hidden_after(&format!(
        "ALTER TABLE p ADD tags encrypted_text[], ADD doc jsonb, ADD plain jsonb, ADD many bytea[];
         INSERT INTO p (id, tags, doc, plain, many) VALUES
            (1, ARRAY['{envelope}'], '{{\"a\": [\"{envelope}\"]}}', '{{}}', ARRAY['\\xed656401'::bytea])"
    ));
    assert_eq!(found, ["column:doc", "column:many", "column:tags"]);
}

#[test]
fn a_default_that_is_plaintext_is_named() {
    let table = |v: &str| format!("CREATE TABLE p (id int PRIMARY KEY, v {v}, i bytea)");
    for plaintext in ["text NOT NULL DEFAULT 'none'", "text DEFAULT ''", "text DEFAULT current_user"] {
        assert_eq!(warnings_after(&table(plaintext), FindingKind::PlaintextDefault), 1, "{plaintext}");
    }
    let domain = format!("CREATE DOMAIN d AS text DEFAULT 'none'; {}", table("d"));
    assert_eq!(warnings_after(&domain, FindingKind::PlaintextDefault), 1);
    for other in ["text", "text DEFAULT NULL", "text DEFAULT 'ed1:5ab351d0:AAAA'"] {
        assert_eq!(warnings_after(&table(other), FindingKind::PlaintextDefault), 0, "{other}");
    }
}

#[test]
fn statistics_with_plaintext_are_named_until_they_are_made_again() {
    let mut connection = connect();
    let insert =
        "INSERT INTO p (id, v) SELECT n, 'secret ' || n FROM generate_series(1, 50) AS s (n); ANALYZE p";
    let findings = survey_after(&mut connection, &format!("{TABLE} {insert}"));
    assert_eq!(of_kind(&findings, FindingKind::Statistics), [(Severity::Warning, "p.v")]);
    let shown = findings.iter().map(ToString::to_string).collect::<String>();
    assert!(!shown.contains("secret"), "{shown}");
    let findings = survey_after(&mut connection, "UPDATE p SET v = 'ed1:5ab351d0:AAAA'; ANALYZE p");
    assert_eq!(of_kind(&findings, FindingKind::Statistics), []);
}

#[test]
fn an_index_that_is_missing_and_a_collation_that_ignores_case_are_named() {
    let table = "CREATE TABLE p (id int PRIMARY KEY, v text, i bytea);";
    let findings = survey_after(&mut connect(), table);
    assert_eq!(of_kind(&findings, FindingKind::NoIndex), [(Severity::Warning, "p.i")]);
    let collation = "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";
    let alter = "ALTER TABLE p ALTER v TYPE text COLLATE ci";
    let findings = survey_after(&mut connect(), &format!("{TABLE} {collation}; {alter}"));
    assert_eq!(of_kind(&findings, FindingKind::Collation), [(Severity::Warning, "p.v")]);
}

#[test]
fn a_check_is_offered_until_there_is_one() {
    let findings = survey_after(&mut connect(), TABLE);
    let offered = findings.iter().find(|finding| finding.kind == FindingKind::NoCheck).unwrap();
    let mend = offered.afterwards.clone().unwrap();
    assert!(mend.contains("ADD CONSTRAINT \"p_encrypted\" CHECK (\"v\" LIKE 'ed1:%') NOT VALID;"), "{mend}");
    assert_eq!(of_kind(&survey_after(&mut connect(), &format!("{TABLE} {mend}")), FindingKind::NoCheck), []);
}

/// Names, operators and functions of a guest's are not used.
#[test]
fn a_guest_cannot_answer_in_the_catalogs_place() {
    let guest = "
        CREATE FUNCTION wrong(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION wrong(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION wrong(name, name) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION wrong(\"char\", \"char\") RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = oid, FUNCTION = wrong);
        CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = wrong);
        CREATE OPERATOR = (LEFTARG = name, RIGHTARG = name, FUNCTION = wrong);
        CREATE OPERATOR = (LEFTARG = \"char\", RIGHTARG = \"char\", FUNCTION = wrong);
        CREATE OPERATOR <> (LEFTARG = \"char\", RIGHTARG = \"char\", FUNCTION = wrong);
        CREATE FUNCTION current_setting(text, boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        CREATE FUNCTION unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
        DO $$ BEGIN EXECUTE pg_catalog.format('SET search_path = %I, pg_catalog', pg_catalog.current_schema()); END $$";
    let mut connection = connect();
    let table = "ALTER TABLE p ADD doc jsonb; INSERT INTO p (id, v, doc) VALUES (1, 'x', '{}'); ANALYZE p;";
    let findings = survey_after(&mut connection, &format!("{TABLE} {table} {guest}"));
    assert_eq!(hidden(&findings), [""; 0]);
}

#[test]
fn a_server_that_logs_what_is_sent_to_it_is_named() {
    let logging = |settings: &str| {
        let findings = survey_after(&mut connect(), &format!("{TABLE} {settings}"));
        let logging = findings.into_iter().filter(|finding| finding.kind == FindingKind::Logging);
        logging.map(|finding| finding.message).collect::<Vec<_>>()
    };
    let quiet =
        "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_min_duration_sample = -1;
                 SET log_parameter_max_length_on_error = 0;";
    assert_eq!(logging(quiet), [""; 0]);
    let statements = "it logs statements and their parameters, and with them plaintext that other programs and raw SQL send";
    for loud in ["SET log_statement = 'mod'", "SET log_min_duration_statement = 1000"] {
        assert_eq!(logging(&format!("{quiet} {loud}")), [statements], "{loud}");
    }
    let on_error = "SET log_parameter_max_length_on_error = -1";
    assert_eq!(logging(&format!("{quiet} {on_error}")), ["it logs the parameters of statements that fail"]);
}

#[test]
fn what_is_on_another_server_is_named() {
    let name = crate::server::new_name();
    let mut connection = connect();
    connection
        .batch_execute(&format!(
            "CREATE FOREIGN DATA WRAPPER {name}; CREATE SERVER {name} FOREIGN DATA WRAPPER {name}"
        ))
        .unwrap();
    let findings = survey_after(
        &mut connection,
        &format!(
            "CREATE TABLE p (id int, v text, i bytea) PARTITION BY RANGE (id);
             CREATE FOREIGN TABLE far PARTITION OF p FOR VALUES FROM (1) TO (9) SERVER {name}"
        ),
    );
    assert_eq!(hidden(&findings), ["partition:far"]);
    let findings = survey_after(
        &mut connection,
        &format!("DROP TABLE p; CREATE FOREIGN TABLE p (id int, v text, i bytea) SERVER {name}"),
    );
    assert_eq!(of_kind(&findings, FindingKind::NotATable), [(Severity::Error, "p")]);
    connection.batch_execute(&format!("DROP FOREIGN DATA WRAPPER {name} CASCADE")).unwrap();
}

/// Columns that the role may not read do not stop it.
#[test]
fn what_the_role_may_not_read_is_named() {
    let mut connection = connect();
    let role = crate::server::new_name();
    let findings = survey_after(
        &mut connection,
        &format!(
            "{TABLE} ALTER TABLE p ADD other text; CREATE ROLE {role}; GRANT SELECT (id, v, i), UPDATE (v, i) ON p TO {role};
             DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema()); END $$;
             SET ROLE {role}"
        ),
    );
    assert_eq!(of_kind(&findings, FindingKind::Privilege), [(Severity::Notice, "p.other")]);
    connection.batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_check_that_may_refuse_envelopes_is_named_and_does_not_stand_for_ours() {
    let mut connection = connect();
    let findings = survey_after(&mut connection, "CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
        CREATE TABLE p (id int PRIMARY KEY, v short CONSTRAINT mail CHECK (v LIKE '%@%') CHECK (v IS NOT NULL), i bytea)");
    let checks: Vec<_> =
        findings.iter().filter(|finding| finding.kind == FindingKind::ForeignCheck).collect();
    let mends: Vec<_> = checks.iter().filter_map(|finding| finding.mend.as_deref()).collect();
    assert_eq!(
        mends,
        ["ALTER TABLE \"p\" DROP CONSTRAINT \"mail\"", "ALTER DOMAIN short DROP CONSTRAINT \"short_check\""]
    );
    assert!(checks[0].message.contains("~~ '%@%'"), "{}", checks[0].message);
    // Each mend runs as it is printed, and ours keeps plaintext out.
    for mend in mends {
        connection.batch_execute(mend).unwrap();
    }
    let findings = survey_after(&mut connection, "SELECT 1");
    assert_eq!(of_kind(&findings, FindingKind::ForeignCheck), []);
    let missing = findings.iter().find(|finding| finding.kind == FindingKind::NoCheck).unwrap();
    let findings = survey_after(&mut connection, missing.afterwards.as_ref().unwrap());
    assert_eq!(of_kind(&findings, FindingKind::NoCheck), []);
    assert_eq!(of_kind(&findings, FindingKind::Check), [(Severity::Notice, "p.v")]);
    connection.batch_execute("INSERT INTO p (id, v) VALUES (1, 'a@b')").unwrap_err();
    connection.batch_execute("INSERT INTO p (id, v) VALUES (1, 'ed1:x')").unwrap();
}

#[test]
fn what_is_derived_from_a_column_or_compared_with_it_is_named() {
    let mut connection = connect();
    let findings = survey_after(
        &mut connection,
        "CREATE TABLE other (v text UNIQUE);
         CREATE TABLE p (id int PRIMARY KEY, v text CONSTRAINT once UNIQUE REFERENCES other (v), i bytea,
            low text GENERATED ALWAYS AS (lower(v)) STORED, plain text GENERATED ALWAYS AS ('x') STORED);
         CREATE TABLE child (v text REFERENCES p (v)); CREATE INDEX upper ON p (upper(v));
         CREATE UNIQUE INDEX \"Once\" ON p (id, v) WHERE v IS NOT NULL; CREATE INDEX same ON p (v)",
    );
    let of = |kind| {
        let found = findings.iter().filter(|finding| finding.kind == kind && finding.subject == "p.v");
        found.filter_map(|finding| finding.mend.clone().or(finding.afterwards.clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        of(FindingKind::ForeignKey),
        [
            "ALTER TABLE child DROP CONSTRAINT \"child_v_fkey\"",
            "ALTER TABLE \"p\" DROP CONSTRAINT \"p_v_fkey\""
        ]
    );
    assert_eq!(
        of(FindingKind::NotUnique),
        ["DROP INDEX \"Once\"", "ALTER TABLE \"p\" DROP CONSTRAINT \"once\""]
    );
    assert_eq!(of(FindingKind::Computed), ["ALTER TABLE \"p\" DROP COLUMN \"low\"", "DROP INDEX \"upper\""]);
    for kind in [FindingKind::ForeignKey, FindingKind::NotUnique, FindingKind::Computed] {
        for mend in of(kind) {
            connection.batch_execute(&mend).unwrap();
        }
    }
    let findings = survey_after(&mut connection, "SELECT 1");
    let left = |finding: &&encrypted_diesel::maintenance::Finding| {
        matches!(finding.kind, FindingKind::ForeignKey | FindingKind::NotUnique | FindingKind::Computed)
    };
    assert_eq!(findings.iter().find(left), None);
}

#[test]
fn the_longest_value_needs_room() {
    let mut connection = connect();
    let table = "CREATE TABLE p (id int PRIMARY KEY, v varchar(60), i bytea);";
    // An envelope of 6 bytes has 59 characters, and one of 7 has 60. An é has 2 bytes.
    for (value, is_long) in
        [("1234567", false), ("12345678", true), ("ééé", false), ("éééé", true), ("ed1:12345", false)]
    {
        let insert =
            format!("DROP TABLE IF EXISTS p; {table} INSERT INTO p (id, v) VALUES (1, '{value}'), (2, NULL)");
        let findings = survey_after(&mut connection, &insert);
        let found = of_kind(&findings, FindingKind::TooLong);
        assert_eq!(found, if is_long { vec![(Severity::Warning, "p.v")] } else { vec![] }, "{value}");
    }
}

#[test]
fn a_trigger_that_a_walk_fires_can_be_disabled() {
    let mut connection = connect();
    let findings = survey_after(
        &mut connection,
        &format!(
            "{TABLE} ALTER TABLE p ADD at timestamptz; CREATE TABLE log (v text);
             CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
             CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO log VALUES (OLD.v); RETURN NEW; END $$;
             CREATE TRIGGER a_stamp BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION stamp();
             CREATE TRIGGER b_keep AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION keep();
             CREATE TRIGGER c_other AFTER UPDATE OF at ON p FOR EACH ROW EXECUTE FUNCTION stamp();
             CREATE TRIGGER d_new AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION keep()"
        ),
    );
    let triggers = of_kind(&findings, FindingKind::Trigger);
    assert_eq!(triggers, [(Severity::Warning, "p"), (Severity::Warning, "p"), (Severity::Notice, "p")]);
    let fires = |name: &str| {
        let about = findings.iter().find(|finding| finding.message.contains(&format!("trigger {name}")));
        about.map(|finding| (finding.message.contains("a walk fires"), finding.mend.is_some()))
    };
    assert_eq!(fires("a_stamp"), Some((true, true)));
    assert_eq!(fires("b_keep"), Some((true, true)));
    assert_eq!(fires("c_other"), None);
    assert_eq!(fires("d_new"), Some((false, false)));
    for finding in &findings {
        if let (FindingKind::Trigger, Some(mend)) = (finding.kind, &finding.mend) {
            connection.batch_execute(mend).unwrap();
        }
    }
    let findings = survey_after(&mut connection, "SELECT 1");
    assert!(findings.iter().any(|finding| finding.message.contains("b_keep is disabled")), "{findings:?}");
}

/// Only the owner of a type can create a cast of it, and a guest may own one.
#[test]
fn a_cast_of_a_guests_type_is_not_called() {
    let mut connection = connect();
    let casts = ["a_row", "an_enum", "\"text\"", "\"bytea\"", "\"varchar\""].map(|name| {
        format!(
            "CREATE FUNCTION evil({name}) RETURNS pg_catalog.text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
             CREATE CAST ({name} AS pg_catalog.text) WITH FUNCTION evil({name}) AS IMPLICIT;"
        )
    });
    let findings = survey_after(
        &mut connection,
        &format!(
            "DO $$ BEGIN EXECUTE pg_catalog.format('SET search_path = %I, pg_catalog', pg_catalog.current_schema()); END $$;
             {TABLE} CREATE TYPE a_row AS (a pg_catalog.text); CREATE TYPE an_enum AS ENUM ('ed1:5ab351d0:');
             CREATE TYPE \"text\" AS (a pg_catalog.text); CREATE TYPE \"bytea\" AS (a pg_catalog.text);
             CREATE TYPE \"varchar\" AS (a pg_catalog.text); CREATE DOMAIN over_row AS a_row;
             {}
             ALTER TABLE p ADD plain a_row, ADD one a_row, ADD many a_row[], ADD enums an_enum[], ADD named \"text\",
                ADD bytes \"bytea\", ADD varying \"varchar\", ADD domains over_row;
             INSERT INTO p VALUES (1, NULL, NULL, ROW('x'), ROW('ed1:5ab351d0:'), ARRAY[ROW('ed1:5ab351d0:')::a_row],
                ARRAY['ed1:5ab351d0:'::an_enum], ROW('ed1:5ab351d0:'), ROW('ed1:5ab351d0:'), ROW('ed1:5ab351d0:'),
                ROW('ed1:5ab351d0:')::a_row)",
            casts.concat()
        ),
    );
    let columns = ["bytes", "domains", "enums", "many", "named", "one", "varying"];
    assert_eq!(hidden(&findings), columns.map(|name| format!("column:{name}")));
}

/// The newest values are often the last ones, and bytes may be text.
#[test]
fn the_last_rows_are_looked_at_and_bytes_as_text() {
    let found = hidden_after(
        "ALTER TABLE p ADD new text, ADD bytes bytea, ADD plain text;
         INSERT INTO p (id, new, bytes, plain) SELECT n, 'x', 'x', 'x' FROM generate_series(1, 10500) AS n;
         UPDATE p SET new = 'ed1:5ab351d0:AAAA', bytes = convert_to('{\"a\": \"ed1:5ab351d0:AAAA\"}', 'UTF8') WHERE id = 10500;
         CLUSTER p USING p_pkey",
    );
    assert_eq!(found, ["column:bytes", "column:new"]);
}

#[test]
fn patterns_are_matched_under_any_collation() {
    let found = hidden_after(
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         ALTER TABLE p ADD ignores text COLLATE any_case, ADD many text[] COLLATE any_case;
         ALTER TABLE p ALTER v TYPE varchar(200) COLLATE any_case;
         INSERT INTO p (id, v, ignores, many) VALUES (1, 'x', 'ed1:5ab351d0:AAAA', ARRAY['ed1:5ab351d0:AAAA'])",
    );
    assert_eq!(found, ["column:ignores", "column:many"]);
}

/// Only the beginning is read, and only of some.
#[test]
fn large_values_are_soon_looked_at() {
    let mut connection = connect();
    connection.batch_execute(TABLE).unwrap();
    connection
        .batch_execute(
            "ALTER TABLE p ADD large text, ADD doc jsonb, ADD bytes bytea;
             INSERT INTO p (id, large, doc, bytes) SELECT n, large, to_jsonb(large), convert_to(large, 'UTF8')
                FROM generate_series(1, 300) AS n, LATERAL (SELECT repeat('plain ' || n, 300000)) AS s (large)",
        )
        .unwrap();
    let start = std::time::Instant::now();
    let findings = survey_after(&mut connection, "SELECT 1");
    assert_eq!(hidden(&findings), [""; 0]);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// Diesel's own `diesel_manage_updated_at`, and PostgreSQL's.
#[test]
fn triggers_that_keep_nothing_hide_nothing() {
    let found = hidden_after(
        "ALTER TABLE p ADD updated_at timestamp;
         CREATE FUNCTION diesel_set_updated_at() RETURNS trigger AS $$
         BEGIN
             IF (
                 NEW IS DISTINCT FROM OLD AND
                 NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at
             ) THEN
                 NEW.updated_at := current_timestamp;
             END IF;
             RETURN NEW;
         END;
         $$ LANGUAGE plpgsql;
         CREATE TRIGGER set_updated_at BEFORE UPDATE ON p FOR EACH ROW EXECUTE PROCEDURE diesel_set_updated_at();
         CREATE TRIGGER z_redundant BEFORE UPDATE ON p FOR EACH ROW
             EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_trigger_that_reads_the_table_is_named() {
    for body in [
        "INSERT INTO hist TABLE p",
        "INSERT INTO hist SELECT u FROM p AS u",
        "CREATE TEMP TABLE kept AS TABLE p",
        "DELETE FROM hist",
        "UPDATE hist SET doc = (SELECT p FROM p LIMIT 1)",
    ] {
        let found = hidden_after(&format!(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$;
             CREATE TRIGGER keep AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION keep()"
        ));
        assert_eq!(found, ["trigger:keep"], "{body}");
    }
}

/// What overwrites other columns, or the table's own, is refused. What copies into another table is named.
#[test]
fn a_foreign_key_that_writes_is_named() {
    let table = "CREATE TABLE p (id int PRIMARY KEY, v text UNIQUE, i bytea, boss text); CREATE TABLE orders (v text);";
    for (alter, is_error) in [
        ("orders ADD CONSTRAINT k FOREIGN KEY (v) REFERENCES p (v) ON UPDATE CASCADE", false),
        ("orders ADD CONSTRAINT k FOREIGN KEY (v) REFERENCES p (v) ON UPDATE SET NULL", true),
        ("orders ADD CONSTRAINT k FOREIGN KEY (v) REFERENCES p (v) ON UPDATE SET DEFAULT", true),
        ("p ADD CONSTRAINT k FOREIGN KEY (boss) REFERENCES p (v) ON UPDATE CASCADE", true),
    ] {
        let mut connection = connect();
        let findings = survey_after(&mut connection, &format!("{table} ALTER TABLE {alter}"));
        let severity = if is_error { Severity::Error } else { Severity::Warning };
        assert_eq!(of_kind(&findings, FindingKind::Cascade), [(severity, "p.v")], "{alter}");
        assert_eq!(
            hidden(&findings),
            if is_error { vec![] } else { vec!["foreign-key:orders.v"] },
            "{alter}"
        );
        let mend =
            findings.into_iter().find(|finding| finding.kind == FindingKind::Cascade).unwrap().mend.unwrap();
        assert_eq!(of_kind(&survey_after(&mut connection, &mend), FindingKind::Cascade), [], "{alter}");
    }
    let other = "ALTER TABLE p ADD CONSTRAINT k FOREIGN KEY (boss) REFERENCES p (v) ON DELETE CASCADE";
    let findings = survey_after(&mut connect(), &format!("{table} {other}"));
    assert_eq!(of_kind(&findings, FindingKind::Cascade), []);
}

/// A role that may create schemas can make one that is searched first.
#[test]
fn a_table_of_the_same_name_in_another_schema_is_named() {
    let mut connection = connect();
    let (decoy, role) = (crate::server::new_name(), crate::server::new_name());
    let findings = survey_after(
        &mut connection,
        &format!(
            "{TABLE} CREATE ROLE {role}; CREATE SCHEMA {decoy} AUTHORIZATION {role};
             CREATE TABLE {decoy}.p (id int PRIMARY KEY, v text, i bytea);
             DO $$ BEGIN EXECUTE pg_catalog.format('SET search_path = {decoy}, %I', pg_catalog.current_schema()); END $$"
        ),
    );
    assert_eq!(
        of_kind(&findings, FindingKind::SameName),
        [(Severity::Warning, "p"), (Severity::Warning, "p")]
    );
    let places = hidden(&findings);
    assert!(places.contains(&&*format!("schema:{decoy}")) && places.len() == 2, "{places:?}");
    connection.batch_execute(&format!("DROP SCHEMA {decoy} CASCADE; DROP ROLE {role}")).unwrap();
    let findings = survey_after(&mut connection, "SELECT 1");
    assert_eq!(of_kind(&findings, FindingKind::SameName), []);
}
