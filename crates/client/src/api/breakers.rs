//! Circuit breakers: which nodes the service leaves alone because they fail.

use event_streamer_models::{
    CircuitBreakerConfigResponse, CircuitBreakerHealthResponse, CircuitBreakerMetrics,
    CircuitBreakerResetResponse, CircuitBreakerStatusResponse,
};
use event_streamer_transport::RetryMode;
use http::Method;

use super::calls::Call;
use crate::error::Error;
use crate::event_streamer::EventStreamer;
use crate::url::encode;

impl EventStreamer {
    /// All circuit breakers by name, `ethereum_rpc` for example.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"circuit_breakers": {"ethereum_rpc": {"state": "open"}}}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/circuit-breakers/status", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let status = client.get_circuit_breaker_status().await?;
    /// for (name, breaker) in &status.circuit_breakers {
    ///     println!("{name} is {}", breaker.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_circuit_breaker_status(&self) -> Result<CircuitBreakerStatusResponse, Error> {
        let call = Call::get("/api/circuit-breakers/status", "get circuit breaker status");
        self.api.call(call).await
    }

    /// Whether the nodes are well, over all circuit breakers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"overall_health": "healthy", "healthy_rpcs": 2, "total_rpcs": 2}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/circuit-breakers/health", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let health = client.get_circuit_breaker_health().await?;
    /// println!("{}: {:?} of {:?}", health.overall_health, health.healthy_rpcs, health.total_rpcs);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_circuit_breaker_health(&self) -> Result<CircuitBreakerHealthResponse, Error> {
        let call = Call::get("/api/circuit-breakers/health", "get circuit breaker health");
        self.api.call(call).await
    }

    /// The numbers of one circuit breaker.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"name": "ethereum_rpc", "success_rate": 0.95}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/circuit-breakers/ethereum_rpc/metrics", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let metrics = client.get_circuit_breaker_metrics("ethereum_rpc").await?;
    /// println!("{} of all calls succeeded", metrics.success_rate);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no breaker of this name; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_circuit_breaker_metrics(
        &self,
        name: &str,
    ) -> Result<CircuitBreakerMetrics, Error> {
        let call = Call::get(path(name, "metrics"), "get circuit breaker metrics");
        self.api.call(call).await
    }

    /// Closes all circuit breakers: every node is tried again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"message": "2 breakers are closed", "status": "success", "reset_count": 2}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /api/circuit-breakers/reset", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// client.reset_all_circuit_breakers().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn reset_all_circuit_breakers(&self) -> Result<CircuitBreakerResetResponse, Error> {
        let path = "/api/circuit-breakers/reset";
        let call = Call::new(Method::POST, path, "reset all circuit breakers");
        self.api.call(call.retry(RetryMode::Idempotent)).await
    }

    /// Closes one circuit breaker: its node is tried again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"message": "closed", "status": "success"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("POST /api/circuit-breakers/ethereum_rpc/reset", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// client.reset_circuit_breaker("ethereum_rpc").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no breaker of this name; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn reset_circuit_breaker(
        &self,
        name: &str,
    ) -> Result<CircuitBreakerResetResponse, Error> {
        let call = Call::new(Method::POST, path(name, "reset"), "reset a circuit breaker");
        self.api.call(call.retry(RetryMode::Idempotent)).await
    }

    /// When circuit breakers open and close.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"failure_threshold": 5, "recovery_timeout": 60, "success_threshold": 3, "timeout": 30, "half_open_max_calls": 3}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/circuit-breakers/config", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let config = client.get_circuit_breaker_config().await?;
    /// assert_eq!(config.failure_threshold, 5);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_circuit_breaker_config(&self) -> Result<CircuitBreakerConfigResponse, Error> {
        let call = Call::get("/api/circuit-breakers/config", "get circuit breaker config");
        self.api.call(call).await
    }
}

fn path(name: &str, rest: &str) -> String {
    format!("/api/circuit-breakers/{}/{rest}", encode(name))
}
