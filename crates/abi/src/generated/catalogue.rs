// @generated from crates/abi/catalogue/events.txt, keccak256 0xb8ee402042c124dc918d07609cbb72b3282a2366b2533ed2187d6ae08b746a61

/// ERC-20, tokens: <https://eips.ethereum.org/EIPS/eip-20>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc20 {
    use crate::typed as abi;

    /// `event Transfer(address indexed from, address indexed to, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str =
            "event Transfer(address indexed from, address indexed to, uint256 value)";
        const SIGNATURE: &'static str = "Transfer(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37,
            0x8d, 0xaa, 0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d,
            0xf5, 0x23, 0xb3, 0xef,
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

    /// `event Approval(address indexed owner, address indexed spender, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Approval {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed spender`
        pub spender: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for Approval {
        const DECLARATION: &'static str =
            "event Approval(address indexed owner, address indexed spender, uint256 value)";
        const SIGNATURE: &'static str = "Approval(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e,
            0x84, 0xf3, 0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8,
            0xc7, 0xc3, 0xb9, 0x25,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                spender: event.topic::<abi::Address>("spender")?,
                value: event.data::<abi::Uint<256>>("value")?,
            })
        }
    }
}

/// ERC-721, non-fungible tokens: <https://eips.ethereum.org/EIPS/eip-721>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc721 {
    use crate::typed as abi;

    /// `event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 indexed tokenId`
        pub token_id: abi::U256,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str =
            "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)";
        const SIGNATURE: &'static str = "Transfer(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37,
            0x8d, 0xaa, 0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d,
            0xf5, 0x23, 0xb3, 0xef,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                to: event.topic::<abi::Address>("to")?,
                token_id: event.topic::<abi::Uint<256>>("tokenId")?,
            })
        }
    }

    /// `event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Approval {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed approved`
        pub approved: abi::Address,
        /// `uint256 indexed tokenId`
        pub token_id: abi::U256,
    }

    impl abi::FromEvent for Approval {
        const DECLARATION: &'static str = "event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)";
        const SIGNATURE: &'static str = "Approval(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e,
            0x84, 0xf3, 0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8,
            0xc7, 0xc3, 0xb9, 0x25,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                approved: event.topic::<abi::Address>("approved")?,
                token_id: event.topic::<abi::Uint<256>>("tokenId")?,
            })
        }
    }

    /// `event ApprovalForAll(address indexed owner, address indexed operator, bool approved)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ApprovalForAll {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed operator`
        pub operator: abi::Address,
        /// `bool approved`
        pub approved: bool,
    }

    impl abi::FromEvent for ApprovalForAll {
        const DECLARATION: &'static str =
            "event ApprovalForAll(address indexed owner, address indexed operator, bool approved)";
        const SIGNATURE: &'static str = "ApprovalForAll(address,address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x17, 0x30, 0x7e, 0xab, 0x39, 0xab, 0x61, 0x07, 0xe8, 0x89, 0x98, 0x45, 0xad, 0x3d,
            0x59, 0xbd, 0x96, 0x53, 0xf2, 0x00, 0xf2, 0x20, 0x92, 0x04, 0x89, 0xca, 0x2b, 0x59,
            0x37, 0x69, 0x6c, 0x31,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                operator: event.topic::<abi::Address>("operator")?,
                approved: event.data::<bool>("approved")?,
            })
        }
    }
}

/// ERC-1155, many tokens in one contract: <https://eips.ethereum.org/EIPS/eip-1155>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc1155 {
    use crate::typed as abi;

    /// `event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TransferSingle {
        /// `address indexed operator`
        pub operator: abi::Address,
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 id`
        pub id: abi::U256,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for TransferSingle {
        const DECLARATION: &'static str = "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)";
        const SIGNATURE: &'static str = "TransferSingle(address,address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xc3, 0xd5, 0x81, 0x68, 0xc5, 0xae, 0x73, 0x97, 0x73, 0x1d, 0x06, 0x3d, 0x5b, 0xbf,
            0x3d, 0x65, 0x78, 0x54, 0x42, 0x73, 0x43, 0xf4, 0xc0, 0x83, 0x24, 0x0f, 0x7a, 0xac,
            0xaa, 0x2d, 0x0f, 0x62,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                operator: event.topic::<abi::Address>("operator")?,
                from: event.topic::<abi::Address>("from")?,
                to: event.topic::<abi::Address>("to")?,
                id: event.data::<abi::Uint<256>>("id")?,
                value: event.data::<abi::Uint<256>>("value")?,
            })
        }
    }

    /// `event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TransferBatch {
        /// `address indexed operator`
        pub operator: abi::Address,
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256[] ids`
        pub ids: Vec<abi::U256>,
        /// `uint256[] values`
        pub values: Vec<abi::U256>,
    }

    impl abi::FromEvent for TransferBatch {
        const DECLARATION: &'static str = "event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)";
        const SIGNATURE: &'static str =
            "TransferBatch(address,address,address,uint256[],uint256[])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4a, 0x39, 0xdc, 0x06, 0xd4, 0xc0, 0xdb, 0xc6, 0x4b, 0x70, 0xaf, 0x90, 0xfd, 0x69,
            0x8a, 0x23, 0x3a, 0x51, 0x8a, 0xa5, 0xd0, 0x7e, 0x59, 0x5d, 0x98, 0x3b, 0x8c, 0x05,
            0x26, 0xc8, 0xf7, 0xfb,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                operator: event.topic::<abi::Address>("operator")?,
                from: event.topic::<abi::Address>("from")?,
                to: event.topic::<abi::Address>("to")?,
                ids: event.data::<abi::Array<abi::Uint<256>>>("ids")?,
                values: event.data::<abi::Array<abi::Uint<256>>>("values")?,
            })
        }
    }

    /// `event ApprovalForAll(address indexed account, address indexed operator, bool approved)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ApprovalForAll {
        /// `address indexed account`
        pub account: abi::Address,
        /// `address indexed operator`
        pub operator: abi::Address,
        /// `bool approved`
        pub approved: bool,
    }

    impl abi::FromEvent for ApprovalForAll {
        const DECLARATION: &'static str = "event ApprovalForAll(address indexed account, address indexed operator, bool approved)";
        const SIGNATURE: &'static str = "ApprovalForAll(address,address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x17, 0x30, 0x7e, 0xab, 0x39, 0xab, 0x61, 0x07, 0xe8, 0x89, 0x98, 0x45, 0xad, 0x3d,
            0x59, 0xbd, 0x96, 0x53, 0xf2, 0x00, 0xf2, 0x20, 0x92, 0x04, 0x89, 0xca, 0x2b, 0x59,
            0x37, 0x69, 0x6c, 0x31,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                account: event.topic::<abi::Address>("account")?,
                operator: event.topic::<abi::Address>("operator")?,
                approved: event.data::<bool>("approved")?,
            })
        }
    }

    /// `event URI(string value, uint256 indexed id)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct URI {
        /// `string value`
        pub value: String,
        /// `uint256 indexed id`
        pub id: abi::U256,
    }

    impl abi::FromEvent for URI {
        const DECLARATION: &'static str = "event URI(string value, uint256 indexed id)";
        const SIGNATURE: &'static str = "URI(string,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x6b, 0xb7, 0xff, 0x70, 0x86, 0x19, 0xba, 0x06, 0x10, 0xcb, 0xa2, 0x95, 0xa5, 0x85,
            0x92, 0xe0, 0x45, 0x1d, 0xee, 0x26, 0x22, 0x93, 0x8c, 0x87, 0x55, 0x66, 0x76, 0x88,
            0xda, 0xf3, 0x52, 0x9b,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                value: event.data::<String>("value")?,
                id: event.topic::<abi::Uint<256>>("id")?,
            })
        }
    }
}

/// ERC-2612, approval by signature; `permit` emits the approval of ERC-20: <https://eips.ethereum.org/EIPS/eip-2612>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc2612 {
    use crate::typed as abi;

    /// `event Approval(address indexed owner, address indexed spender, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Approval {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed spender`
        pub spender: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for Approval {
        const DECLARATION: &'static str =
            "event Approval(address indexed owner, address indexed spender, uint256 value)";
        const SIGNATURE: &'static str = "Approval(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e,
            0x84, 0xf3, 0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8,
            0xc7, 0xc3, 0xb9, 0x25,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                spender: event.topic::<abi::Address>("spender")?,
                value: event.data::<abi::Uint<256>>("value")?,
            })
        }
    }
}

/// ERC-4626, vaults: <https://eips.ethereum.org/EIPS/eip-4626>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc4626 {
    use crate::typed as abi;

    /// `event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Deposit {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `uint256 assets`
        pub assets: abi::U256,
        /// `uint256 shares`
        pub shares: abi::U256,
    }

    impl abi::FromEvent for Deposit {
        const DECLARATION: &'static str = "event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)";
        const SIGNATURE: &'static str = "Deposit(address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdc, 0xbc, 0x1c, 0x05, 0x24, 0x0f, 0x31, 0xff, 0x3a, 0xd0, 0x67, 0xef, 0x1e, 0xe3,
            0x5c, 0xe4, 0x99, 0x77, 0x62, 0x75, 0x2e, 0x3a, 0x09, 0x52, 0x84, 0x75, 0x45, 0x44,
            0xf4, 0xc7, 0x09, 0xd7,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                owner: event.topic::<abi::Address>("owner")?,
                assets: event.data::<abi::Uint<256>>("assets")?,
                shares: event.data::<abi::Uint<256>>("shares")?,
            })
        }
    }

    /// `event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Withdraw {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed receiver`
        pub receiver: abi::Address,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `uint256 assets`
        pub assets: abi::U256,
        /// `uint256 shares`
        pub shares: abi::U256,
    }

    impl abi::FromEvent for Withdraw {
        const DECLARATION: &'static str = "event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)";
        const SIGNATURE: &'static str = "Withdraw(address,address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xfb, 0xde, 0x79, 0x7d, 0x20, 0x1c, 0x68, 0x1b, 0x91, 0x05, 0x65, 0x29, 0x11, 0x9e,
            0x0b, 0x02, 0x40, 0x7c, 0x7b, 0xb9, 0x6a, 0x4a, 0x2c, 0x75, 0xc0, 0x1f, 0xc9, 0x66,
            0x72, 0x32, 0xc8, 0xdb,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                receiver: event.topic::<abi::Address>("receiver")?,
                owner: event.topic::<abi::Address>("owner")?,
                assets: event.data::<abi::Uint<256>>("assets")?,
                shares: event.data::<abi::Uint<256>>("shares")?,
            })
        }
    }
}

/// ERC-1967, proxies: <https://eips.ethereum.org/EIPS/eip-1967>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc1967 {
    use crate::typed as abi;

    /// `event Upgraded(address indexed implementation)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Upgraded {
        /// `address indexed implementation`
        pub implementation: abi::Address,
    }

    impl abi::FromEvent for Upgraded {
        const DECLARATION: &'static str = "event Upgraded(address indexed implementation)";
        const SIGNATURE: &'static str = "Upgraded(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbc, 0x7c, 0xd7, 0x5a, 0x20, 0xee, 0x27, 0xfd, 0x9a, 0xde, 0xba, 0xb3, 0x20, 0x41,
            0xf7, 0x55, 0x21, 0x4d, 0xbc, 0x6b, 0xff, 0xa9, 0x0c, 0xc0, 0x22, 0x5b, 0x39, 0xda,
            0x2e, 0x5c, 0x2d, 0x3b,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                implementation: event.topic::<abi::Address>("implementation")?,
            })
        }
    }

    /// `event BeaconUpgraded(address indexed beacon)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct BeaconUpgraded {
        /// `address indexed beacon`
        pub beacon: abi::Address,
    }

    impl abi::FromEvent for BeaconUpgraded {
        const DECLARATION: &'static str = "event BeaconUpgraded(address indexed beacon)";
        const SIGNATURE: &'static str = "BeaconUpgraded(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1c, 0xf3, 0xb0, 0x3a, 0x6c, 0xf1, 0x9f, 0xa2, 0xba, 0xba, 0x4d, 0xf1, 0x48, 0xe9,
            0xdc, 0xab, 0xed, 0xea, 0x7f, 0x8a, 0x5c, 0x07, 0x84, 0x0e, 0x20, 0x7e, 0x5c, 0x08,
            0x9b, 0xe9, 0x5d, 0x3e,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                beacon: event.topic::<abi::Address>("beacon")?,
            })
        }
    }

    /// `event AdminChanged(address previousAdmin, address newAdmin)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AdminChanged {
        /// `address previousAdmin`
        pub previous_admin: abi::Address,
        /// `address newAdmin`
        pub new_admin: abi::Address,
    }

    impl abi::FromEvent for AdminChanged {
        const DECLARATION: &'static str =
            "event AdminChanged(address previousAdmin, address newAdmin)";
        const SIGNATURE: &'static str = "AdminChanged(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x7e, 0x64, 0x4d, 0x79, 0x42, 0x2f, 0x17, 0xc0, 0x1e, 0x48, 0x94, 0xb5, 0xf4, 0xf5,
            0x88, 0xd3, 0x31, 0xeb, 0xfa, 0x28, 0x65, 0x3d, 0x42, 0xae, 0x83, 0x2d, 0xc5, 0x9e,
            0x38, 0xc9, 0x79, 0x8f,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                previous_admin: event.data::<abi::Address>("previousAdmin")?,
                new_admin: event.data::<abi::Address>("newAdmin")?,
            })
        }
    }
}

/// ERC-2535, diamonds: <https://eips.ethereum.org/EIPS/eip-2535>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc2535 {
    use crate::typed as abi;

    /// `(address,uint8,bytes4[])`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DiamondCutDiamondCut {
        /// `address facetAddress`
        pub facet_address: abi::Address,
        /// `uint8 action`
        pub action: u8,
        /// `bytes4[] functionSelectors`
        pub function_selectors: Vec<[u8; 4]>,
    }

    impl abi::FromTuple for DiamondCutDiamondCut {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                facet_address: fields.next::<abi::Address>("facetAddress")?,
                action: fields.next::<abi::Uint<8>>("action")?,
                function_selectors: fields
                    .next::<abi::Array<abi::FixedBytes<4>>>("functionSelectors")?,
            })
        }
    }

    /// `event DiamondCut((address facetAddress, uint8 action, bytes4[] functionSelectors)[] diamondCut, address init, bytes data)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DiamondCut {
        /// `(address facetAddress, uint8 action, bytes4[] functionSelectors)[] diamondCut`
        pub diamond_cut: Vec<DiamondCutDiamondCut>,
        /// `address init`
        pub init: abi::Address,
        /// `bytes data`
        pub data: abi::HexBytes,
    }

    impl abi::FromEvent for DiamondCut {
        const DECLARATION: &'static str = "event DiamondCut((address facetAddress, uint8 action, bytes4[] functionSelectors)[] diamondCut, address init, bytes data)";
        const SIGNATURE: &'static str = "DiamondCut((address,uint8,bytes4[])[],address,bytes)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8f, 0xaa, 0x70, 0x87, 0x86, 0x71, 0xcc, 0xd2, 0x12, 0xd2, 0x07, 0x71, 0xb7, 0x95,
            0xc5, 0x0a, 0xf8, 0xfd, 0x3f, 0xf6, 0xcf, 0x27, 0xf4, 0xbd, 0xe5, 0x7e, 0x5d, 0x4d,
            0xe0, 0xae, 0xb6, 0x73,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                diamond_cut: event.data::<abi::Array<DiamondCutDiamondCut>>("diamondCut")?,
                init: event.data::<abi::Address>("init")?,
                data: event.data::<abi::HexBytes>("data")?,
            })
        }
    }
}

/// ERC-6909, minimal multi-tokens, also in the pool manager of Uniswap V4: <https://eips.ethereum.org/EIPS/eip-6909>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod erc6909 {
    use crate::typed as abi;

    /// `event Transfer(address caller, address indexed sender, address indexed receiver, uint256 indexed id, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `address caller`
        pub caller: abi::Address,
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed receiver`
        pub receiver: abi::Address,
        /// `uint256 indexed id`
        pub id: abi::U256,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str = "event Transfer(address caller, address indexed sender, address indexed receiver, uint256 indexed id, uint256 amount)";
        const SIGNATURE: &'static str = "Transfer(address,address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1b, 0x3d, 0x7e, 0xdb, 0x2e, 0x9c, 0x0b, 0x0e, 0x7c, 0x52, 0x5b, 0x20, 0xaa, 0xae,
            0xf0, 0xf5, 0x94, 0x0d, 0x2e, 0xd7, 0x16, 0x63, 0xc7, 0xd3, 0x92, 0x66, 0xec, 0xaf,
            0xac, 0x72, 0x88, 0x59,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                caller: event.data::<abi::Address>("caller")?,
                sender: event.topic::<abi::Address>("sender")?,
                receiver: event.topic::<abi::Address>("receiver")?,
                id: event.topic::<abi::Uint<256>>("id")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event Approval(address indexed owner, address indexed spender, uint256 indexed id, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Approval {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed spender`
        pub spender: abi::Address,
        /// `uint256 indexed id`
        pub id: abi::U256,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for Approval {
        const DECLARATION: &'static str = "event Approval(address indexed owner, address indexed spender, uint256 indexed id, uint256 amount)";
        const SIGNATURE: &'static str = "Approval(address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb3, 0xfd, 0x50, 0x71, 0x83, 0x58, 0x87, 0x56, 0x7a, 0x06, 0x71, 0x15, 0x11, 0x21,
            0x89, 0x4d, 0xdc, 0xcc, 0x28, 0x42, 0xf1, 0xd1, 0x0b, 0xed, 0xad, 0x13, 0xe0, 0xd1,
            0x7c, 0xac, 0xe9, 0xa7,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                spender: event.topic::<abi::Address>("spender")?,
                id: event.topic::<abi::Uint<256>>("id")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event OperatorSet(address indexed owner, address indexed spender, bool approved)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OperatorSet {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed spender`
        pub spender: abi::Address,
        /// `bool approved`
        pub approved: bool,
    }

    impl abi::FromEvent for OperatorSet {
        const DECLARATION: &'static str =
            "event OperatorSet(address indexed owner, address indexed spender, bool approved)";
        const SIGNATURE: &'static str = "OperatorSet(address,address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xce, 0xb5, 0x76, 0xd9, 0xf1, 0x5e, 0x4e, 0x20, 0x0f, 0xdb, 0x50, 0x96, 0xd6, 0x4d,
            0x5d, 0xfd, 0x66, 0x7e, 0x16, 0xde, 0xf2, 0x0c, 0x1e, 0xef, 0xd1, 0x42, 0x56, 0xd8,
            0xe3, 0xfa, 0xa2, 0x67,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                spender: event.topic::<abi::Address>("spender")?,
                approved: event.data::<bool>("approved")?,
            })
        }
    }
}

/// OpenZeppelin Contracts, access and upgrades: <https://docs.openzeppelin.com/contracts>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod openzeppelin {
    use crate::typed as abi;

    /// `event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OwnershipTransferred {
        /// `address indexed previousOwner`
        pub previous_owner: abi::Address,
        /// `address indexed newOwner`
        pub new_owner: abi::Address,
    }

    impl abi::FromEvent for OwnershipTransferred {
        const DECLARATION: &'static str =
            "event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)";
        const SIGNATURE: &'static str = "OwnershipTransferred(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8b, 0xe0, 0x07, 0x9c, 0x53, 0x16, 0x59, 0x14, 0x13, 0x44, 0xcd, 0x1f, 0xd0, 0xa4,
            0xf2, 0x84, 0x19, 0x49, 0x7f, 0x97, 0x22, 0xa3, 0xda, 0xaf, 0xe3, 0xb4, 0x18, 0x6f,
            0x6b, 0x64, 0x57, 0xe0,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                previous_owner: event.topic::<abi::Address>("previousOwner")?,
                new_owner: event.topic::<abi::Address>("newOwner")?,
            })
        }
    }

    /// `event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OwnershipTransferStarted {
        /// `address indexed previousOwner`
        pub previous_owner: abi::Address,
        /// `address indexed newOwner`
        pub new_owner: abi::Address,
    }

    impl abi::FromEvent for OwnershipTransferStarted {
        const DECLARATION: &'static str = "event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)";
        const SIGNATURE: &'static str = "OwnershipTransferStarted(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x38, 0xd1, 0x6b, 0x8c, 0xac, 0x22, 0xd9, 0x9f, 0xc7, 0xc1, 0x24, 0xb9, 0xcd, 0x0d,
            0xe2, 0xd3, 0xfa, 0x1f, 0xae, 0xf4, 0x20, 0xbf, 0xe7, 0x91, 0xd8, 0xc3, 0x62, 0xd7,
            0x65, 0xe2, 0x27, 0x00,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                previous_owner: event.topic::<abi::Address>("previousOwner")?,
                new_owner: event.topic::<abi::Address>("newOwner")?,
            })
        }
    }

    /// `event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleGranted {
        /// `bytes32 indexed role`
        pub role: abi::B256,
        /// `address indexed account`
        pub account: abi::Address,
        /// `address indexed sender`
        pub sender: abi::Address,
    }

    impl abi::FromEvent for RoleGranted {
        const DECLARATION: &'static str = "event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)";
        const SIGNATURE: &'static str = "RoleGranted(bytes32,address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x2f, 0x87, 0x88, 0x11, 0x7e, 0x7e, 0xff, 0x1d, 0x82, 0xe9, 0x26, 0xec, 0x79, 0x49,
            0x01, 0xd1, 0x7c, 0x78, 0x02, 0x4a, 0x50, 0x27, 0x09, 0x40, 0x30, 0x45, 0x40, 0xa7,
            0x33, 0x65, 0x6f, 0x0d,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role: event.topic::<abi::B256>("role")?,
                account: event.topic::<abi::Address>("account")?,
                sender: event.topic::<abi::Address>("sender")?,
            })
        }
    }

    /// `event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleRevoked {
        /// `bytes32 indexed role`
        pub role: abi::B256,
        /// `address indexed account`
        pub account: abi::Address,
        /// `address indexed sender`
        pub sender: abi::Address,
    }

    impl abi::FromEvent for RoleRevoked {
        const DECLARATION: &'static str = "event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)";
        const SIGNATURE: &'static str = "RoleRevoked(bytes32,address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf6, 0x39, 0x1f, 0x5c, 0x32, 0xd9, 0xc6, 0x9d, 0x2a, 0x47, 0xea, 0x67, 0x0b, 0x44,
            0x29, 0x74, 0xb5, 0x39, 0x35, 0xd1, 0xed, 0xc7, 0xfd, 0x64, 0xeb, 0x21, 0xe0, 0x47,
            0xa8, 0x39, 0x17, 0x1b,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role: event.topic::<abi::B256>("role")?,
                account: event.topic::<abi::Address>("account")?,
                sender: event.topic::<abi::Address>("sender")?,
            })
        }
    }

    /// `event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleAdminChanged {
        /// `bytes32 indexed role`
        pub role: abi::B256,
        /// `bytes32 indexed previousAdminRole`
        pub previous_admin_role: abi::B256,
        /// `bytes32 indexed newAdminRole`
        pub new_admin_role: abi::B256,
    }

    impl abi::FromEvent for RoleAdminChanged {
        const DECLARATION: &'static str = "event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)";
        const SIGNATURE: &'static str = "RoleAdminChanged(bytes32,bytes32,bytes32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbd, 0x79, 0xb8, 0x6f, 0xfe, 0x0a, 0xb8, 0xe8, 0x77, 0x61, 0x51, 0x51, 0x42, 0x17,
            0xcd, 0x7c, 0xac, 0xd5, 0x2c, 0x90, 0x9f, 0x66, 0x47, 0x5c, 0x3a, 0xf4, 0x4e, 0x12,
            0x9f, 0x0b, 0x00, 0xff,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role: event.topic::<abi::B256>("role")?,
                previous_admin_role: event.topic::<abi::B256>("previousAdminRole")?,
                new_admin_role: event.topic::<abi::B256>("newAdminRole")?,
            })
        }
    }

    /// `event Paused(address account)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Paused {
        /// `address account`
        pub account: abi::Address,
    }

    impl abi::FromEvent for Paused {
        const DECLARATION: &'static str = "event Paused(address account)";
        const SIGNATURE: &'static str = "Paused(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x62, 0xe7, 0x8c, 0xea, 0x01, 0xbe, 0xe3, 0x20, 0xcd, 0x4e, 0x42, 0x02, 0x70, 0xb5,
            0xea, 0x74, 0x00, 0x0d, 0x11, 0xb0, 0xc9, 0xf7, 0x47, 0x54, 0xeb, 0xdb, 0xfc, 0x54,
            0x4b, 0x05, 0xa2, 0x58,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                account: event.data::<abi::Address>("account")?,
            })
        }
    }

    /// `event Unpaused(address account)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Unpaused {
        /// `address account`
        pub account: abi::Address,
    }

    impl abi::FromEvent for Unpaused {
        const DECLARATION: &'static str = "event Unpaused(address account)";
        const SIGNATURE: &'static str = "Unpaused(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x5d, 0xb9, 0xee, 0x0a, 0x49, 0x5b, 0xf2, 0xe6, 0xff, 0x9c, 0x91, 0xa7, 0x83, 0x4c,
            0x1b, 0xa4, 0xfd, 0xd2, 0x44, 0xa5, 0xe8, 0xaa, 0x4e, 0x53, 0x7b, 0xd3, 0x8a, 0xea,
            0xe4, 0xb0, 0x73, 0xaa,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                account: event.data::<abi::Address>("account")?,
            })
        }
    }

    /// `event Initialized(uint64 version)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Initialized {
        /// `uint64 version`
        pub version: u64,
    }

    impl abi::FromEvent for Initialized {
        const DECLARATION: &'static str = "event Initialized(uint64 version)";
        const SIGNATURE: &'static str = "Initialized(uint64)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xc7, 0xf5, 0x05, 0xb2, 0xf3, 0x71, 0xae, 0x21, 0x75, 0xee, 0x49, 0x13, 0xf4, 0x49,
            0x9e, 0x1f, 0x26, 0x33, 0xa7, 0xb5, 0x93, 0x63, 0x21, 0xee, 0xd1, 0xcd, 0xae, 0xb6,
            0x11, 0x51, 0x81, 0xd2,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                version: event.data::<abi::Uint<64>>("version")?,
            })
        }
    }

    /// `event EIP712DomainChanged()`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct EIP712DomainChanged {}

    impl abi::FromEvent for EIP712DomainChanged {
        const DECLARATION: &'static str = "event EIP712DomainChanged()";
        const SIGNATURE: &'static str = "EIP712DomainChanged()";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x0a, 0x63, 0x87, 0xc9, 0xea, 0x36, 0x28, 0xb8, 0x8a, 0x63, 0x3b, 0xb4, 0xf3, 0xb1,
            0x51, 0x77, 0x0f, 0x70, 0x08, 0x51, 0x17, 0xa1, 0x5f, 0x9b, 0xf3, 0x78, 0x7c, 0xda,
            0x53, 0xf1, 0x3d, 0x31,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(_: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {})
        }
    }

    /// `event DefaultAdminTransferScheduled(address indexed newAdmin, uint48 acceptSchedule)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DefaultAdminTransferScheduled {
        /// `address indexed newAdmin`
        pub new_admin: abi::Address,
        /// `uint48 acceptSchedule`
        pub accept_schedule: u64,
    }

    impl abi::FromEvent for DefaultAdminTransferScheduled {
        const DECLARATION: &'static str =
            "event DefaultAdminTransferScheduled(address indexed newAdmin, uint48 acceptSchedule)";
        const SIGNATURE: &'static str = "DefaultAdminTransferScheduled(address,uint48)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x33, 0x77, 0xdc, 0x44, 0x24, 0x1e, 0x77, 0x9d, 0xd0, 0x6a, 0xfa, 0xb5, 0xb7, 0x88,
            0xa3, 0x5c, 0xa5, 0xf3, 0xb7, 0x78, 0x83, 0x6e, 0x29, 0x90, 0xbd, 0xb2, 0x6a, 0x2a,
            0x4b, 0x2e, 0x5e, 0xd6,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                new_admin: event.topic::<abi::Address>("newAdmin")?,
                accept_schedule: event.data::<abi::Uint<48>>("acceptSchedule")?,
            })
        }
    }

    /// `event DefaultAdminTransferCanceled()`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DefaultAdminTransferCanceled {}

    impl abi::FromEvent for DefaultAdminTransferCanceled {
        const DECLARATION: &'static str = "event DefaultAdminTransferCanceled()";
        const SIGNATURE: &'static str = "DefaultAdminTransferCanceled()";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x88, 0x86, 0xeb, 0xfc, 0x42, 0x59, 0xab, 0xdb, 0xc1, 0x66, 0x01, 0xdd, 0x8f, 0xb5,
            0x67, 0x8e, 0x54, 0x87, 0x8f, 0x47, 0xb3, 0xc3, 0x48, 0x36, 0xcf, 0xc5, 0x11, 0x54,
            0xa9, 0x60, 0x51, 0x09,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(_: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {})
        }
    }

    /// `event DefaultAdminDelayChangeScheduled(uint48 newDelay, uint48 effectSchedule)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DefaultAdminDelayChangeScheduled {
        /// `uint48 newDelay`
        pub new_delay: u64,
        /// `uint48 effectSchedule`
        pub effect_schedule: u64,
    }

    impl abi::FromEvent for DefaultAdminDelayChangeScheduled {
        const DECLARATION: &'static str =
            "event DefaultAdminDelayChangeScheduled(uint48 newDelay, uint48 effectSchedule)";
        const SIGNATURE: &'static str = "DefaultAdminDelayChangeScheduled(uint48,uint48)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf1, 0x03, 0x8c, 0x18, 0xcf, 0x84, 0xa5, 0x6e, 0x43, 0x2f, 0xdb, 0xfa, 0xf7, 0x46,
            0x92, 0x4b, 0x7e, 0xa5, 0x11, 0xdf, 0xe0, 0x3a, 0x65, 0x06, 0xa0, 0xce, 0xba, 0x48,
            0x88, 0x78, 0x8d, 0x9b,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                new_delay: event.data::<abi::Uint<48>>("newDelay")?,
                effect_schedule: event.data::<abi::Uint<48>>("effectSchedule")?,
            })
        }
    }

    /// `event DefaultAdminDelayChangeCanceled()`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DefaultAdminDelayChangeCanceled {}

    impl abi::FromEvent for DefaultAdminDelayChangeCanceled {
        const DECLARATION: &'static str = "event DefaultAdminDelayChangeCanceled()";
        const SIGNATURE: &'static str = "DefaultAdminDelayChangeCanceled()";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x2b, 0x1f, 0xa2, 0xed, 0xaf, 0xe6, 0xf7, 0xb9, 0xe9, 0x7c, 0x1a, 0x9e, 0x0c, 0x36,
            0x60, 0xe6, 0x45, 0xbe, 0xb2, 0xdc, 0xaa, 0x2d, 0x45, 0xbd, 0xbf, 0x9b, 0xea, 0xf5,
            0x47, 0x2e, 0x1e, 0xc5,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(_: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {})
        }
    }

    /// `event AuthorityUpdated(address authority)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AuthorityUpdated {
        /// `address authority`
        pub authority: abi::Address,
    }

    impl abi::FromEvent for AuthorityUpdated {
        const DECLARATION: &'static str = "event AuthorityUpdated(address authority)";
        const SIGNATURE: &'static str = "AuthorityUpdated(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x2f, 0x65, 0x8b, 0x44, 0x0c, 0x35, 0x31, 0x4f, 0x52, 0x65, 0x8e, 0xa8, 0xa7, 0x40,
            0xe0, 0x5b, 0x28, 0x4c, 0xdc, 0x84, 0xdc, 0x9a, 0xe0, 0x1e, 0x89, 0x1f, 0x21, 0xb8,
            0x93, 0x3e, 0x7c, 0xad,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                authority: event.data::<abi::Address>("authority")?,
            })
        }
    }
}

/// OpenZeppelin Contracts, the manager of access to many contracts: <https://docs.openzeppelin.com/contracts>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod openzeppelin_access_manager {
    use crate::typed as abi;

    /// `event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OperationScheduled {
        /// `bytes32 indexed operationId`
        pub operation_id: abi::B256,
        /// `uint32 indexed nonce`
        pub nonce: u32,
        /// `uint48 schedule`
        pub schedule: u64,
        /// `address caller`
        pub caller: abi::Address,
        /// `address target`
        pub target: abi::Address,
        /// `bytes data`
        pub data: abi::HexBytes,
    }

    impl abi::FromEvent for OperationScheduled {
        const DECLARATION: &'static str = "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)";
        const SIGNATURE: &'static str =
            "OperationScheduled(bytes32,uint32,uint48,address,address,bytes)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x82, 0xa2, 0xda, 0x5d, 0xee, 0x54, 0xea, 0x80, 0x21, 0xc6, 0x54, 0x5b, 0x44, 0x44,
            0x62, 0x02, 0x91, 0xe0, 0x7e, 0xe8, 0x3b, 0xe6, 0xdd, 0x57, 0xed, 0xb1, 0x75, 0x06,
            0x27, 0x15, 0xf3, 0xb4,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                operation_id: event.topic::<abi::B256>("operationId")?,
                nonce: event.topic::<abi::Uint<32>>("nonce")?,
                schedule: event.data::<abi::Uint<48>>("schedule")?,
                caller: event.data::<abi::Address>("caller")?,
                target: event.data::<abi::Address>("target")?,
                data: event.data::<abi::HexBytes>("data")?,
            })
        }
    }

    /// `event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OperationExecuted {
        /// `bytes32 indexed operationId`
        pub operation_id: abi::B256,
        /// `uint32 indexed nonce`
        pub nonce: u32,
    }

    impl abi::FromEvent for OperationExecuted {
        const DECLARATION: &'static str =
            "event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)";
        const SIGNATURE: &'static str = "OperationExecuted(bytes32,uint32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x76, 0xa2, 0xa4, 0x69, 0x53, 0x68, 0x9d, 0x48, 0x61, 0xa5, 0xd3, 0xf6, 0xed, 0x88,
            0x3a, 0xd7, 0xe6, 0xaf, 0x67, 0x4a, 0x21, 0xf8, 0xe1, 0x62, 0x70, 0x71, 0x59, 0xfc,
            0x9d, 0xde, 0x61, 0x4d,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                operation_id: event.topic::<abi::B256>("operationId")?,
                nonce: event.topic::<abi::Uint<32>>("nonce")?,
            })
        }
    }

    /// `event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OperationCanceled {
        /// `bytes32 indexed operationId`
        pub operation_id: abi::B256,
        /// `uint32 indexed nonce`
        pub nonce: u32,
    }

    impl abi::FromEvent for OperationCanceled {
        const DECLARATION: &'static str =
            "event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)";
        const SIGNATURE: &'static str = "OperationCanceled(bytes32,uint32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbd, 0x9a, 0xc6, 0x7a, 0x6e, 0x2f, 0x64, 0x63, 0xb8, 0x09, 0x27, 0x32, 0x63, 0x10,
            0x33, 0x8b, 0xcb, 0xb4, 0xbd, 0xb7, 0x93, 0x6c, 0xe1, 0x36, 0x5e, 0xa3, 0xe0, 0x10,
            0x67, 0xe7, 0xb9, 0xf7,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                operation_id: event.topic::<abi::B256>("operationId")?,
                nonce: event.topic::<abi::Uint<32>>("nonce")?,
            })
        }
    }

    /// `event RoleLabel(uint64 indexed roleId, string label)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleLabel {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `string label`
        pub label: String,
    }

    impl abi::FromEvent for RoleLabel {
        const DECLARATION: &'static str = "event RoleLabel(uint64 indexed roleId, string label)";
        const SIGNATURE: &'static str = "RoleLabel(uint64,string)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x12, 0x56, 0xf5, 0xb5, 0xec, 0xb8, 0x9c, 0xae, 0xc1, 0x2d, 0xb4, 0x49, 0x73, 0x8f,
            0x2f, 0xbc, 0xd1, 0xba, 0x58, 0x06, 0xcf, 0x38, 0xf3, 0x54, 0x13, 0xf4, 0xe5, 0xc1,
            0x5b, 0xf6, 0xa4, 0x50,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                label: event.data::<String>("label")?,
            })
        }
    }

    /// `event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleGranted {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `address indexed account`
        pub account: abi::Address,
        /// `uint32 delay`
        pub delay: u32,
        /// `uint48 since`
        pub since: u64,
        /// `bool newMember`
        pub new_member: bool,
    }

    impl abi::FromEvent for RoleGranted {
        const DECLARATION: &'static str = "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)";
        const SIGNATURE: &'static str = "RoleGranted(uint64,address,uint32,uint48,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf9, 0x84, 0x48, 0xb9, 0x87, 0xf1, 0x42, 0x8e, 0x0e, 0x23, 0x0e, 0x1f, 0x3c, 0x6e,
            0x2c, 0xe1, 0x5b, 0x56, 0x93, 0xea, 0xf3, 0x18, 0x27, 0xfb, 0xd0, 0xb1, 0xec, 0x4b,
            0x42, 0x4a, 0xe7, 0xcf,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                account: event.topic::<abi::Address>("account")?,
                delay: event.data::<abi::Uint<32>>("delay")?,
                since: event.data::<abi::Uint<48>>("since")?,
                new_member: event.data::<bool>("newMember")?,
            })
        }
    }

    /// `event RoleRevoked(uint64 indexed roleId, address indexed account)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleRevoked {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `address indexed account`
        pub account: abi::Address,
    }

    impl abi::FromEvent for RoleRevoked {
        const DECLARATION: &'static str =
            "event RoleRevoked(uint64 indexed roleId, address indexed account)";
        const SIGNATURE: &'static str = "RoleRevoked(uint64,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf2, 0x29, 0xba, 0xa5, 0x93, 0xaf, 0x28, 0xc4, 0x1b, 0x1d, 0x16, 0xb7, 0x48, 0xcd,
            0x76, 0x88, 0xf0, 0xc8, 0x3a, 0xaf, 0x92, 0xd4, 0xbe, 0x41, 0xc4, 0x40, 0x05, 0xde,
            0xfe, 0x84, 0xc1, 0x66,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                account: event.topic::<abi::Address>("account")?,
            })
        }
    }

    /// `event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleAdminChanged {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `uint64 indexed admin`
        pub admin: u64,
    }

    impl abi::FromEvent for RoleAdminChanged {
        const DECLARATION: &'static str =
            "event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)";
        const SIGNATURE: &'static str = "RoleAdminChanged(uint64,uint64)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1f, 0xd6, 0xdd, 0x76, 0x31, 0x31, 0x2d, 0xfa, 0xc2, 0x20, 0x5b, 0x52, 0x91, 0x3f,
            0x99, 0xde, 0x03, 0xb4, 0xd7, 0xe3, 0x81, 0xd5, 0xd2, 0x7d, 0x3d, 0xbf, 0xe0, 0x71,
            0x3e, 0x6e, 0x63, 0x40,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                admin: event.topic::<abi::Uint<64>>("admin")?,
            })
        }
    }

    /// `event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleGuardianChanged {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `uint64 indexed guardian`
        pub guardian: u64,
    }

    impl abi::FromEvent for RoleGuardianChanged {
        const DECLARATION: &'static str =
            "event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)";
        const SIGNATURE: &'static str = "RoleGuardianChanged(uint64,uint64)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x7a, 0x80, 0x59, 0x63, 0x0b, 0x89, 0x7b, 0x5d, 0xe4, 0xc0, 0x8a, 0xde, 0x69, 0xf8,
            0xb9, 0x0c, 0x3e, 0xad, 0x1f, 0x85, 0x96, 0xd6, 0x2d, 0x10, 0xb6, 0xc4, 0xd1, 0x4a,
            0x0a, 0xfb, 0x4a, 0xe2,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                guardian: event.topic::<abi::Uint<64>>("guardian")?,
            })
        }
    }

    /// `event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RoleGrantDelayChanged {
        /// `uint64 indexed roleId`
        pub role_id: u64,
        /// `uint32 delay`
        pub delay: u32,
        /// `uint48 since`
        pub since: u64,
    }

    impl abi::FromEvent for RoleGrantDelayChanged {
        const DECLARATION: &'static str =
            "event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)";
        const SIGNATURE: &'static str = "RoleGrantDelayChanged(uint64,uint32,uint48)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xfe, 0xb6, 0x90, 0x18, 0xee, 0x8b, 0x8f, 0xd5, 0x0e, 0xa8, 0x63, 0x48, 0xf1, 0x26,
            0x7d, 0x07, 0x67, 0x33, 0x79, 0xf7, 0x2c, 0xff, 0xde, 0xcc, 0xec, 0x63, 0x85, 0x3e,
            0xe8, 0xce, 0x8b, 0x48,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
                delay: event.data::<abi::Uint<32>>("delay")?,
                since: event.data::<abi::Uint<48>>("since")?,
            })
        }
    }

    /// `event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TargetAdminDelayUpdated {
        /// `address indexed target`
        pub target: abi::Address,
        /// `uint32 delay`
        pub delay: u32,
        /// `uint48 since`
        pub since: u64,
    }

    impl abi::FromEvent for TargetAdminDelayUpdated {
        const DECLARATION: &'static str =
            "event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)";
        const SIGNATURE: &'static str = "TargetAdminDelayUpdated(address,uint32,uint48)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xa5, 0x6b, 0x76, 0x01, 0x74, 0x53, 0xf3, 0x99, 0xec, 0x23, 0x27, 0xba, 0x00, 0x37,
            0x5d, 0xbf, 0xb1, 0xfd, 0x07, 0x0f, 0xf8, 0x54, 0x34, 0x1a, 0xd6, 0x19, 0x1e, 0x6a,
            0x2e, 0x2d, 0xe1, 0x9c,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                target: event.topic::<abi::Address>("target")?,
                delay: event.data::<abi::Uint<32>>("delay")?,
                since: event.data::<abi::Uint<48>>("since")?,
            })
        }
    }

    /// `event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TargetFunctionRoleUpdated {
        /// `address indexed target`
        pub target: abi::Address,
        /// `bytes4 selector`
        pub selector: [u8; 4],
        /// `uint64 indexed roleId`
        pub role_id: u64,
    }

    impl abi::FromEvent for TargetFunctionRoleUpdated {
        const DECLARATION: &'static str = "event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)";
        const SIGNATURE: &'static str = "TargetFunctionRoleUpdated(address,bytes4,uint64)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x9e, 0xa6, 0x79, 0x0c, 0x7d, 0xad, 0xfd, 0x01, 0xc9, 0xf8, 0xb9, 0x76, 0x2b, 0x36,
            0x82, 0x60, 0x7a, 0xf2, 0xc7, 0xe7, 0x9e, 0x05, 0xa9, 0xf9, 0xfd, 0xf5, 0x58, 0x0d,
            0xde, 0x94, 0x91, 0x51,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                target: event.topic::<abi::Address>("target")?,
                selector: event.data::<abi::FixedBytes<4>>("selector")?,
                role_id: event.topic::<abi::Uint<64>>("roleId")?,
            })
        }
    }

    /// `event TargetClosed(address indexed target, bool closed)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TargetClosed {
        /// `address indexed target`
        pub target: abi::Address,
        /// `bool closed`
        pub closed: bool,
    }

    impl abi::FromEvent for TargetClosed {
        const DECLARATION: &'static str = "event TargetClosed(address indexed target, bool closed)";
        const SIGNATURE: &'static str = "TargetClosed(address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x90, 0xd4, 0xe7, 0xbb, 0x7e, 0x5d, 0x93, 0x37, 0x92, 0xb3, 0x56, 0x2e, 0x17, 0x41,
            0x30, 0x6f, 0x8b, 0xe9, 0x48, 0x37, 0xe1, 0x34, 0x8d, 0xac, 0xef, 0x9b, 0x6f, 0x1d,
            0xf5, 0x6e, 0xb1, 0x38,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                target: event.topic::<abi::Address>("target")?,
                closed: event.data::<bool>("closed")?,
            })
        }
    }
}

/// OpenZeppelin Contracts 4, where it differs from 5: <https://docs.openzeppelin.com/contracts/4.x>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod openzeppelin_v4 {
    use crate::typed as abi;

    /// `event Initialized(uint8 version)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Initialized {
        /// `uint8 version`
        pub version: u8,
    }

    impl abi::FromEvent for Initialized {
        const DECLARATION: &'static str = "event Initialized(uint8 version)";
        const SIGNATURE: &'static str = "Initialized(uint8)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x7f, 0x26, 0xb8, 0x3f, 0xf9, 0x6e, 0x1f, 0x2b, 0x6a, 0x68, 0x2f, 0x13, 0x38, 0x52,
            0xf6, 0x79, 0x8a, 0x09, 0xc4, 0x65, 0xda, 0x95, 0x92, 0x14, 0x60, 0xce, 0xfb, 0x38,
            0x47, 0x40, 0x24, 0x98,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                version: event.data::<abi::Uint<8>>("version")?,
            })
        }
    }
}

/// WETH9, wrapped ether: <https://weth.io>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod weth9 {
    use crate::typed as abi;

    /// `event Transfer(address indexed src, address indexed dst, uint256 wad)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `address indexed src`
        pub src: abi::Address,
        /// `address indexed dst`
        pub dst: abi::Address,
        /// `uint256 wad`
        pub wad: abi::U256,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str =
            "event Transfer(address indexed src, address indexed dst, uint256 wad)";
        const SIGNATURE: &'static str = "Transfer(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37,
            0x8d, 0xaa, 0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d,
            0xf5, 0x23, 0xb3, 0xef,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                src: event.topic::<abi::Address>("src")?,
                dst: event.topic::<abi::Address>("dst")?,
                wad: event.data::<abi::Uint<256>>("wad")?,
            })
        }
    }

    /// `event Approval(address indexed src, address indexed guy, uint256 wad)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Approval {
        /// `address indexed src`
        pub src: abi::Address,
        /// `address indexed guy`
        pub guy: abi::Address,
        /// `uint256 wad`
        pub wad: abi::U256,
    }

    impl abi::FromEvent for Approval {
        const DECLARATION: &'static str =
            "event Approval(address indexed src, address indexed guy, uint256 wad)";
        const SIGNATURE: &'static str = "Approval(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e,
            0x84, 0xf3, 0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8,
            0xc7, 0xc3, 0xb9, 0x25,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                src: event.topic::<abi::Address>("src")?,
                guy: event.topic::<abi::Address>("guy")?,
                wad: event.data::<abi::Uint<256>>("wad")?,
            })
        }
    }

    /// `event Deposit(address indexed dst, uint256 wad)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Deposit {
        /// `address indexed dst`
        pub dst: abi::Address,
        /// `uint256 wad`
        pub wad: abi::U256,
    }

    impl abi::FromEvent for Deposit {
        const DECLARATION: &'static str = "event Deposit(address indexed dst, uint256 wad)";
        const SIGNATURE: &'static str = "Deposit(address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe1, 0xff, 0xfc, 0xc4, 0x92, 0x3d, 0x04, 0xb5, 0x59, 0xf4, 0xd2, 0x9a, 0x8b, 0xfc,
            0x6c, 0xda, 0x04, 0xeb, 0x5b, 0x0d, 0x3c, 0x46, 0x07, 0x51, 0xc2, 0x40, 0x2c, 0x5c,
            0x5c, 0xc9, 0x10, 0x9c,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                dst: event.topic::<abi::Address>("dst")?,
                wad: event.data::<abi::Uint<256>>("wad")?,
            })
        }
    }

    /// `event Withdrawal(address indexed src, uint256 wad)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Withdrawal {
        /// `address indexed src`
        pub src: abi::Address,
        /// `uint256 wad`
        pub wad: abi::U256,
    }

    impl abi::FromEvent for Withdrawal {
        const DECLARATION: &'static str = "event Withdrawal(address indexed src, uint256 wad)";
        const SIGNATURE: &'static str = "Withdrawal(address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x7f, 0xcf, 0x53, 0x2c, 0x15, 0xf0, 0xa6, 0xdb, 0x0b, 0xd6, 0xd0, 0xe0, 0x38, 0xbe,
            0xa7, 0x1d, 0x30, 0xd8, 0x08, 0xc7, 0xd9, 0x8c, 0xb3, 0xbf, 0x72, 0x68, 0xa9, 0x5b,
            0xf5, 0x08, 0x1b, 0x65,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                src: event.topic::<abi::Address>("src")?,
                wad: event.data::<abi::Uint<256>>("wad")?,
            })
        }
    }
}

/// Uniswap V2, factory and pairs: <https://docs.uniswap.org/contracts/v2>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod uniswap_v2 {
    use crate::typed as abi;

    /// `event PairCreated(address indexed token0, address indexed token1, address pair, uint256)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct PairCreated {
        /// `address indexed token0`
        pub token0: abi::Address,
        /// `address indexed token1`
        pub token1: abi::Address,
        /// `address pair`
        pub pair: abi::Address,
        /// `uint256`
        pub arg3: abi::U256,
    }

    impl abi::FromEvent for PairCreated {
        const DECLARATION: &'static str = "event PairCreated(address indexed token0, address indexed token1, address pair, uint256)";
        const SIGNATURE: &'static str = "PairCreated(address,address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x0d, 0x36, 0x48, 0xbd, 0x0f, 0x6b, 0xa8, 0x01, 0x34, 0xa3, 0x3b, 0xa9, 0x27, 0x5a,
            0xc5, 0x85, 0xd9, 0xd3, 0x15, 0xf0, 0xad, 0x83, 0x55, 0xcd, 0xde, 0xfd, 0xe3, 0x1a,
            0xfa, 0x28, 0xd0, 0xe9,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                token0: event.topic::<abi::Address>("token0")?,
                token1: event.topic::<abi::Address>("token1")?,
                pair: event.data::<abi::Address>("pair")?,
                arg3: event.data::<abi::Uint<256>>("arg3")?,
            })
        }
    }

    /// `event Mint(address indexed sender, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Mint {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for Mint {
        const DECLARATION: &'static str =
            "event Mint(address indexed sender, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "Mint(address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4c, 0x20, 0x9b, 0x5f, 0xc8, 0xad, 0x50, 0x75, 0x8f, 0x13, 0xe2, 0xe1, 0x08, 0x8b,
            0xa5, 0x6a, 0x56, 0x0d, 0xff, 0x69, 0x0a, 0x1c, 0x6f, 0xef, 0x26, 0x39, 0x4f, 0x4c,
            0x03, 0x82, 0x1c, 0x4f,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Burn {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
        /// `address indexed to`
        pub to: abi::Address,
    }

    impl abi::FromEvent for Burn {
        const DECLARATION: &'static str = "event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)";
        const SIGNATURE: &'static str = "Burn(address,uint256,uint256,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdc, 0xcd, 0x41, 0x2f, 0x0b, 0x12, 0x52, 0x81, 0x9c, 0xb1, 0xfd, 0x33, 0x0b, 0x93,
            0x22, 0x4c, 0xa4, 0x26, 0x12, 0x89, 0x2b, 0xb3, 0xf4, 0xf7, 0x89, 0x97, 0x6e, 0x6d,
            0x81, 0x93, 0x64, 0x96,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
                to: event.topic::<abi::Address>("to")?,
            })
        }
    }

    /// `event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Swap {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `uint256 amount0In`
        pub amount0_in: abi::U256,
        /// `uint256 amount1In`
        pub amount1_in: abi::U256,
        /// `uint256 amount0Out`
        pub amount0_out: abi::U256,
        /// `uint256 amount1Out`
        pub amount1_out: abi::U256,
        /// `address indexed to`
        pub to: abi::Address,
    }

    impl abi::FromEvent for Swap {
        const DECLARATION: &'static str = "event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)";
        const SIGNATURE: &'static str = "Swap(address,uint256,uint256,uint256,uint256,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xd7, 0x8a, 0xd9, 0x5f, 0xa4, 0x6c, 0x99, 0x4b, 0x65, 0x51, 0xd0, 0xda, 0x85, 0xfc,
            0x27, 0x5f, 0xe6, 0x13, 0xce, 0x37, 0x65, 0x7f, 0xb8, 0xd5, 0xe3, 0xd1, 0x30, 0x84,
            0x01, 0x59, 0xd8, 0x22,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                amount0_in: event.data::<abi::Uint<256>>("amount0In")?,
                amount1_in: event.data::<abi::Uint<256>>("amount1In")?,
                amount0_out: event.data::<abi::Uint<256>>("amount0Out")?,
                amount1_out: event.data::<abi::Uint<256>>("amount1Out")?,
                to: event.topic::<abi::Address>("to")?,
            })
        }
    }

    /// `event Sync(uint112 reserve0, uint112 reserve1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Sync {
        /// `uint112 reserve0`
        pub reserve0: u128,
        /// `uint112 reserve1`
        pub reserve1: u128,
    }

    impl abi::FromEvent for Sync {
        const DECLARATION: &'static str = "event Sync(uint112 reserve0, uint112 reserve1)";
        const SIGNATURE: &'static str = "Sync(uint112,uint112)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1c, 0x41, 0x1e, 0x9a, 0x96, 0xe0, 0x71, 0x24, 0x1c, 0x2f, 0x21, 0xf7, 0x72, 0x6b,
            0x17, 0xae, 0x89, 0xe3, 0xca, 0xb4, 0xc7, 0x8b, 0xe5, 0x0e, 0x06, 0x2b, 0x03, 0xa9,
            0xff, 0xfb, 0xba, 0xd1,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve0: event.data::<abi::Uint<112>>("reserve0")?,
                reserve1: event.data::<abi::Uint<112>>("reserve1")?,
            })
        }
    }
}

/// Uniswap V3, factory and pools: <https://docs.uniswap.org/contracts/v3>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod uniswap_v3 {
    use crate::typed as abi;

    /// `event OwnerChanged(address indexed oldOwner, address indexed newOwner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OwnerChanged {
        /// `address indexed oldOwner`
        pub old_owner: abi::Address,
        /// `address indexed newOwner`
        pub new_owner: abi::Address,
    }

    impl abi::FromEvent for OwnerChanged {
        const DECLARATION: &'static str =
            "event OwnerChanged(address indexed oldOwner, address indexed newOwner)";
        const SIGNATURE: &'static str = "OwnerChanged(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb5, 0x32, 0x07, 0x3b, 0x38, 0xc8, 0x31, 0x45, 0xe3, 0xe5, 0x13, 0x53, 0x77, 0xa0,
            0x8b, 0xf9, 0xaa, 0xb5, 0x5b, 0xc0, 0xfd, 0x7c, 0x11, 0x79, 0xcd, 0x4f, 0xb9, 0x95,
            0xd2, 0xa5, 0x15, 0x9c,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                old_owner: event.topic::<abi::Address>("oldOwner")?,
                new_owner: event.topic::<abi::Address>("newOwner")?,
            })
        }
    }

    /// `event PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct PoolCreated {
        /// `address indexed token0`
        pub token0: abi::Address,
        /// `address indexed token1`
        pub token1: abi::Address,
        /// `uint24 indexed fee`
        pub fee: u32,
        /// `int24 tickSpacing`
        pub tick_spacing: i32,
        /// `address pool`
        pub pool: abi::Address,
    }

    impl abi::FromEvent for PoolCreated {
        const DECLARATION: &'static str = "event PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)";
        const SIGNATURE: &'static str = "PoolCreated(address,address,uint24,int24,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x78, 0x3c, 0xca, 0x1c, 0x04, 0x12, 0xdd, 0x0d, 0x69, 0x5e, 0x78, 0x45, 0x68, 0xc9,
            0x6d, 0xa2, 0xe9, 0xc2, 0x2f, 0xf9, 0x89, 0x35, 0x7a, 0x2e, 0x8b, 0x1d, 0x9b, 0x2b,
            0x4e, 0x6b, 0x71, 0x18,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                token0: event.topic::<abi::Address>("token0")?,
                token1: event.topic::<abi::Address>("token1")?,
                fee: event.topic::<abi::Uint<24>>("fee")?,
                tick_spacing: event.data::<abi::Int<24>>("tickSpacing")?,
                pool: event.data::<abi::Address>("pool")?,
            })
        }
    }

    /// `event FeeAmountEnabled(uint24 indexed fee, int24 indexed tickSpacing)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct FeeAmountEnabled {
        /// `uint24 indexed fee`
        pub fee: u32,
        /// `int24 indexed tickSpacing`
        pub tick_spacing: i32,
    }

    impl abi::FromEvent for FeeAmountEnabled {
        const DECLARATION: &'static str =
            "event FeeAmountEnabled(uint24 indexed fee, int24 indexed tickSpacing)";
        const SIGNATURE: &'static str = "FeeAmountEnabled(uint24,int24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xc6, 0x6a, 0x3f, 0xdf, 0x07, 0x23, 0x2c, 0xdd, 0x18, 0x5f, 0xeb, 0xcc, 0x65, 0x79,
            0xd4, 0x08, 0xc2, 0x41, 0xb4, 0x7a, 0xe2, 0xf9, 0x90, 0x7d, 0x84, 0xbe, 0x65, 0x51,
            0x41, 0xee, 0xae, 0xcc,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                fee: event.topic::<abi::Uint<24>>("fee")?,
                tick_spacing: event.topic::<abi::Int<24>>("tickSpacing")?,
            })
        }
    }

    /// `event Initialize(uint160 sqrtPriceX96, int24 tick)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Initialize {
        /// `uint160 sqrtPriceX96`
        pub sqrt_price_x96: abi::U256,
        /// `int24 tick`
        pub tick: i32,
    }

    impl abi::FromEvent for Initialize {
        const DECLARATION: &'static str = "event Initialize(uint160 sqrtPriceX96, int24 tick)";
        const SIGNATURE: &'static str = "Initialize(uint160,int24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x98, 0x63, 0x60, 0x36, 0xcb, 0x66, 0xa9, 0xc1, 0x9a, 0x37, 0x43, 0x5e, 0xfc, 0x1e,
            0x90, 0x14, 0x21, 0x90, 0x21, 0x4e, 0x8a, 0xbe, 0xb8, 0x21, 0xbd, 0xba, 0x3f, 0x29,
            0x90, 0xdd, 0x4c, 0x95,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sqrt_price_x96: event.data::<abi::Uint<160>>("sqrtPriceX96")?,
                tick: event.data::<abi::Int<24>>("tick")?,
            })
        }
    }

    /// `event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Mint {
        /// `address sender`
        pub sender: abi::Address,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `int24 indexed tickLower`
        pub tick_lower: i32,
        /// `int24 indexed tickUpper`
        pub tick_upper: i32,
        /// `uint128 amount`
        pub amount: u128,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for Mint {
        const DECLARATION: &'static str = "event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "Mint(address,address,int24,int24,uint128,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x7a, 0x53, 0x08, 0x0b, 0xa4, 0x14, 0x15, 0x8b, 0xe7, 0xec, 0x69, 0xb9, 0x87, 0xb5,
            0xfb, 0x7d, 0x07, 0xde, 0xe1, 0x01, 0xfe, 0x85, 0x48, 0x8f, 0x08, 0x53, 0xae, 0x16,
            0x23, 0x9d, 0x0b, 0xde,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.data::<abi::Address>("sender")?,
                owner: event.topic::<abi::Address>("owner")?,
                tick_lower: event.topic::<abi::Int<24>>("tickLower")?,
                tick_upper: event.topic::<abi::Int<24>>("tickUpper")?,
                amount: event.data::<abi::Uint<128>>("amount")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Collect {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address recipient`
        pub recipient: abi::Address,
        /// `int24 indexed tickLower`
        pub tick_lower: i32,
        /// `int24 indexed tickUpper`
        pub tick_upper: i32,
        /// `uint128 amount0`
        pub amount0: u128,
        /// `uint128 amount1`
        pub amount1: u128,
    }

    impl abi::FromEvent for Collect {
        const DECLARATION: &'static str = "event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)";
        const SIGNATURE: &'static str = "Collect(address,address,int24,int24,uint128,uint128)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x70, 0x93, 0x53, 0x38, 0xe6, 0x97, 0x75, 0x45, 0x6a, 0x85, 0xdd, 0xef, 0x22, 0x6c,
            0x39, 0x5f, 0xb6, 0x68, 0xb6, 0x3f, 0xa0, 0x11, 0x5f, 0x5f, 0x20, 0x61, 0x0b, 0x38,
            0x8e, 0x6c, 0xa9, 0xc0,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                recipient: event.data::<abi::Address>("recipient")?,
                tick_lower: event.topic::<abi::Int<24>>("tickLower")?,
                tick_upper: event.topic::<abi::Int<24>>("tickUpper")?,
                amount0: event.data::<abi::Uint<128>>("amount0")?,
                amount1: event.data::<abi::Uint<128>>("amount1")?,
            })
        }
    }

    /// `event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Burn {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `int24 indexed tickLower`
        pub tick_lower: i32,
        /// `int24 indexed tickUpper`
        pub tick_upper: i32,
        /// `uint128 amount`
        pub amount: u128,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for Burn {
        const DECLARATION: &'static str = "event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "Burn(address,int24,int24,uint128,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x0c, 0x39, 0x6c, 0xd9, 0x89, 0xa3, 0x9f, 0x44, 0x59, 0xb5, 0xfa, 0x1a, 0xed, 0x6a,
            0x9a, 0x8d, 0xcd, 0xbc, 0x45, 0x90, 0x8a, 0xcf, 0xd6, 0x7e, 0x02, 0x8c, 0xd5, 0x68,
            0xda, 0x98, 0x98, 0x2c,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                tick_lower: event.topic::<abi::Int<24>>("tickLower")?,
                tick_upper: event.topic::<abi::Int<24>>("tickUpper")?,
                amount: event.data::<abi::Uint<128>>("amount")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Swap {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed recipient`
        pub recipient: abi::Address,
        /// `int256 amount0`
        pub amount0: abi::I256,
        /// `int256 amount1`
        pub amount1: abi::I256,
        /// `uint160 sqrtPriceX96`
        pub sqrt_price_x96: abi::U256,
        /// `uint128 liquidity`
        pub liquidity: u128,
        /// `int24 tick`
        pub tick: i32,
    }

    impl abi::FromEvent for Swap {
        const DECLARATION: &'static str = "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)";
        const SIGNATURE: &'static str = "Swap(address,address,int256,int256,uint160,uint128,int24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xc4, 0x20, 0x79, 0xf9, 0x4a, 0x63, 0x50, 0xd7, 0xe6, 0x23, 0x5f, 0x29, 0x17, 0x49,
            0x24, 0xf9, 0x28, 0xcc, 0x2a, 0xc8, 0x18, 0xeb, 0x64, 0xfe, 0xd8, 0x00, 0x4e, 0x11,
            0x5f, 0xbc, 0xca, 0x67,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                recipient: event.topic::<abi::Address>("recipient")?,
                amount0: event.data::<abi::Int<256>>("amount0")?,
                amount1: event.data::<abi::Int<256>>("amount1")?,
                sqrt_price_x96: event.data::<abi::Uint<160>>("sqrtPriceX96")?,
                liquidity: event.data::<abi::Uint<128>>("liquidity")?,
                tick: event.data::<abi::Int<24>>("tick")?,
            })
        }
    }

    /// `event Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Flash {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed recipient`
        pub recipient: abi::Address,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
        /// `uint256 paid0`
        pub paid0: abi::U256,
        /// `uint256 paid1`
        pub paid1: abi::U256,
    }

    impl abi::FromEvent for Flash {
        const DECLARATION: &'static str = "event Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)";
        const SIGNATURE: &'static str = "Flash(address,address,uint256,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbd, 0xbd, 0xb7, 0x1d, 0x78, 0x60, 0x37, 0x6b, 0xa5, 0x2b, 0x25, 0xa5, 0x02, 0x8b,
            0xee, 0xa2, 0x35, 0x81, 0x36, 0x4a, 0x40, 0x52, 0x2f, 0x6b, 0xcf, 0xb8, 0x6b, 0xb1,
            0xf2, 0xdc, 0xa6, 0x33,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                recipient: event.topic::<abi::Address>("recipient")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
                paid0: event.data::<abi::Uint<256>>("paid0")?,
                paid1: event.data::<abi::Uint<256>>("paid1")?,
            })
        }
    }

    /// `event IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct IncreaseObservationCardinalityNext {
        /// `uint16 observationCardinalityNextOld`
        pub observation_cardinality_next_old: u16,
        /// `uint16 observationCardinalityNextNew`
        pub observation_cardinality_next_new: u16,
    }

    impl abi::FromEvent for IncreaseObservationCardinalityNext {
        const DECLARATION: &'static str = "event IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)";
        const SIGNATURE: &'static str = "IncreaseObservationCardinalityNext(uint16,uint16)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xac, 0x49, 0xe5, 0x18, 0xf9, 0x0a, 0x35, 0x8f, 0x65, 0x2e, 0x44, 0x00, 0x16, 0x4f,
            0x05, 0xa5, 0xd8, 0xf7, 0xe3, 0x5e, 0x77, 0x47, 0x27, 0x9b, 0xc3, 0xa9, 0x3d, 0xbf,
            0x58, 0x4e, 0x12, 0x5a,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                observation_cardinality_next_old: event
                    .data::<abi::Uint<16>>("observationCardinalityNextOld")?,
                observation_cardinality_next_new: event
                    .data::<abi::Uint<16>>("observationCardinalityNextNew")?,
            })
        }
    }

    /// `event SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SetFeeProtocol {
        /// `uint8 feeProtocol0Old`
        pub fee_protocol0_old: u8,
        /// `uint8 feeProtocol1Old`
        pub fee_protocol1_old: u8,
        /// `uint8 feeProtocol0New`
        pub fee_protocol0_new: u8,
        /// `uint8 feeProtocol1New`
        pub fee_protocol1_new: u8,
    }

    impl abi::FromEvent for SetFeeProtocol {
        const DECLARATION: &'static str = "event SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)";
        const SIGNATURE: &'static str = "SetFeeProtocol(uint8,uint8,uint8,uint8)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x97, 0x3d, 0x8d, 0x92, 0xbb, 0x29, 0x9f, 0x4a, 0xf6, 0xce, 0x49, 0xb5, 0x2a, 0x8a,
            0xdb, 0x85, 0xae, 0x46, 0xb9, 0xf2, 0x14, 0xc4, 0xc4, 0xfc, 0x06, 0xac, 0x77, 0x40,
            0x12, 0x37, 0xb1, 0x33,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                fee_protocol0_old: event.data::<abi::Uint<8>>("feeProtocol0Old")?,
                fee_protocol1_old: event.data::<abi::Uint<8>>("feeProtocol1Old")?,
                fee_protocol0_new: event.data::<abi::Uint<8>>("feeProtocol0New")?,
                fee_protocol1_new: event.data::<abi::Uint<8>>("feeProtocol1New")?,
            })
        }
    }

    /// `event CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct CollectProtocol {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `address indexed recipient`
        pub recipient: abi::Address,
        /// `uint128 amount0`
        pub amount0: u128,
        /// `uint128 amount1`
        pub amount1: u128,
    }

    impl abi::FromEvent for CollectProtocol {
        const DECLARATION: &'static str = "event CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)";
        const SIGNATURE: &'static str = "CollectProtocol(address,address,uint128,uint128)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x59, 0x6b, 0x57, 0x39, 0x06, 0x21, 0x8d, 0x34, 0x11, 0x85, 0x0b, 0x26, 0xa6, 0xb4,
            0x37, 0xd6, 0xc4, 0x52, 0x2f, 0xdb, 0x43, 0xd2, 0xd2, 0x38, 0x62, 0x63, 0xf8, 0x6d,
            0x50, 0xb8, 0xb1, 0x51,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                recipient: event.topic::<abi::Address>("recipient")?,
                amount0: event.data::<abi::Uint<128>>("amount0")?,
                amount1: event.data::<abi::Uint<128>>("amount1")?,
            })
        }
    }
}

/// Uniswap V3, the manager of positions: <https://docs.uniswap.org/contracts/v3>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod uniswap_v3_positions {
    use crate::typed as abi;

    /// `event IncreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct IncreaseLiquidity {
        /// `uint256 indexed tokenId`
        pub token_id: abi::U256,
        /// `uint128 liquidity`
        pub liquidity: u128,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for IncreaseLiquidity {
        const DECLARATION: &'static str = "event IncreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "IncreaseLiquidity(uint256,uint128,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x30, 0x67, 0x04, 0x8b, 0xee, 0xe3, 0x1b, 0x25, 0xb2, 0xf1, 0x68, 0x1f, 0x88, 0xda,
            0xc8, 0x38, 0xc8, 0xbb, 0xa3, 0x6a, 0xf2, 0x5b, 0xfb, 0x2b, 0x7c, 0xf7, 0x47, 0x3a,
            0x58, 0x47, 0xe3, 0x5f,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                token_id: event.topic::<abi::Uint<256>>("tokenId")?,
                liquidity: event.data::<abi::Uint<128>>("liquidity")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event DecreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DecreaseLiquidity {
        /// `uint256 indexed tokenId`
        pub token_id: abi::U256,
        /// `uint128 liquidity`
        pub liquidity: u128,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for DecreaseLiquidity {
        const DECLARATION: &'static str = "event DecreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "DecreaseLiquidity(uint256,uint128,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x26, 0xf6, 0xa0, 0x48, 0xee, 0x91, 0x38, 0xf2, 0xc0, 0xce, 0x26, 0x6f, 0x32, 0x2c,
            0xb9, 0x92, 0x28, 0xe8, 0xd6, 0x19, 0xae, 0x2b, 0xff, 0x30, 0xc6, 0x7f, 0x8d, 0xcf,
            0x9d, 0x23, 0x77, 0xb4,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                token_id: event.topic::<abi::Uint<256>>("tokenId")?,
                liquidity: event.data::<abi::Uint<128>>("liquidity")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event Collect(uint256 indexed tokenId, address recipient, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Collect {
        /// `uint256 indexed tokenId`
        pub token_id: abi::U256,
        /// `address recipient`
        pub recipient: abi::Address,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for Collect {
        const DECLARATION: &'static str = "event Collect(uint256 indexed tokenId, address recipient, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "Collect(uint256,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x40, 0xd0, 0xef, 0xd1, 0xa5, 0x3d, 0x60, 0xec, 0xbf, 0x40, 0x97, 0x1b, 0x9d, 0xaf,
            0x7d, 0xc9, 0x01, 0x78, 0xc3, 0xaa, 0xdc, 0x7a, 0xab, 0x17, 0x65, 0x63, 0x27, 0x38,
            0xfa, 0x8b, 0x8f, 0x01,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                token_id: event.topic::<abi::Uint<256>>("tokenId")?,
                recipient: event.data::<abi::Address>("recipient")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }
}

/// Uniswap V4, the pool manager: <https://docs.uniswap.org/contracts/v4>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod uniswap_v4 {
    use crate::typed as abi;

    /// `event Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Initialize {
        /// `bytes32 indexed id`
        pub id: abi::B256,
        /// `address indexed currency0`
        pub currency0: abi::Address,
        /// `address indexed currency1`
        pub currency1: abi::Address,
        /// `uint24 fee`
        pub fee: u32,
        /// `int24 tickSpacing`
        pub tick_spacing: i32,
        /// `address hooks`
        pub hooks: abi::Address,
        /// `uint160 sqrtPriceX96`
        pub sqrt_price_x96: abi::U256,
        /// `int24 tick`
        pub tick: i32,
    }

    impl abi::FromEvent for Initialize {
        const DECLARATION: &'static str = "event Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)";
        const SIGNATURE: &'static str =
            "Initialize(bytes32,address,address,uint24,int24,address,uint160,int24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xdd, 0x46, 0x6e, 0x67, 0x4e, 0xa5, 0x57, 0xf5, 0x62, 0x95, 0xe2, 0xd0, 0x21, 0x8a,
            0x12, 0x5e, 0xa4, 0xb4, 0xf0, 0xf6, 0xf3, 0x30, 0x7b, 0x95, 0xf8, 0x5e, 0x61, 0x10,
            0x83, 0x8d, 0x64, 0x38,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::B256>("id")?,
                currency0: event.topic::<abi::Address>("currency0")?,
                currency1: event.topic::<abi::Address>("currency1")?,
                fee: event.data::<abi::Uint<24>>("fee")?,
                tick_spacing: event.data::<abi::Int<24>>("tickSpacing")?,
                hooks: event.data::<abi::Address>("hooks")?,
                sqrt_price_x96: event.data::<abi::Uint<160>>("sqrtPriceX96")?,
                tick: event.data::<abi::Int<24>>("tick")?,
            })
        }
    }

    /// `event ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ModifyLiquidity {
        /// `bytes32 indexed id`
        pub id: abi::B256,
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `int24 tickLower`
        pub tick_lower: i32,
        /// `int24 tickUpper`
        pub tick_upper: i32,
        /// `int256 liquidityDelta`
        pub liquidity_delta: abi::I256,
        /// `bytes32 salt`
        pub salt: abi::B256,
    }

    impl abi::FromEvent for ModifyLiquidity {
        const DECLARATION: &'static str = "event ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)";
        const SIGNATURE: &'static str =
            "ModifyLiquidity(bytes32,address,int24,int24,int256,bytes32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf2, 0x08, 0xf4, 0x91, 0x27, 0x82, 0xfd, 0x25, 0xc7, 0xf1, 0x14, 0xca, 0x37, 0x23,
            0xa2, 0xd5, 0xdd, 0x6f, 0x3b, 0xcc, 0x3a, 0xc8, 0xdb, 0x5a, 0xf6, 0x3b, 0xaa, 0x85,
            0xf7, 0x11, 0xd5, 0xec,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::B256>("id")?,
                sender: event.topic::<abi::Address>("sender")?,
                tick_lower: event.data::<abi::Int<24>>("tickLower")?,
                tick_upper: event.data::<abi::Int<24>>("tickUpper")?,
                liquidity_delta: event.data::<abi::Int<256>>("liquidityDelta")?,
                salt: event.data::<abi::B256>("salt")?,
            })
        }
    }

    /// `event Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Swap {
        /// `bytes32 indexed id`
        pub id: abi::B256,
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `int128 amount0`
        pub amount0: i128,
        /// `int128 amount1`
        pub amount1: i128,
        /// `uint160 sqrtPriceX96`
        pub sqrt_price_x96: abi::U256,
        /// `uint128 liquidity`
        pub liquidity: u128,
        /// `int24 tick`
        pub tick: i32,
        /// `uint24 fee`
        pub fee: u32,
    }

    impl abi::FromEvent for Swap {
        const DECLARATION: &'static str = "event Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)";
        const SIGNATURE: &'static str =
            "Swap(bytes32,address,int128,int128,uint160,uint128,int24,uint24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x40, 0xe9, 0xce, 0xcb, 0x9f, 0x5f, 0x1f, 0x1c, 0x5b, 0x9c, 0x97, 0xde, 0xc2, 0x91,
            0x7b, 0x7e, 0xe9, 0x2e, 0x57, 0xba, 0x55, 0x63, 0x70, 0x8d, 0xac, 0xa9, 0x4d, 0xd8,
            0x4a, 0xd7, 0x11, 0x2f,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::B256>("id")?,
                sender: event.topic::<abi::Address>("sender")?,
                amount0: event.data::<abi::Int<128>>("amount0")?,
                amount1: event.data::<abi::Int<128>>("amount1")?,
                sqrt_price_x96: event.data::<abi::Uint<160>>("sqrtPriceX96")?,
                liquidity: event.data::<abi::Uint<128>>("liquidity")?,
                tick: event.data::<abi::Int<24>>("tick")?,
                fee: event.data::<abi::Uint<24>>("fee")?,
            })
        }
    }

    /// `event Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Donate {
        /// `bytes32 indexed id`
        pub id: abi::B256,
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `uint256 amount0`
        pub amount0: abi::U256,
        /// `uint256 amount1`
        pub amount1: abi::U256,
    }

    impl abi::FromEvent for Donate {
        const DECLARATION: &'static str = "event Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)";
        const SIGNATURE: &'static str = "Donate(bytes32,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x29, 0xef, 0x05, 0xca, 0xaf, 0xf9, 0x40, 0x4b, 0x7c, 0xb6, 0xd1, 0xc0, 0xe9, 0xbb,
            0xae, 0x9e, 0xaa, 0x7a, 0xb2, 0x54, 0x1f, 0xeb, 0xa1, 0xa9, 0xc4, 0x24, 0x85, 0x94,
            0xc0, 0x81, 0x56, 0xcb,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::B256>("id")?,
                sender: event.topic::<abi::Address>("sender")?,
                amount0: event.data::<abi::Uint<256>>("amount0")?,
                amount1: event.data::<abi::Uint<256>>("amount1")?,
            })
        }
    }

    /// `event ProtocolFeeUpdated(bytes32 indexed id, uint24 protocolFee)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ProtocolFeeUpdated {
        /// `bytes32 indexed id`
        pub id: abi::B256,
        /// `uint24 protocolFee`
        pub protocol_fee: u32,
    }

    impl abi::FromEvent for ProtocolFeeUpdated {
        const DECLARATION: &'static str =
            "event ProtocolFeeUpdated(bytes32 indexed id, uint24 protocolFee)";
        const SIGNATURE: &'static str = "ProtocolFeeUpdated(bytes32,uint24)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe9, 0xc4, 0x25, 0x93, 0xe7, 0x1f, 0x84, 0x40, 0x3b, 0x84, 0x35, 0x2c, 0xd1, 0x68,
            0xd6, 0x93, 0xe2, 0xc9, 0xfc, 0xd1, 0xfd, 0xbc, 0xc3, 0xfe, 0xb2, 0x1d, 0x92, 0xb4,
            0x3e, 0x66, 0x96, 0xf9,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::B256>("id")?,
                protocol_fee: event.data::<abi::Uint<24>>("protocolFee")?,
            })
        }
    }

    /// `event ProtocolFeeControllerUpdated(address indexed protocolFeeController)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ProtocolFeeControllerUpdated {
        /// `address indexed protocolFeeController`
        pub protocol_fee_controller: abi::Address,
    }

    impl abi::FromEvent for ProtocolFeeControllerUpdated {
        const DECLARATION: &'static str =
            "event ProtocolFeeControllerUpdated(address indexed protocolFeeController)";
        const SIGNATURE: &'static str = "ProtocolFeeControllerUpdated(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb4, 0xbd, 0x8e, 0xf5, 0x3d, 0xf6, 0x90, 0xb9, 0x94, 0x3d, 0x33, 0x18, 0x99, 0x60,
            0x06, 0xdb, 0xb8, 0x2a, 0x25, 0xf5, 0x47, 0x19, 0xd8, 0xc8, 0x03, 0x5b, 0x51, 0x6a,
            0x2a, 0x5b, 0x8a, 0xcc,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                protocol_fee_controller: event.topic::<abi::Address>("protocolFeeController")?,
            })
        }
    }
}

/// Aave V3, the pool: <https://aave.com/docs>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod aave_v3 {
    use crate::typed as abi;

    /// `event MintUnbacked(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct MintUnbacked {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address user`
        pub user: abi::Address,
        /// `address indexed onBehalfOf`
        pub on_behalf_of: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `uint16 indexed referralCode`
        pub referral_code: u16,
    }

    impl abi::FromEvent for MintUnbacked {
        const DECLARATION: &'static str = "event MintUnbacked(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)";
        const SIGNATURE: &'static str = "MintUnbacked(address,address,address,uint256,uint16)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf2, 0x5a, 0xf3, 0x7b, 0x3d, 0x3e, 0xc2, 0x26, 0x06, 0x3d, 0xc9, 0xbd, 0xc1, 0x03,
            0xec, 0xe7, 0xeb, 0x11, 0x0a, 0x50, 0xf3, 0x40, 0xfe, 0x85, 0x4b, 0xb7, 0xbc, 0x1b,
            0x06, 0x76, 0xd7, 0xd0,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.data::<abi::Address>("user")?,
                on_behalf_of: event.topic::<abi::Address>("onBehalfOf")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                referral_code: event.topic::<abi::Uint<16>>("referralCode")?,
            })
        }
    }

    /// `event BackUnbacked(address indexed reserve, address indexed backer, uint256 amount, uint256 fee)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct BackUnbacked {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed backer`
        pub backer: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `uint256 fee`
        pub fee: abi::U256,
    }

    impl abi::FromEvent for BackUnbacked {
        const DECLARATION: &'static str = "event BackUnbacked(address indexed reserve, address indexed backer, uint256 amount, uint256 fee)";
        const SIGNATURE: &'static str = "BackUnbacked(address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x28, 0x15, 0x96, 0xe9, 0x2b, 0x2d, 0x97, 0x4b, 0xeb, 0x7d, 0x4f, 0x12, 0x4d, 0xf3,
            0x0a, 0x0b, 0x39, 0x06, 0x7b, 0x09, 0x68, 0x93, 0xe9, 0x50, 0x11, 0xce, 0x4b, 0xda,
            0xd7, 0x98, 0xb7, 0x59,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                backer: event.topic::<abi::Address>("backer")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                fee: event.data::<abi::Uint<256>>("fee")?,
            })
        }
    }

    /// `event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Supply {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address user`
        pub user: abi::Address,
        /// `address indexed onBehalfOf`
        pub on_behalf_of: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `uint16 indexed referralCode`
        pub referral_code: u16,
    }

    impl abi::FromEvent for Supply {
        const DECLARATION: &'static str = "event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)";
        const SIGNATURE: &'static str = "Supply(address,address,address,uint256,uint16)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x2b, 0x62, 0x77, 0x36, 0xbc, 0xa1, 0x5c, 0xd5, 0x38, 0x1d, 0xcf, 0x80, 0xb0, 0xbf,
            0x11, 0xfd, 0x19, 0x7d, 0x01, 0xa0, 0x37, 0xc5, 0x2b, 0x92, 0x7a, 0x88, 0x1a, 0x10,
            0xfb, 0x73, 0xba, 0x61,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.data::<abi::Address>("user")?,
                on_behalf_of: event.topic::<abi::Address>("onBehalfOf")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                referral_code: event.topic::<abi::Uint<16>>("referralCode")?,
            })
        }
    }

    /// `event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Withdraw {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for Withdraw {
        const DECLARATION: &'static str = "event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)";
        const SIGNATURE: &'static str = "Withdraw(address,address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x31, 0x15, 0xd1, 0x44, 0x9a, 0x7b, 0x73, 0x2c, 0x98, 0x6c, 0xba, 0x18, 0x24, 0x4e,
            0x89, 0x7a, 0x45, 0x0f, 0x61, 0xe1, 0xbb, 0x8d, 0x58, 0x9c, 0xd2, 0xe6, 0x9e, 0x6c,
            0x89, 0x24, 0xf9, 0xf7,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
                to: event.topic::<abi::Address>("to")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Borrow {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address user`
        pub user: abi::Address,
        /// `address indexed onBehalfOf`
        pub on_behalf_of: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `uint8 interestRateMode`
        pub interest_rate_mode: u8,
        /// `uint256 borrowRate`
        pub borrow_rate: abi::U256,
        /// `uint16 indexed referralCode`
        pub referral_code: u16,
    }

    impl abi::FromEvent for Borrow {
        const DECLARATION: &'static str = "event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)";
        const SIGNATURE: &'static str =
            "Borrow(address,address,address,uint256,uint8,uint256,uint16)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb3, 0xd0, 0x84, 0x82, 0x0f, 0xb1, 0xa9, 0xde, 0xcf, 0xfb, 0x17, 0x64, 0x36, 0xbd,
            0x02, 0x55, 0x8d, 0x15, 0xfa, 0xc9, 0xb0, 0xdd, 0xfe, 0xd8, 0xc4, 0x65, 0xbc, 0x73,
            0x59, 0xd7, 0xdc, 0xe0,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.data::<abi::Address>("user")?,
                on_behalf_of: event.topic::<abi::Address>("onBehalfOf")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                interest_rate_mode: event.data::<abi::Uint<8>>("interestRateMode")?,
                borrow_rate: event.data::<abi::Uint<256>>("borrowRate")?,
                referral_code: event.topic::<abi::Uint<16>>("referralCode")?,
            })
        }
    }

    /// `event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Repay {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
        /// `address indexed repayer`
        pub repayer: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `bool useATokens`
        pub use_a_tokens: bool,
    }

    impl abi::FromEvent for Repay {
        const DECLARATION: &'static str = "event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)";
        const SIGNATURE: &'static str = "Repay(address,address,address,uint256,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xa5, 0x34, 0xc8, 0xdb, 0xe7, 0x1f, 0x87, 0x1f, 0x9f, 0x35, 0x30, 0xe9, 0x7a, 0x74,
            0x60, 0x1f, 0xea, 0x17, 0xb4, 0x26, 0xca, 0xe0, 0x2e, 0x1c, 0x5a, 0xee, 0x42, 0xc9,
            0x6c, 0x78, 0x40, 0x51,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
                repayer: event.topic::<abi::Address>("repayer")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                use_a_tokens: event.data::<bool>("useATokens")?,
            })
        }
    }

    /// `event SwapBorrowRateMode(address indexed reserve, address indexed user, uint8 interestRateMode)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SwapBorrowRateMode {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
        /// `uint8 interestRateMode`
        pub interest_rate_mode: u8,
    }

    impl abi::FromEvent for SwapBorrowRateMode {
        const DECLARATION: &'static str = "event SwapBorrowRateMode(address indexed reserve, address indexed user, uint8 interestRateMode)";
        const SIGNATURE: &'static str = "SwapBorrowRateMode(address,address,uint8)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x79, 0x62, 0xb3, 0x94, 0xd8, 0x5a, 0x53, 0x40, 0x33, 0xba, 0x2e, 0xfc, 0xf4, 0x3c,
            0xd3, 0x6d, 0xe5, 0x7b, 0x7e, 0xbe, 0xb3, 0xde, 0x0c, 0xa4, 0x42, 0x89, 0x65, 0xd9,
            0xb3, 0xdd, 0xc4, 0x81,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
                interest_rate_mode: event.data::<abi::Uint<8>>("interestRateMode")?,
            })
        }
    }

    /// `event IsolationModeTotalDebtUpdated(address indexed asset, uint256 totalDebt)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct IsolationModeTotalDebtUpdated {
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 totalDebt`
        pub total_debt: abi::U256,
    }

    impl abi::FromEvent for IsolationModeTotalDebtUpdated {
        const DECLARATION: &'static str =
            "event IsolationModeTotalDebtUpdated(address indexed asset, uint256 totalDebt)";
        const SIGNATURE: &'static str = "IsolationModeTotalDebtUpdated(address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xae, 0xf8, 0x4d, 0x3b, 0x40, 0x89, 0x5f, 0xd5, 0x8c, 0x56, 0x1f, 0x39, 0x98, 0x00,
            0x0f, 0x05, 0x83, 0xab, 0xb9, 0x92, 0xa5, 0x2f, 0xbd, 0xc9, 0x9a, 0xce, 0x8e, 0x8d,
            0xe4, 0xd6, 0x76, 0xa5,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                asset: event.topic::<abi::Address>("asset")?,
                total_debt: event.data::<abi::Uint<256>>("totalDebt")?,
            })
        }
    }

    /// `event UserEModeSet(address indexed user, uint8 categoryId)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct UserEModeSet {
        /// `address indexed user`
        pub user: abi::Address,
        /// `uint8 categoryId`
        pub category_id: u8,
    }

    impl abi::FromEvent for UserEModeSet {
        const DECLARATION: &'static str =
            "event UserEModeSet(address indexed user, uint8 categoryId)";
        const SIGNATURE: &'static str = "UserEModeSet(address,uint8)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xd7, 0x28, 0xda, 0x87, 0x5f, 0xc8, 0x89, 0x44, 0xcb, 0xf1, 0x76, 0x38, 0xbc, 0xbe,
            0x4a, 0xf0, 0xee, 0xda, 0xef, 0x63, 0xbe, 0xcd, 0x1d, 0x1c, 0x57, 0xcc, 0x09, 0x7e,
            0xb4, 0x60, 0x8d, 0x84,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                user: event.topic::<abi::Address>("user")?,
                category_id: event.data::<abi::Uint<8>>("categoryId")?,
            })
        }
    }

    /// `event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ReserveUsedAsCollateralEnabled {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
    }

    impl abi::FromEvent for ReserveUsedAsCollateralEnabled {
        const DECLARATION: &'static str =
            "event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)";
        const SIGNATURE: &'static str = "ReserveUsedAsCollateralEnabled(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x00, 0x05, 0x8a, 0x56, 0xea, 0x94, 0x65, 0x3c, 0xdf, 0x4f, 0x15, 0x2d, 0x22, 0x7a,
            0xce, 0x22, 0xd4, 0xc0, 0x0a, 0xd9, 0x9e, 0x2a, 0x43, 0xf5, 0x8c, 0xb7, 0xd9, 0xe3,
            0xfe, 0xb2, 0x95, 0xf2,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
            })
        }
    }

    /// `event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ReserveUsedAsCollateralDisabled {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
    }

    impl abi::FromEvent for ReserveUsedAsCollateralDisabled {
        const DECLARATION: &'static str =
            "event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)";
        const SIGNATURE: &'static str = "ReserveUsedAsCollateralDisabled(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x44, 0xc5, 0x8d, 0x81, 0x36, 0x5b, 0x66, 0xdd, 0x4b, 0x1a, 0x7f, 0x36, 0xc2, 0x5a,
            0xa9, 0x7b, 0x8c, 0x71, 0xc3, 0x61, 0xee, 0x49, 0x37, 0xad, 0xc1, 0xa0, 0x00, 0x00,
            0x22, 0x7d, 0xb5, 0xdd,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
            })
        }
    }

    /// `event RebalanceStableBorrowRate(address indexed reserve, address indexed user)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RebalanceStableBorrowRate {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
    }

    impl abi::FromEvent for RebalanceStableBorrowRate {
        const DECLARATION: &'static str =
            "event RebalanceStableBorrowRate(address indexed reserve, address indexed user)";
        const SIGNATURE: &'static str = "RebalanceStableBorrowRate(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x9f, 0x43, 0x9a, 0xe0, 0xc8, 0x1e, 0x41, 0xa0, 0x4d, 0x3f, 0xdf, 0xe0, 0x7a, 0xed,
            0x54, 0xe6, 0xa1, 0x79, 0xfb, 0x0d, 0xb1, 0x5b, 0xe7, 0x70, 0x2e, 0xb6, 0x6f, 0xa8,
            0xef, 0x6f, 0x53, 0x00,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                user: event.topic::<abi::Address>("user")?,
            })
        }
    }

    /// `event FlashLoan(address indexed target, address initiator, address indexed asset, uint256 amount, uint8 interestRateMode, uint256 premium, uint16 indexed referralCode)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct FlashLoan {
        /// `address indexed target`
        pub target: abi::Address,
        /// `address initiator`
        pub initiator: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `uint8 interestRateMode`
        pub interest_rate_mode: u8,
        /// `uint256 premium`
        pub premium: abi::U256,
        /// `uint16 indexed referralCode`
        pub referral_code: u16,
    }

    impl abi::FromEvent for FlashLoan {
        const DECLARATION: &'static str = "event FlashLoan(address indexed target, address initiator, address indexed asset, uint256 amount, uint8 interestRateMode, uint256 premium, uint16 indexed referralCode)";
        const SIGNATURE: &'static str =
            "FlashLoan(address,address,address,uint256,uint8,uint256,uint16)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xef, 0xef, 0xab, 0xa5, 0xe9, 0x21, 0x57, 0x31, 0x00, 0x90, 0x0a, 0x3a, 0xd9, 0xcf,
            0x29, 0xf2, 0x22, 0xd9, 0x95, 0xfb, 0x3b, 0x60, 0x45, 0x79, 0x7e, 0xae, 0xa7, 0x52,
            0x1b, 0xd8, 0xd6, 0xf0,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                target: event.topic::<abi::Address>("target")?,
                initiator: event.data::<abi::Address>("initiator")?,
                asset: event.topic::<abi::Address>("asset")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
                interest_rate_mode: event.data::<abi::Uint<8>>("interestRateMode")?,
                premium: event.data::<abi::Uint<256>>("premium")?,
                referral_code: event.topic::<abi::Uint<16>>("referralCode")?,
            })
        }
    }

    /// `event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct LiquidationCall {
        /// `address indexed collateralAsset`
        pub collateral_asset: abi::Address,
        /// `address indexed debtAsset`
        pub debt_asset: abi::Address,
        /// `address indexed user`
        pub user: abi::Address,
        /// `uint256 debtToCover`
        pub debt_to_cover: abi::U256,
        /// `uint256 liquidatedCollateralAmount`
        pub liquidated_collateral_amount: abi::U256,
        /// `address liquidator`
        pub liquidator: abi::Address,
        /// `bool receiveAToken`
        pub receive_a_token: bool,
    }

    impl abi::FromEvent for LiquidationCall {
        const DECLARATION: &'static str = "event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)";
        const SIGNATURE: &'static str =
            "LiquidationCall(address,address,address,uint256,uint256,address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe4, 0x13, 0xa3, 0x21, 0xe8, 0x68, 0x1d, 0x83, 0x1f, 0x4d, 0xbc, 0xcb, 0xca, 0x79,
            0x0d, 0x29, 0x52, 0xb5, 0x6f, 0x97, 0x79, 0x08, 0xe4, 0x5b, 0xe3, 0x73, 0x35, 0x53,
            0x3e, 0x00, 0x52, 0x86,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                collateral_asset: event.topic::<abi::Address>("collateralAsset")?,
                debt_asset: event.topic::<abi::Address>("debtAsset")?,
                user: event.topic::<abi::Address>("user")?,
                debt_to_cover: event.data::<abi::Uint<256>>("debtToCover")?,
                liquidated_collateral_amount: event
                    .data::<abi::Uint<256>>("liquidatedCollateralAmount")?,
                liquidator: event.data::<abi::Address>("liquidator")?,
                receive_a_token: event.data::<bool>("receiveAToken")?,
            })
        }
    }

    /// `event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ReserveDataUpdated {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `uint256 liquidityRate`
        pub liquidity_rate: abi::U256,
        /// `uint256 stableBorrowRate`
        pub stable_borrow_rate: abi::U256,
        /// `uint256 variableBorrowRate`
        pub variable_borrow_rate: abi::U256,
        /// `uint256 liquidityIndex`
        pub liquidity_index: abi::U256,
        /// `uint256 variableBorrowIndex`
        pub variable_borrow_index: abi::U256,
    }

    impl abi::FromEvent for ReserveDataUpdated {
        const DECLARATION: &'static str = "event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)";
        const SIGNATURE: &'static str =
            "ReserveDataUpdated(address,uint256,uint256,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x80, 0x4c, 0x9b, 0x84, 0x2b, 0x27, 0x48, 0xa2, 0x2b, 0xb6, 0x4b, 0x34, 0x54, 0x53,
            0xa3, 0xde, 0x7c, 0xa5, 0x4a, 0x6c, 0xa4, 0x5c, 0xe0, 0x0d, 0x41, 0x58, 0x94, 0x97,
            0x9e, 0x22, 0x89, 0x7a,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                liquidity_rate: event.data::<abi::Uint<256>>("liquidityRate")?,
                stable_borrow_rate: event.data::<abi::Uint<256>>("stableBorrowRate")?,
                variable_borrow_rate: event.data::<abi::Uint<256>>("variableBorrowRate")?,
                liquidity_index: event.data::<abi::Uint<256>>("liquidityIndex")?,
                variable_borrow_index: event.data::<abi::Uint<256>>("variableBorrowIndex")?,
            })
        }
    }

    /// `event MintedToTreasury(address indexed reserve, uint256 amountMinted)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct MintedToTreasury {
        /// `address indexed reserve`
        pub reserve: abi::Address,
        /// `uint256 amountMinted`
        pub amount_minted: abi::U256,
    }

    impl abi::FromEvent for MintedToTreasury {
        const DECLARATION: &'static str =
            "event MintedToTreasury(address indexed reserve, uint256 amountMinted)";
        const SIGNATURE: &'static str = "MintedToTreasury(address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xbf, 0xa2, 0x1a, 0xa5, 0xd5, 0xf9, 0xa1, 0xf0, 0x12, 0x0a, 0x95, 0xe7, 0xc0, 0x74,
            0x9f, 0x38, 0x98, 0x63, 0xcb, 0xdb, 0xff, 0xf5, 0x31, 0xaa, 0x73, 0x39, 0x07, 0x7a,
            0x5b, 0xc9, 0x19, 0xde,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                reserve: event.topic::<abi::Address>("reserve")?,
                amount_minted: event.data::<abi::Uint<256>>("amountMinted")?,
            })
        }
    }
}

/// Compound V2, cTokens: <https://docs.compound.finance/v2>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod compound_v2 {
    use crate::typed as abi;

    /// `event AccrueInterest(uint256 cashPrior, uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AccrueInterest {
        /// `uint256 cashPrior`
        pub cash_prior: abi::U256,
        /// `uint256 interestAccumulated`
        pub interest_accumulated: abi::U256,
        /// `uint256 borrowIndex`
        pub borrow_index: abi::U256,
        /// `uint256 totalBorrows`
        pub total_borrows: abi::U256,
    }

    impl abi::FromEvent for AccrueInterest {
        const DECLARATION: &'static str = "event AccrueInterest(uint256 cashPrior, uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)";
        const SIGNATURE: &'static str = "AccrueInterest(uint256,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4d, 0xec, 0x04, 0xe7, 0x50, 0xca, 0x11, 0x53, 0x7c, 0xab, 0xcd, 0x8a, 0x9e, 0xab,
            0x06, 0x49, 0x4d, 0xe0, 0x8d, 0xa3, 0x73, 0x5b, 0xc8, 0x87, 0x1c, 0xd4, 0x12, 0x50,
            0xe1, 0x90, 0xbc, 0x04,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                cash_prior: event.data::<abi::Uint<256>>("cashPrior")?,
                interest_accumulated: event.data::<abi::Uint<256>>("interestAccumulated")?,
                borrow_index: event.data::<abi::Uint<256>>("borrowIndex")?,
                total_borrows: event.data::<abi::Uint<256>>("totalBorrows")?,
            })
        }
    }

    /// `event Mint(address minter, uint256 mintAmount, uint256 mintTokens)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Mint {
        /// `address minter`
        pub minter: abi::Address,
        /// `uint256 mintAmount`
        pub mint_amount: abi::U256,
        /// `uint256 mintTokens`
        pub mint_tokens: abi::U256,
    }

    impl abi::FromEvent for Mint {
        const DECLARATION: &'static str =
            "event Mint(address minter, uint256 mintAmount, uint256 mintTokens)";
        const SIGNATURE: &'static str = "Mint(address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4c, 0x20, 0x9b, 0x5f, 0xc8, 0xad, 0x50, 0x75, 0x8f, 0x13, 0xe2, 0xe1, 0x08, 0x8b,
            0xa5, 0x6a, 0x56, 0x0d, 0xff, 0x69, 0x0a, 0x1c, 0x6f, 0xef, 0x26, 0x39, 0x4f, 0x4c,
            0x03, 0x82, 0x1c, 0x4f,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                minter: event.data::<abi::Address>("minter")?,
                mint_amount: event.data::<abi::Uint<256>>("mintAmount")?,
                mint_tokens: event.data::<abi::Uint<256>>("mintTokens")?,
            })
        }
    }

    /// `event Redeem(address redeemer, uint256 redeemAmount, uint256 redeemTokens)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Redeem {
        /// `address redeemer`
        pub redeemer: abi::Address,
        /// `uint256 redeemAmount`
        pub redeem_amount: abi::U256,
        /// `uint256 redeemTokens`
        pub redeem_tokens: abi::U256,
    }

    impl abi::FromEvent for Redeem {
        const DECLARATION: &'static str =
            "event Redeem(address redeemer, uint256 redeemAmount, uint256 redeemTokens)";
        const SIGNATURE: &'static str = "Redeem(address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe5, 0xb7, 0x54, 0xfb, 0x1a, 0xbb, 0x7f, 0x01, 0xb4, 0x99, 0x79, 0x1d, 0x0b, 0x82,
            0x0a, 0xe3, 0xb6, 0xaf, 0x34, 0x24, 0xac, 0x1c, 0x59, 0x76, 0x8e, 0xdb, 0x53, 0xf4,
            0xec, 0x31, 0xa9, 0x29,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                redeemer: event.data::<abi::Address>("redeemer")?,
                redeem_amount: event.data::<abi::Uint<256>>("redeemAmount")?,
                redeem_tokens: event.data::<abi::Uint<256>>("redeemTokens")?,
            })
        }
    }

    /// `event Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Borrow {
        /// `address borrower`
        pub borrower: abi::Address,
        /// `uint256 borrowAmount`
        pub borrow_amount: abi::U256,
        /// `uint256 accountBorrows`
        pub account_borrows: abi::U256,
        /// `uint256 totalBorrows`
        pub total_borrows: abi::U256,
    }

    impl abi::FromEvent for Borrow {
        const DECLARATION: &'static str = "event Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)";
        const SIGNATURE: &'static str = "Borrow(address,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x13, 0xed, 0x68, 0x66, 0xd4, 0xe1, 0xee, 0x6d, 0xa4, 0x6f, 0x84, 0x5c, 0x46, 0xd7,
            0xe5, 0x41, 0x20, 0x88, 0x3d, 0x75, 0xc5, 0xea, 0x9a, 0x2d, 0xac, 0xc1, 0xc4, 0xca,
            0x89, 0x84, 0xab, 0x80,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                borrower: event.data::<abi::Address>("borrower")?,
                borrow_amount: event.data::<abi::Uint<256>>("borrowAmount")?,
                account_borrows: event.data::<abi::Uint<256>>("accountBorrows")?,
                total_borrows: event.data::<abi::Uint<256>>("totalBorrows")?,
            })
        }
    }

    /// `event RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RepayBorrow {
        /// `address payer`
        pub payer: abi::Address,
        /// `address borrower`
        pub borrower: abi::Address,
        /// `uint256 repayAmount`
        pub repay_amount: abi::U256,
        /// `uint256 accountBorrows`
        pub account_borrows: abi::U256,
        /// `uint256 totalBorrows`
        pub total_borrows: abi::U256,
    }

    impl abi::FromEvent for RepayBorrow {
        const DECLARATION: &'static str = "event RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)";
        const SIGNATURE: &'static str = "RepayBorrow(address,address,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1a, 0x2a, 0x22, 0xcb, 0x03, 0x4d, 0x26, 0xd1, 0x85, 0x4b, 0xdc, 0x66, 0x66, 0xa5,
            0xb9, 0x1f, 0xe2, 0x5e, 0xfb, 0xbb, 0x5d, 0xca, 0xd3, 0xb0, 0x35, 0x54, 0x78, 0xd6,
            0xf5, 0xc3, 0x62, 0xa1,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                payer: event.data::<abi::Address>("payer")?,
                borrower: event.data::<abi::Address>("borrower")?,
                repay_amount: event.data::<abi::Uint<256>>("repayAmount")?,
                account_borrows: event.data::<abi::Uint<256>>("accountBorrows")?,
                total_borrows: event.data::<abi::Uint<256>>("totalBorrows")?,
            })
        }
    }

    /// `event LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct LiquidateBorrow {
        /// `address liquidator`
        pub liquidator: abi::Address,
        /// `address borrower`
        pub borrower: abi::Address,
        /// `uint256 repayAmount`
        pub repay_amount: abi::U256,
        /// `address cTokenCollateral`
        pub c_token_collateral: abi::Address,
        /// `uint256 seizeTokens`
        pub seize_tokens: abi::U256,
    }

    impl abi::FromEvent for LiquidateBorrow {
        const DECLARATION: &'static str = "event LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)";
        const SIGNATURE: &'static str = "LiquidateBorrow(address,address,uint256,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x29, 0x86, 0x37, 0xf6, 0x84, 0xda, 0x70, 0x67, 0x4f, 0x26, 0x50, 0x9b, 0x10, 0xf0,
            0x7e, 0xc2, 0xfb, 0xc7, 0x7a, 0x33, 0x5a, 0xb1, 0xe7, 0xd6, 0x21, 0x5a, 0x4b, 0x24,
            0x84, 0xd8, 0xbb, 0x52,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                liquidator: event.data::<abi::Address>("liquidator")?,
                borrower: event.data::<abi::Address>("borrower")?,
                repay_amount: event.data::<abi::Uint<256>>("repayAmount")?,
                c_token_collateral: event.data::<abi::Address>("cTokenCollateral")?,
                seize_tokens: event.data::<abi::Uint<256>>("seizeTokens")?,
            })
        }
    }
}

/// Compound III, Comet: <https://docs.compound.finance>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod compound_v3 {
    use crate::typed as abi;

    /// `event Supply(address indexed from, address indexed dst, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Supply {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed dst`
        pub dst: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for Supply {
        const DECLARATION: &'static str =
            "event Supply(address indexed from, address indexed dst, uint256 amount)";
        const SIGNATURE: &'static str = "Supply(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xd1, 0xcf, 0x3d, 0x15, 0x6d, 0x5f, 0x8f, 0x0d, 0x50, 0xf6, 0xc1, 0x22, 0xed, 0x60,
            0x9c, 0xec, 0x09, 0xd3, 0x5c, 0x9b, 0x9f, 0xb3, 0xff, 0xf6, 0xea, 0x09, 0x59, 0x13,
            0x4d, 0xae, 0x42, 0x4e,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                dst: event.topic::<abi::Address>("dst")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event Withdraw(address indexed src, address indexed to, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Withdraw {
        /// `address indexed src`
        pub src: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for Withdraw {
        const DECLARATION: &'static str =
            "event Withdraw(address indexed src, address indexed to, uint256 amount)";
        const SIGNATURE: &'static str = "Withdraw(address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x9b, 0x1b, 0xfa, 0x7f, 0xa9, 0xee, 0x42, 0x0a, 0x16, 0xe1, 0x24, 0xf7, 0x94, 0xc3,
            0x5a, 0xc9, 0xf9, 0x04, 0x72, 0xac, 0xc9, 0x91, 0x40, 0xeb, 0x2f, 0x64, 0x47, 0xc7,
            0x14, 0xca, 0xd8, 0xeb,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                src: event.topic::<abi::Address>("src")?,
                to: event.topic::<abi::Address>("to")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event SupplyCollateral(address indexed from, address indexed dst, address indexed asset, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SupplyCollateral {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed dst`
        pub dst: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for SupplyCollateral {
        const DECLARATION: &'static str = "event SupplyCollateral(address indexed from, address indexed dst, address indexed asset, uint256 amount)";
        const SIGNATURE: &'static str = "SupplyCollateral(address,address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xfa, 0x56, 0xf7, 0xb2, 0x4f, 0x17, 0x18, 0x3d, 0x81, 0x89, 0x4d, 0x3a, 0xc2, 0xee,
            0x65, 0x4e, 0x3c, 0x26, 0x38, 0x8d, 0x17, 0xa2, 0x8d, 0xbd, 0x95, 0x49, 0xb8, 0x11,
            0x43, 0x04, 0xe1, 0xf4,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                dst: event.topic::<abi::Address>("dst")?,
                asset: event.topic::<abi::Address>("asset")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event TransferCollateral(address indexed from, address indexed to, address indexed asset, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TransferCollateral {
        /// `address indexed from`
        pub from: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for TransferCollateral {
        const DECLARATION: &'static str = "event TransferCollateral(address indexed from, address indexed to, address indexed asset, uint256 amount)";
        const SIGNATURE: &'static str = "TransferCollateral(address,address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x29, 0xdb, 0x89, 0xd4, 0x5e, 0x1a, 0x80, 0x2b, 0x4d, 0x55, 0xe2, 0x02, 0x98, 0x4f,
            0xce, 0x9f, 0xaf, 0x1d, 0x30, 0xae, 0xdf, 0x86, 0x50, 0x3f, 0xf1, 0xea, 0x0e, 0xd9,
            0xeb, 0xb6, 0x42, 0x01,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                from: event.topic::<abi::Address>("from")?,
                to: event.topic::<abi::Address>("to")?,
                asset: event.topic::<abi::Address>("asset")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event WithdrawCollateral(address indexed src, address indexed to, address indexed asset, uint256 amount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct WithdrawCollateral {
        /// `address indexed src`
        pub src: abi::Address,
        /// `address indexed to`
        pub to: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromEvent for WithdrawCollateral {
        const DECLARATION: &'static str = "event WithdrawCollateral(address indexed src, address indexed to, address indexed asset, uint256 amount)";
        const SIGNATURE: &'static str = "WithdrawCollateral(address,address,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xd6, 0xd4, 0x80, 0xd5, 0xb3, 0x06, 0x8d, 0xb0, 0x03, 0x53, 0x3b, 0x17, 0x0d, 0x67,
            0x56, 0x14, 0x94, 0xd7, 0x2e, 0x3b, 0xf9, 0xfa, 0x40, 0xa2, 0x66, 0x47, 0x13, 0x51,
            0xeb, 0xba, 0x9e, 0x16,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                src: event.topic::<abi::Address>("src")?,
                to: event.topic::<abi::Address>("to")?,
                asset: event.topic::<abi::Address>("asset")?,
                amount: event.data::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `event AbsorbDebt(address indexed absorber, address indexed borrower, uint256 basePaidOut, uint256 usdValue)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AbsorbDebt {
        /// `address indexed absorber`
        pub absorber: abi::Address,
        /// `address indexed borrower`
        pub borrower: abi::Address,
        /// `uint256 basePaidOut`
        pub base_paid_out: abi::U256,
        /// `uint256 usdValue`
        pub usd_value: abi::U256,
    }

    impl abi::FromEvent for AbsorbDebt {
        const DECLARATION: &'static str = "event AbsorbDebt(address indexed absorber, address indexed borrower, uint256 basePaidOut, uint256 usdValue)";
        const SIGNATURE: &'static str = "AbsorbDebt(address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x15, 0x47, 0xa8, 0x78, 0xdc, 0x89, 0xad, 0x3c, 0x36, 0x7b, 0x63, 0x38, 0xb4, 0xbe,
            0x6a, 0x65, 0xa5, 0xdd, 0x74, 0xfb, 0x77, 0xae, 0x04, 0x4d, 0xa1, 0xe8, 0x74, 0x7e,
            0xf1, 0xf4, 0xf6, 0x2f,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                absorber: event.topic::<abi::Address>("absorber")?,
                borrower: event.topic::<abi::Address>("borrower")?,
                base_paid_out: event.data::<abi::Uint<256>>("basePaidOut")?,
                usd_value: event.data::<abi::Uint<256>>("usdValue")?,
            })
        }
    }

    /// `event AbsorbCollateral(address indexed absorber, address indexed borrower, address indexed asset, uint256 collateralAbsorbed, uint256 usdValue)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AbsorbCollateral {
        /// `address indexed absorber`
        pub absorber: abi::Address,
        /// `address indexed borrower`
        pub borrower: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 collateralAbsorbed`
        pub collateral_absorbed: abi::U256,
        /// `uint256 usdValue`
        pub usd_value: abi::U256,
    }

    impl abi::FromEvent for AbsorbCollateral {
        const DECLARATION: &'static str = "event AbsorbCollateral(address indexed absorber, address indexed borrower, address indexed asset, uint256 collateralAbsorbed, uint256 usdValue)";
        const SIGNATURE: &'static str = "AbsorbCollateral(address,address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x98, 0x50, 0xab, 0x1a, 0xf7, 0x51, 0x77, 0xe4, 0xa9, 0x20, 0x1c, 0x65, 0xa2, 0xcf,
            0x79, 0x76, 0xd5, 0xd2, 0x8e, 0x40, 0xef, 0x63, 0x49, 0x4b, 0x44, 0x36, 0x6f, 0x86,
            0xb2, 0xf9, 0x41, 0x2e,
        ]));
        const INDEXED: usize = 3;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                absorber: event.topic::<abi::Address>("absorber")?,
                borrower: event.topic::<abi::Address>("borrower")?,
                asset: event.topic::<abi::Address>("asset")?,
                collateral_absorbed: event.data::<abi::Uint<256>>("collateralAbsorbed")?,
                usd_value: event.data::<abi::Uint<256>>("usdValue")?,
            })
        }
    }

    /// `event BuyCollateral(address indexed buyer, address indexed asset, uint256 baseAmount, uint256 collateralAmount)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct BuyCollateral {
        /// `address indexed buyer`
        pub buyer: abi::Address,
        /// `address indexed asset`
        pub asset: abi::Address,
        /// `uint256 baseAmount`
        pub base_amount: abi::U256,
        /// `uint256 collateralAmount`
        pub collateral_amount: abi::U256,
    }

    impl abi::FromEvent for BuyCollateral {
        const DECLARATION: &'static str = "event BuyCollateral(address indexed buyer, address indexed asset, uint256 baseAmount, uint256 collateralAmount)";
        const SIGNATURE: &'static str = "BuyCollateral(address,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf8, 0x91, 0xb2, 0xa4, 0x11, 0xb0, 0xe6, 0x6a, 0x5f, 0x0a, 0x6f, 0xf1, 0x36, 0x86,
            0x70, 0xfe, 0xfa, 0x28, 0x7a, 0x13, 0xf5, 0x41, 0xeb, 0x63, 0x3a, 0x38, 0x6a, 0x1a,
            0x9c, 0xc7, 0x04, 0x6b,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                buyer: event.topic::<abi::Address>("buyer")?,
                asset: event.topic::<abi::Address>("asset")?,
                base_amount: event.data::<abi::Uint<256>>("baseAmount")?,
                collateral_amount: event.data::<abi::Uint<256>>("collateralAmount")?,
            })
        }
    }
}

/// Safe 1.4: <https://docs.safe.global>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod safe {
    use crate::typed as abi;

    /// `event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SafeSetup {
        /// `address indexed initiator`
        pub initiator: abi::Address,
        /// `address[] owners`
        pub owners: Vec<abi::Address>,
        /// `uint256 threshold`
        pub threshold: abi::U256,
        /// `address initializer`
        pub initializer: abi::Address,
        /// `address fallbackHandler`
        pub fallback_handler: abi::Address,
    }

    impl abi::FromEvent for SafeSetup {
        const DECLARATION: &'static str = "event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)";
        const SIGNATURE: &'static str = "SafeSetup(address,address[],uint256,address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x14, 0x1d, 0xf8, 0x68, 0xa6, 0x33, 0x1a, 0xf5, 0x28, 0xe3, 0x8c, 0x83, 0xb7, 0xaa,
            0x03, 0xed, 0xc1, 0x9b, 0xe6, 0x6e, 0x37, 0xae, 0x67, 0xf9, 0x28, 0x5b, 0xf4, 0xf8,
            0xe3, 0xc6, 0xa1, 0xa8,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                initiator: event.topic::<abi::Address>("initiator")?,
                owners: event.data::<abi::Array<abi::Address>>("owners")?,
                threshold: event.data::<abi::Uint<256>>("threshold")?,
                initializer: event.data::<abi::Address>("initializer")?,
                fallback_handler: event.data::<abi::Address>("fallbackHandler")?,
            })
        }
    }

    /// `event SafeReceived(address indexed sender, uint256 value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SafeReceived {
        /// `address indexed sender`
        pub sender: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
    }

    impl abi::FromEvent for SafeReceived {
        const DECLARATION: &'static str =
            "event SafeReceived(address indexed sender, uint256 value)";
        const SIGNATURE: &'static str = "SafeReceived(address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x3d, 0x0c, 0xe9, 0xbf, 0xc3, 0xed, 0x7d, 0x68, 0x62, 0xdb, 0xb2, 0x8b, 0x2d, 0xea,
            0x94, 0x56, 0x1f, 0xe7, 0x14, 0xa1, 0xb4, 0xd0, 0x19, 0xaa, 0x8a, 0xf3, 0x97, 0x30,
            0xd1, 0xad, 0x7c, 0x3d,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                sender: event.topic::<abi::Address>("sender")?,
                value: event.data::<abi::Uint<256>>("value")?,
            })
        }
    }

    /// `event ApproveHash(bytes32 indexed approvedHash, address indexed owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ApproveHash {
        /// `bytes32 indexed approvedHash`
        pub approved_hash: abi::B256,
        /// `address indexed owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for ApproveHash {
        const DECLARATION: &'static str =
            "event ApproveHash(bytes32 indexed approvedHash, address indexed owner)";
        const SIGNATURE: &'static str = "ApproveHash(bytes32,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf2, 0xa0, 0xeb, 0x15, 0x64, 0x72, 0xd1, 0x44, 0x02, 0x55, 0xb0, 0xd7, 0xc1, 0xe1,
            0x9c, 0xc0, 0x71, 0x15, 0xd1, 0x05, 0x1f, 0xe6, 0x05, 0xb0, 0xdc, 0xe6, 0x9a, 0xcf,
            0xec, 0x88, 0x4d, 0x9c,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                approved_hash: event.topic::<abi::B256>("approvedHash")?,
                owner: event.topic::<abi::Address>("owner")?,
            })
        }
    }

    /// `event SignMsg(bytes32 indexed msgHash)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SignMsg {
        /// `bytes32 indexed msgHash`
        pub msg_hash: abi::B256,
    }

    impl abi::FromEvent for SignMsg {
        const DECLARATION: &'static str = "event SignMsg(bytes32 indexed msgHash)";
        const SIGNATURE: &'static str = "SignMsg(bytes32)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe7, 0xf4, 0x67, 0x50, 0x38, 0xf4, 0xf6, 0x03, 0x4d, 0xfc, 0xbb, 0xb2, 0x4c, 0x4d,
            0xc0, 0x8e, 0x4e, 0xbf, 0x10, 0xeb, 0x9d, 0x25, 0x7d, 0x3d, 0x02, 0xc0, 0xf3, 0x8d,
            0x12, 0x2a, 0xc6, 0xe4,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                msg_hash: event.topic::<abi::B256>("msgHash")?,
            })
        }
    }

    /// `event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionSuccess {
        /// `bytes32 indexed txHash`
        pub tx_hash: abi::B256,
        /// `uint256 payment`
        pub payment: abi::U256,
    }

    impl abi::FromEvent for ExecutionSuccess {
        const DECLARATION: &'static str =
            "event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)";
        const SIGNATURE: &'static str = "ExecutionSuccess(bytes32,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x44, 0x2e, 0x71, 0x5f, 0x62, 0x63, 0x46, 0xe8, 0xc5, 0x43, 0x81, 0x00, 0x2d, 0xa6,
            0x14, 0xf6, 0x2b, 0xee, 0x8d, 0x27, 0x38, 0x65, 0x35, 0xb2, 0x52, 0x1e, 0xc8, 0x54,
            0x08, 0x98, 0x55, 0x6e,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                tx_hash: event.topic::<abi::B256>("txHash")?,
                payment: event.data::<abi::Uint<256>>("payment")?,
            })
        }
    }

    /// `event ExecutionFailure(bytes32 indexed txHash, uint256 payment)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionFailure {
        /// `bytes32 indexed txHash`
        pub tx_hash: abi::B256,
        /// `uint256 payment`
        pub payment: abi::U256,
    }

    impl abi::FromEvent for ExecutionFailure {
        const DECLARATION: &'static str =
            "event ExecutionFailure(bytes32 indexed txHash, uint256 payment)";
        const SIGNATURE: &'static str = "ExecutionFailure(bytes32,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x23, 0x42, 0x8b, 0x18, 0xac, 0xfb, 0x3e, 0xa6, 0x4b, 0x08, 0xdc, 0x0c, 0x1d, 0x29,
            0x6e, 0xa9, 0xc0, 0x97, 0x02, 0xc0, 0x90, 0x83, 0xca, 0x52, 0x72, 0xe6, 0x4d, 0x11,
            0x5b, 0x68, 0x7d, 0x23,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                tx_hash: event.topic::<abi::B256>("txHash")?,
                payment: event.data::<abi::Uint<256>>("payment")?,
            })
        }
    }

    /// `event AddedOwner(address indexed owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AddedOwner {
        /// `address indexed owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for AddedOwner {
        const DECLARATION: &'static str = "event AddedOwner(address indexed owner)";
        const SIGNATURE: &'static str = "AddedOwner(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x94, 0x65, 0xfa, 0x0c, 0x96, 0x2c, 0xc7, 0x69, 0x58, 0xe6, 0x37, 0x3a, 0x99, 0x33,
            0x26, 0x40, 0x0c, 0x1c, 0x94, 0xf8, 0xbe, 0x2f, 0xe3, 0xa9, 0x52, 0xad, 0xfa, 0x7f,
            0x60, 0xb2, 0xea, 0x26,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
            })
        }
    }

    /// `event RemovedOwner(address indexed owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RemovedOwner {
        /// `address indexed owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for RemovedOwner {
        const DECLARATION: &'static str = "event RemovedOwner(address indexed owner)";
        const SIGNATURE: &'static str = "RemovedOwner(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf8, 0xd4, 0x9f, 0xc5, 0x29, 0x81, 0x2e, 0x9a, 0x7c, 0x5c, 0x50, 0xe6, 0x9c, 0x20,
            0xf0, 0xdc, 0xcc, 0x0d, 0xb8, 0xfa, 0x95, 0xc9, 0x8b, 0xc5, 0x8c, 0xc9, 0xa4, 0xf1,
            0xc1, 0x29, 0x9e, 0xaf,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
            })
        }
    }

    /// `event ChangedThreshold(uint256 threshold)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ChangedThreshold {
        /// `uint256 threshold`
        pub threshold: abi::U256,
    }

    impl abi::FromEvent for ChangedThreshold {
        const DECLARATION: &'static str = "event ChangedThreshold(uint256 threshold)";
        const SIGNATURE: &'static str = "ChangedThreshold(uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x61, 0x0f, 0x7f, 0xf2, 0xb3, 0x04, 0xae, 0x89, 0x03, 0xc3, 0xde, 0x74, 0xc6, 0x0c,
            0x6a, 0xb1, 0xf7, 0xd6, 0x22, 0x6b, 0x3f, 0x52, 0xc5, 0x16, 0x19, 0x05, 0xbb, 0x5a,
            0xd4, 0x03, 0x9c, 0x93,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                threshold: event.data::<abi::Uint<256>>("threshold")?,
            })
        }
    }

    /// `event EnabledModule(address indexed module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct EnabledModule {
        /// `address indexed module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for EnabledModule {
        const DECLARATION: &'static str = "event EnabledModule(address indexed module)";
        const SIGNATURE: &'static str = "EnabledModule(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xec, 0xdf, 0x3a, 0x3e, 0xff, 0xea, 0x57, 0x83, 0xa3, 0xc4, 0xc2, 0x14, 0x0e, 0x67,
            0x75, 0x77, 0x66, 0x64, 0x28, 0xd4, 0x4e, 0xd9, 0xd4, 0x74, 0xa0, 0xb3, 0xa4, 0xc9,
            0x94, 0x3f, 0x84, 0x40,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.topic::<abi::Address>("module")?,
            })
        }
    }

    /// `event DisabledModule(address indexed module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DisabledModule {
        /// `address indexed module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for DisabledModule {
        const DECLARATION: &'static str = "event DisabledModule(address indexed module)";
        const SIGNATURE: &'static str = "DisabledModule(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xaa, 0xb4, 0xfa, 0x2b, 0x46, 0x3f, 0x58, 0x1b, 0x2b, 0x32, 0xcb, 0x3b, 0x7e, 0x3b,
            0x70, 0x4b, 0x9c, 0xe3, 0x7c, 0xc2, 0x09, 0xb5, 0xfb, 0x4d, 0x77, 0xe5, 0x93, 0xac,
            0xe4, 0x05, 0x42, 0x76,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.topic::<abi::Address>("module")?,
            })
        }
    }

    /// `event ExecutionFromModuleSuccess(address indexed module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionFromModuleSuccess {
        /// `address indexed module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for ExecutionFromModuleSuccess {
        const DECLARATION: &'static str =
            "event ExecutionFromModuleSuccess(address indexed module)";
        const SIGNATURE: &'static str = "ExecutionFromModuleSuccess(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x68, 0x95, 0xc1, 0x36, 0x64, 0xaa, 0x4f, 0x67, 0x28, 0x8b, 0x25, 0xd7, 0xa2, 0x1d,
            0x7a, 0xaa, 0x34, 0x91, 0x6e, 0x35, 0x5f, 0xb9, 0xb6, 0xfa, 0xe0, 0xa1, 0x39, 0xa9,
            0x08, 0x5b, 0xec, 0xb8,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.topic::<abi::Address>("module")?,
            })
        }
    }

    /// `event ExecutionFromModuleFailure(address indexed module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionFromModuleFailure {
        /// `address indexed module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for ExecutionFromModuleFailure {
        const DECLARATION: &'static str =
            "event ExecutionFromModuleFailure(address indexed module)";
        const SIGNATURE: &'static str = "ExecutionFromModuleFailure(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xac, 0xd2, 0xc8, 0x70, 0x28, 0x04, 0x12, 0x8f, 0xdb, 0x0d, 0xb2, 0xbb, 0x49, 0xf6,
            0xd1, 0x27, 0xdd, 0x01, 0x81, 0xc1, 0x3f, 0xd4, 0x5d, 0xbf, 0xe1, 0x6d, 0xe0, 0x93,
            0x0e, 0x2b, 0xd3, 0x75,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.topic::<abi::Address>("module")?,
            })
        }
    }

    /// `event ChangedFallbackHandler(address indexed handler)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ChangedFallbackHandler {
        /// `address indexed handler`
        pub handler: abi::Address,
    }

    impl abi::FromEvent for ChangedFallbackHandler {
        const DECLARATION: &'static str = "event ChangedFallbackHandler(address indexed handler)";
        const SIGNATURE: &'static str = "ChangedFallbackHandler(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x5a, 0xc6, 0xc4, 0x6c, 0x93, 0xc8, 0xd0, 0xe5, 0x37, 0x14, 0xba, 0x3b, 0x53, 0xdb,
            0x3e, 0x7c, 0x04, 0x6d, 0xa9, 0x94, 0x31, 0x3d, 0x7e, 0xd0, 0xd1, 0x92, 0x02, 0x8b,
            0xc7, 0xc2, 0x28, 0xb0,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                handler: event.topic::<abi::Address>("handler")?,
            })
        }
    }

    /// `event ChangedGuard(address indexed guard)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ChangedGuard {
        /// `address indexed guard`
        pub guard: abi::Address,
    }

    impl abi::FromEvent for ChangedGuard {
        const DECLARATION: &'static str = "event ChangedGuard(address indexed guard)";
        const SIGNATURE: &'static str = "ChangedGuard(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x11, 0x51, 0x11, 0x69, 0x14, 0x51, 0x5b, 0xc0, 0x89, 0x1f, 0xf9, 0x04, 0x7a, 0x6c,
            0xb3, 0x2c, 0xf9, 0x02, 0x54, 0x6f, 0x83, 0x06, 0x64, 0x99, 0xbc, 0xf8, 0xba, 0x33,
            0xd2, 0x35, 0x3f, 0xa2,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                guard: event.topic::<abi::Address>("guard")?,
            })
        }
    }

    /// `event ProxyCreation(address indexed proxy, address singleton)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ProxyCreation {
        /// `address indexed proxy`
        pub proxy: abi::Address,
        /// `address singleton`
        pub singleton: abi::Address,
    }

    impl abi::FromEvent for ProxyCreation {
        const DECLARATION: &'static str =
            "event ProxyCreation(address indexed proxy, address singleton)";
        const SIGNATURE: &'static str = "ProxyCreation(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4f, 0x51, 0xfa, 0xf6, 0xc4, 0x56, 0x1f, 0xf9, 0x5f, 0x06, 0x76, 0x57, 0xe4, 0x34,
            0x39, 0xf0, 0xf8, 0x56, 0xd9, 0x7c, 0x04, 0xd9, 0xec, 0x90, 0x70, 0xa6, 0x19, 0x9a,
            0xd4, 0x18, 0xe2, 0x35,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                proxy: event.topic::<abi::Address>("proxy")?,
                singleton: event.data::<abi::Address>("singleton")?,
            })
        }
    }
}

/// Safe for chains without traces, which says what it runs: <https://docs.safe.global>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod safe_l2 {
    use crate::typed as abi;

    /// `event SafeMultiSigTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures, bytes additionalInfo)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SafeMultiSigTransaction {
        /// `address to`
        pub to: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
        /// `bytes data`
        pub data: abi::HexBytes,
        /// `uint8 operation`
        pub operation: u8,
        /// `uint256 safeTxGas`
        pub safe_tx_gas: abi::U256,
        /// `uint256 baseGas`
        pub base_gas: abi::U256,
        /// `uint256 gasPrice`
        pub gas_price: abi::U256,
        /// `address gasToken`
        pub gas_token: abi::Address,
        /// `address refundReceiver`
        pub refund_receiver: abi::Address,
        /// `bytes signatures`
        pub signatures: abi::HexBytes,
        /// `bytes additionalInfo`
        pub additional_info: abi::HexBytes,
    }

    impl abi::FromEvent for SafeMultiSigTransaction {
        const DECLARATION: &'static str = "event SafeMultiSigTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures, bytes additionalInfo)";
        const SIGNATURE: &'static str = "SafeMultiSigTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes,bytes)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x66, 0x75, 0x3c, 0xd2, 0x35, 0x65, 0x69, 0xee, 0x08, 0x12, 0x32, 0xe3, 0xbe, 0x89,
            0x09, 0xb9, 0x50, 0xe0, 0xa7, 0x6c, 0x1f, 0x84, 0x60, 0xc3, 0xa5, 0xe3, 0xc2, 0xbe,
            0x32, 0xb1, 0x1b, 0xed,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                to: event.data::<abi::Address>("to")?,
                value: event.data::<abi::Uint<256>>("value")?,
                data: event.data::<abi::HexBytes>("data")?,
                operation: event.data::<abi::Uint<8>>("operation")?,
                safe_tx_gas: event.data::<abi::Uint<256>>("safeTxGas")?,
                base_gas: event.data::<abi::Uint<256>>("baseGas")?,
                gas_price: event.data::<abi::Uint<256>>("gasPrice")?,
                gas_token: event.data::<abi::Address>("gasToken")?,
                refund_receiver: event.data::<abi::Address>("refundReceiver")?,
                signatures: event.data::<abi::HexBytes>("signatures")?,
                additional_info: event.data::<abi::HexBytes>("additionalInfo")?,
            })
        }
    }

    /// `event SafeModuleTransaction(address module, address to, uint256 value, bytes data, uint8 operation)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct SafeModuleTransaction {
        /// `address module`
        pub module: abi::Address,
        /// `address to`
        pub to: abi::Address,
        /// `uint256 value`
        pub value: abi::U256,
        /// `bytes data`
        pub data: abi::HexBytes,
        /// `uint8 operation`
        pub operation: u8,
    }

    impl abi::FromEvent for SafeModuleTransaction {
        const DECLARATION: &'static str = "event SafeModuleTransaction(address module, address to, uint256 value, bytes data, uint8 operation)";
        const SIGNATURE: &'static str =
            "SafeModuleTransaction(address,address,uint256,bytes,uint8)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb6, 0x48, 0xd3, 0x64, 0x4f, 0x58, 0x4e, 0xd1, 0xc2, 0x23, 0x2d, 0x53, 0xc4, 0x6d,
            0x87, 0xe6, 0x93, 0x58, 0x64, 0x86, 0xad, 0x0d, 0x11, 0x75, 0xf8, 0x65, 0x60, 0x13,
            0x11, 0x0b, 0x71, 0x4e,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.data::<abi::Address>("module")?,
                to: event.data::<abi::Address>("to")?,
                value: event.data::<abi::Uint<256>>("value")?,
                data: event.data::<abi::HexBytes>("data")?,
                operation: event.data::<abi::Uint<8>>("operation")?,
            })
        }
    }
}

/// Safe 1.3, where it differs from 1.4: <https://docs.safe.global>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod safe_v1_3 {
    use crate::typed as abi;

    /// `event ExecutionSuccess(bytes32 txHash, uint256 payment)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionSuccess {
        /// `bytes32 txHash`
        pub tx_hash: abi::B256,
        /// `uint256 payment`
        pub payment: abi::U256,
    }

    impl abi::FromEvent for ExecutionSuccess {
        const DECLARATION: &'static str = "event ExecutionSuccess(bytes32 txHash, uint256 payment)";
        const SIGNATURE: &'static str = "ExecutionSuccess(bytes32,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x44, 0x2e, 0x71, 0x5f, 0x62, 0x63, 0x46, 0xe8, 0xc5, 0x43, 0x81, 0x00, 0x2d, 0xa6,
            0x14, 0xf6, 0x2b, 0xee, 0x8d, 0x27, 0x38, 0x65, 0x35, 0xb2, 0x52, 0x1e, 0xc8, 0x54,
            0x08, 0x98, 0x55, 0x6e,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                tx_hash: event.data::<abi::B256>("txHash")?,
                payment: event.data::<abi::Uint<256>>("payment")?,
            })
        }
    }

    /// `event ExecutionFailure(bytes32 txHash, uint256 payment)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ExecutionFailure {
        /// `bytes32 txHash`
        pub tx_hash: abi::B256,
        /// `uint256 payment`
        pub payment: abi::U256,
    }

    impl abi::FromEvent for ExecutionFailure {
        const DECLARATION: &'static str = "event ExecutionFailure(bytes32 txHash, uint256 payment)";
        const SIGNATURE: &'static str = "ExecutionFailure(bytes32,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x23, 0x42, 0x8b, 0x18, 0xac, 0xfb, 0x3e, 0xa6, 0x4b, 0x08, 0xdc, 0x0c, 0x1d, 0x29,
            0x6e, 0xa9, 0xc0, 0x97, 0x02, 0xc0, 0x90, 0x83, 0xca, 0x52, 0x72, 0xe6, 0x4d, 0x11,
            0x5b, 0x68, 0x7d, 0x23,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                tx_hash: event.data::<abi::B256>("txHash")?,
                payment: event.data::<abi::Uint<256>>("payment")?,
            })
        }
    }

    /// `event AddedOwner(address owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AddedOwner {
        /// `address owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for AddedOwner {
        const DECLARATION: &'static str = "event AddedOwner(address owner)";
        const SIGNATURE: &'static str = "AddedOwner(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x94, 0x65, 0xfa, 0x0c, 0x96, 0x2c, 0xc7, 0x69, 0x58, 0xe6, 0x37, 0x3a, 0x99, 0x33,
            0x26, 0x40, 0x0c, 0x1c, 0x94, 0xf8, 0xbe, 0x2f, 0xe3, 0xa9, 0x52, 0xad, 0xfa, 0x7f,
            0x60, 0xb2, 0xea, 0x26,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.data::<abi::Address>("owner")?,
            })
        }
    }

    /// `event RemovedOwner(address owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct RemovedOwner {
        /// `address owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for RemovedOwner {
        const DECLARATION: &'static str = "event RemovedOwner(address owner)";
        const SIGNATURE: &'static str = "RemovedOwner(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf8, 0xd4, 0x9f, 0xc5, 0x29, 0x81, 0x2e, 0x9a, 0x7c, 0x5c, 0x50, 0xe6, 0x9c, 0x20,
            0xf0, 0xdc, 0xcc, 0x0d, 0xb8, 0xfa, 0x95, 0xc9, 0x8b, 0xc5, 0x8c, 0xc9, 0xa4, 0xf1,
            0xc1, 0x29, 0x9e, 0xaf,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.data::<abi::Address>("owner")?,
            })
        }
    }

    /// `event EnabledModule(address module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct EnabledModule {
        /// `address module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for EnabledModule {
        const DECLARATION: &'static str = "event EnabledModule(address module)";
        const SIGNATURE: &'static str = "EnabledModule(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xec, 0xdf, 0x3a, 0x3e, 0xff, 0xea, 0x57, 0x83, 0xa3, 0xc4, 0xc2, 0x14, 0x0e, 0x67,
            0x75, 0x77, 0x66, 0x64, 0x28, 0xd4, 0x4e, 0xd9, 0xd4, 0x74, 0xa0, 0xb3, 0xa4, 0xc9,
            0x94, 0x3f, 0x84, 0x40,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.data::<abi::Address>("module")?,
            })
        }
    }

    /// `event DisabledModule(address module)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct DisabledModule {
        /// `address module`
        pub module: abi::Address,
    }

    impl abi::FromEvent for DisabledModule {
        const DECLARATION: &'static str = "event DisabledModule(address module)";
        const SIGNATURE: &'static str = "DisabledModule(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xaa, 0xb4, 0xfa, 0x2b, 0x46, 0x3f, 0x58, 0x1b, 0x2b, 0x32, 0xcb, 0x3b, 0x7e, 0x3b,
            0x70, 0x4b, 0x9c, 0xe3, 0x7c, 0xc2, 0x09, 0xb5, 0xfb, 0x4d, 0x77, 0xe5, 0x93, 0xac,
            0xe4, 0x05, 0x42, 0x76,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                module: event.data::<abi::Address>("module")?,
            })
        }
    }

    /// `event ChangedFallbackHandler(address handler)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ChangedFallbackHandler {
        /// `address handler`
        pub handler: abi::Address,
    }

    impl abi::FromEvent for ChangedFallbackHandler {
        const DECLARATION: &'static str = "event ChangedFallbackHandler(address handler)";
        const SIGNATURE: &'static str = "ChangedFallbackHandler(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x5a, 0xc6, 0xc4, 0x6c, 0x93, 0xc8, 0xd0, 0xe5, 0x37, 0x14, 0xba, 0x3b, 0x53, 0xdb,
            0x3e, 0x7c, 0x04, 0x6d, 0xa9, 0x94, 0x31, 0x3d, 0x7e, 0xd0, 0xd1, 0x92, 0x02, 0x8b,
            0xc7, 0xc2, 0x28, 0xb0,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                handler: event.data::<abi::Address>("handler")?,
            })
        }
    }

    /// `event ChangedGuard(address guard)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ChangedGuard {
        /// `address guard`
        pub guard: abi::Address,
    }

    impl abi::FromEvent for ChangedGuard {
        const DECLARATION: &'static str = "event ChangedGuard(address guard)";
        const SIGNATURE: &'static str = "ChangedGuard(address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x11, 0x51, 0x11, 0x69, 0x14, 0x51, 0x5b, 0xc0, 0x89, 0x1f, 0xf9, 0x04, 0x7a, 0x6c,
            0xb3, 0x2c, 0xf9, 0x02, 0x54, 0x6f, 0x83, 0x06, 0x64, 0x99, 0xbc, 0xf8, 0xba, 0x33,
            0xd2, 0x35, 0x3f, 0xa2,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                guard: event.data::<abi::Address>("guard")?,
            })
        }
    }

    /// `event ProxyCreation(address proxy, address singleton)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ProxyCreation {
        /// `address proxy`
        pub proxy: abi::Address,
        /// `address singleton`
        pub singleton: abi::Address,
    }

    impl abi::FromEvent for ProxyCreation {
        const DECLARATION: &'static str = "event ProxyCreation(address proxy, address singleton)";
        const SIGNATURE: &'static str = "ProxyCreation(address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4f, 0x51, 0xfa, 0xf6, 0xc4, 0x56, 0x1f, 0xf9, 0x5f, 0x06, 0x76, 0x57, 0xe4, 0x34,
            0x39, 0xf0, 0xf8, 0x56, 0xd9, 0x7c, 0x04, 0xd9, 0xec, 0x90, 0x70, 0xa6, 0x19, 0x9a,
            0xd4, 0x18, 0xe2, 0x35,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                proxy: event.data::<abi::Address>("proxy")?,
                singleton: event.data::<abi::Address>("singleton")?,
            })
        }
    }
}

/// ENS, registry, controller of `.eth` and resolvers: <https://docs.ens.domains>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod ens {
    use crate::typed as abi;

    /// `event NewOwner(bytes32 indexed node, bytes32 indexed label, address owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NewOwner {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `bytes32 indexed label`
        pub label: abi::B256,
        /// `address owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for NewOwner {
        const DECLARATION: &'static str =
            "event NewOwner(bytes32 indexed node, bytes32 indexed label, address owner)";
        const SIGNATURE: &'static str = "NewOwner(bytes32,bytes32,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xce, 0x04, 0x57, 0xfe, 0x73, 0x73, 0x1f, 0x82, 0x4c, 0xc2, 0x72, 0x37, 0x61, 0x69,
            0x23, 0x51, 0x28, 0xc1, 0x18, 0xb4, 0x9d, 0x34, 0x48, 0x17, 0x41, 0x7c, 0x6d, 0x10,
            0x8d, 0x15, 0x5e, 0x82,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                label: event.topic::<abi::B256>("label")?,
                owner: event.data::<abi::Address>("owner")?,
            })
        }
    }

    /// `event Transfer(bytes32 indexed node, address owner)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Transfer {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `address owner`
        pub owner: abi::Address,
    }

    impl abi::FromEvent for Transfer {
        const DECLARATION: &'static str = "event Transfer(bytes32 indexed node, address owner)";
        const SIGNATURE: &'static str = "Transfer(bytes32,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xd4, 0x73, 0x5d, 0x92, 0x0b, 0x0f, 0x87, 0x49, 0x49, 0x15, 0xf5, 0x56, 0xdd, 0x9b,
            0x54, 0xc8, 0xf3, 0x09, 0x02, 0x60, 0x70, 0xca, 0xea, 0x5c, 0x73, 0x72, 0x45, 0x15,
            0x25, 0x64, 0xd2, 0x66,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                owner: event.data::<abi::Address>("owner")?,
            })
        }
    }

    /// `event NewResolver(bytes32 indexed node, address resolver)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NewResolver {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `address resolver`
        pub resolver: abi::Address,
    }

    impl abi::FromEvent for NewResolver {
        const DECLARATION: &'static str =
            "event NewResolver(bytes32 indexed node, address resolver)";
        const SIGNATURE: &'static str = "NewResolver(bytes32,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x33, 0x57, 0x21, 0xb0, 0x18, 0x66, 0xdc, 0x23, 0xfb, 0xee, 0x8b, 0x6b, 0x2c, 0x7b,
            0x1e, 0x14, 0xd6, 0xf0, 0x5c, 0x28, 0xcd, 0x35, 0xa2, 0xc9, 0x34, 0x23, 0x9f, 0x94,
            0x09, 0x56, 0x02, 0xa0,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                resolver: event.data::<abi::Address>("resolver")?,
            })
        }
    }

    /// `event NewTTL(bytes32 indexed node, uint64 ttl)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NewTTL {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `uint64 ttl`
        pub ttl: u64,
    }

    impl abi::FromEvent for NewTTL {
        const DECLARATION: &'static str = "event NewTTL(bytes32 indexed node, uint64 ttl)";
        const SIGNATURE: &'static str = "NewTTL(bytes32,uint64)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x1d, 0x4f, 0x9b, 0xbf, 0xc9, 0xca, 0xb8, 0x9d, 0x66, 0xe1, 0xa1, 0x56, 0x2f, 0x22,
            0x33, 0xcc, 0xbf, 0x13, 0x08, 0xcb, 0x4f, 0x63, 0xde, 0x2e, 0xad, 0x57, 0x87, 0xad,
            0xdd, 0xb8, 0xfa, 0x68,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                ttl: event.data::<abi::Uint<64>>("ttl")?,
            })
        }
    }

    /// `event ApprovalForAll(address indexed owner, address indexed operator, bool approved)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ApprovalForAll {
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `address indexed operator`
        pub operator: abi::Address,
        /// `bool approved`
        pub approved: bool,
    }

    impl abi::FromEvent for ApprovalForAll {
        const DECLARATION: &'static str =
            "event ApprovalForAll(address indexed owner, address indexed operator, bool approved)";
        const SIGNATURE: &'static str = "ApprovalForAll(address,address,bool)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x17, 0x30, 0x7e, 0xab, 0x39, 0xab, 0x61, 0x07, 0xe8, 0x89, 0x98, 0x45, 0xad, 0x3d,
            0x59, 0xbd, 0x96, 0x53, 0xf2, 0x00, 0xf2, 0x20, 0x92, 0x04, 0x89, 0xca, 0x2b, 0x59,
            0x37, 0x69, 0x6c, 0x31,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                owner: event.topic::<abi::Address>("owner")?,
                operator: event.topic::<abi::Address>("operator")?,
                approved: event.data::<bool>("approved")?,
            })
        }
    }

    /// `event NameRegistered(string name, bytes32 indexed label, address indexed owner, uint256 baseCost, uint256 premium, uint256 expires)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameRegistered {
        /// `string name`
        pub name: String,
        /// `bytes32 indexed label`
        pub label: abi::B256,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `uint256 baseCost`
        pub base_cost: abi::U256,
        /// `uint256 premium`
        pub premium: abi::U256,
        /// `uint256 expires`
        pub expires: abi::U256,
    }

    impl abi::FromEvent for NameRegistered {
        const DECLARATION: &'static str = "event NameRegistered(string name, bytes32 indexed label, address indexed owner, uint256 baseCost, uint256 premium, uint256 expires)";
        const SIGNATURE: &'static str =
            "NameRegistered(string,bytes32,address,uint256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x69, 0xe3, 0x7f, 0x15, 0x1e, 0xb9, 0x8a, 0x09, 0x61, 0x8d, 0xda, 0xa8, 0x0c, 0x8c,
            0xfa, 0xf1, 0xce, 0x59, 0x96, 0x86, 0x7c, 0x48, 0x9f, 0x45, 0xb5, 0x55, 0xb4, 0x12,
            0x27, 0x1e, 0xbf, 0x27,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                name: event.data::<String>("name")?,
                label: event.topic::<abi::B256>("label")?,
                owner: event.topic::<abi::Address>("owner")?,
                base_cost: event.data::<abi::Uint<256>>("baseCost")?,
                premium: event.data::<abi::Uint<256>>("premium")?,
                expires: event.data::<abi::Uint<256>>("expires")?,
            })
        }
    }

    /// `event NameRenewed(string name, bytes32 indexed label, uint256 cost, uint256 expires)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameRenewed {
        /// `string name`
        pub name: String,
        /// `bytes32 indexed label`
        pub label: abi::B256,
        /// `uint256 cost`
        pub cost: abi::U256,
        /// `uint256 expires`
        pub expires: abi::U256,
    }

    impl abi::FromEvent for NameRenewed {
        const DECLARATION: &'static str =
            "event NameRenewed(string name, bytes32 indexed label, uint256 cost, uint256 expires)";
        const SIGNATURE: &'static str = "NameRenewed(string,bytes32,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x3d, 0xa2, 0x4c, 0x02, 0x45, 0x82, 0x93, 0x1c, 0xfa, 0xf8, 0x26, 0x7d, 0x8e, 0xd2,
            0x4d, 0x13, 0xa8, 0x2a, 0x80, 0x68, 0xd5, 0xbd, 0x33, 0x7d, 0x30, 0xec, 0x45, 0xce,
            0xa4, 0xe5, 0x06, 0xae,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                name: event.data::<String>("name")?,
                label: event.topic::<abi::B256>("label")?,
                cost: event.data::<abi::Uint<256>>("cost")?,
                expires: event.data::<abi::Uint<256>>("expires")?,
            })
        }
    }

    /// `event AddrChanged(bytes32 indexed node, address a)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AddrChanged {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `address a`
        pub a: abi::Address,
    }

    impl abi::FromEvent for AddrChanged {
        const DECLARATION: &'static str = "event AddrChanged(bytes32 indexed node, address a)";
        const SIGNATURE: &'static str = "AddrChanged(bytes32,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x52, 0xd7, 0xd8, 0x61, 0xf0, 0x9a, 0xb3, 0xd2, 0x62, 0x39, 0xd4, 0x92, 0xe8, 0x96,
            0x86, 0x29, 0xf9, 0x5e, 0x9e, 0x31, 0x8c, 0xf0, 0xb7, 0x3b, 0xfd, 0xdc, 0x44, 0x15,
            0x22, 0xa1, 0x5f, 0xd2,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                a: event.data::<abi::Address>("a")?,
            })
        }
    }

    /// `event AddressChanged(bytes32 indexed node, uint256 coinType, bytes newAddress)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AddressChanged {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `uint256 coinType`
        pub coin_type: abi::U256,
        /// `bytes newAddress`
        pub new_address: abi::HexBytes,
    }

    impl abi::FromEvent for AddressChanged {
        const DECLARATION: &'static str =
            "event AddressChanged(bytes32 indexed node, uint256 coinType, bytes newAddress)";
        const SIGNATURE: &'static str = "AddressChanged(bytes32,uint256,bytes)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x65, 0x41, 0x25, 0x81, 0x16, 0x8e, 0x88, 0xa1, 0xe6, 0x0c, 0x64, 0x59, 0xd7, 0xf4,
            0x4a, 0xe8, 0x3a, 0xd0, 0x83, 0x2e, 0x67, 0x08, 0x26, 0xc0, 0x5a, 0x4e, 0x24, 0x76,
            0xb5, 0x7a, 0xf7, 0x52,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                coin_type: event.data::<abi::Uint<256>>("coinType")?,
                new_address: event.data::<abi::HexBytes>("newAddress")?,
            })
        }
    }

    /// `event NameChanged(bytes32 indexed node, string name)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameChanged {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `string name`
        pub name: String,
    }

    impl abi::FromEvent for NameChanged {
        const DECLARATION: &'static str = "event NameChanged(bytes32 indexed node, string name)";
        const SIGNATURE: &'static str = "NameChanged(bytes32,string)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb7, 0xd2, 0x9e, 0x91, 0x10, 0x41, 0xe8, 0xd9, 0xb8, 0x43, 0x36, 0x9e, 0x89, 0x0b,
            0xcb, 0x72, 0xc9, 0x38, 0x86, 0x92, 0xba, 0x48, 0xb6, 0x5a, 0xc5, 0x4e, 0x72, 0x14,
            0xc4, 0xc3, 0x48, 0xf7,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                name: event.data::<String>("name")?,
            })
        }
    }

    /// `event TextChanged(bytes32 indexed node, string indexed indexedKey, string key, string value)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct TextChanged {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `string indexed indexedKey`
        pub indexed_key: abi::B256,
        /// `string key`
        pub key: String,
        /// `string value`
        pub value: String,
    }

    impl abi::FromEvent for TextChanged {
        const DECLARATION: &'static str = "event TextChanged(bytes32 indexed node, string indexed indexedKey, string key, string value)";
        const SIGNATURE: &'static str = "TextChanged(bytes32,string,string,string)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x44, 0x8b, 0xc0, 0x14, 0xf1, 0x53, 0x67, 0x26, 0xcf, 0x8d, 0x54, 0xff, 0x3d, 0x64,
            0x81, 0xed, 0x3c, 0xbc, 0x68, 0x3c, 0x25, 0x91, 0xca, 0x20, 0x42, 0x74, 0x00, 0x9a,
            0xfa, 0x09, 0xb1, 0xa1,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                indexed_key: event.topic::<abi::Hash>("indexedKey")?,
                key: event.data::<String>("key")?,
                value: event.data::<String>("value")?,
            })
        }
    }

    /// `event ContenthashChanged(bytes32 indexed node, bytes hash)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct ContenthashChanged {
        /// `bytes32 indexed node`
        pub node: abi::B256,
        /// `bytes hash`
        pub hash: abi::HexBytes,
    }

    impl abi::FromEvent for ContenthashChanged {
        const DECLARATION: &'static str =
            "event ContenthashChanged(bytes32 indexed node, bytes hash)";
        const SIGNATURE: &'static str = "ContenthashChanged(bytes32,bytes)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xe3, 0x79, 0xc1, 0x62, 0x4e, 0xd7, 0xe7, 0x14, 0xcc, 0x09, 0x37, 0x52, 0x8a, 0x32,
            0x35, 0x9d, 0x69, 0xd5, 0x28, 0x13, 0x37, 0x76, 0x53, 0x13, 0xdb, 0xa4, 0xe0, 0x81,
            0xb7, 0x2d, 0x75, 0x78,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                node: event.topic::<abi::B256>("node")?,
                hash: event.data::<abi::HexBytes>("hash")?,
            })
        }
    }
}

/// ENS, the registrar of `.eth`, whose names are tokens: <https://docs.ens.domains>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod ens_registrar {
    use crate::typed as abi;

    /// `event NameRegistered(uint256 indexed id, address indexed owner, uint256 expires)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameRegistered {
        /// `uint256 indexed id`
        pub id: abi::U256,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `uint256 expires`
        pub expires: abi::U256,
    }

    impl abi::FromEvent for NameRegistered {
        const DECLARATION: &'static str =
            "event NameRegistered(uint256 indexed id, address indexed owner, uint256 expires)";
        const SIGNATURE: &'static str = "NameRegistered(uint256,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xb3, 0xd9, 0x87, 0x96, 0x3d, 0x01, 0xb2, 0xf6, 0x84, 0x93, 0xb4, 0xbd, 0xb1, 0x30,
            0x98, 0x8f, 0x15, 0x7e, 0xa4, 0x30, 0x70, 0xd4, 0xad, 0x84, 0x0f, 0xee, 0x04, 0x66,
            0xed, 0x93, 0x70, 0xd9,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::Uint<256>>("id")?,
                owner: event.topic::<abi::Address>("owner")?,
                expires: event.data::<abi::Uint<256>>("expires")?,
            })
        }
    }

    /// `event NameRenewed(uint256 indexed id, uint256 expires)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameRenewed {
        /// `uint256 indexed id`
        pub id: abi::U256,
        /// `uint256 expires`
        pub expires: abi::U256,
    }

    impl abi::FromEvent for NameRenewed {
        const DECLARATION: &'static str = "event NameRenewed(uint256 indexed id, uint256 expires)";
        const SIGNATURE: &'static str = "NameRenewed(uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x9b, 0x87, 0xa0, 0x0e, 0x30, 0xf1, 0xac, 0x65, 0xd8, 0x98, 0xf0, 0x70, 0xf8, 0xa3,
            0x48, 0x8f, 0xe6, 0x05, 0x17, 0x18, 0x2d, 0x0a, 0x20, 0x98, 0xe1, 0xb4, 0xb9, 0x3a,
            0x54, 0xaa, 0x9b, 0xd6,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                id: event.topic::<abi::Uint<256>>("id")?,
                expires: event.data::<abi::Uint<256>>("expires")?,
            })
        }
    }
}

/// ENS, the controller of `.eth` before 2023, where it differs: <https://docs.ens.domains>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod ens_old_controller {
    use crate::typed as abi;

    /// `event NameRegistered(string name, bytes32 indexed label, address indexed owner, uint256 cost, uint256 expires)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NameRegistered {
        /// `string name`
        pub name: String,
        /// `bytes32 indexed label`
        pub label: abi::B256,
        /// `address indexed owner`
        pub owner: abi::Address,
        /// `uint256 cost`
        pub cost: abi::U256,
        /// `uint256 expires`
        pub expires: abi::U256,
    }

    impl abi::FromEvent for NameRegistered {
        const DECLARATION: &'static str = "event NameRegistered(string name, bytes32 indexed label, address indexed owner, uint256 cost, uint256 expires)";
        const SIGNATURE: &'static str = "NameRegistered(string,bytes32,address,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xca, 0x6a, 0xbb, 0xe9, 0xd7, 0xf1, 0x14, 0x22, 0xcb, 0x6c, 0xa7, 0x62, 0x9f, 0xbf,
            0x6f, 0xe9, 0xef, 0xb1, 0xc6, 0x21, 0xf7, 0x1c, 0xe8, 0xf0, 0x2b, 0x9f, 0x2a, 0x23,
            0x00, 0x97, 0x40, 0x4f,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                name: event.data::<String>("name")?,
                label: event.topic::<abi::B256>("label")?,
                owner: event.topic::<abi::Address>("owner")?,
                cost: event.data::<abi::Uint<256>>("cost")?,
                expires: event.data::<abi::Uint<256>>("expires")?,
            })
        }
    }
}

/// Seaport: <https://github.com/ProjectOpenSea/seaport>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod seaport {
    use crate::typed as abi;

    /// `(uint8,address,uint256,uint256)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderFulfilledOffer {
        /// `uint8 itemType`
        pub item_type: u8,
        /// `address token`
        pub token: abi::Address,
        /// `uint256 identifier`
        pub identifier: abi::U256,
        /// `uint256 amount`
        pub amount: abi::U256,
    }

    impl abi::FromTuple for OrderFulfilledOffer {
        const DYNAMIC: bool = false;
        const HEAD: usize = 128;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                item_type: fields.next::<abi::Uint<8>>("itemType")?,
                token: fields.next::<abi::Address>("token")?,
                identifier: fields.next::<abi::Uint<256>>("identifier")?,
                amount: fields.next::<abi::Uint<256>>("amount")?,
            })
        }
    }

    /// `(uint8,address,uint256,uint256,address)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderFulfilledConsideration {
        /// `uint8 itemType`
        pub item_type: u8,
        /// `address token`
        pub token: abi::Address,
        /// `uint256 identifier`
        pub identifier: abi::U256,
        /// `uint256 amount`
        pub amount: abi::U256,
        /// `address recipient`
        pub recipient: abi::Address,
    }

    impl abi::FromTuple for OrderFulfilledConsideration {
        const DYNAMIC: bool = false;
        const HEAD: usize = 160;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                item_type: fields.next::<abi::Uint<8>>("itemType")?,
                token: fields.next::<abi::Address>("token")?,
                identifier: fields.next::<abi::Uint<256>>("identifier")?,
                amount: fields.next::<abi::Uint<256>>("amount")?,
                recipient: fields.next::<abi::Address>("recipient")?,
            })
        }
    }

    /// `event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, (uint8 itemType, address token, uint256 identifier, uint256 amount)[] offer, (uint8 itemType, address token, uint256 identifier, uint256 amount, address recipient)[] consideration)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderFulfilled {
        /// `bytes32 orderHash`
        pub order_hash: abi::B256,
        /// `address indexed offerer`
        pub offerer: abi::Address,
        /// `address indexed zone`
        pub zone: abi::Address,
        /// `address recipient`
        pub recipient: abi::Address,
        /// `(uint8 itemType, address token, uint256 identifier, uint256 amount)[] offer`
        pub offer: Vec<OrderFulfilledOffer>,
        /// `(uint8 itemType, address token, uint256 identifier, uint256 amount, address recipient)[] consideration`
        pub consideration: Vec<OrderFulfilledConsideration>,
    }

    impl abi::FromEvent for OrderFulfilled {
        const DECLARATION: &'static str = "event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, (uint8 itemType, address token, uint256 identifier, uint256 amount)[] offer, (uint8 itemType, address token, uint256 identifier, uint256 amount, address recipient)[] consideration)";
        const SIGNATURE: &'static str = "OrderFulfilled(bytes32,address,address,address,(uint8,address,uint256,uint256)[],(uint8,address,uint256,uint256,address)[])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x9d, 0x9a, 0xf8, 0xe3, 0x8d, 0x66, 0xc6, 0x2e, 0x2c, 0x12, 0xf0, 0x22, 0x52, 0x49,
            0xfd, 0x9d, 0x72, 0x1c, 0x54, 0xb8, 0x3f, 0x48, 0xd9, 0x35, 0x2c, 0x97, 0xc6, 0xca,
            0xcd, 0xcb, 0x6f, 0x31,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                order_hash: event.data::<abi::B256>("orderHash")?,
                offerer: event.topic::<abi::Address>("offerer")?,
                zone: event.topic::<abi::Address>("zone")?,
                recipient: event.data::<abi::Address>("recipient")?,
                offer: event.data::<abi::Array<OrderFulfilledOffer>>("offer")?,
                consideration: event
                    .data::<abi::Array<OrderFulfilledConsideration>>("consideration")?,
            })
        }
    }

    /// `(uint8,address,uint256,uint256,uint256)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderValidatedOrderParametersOffer {
        /// `uint8 itemType`
        pub item_type: u8,
        /// `address token`
        pub token: abi::Address,
        /// `uint256 identifierOrCriteria`
        pub identifier_or_criteria: abi::U256,
        /// `uint256 startAmount`
        pub start_amount: abi::U256,
        /// `uint256 endAmount`
        pub end_amount: abi::U256,
    }

    impl abi::FromTuple for OrderValidatedOrderParametersOffer {
        const DYNAMIC: bool = false;
        const HEAD: usize = 160;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                item_type: fields.next::<abi::Uint<8>>("itemType")?,
                token: fields.next::<abi::Address>("token")?,
                identifier_or_criteria: fields.next::<abi::Uint<256>>("identifierOrCriteria")?,
                start_amount: fields.next::<abi::Uint<256>>("startAmount")?,
                end_amount: fields.next::<abi::Uint<256>>("endAmount")?,
            })
        }
    }

    /// `(uint8,address,uint256,uint256,uint256,address)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderValidatedOrderParametersConsideration {
        /// `uint8 itemType`
        pub item_type: u8,
        /// `address token`
        pub token: abi::Address,
        /// `uint256 identifierOrCriteria`
        pub identifier_or_criteria: abi::U256,
        /// `uint256 startAmount`
        pub start_amount: abi::U256,
        /// `uint256 endAmount`
        pub end_amount: abi::U256,
        /// `address recipient`
        pub recipient: abi::Address,
    }

    impl abi::FromTuple for OrderValidatedOrderParametersConsideration {
        const DYNAMIC: bool = false;
        const HEAD: usize = 192;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                item_type: fields.next::<abi::Uint<8>>("itemType")?,
                token: fields.next::<abi::Address>("token")?,
                identifier_or_criteria: fields.next::<abi::Uint<256>>("identifierOrCriteria")?,
                start_amount: fields.next::<abi::Uint<256>>("startAmount")?,
                end_amount: fields.next::<abi::Uint<256>>("endAmount")?,
                recipient: fields.next::<abi::Address>("recipient")?,
            })
        }
    }

    /// `(address,address,(uint8,address,uint256,uint256,uint256)[],(uint8,address,uint256,uint256,uint256,address)[],uint8,uint256,uint256,bytes32,uint256,bytes32,uint256)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderValidatedOrderParameters {
        /// `address offerer`
        pub offerer: abi::Address,
        /// `address zone`
        pub zone: abi::Address,
        /// `(uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount)[] offer`
        pub offer: Vec<OrderValidatedOrderParametersOffer>,
        /// `(uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount, address recipient)[] consideration`
        pub consideration: Vec<OrderValidatedOrderParametersConsideration>,
        /// `uint8 orderType`
        pub order_type: u8,
        /// `uint256 startTime`
        pub start_time: abi::U256,
        /// `uint256 endTime`
        pub end_time: abi::U256,
        /// `bytes32 zoneHash`
        pub zone_hash: abi::B256,
        /// `uint256 salt`
        pub salt: abi::U256,
        /// `bytes32 conduitKey`
        pub conduit_key: abi::B256,
        /// `uint256 totalOriginalConsiderationItems`
        pub total_original_consideration_items: abi::U256,
    }

    impl abi::FromTuple for OrderValidatedOrderParameters {
        const DYNAMIC: bool = true;
        const HEAD: usize = 32;

        fn read<R: abi::TupleReader>(fields: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                offerer: fields.next::<abi::Address>("offerer")?,
                zone: fields.next::<abi::Address>("zone")?,
                offer: fields.next::<abi::Array<OrderValidatedOrderParametersOffer>>("offer")?,
                consideration: fields
                    .next::<abi::Array<OrderValidatedOrderParametersConsideration>>(
                        "consideration",
                    )?,
                order_type: fields.next::<abi::Uint<8>>("orderType")?,
                start_time: fields.next::<abi::Uint<256>>("startTime")?,
                end_time: fields.next::<abi::Uint<256>>("endTime")?,
                zone_hash: fields.next::<abi::B256>("zoneHash")?,
                salt: fields.next::<abi::Uint<256>>("salt")?,
                conduit_key: fields.next::<abi::B256>("conduitKey")?,
                total_original_consideration_items: fields
                    .next::<abi::Uint<256>>("totalOriginalConsiderationItems")?,
            })
        }
    }

    /// `event OrderValidated(bytes32 orderHash, (address offerer, address zone, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount)[] offer, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount, address recipient)[] consideration, uint8 orderType, uint256 startTime, uint256 endTime, bytes32 zoneHash, uint256 salt, bytes32 conduitKey, uint256 totalOriginalConsiderationItems) orderParameters)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderValidated {
        /// `bytes32 orderHash`
        pub order_hash: abi::B256,
        /// `(address offerer, address zone, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount)[] offer, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount, address recipient)[] consideration, uint8 orderType, uint256 startTime, uint256 endTime, bytes32 zoneHash, uint256 salt, bytes32 conduitKey, uint256 totalOriginalConsiderationItems) orderParameters`
        pub order_parameters: OrderValidatedOrderParameters,
    }

    impl abi::FromEvent for OrderValidated {
        const DECLARATION: &'static str = "event OrderValidated(bytes32 orderHash, (address offerer, address zone, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount)[] offer, (uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount, address recipient)[] consideration, uint8 orderType, uint256 startTime, uint256 endTime, bytes32 zoneHash, uint256 salt, bytes32 conduitKey, uint256 totalOriginalConsiderationItems) orderParameters)";
        const SIGNATURE: &'static str = "OrderValidated(bytes32,(address,address,(uint8,address,uint256,uint256,uint256)[],(uint8,address,uint256,uint256,uint256,address)[],uint8,uint256,uint256,bytes32,uint256,bytes32,uint256))";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xf2, 0x80, 0x79, 0x1e, 0xfe, 0x78, 0x2e, 0xdc, 0xf0, 0x6c, 0xe1, 0x5c, 0x8f, 0x4d,
            0xff, 0x17, 0x60, 0x1d, 0xb3, 0xb8, 0x8e, 0xb3, 0x80, 0x5a, 0x0d, 0xb7, 0xd7, 0x7f,
            0xaf, 0x75, 0x7f, 0x04,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                order_hash: event.data::<abi::B256>("orderHash")?,
                order_parameters: event.data::<OrderValidatedOrderParameters>("orderParameters")?,
            })
        }
    }

    /// `event OrderCancelled(bytes32 orderHash, address indexed offerer, address indexed zone)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrderCancelled {
        /// `bytes32 orderHash`
        pub order_hash: abi::B256,
        /// `address indexed offerer`
        pub offerer: abi::Address,
        /// `address indexed zone`
        pub zone: abi::Address,
    }

    impl abi::FromEvent for OrderCancelled {
        const DECLARATION: &'static str = "event OrderCancelled(bytes32 orderHash, address indexed offerer, address indexed zone)";
        const SIGNATURE: &'static str = "OrderCancelled(bytes32,address,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x6b, 0xac, 0xc0, 0x1d, 0xbe, 0x44, 0x24, 0x96, 0x06, 0x8f, 0x7d, 0x23, 0x4e, 0xdd,
            0x81, 0x1f, 0x1a, 0x5f, 0x83, 0x32, 0x43, 0xe0, 0xae, 0xc8, 0x24, 0xf8, 0x6a, 0xb8,
            0x61, 0xf3, 0xc9, 0x0d,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                order_hash: event.data::<abi::B256>("orderHash")?,
                offerer: event.topic::<abi::Address>("offerer")?,
                zone: event.topic::<abi::Address>("zone")?,
            })
        }
    }

    /// `event OrdersMatched(bytes32[] orderHashes)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct OrdersMatched {
        /// `bytes32[] orderHashes`
        pub order_hashes: Vec<abi::B256>,
    }

    impl abi::FromEvent for OrdersMatched {
        const DECLARATION: &'static str = "event OrdersMatched(bytes32[] orderHashes)";
        const SIGNATURE: &'static str = "OrdersMatched(bytes32[])";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x4b, 0x9f, 0x2d, 0x36, 0xe1, 0xb4, 0xc9, 0x3d, 0xe6, 0x2c, 0xc0, 0x77, 0xb0, 0x0b,
            0x1a, 0x91, 0xd8, 0x4b, 0x6c, 0x31, 0xb4, 0xa1, 0x4e, 0x01, 0x27, 0x18, 0xdc, 0xca,
            0x23, 0x06, 0x89, 0xe7,
        ]));
        const INDEXED: usize = 0;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                order_hashes: event.data::<abi::Array<abi::B256>>("orderHashes")?,
            })
        }
    }

    /// `event CounterIncremented(uint256 newCounter, address indexed offerer)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct CounterIncremented {
        /// `uint256 newCounter`
        pub new_counter: abi::U256,
        /// `address indexed offerer`
        pub offerer: abi::Address,
    }

    impl abi::FromEvent for CounterIncremented {
        const DECLARATION: &'static str =
            "event CounterIncremented(uint256 newCounter, address indexed offerer)";
        const SIGNATURE: &'static str = "CounterIncremented(uint256,address)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x72, 0x1c, 0x20, 0x12, 0x12, 0x97, 0x51, 0x2b, 0x72, 0x82, 0x1b, 0x97, 0xf5, 0x32,
            0x68, 0x77, 0xea, 0x8e, 0xcf, 0x4b, 0xb9, 0x94, 0x8f, 0xea, 0x5b, 0xfc, 0xb6, 0x45,
            0x30, 0x74, 0xd3, 0x7f,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                new_counter: event.data::<abi::Uint<256>>("newCounter")?,
                offerer: event.topic::<abi::Address>("offerer")?,
            })
        }
    }
}

/// Chainlink, price feeds: <https://docs.chain.link>
#[allow(clippy::struct_excessive_bools, clippy::struct_field_names)]
pub mod chainlink {
    use crate::typed as abi;

    /// `event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct AnswerUpdated {
        /// `int256 indexed current`
        pub current: abi::I256,
        /// `uint256 indexed roundId`
        pub round_id: abi::U256,
        /// `uint256 updatedAt`
        pub updated_at: abi::U256,
    }

    impl abi::FromEvent for AnswerUpdated {
        const DECLARATION: &'static str = "event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)";
        const SIGNATURE: &'static str = "AnswerUpdated(int256,uint256,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x05, 0x59, 0x88, 0x4f, 0xd3, 0xa4, 0x60, 0xdb, 0x30, 0x73, 0xb7, 0xfc, 0x89, 0x6c,
            0xc7, 0x79, 0x86, 0xf1, 0x6e, 0x37, 0x82, 0x10, 0xde, 0xd4, 0x31, 0x86, 0x17, 0x5b,
            0xf6, 0x46, 0xfc, 0x5f,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                current: event.topic::<abi::Int<256>>("current")?,
                round_id: event.topic::<abi::Uint<256>>("roundId")?,
                updated_at: event.data::<abi::Uint<256>>("updatedAt")?,
            })
        }
    }

    /// `event NewRound(uint256 indexed roundId, address indexed startedBy, uint256 startedAt)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NewRound {
        /// `uint256 indexed roundId`
        pub round_id: abi::U256,
        /// `address indexed startedBy`
        pub started_by: abi::Address,
        /// `uint256 startedAt`
        pub started_at: abi::U256,
    }

    impl abi::FromEvent for NewRound {
        const DECLARATION: &'static str =
            "event NewRound(uint256 indexed roundId, address indexed startedBy, uint256 startedAt)";
        const SIGNATURE: &'static str = "NewRound(uint256,address,uint256)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0x01, 0x09, 0xfc, 0x6f, 0x55, 0xcf, 0x40, 0x68, 0x9f, 0x02, 0xfb, 0xaa, 0xd7, 0xaf,
            0x7f, 0xe7, 0xbb, 0xac, 0x8a, 0x3d, 0x21, 0x86, 0x60, 0x0a, 0xfc, 0x7d, 0x3e, 0x10,
            0xca, 0xc6, 0x02, 0x71,
        ]));
        const INDEXED: usize = 2;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                round_id: event.topic::<abi::Uint<256>>("roundId")?,
                started_by: event.topic::<abi::Address>("startedBy")?,
                started_at: event.data::<abi::Uint<256>>("startedAt")?,
            })
        }
    }

    /// `event NewTransmission(uint32 indexed aggregatorRoundId, int192 answer, address transmitter, uint32 observationsTimestamp, int192[] observations, bytes observers, int192 juelsPerFeeCoin, bytes32 configDigest, uint40 epochAndRound)`
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct NewTransmission {
        /// `uint32 indexed aggregatorRoundId`
        pub aggregator_round_id: u32,
        /// `int192 answer`
        pub answer: abi::I256,
        /// `address transmitter`
        pub transmitter: abi::Address,
        /// `uint32 observationsTimestamp`
        pub observations_timestamp: u32,
        /// `int192[] observations`
        pub observations: Vec<abi::I256>,
        /// `bytes observers`
        pub observers: abi::HexBytes,
        /// `int192 juelsPerFeeCoin`
        pub juels_per_fee_coin: abi::I256,
        /// `bytes32 configDigest`
        pub config_digest: abi::B256,
        /// `uint40 epochAndRound`
        pub epoch_and_round: u64,
    }

    impl abi::FromEvent for NewTransmission {
        const DECLARATION: &'static str = "event NewTransmission(uint32 indexed aggregatorRoundId, int192 answer, address transmitter, uint32 observationsTimestamp, int192[] observations, bytes observers, int192 juelsPerFeeCoin, bytes32 configDigest, uint40 epochAndRound)";
        const SIGNATURE: &'static str =
            "NewTransmission(uint32,int192,address,uint32,int192[],bytes,int192,bytes32,uint40)";
        const TOPIC0: Option<abi::B256> = Some(abi::B256([
            0xc7, 0x97, 0x02, 0x5f, 0xee, 0xea, 0xf2, 0xcd, 0x92, 0x4c, 0x99, 0xe9, 0x20, 0x5a,
            0xcb, 0x8e, 0xc0, 0x4d, 0x5c, 0xad, 0x21, 0xc4, 0x1c, 0xe6, 0x37, 0xa3, 0x8f, 0xb6,
            0xde, 0xe6, 0x01, 0x6a,
        ]));
        const INDEXED: usize = 1;

        fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
            Ok(Self {
                aggregator_round_id: event.topic::<abi::Uint<32>>("aggregatorRoundId")?,
                answer: event.data::<abi::Int<192>>("answer")?,
                transmitter: event.data::<abi::Address>("transmitter")?,
                observations_timestamp: event.data::<abi::Uint<32>>("observationsTimestamp")?,
                observations: event.data::<abi::Array<abi::Int<192>>>("observations")?,
                observers: event.data::<abi::HexBytes>("observers")?,
                juels_per_fee_coin: event.data::<abi::Int<192>>("juelsPerFeeCoin")?,
                config_digest: event.data::<abi::B256>("configDigest")?,
                epoch_and_round: event.data::<abi::Uint<40>>("epochAndRound")?,
            })
        }
    }
}
