//! Headers and logs joined into a chain.

use std::collections::HashMap;

use event_streamer_models::{B256, Log};

use super::Recording;
use super::block::{Block, BlockParts};
use super::builder::{BlockLogs, conflict, parent_conflict};
use super::derive::{self, Timeline};
use super::header::RecordedHeader;
use super::info::RecordingInfo;
use crate::error::{RecordingError, RecordingErrorKind};

/// A block before what is missing is derived.
struct Draft {
    header: RecordedHeader,
    logs: Vec<Log>,
}

/// Makes the chain. Headers and logs ascend by block.
pub(super) fn link(
    info: RecordingInfo,
    headers: Vec<RecordedHeader>,
    logs: Vec<BlockLogs>,
) -> Result<Recording, RecordingError> {
    let mut drafts = merge(headers, logs)?;
    let (first, last) = range(&info, &drafts)?;
    adopt_parents(&mut drafts)?;
    let timeline = Timeline::new(
        drafts
            .iter()
            .filter_map(|draft| Some((draft.header.number, draft.header.timestamp?)))
            .collect(),
        first,
    );
    let mut blocks = Vec::with_capacity(drafts.len());
    let mut numbers = Numbers::default();
    for draft in drafts {
        blocks.push(seal(
            info.chain_id,
            &timeline,
            blocks.last(),
            draft,
            &mut numbers,
        )?);
    }
    Ok(Recording {
        info,
        first,
        last,
        blocks,
        numbers: numbers.0,
        timeline,
    })
}

/// Joins headers and logs of the same block.
fn merge(headers: Vec<RecordedHeader>, logs: Vec<BlockLogs>) -> Result<Vec<Draft>, RecordingError> {
    let mut headers = headers.into_iter().peekable();
    let mut logs = logs.into_iter().peekable();
    let mut drafts = Vec::with_capacity(headers.len().max(logs.len()));
    loop {
        let number = match (headers.peek(), logs.peek()) {
            (Some(header), Some(block)) => header.number.min(block.number),
            (Some(header), None) => header.number,
            (None, Some(block)) => block.number,
            (None, None) => return Ok(drafts),
        };
        let mut header = headers
            .next_if(|header| header.number == number)
            .unwrap_or_else(|| RecordedHeader::new(number));
        let block = logs.next_if(|block| block.number == number);
        if let Some(block) = &block {
            header.hash = header.hash.or(block.hash);
            header.timestamp = header.timestamp.or(block.timestamp);
        }
        drafts.push(Draft {
            header,
            logs: block.map(|block| block.logs).unwrap_or_default(),
        });
    }
}

/// The blocks covered: as announced, else from the first recorded block to the last.
fn range(info: &RecordingInfo, drafts: &[Draft]) -> Result<(u64, u64), RecordingError> {
    let recorded = drafts
        .first()
        .zip(drafts.last())
        .map(|(first, last)| (first.header.number, last.header.number));
    let first = info.first_block.or(recorded.map(|(first, _)| first));
    let last = info.last_block.or(recorded.map(|(_, last)| last));
    first.zip(last).ok_or_else(|| {
        RecordingError::new(
            RecordingErrorKind::Incomplete,
            "the recording has no block: it needs a header, a log, or `first_block` and \
             `last_block` in its first line",
        )
    })
}

/// A block's hash is also known from the block above it, which must agree with the block itself.
fn adopt_parents(drafts: &mut [Draft]) -> Result<(), RecordingError> {
    for index in 1..drafts.len() {
        let (below, above) = drafts.split_at_mut(index);
        let (Some(below), Some(above)) = (below.last_mut(), above.first()) else {
            continue;
        };
        let Some(parent) = above.header.parent_hash else {
            continue;
        };
        if below.header.number.checked_add(1) != Some(above.header.number) {
            continue;
        }
        let hash = *below.header.hash.get_or_insert(parent);
        if hash != parent {
            return Err(parent_conflict(above.header.number, parent, hash));
        }
    }
    Ok(())
}

/// Derives what a block lacks and enters it, and its parent if that is not recorded.
fn seal(
    chain_id: u64,
    timeline: &Timeline,
    below: Option<&Block>,
    draft: Draft,
    numbers: &mut Numbers,
) -> Result<Block, RecordingError> {
    let RecordedHeader {
        number,
        hash,
        parent_hash: given_parent,
        logs_bloom,
        receipts_root,
        extra,
        ..
    } = draft.header;
    let parent_is_recorded = below.is_some_and(|below| below.number.checked_add(1) == Some(number));
    let parent_hash = match (given_parent, below, number.checked_sub(1)) {
        (Some(parent), _, _) => parent,
        (None, _, None) => B256::ZERO,
        (None, Some(below), Some(_)) if parent_is_recorded => below.hash,
        (None, below, Some(parent)) => derive::gap_hash(
            chain_id,
            parent,
            below.map_or(B256::ZERO, |below| below.hash),
        ),
    };
    let timestamp = timeline.at(number);
    let hash = hash.unwrap_or_else(|| {
        derive::block_hash(chain_id, number, parent_hash, timestamp, &draft.logs)
    });
    if given_parent.is_some()
        && !parent_is_recorded
        && let Some(parent) = number.checked_sub(1)
    {
        numbers.enter(parent_hash, parent)?;
    }
    numbers.enter(hash, number)?;
    Block::new(BlockParts {
        number,
        hash,
        parent_hash,
        timestamp,
        logs_bloom,
        receipts_root,
        extra,
        logs: draft.logs,
    })
}

/// The blocks by their hash.
#[derive(Default)]
struct Numbers(HashMap<B256, u64>);

impl Numbers {
    fn enter(&mut self, hash: B256, number: u64) -> Result<(), RecordingError> {
        match self.0.insert(hash, number) {
            Some(other) => Err(conflict(format!(
                "blocks {other} and {number} have the same hash {hash}"
            ))),
            None => Ok(()),
        }
    }
}
