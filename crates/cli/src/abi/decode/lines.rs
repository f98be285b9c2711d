//! Lines of any length up to a limit, in constant memory.

use std::io::{self, BufRead, BufReader, Read};

/// Reads lines one after the other into one buffer.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    limit: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Without its line break.
    Whole(&'a [u8]),
    /// Longer than the limit; none of it is kept.
    TooLong,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R, limit: u64) -> Self {
        const PIECE: usize = 256 << 10;
        Self {
            input: BufReader::with_capacity(PIECE, input),
            line: Vec::new(),
            number: 0,
            limit,
        }
    }

    /// The number of the last line, counted from one.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the next line may have to be waited for: it is not in the buffer yet.
    pub(super) fn may_wait(&self) -> bool {
        !self.input.buffer().contains(&b'\n')
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // The line break is one byte more, and does not count.
        let read = self
            .input
            .by_ref()
            .take(self.limit + 1)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.pop_if(|last| *last == b'\n').is_none() && self.line.len() as u64 > self.limit
        {
            self.line.clear();
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Whole(&self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_the_limit_and_no_longer() {
        let mut lines = Lines::new(&b"four\nfives\n\n12345678\nlast"[..], 4);
        let mut next = |expected| assert_eq!(lines.next().unwrap(), expected);
        next(Some(Line::Whole(b"four")));
        next(Some(Line::TooLong));
        next(Some(Line::Whole(b"")));
        next(Some(Line::TooLong));
        next(Some(Line::Whole(b"last")));
        next(None);
        assert_eq!(lines.number(), 5);
    }

    #[test]
    fn a_line_that_is_there_is_not_waited_for() {
        let mut lines = Lines::new(&b"one\ntwo\nthr"[..], 10);
        assert!(lines.may_wait(), "nothing is read yet");
        lines.next().unwrap();
        assert!(!lines.may_wait());
        lines.next().unwrap();
        assert!(lines.may_wait(), "half a line");
    }
}
