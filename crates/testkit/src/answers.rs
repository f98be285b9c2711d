//! Whole answers of the API, with every field that the reference client requires, for servers of
//! examples and tests.

/// A subscription with the id 7 (reference model `SubscriptionResponse`).
pub const SUBSCRIPTION: &str = include_str!("answers/subscription.json");

/// Numbers of the service (reference model `MetricsResponse`).
pub const METRICS: &str = include_str!("answers/metrics.json");

/// Numbers of its streams (reference model `StreamingMetricsResponse`).
pub const STREAMING_METRICS: &str = include_str!("answers/streaming_metrics.json");

/// A look for gaps on chain 1 (reference model `GapDetectionResponse`).
pub const GAPS: &str = include_str!("answers/gaps.json");
