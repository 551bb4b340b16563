//! UUIDs: 36 lower-case characters with hyphens (RFC 9562 section 4).

use uuid::Uuid;

use crate::plaintext::by_display;

by_display!(Uuid);
