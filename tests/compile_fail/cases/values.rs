// Values that cannot be encrypted or read.

use diesel::prelude::*;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext};
use encrypted_diesel::{Encrypted, EncryptedVarchar};

struct NoPlaintext;

fn not_plaintext() {
    let _ = Encrypted::new(NoPlaintext); //~ ERROR: `NoPlaintext` cannot be encrypted
    //~^ ERROR: `NoPlaintext` cannot be encrypted
}

fn read<T: FromPlaintext>() {}

fn borrowed() {
    read::<&str>(); //~ ERROR: `&str` cannot be read from an encrypted column
}

fn unchecked_length() {
    let _: EncryptedVarchar<5> = "text".into(); //~ ERROR: EncryptedVarchar<5>: From<&str>` is not satisfied
}

fn shown(secret: encrypted_diesel::EncryptedText) {
    println!("{secret}"); //~ ERROR: `Encrypted<String>` doesn't implement `std::fmt::Display`
}

fn serialized(secret: encrypted_diesel::EncryptedText) {
    fn serialize(_: impl serde::Serialize) {}
    serialize(secret); //~ ERROR: `Encrypted<String>: serde::Serialize` is not satisfied
}

fn main() {}
