use super::*;
use proptest::prelude::*;

#[test]
fn edges_in_decimal() {
    let max = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    assert_eq!(U256::MAX.to_string(), max);
    assert_eq!(U256::ZERO.to_string(), "0");
    assert_eq!(U256::from(CHUNK).to_string(), "10000000000000000000");
    assert_eq!(
        U256::from(u128::from(CHUNK) * 7).to_string(),
        "70000000000000000000"
    );
    let min = "-57896044618658097711785492504343953926634992332820282019728792003956564819968";
    assert_eq!(I256::MIN.to_string(), min);
    assert_eq!(min.parse(), Ok(I256::MIN));
    assert_eq!(I256::MAX.to_string().parse(), Ok(I256::MAX));
    assert_eq!(I256::from_be_bytes([0xff; 32]), I256::from(-1));
    assert_eq!(
        format!("{:>5}|{:<4}|", U256::from(7_u64), I256::from(-7)),
        "    7|-7  |"
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let above = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    for text in [
        "",
        "-1",
        "+1",
        "1.0",
        "1e3",
        " 1",
        "0x",
        "0xg",
        above,
        &"9".repeat(5_000),
        "١",
    ] {
        assert!(text.parse::<U256>().is_err(), "{text:.80}");
    }
    let above = "57896044618658097711785492504343953926634992332820282019728792003956564819968";
    for text in ["", "-", "--1", "0x1", above, &format!("-{}9", above)] {
        assert!(text.parse::<I256>().is_err(), "{text}");
    }
    assert_eq!(
        format!("0x{}1", "0".repeat(70)).parse(),
        Ok(U256::from(1_u64))
    );
}

#[test]
fn json_is_decimal_text() {
    assert_eq!(
        serde_json::to_string(&U256::MAX).unwrap(),
        format!("\"{}\"", U256::MAX)
    );
    assert_eq!(
        serde_json::from_str::<U256>("7").unwrap(),
        U256::from(7_u64)
    );
    assert_eq!(serde_json::from_str::<I256>("-7").unwrap(), I256::from(-7));
    assert!(serde_json::from_str::<U256>("1.5").is_err());
}

proptest! {
    #[test]
    fn bytes_and_text_round_trip(bytes in any::<[u8; 32]>()) {
        let (unsigned, signed) = (U256::from_be_bytes(bytes), I256::from_be_bytes(bytes));
        prop_assert_eq!(unsigned.to_be_bytes(), bytes);
        prop_assert_eq!(signed.to_be_bytes(), bytes);
        prop_assert_eq!(unsigned.to_string().parse(), Ok(unsigned));
        prop_assert_eq!(signed.to_string().parse(), Ok(signed));
    }

    #[test]
    fn small_numbers_are_as_the_standard_library_has_them(number in any::<u128>(), other in any::<u128>(), signed in any::<i64>()) {
        prop_assert_eq!(U256::from(number).to_string(), number.to_string());
        prop_assert_eq!(U256::from(number).to_u128(), Some(number));
        prop_assert_eq!(U256::from(number).cmp(&U256::from(other)), number.cmp(&other));
        prop_assert_eq!(I256::from(signed).to_string(), signed.to_string());
        prop_assert_eq!(I256::from(signed).cmp(&I256::ZERO), signed.cmp(&0));
    }
}
