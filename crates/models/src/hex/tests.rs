use super::*;
use proptest::prelude::*;

#[test]
fn text_is_read_in_any_case_and_written_lower() {
    let address: Address = "0XAbCdEf0000000000000000000000000000000001"
        .parse()
        .unwrap();
    assert_eq!(
        address.to_string(),
        "0xabcdef0000000000000000000000000000000001"
    );
    assert_eq!(
        serde_json::to_string(&address).unwrap(),
        format!("\"{address}\"")
    );
}

#[test]
fn faults_say_what_was_found_and_expected() {
    for (text, needle) in [
        ("", "does not begin with 0x"),
        ("0x", "0 digits, not 40"),
        ("0x12", "2 digits, not 40"),
        ("0x...", "3 digits, not 40"),
        ("vitalik.eth", "does not begin with 0x"),
        (
            "0xzz00000000000000000000000000000000000000",
            "not a hex digit",
        ),
        ("0xé000000000000000000000000000000000000000", "not 40"),
    ] {
        let error = text.parse::<Address>().unwrap_err().to_string();
        assert!(
            error.contains(needle) && error.contains("an address"),
            "{text}: {error}"
        );
    }
    assert!(
        "0x123"
            .parse::<HexBytes>()
            .unwrap_err()
            .to_string()
            .contains("odd number")
    );
}

#[test]
fn an_error_never_quotes_a_megabyte() {
    let error = "x".repeat(1 << 20).parse::<B256>().unwrap_err().to_string();
    assert!(error.len() < 300, "{}", error.len());
}

#[test]
fn a_bloom_remembers_what_was_inserted() {
    let (seen, unseen) = (B256::new([0x5a; 32]), B256::new([0x11; 32]));
    let mut bloom = LogsBloom::ZERO;
    bloom.insert_hash(&seen);
    assert!(bloom.contains_hash(&seen));
    assert!(!bloom.contains_hash(&unseen));
}

proptest! {
    #[test]
    fn bytes_survive_their_text(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let value = HexBytes::new(bytes);
        prop_assert_eq!(value.to_string().parse::<HexBytes>().unwrap(), value);
    }

    #[test]
    fn no_text_panics(text in ".{0,90}") {
        let _ = text.parse::<Address>();
        let _ = text.parse::<HexBytes>();
    }
}
