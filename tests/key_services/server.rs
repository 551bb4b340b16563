//! A server that a test starts, and that ends with it.

use std::env;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts a program, which listens at the port of its arguments.
    pub(crate) fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self { child, port };
        let begin = Instant::now();
        while TcpStream::connect(server.address()).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "{command:?} does not listen");
            assert!(server.child.try_wait().unwrap().is_none(), "{command:?} has ended");
            thread::sleep(Duration::from_millis(50));
        }
        server
    }

    pub(crate) fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path of a program that `tests/key-services` has installed.
pub(crate) fn installed(program: &str) -> PathBuf {
    let folder = env::var_os("KEY_SERVICES").expect("run these tests by tests/key-services");
    PathBuf::from(folder).join(program)
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
