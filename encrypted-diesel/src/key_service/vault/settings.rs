//! The variables that Vault's and OpenBao's own tools read, and where a token comes from.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::ServiceError;

/// Where Kubernetes mounts the token of a pod's service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// A secret, which is never shown.
pub(super) type Secret = Zeroizing<String>;

pub(super) struct Settings {
    /// Such as `https://vault.example.com:8200`.
    pub(super) address: String,
    pub(super) namespace: Option<String>,
    /// Certificates of the server's authority, as PEM.
    pub(super) authority: Option<Vec<u8>>,
    pub(super) login: Login,
}

/// How to get a token.
pub(super) enum Login {
    Token(Secret),
    AppRole { mount: String, role: String, secret: Secret },
    Kubernetes { mount: String, role: String, jwt: Secret },
}

impl Settings {
    pub(super) fn read() -> Result<Self, ServiceError> {
        let authority = match variable("CACERT")? {
            Some(path) => Some(fs::read(&path).map_err(|error| {
                settings(format!("the file that VAULT_CACERT names cannot be read ({})", error.kind()))
            })?),
            None => None,
        };
        Ok(Self {
            address: variable("ADDR")?.ok_or_else(|| {
                settings("set VAULT_ADDR to the address of Vault, such as https://vault.example.com:8200")
            })?,
            namespace: variable("NAMESPACE")?,
            authority,
            login: Login::read()?,
        })
    }
}

impl Login {
    fn read() -> Result<Self, ServiceError> {
        if let Some(token) = variable("TOKEN")? {
            return Ok(Self::Token(token.into()));
        }
        let mount = |default: &str| Ok(variable("AUTH_PATH")?.unwrap_or_else(|| default.to_owned()));
        if let Some(role) = variable("ROLE_ID")? {
            let secret = match (variable("SECRET_ID")?, variable("SECRET_ID_FILE")?) {
                (Some(secret), None) => secret.into(),
                (None, Some(path)) => read_secret("VAULT_SECRET_ID_FILE", Path::new(&path))?,
                (None, None) => {
                    return Err(settings(
                        "VAULT_ROLE_ID is set: set VAULT_SECRET_ID or VAULT_SECRET_ID_FILE as well",
                    ));
                }
                (Some(_), Some(_)) => {
                    return Err(settings("VAULT_SECRET_ID and VAULT_SECRET_ID_FILE are set: keep only one"));
                }
            };
            return Ok(Self::AppRole { mount: mount("approle")?, role, secret });
        }
        if let Some(role) = variable("AUTH_ROLE")? {
            let path = variable("AUTH_JWT_FILE")?.unwrap_or_else(|| SERVICE_ACCOUNT.to_owned());
            let jwt = read_secret("VAULT_AUTH_JWT_FILE", Path::new(&path))?;
            return Ok(Self::Kubernetes { mount: mount("kubernetes")?, role, jwt });
        }
        match token_of_the_cli() {
            Some(path) => Ok(Self::Token(read_secret("~/.vault-token", &path)?)),
            None => Err(settings(
                "no token: set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_AUTH_ROLE on Kubernetes, or \
                 run `vault login`",
            )),
        }
    }
}

/// The variable of OpenBao, `BAO_…`, or else the one of Vault, as OpenBao's own tool has it.
fn variable(name: &str) -> Result<Option<String>, ServiceError> {
    for name in [format!("BAO_{name}"), format!("VAULT_{name}")] {
        match env::var(&name) {
            Ok(value) if value.trim().is_empty() => {}
            Ok(value) => return Ok(Some(value.trim().to_owned())),
            Err(env::VarError::NotPresent) => {}
            Err(env::VarError::NotUnicode(_)) => return Err(settings(format!("{name} is not UTF-8"))),
        }
    }
    Ok(None)
}

/// The file in which `vault login` and `bao login` keep a token.
fn token_of_the_cli() -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os("HOME")?).join(".vault-token");
    path.is_file().then_some(path)
}

fn read_secret(name: &str, path: &Path) -> Result<Secret, ServiceError> {
    let content = fs::read_to_string(path).map(Zeroizing::new);
    let content = content
        .map_err(|error| settings(format!("{name}: the file cannot be read as text ({})", error.kind())))?;
    match content.trim() {
        "" => Err(settings(format!("{name}: the file is empty"))),
        secret => Ok(Zeroizing::new(secret.to_owned())),
    }
}

pub(super) fn settings(reason: impl Into<String>) -> ServiceError {
    ServiceError::Settings { reason: reason.into() }
}
