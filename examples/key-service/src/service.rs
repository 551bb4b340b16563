//! Entries such as `agent://127.0.0.1:4000?wrapped=HEX&check=…`.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

use encrypted_diesel::key_service::{Call, KeyService, KeyUri, ServiceError};
use encrypted_diesel::{ExposeSecret, Key};

/// The agent, as a key service. [`Call`] says how long it may take; tries and deadlines are the library's.
pub(crate) struct Agent;

impl KeyService for Agent {
    fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError> {
        let wrapped = ask(under, call, "wrap", &hex::encode(key.expose_secret()))?;
        Ok(under.clone().with("wrapped", hex::encode(wrapped)))
    }

    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
        entry.refuse_others(&["wrapped"])?;
        let bytes = ask(entry, call, "unwrap", entry.require("wrapped")?)?;
        let bytes = <[u8; Key::LEN]>::try_from(bytes).map_err(|_| rejected("not 32 bytes"))?;
        Ok(Key::from(bytes))
    }
}

fn ask(uri: &KeyUri, call: &Call, verb: &str, bytes: &str) -> Result<Vec<u8>, ServiceError> {
    let address: SocketAddr = uri.location().parse().map_err(|_| ServiceError::Settings {
        reason: "write the agent's address and port, such as agent://127.0.0.1:4000".to_owned(),
    })?;
    let answer = exchange(address, call, &format!("{verb} {} {bytes}\n", call.purpose()))
        .map_err(|error| ServiceError::Unreachable { reason: error.kind().to_string() })?;
    // What a service says is not repeated in an error: it could be what it was sent.
    let bytes = answer.trim_end().strip_prefix("ok ").ok_or_else(|| rejected("by the agent"))?;
    hex::decode(bytes).map_err(|_| rejected("the answer is not hex"))
}

fn exchange(address: SocketAddr, call: &Call, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Call::CONNECT)?;
    stream.set_read_timeout(Some(call.time_left()))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer)
}

fn rejected(reason: &str) -> ServiceError {
    ServiceError::Rejected { reason: reason.to_owned() }
}
