//! A server for one test, which can kill it and start it again.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::database::{AnyConnection, Backend, establish};
use crate::project::{SOON, wait_until};

/// The user and the group `nobody`, for servers of tests that run as root: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

pub(crate) struct OwnServer {
    backend: Backend,
    folder: TempDir,
    process: Child,
}

impl OwnServer {
    /// `None` if the tests are built without this backend, or the server's programs are not in the `PATH`.
    pub(crate) fn start(backend: Backend) -> Option<Self> {
        let is_built = match backend {
            Backend::Sqlite => false,
            Backend::Postgres => cfg!(feature = "postgres"),
            Backend::Mysql => cfg!(feature = "mysql"),
        };
        if !is_built {
            return None;
        }
        let folder = own_folder();
        match install(backend, folder.path()).output() {
            Err(_) => {
                println!("skipped: the programs of {} are not in the PATH", backend.name());
                return None;
            }
            Ok(output) => assert!(output.status.success(), "{output:?}"),
        }
        let process = serve(backend, folder.path());
        let server = Self { backend, folder, process };
        server.wait();
        if backend == Backend::Mysql {
            // A user with all rights to databases, but none to the server.
            server.admin().execute("CREATE USER test@localhost; GRANT ALL ON `%`.* TO test@localhost");
        }
        Some(server)
    }

    /// The URL for that user.
    pub(crate) fn url(&self) -> String {
        self.url_for("test")
    }

    /// The folder of its socket.
    #[cfg(feature = "postgres")]
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn admin(&self) -> AnyConnection {
        establish(self.backend, &self.url_for("root")).unwrap()
    }

    fn url_for(&self, user: &str) -> String {
        let folder = self.folder.path().display();
        match self.backend {
            Backend::Postgres => format!("postgres:///postgres?host={folder}&user=test"),
            _ => format!("mysql://{user}@localhost/mysql?unix_socket={folder}/socket"),
        }
    }

    /// Kills the server and its child processes.
    pub(crate) fn kill(&mut self) {
        if self.process.try_wait().unwrap().is_some() {
            return;
        }
        let pid = self.process.id().to_string();
        let children = Command::new("pgrep").args(["-P", &pid]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        // Some may have ended already.
        Command::new("kill").arg("-KILL").arg(&pid).args(children.split_whitespace()).output().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.process = serve(self.backend, self.folder.path());
        self.wait();
    }

    fn wait(&self) {
        wait_until(SOON, || establish(self.backend, &self.url_for("root")).is_ok());
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder for a server.
pub(crate) fn own_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    // Only root can change the owner.
    let _ = chown(folder.path(), Some(NOBODY), Some(NOBODY));
    folder
}

fn install(backend: Backend, folder: &Path) -> Command {
    let data = folder.join("data");
    let mut command;
    if backend == Backend::Postgres {
        command = unprivileged("initdb", folder);
        command
            .args(["--username=test", "--auth=trust", "--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(data);
    } else {
        command = unprivileged("mariadb-install-db", folder);
        command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        command.arg(format!("--datadir={}", data.display()));
    }
    command
}

fn serve(backend: Backend, folder: &Path) -> Child {
    let shown = folder.display();
    let mut command;
    if backend == Backend::Postgres {
        command = unprivileged("postgres", folder);
        command.args([format!("-D{shown}/data"), format!("-k{shown}"), "-clisten_addresses=".to_owned()]);
    } else {
        command = unprivileged("mariadbd", folder);
        command.args(["--no-defaults", "--skip-networking"]);
        // A server that starts deletes the temporary tables that it finds in its folder for them, so no two share one.
        command.args([
            format!("--datadir={shown}/data"),
            format!("--tmpdir={shown}"),
            format!("--socket={shown}/socket"),
        ]);
        command.arg(format!("--pid-file={shown}/pid"));
    }
    let log = fs::File::create(folder.join("log")).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// A program that runs in a folder for a server.
pub(crate) fn unprivileged(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if folder.metadata().unwrap().uid() == NOBODY {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
