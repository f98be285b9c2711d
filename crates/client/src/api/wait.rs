//! Waits until a subscription is processed up to a block.

use std::time::Duration;

use event_streamer_models::SubscriptionId;
use tokio::time::{Instant, sleep};

use crate::error::{Error, ErrorKind};
use crate::event_streamer::EventStreamer;

/// How [`EventStreamer::wait_until_processed`] waits. Plain data.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_client::WaitPolicy;
///
/// let patient = WaitPolicy::default().with_timeout(Duration::from_secs(3_600));
/// assert_eq!(patient.first_delay, Duration::from_millis(100));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitPolicy {
    /// How long in all. Default 60 s.
    pub timeout: Duration,
    /// The delay before the second look; each is half as long again as the one before. Default 100 ms.
    pub first_delay: Duration,
    /// The longest delay, other than by `Retry-After`. Default 5 s.
    pub max_delay: Duration,
}

impl Default for WaitPolicy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            first_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(5),
        }
    }
}

impl WaitPolicy {
    /// Sets how long in all.
    #[must_use]
    pub fn with_timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Sets the first and the longest delay between two looks.
    #[must_use]
    pub fn with_delays(mut self, first: Duration, longest: Duration) -> Self {
        self.first_delay = first;
        self.max_delay = longest;
        self
    }
}

impl EventStreamer {
    /// Waits until everything of a subscription is acknowledged up to a block, and returns the block
    /// up to which it is.
    ///
    /// Looks again and again, at growing delays; a service that fails or cannot be reached meanwhile
    /// is waited for too. Only reads, so that it can be given up at any time: cancel safe.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_client::WaitPolicy;
    /// # use event_streamer_client::EventStreamer;
    /// # let id = event_streamer_models::SubscriptionId::new(7).expect("not zero");
    /// # let answer = r#"{"last_processed_block": 19000012}"#;
    /// # let pattern = "GET /subscriptions/7/last-processed-block";
    /// # let server = event_streamer_testkit::WireServer::answering(pattern, answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    ///
    /// let block = client.wait_until_processed(id, 19_000_000, &WaitPolicy::default()).await?;
    /// assert!(block >= 19_000_000);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Timeout`](ErrorKind::Timeout) if it is not so far in time; the text says how far it is, and the
    /// source is the last failure, if the last look failed. [`NotFound`](ErrorKind::NotFound),
    /// [`Auth`](ErrorKind::Auth) and whatever else waiting does not change: at once.
    pub async fn wait_until_processed(
        &self,
        id: SubscriptionId,
        block: u64,
        policy: &WaitPolicy,
    ) -> Result<u64, Error> {
        let start = Instant::now();
        let mut last = Look::default();
        // The look that is under way is given up too: it would only be told of afterwards.
        let waited = tokio::time::timeout(policy.timeout, async {
            let mut delay = policy.first_delay;
            loop {
                let answer = self.get_subscription_last_processed_block(id, None).await;
                let wait = match answer {
                    Ok(Some(reached)) if reached >= block => return Ok(reached),
                    Ok(reached) => {
                        last = Look {
                            reached,
                            failure: None,
                        };
                        delay
                    }
                    Err(error) if error.is_retryable() => {
                        let asked = error.retry_after().unwrap_or_default();
                        last.failure = Some(error);
                        delay.max(asked)
                    }
                    Err(error) => return Err(error),
                };
                tracing::debug!(subscription = %id, block, reached = last.reached, "not processed yet");
                sleep(wait).await;
                delay = (delay + delay / 2).min(policy.max_delay);
            }
        });
        match waited.await {
            Ok(end) => end,
            Err(_) => Err(last.too_late(id, block, start.elapsed())),
        }
    }
}

/// What was seen last.
#[derive(Default)]
struct Look {
    reached: Option<u64>,
    failure: Option<Error>,
}

impl Look {
    fn too_late(self, id: SubscriptionId, block: u64, after: Duration) -> Error {
        let reached = match self.reached {
            Some(reached) => format!("up to block {reached}"),
            None => "not at all, as far as is known,".to_owned(),
        };
        let message = format!(
            "wait for subscription {id}: after {:.1} s it is processed {reached} and not up to block \
             {block}",
            after.as_secs_f64()
        );
        match self.failure {
            Some(failure) => Error::caused(ErrorKind::Timeout, message, failure),
            None => Error::new(ErrorKind::Timeout, message),
        }
    }
}
