//! Plain, gzip or zstd, told apart by their first bytes.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The most memory a zstd frame may ask for to look back; `zstd --ultra -22` asks for this much.
const MAX_ZSTD_WINDOW: u64 = 128 << 20;

/// How a recording is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Plain,
    Gzip,
    Zstd,
}

impl Compression {
    fn of(magic: &[u8]) -> Self {
        match magic {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A frame, or a skippable frame in front of one (RFC 8878, section 3.1).
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// The name of the format for an error text.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Looks at the first bytes and puts the matching decompression in front of the reader.
///
/// Reading stays lazy: no more is decompressed than is asked for.
pub(super) fn decompress<'a>(
    mut reader: impl Read + 'a,
) -> io::Result<(Compression, Box<dyn BufRead + 'a>)> {
    let mut magic = Vec::with_capacity(4);
    reader.by_ref().take(4).read_to_end(&mut magic)?;
    let compression = Compression::of(&magic);
    let whole = BufReader::with_capacity(64 << 10, Cursor::new(magic).chain(reader));
    let reader: Box<dyn BufRead + 'a> = match compression {
        Compression::Plain => Box::new(whole),
        Compression::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(whole))),
        Compression::Zstd => Box::new(BufReader::new(ZstdFrames::new(whole))),
    };
    Ok((compression, reader))
}

/// Every zstd frame of a reader, one after the other, with their checksums verified.
///
/// `ruzstd`'s own reader stops after the first frame, which would end a file made by
/// `cat a.zst b.zst` silently early.
struct ZstdFrames<R> {
    source: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> ZstdFrames<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_ZSTD_WINDOW);
        Self {
            source,
            decoder,
            in_frame: false,
        }
    }

    /// Steps to the next frame with content; `false` at the end of the source.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => self.skip(u64::from(length))?,
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.source.by_ref().take(length), &mut io::sink())?;
        if skipped < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.in_frame = false;
        let announced = self.decoder.get_checksum_from_data();
        if announced.is_some() && announced != self.decoder.get_calculated_checksum() {
            return Err(io::Error::other(
                "the checksum of a zstd frame does not match",
            ));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.in_frame && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.end_frame()?;
        }
    }
}
