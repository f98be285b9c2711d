use super::*;

#[test]
fn a_value_is_only_what_it_is() {
    let bytes = || HexBytes::from(vec![1, 2]);
    let address = Address::from([7; 20]);
    let values = [
        AbiValue::from(1_u64),
        AbiValue::from(-1_i64),
        AbiValue::from(true),
        AbiValue::from(address),
        AbiValue::FixedBytes(bytes()),
        AbiValue::Bytes(bytes()),
        AbiValue::InvalidString(bytes()),
        AbiValue::from("a"),
        AbiValue::from(vec![AbiValue::from(false)]),
        AbiValue::Tuple(vec![AbiValue::from(false)]),
    ];
    let which = |is: &dyn Fn(&AbiValue) -> bool| -> Vec<usize> {
        (0..values.len()).filter(|nth| is(&values[*nth])).collect()
    };
    assert_eq!(which(&|value| value.as_uint() == Some(1_u64.into())), [0]);
    assert_eq!(which(&|value| value.as_int() == Some((-1_i64).into())), [1]);
    assert_eq!(which(&|value| value.as_bool() == Some(true)), [2]);
    assert_eq!(which(&|value| value.as_address() == Some(address)), [3]);
    assert_eq!(which(&|value| value.as_bytes() == Some(&[1, 2])), [4, 5, 6]);
    assert_eq!(which(&|value| value.as_str() == Some("a")), [7]);
    assert_eq!(which(&|value| value.as_slice().is_some()), [8, 9]);
}
