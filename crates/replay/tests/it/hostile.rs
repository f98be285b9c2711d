//! Recordings that are damaged, contradict themselves or want too much: each ends in its own error,
//! with the line where there is one.

use std::io::Write;

use event_streamer_replay::RecordingErrorKind::{
    self, Compression, Conflict, Incomplete, Limit, Order, Syntax, Version,
};
use event_streamer_replay::{Recording, RecordingError, RecordingLimits};
use flate2::write::GzEncoder;

const FIRST: &str = r#"{"recording":1,"chain_id":1,"first_block":100,"last_block":200}"#;

fn log(block: u64, index: u64, more: &str) -> String {
    format!(
        r#"{{"log":{{"address":"0x{:040x}","topics":[],"data":"0x","blockNumber":"{block:#x}","transactionHash":"0x{:064x}","transactionIndex":"0x0","logIndex":"{index:#x}"{more}}}}}"#,
        1, 2
    )
}

fn block(number: u64, more: &str) -> String {
    format!(r#"{{"block":{{"number":"{number:#x}"{more}}}}}"#)
}

fn hash(name: &str, number: u64) -> String {
    format!(r#","{name}":"0x{number:064x}""#)
}

fn lines(rest: &[String]) -> Vec<u8> {
    let mut text = FIRST.to_owned();
    for line in rest {
        text.push('\n');
        text.push_str(line);
    }
    text.into_bytes()
}

fn read(bytes: &[u8]) -> RecordingError {
    Recording::read(bytes).expect_err("the recording is refused")
}

#[track_caller]
fn check(what: &str, bytes: &[u8], kind: RecordingErrorKind, line: Option<u64>, text: &str) {
    let error = read(bytes);
    assert_eq!(error.kind(), kind, "{what}: {error}");
    assert_eq!(error.line(), line, "{what}: {error}");
    assert!(error.to_string().contains(text), "{what}: {error}");
    assert!(error.to_string().len() < 500, "{what}: {error}");
}

#[test]
fn first_lines() {
    let long = format!(r#"{{"recording":"{}","chain_id":1}}"#, "x".repeat(100_000));
    let cases: [(&str, RecordingErrorKind, &str); 20] = [
        ("", Incomplete, "is empty"),
        ("\n \r\n", Incomplete, "is empty"),
        ("hello", Syntax, "is this file a recording?"),
        ("[1,2]", Syntax, "is this file a recording?"),
        ("null", Syntax, "is this file a recording?"),
        (r#"{"recording":1,"#, Syntax, "is this file a recording?"),
        (r#"{"log":{}}"#, Syntax, "no `recording` field"),
        (r#"{"recording":2,"chain_id":1}"#, Version, "has version 2"),
        (r#"{"recording":"1","chain_id":1}"#, Version, "has version"),
        (r#"{"recording":1.0,"chain_id":1}"#, Version, "has version"),
        (&long, Version, "…"),
        (r#"{"recording":1}"#, Syntax, "chain_id"),
        (r#"{"recording":1,"chain_id":0}"#, Syntax, "`chain_id` is 0"),
        (
            r#"{"recording":1,"chain_id":-1}"#,
            Syntax,
            "as the format has it",
        ),
        (
            r#"{"recording":1,"chain_id":"1"}"#,
            Syntax,
            "as the format has it",
        ),
        (
            r#"{"recording":1,"chain_id":18446744073709551616}"#,
            Syntax,
            "as the format has it",
        ),
        (
            r#"{"recording":1,"chain_id":null}"#,
            Syntax,
            "as the format has it",
        ),
        (
            r#"{"recording":1,"chain_id":1,"first_block":"0x1"}"#,
            Syntax,
            "as the format has it",
        ),
        (
            r#"{"recording":1,"chain_id":1,"first_block":2,"last_block":1}"#,
            Conflict,
            "above",
        ),
        (
            r#"{"recording":1,"chain_id":1,"logs":-1}"#,
            Syntax,
            "as the format has it",
        ),
    ];
    for (text, kind, part) in cases {
        let error = read(text.as_bytes());
        assert_eq!(error.kind(), kind, "{text:.80}: {error}");
        assert!(error.to_string().contains(part), "{text:.80}: {error}");
        assert!(error.to_string().len() < 500);
        if kind != Incomplete {
            assert_eq!(error.line(), Some(1), "{text:.80}: {error}");
        }
    }
    let empty = br#"{"recording":1,"chain_id":1}"#;
    check("no block", empty, Incomplete, None, "has no block");
}

#[test]
fn lines_out_of_shape() {
    let topics = format!(
        r#"{{"log":{{"address":"0x{:040x}","topics":[{}],"data":"0x","blockNumber":"0x64","transactionHash":"0x{:064x}","transactionIndex":"0x0","logIndex":"0x0"}}}}"#,
        1,
        vec![format!(r#""0x{:064x}""#, 9); 5].join(","),
        2
    );
    let deep = format!(r#"{{"block":{{"number":"0x64","x":{}"#, "[".repeat(100_000));
    let cases = [
        ("not JSON", "{\"log\":".to_owned(), "not JSON"),
        (
            "two values",
            format!("{} {{}}", log(100, 0, "")),
            "not JSON",
        ),
        ("nesting", deep, "not JSON"),
        ("an unknown kind", r#"{"receipt":{}}"#.to_owned(), "neither"),
        (
            "two kinds",
            r#"{"block":{"number":"0x64"},"log":{}}"#.to_owned(),
            "",
        ),
        ("not an object", "7".to_owned(), "(column 1)"),
        (
            "a block without number",
            r#"{"block":{}}"#.to_owned(),
            "number",
        ),
        (
            "a number in decimal",
            r#"{"block":{"number":"100"}}"#.to_owned(),
            "0x",
        ),
        ("a short hash", block(100, r#","hash":"0x12""#), "32 bytes"),
        (
            "a bloom of 32 bytes",
            block(100, &hash("logsBloom", 1)),
            "bloom",
        ),
        (
            "a log without address",
            r#"{"log":{"topics":[]}}"#.to_owned(),
            "address",
        ),
        ("five topics", topics, "5 topics"),
        (
            "a removed log",
            log(100, 0, r#","removed":true"#),
            "removed",
        ),
        (
            "a log index of 33 bits",
            log(100, 1 << 32, ""),
            "out of range",
        ),
        (
            "odd data",
            log(100, 0, "").replace(r#""data":"0x""#, r#""data":"0x1""#),
            "even number of hex digits",
        ),
        (
            "data that is not hex",
            log(100, 0, "").replace(r#""data":"0x""#, r#""data":"0xzz""#),
            "hex",
        ),
    ];
    for (what, line, part) in cases {
        // Behind a blank line, which counts.
        let bytes = lines(&[String::new(), line]);
        check(what, &bytes, Syntax, Some(3), part);
    }
    let mut bytes = lines(&[block(100, "")]);
    bytes.extend_from_slice(b"\n{\"block\":{\"number\":\"0x65\",\"x\":\"\xff\"}}");
    check("not UTF-8", &bytes, Syntax, Some(3), "not JSON");
}

#[test]
fn lines_out_of_order() {
    let cases = [
        (
            "a log twice",
            [log(100, 4, ""), log(100, 4, "")],
            "comes twice",
        ),
        (
            "log indexes descend",
            [log(100, 4, ""), log(100, 3, "")],
            "log 3 of block 100",
        ),
        (
            "blocks of logs descend",
            [log(101, 0, ""), log(100, 9, "")],
            "comes after log 0",
        ),
        (
            "a header twice",
            [block(100, ""), block(100, "")],
            "two headers",
        ),
        (
            "headers descend",
            [block(101, ""), block(100, "")],
            "sort them",
        ),
        (
            "a log before its block",
            [log(100, 0, ""), block(100, "")],
            "before the logs",
        ),
        (
            "a log before a lower block",
            [log(101, 0, ""), block(100, "")],
            "before the logs",
        ),
    ];
    for (what, rest, part) in cases {
        check(what, &lines(&rest), Order, Some(3), part);
    }
}

#[test]
fn contradictions() {
    let on_a_line = [
        ("below the first block", vec![log(99, 0, "")], 2, "outside"),
        (
            "above the last block",
            vec![block(201, "")],
            2,
            "100 to 200",
        ),
        (
            "a log's block hash and the header's",
            vec![
                block(100, &hash("hash", 1)),
                log(100, 0, &hash("blockHash", 2)),
            ],
            3,
            "block hash",
        ),
        (
            "block hashes of two logs",
            vec![
                log(100, 0, &hash("blockHash", 1)),
                log(100, 1, &hash("blockHash", 2)),
            ],
            3,
            "block hash",
        ),
        (
            "a log's time and the header's",
            vec![
                block(100, r#","timestamp":"0x5""#),
                log(100, 0, r#","blockTimestamp":"0x6""#),
            ],
            3,
            "timestamp 6",
        ),
        (
            "a parent that is not the block below",
            vec![
                block(100, &hash("hash", 1)),
                block(101, &hash("parentHash", 2)),
            ],
            3,
            "block 101 has the parent",
        ),
    ];
    for (what, rest, line, part) in on_a_line {
        check(what, &lines(&rest), Conflict, Some(line), part);
    }
    let of_the_whole = [
        (
            "one hash for two blocks",
            vec![block(100, &hash("hash", 1)), block(102, &hash("hash", 1))],
            "the same hash",
        ),
        (
            "a block that is its own parent",
            vec![block(102, &(hash("hash", 1) + &hash("parentHash", 1)))],
            "the same hash",
        ),
        (
            "a parent that its block's logs deny",
            vec![
                block(100, ""),
                block(101, &hash("parentHash", 1)),
                log(100, 0, &hash("blockHash", 2)),
            ],
            "block 101 has the parent",
        ),
    ];
    for (what, rest, part) in of_the_whole {
        check(what, &lines(&rest), Conflict, None, part);
    }
}

#[test]
fn announced_logs_that_are_not_there() {
    let text = format!(
        r#"{{"recording":1,"chain_id":1,"logs":2}}{}{}"#,
        "\n",
        log(100, 0, "")
    );
    check(
        "fewer",
        text.as_bytes(),
        Incomplete,
        None,
        "announces 2 logs, 1 are there",
    );
    let more = format!("{text}\n{}\n{}", log(100, 1, ""), log(100, 2, ""));
    check(
        "more",
        more.as_bytes(),
        Incomplete,
        None,
        "announces 2 logs, 3 are there",
    );
}

#[test]
fn limits_hold_and_can_be_raised() {
    let bytes = lines(&[block(100, ""), block(101, ""), log(150, 0, "")]);
    let longest = log(150, 0, "").len();
    let fits = RecordingLimits::default()
        .with_max_line_bytes(longest)
        .with_max_total_bytes(bytes.len() as u64)
        .with_max_blocks(2);
    Recording::read_with(bytes.as_slice(), fits).unwrap();

    let cases = [
        (
            fits.with_max_line_bytes(longest - 1),
            Some(4),
            "max_line_bytes",
        ),
        (
            fits.with_max_total_bytes(bytes.len() as u64 - 1),
            Some(4),
            "max_total_bytes",
        ),
        (fits.with_max_blocks(1), Some(3), "max_blocks"),
    ];
    for (limits, line, name) in cases {
        let error = Recording::read_with(bytes.as_slice(), limits).unwrap_err();
        assert_eq!(error.kind(), Limit, "{error}");
        assert_eq!(error.line(), line, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_huge_line_is_not_read_to_its_end() {
    /// A reader without end, which counts what is taken from it.
    struct Endless(usize);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'x');
            self.0 += buffer.len();
            Ok(buffer.len())
        }
    }
    let mut endless = Endless(0);
    let limits = RecordingLimits::default().with_max_line_bytes(1 << 20);
    let error = Recording::read_with(&mut endless, limits).unwrap_err();
    assert_eq!(error.kind(), Limit);
    assert_eq!(error.line(), Some(1));
    assert!(endless.0 < 2 << 20, "{} bytes were read", endless.0);
}

#[test]
fn damaged_gzip() {
    let whole = gzip(&lines(&[log(100, 0, ""), log(101, 0, "")]));
    Recording::read(whole.as_slice()).unwrap();

    for cut in [whole.len() - 1, whole.len() - 9, whole.len() / 2, 12] {
        let error = read(&whole[..cut]);
        assert_eq!(error.kind(), Compression, "cut to {cut}: {error}");
        assert!(
            error.to_string().contains("gzip data ends early"),
            "{error}"
        );
        assert!(error.line().is_some());
    }
    let mut damaged = whole.clone();
    let middle = whole.len() / 2;
    damaged[middle..middle + 8].fill(0xff);
    assert_eq!(read(&damaged).kind(), Compression);

    let mut checksum = whole.clone();
    let at = whole.len() - 8;
    checksum[at] ^= 1;
    let error = read(&checksum);
    assert_eq!(error.kind(), Compression);
    assert!(error.to_string().contains("damaged"), "{error}");

    let mut followed = whole.clone();
    followed.extend_from_slice(b"something else");
    assert_eq!(
        read(&followed).kind(),
        Compression,
        "rubbish behind the end"
    );
}

#[test]
fn a_bomb_ends_at_the_limit() {
    // 64 MiB of blank lines in 64 KiB.
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(FIRST.as_bytes()).unwrap();
    for _ in 0..64 {
        encoder.write_all(&[b'\n'; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let limits = RecordingLimits::default().with_max_total_bytes(1 << 16);
    let error = Recording::read_with(bomb.as_slice(), limits).unwrap_err();
    assert_eq!(error.kind(), Limit, "{error}");
}

#[test]
fn damaged_zstd() {
    let whole = zstd(&lines(&[log(100, 0, ""), log(101, 0, "")]));
    Recording::read(whole.as_slice()).unwrap();
    for cut in [whole.len() - 1, whole.len() / 2, 6] {
        let error = read(&whole[..cut]);
        assert_eq!(error.kind(), Compression, "cut to {cut}: {error}");
        assert!(error.to_string().contains("zstd data"), "{error}");
    }
    // A frame that wants a window of two TiB (RFC 8878, section 3.1.1.1.2).
    let greedy = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00];
    assert_eq!(read(&greedy).kind(), Compression);
    // A skippable frame that is shorter than it says.
    let short = [0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0x7f, 0x00];
    assert_eq!(read(&short).kind(), Compression);
}

#[test]
fn a_file_that_is_not_there() {
    let error = Recording::load("/no/such/recording.gz").unwrap_err();
    assert_eq!(error.kind(), RecordingErrorKind::Io);
    assert!(
        error.to_string().contains("/no/such/recording.gz"),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}
