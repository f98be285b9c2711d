//! History: many blocks by one `eth_getLogs`, checked as far as headers are at hand.

use std::sync::Arc;

use event_streamer_models::{BlockHeader, BlockRef, Log};

use crate::rpc::{BlockTag, LogBlocks, RpcClient};

use super::super::check;
use super::super::config::Verify;
use super::super::endpoints::Asked;
use super::super::fault::{Defect, Failure, Fault};
use super::super::ring::Header;
use super::super::roster::{Need, Work};
use super::super::times;
use super::super::view::View;
use super::{Engine, PATIENCE};

/// A range that was read, and the headers that were looked at on the way.
struct Range {
    logs: Vec<Log>,
    to: BlockRef,
    /// The first one is that of the range's first block.
    headers: Vec<Arc<Header>>,
}

impl Engine {
    /// Reads one range of blocks from `self.next` on and hands it out.
    pub(super) async fn read_range(&mut self, view: &View, last: u64) -> Result<(), Failure> {
        let from = self.next;
        let to = self.planner.range_end(from, last);
        let blocks = to - from + 1;
        match self.checked_range(view, from, to).await {
            Ok(range) => {
                let limit = self.shared.config.rpc.max_response_bytes;
                let is_roomy = check::weight_of(&range.logs) < limit / 4;
                self.planner.succeeded(blocks, is_roomy);
                if self.trail.blocks().is_empty() {
                    self.trail.advance(range.headers[0].block());
                }
                self.deliver(view, range.to, range.logs).await;
                Ok(())
            }
            Err(Failure::Fault(fault)) => {
                self.range_failed(blocks, &fault);
                Err(Failure::Fault(fault))
            }
            Err(failure) => Err(failure),
        }
    }

    fn range_failed(&mut self, blocks: u64, fault: &Fault) {
        // Whatever the text says: what does not pass with time may pass in smaller pieces.
        if !fault.is_about_time() || self.backoff.failures() >= PATIENCE {
            self.planner.failed(blocks, fault.range_hint());
        }
    }

    async fn checked_range(&mut self, view: &View, from: u64, to: u64) -> Result<Range, Failure> {
        let mut need = Need::new(Work::Range).of_block(to).avoiding(self.avoid);
        let range = {
            let this = &*self;
            let read = |asked| async move { this.range_at(&asked, view, from, to).await };
            this.shared.endpoints.ask(&mut need, read).await
        };
        self.avoid = need.avoid;
        let range = range?;
        self.look_closer(&range).await?;
        Ok(range)
    }

    /// The range as one endpoint tells it.
    async fn range_at(
        &self,
        asked: &Asked,
        view: &View,
        from: u64,
        to: u64,
    ) -> Result<Range, Failure> {
        let node = asked.node();
        let (ends, logs) = if from == to {
            let ends = ends_of(node, from, to).await?;
            let block = LogBlocks::Block(ends[0].hash);
            (ends, node.logs_of(block, self.matcher.filter()).await?)
        } else if asked.has(to) {
            tokio::try_join!(ends_of(node, from, to), self.logs_at(node, from, to))?
        } else {
            // In this order: an endpoint that is still catching up would answer with what it has,
            // and only then get the rest.
            (
                ends_of(node, from, to).await?,
                self.logs_at(node, from, to).await?,
            )
        };
        asked.proven(to);
        self.check_link(&ends[0])?;
        let top = ends[ends.len() - 1].block();
        let mut headers = ends;
        headers.extend(view.ring.range(from, to).cloned());

        let mut logs = check::settle(logs, from..=to, Some(&self.matcher))?;
        for header in &headers {
            if view
                .ring
                .get(header.number)
                .is_some_and(|it| it.hash != header.hash)
            {
                return Err(Defect::Moved {
                    number: header.number,
                }
                .into());
            }
            check::same_block(check::logs_of(&logs, header.number), header)?;
            times::from_header(&mut logs, header);
        }
        self.shared.times.recall(&mut logs);
        let timestamps = self.shared.config.timestamps;
        self.shared
            .times
            .look_up(node, &mut logs, timestamps)
            .await?;
        if !view.is_final(to) {
            // The hash of the last block stands for all below it, so if it is still the same, the
            // logs are of its branch.
            let after = header_at(node, to).await?;
            if after.hash != top.hash {
                return Err(Defect::Moved { number: to }.into());
            }
        }
        Ok(Range {
            logs,
            to: top,
            headers,
        })
    }

    async fn logs_at(&self, node: &RpcClient, from: u64, to: u64) -> Result<Vec<Log>, Failure> {
        let blocks = LogBlocks::Range { from, to };
        Ok(node.logs_of(blocks, self.matcher.filter()).await?)
    }

    /// Where a header says that there may be logs and there are none, all logs of that block are
    /// read and decide.
    async fn look_closer(&self, range: &Range) -> Result<(), Failure> {
        if self.shared.config.verify == Verify::Off {
            return Ok(());
        }
        for header in &range.headers {
            let logs = check::logs_of(&range.logs, header.number);
            if check::is_suspicious(logs, header, &self.matcher)
                && !self.block_logs(header).await?.is_empty()
            {
                return Err(Defect::Missing {
                    number: header.number,
                }
                .into());
            }
        }
        Ok(())
    }
}

/// The headers of a range's first and last block.
async fn ends_of(node: &RpcClient, from: u64, to: u64) -> Result<Vec<Arc<Header>>, Failure> {
    let tags = [BlockTag::Number(from), BlockTag::Number(to)];
    let tags = if from == to { &tags[..1] } else { &tags[..] };
    let mut headers = Vec::with_capacity(tags.len());
    for (header, number) in node.headers(tags).await?.into_iter().zip([from, to]) {
        headers.push(present(header?, number)?);
    }
    Ok(headers)
}

async fn header_at(node: &RpcClient, number: u64) -> Result<Arc<Header>, Failure> {
    present(
        node.header_by_number(BlockTag::Number(number)).await?,
        number,
    )
}

fn present(header: Option<BlockHeader>, number: u64) -> Result<Arc<Header>, Failure> {
    let header = header.ok_or(Defect::NoBlock { number })?;
    Ok(Arc::new(header.into()))
}
