//! A pooler between the tool and the server.

use encrypted_diesel::maintenance::Severity;

use crate::database::connection::{self, Session};
use crate::database::url::DatabaseUrl;
use crate::error::Error;
use crate::target::found::Found;

/// Two connections are two processes of PostgreSQL, unless a pooler lends one to both, which it does only between
/// transactions. It may have lent two, so that nothing found does not say that there is none.
pub(super) fn find<C: Session>(url: &DatabaseUrl, first: &mut C) -> Result<Option<Found>, Error> {
    let mut second = connection::connect::<C>(url)?;
    let is_shared = match (first.process()?, second.process()?) {
        (Some(first), Some(second)) => first == second,
        _ => false,
    };
    Ok(is_shared.then(|| Found {
        severity: Severity::Notice,
        subject: "the server".to_owned(),
        kind: "pooler".to_owned(),
        message: "a pooler in transaction mode is in between: what a session sets reaches other clients, too. The tool \
                  sets nothing that outlives a transaction"
            .to_owned(),
        mend: None,
        afterwards: None,
        hidden: None,
        declare: None,
        is_about_values: false,
    }))
}
