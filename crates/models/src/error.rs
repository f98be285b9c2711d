//! Why a text is not the value it should be.

use std::fmt;

/// Characters of an offending text that an error quotes at most.
const EXCERPT_CHARS: usize = 48;

/// A text that is not the value it should be.
///
/// The message says what was expected and what was found, and quotes the text, cut to 48
/// characters and with control characters escaped, so that it can go into a log or an answer.
///
/// ```
/// use event_streamer_models::{Address, ParseErrorKind};
///
/// let error = "0x12345".parse::<Address>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"expected an address (0x and 40 hex digits), found 5 hex digits in "0x12345""#
/// );
/// assert_eq!(error.kind(), ParseErrorKind::Length { digits: 5 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    kind: ParseErrorKind,
    expected: &'static str,
    excerpt: String,
}

/// What is wrong with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// There is no text at all.
    Empty,
    /// The `0x` in front is missing.
    MissingPrefix,
    /// The number of hex digits after `0x` is not the one that is wanted.
    Length {
        /// How many digits there are.
        digits: usize,
    },
    /// A character that is not a digit of the number system.
    Digit {
        /// The character.
        character: char,
        /// Its position in the text, in characters, counted from 1.
        position: usize,
    },
    /// A well-formed number that the type cannot hold.
    OutOfRange,
    /// Bytes of another number than the type has.
    ByteCount {
        /// How many bytes there are.
        bytes: usize,
    },
    /// Anything else that does not have the expected form.
    Malformed,
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, expected: &'static str, text: &str) -> Self {
        let mut characters = text.chars();
        let mut excerpt: String = characters.by_ref().take(EXCERPT_CHARS).collect();
        if characters.next().is_some() {
            excerpt.push('…');
        }
        Self {
            kind,
            expected,
            excerpt,
        }
    }

    /// What is wrong, for a program to branch on.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// What the text should have been, for example `an address (0x and 40 hex digits)`.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            expected,
            excerpt,
        } = self;
        write!(f, "expected {expected}, found ")?;
        match kind {
            ParseErrorKind::Empty => f.write_str("an empty text"),
            ParseErrorKind::MissingPrefix => write!(f, "no 0x in front of {excerpt:?}"),
            ParseErrorKind::Length { digits } => write!(f, "{digits} hex digits in {excerpt:?}"),
            ParseErrorKind::Digit {
                character,
                position,
            } => {
                write!(f, "{character:?} at character {position} of {excerpt:?}")
            }
            ParseErrorKind::OutOfRange => write!(f, "{excerpt:?}, which is out of range"),
            ParseErrorKind::ByteCount { bytes } => write!(f, "{bytes} bytes"),
            ParseErrorKind::Malformed => write!(f, "{excerpt:?}"),
        }
    }
}

impl std::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_control_characters_are_escaped() {
        let text = format!("\u{1b}[31m\n\0{}", "é".repeat(1_000_000));
        let error = ParseError::new(ParseErrorKind::Malformed, "an example", &text);
        let message = error.to_string();
        assert!(
            message.starts_with(r#"expected an example, found "\u{1b}[31m\n\0éé"#),
            "{message}"
        );
        assert!(message.ends_with("é…\""), "{message}");
        assert!(message.chars().count() < 100, "{message}");
        assert!(format!("{error:?}").len() < 300);
    }
}
