//! What a chore that makes files does with them.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    /// Change nothing, and fail where the files are not what would be written.
    Check,
}
