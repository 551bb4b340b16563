//! Reads the keys as an application does, and prints what it found or why it did not. With the argument
//! `index`, as an application with blind indexes does.

fn main() {
    if std::env::args().nth(1).as_deref() == Some("index") {
        match init_with_index_key() {
            Ok(()) => println!("installed"),
            Err(error) => println!("{error:?}"),
        }
        return;
    }
    match encrypted_diesel::Keyring::from_env() {
        Ok(keyring) => println!("{keyring:?}"),
        Err(error) => println!("{error}"),
    }
    // Twice: to install equal keys again is no mistake.
    for _ in 0..2 {
        match encrypted_diesel::init() {
            Ok(()) => println!("installed"),
            Err(error) => println!("{error:?}"),
        }
    }
}

fn init_with_index_key() -> Result<(), encrypted_diesel::Error> {
    encrypted_diesel::Keyring::from_env()?.require_index_key()?.install()
}
