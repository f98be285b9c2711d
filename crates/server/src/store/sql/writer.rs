//! Acknowledgements are committed in groups: one flush to the disk for all that wait for one.

use std::sync::Mutex;

use event_streamer_models::SubscriptionId;
use sqlx::AnyPool;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::super::{Advance, Advanced, StoreError, StoreErrorKind};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use super::{bounded, closed, positions};
use crate::sync::lock;

/// Wishes that may wait before those who bring more have to.
const QUEUE: usize = 1024;
/// Keeps a commit, and with it everybody's wait for the file, short.
const MAX_GROUP: usize = 256;

type Answer = Result<Advanced, StoreError>;

/// A wish and where its answer goes.
#[derive(Debug)]
struct Request {
    id: SubscriptionId,
    advance: Advance,
    answer: oneshot::Sender<Answer>,
}

/// The task that commits positions.
#[derive(Debug)]
pub(super) struct PositionWriter {
    dialect: Dialect,
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl PositionWriter {
    pub(super) fn start(dialect: Dialect, pool: AnyPool) -> Self {
        let (requests, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(dialect, pool, receiver));
        Self {
            dialect,
            requests: Mutex::new(Some(requests)),
            task: Mutex::new(Some(task)),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Resolves when the position is on the disk.
    pub(super) async fn advance(&self, id: SubscriptionId, advance: Advance) -> Answer {
        let requests = lock(&self.requests).clone().ok_or_else(closed)?;
        let (answer, answered) = oneshot::channel();
        let request = Request {
            id,
            advance,
            answer,
        };
        requests.send(request).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Commits what waits and ends the task.
    pub(super) async fn stop(&self) {
        drop(lock(&self.requests).take());
        let task = lock(&self.task).take();
        if let Some(task) = task {
            // It ends by itself once the last sender is gone; a panic in it is not ours to raise.
            let _ = task.await;
        }
    }
}

async fn run(dialect: Dialect, pool: AnyPool, mut requests: mpsc::Receiver<Request>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    while requests.recv_many(&mut group, MAX_GROUP).await > 0 {
        // Always in the same order: instances that lock several subscriptions must not wait for each
        // other in a circle. Stable, so that the wishes for one keep theirs.
        group.sort_by_key(|request: &Request| request.id);
        let answers = match bounded(commit(dialect, &pool, &group)).await {
            Ok(answers) => answers,
            Err(error) => group.iter().map(|_| Err(error.clone())).collect(),
        };
        for (request, answer) in group.drain(..).zip(answers) {
            // Whoever asked may be gone; the position stands all the same.
            let _ = request.answer.send(answer);
        }
    }
}

/// One transaction for the group. A damaged row fails its own request, anything else fails all.
async fn commit(
    dialect: Dialect,
    pool: &AnyPool,
    group: &[Request],
) -> Result<Vec<Answer>, StoreError> {
    let mut transaction = pool.begin().await.or_failed()?;
    let mut answers = Vec::with_capacity(group.len());
    for request in group {
        match positions::advance(dialect, &mut transaction, request.id, &request.advance).await {
            Err(error) if !matches!(error.kind(), StoreErrorKind::Damaged { .. }) => {
                return Err(error);
            }
            answer => answers.push(answer),
        }
    }
    transaction.commit().await.or_failed()?;
    Ok(answers)
}
