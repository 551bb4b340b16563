//! Columns, and what the server does with them.

use super::*;

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
