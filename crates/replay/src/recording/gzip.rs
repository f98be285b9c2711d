//! A gzip file whose first line is only known at the end.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The member header of RFC 1952: deflate, no name, time 0, maximum compression, unknown system.
/// Nothing in it depends on when or where it is written.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
/// The longest content of one stored deflate block (RFC 1951, section 3.2.4).
const MAX_STORED: usize = 0xffff;

/// Compresses a body as it comes and puts a head, given last, in front of it.
///
/// The head becomes stored blocks and the body follows as the rest of the same deflate stream, so
/// that the result is one gzip member, as every reader of gzip expects. Only the compressed body
/// is kept in memory.
pub(super) struct GzipBody {
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

impl GzipBody {
    pub(super) fn new() -> Self {
        Self {
            encoder: DeflateEncoder::new(Vec::new(), Compression::best()),
            crc: Crc::new(),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc.update(bytes);
        self.encoder.write_all(bytes)
    }

    /// Writes the whole file; gives its length in bytes.
    pub(super) fn finish(self, head: &[u8], mut out: impl Write) -> io::Result<u64> {
        let body = self.encoder.finish()?;
        let mut crc = Crc::new();
        crc.update(head);
        crc.combine(&self.crc);

        let mut start = HEADER.to_vec();
        for chunk in head.chunks(MAX_STORED) {
            // `chunks` keeps the length in 16 bits; a stored block gives it twice, inverted.
            let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
            start.push(0);
            start.extend_from_slice(&length.to_le_bytes());
            start.extend_from_slice(&(!length).to_le_bytes());
            start.extend_from_slice(chunk);
        }
        out.write_all(&start)?;
        out.write_all(&body)?;
        out.write_all(&crc.sum().to_le_bytes())?;
        out.write_all(&crc.amount().to_le_bytes())?;
        out.flush()?;
        Ok((start.len() + body.len() + 8) as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::bufread::GzDecoder;

    use super::*;

    fn compress(head: &[u8], body: &[&[u8]]) -> Vec<u8> {
        let mut gzip = GzipBody::new();
        for part in body {
            gzip.write(part).unwrap();
        }
        let mut out = Vec::new();
        let length = gzip.finish(head, &mut out).unwrap();
        assert_eq!(length, out.len() as u64);
        out
    }

    #[test]
    fn one_member_holds_head_and_body() {
        let long = vec![b'x'; 3 * MAX_STORED + 17];
        let cases: [(&[u8], &[&[u8]]); 4] = [
            (b"head\n", &[b"one\n", b"two\n"]),
            (b"", &[b"body"]),
            (b"head", &[]),
            (&long, &[&long, b"end"]),
        ];
        for (head, body) in cases {
            let bytes = compress(head, body);
            // The single-member decoder: a second member would be left over.
            let mut decoder = GzDecoder::new(bytes.as_slice());
            let mut text = Vec::new();
            decoder.read_to_end(&mut text).unwrap();
            assert_eq!(text, [head, &body.concat()].concat());
            assert!(decoder.into_inner().is_empty());
        }
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        let one = compress(b"head\n", &[b"body of\n", b"two lines\n"]);
        let other = compress(b"head\n", &[b"body of\ntwo lines\n"]);
        assert_eq!(one, other);
        assert_eq!(one[4..8], [0; 4], "no time in the header");
    }
}
