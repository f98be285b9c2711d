use proptest::prelude::*;

use super::*;
use crate::error::FrameErrorKind;
use crate::message::StreamMessage;

/// Every line of `chunks`, read as a client does.
fn lines(config: FramerConfig, chunks: &[&[u8]]) -> Result<Vec<Vec<u8>>, FrameError> {
    let mut framer = Framer::new(config);
    let mut lines = Vec::new();
    for chunk in chunks {
        framer.push(Bytes::copy_from_slice(chunk));
        while let Some(line) = framer.next_line()? {
            lines.push(line.to_vec());
        }
    }
    framer.finish()?;
    Ok(lines)
}

fn read(chunks: &[&[u8]]) -> Result<Vec<Vec<u8>>, FrameError> {
    lines(FramerConfig::default(), chunks)
}

#[test]
fn lines_end_with_lf_or_crlf_and_blank_ones_are_skipped() {
    let got = read(&[b"{1}\r\n\n \t\r\n{2}\n\r\n"]).unwrap();
    assert_eq!(got, [b"{1}", b"{2}"]);
}

#[test]
fn a_byte_order_mark_is_tolerated_at_the_very_start_only() {
    assert_eq!(read(&[b"\xef\xbb", b"\xbf{1}\n"]).unwrap(), [b"{1}"]);
    let got = read(&[b"{1}\n\xef\xbb\xbf{2}\n"]).unwrap();
    assert_eq!(got[1], b"\xef\xbb\xbf{2}");
}

#[test]
fn a_line_within_one_chunk_is_not_copied() {
    let chunk = Bytes::from(b"{1}\n{2}\n".to_vec());
    let within = chunk.as_ptr_range();
    let mut framer = Framer::default();
    framer.push(chunk);
    let line = framer.next_line().unwrap().unwrap();
    assert!(within.contains(&line.as_ptr()));
}

#[test]
fn an_end_inside_a_line_is_an_error() {
    let error = read(&[b"{1}\n{2"]).unwrap_err();
    assert_eq!(error.kind(), &FrameErrorKind::Truncated { received: 2 });
    assert_eq!(error.line(), 2);
}

#[test]
fn an_end_that_leaves_only_blanks_is_none() {
    assert_eq!(read(&[b"{1}\n  \r"]).unwrap().len(), 1);
}

#[test]
fn lines_that_were_not_asked_for_are_an_error_at_the_end() {
    let mut framer = Framer::default();
    framer.push(Bytes::from_static(b"{1}\n"));
    assert!(framer.finish().is_err());
}

#[test]
fn the_limit_counts_the_line_without_its_end() {
    let config = FramerConfig::default().with_max_line(4);
    assert_eq!(lines(config, &[b"1234\r\n"]).unwrap(), [b"1234"]);
    assert_eq!(lines(config, &[b"12", b"34\r", b"\n"]).unwrap(), [b"1234"]);
    for chunks in [&[&b"12345\n"[..]][..], &[b"123", b"45"], &[b"1234\r5\n"]] {
        let error = lines(config, chunks).unwrap_err();
        assert_eq!(error.kind(), &FrameErrorKind::TooLong { limit: 4 });
    }
}

#[test]
fn an_endless_line_is_given_up_at_the_limit_and_for_good() {
    let mut framer = Framer::new(FramerConfig::default().with_max_line(1000));
    let chunk = Bytes::from(vec![b'x'; 100]);
    let mut pushed = 0;
    let error = loop {
        framer.push(chunk.clone());
        pushed += 1;
        if let Err(error) = framer.next_line() {
            break error;
        }
        assert!(framer.buffered() <= 1000);
    };
    assert_eq!(pushed, 11);
    assert_eq!(framer.buffered(), 0);
    framer.push(Bytes::from_static(b"\n{1}\n"));
    assert_eq!(framer.next_line(), Err(error));
}

/// Counting what the framer looks at would need a hook in it; the time of a line that comes byte by
/// byte tells it as well: quadratic work would take minutes here.
#[test]
fn a_long_line_byte_by_byte_is_read_in_one_pass() {
    let mut framer = Framer::default();
    let byte = Bytes::from_static(b"x");
    for _ in 0..4_000_000 {
        framer.push(byte.clone());
        assert_eq!(framer.next_line().unwrap(), None);
    }
    framer.push(Bytes::from_static(b"\n"));
    assert_eq!(framer.next_line().unwrap().unwrap().len(), 4_000_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_chunking_gives_the_same_lines(
        bytes in proptest::collection::vec(
            prop_oneof![4 => Just(b'x'), 2 => Just(b'\n'), 1 => Just(b'\r'), 1 => Just(b' '), 1 => any::<u8>()],
            0..200,
        ),
        cuts in proptest::collection::vec(0usize..200, 0..20),
        limit in 1usize..40,
    ) {
        let config = FramerConfig::default().with_max_line(limit);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let mut chunks = Vec::new();
        let mut from = 0;
        for cut in cuts {
            chunks.push(&bytes[from..cut]);
            from = cut;
        }
        chunks.push(&bytes[from..]);
        let whole = lines(config, &[&bytes]);
        let cut_up = lines(config, &chunks);
        match (whole, cut_up) {
            (Ok(whole), Ok(cut_up)) => prop_assert_eq!(whole, cut_up),
            // The limit may be noticed before the end of the line; which line it is stays the same.
            (Err(whole), Err(cut_up)) => {
                prop_assert_eq!(whole.line(), cut_up.line());
                prop_assert_eq!(whole.kind(), cut_up.kind());
            }
            (whole, cut_up) => prop_assert!(false, "{:?} but in pieces {:?}", whole, cut_up),
        }
    }
}

/// As far as anybody is likely to raise the limit. In a batch, so that the whole way is shown.
#[test]
fn a_line_of_64_mib_is_read_where_the_limit_allows_it() {
    const LIMIT: usize = 64 << 20;
    let head = r#"{"type":"event_batch","events":{"A":[{"v":""#;
    let tail = r#""}]}}"#;
    let line = |length: usize| {
        let value = "x".repeat(length - head.len() - tail.len());
        Bytes::from([head, value.as_str(), tail, "\n"].concat())
    };
    let frame = |line: &Bytes| {
        let mut framer = Framer::new(FramerConfig::default().with_max_line(LIMIT));
        for chunk in line.chunks(64 << 10) {
            framer.push(line.slice_ref(chunk));
            if let Some(line) = framer.next_line()? {
                return Ok(Some(line));
            }
        }
        Ok::<_, FrameError>(None)
    };
    let whole = frame(&line(LIMIT)).unwrap().unwrap();
    assert_eq!(whole.len(), LIMIT);
    let Ok(StreamMessage::EventBatch(batch)) = StreamMessage::decode(whole) else {
        panic!("a batch of one event");
    };
    let event = batch.events().into_iter().next().unwrap();
    let value: &str = event.field("v").unwrap().unwrap();
    assert_eq!(value.len(), LIMIT - head.len() - tail.len());

    let error = frame(&line(LIMIT + 1)).unwrap_err();
    assert_eq!(error.kind(), &FrameErrorKind::TooLong { limit: LIMIT });
}
