use proptest::prelude::*;

use super::*;
use crate::{I256, U256};

/// Digit by digit, as one learns it at school.
fn schoolbook(mut limbs: [u64; 4]) -> String {
    let mut digits = Vec::new();
    while limbs != [0; 4] || digits.is_empty() {
        let mut remainder = 0;
        for limb in limbs.iter_mut().rev() {
            let dividend = u128::from(remainder) << 64 | u128::from(*limb);
            (*limb, remainder) = ((dividend / 10) as u64, (dividend % 10) as u64);
        }
        digits.push(b'0' + remainder as u8);
    }
    digits.reverse();
    String::from_utf8(digits).unwrap()
}

fn check(limbs: [u64; 4]) {
    let expected = schoolbook(limbs);
    assert_eq!(Digits::of(limbs).as_str(), expected);
    let mut out = b"x".to_vec();
    Digits::of(limbs).write(&mut out);
    Digits::of(limbs).write_quoted(&mut out);
    let mut negative = Digits::of(limbs);
    negative.negate();
    assert_eq!(negative.as_str(), format!("-{expected}"));
    negative.write_quoted(&mut out);
    let expected = format!("x{expected}\"{expected}\"\"-{expected}\"");
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn numbers_at_the_edges_of_limbs_and_chunks_are_exact() {
    let near = |number: U256| {
        let one = U256::from(1_u64);
        check(number.checked_sub(one).unwrap_or_default().limbs());
        check(number.limbs());
        check(number.checked_add(one).unwrap_or_default().limbs());
    };
    for bit in 0..256 {
        let mut limbs = [0; 4];
        limbs[bit / 64] = 1 << (bit % 64);
        near(U256::from_limbs(limbs));
    }
    for digits in 0..78 {
        near(format!("1{}", "0".repeat(digits)).parse().unwrap());
        near("9".repeat(digits + 1).parse().unwrap_or(U256::MAX));
    }
}

#[test]
fn every_number_of_four_digits_is_exact() {
    for number in 0..10_000 {
        let above = number * 10_000 + 7;
        assert_eq!(
            pairs(number).as_flattened(),
            format!("{number:08}").as_bytes()
        );
        assert_eq!(
            pairs(above).as_flattened(),
            format!("{above:08}").as_bytes()
        );
    }
}

#[test]
fn a_negative_number_is_not_written_by_its_bits() {
    for (number, text) in [
        (
            I256::MIN,
            "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
        ),
        (I256::from(-1_i64), "-1"),
        (I256::ZERO, "0"),
    ] {
        let mut out = Vec::new();
        number.write_decimal(&mut out);
        number.write_quoted_decimal(&mut out);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, format!("{text}\"{text}\""));
    }
}

proptest! {
    #[test]
    fn numbers_of_every_length_are_exact(mut limbs: [u64; 4], unused in 0_u32..256) {
        for (limb, nth) in limbs.iter_mut().rev().zip(0..) {
            let zeros = unused.saturating_sub(64 * nth);
            *limb = limb.checked_shr(zeros).unwrap_or(0);
        }
        check(limbs);
    }

    #[test]
    fn a_division_is_exact(high in 0..CHUNK, low: u64) {
        let whole = u128::from(high) << 64 | u128::from(low);
        let (quotient, remainder) = divide_two_limbs(high, low);
        prop_assert_eq!(u128::from(quotient), whole / u128::from(CHUNK));
        prop_assert_eq!(u128::from(remainder), whole % u128::from(CHUNK));
    }
}
