//! The logs of a block out of its receipts: slower than `eth_getLogs`, and from another part of the
//! node, so it may know better where that contradicts the block's header.

use event_streamer_models::{Log, LogsBloom};

use crate::rpc::{RpcClient, RpcErrorKind};

use super::check;
use super::fault::{Defect, Failure};
use super::matcher::LogMatcher;
use super::ring::Header;
use super::times;

/// How many receipts are asked for at once where a block's do not fit into one answer.
const CHUNK: usize = 50;

/// The logs of a block, or those of them that pass a filter. All of them, together, are what the
/// header's bloom was made from; a header without a bloom cannot vouch for them.
///
/// # Errors
///
/// If the node does not give the receipts, or they contradict the header too.
pub(crate) async fn logs_of(
    node: &RpcClient,
    header: &Header,
    matcher: Option<&LogMatcher>,
) -> Result<Vec<Log>, Failure> {
    let number = header.number;
    let mut reading = Reading {
        header,
        matcher,
        bloom: LogsBloom::ZERO,
        last: None,
        kept: Vec::new(),
    };
    match node.block_receipts(&header.hash).await {
        Ok(receipts) => {
            for receipt in receipts {
                reading.take(receipt.logs)?;
            }
        }
        // Neither the method nor so large an answer is given by every node.
        Err(error)
            if matches!(
                error.kind(),
                RpcErrorKind::TooLarge | RpcErrorKind::Node { .. }
            ) =>
        {
            let transactions = node.transactions(&header.hash).await?;
            for chunk in transactions
                .ok_or(Defect::NoBlock { number })?
                .chunks(CHUNK)
            {
                for receipt in node.receipts(chunk).await? {
                    reading.take(receipt?.ok_or(Defect::NoBlock { number })?.logs)?;
                }
            }
        }
        Err(error) => return Err(error.into()),
    }
    reading.end()
}

/// Receipts as they come; what does not pass the filter is counted and dropped.
struct Reading<'a> {
    header: &'a Header,
    matcher: Option<&'a LogMatcher>,
    bloom: LogsBloom,
    last: Option<u32>,
    kept: Vec<Log>,
}

impl Reading<'_> {
    fn take(&mut self, logs: Vec<Log>) -> Result<(), Defect> {
        let number = self.header.number;
        check::same_block(&logs, self.header)?;
        check::add_to_bloom(&mut self.bloom, &logs);
        for log in logs {
            if log.block_number != number {
                return Err(Defect::OutOfRange { number });
            }
            if self.last.is_some_and(|last| log.log_index <= last) {
                return Err(Defect::Contradiction { number });
            }
            self.last = Some(log.log_index);
            if self.matcher.is_none_or(|it| it.matches(&log)) {
                self.kept.push(log);
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<Vec<Log>, Failure> {
        let number = self.header.number;
        if self.header.bloom != Some(self.bloom) {
            return Err(Defect::Bloom { number }.into());
        }
        times::from_header(&mut self.kept, self.header);
        Ok(self.kept)
    }
}
