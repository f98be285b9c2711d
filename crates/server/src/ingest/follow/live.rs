//! Near the head: single blocks, pinned by hash, read once for all followers.

use std::sync::Arc;

use event_streamer_models::Log;
use futures_util::{StreamExt, stream};

use crate::rpc::LogBlocks;

use super::super::check;
use super::super::config::Verify;
use super::super::endpoints::Asked;
use super::super::fault::{Defect, Failure};
use super::super::load;
use super::super::receipts;
use super::super::recent::BlockLogs;
use super::super::ring::Header;
use super::super::roster::{Need, Work};
use super::super::times;
use super::super::view::View;
use super::Engine;

/// How often a block that is too large to be read whole is asked for by filter, where the answer is
/// empty and the bloom says otherwise, before the receipts are.
const LARGE_BLOCK_ANSWERS: u32 = 3;

impl Engine {
    /// Reads blocks from `self.next` on and hands out each, a few read ahead.
    pub(super) async fn read_blocks(&mut self, view: &View, last: u64) -> Result<(), Failure> {
        let headers: Vec<_> = view.ring.range(self.next, last).cloned().collect();
        let shared = Arc::clone(&self.shared);
        // What is buffered here only waits for other tasks: while a slow consumer keeps it from
        // being polled, it holds nothing that others need.
        let mut blocks = stream::iter(headers)
            .map(|header| {
                let shared = Arc::clone(&shared);
                async move { (load::block(&shared, &header).await, header) }
            })
            .buffered(shared.config.blocks_ahead.max(1));
        while let Some((block, header)) = blocks.next().await {
            let logs = self.select(&header, block?).await?;
            self.check_link(&header)?;
            self.deliver(view, header.block(), logs).await;
            let epoch = self.views.borrow().as_ref().map(|it| it.epoch);
            if epoch != Some(view.epoch) {
                // The rest may be of a dead branch.
                break;
            }
        }
        Ok(())
    }

    /// The logs of one block that pass the filter.
    pub(super) async fn block_logs(&self, header: &Arc<Header>) -> Result<Vec<Log>, Failure> {
        let block = load::block(&self.shared, header).await?;
        self.select(header, block).await
    }

    async fn select(&self, header: &Header, block: BlockLogs) -> Result<Vec<Log>, Failure> {
        match block {
            BlockLogs::All(all) => Ok(all.select(&self.route)),
            BlockLogs::TooLarge => self.own_logs(header).await,
            BlockLogs::Doubtful(defect) => Err(defect.into()),
        }
    }

    /// Asks for the matching logs of one block only. Without all logs the bloom proves nothing, so
    /// an empty answer that disagrees with it is not believed, however often it is given: a bloom
    /// may match by chance, but only the receipts can tell that from a lie.
    async fn own_logs(&self, header: &Header) -> Result<Vec<Log>, Failure> {
        let config = &self.shared.config;
        let mut backoff = config.backoff();
        let mut need = Need::new(Work::Block).of_block(header.number);
        while backoff.failures() < LARGE_BLOCK_ANSWERS {
            let logs = match self.own_answer(header, &mut need).await {
                Ok(logs) => logs,
                // Even what passes the filter does not fit: receipts come in pieces.
                Err(Failure::Fault(fault)) if fault.is_about_size() => break,
                Err(failure) => return Err(failure),
            };
            let is_suspicious = check::is_suspicious(&logs, header, &self.matcher);
            if config.verify == Verify::Off || !is_suspicious {
                return Ok(logs);
            }
            tokio::time::sleep(backoff.failed()).await;
        }
        let read = |asked: Asked| async move {
            receipts::logs_of(asked.node(), header, Some(&self.matcher)).await
        };
        let logs = self.shared.endpoints.ask(&mut need, read).await;
        logs.map_err(|failure| match failure {
            Failure::Fault(fault) => {
                let number = header.number;
                tracing::warn!(block = number, error = %fault, "the receipts do not help");
                Defect::Bloom { number }.into()
            }
            Failure::Final(error) => Failure::Final(error),
        })
    }

    async fn own_answer(&self, header: &Header, need: &mut Need) -> Result<Vec<Log>, Failure> {
        let number = header.number;
        let read = |asked: Asked| async move {
            let blocks = LogBlocks::Block(header.hash);
            let filter = self.matcher.filter();
            let logs = asked.node().logs_of(blocks, filter).await?;
            let mut logs = check::settle(logs, number..=number, Some(&self.matcher))?;
            check::same_block(&logs, header)?;
            times::from_header(&mut logs, header);
            if check::is_suspicious(&logs, header, &self.matcher) {
                // Another endpoint may know better.
                asked.pass_on();
            }
            Ok(logs)
        };
        self.shared.endpoints.ask(need, read).await
    }
}
