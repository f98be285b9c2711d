//! A body's compressed form, piece by piece. Sans-IO: what goes in comes out at once.

use std::fmt;
use std::io;

use bytes::Bytes;
use compression_codecs::core::Level;
use compression_codecs::core::util::{PartialBuffer, WriteBuffer};
use compression_codecs::zstd::params::CParameter;
use compression_codecs::{EncodeV2, GzipEncoder, ZstdEncoder};

use super::accept::Coding;

/// zstd's fastest level.
const ZSTD_LEVEL: i32 = 1;
/// 64 KiB of window: there may be thousands of streams, and each event resembles the one before.
const ZSTD_WINDOW_LOG: u32 = 16;
/// The table that finds repetitions, 4 bytes an entry.
const ZSTD_HASH_LOG: u32 = 14;
/// By how much the room for output grows.
const STEP: std::ops::RangeInclusive<usize> = 512..=64 << 10;

/// The codec of one body.
pub(super) struct Encoder(Box<dyn EncodeV2 + Send>);

impl Encoder {
    pub(super) fn new(coding: Coding) -> Self {
        Self(match coding {
            Coding::Gzip => Box::new(GzipEncoder::new(Level::Fastest.into())),
            Coding::Zstd => {
                let window = CParameter::window_log(ZSTD_WINDOW_LOG);
                let table = CParameter::hash_log(ZSTD_HASH_LOG);
                Box::new(ZstdEncoder::new_with_params(ZSTD_LEVEL, &[window, table]))
            }
        })
    }

    /// Compresses a message, and flushes: whoever reads what comes out has the whole message.
    pub(super) fn message(&mut self, message: &[u8]) -> io::Result<Bytes> {
        let mut output = Output::for_input(message.len());
        let mut input = PartialBuffer::new(message);
        while !input.unwritten().is_empty() {
            output.fill(|room| self.0.encode(&mut input, room))?;
        }
        while !output.fill(|room| self.0.flush(room))? {}
        Ok(output.into())
    }

    /// The end of the compressed form.
    pub(super) fn finish(mut self) -> io::Result<Bytes> {
        let mut output = Output::for_input(0);
        while !output.fill(|room| self.0.finish(room))? {}
        Ok(output.into())
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}

/// What has come out, with room for more. A codec's output is hardly ever longer than its input,
/// so that the room is bounded by the message.
struct Output {
    bytes: Vec<u8>,
    step: usize,
}

impl Output {
    fn for_input(length: usize) -> Self {
        let step = (length / 4).clamp(*STEP.start(), *STEP.end());
        Self {
            bytes: Vec::new(),
            step,
        }
    }

    fn fill<T>(
        &mut self,
        work: impl FnOnce(&mut WriteBuffer<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        let filled = self.bytes.len();
        self.bytes.resize(filled + self.step, 0);
        let mut room = WriteBuffer::new_initialized(&mut self.bytes[filled..]);
        let done = work(&mut room)?;
        let written = room.written_len();
        self.bytes.truncate(filled + written);
        Ok(done)
    }
}

impl From<Output> for Bytes {
    fn from(output: Output) -> Self {
        output.bytes.into_boxed_slice().into()
    }
}

#[cfg(test)]
mod tests {
    use compression_codecs::{DecodeV2, GzipDecoder, ZstdDecoder};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// What a reader has of the bytes so far, and whether the compressed form has ended.
    fn read(decoder: &mut dyn DecodeV2, bytes: &[u8]) -> (Vec<u8>, bool) {
        let mut room = vec![0; 1 << 20];
        let mut output = WriteBuffer::new_initialized(&mut room);
        let mut input = PartialBuffer::new(bytes);
        let mut ended = false;
        while !input.unwritten().is_empty() && !ended {
            ended = decoder.decode(&mut input, &mut output).unwrap();
        }
        assert!(input.unwritten().is_empty(), "something follows the end");
        if !ended {
            decoder.flush(&mut output).unwrap();
        }
        (output.written().to_vec(), ended)
    }

    fn decoder(coding: Coding) -> Box<dyn DecodeV2> {
        match coding {
            Coding::Gzip => Box::new(GzipDecoder::new()),
            Coding::Zstd => Box::new(ZstdDecoder::new()),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn each_message_can_be_read_when_it_is_written(
            messages in vec(prop_oneof![
                vec(any::<u8>(), 0..2_000),
                vec(Just(b'a'), 0..100_000),
                vec(any::<u8>(), 150_000..150_001),
            ], 0..6),
        ) {
            for coding in [Coding::Zstd, Coding::Gzip] {
                let (mut encoder, mut decoder) = (Encoder::new(coding), decoder(coding));
                for message in &messages {
                    let bytes = encoder.message(message).unwrap();
                    let (plain, ended) = read(&mut *decoder, &bytes);
                    prop_assert!(plain == *message, "{coding:?}");
                    prop_assert!(!ended);
                }
                let (rest, ended) = read(&mut *decoder, &encoder.finish().unwrap());
                prop_assert_eq!((rest, ended), (Vec::new(), true));
            }
        }
    }

    #[test]
    fn what_repeats_itself_becomes_small() {
        let line = br#"{"type":"heartbeat","connection_id":"conn_1","head_block":19000000}"#;
        for coding in [Coding::Zstd, Coding::Gzip] {
            let mut encoder = Encoder::new(coding);
            encoder.message(line).unwrap();
            let again = encoder.message(line).unwrap();
            assert!(again.len() < line.len() / 2, "{coding:?}: {}", again.len());
        }
    }
}
