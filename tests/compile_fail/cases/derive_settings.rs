// Settings that are wrong by themselves: each is shown where it stands, and all at once.

use encrypted_diesel::Encrypted;

#[derive(Encrypted)]
#[encrypted(contxt = "a")] //~ ERROR: unknown setting
struct Unknown(String);

#[derive(Encrypted)]
#[encrypted(context = "")] //~ ERROR: a context is not empty
struct EmptyContext(String);

#[derive(Encrypted)]
#[encrypted(context = 7)] //~ ERROR: a context is a string
struct NumberContext(String);

#[derive(Encrypted)]
#[encrypted(context)] //~ ERROR: expected `=`
struct NoContext(String);

#[derive(Encrypted)]
#[encrypted(previous_contexts = "a")] //~ ERROR: previous contexts are a list of strings
struct NoList(String);

#[derive(Encrypted)]
#[encrypted(context = "a", previous_contexts = ["b", "a"])] //~ ERROR: this context is there already
struct RepeatedContext(String);

#[derive(Encrypted)]
#[encrypted(sql_type = "EncryptedText")] //~ ERROR: an SQL type is the path of a type
struct StringType(String);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    context = "b", //~ ERROR: `context` is set twice
    previous_contexts = ["c", "c"], //~ ERROR: this context is there already
)]
enum AllAtOnce { //~ ERROR: an enum has no plaintext form by itself
    #[encrypted(text)] //~ ERROR: `#[encrypted]` belongs to the whole type
    One,
}

fn main() {}
