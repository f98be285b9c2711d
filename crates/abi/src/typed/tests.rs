use super::*;
use crate::{AbiValue, EventDecoder, parse_event_signature};

/// Reads the parameters of an anonymous event without topics.
macro_rules! read {
    ($data:expr, $($ty:ty),*) => {{
        struct Read(($(<$ty as FromAbi>::Value,)*));
        impl FromEvent for Read {
            const DECLARATION: &'static str = "";
            const SIGNATURE: &'static str = "";
            const TOPIC0: Option<B256> = None;
            const INDEXED: usize = 0;

            fn read<R: EventReader>(event: &mut R) -> Result<Self, DecodeError> {
                Ok(Self(($(event.data::<$ty>(stringify!($ty))?,)*)))
            }
        }
        Read::from_log(&[], $data).map(|read| read.0)
    }};
}

fn encode(parameters: &str, values: &[AbiValue]) -> Vec<u8> {
    let event = parse_event_signature(&format!("E({parameters}) anonymous")).unwrap();
    EventDecoder::new(&event)
        .unwrap()
        .encode_log(values)
        .unwrap()
        .1
}

#[test]
fn integers_go_into_the_smallest_that_holds_them_and_nothing_is_cut_off() {
    let data = encode(
        "uint8, int24, uint64, int128, uint136, int256",
        &[
            255_u64.into(),
            (-8_388_608_i64).into(),
            u64::MAX.into(),
            AbiValue::Int(i128::MIN.into()),
            AbiValue::Uint(u128::MAX.into()),
            AbiValue::from(-1_i64),
        ],
    );
    let read = read!(
        &data,
        Uint<8>,
        Int<24>,
        Uint<64>,
        Int<128>,
        Uint<136>,
        Int<256>
    );
    let Ok(read) = read else { panic!("all fit") };
    assert_eq!((read.0, read.1, read.2), (255_u8, -8_388_608_i32, u64::MAX));
    assert_eq!((read.3, read.4), (i128::MIN, U256::from(u128::MAX)));
    assert_eq!(read.5, I256::from(-1_i64));

    let fault = |error: Option<DecodeError>| error.unwrap().to_string();
    let text = fault(read!(&encode("uint16", &[256_u64.into()]), Uint<8>).err());
    assert_eq!(
        text,
        "parameter `Uint<8>`: the value does not go into the type it is decoded into: \
         256 does not fit into u8",
    );
    let text = fault(read!(&encode("int16", &[(-129_i64).into()]), Int<8>).err());
    assert!(text.ends_with("-129 does not fit into i8"), "{text}");
    // 200 has no sign, as the byte of it would.
    let text = fault(read!(&encode("int16", &[200_i64.into()]), Int<8>).err());
    assert!(text.ends_with("200 does not fit into i8"), "{text}");
}

#[test]
fn arrays_of_every_kind_are_read() {
    let pair = |a: u64| AbiValue::Array(vec![a.into(), (a + 1).into()]);
    let texts = AbiValue::Array(vec!["a".into(), "b".into()]);
    let data = encode(
        "uint8[2], uint8[2][], string[2], bytes4, bool",
        &[
            pair(1),
            AbiValue::Array(vec![pair(3), pair(5)]),
            texts,
            AbiValue::FixedBytes(vec![1, 2, 3, 4].into()),
            true.into(),
        ],
    );
    let read = read!(
        &data,
        FixedArray<Uint<8>, 2>,
        Array<LongArray<Uint<8>, 2>>,
        FixedArray<String, 2>,
        FixedBytes<4>,
        bool
    );
    let Ok(read) = read else { panic!("all there") };
    assert_eq!((read.0, read.1), ([1, 2], vec![vec![3, 4], vec![5, 6]]));
    assert_eq!(read.2, ["a", "b"]);
    assert_eq!((read.3, read.4), ([1, 2, 3, 4], true));
    let short = read!(&data[..32], FixedArray<Uint<8>, 2>).err().unwrap();
    assert!(short.to_string().contains("ends too early"));
}

#[test]
fn a_string_that_is_not_utf8_is_an_error_and_its_bytes_can_be_had() {
    let data = encode("string", &[AbiValue::InvalidString(vec![0xff].into())]);
    let error = read!(&data, String).err().unwrap();
    assert!(error.to_string().ends_with("the string is not UTF-8"));
    assert_eq!(read!(&data, HexBytes).ok().unwrap().0.as_bytes(), [0xff]);
}
