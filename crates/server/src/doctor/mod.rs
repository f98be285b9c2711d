//! What one node is good for, found by asking it.
//!
//! Providers publish little of what matters to a program that must not miss a log: how far back
//! their history really goes, how many blocks and how many logs they give at once, whether an
//! empty answer means that there is nothing. [`examine`] finds out with some dozens of calls, none
//! of which changes anything at the node, and says what to set.
//!
//! ```no_run
//! use event_streamer_server::doctor::{DoctorOptions, Verdict, examine};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "https://node.example/v2/key".parse()?;
//! let examination = examine(&url, &DoctorOptions::default(), &mut |finding| {
//!     println!("{finding}");
//! })
//! .await;
//! assert_ne!(examination.verdict(), Verdict::Unusable);
//! # Ok(())
//! # }
//! ```

mod answers;
mod batches;
mod blooms;
mod head;
mod history;
mod identity;
mod patience;
mod pulse;
mod ranges;
mod report;
mod socket;

use std::time::Duration;

pub use report::{Examination, Facts, Finding, Level, Topic, Verdict};

use crate::rpc::{RpcClient, RpcClientConfig, RpcError, RpcUrl};

/// How to examine a node.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DoctorOptions {
    /// The node's WebSocket. Default: none, and announcements are not examined.
    pub websocket: Option<RpcUrl>,
    /// How many blocks have their logs held against their bloom, 1 to 64. Default 8.
    pub samples: u64,
    /// How long a WebSocket may take to announce a block. Default 30 s.
    pub announcement_timeout: Duration,
    /// Time-outs, sizes and pace of the calls.
    pub client: RpcClientConfig,
}

impl Default for DoctorOptions {
    fn default() -> Self {
        Self {
            websocket: None,
            samples: 8,
            announcement_timeout: Duration::from_secs(30),
            client: RpcClientConfig::default(),
        }
    }
}

/// Examines the node at `url`; each finding is told as soon as it is made.
///
/// It does not fail: that a node cannot be reached is a finding too. Rate limits are waited out, a
/// bounded number of times.
pub async fn examine(
    url: &RpcUrl,
    options: &DoctorOptions,
    tell: &mut (dyn FnMut(&Finding) + Send),
) -> Examination {
    let mut report = report::Report::new(url, tell);
    match RpcClient::new(url.clone(), &options.client) {
        Ok(node) => {
            let mut doctor = Doctor {
                node,
                options,
                report: &mut report,
            };
            doctor.examine().await;
        }
        Err(error) => report.bad(Topic::Chain, format!("cannot be asked: {error}"), None),
    }
    report.finish()
}

/// One examination under way.
struct Doctor<'a, 'r> {
    node: RpcClient,
    options: &'a DoctorOptions,
    report: &'a mut report::Report<'r>,
}

impl Doctor<'_, '_> {
    async fn examine(&mut self) {
        // Without these two there is nothing to examine.
        if !self.identity().await {
            return;
        }
        let Some(head) = self.head().await else {
            return;
        };
        self.pulse().await;
        let range = self.ranges(&head).await;
        self.answers(&head, range).await;
        self.batches(&head).await;
        self.blooms(&head).await;
        self.history(&head).await;
        self.socket().await;
    }
}

/// A fault as the report words it: without the method and the endpoint, which are known.
fn reason(error: &RpcError) -> String {
    let text = error.to_string();
    text.split_once(": ")
        .map_or_else(|| text.clone(), |(_, reason)| reason.to_owned())
}
