//! Which chain the node is on.

use super::{Doctor, Topic, reason};
use crate::rpc::BlockTag;
use crate::{CHAIN_PRESETS, ChainPreset};

impl Doctor<'_, '_> {
    /// Whether the node says which chain it is on.
    pub(super) async fn identity(&mut self) -> bool {
        let node = self.node.clone();
        let chain_id = match self.patiently(async || node.chain_id().await).await {
            Ok(id) => id.get(),
            Err(error) => {
                let text = format!("does not say which chain it is on: {}", reason(&error));
                let advice = "check the URL and its key; it must speak JSON-RPC over HTTP";
                self.report.bad(Topic::Chain, text, Some(advice));
                return false;
            }
        };
        self.report.facts.chain_id = Some(chain_id);
        let name = preset(chain_id).map_or("no preset", |it| it.name);
        let genesis = self
            .patiently(async || node.header_by_number(BlockTag::Number(0)).await)
            .await;
        match genesis {
            Ok(Some(header)) => {
                self.report.facts.genesis = Some(header.hash);
                let text = format!("{chain_id} ({name}), genesis {}", header.hash);
                self.report.good(Topic::Chain, text);
            }
            answer => {
                let why = answer.err().map_or("it has none".into(), |it| reason(&it));
                self.report.care(
                    Topic::Chain,
                    format!("{chain_id} ({name}); block 0 is not to be had: {why}"),
                    "another chain of the same id could not be told from this one",
                );
            }
        }
        true
    }
}

/// What is built in about a chain.
pub(super) fn preset(chain_id: u64) -> Option<&'static ChainPreset> {
    CHAIN_PRESETS
        .iter()
        .find(|it| it.chain_id.get() == chain_id)
}
