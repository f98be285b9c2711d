//! What the bench streams: the blocks of a chain that is full of ERC-20 transfers.

use event_streamer_models::{Address, B256, BlockRef, Log};

/// The name of the events.
pub const EVENT: &str = "Transfer";
/// As it is subscribed to.
pub const DECLARATION: &str =
    "event Transfer(address indexed from, address indexed to, uint256 value)";
/// Ethereum's id.
pub const CHAIN: u64 = 1;
/// The first block.
pub const FIRST_BLOCK: u64 = 18_426_253;

/// Transfers of a block, about as many as Ethereum has. Batches of 1, 100 and 1,000 come out even
/// whatever part of them the service reads at a time.
const PER_BLOCK: u64 = 125;
/// Seconds between two blocks.
const BLOCK_TIME: u64 = 12;
/// When the first block was made, in seconds since 1970.
const FIRST_TIME: u64 = 1_698_199_199;

/// So many transfers, each of any token, between any two accounts, of any value.
#[must_use]
pub fn blocks(events: u64) -> Vec<(BlockRef, Vec<Log>)> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let topic0 = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    let topic0: B256 = topic0.parse().unwrap_or(B256::ZERO);
    (0..events.div_ceil(PER_BLOCK))
        .map(|nth| {
            let block = BlockRef {
                number: FIRST_BLOCK + nth,
                hash: B256(random.bytes()),
            };
            let count = PER_BLOCK.min(events - nth * PER_BLOCK);
            let transfer = |index| transfer(topic0, block, nth, index, &mut random);
            (block, (0..count as u32).map(transfer).collect())
        })
        .collect()
}

fn transfer(topic0: B256, block: BlockRef, nth: u64, index: u32, random: &mut Random) -> Log {
    let value = u128::from(random.next()) << (random.next() % 24);
    let mut data = [0; 32];
    data[16..].copy_from_slice(&value.to_be_bytes());
    Log {
        address: Address(random.bytes()),
        topics: vec![topic0, random.account(), random.account()],
        data: data.to_vec().into(),
        block_number: block.number,
        block_hash: Some(block.hash),
        transaction_hash: B256(random.bytes()),
        transaction_index: index.into(),
        log_index: index * 2,
        block_timestamp: Some(FIRST_TIME + nth * BLOCK_TIME),
        removed: false,
    }
}

/// Marsaglia's xorshift: the same stream every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes()[..part.len()]);
        }
        bytes
    }

    /// An address as a topic.
    fn account(&mut self) -> B256 {
        let mut topic = [0; 32];
        topic[12..].copy_from_slice(&self.bytes::<20>());
        B256(topic)
    }
}
