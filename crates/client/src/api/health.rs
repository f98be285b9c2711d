//! Whether the service is well.

use event_streamer_models::HealthResponse;
use http::Method;

use super::Api;
use super::calls::Call;
use crate::error::Error;

impl Api {
    pub(crate) async fn health(&self) -> Result<HealthResponse, Error> {
        self.call(Call::new(Method::GET, "/health", "get health"))
            .await
    }
}
