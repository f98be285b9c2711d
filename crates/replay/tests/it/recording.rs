//! What a recording becomes in memory: one chain without holes.

use std::io::Write;

use event_streamer_models::{B256, Log, LogsBloom};
use event_streamer_replay::{RecordedHeader, Recording, RecordingBuilder, RecordingInfo};
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::support::{hash, log, small};

fn build(info: RecordingInfo, headers: Vec<RecordedHeader>, logs: Vec<Log>) -> Recording {
    let mut builder = RecordingBuilder::new(info);
    for header in headers {
        builder.header(header).unwrap();
    }
    for log in logs {
        builder.log(log).unwrap();
    }
    builder.build().unwrap()
}

/// Holds the parents, the hashes and the way back from a hash, for each of these blocks.
fn assert_linked(recording: &Recording, blocks: impl IntoIterator<Item = u64>) {
    for number in blocks {
        let header = recording.header(number).unwrap();
        assert_eq!(header.number, number);
        assert_eq!(recording.block_hash(number), Some(header.hash));
        assert_eq!(recording.block_number(&header.hash), Some(number));
        let parent = match number.checked_sub(1) {
            Some(parent) => recording.header(parent).unwrap().hash,
            None => B256::ZERO,
        };
        assert_eq!(header.parent_hash, parent, "the parent of block {number}");
        assert_eq!(header.logs_bloom, recording.computed_bloom(number));
    }
}

#[test]
fn every_block_is_there_and_linked() {
    let recording = small();
    assert_eq!(
        (recording.first_block(), recording.last_block()),
        (100, 120)
    );
    assert_eq!(recording.log_count(), 4);
    assert_eq!(
        recording.recorded_blocks().collect::<Vec<_>>(),
        [100, 101, 103, 120]
    );
    assert_linked(&recording, 0..=120);
    assert_eq!(recording.header(121), None);
    assert_eq!(recording.block_hash(121), None);
    assert_eq!(recording.computed_bloom(121), None);
    assert_eq!(recording.block_number(&B256::ZERO), None);

    let empty = recording.header(102).unwrap();
    assert_eq!(empty.logs_bloom, Some(LogsBloom::ZERO));
    assert_eq!(empty.timestamp, 1_700_000_024);
    assert_eq!(recording.header(99).unwrap().timestamp, 1_699_999_988);
}

#[test]
fn logs_know_their_block() {
    let recording = small();
    let logs: Vec<_> = recording.logs(101..=119).collect();
    assert_eq!(logs.len(), 3);
    for log in logs {
        assert_eq!(log.block_hash, recording.block_hash(log.block_number));
        assert_eq!(log.block_timestamp, None, "none was recorded");
    }
    assert_eq!(recording.logs(102..=102).count(), 0);
    assert_eq!(recording.logs(0..=u64::MAX).count(), 4);
}

#[test]
fn a_given_hash_comes_from_the_header_the_logs_or_the_block_above() {
    let mut in_log = log(101, 0, 1, &[]);
    in_log.block_hash = Some(hash(0x11));
    let recording = build(
        RecordingInfo::new(1).with_blocks(100, 110),
        vec![
            RecordedHeader::new(100).with_hash(hash(0x10)),
            // Says what the hashes of 104, which has logs, and of 107, which has nothing, are.
            RecordedHeader::new(105).with_parent_hash(hash(0x14)),
            RecordedHeader::new(108).with_parent_hash(hash(0x17)),
        ],
        vec![in_log, log(104, 0, 1, &[])],
    );
    for (number, byte) in [(100, 0x10), (101, 0x11), (104, 0x14), (107, 0x17)] {
        assert_eq!(
            recording.block_hash(number),
            Some(hash(byte)),
            "block {number}"
        );
        assert_eq!(recording.block_number(&hash(byte)), Some(number));
    }
    assert_eq!(
        recording.logs(104..=104).next().unwrap().block_hash,
        Some(hash(0x14))
    );
    assert_linked(&recording, 95..=110);
}

#[test]
fn derived_hashes_follow_the_format() {
    // The derivation is part of the format: these values may not change.
    let recording = small();
    let expected = [
        (
            99,
            "0x8da575aa292ff59e6f062c583296917de5ada9f2ca7e61900000000000000063",
        ),
        (
            100,
            "0x015013151a645a21edee1a8ca518d688ee6d4582c151370c0000000000000064",
        ),
        (
            101,
            "0x7d2541a6dcfeffba8602278afa1e29a59ad311460c8fb6f80000000000000065",
        ),
        (
            102,
            "0xb6144d7dd9b0e881422f208ed7381ffff366481cc725e4e00000000000000066",
        ),
    ];
    for (number, hash) in expected {
        assert_eq!(
            recording.block_hash(number).unwrap().to_string(),
            hash,
            "block {number}"
        );
    }
}

#[test]
fn a_difference_in_one_log_changes_every_derived_hash_above() {
    let chain = |data: u8| {
        let mut changed = log(105, 0, 1, &[2]);
        changed.data = vec![data].into();
        build(
            RecordingInfo::new(1).with_blocks(100, 120),
            vec![],
            vec![log(102, 0, 1, &[2]), changed, log(110, 0, 1, &[2])],
        )
    };
    let (one, other) = (chain(1), chain(2));
    for number in 0..=120 {
        let same = one.block_hash(number) == other.block_hash(number);
        assert_eq!(same, number < 105, "block {number}");
    }
}

#[test]
fn millions_of_blocks_apart() {
    let recording = build(
        RecordingInfo::new(1),
        vec![
            RecordedHeader::new(14_764_013)
                .with_hash(hash(1))
                .with_timestamp(1_652_398_842),
            RecordedHeader::new(22_869_878)
                .with_hash(hash(2))
                .with_parent_hash(hash(3))
                .with_timestamp(1_751_922_215),
        ],
        vec![],
    );
    assert_linked(&recording, [0, 1, 14_764_012, 14_764_013, 14_764_014]);
    assert_linked(
        &recording,
        (18_000_000..18_000_100).chain(22_869_876..=22_869_878),
    );
    assert_eq!(recording.block_hash(22_869_877), Some(hash(3)));
    let middle = recording.header(18_816_945).unwrap();
    assert_eq!(middle.timestamp, 1_702_160_522, "half way");
}

#[test]
fn extremes_of_the_numbers() {
    let recording = build(
        RecordingInfo::new(u64::MAX),
        vec![
            RecordedHeader::new(0),
            RecordedHeader::new(u64::MAX).with_parent_hash(hash(9)),
        ],
        vec![],
    );
    assert_linked(&recording, [0, 1, u64::MAX - 1, u64::MAX]);
    assert_eq!(recording.block_hash(u64::MAX - 1), Some(hash(9)));
}

#[test]
fn nothing_but_a_range() {
    let recording = build(RecordingInfo::new(1).with_blocks(7, 9), vec![], vec![]);
    assert_eq!(recording.log_count(), 0);
    assert_linked(&recording, 0..=9);
    assert_eq!(recording.header(7).unwrap().timestamp, 1_600_000_000);
}

#[test]
fn every_compression_and_line_end_is_read() {
    let text = concat!(
        r#"{"recording":1,"chain_id":9,"source":"here","future":[1],"first_block":1,"last_block":3}"#,
        "\r\n\r\n",
        r#"{"block":{"number":"0x2","timestamp":"0x64","gasUsed":"0x5"}}"#,
        "\n   \n",
        r#"{"block":{"number":"0x3","hash":null,"parentHash":null,"logsBloom":null}}"#,
    )
    .as_bytes();
    let (one, two) = text.split_at(150);
    let files = [
        ("plain", text.to_vec()),
        ("with an end", [text, b"\n"].concat()),
        ("gzip", gzip(text)),
        ("gzip of two members", [gzip(one), gzip(two)].concat()),
        ("zstd", zstd(text)),
        ("zstd of two frames", [zstd(one), zstd(two)].concat()),
        (
            "zstd with skippable frames",
            [SKIPPABLE.to_vec(), zstd(one), SKIPPABLE.to_vec(), zstd(two)].concat(),
        ),
    ];
    for (what, bytes) in files {
        let recording = Recording::read(bytes.as_slice()).expect(what);
        assert_eq!(recording.last_block(), 3, "{what}");
        assert_eq!(recording.header(3).unwrap().timestamp, 112, "{what}");
        assert_eq!(recording.info().source.as_deref(), Some("here"), "{what}");
        assert_eq!(recording.info().extra["future"][0], 1, "{what}");
        // One byte at a time.
        let recording = Recording::read(Trickle(&bytes)).expect(what);
        assert_eq!(recording.last_block(), 3, "{what}");
    }
}

#[test]
fn a_file_is_loaded() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&gzip(
        br#"{"recording":1,"chain_id":9,"first_block":1,"last_block":3}"#,
    ))
    .unwrap();
    assert_eq!(Recording::load(file.path()).unwrap().chain_id(), 9);
}

#[test]
fn headers_may_come_first_or_with_their_logs() {
    let headers = [RecordedHeader::new(100), RecordedHeader::new(101)];
    let logs = [log(100, 0, 1, &[]), log(101, 0, 1, &[])];
    let first = build(RecordingInfo::new(1), headers.to_vec(), logs.to_vec());

    let mut mixed = RecordingBuilder::new(RecordingInfo::new(1));
    for (header, log) in headers.into_iter().zip(logs) {
        mixed.header(header).unwrap();
        mixed.log(log).unwrap();
    }
    assert_eq!(
        mixed.build().unwrap().block_hash(101),
        first.block_hash(101)
    );
}

/// Ten bytes that a zstd decoder passes over (RFC 8878, section 3.1.2).
const SKIPPABLE: [u8; 10] = [0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 0xff, 0xff];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Gives one byte at a time.
struct Trickle<'a>(&'a [u8]);

impl std::io::Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever is known of the blocks, the chain is linked, times do not go back, and each hash
    /// leads to its block.
    #[test]
    fn any_recording_is_one_chain(
        first in 0_u64..40,
        blocks in prop::collection::btree_map(
            0_u64..60,
            (any::<bool>(), any::<bool>(), any::<bool>(), 0_u32..3),
            1..20,
        ),
    ) {
        let mut builder = RecordingBuilder::new(RecordingInfo::new(1));
        let given = |number: u64| B256([u8::try_from(number).unwrap() + 1; 32]);
        let last = first + blocks.keys().next_back().unwrap();
        for (offset, (has_hash, has_parent, has_time, logs)) in blocks {
            let number = first + offset;
            let mut header = RecordedHeader::new(number);
            header.hash = has_hash.then(|| given(number));
            header.parent_hash = (has_parent && number > 0).then(|| given(number - 1));
            header.timestamp = has_time.then_some(1_000 + number * 7);
            builder.header(header).unwrap();
            for index in 0..logs {
                builder.log(log(number, index * 5, 1, &[2])).unwrap();
            }
        }
        let recording = builder.build().unwrap();
        assert_linked(&recording, 0..=last);
        let times: Vec<_> = (0..=last).map(|n| recording.header(n).unwrap().timestamp).collect();
        prop_assert!(times.is_sorted(), "{times:?}");
    }
}
