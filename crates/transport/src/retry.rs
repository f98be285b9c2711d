//! Repeating an exchange: a policy decides, another part sleeps.

mod budget;
mod policy;
mod retry_after;
mod sleeper;

pub use policy::{RetryMode, RetryPolicy};
pub use retry_after::retry_after;
pub(crate) use sleeper::SleepingRetry;
