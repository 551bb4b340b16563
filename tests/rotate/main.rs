//! Rotates `samples.text` of the database in its argument, in small batches, until a walk reads nothing. A test
//! kills it during that.

#![allow(missing_docs, reason = "a program for one test")]

use std::error::Error;

use diesel::prelude::*;
use encrypted_diesel::EncryptedText;
use encrypted_diesel::maintenance::{Dialect, EncryptedColumn, WalkConnection};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    samples (id) { id -> Integer, text -> Nullable<EncryptedText> }
}

fn main() -> Result<(), Box<dyn Error>> {
    encrypted_diesel::init()?;
    let url = std::env::args().nth(1).ok_or("which database?")?;
    match url.split("://").next() {
        #[cfg(feature = "all-backends")]
        Some("postgres" | "postgresql") => {
            rotate(PgConnection::establish(&url)?, EncryptedColumn::new::<samples::text, EncryptedText>())
        }
        #[cfg(feature = "all-backends")]
        Some("mysql") => {
            rotate(MysqlConnection::establish(&url)?, EncryptedColumn::new::<samples::text, EncryptedText>())
        }
        _ => {
            rotate(SqliteConnection::establish(&url)?, EncryptedColumn::new::<samples::text, EncryptedText>())
        }
    }
}

fn rotate<Conn, DB: Dialect>(mut connection: Conn, column: EncryptedColumn<DB>) -> Result<(), Box<dyn Error>>
where
    Conn: WalkConnection<Backend = DB>,
{
    loop {
        let walked = column.rotate().batch_size(20).run(&mut connection, |_| {})?;
        if let [bad, ..] = &walked.bad[..] {
            return Err(bad.to_string().into());
        }
        if walked.read == 0 {
            return Ok(());
        }
    }
}
