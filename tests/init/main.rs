//! Reads the keys as an application does, and prints them or the error. With the argument `index`, it does so as
//! an application with blind indexes does; with `file PATH`, as one that names a file.

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("index") => {
            match init_with_index_key() {
                Ok(()) => println!("installed"),
                Err(error) => println!("{error:?}"),
            }
            return;
        }
        Some("file") => {
            match encrypted_diesel::Keyring::from_env_file(arguments.next().unwrap_or_default()) {
                Ok(keyring) => println!("{keyring:?}"),
                Err(error) => println!("{error}"),
            }
            return;
        }
        _ => {}
    }
    match encrypted_diesel::Keyring::from_env() {
        Ok(keyring) => println!("{keyring:?}"),
        Err(error) => println!("{error}"),
    }
    // Twice, since installing equal keys again is allowed.
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
