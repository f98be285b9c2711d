//! How many calls the node takes in one JSON-RPC batch.

use event_streamer_models::BlockHeader;

use super::{Doctor, Topic, reason};
use crate::rpc::{BlockTag, RpcClient, RpcClientConfig};

const SIZES: [u64; 4] = [2, 10, 50, 100];

impl Doctor<'_, '_> {
    pub(super) async fn batches(&mut self, head: &BlockHeader) {
        let mut most = 1;
        let mut refused = None;
        for size in SIZES.into_iter().filter(|it| *it <= head.number + 1) {
            match self.takes(head.number, size).await {
                Ok(()) => most = size,
                Err(why) => {
                    refused = Some((size, why));
                    break;
                }
            }
        }
        self.report.facts.max_batch = Some(most);
        let text = match (&refused, most) {
            (None, _) => format!("{most} calls at once, more was not tried"),
            (Some((_, why)), 1) => format!("none: {why}"),
            (Some((size, why)), _) => format!("{most} calls at once; {size} are refused: {why}"),
        };
        if most == 1 && refused.is_some() {
            let advice = "headers are asked for one by one, which costs calls";
            self.report.care(Topic::Batches, text, advice);
        } else {
            self.report.good(Topic::Batches, text);
        }
    }

    /// Whether a batch of so many headers is answered in one request.
    async fn takes(&mut self, head: u64, size: u64) -> Result<(), String> {
        let tags: Vec<BlockTag> = (0..size).map(|it| BlockTag::Number(head - it)).collect();
        let config = RpcClientConfig {
            max_batch: tags.len(),
            ..self.options.client.clone()
        };
        let node = RpcClient::new(self.node.url().clone(), &config).map_err(|it| reason(&it))?;
        let answers = self
            .patiently(async || node.headers_in_one_batch(&tags).await)
            .await
            .map_err(|error| reason(&error))?;
        match answers.into_iter().find_map(Result::err) {
            Some(error) => Err(reason(&error)),
            None => Ok(()),
        }
    }
}
