//! JSON text, written straight into bytes: strings and hex.

use event_streamer_models::hex;

/// Appends `"0x…"`.
pub(super) fn push_hex_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() * 2 + 4);
    out.extend_from_slice(b"\"0x");
    // Through the stack in pieces: the compiler then sees how much there is to copy.
    let (pieces, rest) = bytes.as_chunks::<32>();
    for piece in pieces {
        out.extend_from_slice(hex_digits(piece).as_flattened());
    }
    for byte in rest {
        out.extend_from_slice(&hex_pair(*byte));
    }
    out.push(b'"');
}

/// Appends `"0x…"` of an address.
#[inline]
pub(super) fn push_address_string(out: &mut Vec<u8>, address: &[u8; 20]) {
    let mut text = *b"\"0x0000000000000000000000000000000000000000\"";
    text[3..43].copy_from_slice(hex_digits(address).as_flattened());
    out.extend_from_slice(&text);
}

/// Two digits a byte, in a form that compiles to vector instructions.
#[inline]
fn hex_digits<const LENGTH: usize>(bytes: &[u8; LENGTH]) -> [[u8; 2]; LENGTH] {
    bytes.map(hex_pair)
}

#[inline]
fn hex_pair(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| {
        let letter = if digit > 9 { b'a' - b'9' - 1 } else { 0 };
        b'0' + digit + letter
    })
}

/// How a byte stands in a JSON string: 0 as itself, `u` as `\u00..`, else behind a backslash.
const ESCAPES: [u8; 256] = escapes();

const fn escapes() -> [u8; 256] {
    let mut escapes = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        escapes[control] = b'u';
        control += 1;
    }
    escapes[0x08] = b'b';
    escapes[0x09] = b't';
    escapes[0x0a] = b'n';
    escapes[0x0c] = b'f';
    escapes[0x0d] = b'r';
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes
}

/// Appends a JSON string (RFC 8259, section 7): quoted, with what has to be escaped escaped.
pub(super) fn push_json_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(plain) = rest
        .iter()
        .position(|byte| ESCAPES[usize::from(*byte)] != 0)
    {
        let (before, after) = rest.split_at(plain);
        out.extend_from_slice(before);
        if let Some((byte, after)) = after.split_first() {
            push_escape(out, *byte);
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    match ESCAPES[usize::from(byte)] {
        b'u' => {
            out.extend_from_slice(b"\\u00");
            hex::write(&[byte], out);
        }
        escape => out.extend_from_slice(&[b'\\', escape]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hex_has_two_digits_a_byte() {
        let mut out = b"x".to_vec();
        push_hex_string(&mut out, &[]);
        push_hex_string(&mut out, &[0x00, 0x0f, 0xa0, 0xff]);
        assert_eq!(out, br#"x"0x""0x000fa0ff""#);
        let bytes: Vec<u8> = (0..=255).collect();
        out.clear();
        push_hex_string(&mut out, &bytes);
        assert_eq!(out, format!("\"{}\"", hex::encode(&bytes)).as_bytes());
        out.clear();
        push_address_string(&mut out, bytes[100..].first_chunk().unwrap());
        let address = hex::encode(&bytes[100..120]);
        assert_eq!(out, format!("\"{address}\"").as_bytes());
    }

    #[test]
    fn every_ascii_character_is_escaped_as_serde_json_does() {
        let text: String = (0..0x80_u8).map(char::from).collect();
        let mut out = Vec::new();
        push_json_string(&mut out, &text);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            serde_json::to_string(&text).unwrap()
        );
    }

    proptest! {
        #[test]
        fn strings_are_those_of_serde_json(text in any::<String>()) {
            let mut out = Vec::new();
            push_json_string(&mut out, &text);
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}
