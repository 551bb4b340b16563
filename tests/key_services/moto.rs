//! Moto, which stands for AWS KMS and IAM.

use std::process::Command;

use crate::program::Program;
use crate::server::{Server, free_port, installed};

/// Makes two keys and an alias, and a user for each policy of the arguments, prints their ARNs and credentials, and has
/// signatures and policies checked from then on.
const SET_UP: &str = r#"
import json, sys, urllib.request
import boto3

url = sys.argv[1]
common = dict(endpoint_url=url, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
kms, iam = boto3.client("kms", **common), boto3.client("iam", **common)
for name in ["first", "second"]:
    print(kms.create_key(Description=name)["KeyMetadata"]["Arn"])
for name, actions in [("operator", ["kms:Encrypt", "kms:Decrypt"]), ("application", ["kms:Decrypt"]), ("nothing", ["s3:GetObject"])]:
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    print(made["AccessKeyId"], made["SecretAccessKey"])
reset = urllib.request.Request(url + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})
urllib.request.urlopen(reset)
"#;

pub(crate) struct Moto {
    server: Server,
    keys: [String; 2],
    operator: Credentials,
    application: Credentials,
    nothing: Credentials,
}

struct Credentials {
    id: String,
    secret: String,
}

impl Moto {
    pub(crate) fn start() -> Self {
        let port = free_port();
        let server =
            Server::start(Command::new(installed("moto_server")).args(["-p", &port.to_string()]), port);
        let url = format!("http://{}", server.address());
        let output = Command::new(installed("python")).args(["-c", SET_UP, &url]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let shown = String::from_utf8(output.stdout).unwrap();
        let mut lines = shown.lines();
        let mut line = || lines.next().unwrap().to_owned();
        let keys = [line(), line()];
        let mut credentials = || {
            let line = line();
            let (id, secret) = line.split_once(' ').unwrap();
            Credentials { id: id.to_owned(), secret: secret.to_owned() }
        };
        let (operator, application, nothing) = (credentials(), credentials(), credentials());
        Self { server, keys, operator, application, nothing }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    pub(crate) fn socket(&self) -> std::net::SocketAddr {
        self.server.address().into()
    }

    /// What `keygen --wrap` is given for the first key, or for the second.
    pub(crate) fn uri(&self, key: usize) -> String {
        format!("aws-kms://{}", self.keys[key])
    }

    /// Who may wrap and unwrap.
    pub(crate) fn operator(&self) -> Program {
        self.program(&self.operator)
    }

    /// Who may unwrap.
    pub(crate) fn application(&self) -> Program {
        self.program(&self.application)
    }

    pub(crate) fn nobody(&self) -> Program {
        self.program(&self.nothing)
    }

    /// The id and the secret of the application's access key.
    pub(crate) fn credentials(&self) -> (&str, &str) {
        (&self.application.id, &self.application.secret)
    }

    fn program(&self, credentials: &Credentials) -> Program {
        program(&self.url())
            .with("AWS_ACCESS_KEY_ID", &credentials.id)
            .with("AWS_SECRET_ACCESS_KEY", &credentials.secret)
    }
}

/// A program that finds KMS at an address, and no credentials at one of Amazon's.
pub(crate) fn program(url: &str) -> Program {
    Program::default().with("AWS_ENDPOINT_URL_KMS", url).with("AWS_EC2_METADATA_DISABLED", "true")
}
