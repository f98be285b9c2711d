/// Events that are hard to write down.
#[allow(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_lines
)]
pub mod odd {
    use ::event_streamer_abi::typed as abi;

    /// `event Plain(address indexed from, address indexed to, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Plain {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for Plain {
        const DECLARATION: &'static str =
            "event Plain(address indexed from, address indexed to, uint256 value)";
        const SIGNATURE: &'static str = "Plain(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x54, 0x9d, 0x24, 0xc4, 0x03, 0x8e, 0xb0, 0x89, 0x11, 0x95, 0x85, 0xab, 0x26, 0x68,
            0xe4, 0x8c, 0x4a, 0x6e, 0xb5, 0x37, 0xbc, 0x02, 0xdb, 0x89, 0x25, 0x8a, 0xca, 0xfb,
            0xe5, 0x5f, 0x1b, 0x56,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                to: event.topic::<abi::Address>("to")?,
                value: event.data::<abi::Uint<256>>("value")?,
            })
        }
    }

    /// `event Plain(uint8 type, int24 self, bool, string indexed, bytes4 tag, function callback)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Plain2 {
        /// `uint8 type`
        pub type_: u8,
        /// `int24 self`
        pub self_: i32,
        /// `bool`
        pub arg2: bool,
        /// `string indexed`
        pub arg3: abi::B256,
        /// `bytes4 tag`
        pub tag: [u8; 4],
        /// `function callback`
        pub callback: [u8; 24],
    }

    impl abi::FromEvent for Plain2 {
        const DECLARATION: &'static str = "event Plain(uint8 type, int24 self, bool, string indexed, bytes4 tag, function callback)";
        const SIGNATURE: &'static str = "Plain(uint8,int24,bool,string,bytes4,function)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xcf, 0xcd, 0xee, 0x3e, 0x79, 0x15, 0xda, 0xbd, 0x2c, 0xef, 0xa3, 0xed, 0x7a, 0x95,
            0xed, 0x3c, 0x3c, 0xac, 0xf9, 0xce, 0x07, 0x7b, 0xde, 0x2f, 0x12, 0x9e, 0xa0, 0xb7,
            0x02, 0x31, 0xe0, 0xfe,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                type_: event.data::<abi::Uint<8>>("type")?,
                self_: event.data::<abi::Int<24>>("self")?,
                arg2: event.data::<bool>("arg2")?,
                arg3: event.topic::<abi::Hash>("arg3")?,
                tag: event.data::<abi::FixedBytes<4>>("tag")?,
                callback: event.data::<abi::FixedBytes<24>>("callback")?,
            })
        }
    }

    /// `event Empty()`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Empty {}

    impl abi::FromEvent for Empty {
        const DECLARATION: &'static str = "event Empty()";
        const SIGNATURE: &'static str = "Empty()";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x3d, 0xb2, 0xa1, 0x2a, 0x1f, 0xcf, 0xb6, 0xe2, 0xe0, 0xde, 0x86, 0x66, 0xc6, 0x4b,
            0x32, 0x44, 0x16, 0x6e, 0xdb, 0x7b, 0x25, 0xb2, 0x00, 0x20, 0x4a, 0x8d, 0x0c, 0xca,
            0x9b, 0x65, 0xcf, 0x37,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(_: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {})
        }
    }

    /// `event Nameless(uint8 indexed, uint8) anonymous`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Nameless {
        /// `uint8 indexed`
        pub arg0: u8,
        /// `uint8`
        pub arg1: u8,
    }

    impl abi::FromEvent for Nameless {
        const DECLARATION: &'static str = "event Nameless(uint8 indexed, uint8) anonymous";
        const SIGNATURE: &'static str = "Nameless(uint8,uint8)";
        const TOPIC0: Option<abi::B256> = None;
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                arg0: event.topic::<abi::Uint<8>>("arg0")?,
                arg1: event.data::<abi::Uint<8>>("arg1")?,
            })
        }
    }

    /// `(uint8,string[2])`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NestedOrderC {
        /// `uint8 a`
        pub a: u8,
        /// `string[2] b`
        pub b: [String; 2],
    }

    impl abi::FromTuple for NestedOrderC {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                a: fields.next::<abi::Uint<8>>("a")?,
                b: fields.next::<abi::FixedArray<String, 2>>("b")?,
            })
        }
    }

    /// `(bool,bytes)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NestedOrderD {
        /// `bool`
        pub arg0: bool,
        /// `bytes`
        pub arg1: abi::HexBytes,
    }

    impl abi::FromTuple for NestedOrderD {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                arg0: fields.next::<bool>("")?,
                arg1: fields.next::<abi::HexBytes>("")?,
            })
        }
    }

    /// `((uint8,string[2])[],(bool,bytes)[3])`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NestedOrder {
        /// `(uint8 a, string[2] b)[] c`
        pub c: Vec<NestedOrderC>,
        /// `(bool, bytes)[3] d`
        pub d: [NestedOrderD; 3],
    }

    impl abi::FromTuple for NestedOrder {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                c: fields.next::<abi::Array<NestedOrderC>>("c")?,
                d: fields.next::<abi::FixedArray<NestedOrderD, 3>>("d")?,
            })
        }
    }

    /// `event Nested(((uint8 a, string[2] b)[] c, (bool, bytes)[3] d) order, uint8[40] many)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Nested {
        /// `((uint8 a, string[2] b)[] c, (bool, bytes)[3] d) order`
        pub order: NestedOrder,
        /// `uint8[40] many`
        pub many: Vec<u8>,
    }

    impl abi::FromEvent for Nested {
        const DECLARATION: &'static str =
            "event Nested(((uint8 a, string[2] b)[] c, (bool, bytes)[3] d) order, uint8[40] many)";
        const SIGNATURE: &'static str = "Nested(((uint8,string[2])[],(bool,bytes)[3]),uint8[40])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1f, 0xd3, 0x63, 0xa0, 0x41, 0x6d, 0x35, 0x11, 0x7d, 0xb2, 0x41, 0x92, 0xa2, 0x30,
            0xa6, 0x8a, 0x60, 0x09, 0xb0, 0x57, 0x68, 0x66, 0x8a, 0xd3, 0xf6, 0x84, 0x9f, 0xe9,
            0xee, 0x91, 0xff, 0x4a,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                order: event.data::<NestedOrder>("order")?,
                many: event.data::<abi::LongArray<abi::Uint<8>, 40>>("many")?,
            })
        }
    }

    /// `event Fixed(fixed128x18 price, ufixed128x18 price, uint72 medium, int256 large, bytes32 hash)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Fixed {
        /// `fixed128x18 price`
        pub price: abi::I256,
        /// `ufixed128x18 price`
        pub price_2: abi::U256,
        /// `uint72 medium`
        pub medium: u128,
        /// `int256 large`
        pub large: abi::I256,
        /// `bytes32 hash`
        pub hash: abi::B256,
    }

    impl abi::FromEvent for Fixed {
        const DECLARATION: &'static str = "event Fixed(fixed128x18 price, ufixed128x18 price, uint72 medium, int256 large, bytes32 hash)";
        const SIGNATURE: &'static str = "Fixed(fixed128x18,ufixed128x18,uint72,int256,bytes32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xce, 0x39, 0x51, 0xd0, 0xd7, 0x12, 0x75, 0xe7, 0x66, 0xb1, 0x58, 0x56, 0x94, 0xb5,
            0xf3, 0x98, 0x9b, 0x87, 0x33, 0x4f, 0x32, 0x14, 0x5e, 0xe9, 0x20, 0x51, 0xd5, 0x37,
            0x83, 0x31, 0x57, 0xd5,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                price: event.data::<abi::Fixed<18>>("price")?,
                price_2: event.data::<abi::Ufixed<18>>("price_2")?,
                medium: event.data::<abi::Uint<72>>("medium")?,
                large: event.data::<abi::Int<256>>("large")?,
                hash: event.data::<abi::B256>("hash")?,
            })
        }
    }

    /// `(uint256[][2][],uint8)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct LongANameThatIsSoLongThatNoLineOfCodeHoldsItTogethe {
        /// `uint256[][2][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe: Vec<[Vec<abi::U256>; 2]>,
        /// `uint8 a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2: u8,
    }

    impl abi::FromTuple for LongANameThatIsSoLongThatNoLineOfCodeHoldsItTogethe {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe: fields
                    .next::<abi::Array<abi::FixedArray<abi::Array<abi::Uint<256>>, 2>>>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else")?,
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2: fields
                    .next::<abi::Uint<8>>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_")?,
            })
        }
    }

    /// `event Long((uint256[][2][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, uint8 a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_) a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, string[][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else__)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Long {
        /// `(uint256[][2][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, uint8 a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_) a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe:
            LongANameThatIsSoLongThatNoLineOfCodeHoldsItTogethe,
        /// `string[][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else__`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2: Vec<Vec<String>>,
    }

    impl abi::FromEvent for Long {
        const DECLARATION: &'static str = "event Long((uint256[][2][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, uint8 a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_) a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, string[][] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else__)";
        const SIGNATURE: &'static str = "Long((uint256[][2][],uint8),string[][])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x2e, 0x32, 0x71, 0xdc, 0xfd, 0x73, 0xa8, 0x6d, 0x0c, 0xf1, 0xf2, 0x0f, 0x05, 0x90,
            0xc5, 0x60, 0xa1, 0xbb, 0xa4, 0xb4, 0x58, 0xf4, 0x54, 0xca, 0xdc, 0x1c, 0x38, 0x1c,
            0xe1, 0xf3, 0x7a, 0x51,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe: event
                    .data::<LongANameThatIsSoLongThatNoLineOfCodeHoldsItTogethe>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else")?,
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2: event
                    .data::<abi::Array<abi::Array<String>>>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else__")?,
            })
        }
    }

    /// `(uint8)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin2 {
        /// `uint8 x`
        pub x: u8,
    }

    impl abi::FromTuple for LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin2 {
        const DYNAMIC: bool = false;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                x: fields.next::<abi::Uint<8>>("x")?,
            })
        }
    }

    /// `event La_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else(address indexed a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, (uint8 x)[] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin {
        /// `address indexed a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe: abi::Address,
        /// `(uint8 x)[] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_`
        pub a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2:
            Vec<LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin2>,
    }

    impl abi::FromEvent for LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin {
        const DECLARATION: &'static str = "event La_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else(address indexed a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else, (uint8 x)[] a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_)";
        const SIGNATURE: &'static str = "La_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else(address,(uint8)[])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xa2, 0x32, 0xab, 0x2c, 0x28, 0xff, 0x84, 0x21, 0xbf, 0xa9, 0x38, 0x17, 0x18, 0x70,
            0xa5, 0x5d, 0x35, 0xa0, 0x11, 0x79, 0x75, 0x4e, 0x2d, 0xb8, 0x6a, 0xe8, 0x9b, 0x6b,
            0x2b, 0x39, 0x45, 0xa8,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe: event
                    .topic::<abi::Address>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else")?,
                a_name_that_is_so_long_that_no_line_of_code_holds_it_togethe_2: event
                    .data::<abi::Array<LaNameThatIsSoLongThatNoLineOfCodeHoldsItTogetherWithAnythin2>>("a_name_that_is_so_long_that_no_line_of_code_holds_it_together_with_anything_else_")?,
            })
        }
    }

    /// `(bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ManyFlags {
        /// `bool flag0`
        pub flag0: bool,
        /// `bool flag1`
        pub flag1: bool,
        /// `bool flag2`
        pub flag2: bool,
        /// `bool flag3`
        pub flag3: bool,
        /// `bool flag4`
        pub flag4: bool,
        /// `bool flag5`
        pub flag5: bool,
        /// `bool flag6`
        pub flag6: bool,
        /// `bool flag7`
        pub flag7: bool,
        /// `bool flag8`
        pub flag8: bool,
        /// `bool flag9`
        pub flag9: bool,
        /// `bool flag10`
        pub flag10: bool,
        /// `bool flag11`
        pub flag11: bool,
        /// `bool flag12`
        pub flag12: bool,
        /// `bool flag13`
        pub flag13: bool,
        /// `bool flag14`
        pub flag14: bool,
        /// `bool flag15`
        pub flag15: bool,
        /// `bool flag16`
        pub flag16: bool,
        /// `bool flag17`
        pub flag17: bool,
        /// `bool flag18`
        pub flag18: bool,
        /// `bool flag19`
        pub flag19: bool,
        /// `bool flag20`
        pub flag20: bool,
        /// `bool flag21`
        pub flag21: bool,
        /// `bool flag22`
        pub flag22: bool,
        /// `bool flag23`
        pub flag23: bool,
        /// `bool flag24`
        pub flag24: bool,
        /// `bool flag25`
        pub flag25: bool,
        /// `bool flag26`
        pub flag26: bool,
        /// `bool flag27`
        pub flag27: bool,
        /// `bool flag28`
        pub flag28: bool,
        /// `bool flag29`
        pub flag29: bool,
        /// `bool flag30`
        pub flag30: bool,
        /// `bool flag31`
        pub flag31: bool,
        /// `bool flag32`
        pub flag32: bool,
        /// `bool flag33`
        pub flag33: bool,
        /// `bool flag34`
        pub flag34: bool,
        /// `bool flag35`
        pub flag35: bool,
        /// `bool flag36`
        pub flag36: bool,
        /// `bool flag37`
        pub flag37: bool,
        /// `bool flag38`
        pub flag38: bool,
        /// `bool flag39`
        pub flag39: bool,
        /// `bool flag40`
        pub flag40: bool,
        /// `bool flag41`
        pub flag41: bool,
        /// `bool flag42`
        pub flag42: bool,
        /// `bool flag43`
        pub flag43: bool,
        /// `bool flag44`
        pub flag44: bool,
        /// `bool flag45`
        pub flag45: bool,
        /// `bool flag46`
        pub flag46: bool,
        /// `bool flag47`
        pub flag47: bool,
        /// `bool flag48`
        pub flag48: bool,
        /// `bool flag49`
        pub flag49: bool,
    }

    impl abi::FromTuple for ManyFlags {
        const DYNAMIC: bool = false;
        const HEAD: usize = 1600;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                flag0: fields.next::<bool>("flag0")?,
                flag1: fields.next::<bool>("flag1")?,
                flag2: fields.next::<bool>("flag2")?,
                flag3: fields.next::<bool>("flag3")?,
                flag4: fields.next::<bool>("flag4")?,
                flag5: fields.next::<bool>("flag5")?,
                flag6: fields.next::<bool>("flag6")?,
                flag7: fields.next::<bool>("flag7")?,
                flag8: fields.next::<bool>("flag8")?,
                flag9: fields.next::<bool>("flag9")?,
                flag10: fields.next::<bool>("flag10")?,
                flag11: fields.next::<bool>("flag11")?,
                flag12: fields.next::<bool>("flag12")?,
                flag13: fields.next::<bool>("flag13")?,
                flag14: fields.next::<bool>("flag14")?,
                flag15: fields.next::<bool>("flag15")?,
                flag16: fields.next::<bool>("flag16")?,
                flag17: fields.next::<bool>("flag17")?,
                flag18: fields.next::<bool>("flag18")?,
                flag19: fields.next::<bool>("flag19")?,
                flag20: fields.next::<bool>("flag20")?,
                flag21: fields.next::<bool>("flag21")?,
                flag22: fields.next::<bool>("flag22")?,
                flag23: fields.next::<bool>("flag23")?,
                flag24: fields.next::<bool>("flag24")?,
                flag25: fields.next::<bool>("flag25")?,
                flag26: fields.next::<bool>("flag26")?,
                flag27: fields.next::<bool>("flag27")?,
                flag28: fields.next::<bool>("flag28")?,
                flag29: fields.next::<bool>("flag29")?,
                flag30: fields.next::<bool>("flag30")?,
                flag31: fields.next::<bool>("flag31")?,
                flag32: fields.next::<bool>("flag32")?,
                flag33: fields.next::<bool>("flag33")?,
                flag34: fields.next::<bool>("flag34")?,
                flag35: fields.next::<bool>("flag35")?,
                flag36: fields.next::<bool>("flag36")?,
                flag37: fields.next::<bool>("flag37")?,
                flag38: fields.next::<bool>("flag38")?,
                flag39: fields.next::<bool>("flag39")?,
                flag40: fields.next::<bool>("flag40")?,
                flag41: fields.next::<bool>("flag41")?,
                flag42: fields.next::<bool>("flag42")?,
                flag43: fields.next::<bool>("flag43")?,
                flag44: fields.next::<bool>("flag44")?,
                flag45: fields.next::<bool>("flag45")?,
                flag46: fields.next::<bool>("flag46")?,
                flag47: fields.next::<bool>("flag47")?,
                flag48: fields.next::<bool>("flag48")?,
                flag49: fields.next::<bool>("flag49")?,
            })
        }
    }

    /// `event Many((bool flag0, bool flag1, bool flag2, bool flag3, bool flag4, bool flag5, bool flag6, bool flag7, bool flag8, bool flag9, bool flag10, bool flag11, bool flag12, bool flag13, bool flag14, bool flag15, bool flag16, bool flag17, bool flag18, bool flag19, bool flag20, bool flag21, bool flag22, bool flag23, bool flag24, bool flag25, bool flag26, bool flag27, bool flag28, bool flag29, bool flag30, bool flag31, bool flag32, bool flag33, bool flag34, bool flag35, bool flag36, bool flag37, bool flag38, bool flag39, bool flag40, bool flag41, bool flag42, bool flag43, bool flag44, bool flag45, bool flag46, bool flag47, bool flag48, bool flag49) flags)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Many {
        /// `(bool flag0, bool flag1, bool flag2, bool flag3, bool flag4, bool flag5, bool flag6, bool flag7, bool flag8, bool flag9, bool flag10, bool flag11, bool flag12, bool flag13, bool flag14, bool flag15, bool flag16, bool flag17, bool flag18, bool flag19, bool flag20, bool flag21, bool flag22, bool flag23, bool flag24, bool flag25, bool flag26, bool flag27, bool flag28, bool flag29, bool flag30, bool flag31, bool flag32, bool flag33, bool flag34, bool flag35, bool flag36, bool flag37, bool flag38, bool flag39, bool flag40, bool flag41, bool flag42, bool flag43, bool flag44, bool flag45, bool flag46, bool flag47, bool flag48, bool flag49) flags`
        pub flags: ManyFlags,
    }

    impl abi::FromEvent for Many {
        const DECLARATION: &'static str = "event Many((bool flag0, bool flag1, bool flag2, bool flag3, bool flag4, bool flag5, bool flag6, bool flag7, bool flag8, bool flag9, bool flag10, bool flag11, bool flag12, bool flag13, bool flag14, bool flag15, bool flag16, bool flag17, bool flag18, bool flag19, bool flag20, bool flag21, bool flag22, bool flag23, bool flag24, bool flag25, bool flag26, bool flag27, bool flag28, bool flag29, bool flag30, bool flag31, bool flag32, bool flag33, bool flag34, bool flag35, bool flag36, bool flag37, bool flag38, bool flag39, bool flag40, bool flag41, bool flag42, bool flag43, bool flag44, bool flag45, bool flag46, bool flag47, bool flag48, bool flag49) flags)";
        const SIGNATURE: &'static str = "Many((bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool,bool))";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x63, 0x8a, 0x75, 0x14, 0x4d, 0xd5, 0xca, 0xf5, 0xfb, 0xeb, 0xbe, 0x89, 0xd7, 0x7b,
            0x73, 0x83, 0x9e, 0x59, 0x9a, 0x4e, 0xa7, 0x6f, 0x20, 0x75, 0xb0, 0x8d, 0xc5, 0x26,
            0x10, 0x39, 0x3f, 0x4a,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                flags: event.data::<ManyFlags>("flags")?,
            })
        }
    }

    /// `(uint8)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Order2 {
        /// `uint8`
        pub gr_e: u8,
    }

    impl abi::FromTuple for Order2 {
        const DYNAMIC: bool = false;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                gr_e: fields.next::<abi::Uint<8>>("größe")?,
            })
        }
    }

    /// `(uint8[])`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct R2 {
        /// `uint8[] r`
        pub r: Vec<u8>,
    }

    impl abi::FromTuple for R2 {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                r: fields.next::<abi::Array<abi::Uint<8>>>("r")?,
            })
        }
    }

    /// `event Order((uint8)[], (uint8) order, (uint8[] r) reader)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Order {
        /// `(uint8)[]`
        pub a_b: Vec<Order2>,
        /// `(uint8) order`
        pub order: Order2,
        /// `(uint8[] r) reader`
        pub reader: R2,
    }

    impl abi::FromEvent for Order {
        const DECLARATION: &'static str =
            "event Order((uint8)[], (uint8) order, (uint8[] r) reader)";
        const SIGNATURE: &'static str = "Order((uint8)[],(uint8),(uint8[]))";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbf, 0x70, 0x63, 0x88, 0xc5, 0x15, 0x60, 0x13, 0x49, 0x62, 0x21, 0xd4, 0xa0, 0x32,
            0xcf, 0xf5, 0x02, 0xb8, 0xa9, 0x88, 0x28, 0xec, 0x6d, 0x4d, 0xa6, 0xbe, 0xd9, 0x00,
            0x51, 0xaf, 0xe3, 0x57,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                a_b: event.data::<abi::Array<Order2>>("a\"`b\n")?,
                order: event.data::<Order2>("order")?,
                reader: event.data::<R2>("reader")?,
            })
        }
    }
}
