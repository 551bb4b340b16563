//@check-pass
// Mistakes that compile, as the documentation says. If one of these starts to fail, change it there.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, EncryptedText};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        notes -> Nullable<EncryptedText>,
        remarks -> Nullable<EncryptedText>,
        code -> Nullable<DeterministicText>,
        email_index -> BlindIndex,
    }
}

use patients::{code, email_index, notes, remarks, table};

#[derive(Encrypted)]
#[encrypted(context = "patients.email", index)]
struct Email(String);

#[derive(Encrypted)]
#[encrypted(context = "patients.phone", index)]
struct Phone(String);

#[derive(Encrypted)]
#[encrypted(context = "patients.code")]
struct Code(String);

fn main() {
    let _ = table.order(notes);
    let _ = diesel::delete(table).filter(notes.eq(EncryptedText::default()));
    let _ = diesel::update(table).filter(notes.eq(EncryptedText::default()));
    let _ = table.filter(notes.eq(Some(EncryptedText::default())));
    let _ = table.filter(notes.eq(remarks));
    let _ = table.group_by(notes).select(notes);
    let _ = table.group_by(notes).having(notes.eq(EncryptedText::default())).select(notes);
    let _ = table.select(notes).distinct();
    let _ = diesel::insert_into(table)
        .values(notes.eq(EncryptedText::default()))
        .on_conflict(notes)
        .do_nothing();
    let _ = diesel::sql_query("SELECT id FROM patients WHERE notes = ?")
        .bind::<encrypted_diesel::sql_types::EncryptedText, _>(EncryptedText::default());

    // On deterministic columns, these find values under the primary key only.
    let _ = diesel::delete(table).filter(code.eq(Code(String::new())));
    let _ = table.filter(code.eq(Some(Code(String::new()))));

    // A column knows neither the context nor the type of its values.
    let _ = table.filter(email_index.matches(Email(String::new())));
    let _ = table.filter(email_index.matches(Phone(String::new())));
}
