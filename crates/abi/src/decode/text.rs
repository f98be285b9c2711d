//! JSON text, written straight into bytes: strings and hex.

use event_streamer_models::hex;

/// Appends `"0x…"`.
pub(super) fn push_hex_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(b"\"0x");
    hex::write(bytes, out);
    out.push(b'"');
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
