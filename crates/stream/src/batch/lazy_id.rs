//! An id of the envelope that costs nothing until it is asked for.

use std::ops::Range;
use std::sync::OnceLock;

/// An id, or where its text lies in the line.
#[derive(Debug, Clone)]
pub(crate) struct LazyId<T> {
    text: Option<Range<usize>>,
    made: OnceLock<T>,
}

impl<T> LazyId<T> {
    /// The id whose text, free of escapes, lies there.
    pub(crate) fn at(text: Range<usize>) -> Self {
        let made = OnceLock::new();
        let text = Some(text);
        Self { text, made }
    }
}

impl<T: for<'t> From<&'t str>> LazyId<T> {
    /// The id, `line` being the line that it is of.
    #[inline]
    pub(crate) fn get(&self, line: &str) -> Option<&T> {
        let Some(text) = &self.text else {
            return self.made.get();
        };
        let make = || T::from(line.get(text.clone()).unwrap_or_default());
        Some(self.made.get_or_init(make))
    }
}

impl<T: AsRef<str>> LazyId<T> {
    /// What the id says, `line` being the line that it is of.
    #[inline]
    pub(crate) fn text<'a>(&'a self, line: &'a str) -> Option<&'a str> {
        match &self.text {
            Some(text) => line.get(text.clone()),
            None => self.made.get().map(AsRef::as_ref),
        }
    }
}

/// No id.
impl<T> Default for LazyId<T> {
    fn default() -> Self {
        let made = OnceLock::new();
        Self { text: None, made }
    }
}

/// An id that is known already.
impl<T> From<T> for LazyId<T> {
    fn from(id: T) -> Self {
        let made = OnceLock::from(id);
        Self { text: None, made }
    }
}
