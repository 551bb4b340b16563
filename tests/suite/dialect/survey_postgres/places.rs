//! Where rows and copies of values may be that no walk reaches.

use super::*;

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
