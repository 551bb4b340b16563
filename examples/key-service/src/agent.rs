//! Stands for an HSM: a server that holds a key nobody gets, and encrypts and decrypts other keys with it.
//!
//! One line is one request, `wrap PURPOSE HEX` or `unwrap PURPOSE HEX`, and the answer is `ok HEX` or `rejected`.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use aes_gcm_siv::aead::{Aead, Generate, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};

const NONCE: usize = 12;

/// Starts the agent, with a new key, and returns its address.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let cipher = Aes256GcmSiv::new(&aes_gcm_siv::Key::<Aes256GcmSiv>::generate());
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // The next client may do better.
            let _ = answer(&cipher, client);
        }
    });
    Ok(address)
}

fn answer(cipher: &Aes256GcmSiv, mut client: TcpStream) -> io::Result<()> {
    let mut request = String::new();
    BufReader::new(client.try_clone()?).read_line(&mut request)?;
    match work(cipher, request.trim_end()) {
        Some(done) => writeln!(client, "ok {}", hex::encode(done)),
        None => writeln!(client, "rejected"),
    }
}

fn work(cipher: &Aes256GcmSiv, request: &str) -> Option<Vec<u8>> {
    let [verb, purpose, bytes] = request.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let bytes = hex::decode(bytes).ok()?;
    // The purpose is authenticated, so an index key is not unwrapped in the place of an encryption key.
    let payload = |msg| Payload { msg, aad: purpose.as_bytes() };
    match verb {
        "wrap" => {
            let nonce = Nonce::generate();
            let wrapped = cipher.encrypt(&nonce, payload(&bytes)).ok()?;
            Some([nonce.as_slice(), &wrapped].concat())
        }
        "unwrap" => {
            let (nonce, wrapped) = bytes.split_at_checked(NONCE)?;
            cipher.decrypt(&Nonce::try_from(nonce).ok()?, payload(wrapped)).ok()
        }
        _ => None,
    }
}
