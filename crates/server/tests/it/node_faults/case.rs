//! One line of the table.

use std::pin::Pin;

type Playing = Pin<Box<dyn Future<Output = ()>>>;

/// What happens, what is promised, and how it is shown.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) fault: String,
    pub(super) promise: String,
    /// Panics where the promise is broken.
    pub(super) play: Box<dyn FnOnce() -> Playing + Send>,
}

/// A case that is played by a function.
pub(super) fn case<F: Future<Output = ()> + 'static>(
    name: impl Into<String>,
    fault: impl Into<String>,
    promise: impl Into<String>,
    play: impl FnOnce() -> F + Send + 'static,
) -> Case {
    Case {
        name: name.into(),
        fault: fault.into(),
        promise: promise.into(),
        play: Box::new(move || Box::pin(play())),
    }
}
