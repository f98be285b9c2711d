//! One setting: its name in each place, how it is read and shown.

use super::value::{Shape, Texts};

/// A setting of `T`.
pub(crate) struct Setting<T: 'static> {
    /// Its name in the file, `section.name`.
    pub(crate) key: &'static str,
    pub(crate) shape: Shape,
    /// Whether it can also be given as the name of a file that holds it, and is never shown.
    pub(crate) is_secret: bool,
    pub(crate) help: &'static str,
    pub(crate) put: fn(&mut T, &Texts) -> Result<(), String>,
    /// As it stands in a file; `None` if it is not set. Secrets are redacted.
    pub(crate) show: fn(&T) -> Option<String>,
}

/// Behind the key of a secret: the file that holds it.
pub(crate) const FILE: &str = "_file";

/// The flag of a setting, without dashes in front.
pub(crate) fn flag(key: &str) -> String {
    match key {
        // Said once for each URL.
        "rpc_urls" => "rpc-url".to_owned(),
        _ => key.replace(['.', '_'], "-"),
    }
}

/// The environment variable of a setting.
pub(crate) fn variable(key: &str) -> String {
    format!("EVENT_STREAMER_{}", key.replace('.', "_").to_uppercase())
}
