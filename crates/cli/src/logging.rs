//! Logs go to standard error; what they hold is decided by `--log`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::args::LogFormat;
use crate::exit::Failure;

/// Sets the process's logger up, once.
///
/// # Errors
/// When `filter` is not a valid filter.
pub(crate) fn init(
    filter: Option<&str>,
    default: &str,
    format: Option<LogFormat>,
) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter.unwrap_or(default))
        .map_err(|error| Failure::usage(format!("--log is not a valid filter: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match format.unwrap_or_default() {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
