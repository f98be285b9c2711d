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
    /// The endpoint that answered.
    by: usize,
}

/// How closely a range is looked at, beside its ends and the headers at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scrutiny {
    None,
    /// The headers of these blocks.
    Headers {
        from: u64,
        to: u64,
    },
}

/// How many blocks of a range that is looked at by chance.
const SAMPLE_BLOCKS: u64 = 256;

/// How many logs a range should have had, by what came before it, for an empty one to be suspicious.
const EXPECTED_LOGS: f64 = 8.0;

/// How much the density of one range weighs in the mean.
const DENSITY_WEIGHT: f64 = 0.25;

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
        let mut range = match range {
            // There is nothing narrower to ask for.
            Err(Failure::Fault(fault)) if from == to && fault.is_about_size() => {
                self.whole_block(to, &mut need).await?
            }
            range => range?,
        };
        if let Scrutiny::Headers { from, to } = self.scrutiny(&range, from, to) {
            let more = self.headers_between(&range, from, to).await?;
            range.headers.extend(more);
        }
        let looked = self.look_closer(&mut range).await;
        if matches!(&looked, Err(Failure::Fault(fault)) if fault.is_untrue()) {
            self.shared.endpoints.caught(range.by);
            self.avoid = Some(range.by);
        }
        looked.map(|()| range)
    }

    /// A range of one block whose logs do not fit into one answer.
    async fn whole_block(&self, number: u64, need: &mut Need) -> Result<Range, Failure> {
        let read = |asked: Asked| async move {
            let header = header_at(asked.node(), number).await?;
            Ok((asked.index, header))
        };
        let (by, header) = self.shared.endpoints.ask(need, read).await?;
        self.check_link(&header)?;
        Ok(Range {
            logs: self.block_logs(&header).await?,
            to: header.block(),
            headers: vec![header],
            by,
        })
    }

    /// How closely to look at a range.
    fn scrutiny(&mut self, range: &Range, from: u64, to: u64) -> Scrutiny {
        let blocks = (to - from + 1) as f64;
        let expected = self.density * blocks;
        let found = range.logs.len() as f64;
        self.density += (found / blocks - self.density) * DENSITY_WEIGHT;
        let is_suspicious = range.logs.is_empty() && expected >= EXPECTED_LOGS
            || self.shared.endpoints.is_distrusted(range.by);
        let is_sampled = self.sample.is_due(self.shared.config.sample_one_in);
        match self.shared.config.verify {
            Verify::Head if is_sampled && !is_suspicious => {
                let spare = (to - from + 1).saturating_sub(SAMPLE_BLOCKS);
                let from = from + self.sample.below(spare.saturating_add(1));
                let to = to.min(from + SAMPLE_BLOCKS - 1);
                Scrutiny::Headers { from, to }
            }
            Verify::Head if !is_suspicious => Scrutiny::None,
            Verify::Off => Scrutiny::None,
            Verify::Head | Verify::All => Scrutiny::Headers { from, to },
        }
    }

    /// The headers of some blocks of a range, linked to each other and to its ends, from another
    /// endpoint than the one that gave the logs if there is one.
    async fn headers_between(
        &self,
        range: &Range,
        from: u64,
        to: u64,
    ) -> Result<Vec<Arc<Header>>, Failure> {
        let read = |asked: Asked| async move {
            let tags: Vec<BlockTag> = (from..=to).map(BlockTag::Number).collect();
            let mut headers: Vec<Arc<Header>> = Vec::with_capacity(tags.len());
            let answers = asked.node().headers(&tags).await?;
            for (answer, number) in answers.into_iter().zip(from..) {
                let header = present(answer?, number)?;
                let below = headers.last();
                if below.is_some_and(|it| header.parent() != Some(it.block())) {
                    return Err(Defect::Unlinked { number }.into());
                }
                headers.push(header);
            }
            Ok(headers)
        };
        let need = Need::new(Work::Range).of_block(to);
        let mut need = need.avoiding(Some(range.by));
        let headers = self.shared.endpoints.ask(&mut need, read).await?;
        for known in &range.headers {
            let number = known.number;
            let is_other = |it: &Arc<Header>| it.number == number && it.hash != known.hash;
            if headers.iter().any(is_other) {
                return Err(Defect::Moved { number }.into());
            }
        }
        Ok(headers)
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
            by: asked.index,
        })
    }

    async fn logs_at(&self, node: &RpcClient, from: u64, to: u64) -> Result<Vec<Log>, Failure> {
        let blocks = LogBlocks::Range { from, to };
        Ok(node.logs_of(blocks, self.matcher.filter()).await?)
    }

    /// Holds the logs of each block whose header is at hand against that. Where the header says that
    /// there may be logs and there are none, all logs of that block are read and decide.
    async fn look_closer(&self, range: &mut Range) -> Result<(), Failure> {
        if self.shared.config.verify == Verify::Off {
            return Ok(());
        }
        let is_one_block = range.headers[0].number == range.to.number;
        let mut decided = None;
        for header in &range.headers {
            let number = header.number;
            let logs = check::logs_of(&range.logs, number);
            check::same_block(logs, header)?;
            check::none_too_many(logs, header)?;
            let is_short = if self.matcher.is_any() {
                check::whole_block(logs, header).is_err()
            } else {
                check::is_suspicious(logs, header, &self.matcher)
            };
            if !is_short {
                continue;
            }
            let all = self.block_logs(header).await?;
            if all.len() == logs.len() {
                continue;
            }
            if !is_one_block {
                return Err(Defect::Missing { number }.into());
            }
            // There is nothing narrower to ask for: what was read of the whole block is the answer.
            decided = Some(all);
        }
        if let Some(logs) = decided {
            range.logs = logs;
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
