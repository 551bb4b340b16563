//! Decimals of any precision.

use bigdecimal::BigDecimal;

use crate::plaintext::by_display;

by_display!(BigDecimal);
