// An encrypted column is not text to the database.

use diesel::prelude::*;
use encrypted_diesel::EncryptedText;

//~v ERROR: the method `like` exists for struct `columns::name`, but its trait bounds were not satisfied
diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedText,
    }
}

fn main() {
    let _ = patients::table.filter(patients::name.like("A%"));
    let _ = patients::name.concat(EncryptedText::default()); //~ ERROR: the method `concat` exists for struct `columns::name`, but its trait bounds were not satisfied
}
