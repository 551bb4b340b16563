//! The demonstration, step by step.

mod both_sides;
mod everybody;
mod file_alone;
mod help_desk;
mod log_in;
mod rotation;
mod sign_up;
mod without_check;

pub(crate) use file_alone::file_alone;
pub(crate) use help_desk::help_desk;
pub(crate) use log_in::log_in;
pub(crate) use rotation::rotation;
pub(crate) use sign_up::sign_up;
