use diesel::{prelude::*, sql_query};
use encrypted_diesel::{EncryptedText, ExposeSecret};

diesel::table! {
    staff (id) { id -> Integer, ssn -> encrypted_diesel::sql_types::EncryptedText, }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    encrypted_diesel::init()?; // reads the key, from the environment or from `.env`
    let db = &mut SqliteConnection::establish("staff.db")?;
    sql_query("CREATE TABLE IF NOT EXISTS staff (id INTEGER PRIMARY KEY, ssn TEXT NOT NULL)").execute(db)?;

    let ssn = EncryptedText::from("123-45-6789");
    diesel::insert_into(staff::table).values(staff::ssn.eq(ssn)).execute(db)?;
    let ssn: EncryptedText = staff::table.select(staff::ssn).first(db)?;
    println!("{}", ssn.expose_secret());
    Ok(())
}
