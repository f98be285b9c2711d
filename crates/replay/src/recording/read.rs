//! A recording from a file or any other reader.

use std::fs::File;
use std::io::{BufRead, Read};
use std::path::Path;

use event_streamer_models::Log;
use serde::Deserialize;

use super::Recording;
use super::builder::RecordingBuilder;
use super::compression::decompress;
use super::header::RecordedHeader;
use super::info::RecordingInfo;
use super::limits::RecordingLimits;
use super::lines::Lines;
use crate::error::{RecordingError, RecordingErrorKind, json_fault};

/// Every line but the first.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Block(Box<RecordedHeader>),
    Log(Log),
}

impl Recording {
    /// Loads a recording from a file: plain, gzip or zstd, told apart by their first bytes.
    ///
    /// ```no_run
    /// use event_streamer_replay::Recording;
    ///
    /// let recording = Recording::load("mainnet.ndjson.gz")?;
    /// println!("{} logs up to block {}", recording.log_count(), recording.last_block());
    /// # Ok::<(), event_streamer_replay::RecordingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RecordingErrorKind`] lists them; the text names the line.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        Self::load_with(path, RecordingLimits::default())
    }

    /// [`load`](Self::load) with limits of your own.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_with(
        path: impl AsRef<Path>,
        limits: RecordingLimits,
    ) -> Result<Self, RecordingError> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| {
            RecordingError::new(
                RecordingErrorKind::Io,
                format!("the recording {} cannot be opened", path.display()),
            )
            .with_source(error)
        })?;
        Self::read_with(file, limits)
    }

    /// Reads a recording from bytes, a socket, anything: plain, gzip or zstd.
    ///
    /// ```
    /// use event_streamer_replay::Recording;
    ///
    /// let text = r#"{"recording":1,"chain_id":1,"first_block":100,"last_block":120}"#;
    /// let recording = Recording::read(text.as_bytes())?;
    /// assert_eq!(recording.last_block(), 120);
    /// # Ok::<(), event_streamer_replay::RecordingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RecordingErrorKind`] lists them; the text names the line.
    pub fn read(reader: impl Read) -> Result<Self, RecordingError> {
        Self::read_with(reader, RecordingLimits::default())
    }

    /// [`read`](Self::read) with limits of your own.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_with(reader: impl Read, limits: RecordingLimits) -> Result<Self, RecordingError> {
        let (compression, reader) = decompress(reader).map_err(|error| {
            RecordingError::new(RecordingErrorKind::Io, "the recording cannot be read")
                .with_source(error)
        })?;
        read_lines(Lines::new(reader, compression, limits), limits)
    }
}

fn read_lines(
    mut lines: Lines<impl BufRead>,
    limits: RecordingLimits,
) -> Result<Recording, RecordingError> {
    let info = match lines.next_line()? {
        Some(line) => RecordingInfo::parse(line),
        None => Err(RecordingError::new(
            RecordingErrorKind::Incomplete,
            "the recording is empty",
        )),
    }
    .map_err(|error| error.at_line(lines.number()))?;

    let mut builder = RecordingBuilder::with_limits(info, limits);
    while let Some(line) = lines.next_line()? {
        add_line(&mut builder, line).map_err(|error| error.at_line(lines.number()))?;
    }
    builder.build()
}

fn add_line(builder: &mut RecordingBuilder, line: &[u8]) -> Result<(), RecordingError> {
    let line = serde_json::from_slice(line).map_err(|error| {
        let message = if error.is_data() {
            "the line is neither a `block` nor a `log` as the format has it"
        } else {
            "the line is not JSON"
        };
        RecordingError::new(
            RecordingErrorKind::Syntax,
            format!("{message}: {}", json_fault(&error)),
        )
    })?;
    match line {
        Line::Block(header) => builder.header(*header),
        Line::Log(log) => builder.log(log),
    }
}
