//! The password of a URL, if the database cannot be opened.

use crate::database::{Backend, server};
use crate::project::Project;

const PASSWORD: &str = "s3cret-%41";

on_each_backend!(a_password_is_not_shown);

fn a_password_is_not_shown(backend: Backend) {
    let project = Project::new(Backend::Sqlite, 1);
    let urls = match server(backend) {
        None => vec![
            format!("postgres//ada:{PASSWORD}@localhost/clinic"),
            format!("mongodb://ada:{PASSWORD}@localhost/clinic"),
        ],
        Some(server) => {
            let (scheme, address) = server.split_once("://").unwrap();
            let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
            vec![
                format!("{scheme}://nobody:{PASSWORD}@{host}"),
                // A client library quotes a URL that it cannot parse.
                format!("{scheme}://nobody:s3cret%zz@{host}"),
                format!("{scheme}://nobody:s3cret/s3cret@{host}"),
                format!("{scheme}://nobody:{PASSWORD}@127.0.0.1:1/clinic"),
                format!("{scheme}://nobody:{PASSWORD}@no-such-host.invalid/clinic"),
            ]
        }
    };
    for url in urls {
        for words in ["status", "encrypt", "draft"] {
            let output = project.command(words, &[1]).args(["--database-url", &url]).output().unwrap();
            let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(1), "{words}: {shown}");
            assert!(shown.starts_with("error: "), "{words}: {shown}");
            assert!(!shown.contains("s3cret"), "{words}: {shown}");
        }
    }
}
