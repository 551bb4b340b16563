//! E-mail addresses (RFC 5321), validated when they are made.

use email_address::EmailAddress;

use crate::plaintext::by_display;

by_display!(EmailAddress);
