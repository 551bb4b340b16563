// Plaintext cannot be written into an encrypted column, nor compared with one.

use diesel::prelude::*;
use encrypted_diesel::EncryptedBinary;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedText,
        age -> EncryptedText,
        photo -> EncryptedBinary,
    }
}

use patients::{age, name, photo, table};

fn borrowed_text() {
    let _ = diesel::insert_into(table).values(name.eq("Ada")); //~ ERROR: `&str: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
}

fn owned_text() {
    let _ = diesel::update(table).set(name.eq(String::from("Ada"))); //~ ERROR: `String: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
    //~^ ERROR: `String: AppearsOnTable<table>` is not satisfied
}

fn filtered_text() {
    let _ = table.filter(name.eq("Ada")); //~ ERROR: `&str: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
    //~^ ERROR: `str: ValidGrouping<()>` is not satisfied
    //~| ERROR: `str: Expression` is not satisfied
}

fn number() {
    let _ = diesel::insert_into(table).values(age.eq(7)); //~ ERROR: `{integer}: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
}

fn bytes() {
    let _ = diesel::insert_into(table).values(photo.eq(vec![1_u8])); //~ ERROR: `Vec<u8>: AsExpression<encrypted_diesel::sql_types::EncryptedBinary>` is not satisfied
}

#[derive(Insertable)]
#[diesel(table_name = patients)]
struct NewPatient {
    name: String, //~ ERROR: `String: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
    photo: Option<EncryptedBinary>,
}

fn main() {}
