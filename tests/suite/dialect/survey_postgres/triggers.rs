//! Triggers, by what they see and keep.

use super::*;

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
