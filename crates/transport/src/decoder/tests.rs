//! The decoder against the encoders that services use, and against what they never make.

use std::io::Write as _;

use flate2::write::GzEncoder;
use http::HeaderValue;
use proptest::prelude::*;

use super::*;

/// Each message compressed and flushed, as a service writes a stream; the end of the form is the
/// last piece.
fn flushed(encoding: Encoding, messages: &[Vec<u8>]) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    match encoding {
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
            for message in messages {
                encoder.write_all(message).unwrap();
                encoder.flush().unwrap();
                pieces.push(std::mem::take(encoder.get_mut()).into());
            }
            pieces.push(encoder.finish().unwrap().into());
        }
        Encoding::Zstd => {
            let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
            for message in messages {
                encoder.write_all(message).unwrap();
                encoder.flush().unwrap();
                pieces.push(std::mem::take(encoder.get_mut()).into());
            }
            pieces.push(encoder.finish().unwrap().into());
        }
    }
    pieces
}

fn whole(encoding: Encoding, message: &[u8]) -> Bytes {
    flushed(encoding, &[message.to_vec()]).concat().into()
}

/// All that comes out of these pieces, and how it ends.
fn decode(
    decoder: &mut Decoder,
    pieces: impl IntoIterator<Item = Bytes>,
) -> Result<Vec<u8>, DecodeFault> {
    let mut decoded = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        while let Some(output) = decoder.pull()? {
            assert!(!output.is_empty() && output.len() <= OUTPUT_BYTES);
            decoded.extend_from_slice(&output);
        }
    }
    decoder.finish()?;
    Ok(decoded)
}

fn decode_whole(encoding: Encoding, body: impl Into<Bytes>) -> Result<Vec<u8>, DecodeFault> {
    decode(&mut Decoder::new(encoding, 200), [body.into()])
}

const BOTH: [Encoding; 2] = [Encoding::Gzip, Encoding::Zstd];

#[test]
fn a_message_is_readable_as_soon_as_its_flushed_bytes_came() {
    // Longer than what comes out at once, so that the codec has to hold some back.
    let long = (0..60_000u32).flat_map(u32::to_le_bytes).collect();
    let messages = [
        b"first\n".to_vec(),
        long,
        vec![b'x'; OUTPUT_BYTES],
        b"last\n".to_vec(),
    ];
    for encoding in BOTH {
        let mut decoder = Decoder::new(encoding, 2_000);
        for (message, piece) in messages.iter().zip(flushed(encoding, &messages)) {
            decoder.push(piece);
            let mut decoded = Vec::new();
            while let Some(output) = decoder.pull().unwrap() {
                decoded.extend_from_slice(&output);
            }
            assert!(
                decoded == *message,
                "{encoding:?}: a message of {}",
                message.len()
            );
            assert!(decoder.finish().is_err(), "{encoding:?}: it goes on");
        }
    }
}

#[test]
fn forms_that_end_early_are_truncated_wherever_they_end() {
    let message: Vec<u8> = (0..600u32)
        .flat_map(|n| n.to_string().into_bytes())
        .collect();
    for encoding in BOTH {
        let body = whole(encoding, &message);
        for length in 1..body.len() {
            let fault = decode_whole(encoding, body.slice(..length)).unwrap_err();
            assert!(
                matches!(fault, DecodeFault::Truncated),
                "{encoding:?} {length}: {fault:?}"
            );
        }
        assert_eq!(decode_whole(encoding, body).unwrap(), message);
        assert_eq!(
            decode_whole(encoding, Bytes::new()).unwrap(),
            b"",
            "no body at all"
        );
    }
}

#[test]
fn several_members_or_frames_are_one_body() {
    for encoding in BOTH {
        let (a, b) = (whole(encoding, b"one "), whole(encoding, b"two"));
        let together = Bytes::from([&a[..], &b[..]].concat());
        assert_eq!(
            decode_whole(encoding, together.clone()).unwrap(),
            b"one two"
        );
        let apart = decode(&mut Decoder::new(encoding, 200), [a.clone(), b]);
        assert_eq!(apart.unwrap(), b"one two");
        let cut = decode_whole(encoding, together.slice(..a.len() + 3)).unwrap_err();
        assert!(
            matches!(cut, DecodeFault::Truncated),
            "{encoding:?}: {cut:?}"
        );
        let garbage = Bytes::from([&a[..], b"garbage garbage"].concat());
        let fault = decode_whole(encoding, garbage).unwrap_err();
        assert!(
            matches!(fault, DecodeFault::Damaged(_)),
            "{encoding:?}: {fault:?}"
        );
    }
}

#[test]
fn bombs_are_refused_with_bounded_work() {
    let zeros = vec![0; 8 << 20];
    for encoding in BOTH {
        let bomb = whole(encoding, &zeros);
        let mut decoder = Decoder::new(encoding, 200);
        decoder.push(bomb.clone());
        let mut length = 0;
        let fault = loop {
            match decoder.pull() {
                Ok(output) => length += output.unwrap().len(),
                Err(fault) => break fault,
            }
        };
        assert!(
            matches!(fault, DecodeFault::Ratio(200)),
            "{encoding:?}: {fault:?}"
        );
        assert!(length as u64 <= SLACK_BYTES + 200 * bomb.len() as u64);
        // The same bytes are no bomb to who allows the ratio.
        let mut generous = Decoder::new(encoding, 100_000);
        assert_eq!(decode(&mut generous, [bomb]).unwrap().len(), zeros.len());
    }
}

#[test]
fn a_long_calm_stream_does_not_pay_for_a_bomb() {
    let mut seed = 1u64;
    let mut noise = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed.to_le_bytes()
    };
    let calm: Vec<u8> = (0..150_000).flat_map(|_| noise()).collect();
    for encoding in BOTH {
        let pieces = flushed(encoding, &[calm.clone(), vec![0; 8 << 20]]);
        let fault = decode(&mut Decoder::new(encoding, 200), pieces).unwrap_err();
        assert!(
            matches!(fault, DecodeFault::Ratio(200)),
            "{encoding:?}: {fault:?}"
        );
    }
}

#[test]
fn small_bodies_compress_as_well_as_they_like() {
    for encoding in BOTH {
        let message = vec![b' '; 500_000];
        assert_eq!(
            decode_whole(encoding, whole(encoding, &message)).unwrap(),
            message
        );
    }
}

#[test]
fn frames_that_look_far_back_are_refused_before_memory_is_taken() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::WindowLog(27))
        .unwrap();
    encoder.write_all(b"a little").unwrap();
    encoder.flush().unwrap();
    let frame = encoder.finish().unwrap();
    let fault = decode_whole(Encoding::Zstd, frame).unwrap_err();
    assert!(matches!(fault, DecodeFault::Damaged(_)), "{fault:?}");
}

#[test]
fn a_changed_byte_is_damage_and_never_other_bytes() {
    let message = b"the amount is 1000000 and not a wei more or less".repeat(20);
    let body = whole(Encoding::Gzip, &message);
    // Behind the header, whose time and system fields are free.
    for at in 10..body.len() {
        let mut changed = body.to_vec();
        changed[at] ^= 0x10;
        if let Ok(decoded) = decode_whole(Encoding::Gzip, changed) {
            assert_eq!(decoded, message, "byte {at}");
        }
    }
}

#[test]
fn one_encoding_is_undone_and_no_other() {
    let of = |values: &[&str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        Encoding::of(&headers)
    };
    for plain in [&[][..], &["identity"], &[""], &["identity, identity"]] {
        assert_eq!(of(plain).unwrap(), None);
    }
    for gzip in [&["gzip"][..], &["GZip"], &["x-gzip"], &["identity, gzip"]] {
        assert_eq!(of(gzip).unwrap(), Some(Encoding::Gzip));
    }
    assert_eq!(of(&["zstd"]).unwrap(), Some(Encoding::Zstd));
    for refused in [
        &["br"][..],
        &["deflate"],
        &["gzip, gzip"],
        &["gzip", "zstd"],
        &["gzip, br"],
        &["g\u{fc}zip"],
    ] {
        assert!(of(refused).is_err(), "{refused:?}");
    }
}

proptest! {
    #[test]
    fn any_cut_gives_the_same_bytes(
        gzip: bool,
        messages in prop::collection::vec(prop::collection::vec(0u8..4, 0..1_000), 0..6),
        cuts in prop::collection::vec(1usize..200, 1..40),
    ) {
        let encoding = if gzip { Encoding::Gzip } else { Encoding::Zstd };
        let mut body = Bytes::from(flushed(encoding, &messages).concat());
        let mut sizes = cuts.iter().cycle();
        let mut pieces = Vec::new();
        while !body.is_empty() {
            let size = body.len().min(*sizes.next().unwrap());
            pieces.push(body.split_to(size));
        }
        let decoded = decode(&mut Decoder::new(encoding, 200), pieces).unwrap();
        prop_assert_eq!(decoded, messages.concat());
    }

    #[test]
    fn hostile_bytes_are_an_answer_and_never_a_panic(
        gzip: bool,
        begins_well: bool,
        mut body in prop::collection::vec(any::<u8>(), 0..500),
    ) {
        let encoding = if gzip { Encoding::Gzip } else { Encoding::Zstd };
        if begins_well {
            let mut start = whole(encoding, b"some text that begins well").to_vec();
            start.truncate(start.len() - 5);
            start.append(&mut body);
            body = start;
        }
        let _ = decode_whole(encoding, body);
    }
}
