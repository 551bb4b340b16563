// Types without their own plaintext form, and settings that contradict each other.

use encrypted_diesel::{Encrypted, Indexed};

#[derive(Encrypted)]
struct Empty; //~ ERROR: a struct without fields has nothing to encrypt

#[derive(Encrypted)]
struct Pair(String, /*
    */ String); //~ ERROR: a struct of several fields has no plaintext form by itself

#[derive(Encrypted)]
enum Choice { //~ ERROR: an enum has no plaintext form by itself
    One,
}

#[derive(Encrypted)]
union Either { //~ ERROR: a union has no plaintext form
    small: u8,
    large: u64,
}

#[derive(Encrypted)]
#[encrypted(text)]
#[encrypted(json)] //~ ERROR: `text` and `json` are both set
struct Both(String);

#[derive(Encrypted)]
struct Inner(#[encrypted(context = "inner")] String); //~ ERROR: `#[encrypted]` belongs on the type, not inside it

#[derive(Encrypted)]
#[encrypted(context = "name", index(normalize(trim)))]
struct Name(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index)]
struct IndexedInside(#[encrypted(index)] String); //~ ERROR: `#[encrypted]` belongs on the type, not inside it

#[derive(Encrypted)]
#[encrypted(index(by = Name))]
struct CompoundByAlone(Name, /*
    */ Name); //~ ERROR: a struct of several fields has no plaintext form by itself

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(trim)))] //~ ERROR: a compound value takes no `normalize`
struct CompoundNormalized(Name, Name);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    index,
    index(by = Name), //~ ERROR: a compound value takes no `index(by = …)`
)]
struct CompoundBy(Name, Name);

#[derive(Encrypted)]
#[encrypted(context = "a", index, sql_type = encrypted_diesel::sql_types::EncryptedText)] //~ ERROR: each field has its own column
struct CompoundSqlType(Name, Name);

#[derive(Encrypted)]
#[encrypted(index)] //~ ERROR: an index needs its own context
struct CompoundWithoutContext {
    #[encrypted(index(bits = 16))] //~ ERROR: a field takes only `index`
    first: Name,
    #[encrypted(context = "last")] //~ ERROR: a field takes only `index`
    last: Name,
    #[encrypted(index, index)] //~ ERROR: `index` is set twice
    middle: Name,
}

#[derive(Encrypted)]
#[encrypted(context = "a", index)]
struct TooManyFields {
    one: Name,
    two: Name,
    three: Name,
    four: Name,
    five: Name,
    six: Name,
    seven: Name, //~ ERROR: a compound value has at most 6 fields
}

#[derive(Encrypted)]
#[encrypted(context = "a", index)]
struct TooManyIndexes {
    #[encrypted(index)]
    one: Name,
    #[encrypted(index)]
    two: Name,
    #[encrypted(index)]
    three: Name,
    #[encrypted(index)]
    four: Name,
    #[encrypted(index)]
    five: Name,
    #[encrypted(index)]
    six: Name, //~ ERROR: a type has at most 6 indexes
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    people (id) {
        id -> Integer,
        first -> EncryptedText,
        last -> EncryptedText,
        name_index -> BlindIndex,
    }
}

// One mistake gives one message, without others about their index.
#[derive(diesel::Insertable)]
#[diesel(table_name = people)]
struct Person {
    #[diesel(embed)]
    name: Indexed<CompoundNormalized, (people::first, people::last), people::name_index>,
}

// One mistake gives one message, without others about their columns.
fn debug(values: (Empty, Pair, Choice, Both, Inner)) {
    println!("{values:?}");
    let _ = encrypted_diesel::Encrypted::new(values.0);
}

fn main() {}
