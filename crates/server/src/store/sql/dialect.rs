//! Which database speaks.

/// Where the two databases differ. Everything else is one statement for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// One writer at a time, in one process.
    Sqlite,
    /// Many writers, in many processes.
    Postgres,
}
