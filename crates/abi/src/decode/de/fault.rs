//! Errors on the way into a type: ours, or what the type has to say.

use std::fmt;

use crate::decode::error::{DecodeError, DecodeErrorKind};
use crate::error::excerpt_of;

/// `serde` asks its errors to be made of any text; ours stay closed to others.
#[derive(Debug)]
pub(super) struct Fault(pub(super) DecodeError);

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self(error)
    }
}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // It may quote the value.
        const LONGEST: usize = 200;
        let message = excerpt_of(&message.to_string(), LONGEST);
        Self(DecodeError::new(DecodeErrorKind::Target { message }))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}
