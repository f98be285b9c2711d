//! Compressed streams: sound, broken, hostile.

use std::io::Write;

use event_streamer_testkit::{Script, StreamLines, event};
use flate2::write::GzEncoder;

use super::case::*;

pub(super) fn cases() -> Vec<Case> {
    let all = || {
        let mut lines = StreamLines::new(7, "c1");
        [
            lines.batch(&[event(10, 0)]),
            lines.batch(&[event(11, 0)]),
            lines.complete(2, "rt_end"),
        ]
    };
    let piece_by_piece = |encoding, pieces: Vec<Vec<u8>>| {
        let head = encoded_head("c1", encoding);
        let chunked = pieces
            .iter()
            .fold(head, |script, piece| script.chunk(piece).delay(seconds(1)));
        chunked.last_chunk()
    };
    let sound = |name, fault, script| {
        Case::new(name, fault, "taken line by line, as each arrives")
            .stream(script)
            .unbroken()
            .waits(exactly(seconds(2)))
    };
    vec![
        sound(
            "gzip",
            "the stream is compressed with gzip, and flushed behind each line",
            piece_by_piece("gzip", gzip_pieces(&all())),
        ),
        sound(
            "zstd",
            "the stream is compressed with zstd, and flushed behind each line",
            piece_by_piece("zstd", zstd_pieces(&all())),
        ),
        Case::new(
            "broken gzip",
            "bytes that are no gzip, said to be",
            "a protocol fault; tried again a bounded number of times",
        )
        .refused_at_first([encoded_head("c0", "gzip")
            .chunk("not at all")
            .await_hang_up()])
        .reports(["STREAM_ERROR"]),
        Case::new(
            "truncated gzip",
            "the body ends in the midst of the compressed stream",
            "as a connection that breaks: resumed behind what came whole",
        )
        .stream({
            let pieces = gzip_pieces(&all());
            encoded_head("c1", "gzip")
                .chunk(&pieces[0])
                .chunk(&pieces[1][..20])
                .last_chunk()
        })
        .stream(rest())
        .reports(["*"]),
        Case::new(
            "unknown encoding",
            "`content-encoding: br`, which was not asked for",
            "a protocol fault that names it; tried again a bounded number of times",
        )
        .refused_at_first([encoded_head("c0", "br").chunk("?").await_hang_up()])
        .reports(["STREAM_ERROR"]),
        bomb(
            "gzip bomb",
            "gzip of 64 MiB of spaces in 64 KiB",
            "gzip",
            || gzip_pieces(&[vec![b' '; 64 << 20]]).concat(),
        ),
        bomb(
            "zstd bomb",
            "zstd of 64 MiB of spaces in a few KiB",
            "zstd",
            || zstd_pieces(&[vec![b' '; 64 << 20]]).concat(),
        ),
    ]
}

/// On each connection the same bomb.
fn bomb(
    name: &'static str,
    fault: &'static str,
    encoding: &'static str,
    make: impl Fn() -> Vec<u8> + 'static,
) -> Case {
    let promise = "stopped by the limit on the growth, long before the whole is in memory; a bounded \
         number of times, then the end with a protocol error";
    Case::new(name, fault, promise).later(move |mut case| {
        let reconnect = case.staged.options.reconnect.clone();
        case.staged.options.reconnect = reconnect.with_max_protocol_faults(1);
        let bytes = make();
        let script = || encoded_head("c0", encoding).chunk(&bytes).await_hang_up();
        case.stream(script())
            .stream(script())
            .handled([])
            .tokens([None, None])
            .acked([] as [&str; 0])
            .nowhere()
            .reports(["STREAM_ERROR"; 2])
            .waits(delays(1))
            .fails(
                event_streamer_client::ErrorKind::Protocol,
                "given up after attempt 2",
            )
    })
}

fn encoded_head(connection: &str, encoding: &str) -> Script {
    let head = [
        ("content-encoding", encoding),
        ("x-connection-id", connection),
    ];
    Script::new().stream_head(&head)
}

/// One gzip stream, cut where it was flushed: behind each part.
fn gzip_pieces(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    pieces(
        encoder,
        parts,
        |encoder| encoder.get_mut(),
        |encoder| encoder.finish().unwrap(),
    )
}

/// One zstd frame, cut where it was flushed: behind each part.
fn zstd_pieces(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let encoder = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    pieces(
        encoder,
        parts,
        |encoder| encoder.get_mut(),
        |encoder| encoder.finish().unwrap(),
    )
}

fn pieces<E: Write>(
    mut encoder: E,
    parts: &[Vec<u8>],
    written: fn(&mut E) -> &mut Vec<u8>,
    finish: fn(E) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    for part in parts {
        encoder.write_all(part).unwrap();
        encoder.flush().unwrap();
        pieces.push(std::mem::take(written(&mut encoder)));
    }
    let end = finish(encoder);
    if let Some(last) = pieces.last_mut() {
        last.extend(end);
    }
    pieces
}
