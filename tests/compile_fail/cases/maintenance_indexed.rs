// The bare type of a value with blind indexes: only what is built shows it, so this case has no other mistake.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::Encrypted;
use encrypted_diesel::maintenance::EncryptedColumn;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        email -> EncryptedText,
        email_index -> BlindIndex,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
struct Email(String);

fn main() {
    EncryptedColumn::<Sqlite>::new::<users::email, Email>();
}
