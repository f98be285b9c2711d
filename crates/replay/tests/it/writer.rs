//! Written recordings: the same bytes each time, and the same chain when read again.

use event_streamer_replay::{
    RecordedHeader, Recording, RecordingErrorKind, RecordingInfo, RecordingLimits, RecordingWriter,
};
use proptest::prelude::*;

use super::support::{hash, log, small};

fn write(recording: &Recording) -> Vec<u8> {
    let mut writer = RecordingWriter::new(
        RecordingInfo::new(recording.chain_id())
            .with_source("a test")
            .with_license("CC0-1.0")
            .with_complete_blocks(true)
            .with_blocks(recording.first_block(), recording.last_block()),
    );
    for number in recording.recorded_blocks() {
        writer.header(recording.header(number).unwrap()).unwrap();
        for log in recording.logs(number..=number) {
            writer.log(log).unwrap();
        }
    }
    let mut file = Vec::new();
    let summary = writer.finish(&mut file).unwrap();
    assert_eq!(summary.logs, recording.log_count());
    assert_eq!(summary.bytes, file.len() as u64);
    assert_eq!(summary.first_block, recording.first_block());
    assert_eq!(summary.last_block, recording.last_block());
    file
}

#[test]
fn what_is_written_reads_the_same() {
    let recording = small();
    let file = write(&recording);
    assert_eq!(file, write(&recording), "the same content, the same bytes");

    let read = Recording::read(file.as_slice()).unwrap();
    assert_eq!(read.info().logs, Some(4));
    assert_eq!(read.info().source.as_deref(), Some("a test"));
    assert_eq!(read.info().license.as_deref(), Some("CC0-1.0"));
    assert_eq!(read.info().complete_blocks, Some(true));
    for number in 100..=120 {
        assert_eq!(
            read.header(number),
            recording.header(number),
            "block {number}"
        );
    }
    assert!(read.logs(0..=u64::MAX).eq(recording.logs(0..=u64::MAX)));
}

#[test]
fn the_file_is_the_format() {
    let mut writer = RecordingWriter::new(RecordingInfo::new(1).with_source("here"));
    let mut header = RecordedHeader::new(16)
        .with_timestamp(255)
        .with_hash(hash(1));
    header.extra.insert("gasUsed".to_owned(), "0x5".into());
    writer.header(header).unwrap();
    writer.log(&log(17, 2, 0xaa, &[0xbb])).unwrap();
    let mut file = Vec::new();
    writer.finish(&mut file).unwrap();
    assert_eq!(
        file[..10],
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255],
        "no time, no name"
    );

    let mut text = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::GzDecoder::new(file.as_slice()),
        &mut text,
    )
    .unwrap();
    let lines: Vec<_> = text.lines().collect();
    let (one, aa, bb) = ("01".repeat(32), "aa".repeat(20), "bb".repeat(32));
    assert_eq!(
        lines,
        [
            r#"{"recording":1,"chain_id":1,"source":"here","logs":1,"first_block":16,"last_block":17}"#.to_owned(),
            format!(r#"{{"block":{{"number":"0x10","hash":"0x{one}","timestamp":"0xff","gasUsed":"0x5"}}}}"#),
            format!(r#"{{"log":{{"address":"0x{aa}","topics":["0x{bb}"],"data":"0xaada","blockNumber":"0x11","blockHash":null,"transactionHash":"0x{}","transactionIndex":"0x3","logIndex":"0x2","removed":false}}}}"#, "77".repeat(32)),
        ]
    );
    assert!(text.ends_with('\n'));
}

#[test]
fn what_a_reader_would_refuse_is_not_written() {
    let mut removed = log(100, 1, 1, &[]);
    removed.removed = true;
    let mut writer = RecordingWriter::new(RecordingInfo::new(1).with_blocks(50, 100));
    writer.log(&log(100, 0, 1, &[])).unwrap();
    let cases = [
        (writer.log(&log(100, 0, 1, &[])), RecordingErrorKind::Order),
        (writer.log(&log(99, 0, 1, &[])), RecordingErrorKind::Order),
        (
            writer.log(&log(101, 0, 1, &[])),
            RecordingErrorKind::Conflict,
        ),
        (writer.log(&removed), RecordingErrorKind::Syntax),
        (
            writer.log(&log(100, 1, 1, &[1, 2, 3, 4, 5])),
            RecordingErrorKind::Syntax,
        ),
        (
            writer.header(RecordedHeader::new(100)),
            RecordingErrorKind::Order,
        ),
    ];
    for (index, (result, kind)) in cases.into_iter().enumerate() {
        assert_eq!(result.unwrap_err().kind(), kind, "case {index}");
    }
    // None of it left a trace.
    writer.log(&log(100, 1, 1, &[])).unwrap();
    let mut file = Vec::new();
    assert_eq!(writer.finish(&mut file).unwrap().logs, 2);
    assert_eq!(Recording::read(file.as_slice()).unwrap().log_count(), 2);
}

#[test]
fn the_limits_are_those_of_the_reader() {
    let line = RecordingLimits::default().with_max_line_bytes(50);
    let total = RecordingLimits::default().with_max_total_bytes(100);
    for limits in [line, total] {
        let mut writer = RecordingWriter::with_limits(RecordingInfo::new(1), limits);
        let error = writer.log(&log(100, 0, 1, &[])).unwrap_err();
        assert_eq!(error.kind(), RecordingErrorKind::Limit, "{error}");
    }
}

#[test]
fn an_empty_recording_needs_its_blocks() {
    let writer = RecordingWriter::new(RecordingInfo::new(1));
    let error = writer.finish(Vec::new()).unwrap_err();
    assert_eq!(error.kind(), RecordingErrorKind::Incomplete);
    let writer = RecordingWriter::new(RecordingInfo::new(0).with_blocks(1, 2));
    let error = writer.finish(Vec::new()).unwrap_err();
    assert_eq!(error.kind(), RecordingErrorKind::Syntax, "chain id 0");
}

#[test]
fn a_writer_that_fails_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let writer = RecordingWriter::new(RecordingInfo::new(1).with_blocks(1, 2));
    let error = writer.finish(Full).unwrap_err();
    assert_eq!(error.kind(), RecordingErrorKind::Io);
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "disk full"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_logs_come_back(
        logs in prop::collection::btree_map(
            (0_u64..50, any::<u32>()),
            (any::<u8>(), prop::collection::vec(any::<u8>(), 0..=4), prop::collection::vec(any::<u8>(), 0..200)),
            1..40,
        ),
    ) {
        let logs: Vec<_> = logs
            .into_iter()
            .map(|((block, index), (address, topics, data))| {
                let mut log = log(block, index, address, &topics);
                log.data = data.into();
                log
            })
            .collect();
        let mut writer = RecordingWriter::new(RecordingInfo::new(1));
        for log in &logs {
            writer.log(log).unwrap();
        }
        let mut file = Vec::new();
        writer.finish(&mut file).unwrap();
        let read = Recording::read(file.as_slice()).unwrap();
        let back: Vec<_> = read
            .logs(0..=u64::MAX)
            .map(|log| {
                let mut log = log.clone();
                log.block_hash = None;
                log
            })
            .collect();
        prop_assert_eq!(back, logs);
    }
}
