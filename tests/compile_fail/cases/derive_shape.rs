// Types without a plaintext form of their own, and settings that contradict each other.

use encrypted_diesel::Encrypted;

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
struct Inner(#[encrypted(context = "inner")] String); //~ ERROR: `#[encrypted]` belongs to the whole type

// One mistake gives one message: that these are values of columns is not in doubt.
fn debug(values: (Empty, Pair, Choice, Both, Inner)) {
    println!("{values:?}");
    let _ = encrypted_diesel::Encrypted::new(values.0);
}

fn main() {}
