// A randomized column cannot be compared: two encryptions of the same value differ.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, EncryptedVarchar};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedVarchar,
        notes -> Nullable<EncryptedText>,
        photo -> EncryptedBinary,
    }
}

use patients::{name, notes, photo, table};

#[derive(Encrypted)]
struct Note(String);

fn text() -> EncryptedText {
    EncryptedText::default()
}

fn eq() {
    table.filter(name.eq(text())); //~ ERROR: `encrypted_diesel::sql_types::EncryptedVarchar` cannot be compared with a value
}

fn ne_borrowed() {
    table.filter(name.ne(&text())); //~ ERROR: cannot be compared with a value
}

fn eq_varchar() {
    table.filter(name.eq(EncryptedVarchar::<9>::default())); //~ ERROR: cannot be compared with a value
}

fn eq_nullable() {
    table.filter(notes.eq(text())); //~ ERROR: cannot be compared with a value
}

fn eq_derived() {
    table.filter(notes.eq(Note(String::new()))); //~ ERROR: cannot be compared with a value
}

fn eq_binary() {
    table.filter(photo.eq(EncryptedBinary::default())); //~ ERROR: `encrypted_diesel::sql_types::EncryptedBinary` cannot be compared with a value
}

fn gt() {
    table.filter(name.gt(text())); //~ ERROR: cannot be compared with a value
}

fn between() {
    table.filter(name.between(text(), text())); //~ ERROR: cannot be compared with a value
}

fn eq_any() {
    table.filter(name.eq_any([text()])); //~ ERROR: cannot be compared with a value
}

fn ne_all() {
    table.filter(name.ne_all(vec![text()])); //~ ERROR: cannot be compared with a value
}

fn or_filter() {
    table.or_filter(name.eq(text())); //~ ERROR: cannot be compared with a value
}

fn and() {
    table.filter(notes.is_null().and(name.eq(text()))); //~ ERROR: cannot be compared with a value
}

fn delete() {
    diesel::delete(table.filter(name.eq(text()))); //~ ERROR: cannot be compared with a value
}

fn update() {
    diesel::update(table.filter(name.eq(text()))); //~ ERROR: cannot be compared with a value
}

fn select() {
    table.select(name.eq(text())); //~ ERROR: cannot be compared with a value
}

fn main() {}
