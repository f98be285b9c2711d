//! Reads all logs of one block, pinned by its hash, for everybody who wants some of them.

use std::sync::Arc;

use event_streamer_models::Log;

use crate::rpc::{LogBlocks, LogFilter};

use super::check;
use super::config::Verify;
use super::endpoints::Asked;
use super::fault::{Defect, Failure};
use super::receipts;
use super::recent::{BlockLogs, Loader};
use super::ring::Header;
use super::roster::{Need, Work};
use super::shared::Shared;
use super::times;

/// How often a block is asked for before it is believed to be too large, and one of which it is not
/// known whether it is still canonical is given up.
const ATTEMPTS: u32 = 5;

/// All logs of a block, checked. Of many who want them at the same time one request is made.
///
/// Waits while nodes are at fault. The read is a task of its own, so that nobody waits for somebody
/// who is not being polled.
///
/// # Errors
///
/// [`Defect::Bloom`] if no answer agrees with the block's header, [`Defect::Unread`] if the block is no longer canonical, or, where that cannot be told because it
/// lies below what is kept, after some attempts.
pub(crate) async fn block(
    shared: &Arc<Shared>,
    header: &Arc<Header>,
) -> Result<BlockLogs, Failure> {
    let (mut pending, loader) = shared.recent.join(header.block());
    if let Some(loader) = loader {
        shared
            .tasks
            .spawn(load(Arc::clone(shared), Arc::clone(header), loader));
    }
    let loaded = pending.wait_for(Option::is_some).await;
    let logs = loaded.ok().and_then(|it| it.clone());
    let number = header.number;
    match logs {
        Some(BlockLogs::Doubtful(defect)) => Err(defect.into()),
        Some(logs) => Ok(logs),
        None => Err(Defect::Unread { number }.into()),
    }
}

async fn load(shared: Arc<Shared>, header: Arc<Header>, loader: Loader) {
    tokio::select! {
        biased;
        _ = shared.ended() => {}
        () = load_until_true(&shared, &header, &loader) => {}
    }
}

async fn load_until_true(shared: &Shared, header: &Header, loader: &Loader) {
    let mut backoff = shared.config.backoff();
    let mut need = Need::new(Work::Block).of_block(header.number);
    loop {
        let fault = match attempt(shared, header, &mut need).await {
            Ok(logs) => {
                shared.health.read_succeeded();
                return shared.recent.finish(header.block(), loader, logs);
            }
            Err(Failure::Fault(fault)) => fault,
            Err(Failure::Final(error)) => return shared.give_up(error.kind()),
        };
        let is_last = backoff.failures() + 1 >= ATTEMPTS;
        // Not at the first word: what nodes call too large is not always meant so.
        if fault.is_about_size() && is_last {
            tracing::warn!(block = header.number, error = %fault, "block cannot be read whole");
            loader.send_replace(Some(BlockLogs::TooLarge));
            return;
        }
        if fault.contradicted_block().is_some() && is_last {
            return doubt(shared, header, loader, &mut need).await;
        }
        let wait = backoff.failed();
        tracing::warn!(block = header.number, error = %fault, ?wait, "reading failed, trying again");
        shared.health.read_failed(&fault);
        tokio::time::sleep(wait).await;
        if !is_worth_it(shared, header, loader, backoff.failures()) {
            return;
        }
    }
}

/// No answer agrees with the header: the receipts decide, or nobody does.
async fn doubt(shared: &Shared, header: &Header, loader: &Loader, need: &mut Need) {
    let read = |asked: Asked| async move { receipts::logs_of(asked.node(), header, None).await };
    match shared.endpoints.ask(need, read).await {
        Ok(logs) => {
            shared.health.read_succeeded();
            shared.recent.finish(header.block(), loader, logs);
        }
        Err(Failure::Fault(fault)) => {
            let number = header.number;
            tracing::error!(block = number, error = %fault, "no answer agrees with the header");
            let defect = Defect::Bloom { number };
            shared.health.read_failed(&defect.into());
            loader.send_replace(Some(BlockLogs::Doubtful(defect)));
        }
        Err(Failure::Final(error)) => shared.give_up(error.kind()),
    }
}

fn is_worth_it(shared: &Shared, header: &Header, loader: &Loader, failures: u32) -> bool {
    // The cache waits too, and is no reason to go on.
    let is_awaited = loader.receiver_count() > 1;
    let view = shared.view.borrow();
    match view.as_ref().and_then(|it| it.ring.get(header.number)) {
        Some(canonical) => is_awaited && canonical.hash == header.hash,
        None => is_awaited && failures < ATTEMPTS,
    }
}

async fn attempt(shared: &Shared, header: &Header, need: &mut Need) -> Result<Vec<Log>, Failure> {
    let read = |asked: Asked| async move {
        let all = LogFilter::default();
        let blocks = LogBlocks::Block(header.hash);
        let logs = asked.node().logs_of(blocks, &all).await?;
        let mut logs = check::settle(logs, header.number..=header.number, None)?;
        check::same_block(&logs, header)?;
        if shared.config.verify != Verify::Off {
            check::whole_block(&logs, header)?;
        }
        asked.proven(header.number);
        times::from_header(&mut logs, header);
        Ok(logs)
    };
    shared.endpoints.ask(need, read).await
}
