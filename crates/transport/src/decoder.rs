//! Compressed bodies, undone piece by piece. Sans-IO: bytes go in as they came, bytes come out as
//! soon as they can.

use std::fmt;
use std::io;

use bytes::{Buf, Bytes};
use compression_codecs::core::util::{PartialBuffer, WriteBuffer};
use compression_codecs::zstd::params::DParameter;
use compression_codecs::{DecodeV2, GzipDecoder, ZstdDecoder};
use http::header::{CONTENT_ENCODING, HeaderMap};

/// What is sent as `Accept-Encoding`, the better one first.
pub(crate) const ACCEPT_ENCODING: &str = "zstd, gzip";

/// The most that comes out at once.
const OUTPUT_BYTES: usize = 64 << 10;

/// What may come out beyond the ratio: small bodies compress as well as they like.
const SLACK_BYTES: u64 = 1 << 20;

/// zstd frames that look back further are refused: RFC 9659 allows 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// A content coding (RFC 9110, section 8.4.1; RFC 8878 for zstd).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Gzip,
    Zstd,
}

/// Why a body cannot be read through its compression.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeFault {
    /// Other encodings than those that were asked for, or several on top of each other.
    #[error("its content-encoding is neither zstd nor gzip alone")]
    Unsupported,
    /// Not what the encoding says it is.
    #[error("its compressed form is damaged")]
    Damaged(#[source] io::Error),
    /// It grows too much: a decompression bomb.
    #[error("it grows more than {0} times when decompressed")]
    Ratio(u32),
    /// It ends before its compressed form does.
    #[error("it ends in the middle of its compressed form")]
    Truncated,
}

impl Encoding {
    /// The encoding that the headers of a response tell; `None` if the body is plain.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, DecodeFault> {
        let mut found = None;
        for value in headers.get_all(CONTENT_ENCODING) {
            let text = value.to_str().map_err(|_| DecodeFault::Unsupported)?;
            for name in text.split(',').map(str::trim) {
                let encoding = match name.to_ascii_lowercase().as_str() {
                    "" | "identity" => continue,
                    "gzip" | "x-gzip" => Self::Gzip,
                    "zstd" => Self::Zstd,
                    _ => return Err(DecodeFault::Unsupported),
                };
                // One bomb inside another would multiply their ratios.
                if found.replace(encoding).is_some() {
                    return Err(DecodeFault::Unsupported);
                }
            }
        }
        Ok(found)
    }
}

/// Undoes the compression of one body.
///
/// Bytes are pushed, then pulled until there are no more, then the next are pushed. What a peer
/// flushed comes out without waiting for what follows.
pub(crate) struct Decoder {
    codec: Box<dyn DecodeV2 + Send + Sync>,
    input: Bytes,
    output: Box<[u8]>,
    place: Place,
    /// How much more may come out of the input so far.
    credit: u64,
    max_ratio: u32,
}

/// Where in the compressed form the input ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a gzip member or zstd frame: the body may end here.
    Between,
    /// Inside one, with everything handed out.
    Inside,
    /// Inside one, and the codec holds back what did not fit.
    Holding,
}

impl Decoder {
    pub(crate) fn new(encoding: Encoding, max_ratio: u32) -> Self {
        let codec: Box<dyn DecodeV2 + Send + Sync> = match encoding {
            Encoding::Gzip => Box::new(GzipDecoder::new()),
            Encoding::Zstd => {
                let window = DParameter::window_log_max(ZSTD_WINDOW_LOG);
                Box::new(ZstdDecoder::new_with_params(&[window]))
            }
        };
        Self {
            codec,
            input: Bytes::new(),
            output: vec![0; OUTPUT_BYTES].into_boxed_slice(),
            place: Place::Between,
            credit: SLACK_BYTES,
            max_ratio,
        }
    }

    /// Takes the next bytes of the body. Those before are to be pulled first.
    pub(crate) fn push(&mut self, piece: Bytes) {
        debug_assert!(self.input.is_empty(), "pulled before the next push");
        // Credit is not saved up: a long calm stream must not pay for a bomb at its end.
        let grown = (piece.len() as u64).saturating_mul(self.max_ratio.into());
        self.credit = self.credit.min(SLACK_BYTES).saturating_add(grown);
        self.input = piece;
    }

    /// The next decompressed bytes; `None` if more has to be pushed first.
    pub(crate) fn pull(&mut self) -> Result<Option<Bytes>, DecodeFault> {
        while self.place == Place::Holding || !self.input.is_empty() {
            let length = self.step().map_err(DecodeFault::Damaged)?;
            if length == 0 {
                continue;
            }
            self.credit = self
                .credit
                .checked_sub(length as u64)
                .ok_or(DecodeFault::Ratio(self.max_ratio))?;
            let output = self.output.get(..length).unwrap_or_default();
            return Ok(Some(Bytes::copy_from_slice(output)));
        }
        Ok(None)
    }

    /// Whether the body may end where it did. One without any bytes may.
    pub(crate) fn finish(&self) -> Result<(), DecodeFault> {
        match self.place {
            Place::Between => Ok(()),
            Place::Inside | Place::Holding => Err(DecodeFault::Truncated),
        }
    }

    /// Fills the output once; says how far.
    fn step(&mut self) -> io::Result<usize> {
        let mut output = WriteBuffer::new_initialized(&mut self.output);
        if self.input.is_empty() {
            self.codec.flush(&mut output)?;
        } else {
            if self.place == Place::Between {
                self.codec.reinit()?;
            }
            let mut input = PartialBuffer::new(&self.input[..]);
            let ended = self.codec.decode(&mut input, &mut output)?;
            let taken = input.written_len();
            if taken == 0 && output.written_len() == 0 && !ended {
                return Err(io::Error::other("the decoder makes no progress"));
            }
            self.input.advance(taken);
            self.place = if ended { Place::Between } else { Place::Inside };
        }
        if self.place != Place::Between {
            self.place = if output.has_no_spare_space() {
                Place::Holding
            } else {
                Place::Inside
            };
        }
        Ok(output.written_len())
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
