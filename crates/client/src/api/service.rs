//! The service itself: its health, its numbers, its connections.

use event_streamer_models::{
    ConnectionHealth, HealthResponse, MetricsResponse, ReadyResponse, ServiceStatus,
    StreamingMetricsResponse,
};
use event_streamer_transport::RetryMode;
use http::StatusCode;

use super::calls::{Call, read, refusal};
use crate::error::Error;
use crate::event_streamer::EventStreamer;

impl EventStreamer {
    /// Whether the service answers and says that it is healthy.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"status": "healthy"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /health", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// assert!(client.health_check().await);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn health_check(&self) -> bool {
        self.get_health()
            .await
            .is_ok_and(|health| health.status == ServiceStatus::Healthy)
    }

    /// What the service says of its health: whether it lives, and whether all of it does.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"status": "degraded", "timestamp": "2024-05-23T10:30:00.000Z"}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /health", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let health = client.get_health().await?;
    /// assert_eq!(health.status.as_str(), "degraded");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_health(&self) -> Result<HealthResponse, Error> {
        self.api.call(Call::get("/health", "get health")).await
    }

    /// Whether the service can do its work, and what it lacks: an answer too, not an error. Asked once, not
    /// repeated.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"{"ready": false, "checks": [{"name": "ethereum", "passed": false, "detail": "the head is 7 min old"}]}"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /ready", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let ready = client.get_ready().await?;
    /// for check in ready.checks.iter().filter(|check| !check.passed) {
    ///     println!("{}: {:?}", check.name, check.detail);
    /// }
    /// assert!(!ready.ready);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_ready(&self) -> Result<ReadyResponse, Error> {
        let operation = "get readiness";
        let call = Call::get("/ready", operation)
            .also_read(StatusCode::SERVICE_UNAVAILABLE)
            .retry(RetryMode::Never);
        let response = self.api.send(call).await?;
        let ready = read(operation, &response);
        if ready.is_err() && !response.status().is_success() {
            // Not the service's own words: something before it answers for it.
            return Err(refusal(operation, &response));
        }
        ready
    }

    /// How much the service has done, in all and for each chain.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = event_streamer_testkit::answers::METRICS;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/metrics", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let metrics = client.get_metrics().await?;
    /// println!("{} events of {} subscriptions", metrics.events_processed, metrics.total_subscriptions);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_metrics(&self) -> Result<MetricsResponse, Error> {
        self.api
            .call(Call::get("/api/metrics", "get metrics"))
            .await
    }

    /// How the streams of the service are doing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = event_streamer_testkit::answers::STREAMING_METRICS;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/streaming/metrics", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let metrics = client.get_streaming_metrics().await?;
    /// println!("{} connections", metrics.active_connections);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_streaming_metrics(&self) -> Result<StreamingMetricsResponse, Error> {
        let call = Call::get("/api/streaming/metrics", "get streaming metrics");
        self.api.call(call).await
    }

    /// The connections that are open, and how each is doing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"[]"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /api/connections", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// for connection in client.get_connections().await? {
    ///     println!("{} has sent {} events", connection.connection_id, connection.events_sent);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [any call](Self#errors-of-a-call).
    pub async fn get_connections(&self) -> Result<Vec<ConnectionHealth>, Error> {
        let call = Call::get("/api/connections", "get connections");
        self.api.call(call).await
    }

    /// The service's numbers in the text format of Prometheus (version 0.0.4), as they came.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use event_streamer_client::EventStreamer;
    /// # let answer = r#"up 1"#;
    /// # let server = event_streamer_testkit::WireServer::answering("GET /metrics", answer).await;
    /// # let client = EventStreamer::new(server.url(), "my-app")?;
    /// let text = client.get_prometheus_metrics().await?;
    /// assert!(text.contains("up 1"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Protocol`](crate::ErrorKind::Protocol) if it is not UTF-8; otherwise as for
    /// [any call](Self#errors-of-a-call).
    pub async fn get_prometheus_metrics(&self) -> Result<String, Error> {
        let operation = "get prometheus metrics";
        let call = Call::get("/metrics", operation).accept("text/plain");
        let response = self.api.send(call).await?;
        match std::str::from_utf8(response.body()) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(Error::unreadable(
                operation,
                response.status(),
                response.headers(),
                response.body(),
                &error.to_string(),
            )),
        }
    }
}
