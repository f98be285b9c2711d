//! Walks over JSON text and takes what is expected next; `None` is "something else comes".

use event_streamer_models::hex;

/// A quantity of more digits has zeros in front, or is too large.
const MAX_QUANTITY_DIGITS: usize = 16;

/// The rest of a text.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    fn skip_space(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Takes one byte, with the white space before it, if it comes next.
    #[inline]
    pub(super) fn take_if(&mut self, byte: u8) -> bool {
        self.skip_space();
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        self.take_if(byte).then_some(())
    }

    /// Takes exactly these bytes.
    #[inline]
    pub(super) fn exactly(&mut self, bytes: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(bytes)?;
        Some(())
    }

    /// Nothing is left but white space.
    pub(super) fn end(&mut self) -> Option<()> {
        self.skip_space();
        self.rest.is_empty().then_some(())
    }

    /// A scalar ends here.
    pub(super) fn at_end_of_scalar(&self) -> Option<()> {
        matches!(
            self.rest,
            [b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t', ..]
        )
        .then_some(())
    }

    /// A member's name and its colon.
    #[inline]
    pub(super) fn key(&mut self) -> Option<&'a [u8]> {
        let key = self.plain_text()?;
        self.take(b':')?;
        Some(key)
    }

    /// What stands between two quotes, if it is printable ASCII without an escape.
    #[inline]
    fn plain_text(&mut self) -> Option<&'a [u8]> {
        self.take(b'"')?;
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        let length = self.rest.iter().position(|byte| !is_plain(byte))?;
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.exactly(b"\"")?;
        Some(text)
    }

    #[inline]
    fn hex_prefix(&mut self) -> Option<()> {
        self.take(b'"')?;
        self.exactly(b"0x")
    }

    /// `"0x.."` of exactly so many bytes.
    #[inline]
    pub(super) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.hex_prefix()?;
        let (text, rest) = self.rest.split_at_checked(2 * N)?;
        let mut bytes = [0; N];
        if !hex::read(text, &mut bytes) {
            return None;
        }
        self.rest = rest.strip_prefix(b"\"")?;
        Some(bytes)
    }

    /// `"0x.."` of any number of bytes.
    #[inline]
    pub(super) fn hex_bytes(&mut self) -> Option<Vec<u8>> {
        self.hex_prefix()?;
        let length = memchr::memchr(b'"', self.rest)?;
        let (text, rest) = self.rest.split_at(length);
        let mut bytes = vec![0; length / 2];
        if !hex::read(text, &mut bytes) {
            return None;
        }
        self.rest = rest.strip_prefix(b"\"")?;
        Some(bytes)
    }

    /// `"0x1b4"`, of no more digits than 64 bits have.
    #[inline]
    pub(super) fn quantity(&mut self) -> Option<u64> {
        self.hex_prefix()?;
        let mut value = 0;
        let mut count = 0;
        while let [character, rest @ ..] = self.rest {
            let Some(digit) = char::from(*character).to_digit(16) else {
                break;
            };
            value = value << 4 | u64::from(digit);
            count += 1;
            if count > MAX_QUANTITY_DIGITS {
                return None;
            }
            self.rest = rest;
        }
        self.exactly(b"\"")?;
        (count > 0).then_some(value)
    }

    pub(super) fn boolean(&mut self) -> Option<bool> {
        self.skip_space();
        if self.exactly(b"false").is_some() {
            return Some(false);
        }
        self.exactly(b"true").map(|()| true)
    }

    pub(super) fn null(&mut self) -> Option<()> {
        self.skip_space();
        self.exactly(b"null")
    }

    /// A value, or `None` for null.
    #[inline]
    pub(super) fn or_null<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        self.skip_space();
        if self.rest.first() == Some(&b'n') {
            return self.null().map(|()| None);
        }
        read(self).map(Some)
    }

    /// Passes over a value that nobody looks at: a plain text, a natural number, true, false, null.
    pub(super) fn skip_scalar(&mut self) -> Option<()> {
        self.skip_space();
        match self.rest.first()? {
            b'"' => self.plain_text().map(drop),
            b't' | b'f' => self.boolean().map(drop),
            b'n' => self.null(),
            b'0'..=b'9' => self.skip_natural(),
            _ => None,
        }
    }

    fn skip_natural(&mut self) -> Option<()> {
        let length = self.rest.iter().position(|byte| !byte.is_ascii_digit())?;
        let (number, rest) = self.rest.split_at(length);
        if number.len() > 1 && number.first() == Some(&b'0') {
            return None;
        }
        self.rest = rest;
        self.at_end_of_scalar()
    }
}
