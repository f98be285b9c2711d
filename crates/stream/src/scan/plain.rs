//! The short way over what the service writes: objects of strings and numbers, without white space,
//! without escapes, without nesting.
//!
//! What is accepted here is a part of the grammar; of everything else nothing is said, and the long way
//! is taken from the start. It is tried once for a value, so a text is walked over twice at the most.

use std::ops::Range;

use super::marks::next_mark;

/// What stands between two strings, from the quote that ends one to the quote that begins the next.
const KEY_TO_TEXT: u32 = u32::from_le_bytes(*b"\":\"\0");
const TEXT_TO_KEY: u32 = u32::from_le_bytes(*b"\",\"\0");
const THREE_BYTES: u32 = 0x00ff_ffff;
/// The same where a number follows, or the object ends.
const KEY_TO_OTHER: u32 = u32::from_le_bytes(*b"\":\0\0");
const TEXT_TO_END: u32 = u32::from_le_bytes(*b"\"}\0\0");
const NUMBER_TO_KEY: u32 = u32::from_le_bytes(*b",\"\0\0");
const TWO_BYTES: u32 = 0x0000_ffff;

/// The end of an object that starts at `at`.
#[inline]
pub(super) fn object_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    walk(bytes, marks, at, |_, _| true)
}

/// Tells keys (without their quotes) and values of an object that starts at `at`, as long as they are
/// answered with true; answers where the object ends.
#[inline(always)]
pub(super) fn walk(
    bytes: &[u8],
    marks: &[u64],
    at: usize,
    mut tell: impl FnMut(Range<usize>, Range<usize>) -> bool,
) -> Option<usize> {
    (word(bytes, at)? & TWO_BYTES == u32::from_le_bytes(*b"{\"\0\0")).then_some(())?;
    let mut key = at + 2;
    loop {
        let key_end = next_mark(marks, key);
        let behind_key = word(bytes, key_end)?;
        if behind_key & THREE_BYTES == KEY_TO_TEXT {
            let text = key_end + 3;
            let end = next_mark(marks, text);
            let behind = word(bytes, end)?;
            tell(key..key_end, text - 1..end + 1).then_some(())?;
            if behind & THREE_BYTES == TEXT_TO_KEY {
                key = end + 3;
                continue;
            }
            return (behind & TWO_BYTES == TEXT_TO_END).then_some(end + 2);
        }
        (behind_key & TWO_BYTES == KEY_TO_OTHER).then_some(())?;
        let end = digits_end(bytes, key_end + 2)?;
        tell(key..key_end, key_end + 2..end).then_some(())?;
        let behind = word(bytes, end)?;
        if behind & TWO_BYTES != NUMBER_TO_KEY {
            return (behind & 0xff == u32::from(b'}')).then_some(end + 1);
        }
        key = end + 2;
    }
}

/// Four bytes at once: near the end of a text there are none, and nothing is said.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*word))
}

/// The end of an integer without a sign, eight digits at a time.
#[inline(always)]
fn digits_end(bytes: &[u8], at: usize) -> Option<usize> {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    // Takes everything above nine to the highest bit, and nothing else. What is carried over from
    // such a byte changes only those behind it.
    const TO_HIGH_BIT: u64 = u64::from_ne_bytes([0x80 - 10; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    let mut end = at;
    loop {
        let eight = bytes.get(end..)?.first_chunk::<8>()?;
        let digits = u64::from_le_bytes(*eight) ^ ZEROS;
        let others = (digits.wrapping_add(TO_HIGH_BIT) | digits) & HIGH_BITS;
        if others == 0 {
            end += 8;
            continue;
        }
        end += (others.trailing_zeros() / 8) as usize;
        let well_formed = end == at + 1 || (end > at && bytes.get(at) != Some(&b'0'));
        return well_formed.then_some(end);
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
        b'0'..=b'9' => {
            let end = digits_end(bytes, at)?;
            matches!(bytes.get(end), Some(b',' | b'}' | b']')).then_some(end)
        }
        _ => None,
    }
}

/// The end of a string.
#[inline]
pub(super) fn string_end(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    end_behind_quote(bytes, marks, at + 1)
}

/// The end of a string that began in front of `at`.
#[inline]
pub(super) fn end_behind_quote(bytes: &[u8], marks: &[u64], at: usize) -> Option<usize> {
    let end = next_mark(marks, at);
    (bytes.get(end) == Some(&b'"')).then_some(end + 1)
}
