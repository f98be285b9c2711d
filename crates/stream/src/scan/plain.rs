//! The short way over what the service writes: objects of strings and numbers, without white space,
//! without escapes, without nesting.
//!
//! What is accepted here is a part of the grammar; of everything else nothing is said, and the long way
//! is taken from the start. It is tried once for a value, so a text is walked over twice at the most.

use super::marks::next_mark;

/// The end of an object that starts at `at`.
#[inline]
pub(super) fn object_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    let mut at = at;
    // In front of a key stands the opening brace or a comma.
    loop {
        let value = key_end(bytes, marks, at + 1)?;
        at = scalar_end(bytes, marks, value)?;
        match bytes.get(at)? {
            b',' => {}
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Behind a key and its colon.
#[inline]
pub(super) fn key_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    let end = string_end(bytes, marks, at)?;
    (bytes.get(end) == Some(&b':')).then_some(end + 1)
}

/// The end of a string or of an integer without a sign. Of what is not followed by the end of a value
/// nothing is said, as it may go on.
#[inline]
pub(super) fn scalar_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => string_end(bytes, marks, at),
        b'1'..=b'9' => integer_end(bytes, at + 1),
        b'0' => integer_end(bytes, at + 1).filter(|end| *end == at + 1),
        _ => None,
    }
}

/// The end of a string.
#[inline]
pub(super) fn string_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let end = next_mark(marks, at + 1);
    (bytes.get(end) == Some(&b'"')).then_some(end + 1)
}

#[inline]
fn integer_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    while bytes.get(at)?.is_ascii_digit() {
        at += 1;
    }
    matches!(bytes.get(at), Some(b',' | b'}' | b']')).then_some(at)
}
