//! The service's HTTP API: requests made, answers judged. Knows no streams' states.
//!
//! Each file holds the endpoints of one subject (`docs/protocol.md`, section 2), as methods of
//! [`EventStreamer`](crate::EventStreamer); those that streams use too stand on [`Api`].

mod acknowledgements;
mod breakers;
mod calls;
mod chains;
mod pages;
mod position;
mod refusals;
mod service;
mod stream;
mod subscriptions;
mod wait;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_streamer_transport::HttpClient;

use crate::url::ServiceUrl;

pub use pages::SubscriptionPages;
pub(crate) use stream::{StreamRequest, now};
pub use wait::WaitPolicy;

/// Makes the API's calls. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    http: HttpClient,
    service: Arc<Service>,
}

/// What is known of the service.
#[derive(Debug)]
struct Service {
    url: ServiceUrl,
    /// Whether it has echoed an `Idempotency-Key`.
    idempotency: AtomicBool,
}

impl Api {
    pub(crate) fn new(http: HttpClient, url: ServiceUrl) -> Self {
        let service = Service {
            url,
            idempotency: AtomicBool::new(false),
        };
        Self {
            http,
            service: Arc::new(service),
        }
    }

    pub(crate) fn url(&self) -> &ServiceUrl {
        &self.service.url
    }

    /// Closes the connections of this client and its clones; see [`HttpClient::close`].
    pub(crate) async fn close(&self) {
        self.http.close().await;
    }

    fn knows_idempotency(&self) -> bool {
        self.service.idempotency.load(Ordering::Relaxed)
    }

    fn learn_idempotency(&self) {
        self.service.idempotency.store(true, Ordering::Relaxed);
    }
}
