//! Calls of functions, what they return, and why they revert.

mod function;
mod panic;
mod registry;
mod revert;
mod selectors;
#[cfg(test)]
mod tests;

pub use function::FunctionDecoder;
pub use panic::panic_reason;
pub use registry::FunctionRegistry;
pub use revert::{Revert, RevertDecoder};
