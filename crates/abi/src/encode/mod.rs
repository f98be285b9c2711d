//! Encoding: from values to data and topics.

mod error;
mod layout;
#[cfg(test)]
mod tests;
mod topics;
mod word;

pub use error::{EncodeError, EncodeErrorKind};
pub(crate) use layout::{check_count, encode_parameters};
pub(crate) use topics::encode_topic;
