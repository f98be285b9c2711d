//! Subscriptions: made, read, changed, deleted; and how far they are.

use event_streamer_models::{
    ChainId, LastProcessedBlockResponse, PositionRequest, PositionResponse,
    ProcessingStatusResponse, ResumeToken, SubscriptionCreate, SubscriptionId,
    SubscriptionListResponse, SubscriptionResponse, SubscriptionUpdate,
};
use event_streamer_transport::RetryMode;
use http::Method;

use super::Api;
use super::calls::Call;
use crate::error::Error;

impl Api {
    pub(crate) async fn create_subscription(
        &self,
        create: &SubscriptionCreate,
    ) -> Result<SubscriptionResponse, Error> {
        let call = Call::new(Method::POST, "/subscriptions", "create a subscription");
        self.call(call.json(create)?).await
    }

    pub(crate) async fn get_subscription(
        &self,
        id: SubscriptionId,
        subscriber_id: &str,
    ) -> Result<SubscriptionResponse, Error> {
        let operation = format!("get subscription {id}");
        let call = Call::new(Method::GET, path(id, ""), operation);
        self.call(call.query("subscriber_id", &subscriber_id)).await
    }

    pub(crate) async fn list_subscriptions(
        &self,
        page: u64,
        page_size: u64,
        subscriber_id: &str,
    ) -> Result<SubscriptionListResponse, Error> {
        let operation = format!("list subscriptions, page {page}");
        let call = Call::new(Method::GET, "/subscriptions", operation)
            .query("page", &page)
            .query("page_size", &page_size)
            .query("subscriber_id", &subscriber_id);
        self.call(call).await
    }

    pub(crate) async fn update_subscription(
        &self,
        id: SubscriptionId,
        update: &SubscriptionUpdate,
    ) -> Result<SubscriptionResponse, Error> {
        let operation = format!("update subscription {id}");
        let call = Call::new(Method::PUT, path(id, ""), operation);
        self.call(call.json(update)?).await
    }

    pub(crate) async fn delete_subscription(&self, id: SubscriptionId) -> Result<(), Error> {
        let operation = format!("delete subscription {id}");
        self.call_for_nothing(Call::new(Method::DELETE, path(id, ""), operation))
            .await
    }

    pub(crate) async fn set_position(
        &self,
        id: SubscriptionId,
        token: ResumeToken,
        retry: RetryMode,
    ) -> Result<PositionResponse, Error> {
        let operation = format!("set the position of subscription {id}");
        let call = Call::new(Method::POST, path(id, "/position"), operation).retry(retry);
        self.call(call.json(&PositionRequest::new(token))?).await
    }

    pub(crate) async fn last_processed_block(
        &self,
        id: SubscriptionId,
        chain_id: Option<ChainId>,
    ) -> Result<LastProcessedBlockResponse, Error> {
        let operation = format!("get the last processed block of subscription {id}");
        let mut call = Call::new(Method::GET, path(id, "/last-processed-block"), operation);
        if let Some(chain_id) = chain_id {
            call = call.query("chain_id", &chain_id);
        }
        self.call(call).await
    }

    pub(crate) async fn processing_status(
        &self,
        id: SubscriptionId,
    ) -> Result<ProcessingStatusResponse, Error> {
        let operation = format!("get the processing status of subscription {id}");
        self.call(Call::new(
            Method::GET,
            path(id, "/processing-status"),
            operation,
        ))
        .await
    }
}

fn path(id: SubscriptionId, rest: &str) -> String {
    format!("/subscriptions/{id}{rest}")
}
