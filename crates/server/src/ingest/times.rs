//! The times and hashes of blocks, for logs that come without.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use event_streamer_models::{B256, Log};

use crate::rpc::{BlockTag, RpcClient};

use super::config::Timestamps;
use super::fault::{Defect, Failure};
use super::ring::Header;

/// How many blocks' times are remembered: about 5 MB.
const MAX_BLOCKS: usize = 65_536;

/// Block times by block hash, shared by the followers of a chain.
#[derive(Debug, Default)]
pub(crate) struct BlockTimes {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    times: HashMap<B256, u64>,
    /// In the order they came.
    order: VecDeque<B256>,
}

impl BlockTimes {
    fn get(&self, hash: &B256) -> Option<u64> {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .times
            .get(hash)
            .copied()
    }

    fn insert(&self, hash: B256, time: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.times.insert(hash, time).is_none() {
            known.order.push_back(hash);
        }
        if known.order.len() > MAX_BLOCKS
            && let Some(oldest) = known.order.pop_front()
        {
            known.times.remove(&oldest);
        }
    }

    /// Fills in what is known already.
    pub(crate) fn recall(&self, logs: &mut [Log]) {
        for log in logs.iter_mut().filter(|it| it.block_timestamp.is_none()) {
            log.block_timestamp = log.block_hash.and_then(|hash| self.get(&hash));
        }
    }

    /// Fills in the rest from headers, asked for in batches: never one call per log. The hash of a
    /// log's block is always wanted, its time as `timestamps` says.
    pub(crate) async fn look_up(
        &self,
        node: &RpcClient,
        logs: &mut [Log],
        timestamps: Timestamps,
    ) -> Result<(), Failure> {
        let lacks = |log: &Log| {
            let lacks_time = timestamps == Timestamps::Lookup && log.block_timestamp.is_none();
            lacks_time || log.block_hash.is_none()
        };
        let mut missing: BTreeMap<u64, Option<B256>> = BTreeMap::new();
        for log in logs.iter().filter(|it| lacks(it)) {
            let hash = missing.entry(log.block_number).or_default();
            *hash = hash.or(log.block_hash);
        }
        let tags: Vec<BlockTag> = missing.keys().map(|it| BlockTag::Number(*it)).collect();
        let mut found: HashMap<u64, Header> = HashMap::new();
        let headers = node.headers(&tags).await?;
        for (header, (number, hash)) in headers.into_iter().zip(missing) {
            let header = Header::from(header?.ok_or(Defect::NoBlock { number })?);
            if hash.is_some_and(|hash| hash != header.hash) {
                return Err(Defect::OtherBranch { number }.into());
            }
            self.insert(header.hash, header.timestamp);
            found.insert(header.number, header);
        }
        for log in logs.iter_mut().filter(|it| lacks(it)) {
            if let Some(header) = found.get(&log.block_number) {
                stamp(log, header, timestamps);
            }
        }
        Ok(())
    }
}

/// Fills in what one block's logs lack, from its header.
pub(crate) fn from_header(logs: &mut [Log], header: &Header) {
    for log in logs
        .iter_mut()
        .filter(|it| it.block_number == header.number)
    {
        stamp(log, header, Timestamps::Lookup);
    }
}

fn stamp(log: &mut Log, header: &Header, timestamps: Timestamps) {
    log.block_hash.get_or_insert(header.hash);
    if timestamps == Timestamps::Lookup {
        log.block_timestamp.get_or_insert(header.timestamp);
    }
}
