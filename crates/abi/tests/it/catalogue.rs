//! The well-known events that the crate carries.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use event_streamer_abi::catalogue::{
    chainlink, erc20, erc721, erc1155, openzeppelin, seaport, uniswap_v3,
};
use event_streamer_abi::codegen::generate_list;
use event_streamer_abi::{CATALOGUE, EventDecoder, FromEvent, parse_event_signature};
use event_streamer_models::U256;

use crate::test_data;

#[test]
fn the_generated_file_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated/catalogue.rs");
    let text = generate_list("crates/abi/catalogue/events.txt", CATALOGUE, "crate").unwrap();
    assert!(
        std::fs::read_to_string(path).unwrap() == text,
        "stale: cargo run -p event-streamer-abi --example generate_catalogue"
    );
}

/// Hashes as explorers show them.
#[test]
fn topics_are_those_that_one_knows_by_heart() {
    for (topic0, expected) in [
        (
            erc20::Transfer::TOPIC0,
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        (
            erc721::Transfer::TOPIC0,
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        (
            erc20::Approval::TOPIC0,
            "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
        ),
        (
            erc1155::TransferSingle::TOPIC0,
            "c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
        ),
        (
            uniswap_v3::Swap::TOPIC0,
            "c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67",
        ),
        (
            openzeppelin::OwnershipTransferred::TOPIC0,
            "8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0",
        ),
        (
            chainlink::AnswerUpdated::TOPIC0,
            "0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f",
        ),
    ] {
        assert_eq!(topic0, Some(format!("0x{expected}").parse().unwrap()));
    }
}

/// Events that the archive of ABIs does not have, and their hashes as explorers and the bindings of
/// other tools show them.
const COMPUTED_BY_OTHERS: &[(&str, &str)] = &[
    (
        "DiamondCut((address,uint8,bytes4[])[],address,bytes)",
        "8faa70878671ccd212d20771b795c50af8fd3ff6cf27f4bde57e5d4de0aeb673",
    ),
    (
        "Donate(bytes32,address,uint256,uint256)",
        "29ef05caaff9404b7cb6d1c0e9bbae9eaa7ab2541feba1a9c4248594c08156cb",
    ),
    (
        "ModifyLiquidity(bytes32,address,int24,int24,int256,bytes32)",
        "f208f4912782fd25c7f114ca3723a2d5dd6f3bcc3ac8db5af63baa85f711d5ec",
    ),
    (
        "Swap(bytes32,address,int128,int128,uint160,uint128,int24,uint24)",
        "40e9cecb9f5f1f1c5b9c97dec2917b7ee92e57ba5563708daca94dd84ad7112f",
    ),
    (
        "AccrueInterest(uint256,uint256,uint256,uint256)",
        "4dec04e750ca11537cabcd8a9eab06494de08da3735bc8871cd41250e190bc04",
    ),
    (
        "Mint(address,uint256,uint256)",
        "4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f",
    ),
    (
        "Redeem(address,uint256,uint256)",
        "e5b754fb1abb7f01b499791d0b820ae3b6af3424ac1c59768edb53f4ec31a929",
    ),
    (
        "Borrow(address,uint256,uint256,uint256)",
        "13ed6866d4e1ee6da46f845c46d7e54120883d75c5ea9a2dacc1c4ca8984ab80",
    ),
    (
        "RepayBorrow(address,address,uint256,uint256,uint256)",
        "1a2a22cb034d26d1854bdc6666a5b91fe25efbbb5dcad3b0355478d6f5c362a1",
    ),
    (
        "LiquidateBorrow(address,address,uint256,address,uint256)",
        "298637f684da70674f26509b10f07ec2fbc77a335ab1e7d6215a4b2484d8bb52",
    ),
    (
        "Supply(address,address,uint256)",
        "d1cf3d156d5f8f0d50f6c122ed609cec09d35c9b9fb3fff6ea0959134dae424e",
    ),
    (
        "Withdraw(address,address,uint256)",
        "9b1bfa7fa9ee420a16e124f794c35ac9f90472acc99140eb2f6447c714cad8eb",
    ),
    (
        "SupplyCollateral(address,address,address,uint256)",
        "fa56f7b24f17183d81894d3ac2ee654e3c26388d17a28dbd9549b8114304e1f4",
    ),
    (
        "TransferCollateral(address,address,address,uint256)",
        "29db89d45e1a802b4d55e202984fce9faf1d30aedf86503ff1ea0ed9ebb64201",
    ),
    (
        "WithdrawCollateral(address,address,address,uint256)",
        "d6d480d5b3068db003533b170d67561494d72e3bf9fa40a266471351ebba9e16",
    ),
    (
        "AbsorbDebt(address,address,uint256,uint256)",
        "1547a878dc89ad3c367b6338b4be6a65a5dd74fb77ae044da1e8747ef1f4f62f",
    ),
    (
        "AbsorbCollateral(address,address,address,uint256,uint256)",
        "9850ab1af75177e4a9201c65a2cf7976d5d28e40ef63494b44366f86b2f9412e",
    ),
    (
        "BuyCollateral(address,address,uint256,uint256)",
        "f891b2a411b0e66a5f0a6ff1368670fefa287a13f541eb633a386a1a9cc7046b",
    ),
    (
        "ExecutionFailure(bytes32,uint256)",
        "23428b18acfb3ea64b08dc0c1d296ea9c09702c09083ca5272e64d115b687d23",
    ),
    (
        "DisabledModule(address)",
        "aab4fa2b463f581b2b32cb3b7e3b704b9ce37cc209b5fb4d77e593ace4054276",
    ),
    (
        "ExecutionSuccess(bytes32,uint256)",
        "442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e",
    ),
    (
        "EnabledModule(address)",
        "ecdf3a3effea5783a3c4c2140e677577666428d44ed9d474a0b3a4c9943f8440",
    ),
    (
        "ProxyCreation(address,address)",
        "4f51faf6c4561ff95f067657e43439f0f856d97c04d9ec9070a6199ad418e235",
    ),
    (
        "NewOwner(bytes32,bytes32,address)",
        "ce0457fe73731f824cc272376169235128c118b49d344817417c6d108d155e82",
    ),
    (
        "Transfer(bytes32,address)",
        "d4735d920b0f87494915f556dd9b54c8f309026070caea5c737245152564d266",
    ),
    (
        "NewResolver(bytes32,address)",
        "335721b01866dc23fbee8b6b2c7b1e14d6f05c28cd35a2c934239f94095602a0",
    ),
    (
        "NewTTL(bytes32,uint64)",
        "1d4f9bbfc9cab89d66e1a1562f2233ccbf1308cb4f63de2ead5787adddb8fa68",
    ),
    (
        "NameRenewed(string,bytes32,uint256,uint256)",
        "3da24c024582931cfaf8267d8ed24d13a82a8068d5bd337d30ec45cea4e506ae",
    ),
    (
        "NameRegistered(uint256,address,uint256)",
        "b3d987963d01b2f68493b4bdb130988f157ea43070d4ad840fee0466ed9370d9",
    ),
    (
        "NameRenewed(uint256,uint256)",
        "9b87a00e30f1ac65d898f070f8a3488fe60517182d0a2098e1b4b93a54aa9bd6",
    ),
    (
        "NameRegistered(string,bytes32,address,uint256,uint256)",
        "ca6abbe9d7f11422cb6ca7629fbf6fe9efb1c621f71ce8f02b9f2a230097404f",
    ),
    (
        "NameRegistered(string,bytes32,address,uint256,uint256,uint256)",
        "69e37f151eb98a09618ddaa80c8cfaf1ce5996867c489f45b555b412271ebf27",
    ),
    (
        "AddrChanged(bytes32,address)",
        "52d7d861f09ab3d26239d492e8968629f95e9e318cf0b73bfddc441522a15fd2",
    ),
    (
        "AddressChanged(bytes32,uint256,bytes)",
        "65412581168e88a1e60c6459d7f44ae83ad0832e670826c05a4e2476b57af752",
    ),
    (
        "NameChanged(bytes32,string)",
        "b7d29e911041e8d9b843369e890bcb72c9388692ba48b65ac54e7214c4c348f7",
    ),
    (
        "TextChanged(bytes32,string,string,string)",
        "448bc014f1536726cf8d54ff3d6481ed3cbc683c2591ca204274009afa09b1a1",
    ),
    (
        "ContenthashChanged(bytes32,bytes)",
        "e379c1624ed7e714cc0937528a32359d69d5281337765313dba4e081b72d7578",
    ),
    (
        "NewTransmission(uint32,int192,address,uint32,int192[],bytes,int192,bytes32,uint40)",
        "c797025feeeaf2cd924c99e9205acb8ec04d5cad21c41ce637a38fb6dee6016a",
    ),
];

#[test]
fn topics_that_no_abi_here_confirms_are_those_that_others_computed() {
    for (signature, expected) in COMPUTED_BY_OTHERS.iter().copied() {
        let known = events();
        let found = known.iter().find(|event| event.signature() == signature);
        let found = found.unwrap_or_else(|| panic!("{signature} is not in the catalogue"));
        assert_eq!(
            found.topic0().unwrap().to_string(),
            format!("0x{expected}"),
            "{signature}"
        );
    }
}

#[test]
fn every_section_says_where_its_events_come_from() {
    let mut sections = CATALOGUE.lines().filter(|line| line.starts_with('['));
    assert!(sections.clone().count() > 20);
    assert!(sections.all(|line| line.contains(": <https://") && line.ends_with('>')));
}

fn events() -> Vec<EventDecoder> {
    let events = CATALOGUE.lines().filter(|line| line.starts_with("event "));
    events
        .map(|line| EventDecoder::new(&parse_event_signature(line).unwrap()).unwrap())
        .collect()
}

/// Which parameters are indexed is nothing that a topic0 proves: real contracts do.
#[test]
fn what_is_indexed_is_what_real_contracts_index() {
    let Some(archive) = test_data::find("abis.tar.gz") else {
        return;
    };
    let mut masks: HashMap<String, HashSet<Vec<bool>>> = HashMap::new();
    for (name, text) in test_data::read_archive(&archive) {
        if name.ends_with(".json") {
            for event in event_streamer_abi::extract_abi_events(&text).unwrap() {
                let decoder = EventDecoder::new(&event).unwrap();
                let mask = decoder.parameters().map(|(_, is_topic)| is_topic).collect();
                masks
                    .entry(decoder.signature().to_owned())
                    .or_default()
                    .insert(mask);
            }
        }
    }
    // Versions that the archive does not have, by their signatures; it has an older or newer one.
    let elsewhere = [
        "Mint(address,uint256,uint256)",
        "ExecutionSuccess(bytes32,uint256)",
        "ExecutionFailure(bytes32,uint256)",
        "EnabledModule(address)",
        "DisabledModule(address)",
        "ProxyCreation(address,address)",
    ];
    let (mut found, mut unconfirmed) = (0, Vec::new());
    for decoder in events() {
        let computed = COMPUTED_BY_OTHERS
            .iter()
            .any(|(signature, _)| *signature == decoder.signature());
        if !computed && !masks.contains_key(decoder.signature()) {
            unconfirmed.push(decoder.signature().to_owned());
        }
        let mask: Vec<bool> = decoder.parameters().map(|(_, is_topic)| is_topic).collect();
        if let Some(masks) = masks.get(decoder.signature()) {
            let known = masks.contains(&mask) || elsewhere.contains(&decoder.signature());
            assert!(known, "{} {mask:?}", decoder.signature());
            found += 1;
        }
    }
    assert!(found > 80, "{found}");
    assert!(
        unconfirmed.is_empty(),
        "neither real nor computed by others: {unconfirmed:?}"
    );
}

#[test]
fn real_logs_are_read_as_the_decoder_reads_them() {
    let Some(recording) = test_data::find("mainnet-18426253-18426303.ndjson.gz") else {
        return;
    };
    let (mut tokens, mut swaps, mut orders) = (0, 0, 0);
    let topic0_of = |log: &event_streamer_models::Log| log.topics.first().copied();
    for log in test_data::read_logs(&recording) {
        let (topics, data) = (&log.topics[..], log.data.as_bytes());
        if topic0_of(&log) == erc20::Transfer::TOPIC0 && topics.len() == 3 {
            let transfer = erc20::Transfer::from_log(topics, data).unwrap();
            assert_eq!(
                transfer.value,
                U256::from_be_bytes(*data.first_chunk().unwrap())
            );
            assert_eq!(transfer.from.as_bytes()[..], topics[1].as_bytes()[12..]);
            tokens += 1;
        } else if topic0_of(&log) == uniswap_v3::Swap::TOPIC0 {
            let swap = uniswap_v3::Swap::from_log(topics, data).unwrap();
            let decoder = decoder_of::<uniswap_v3::Swap>();
            let values = decoder.decode_values(topics, data).unwrap();
            assert_eq!(values[2].as_int(), Some(swap.amount0));
            assert_eq!(values[4].as_uint(), Some(swap.sqrt_price_x96));
            assert_eq!(values[6].as_int(), Some(i64::from(swap.tick).into()));
            swaps += 1;
        } else if topic0_of(&log) == seaport::OrderFulfilled::TOPIC0 {
            let order = seaport::OrderFulfilled::from_log(topics, data).unwrap();
            let decoder = decoder_of::<seaport::OrderFulfilled>();
            let values = decoder.decode_values(topics, data).unwrap();
            assert_eq!(values[4].as_slice().unwrap().len(), order.offer.len());
            let last = order.consideration.last().map(|item| item.recipient);
            let items = values[5].as_slice().unwrap();
            assert_eq!(
                items
                    .last()
                    .map(|item| item.as_slice().unwrap()[4].as_address().unwrap()),
                last
            );
            orders += 1;
        }
    }
    assert!(
        tokens == 7_430 && swaps > 0 && orders > 0,
        "{tokens} {swaps} {orders}"
    );
}

fn decoder_of<T: FromEvent>() -> EventDecoder {
    let decoder = EventDecoder::new(&parse_event_signature(T::DECLARATION).unwrap()).unwrap();
    assert_eq!(decoder.topic0(), T::TOPIC0);
    decoder
}
