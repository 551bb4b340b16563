//! Row level security that is switched on while a walk runs.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{EncryptedText, Keyring};

use super::behaviour::{key, samples};
use super::{Backend, Shared};
use crate::server;

#[test]
fn rows_that_are_hidden_meanwhile_are_not_said_to_be_done() {
    let shared = Shared::new();
    let (mut admin, mut connection) = (shared.connect(), shared.connect());
    let role = server::new_name();
    Keyring::new(key(1)).scope(|| {
        for id in 1..=20 {
            let row = (samples::id.eq(id), samples::text.eq(EncryptedText::from("text")));
            diesel::insert_into(samples::table).values(row).execute(&mut admin).unwrap();
        }
    });
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role}; GRANT ALL ON samples TO {role};
            DO $$ BEGIN EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO {role}', pg_catalog.current_schema()); END $$;"
        ))
        .unwrap();
    connection.batch_execute(&format!("SET ROLE {role}")).unwrap();

    let walk = EncryptedColumn::<Backend>::new::<samples::text, EncryptedText>().rotate().batch_size(4);
    let hide =
        "ALTER TABLE samples ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON samples USING (id % 5 <> 0)";
    let mut is_hidden = false;
    let walked = Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        walk.run(&mut connection, |_| {
            if !is_hidden {
                admin.batch_execute(hide).unwrap();
                is_hidden = true;
            }
        })
    });
    // It ends with an error, or says that it has not reached all of them.
    let is_said = walked.as_ref().map_or(true, |walked| walked.unreached > 0);
    admin.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
    assert!(is_said, "{walked:?}");
}
