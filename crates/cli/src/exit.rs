//! How the program ends: an exit code and, if something went wrong, one clear line.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// What a person is told when a command could not do its job.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The command line asks for something that makes no sense. Exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: 2,
            message: message.into(),
        }
    }

    /// The job failed. Exit code 1.
    pub(crate) fn job(message: impl Into<String>) -> Self {
        Self {
            code: 1,
            message: message.into(),
        }
    }

    /// The job failed because of `error`; its sources are part of the message.
    pub(crate) fn because(doing: impl fmt::Display, error: &(dyn Error + 'static)) -> Self {
        Self::job(format!("{doing}: {}", chain(error)))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// An error and everything below it, outermost first.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn sources_are_told_in_order() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] io::Error);
        let failure = Failure::because("doing", &Outer(io::Error::other("inner")));
        assert_eq!(failure.to_string(), "doing: outer: inner");
    }
}
