//@error-in-other-file: this value has blind indexes: name it as `Indexed<Value, table::column, table::index_column>`
//@require-annotations-for-level: ERROR
// The bare type of a value with blind indexes. Only a build shows it, so this case has no other mistake.

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
