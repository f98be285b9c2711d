//! One error type for every chore: a text for the person at the terminal.

use std::fmt;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// What happened, to what, and what to do about it.
///
/// A chore's errors are read by people and never matched on, so the text is all there is.
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// `unwrap` in a test shows this: the text reads better than a tuple struct around it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what was being done when a lower error came up.
pub(crate) trait Context<T> {
    /// The error reads `{doing()}: {cause}`.
    fn context(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Failure(format!("{}: {cause}", doing())))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.ok_or_else(|| Failure(doing()))
    }
}

/// `Err(Failure)` from format arguments.
macro_rules! fail {
    ($($arg:tt)*) => { Err($crate::error::Failure::new(format!($($arg)*))) };
}
pub(crate) use fail;
