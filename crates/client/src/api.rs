//! The service's HTTP API: requests made, answers judged. Knows no streams' states.

mod calls;
mod health;
mod stream;
mod subscriptions;

use std::sync::Arc;

use event_streamer_transport::HttpClient;

use crate::url::ServiceUrl;

pub(crate) use stream::{StreamRequest, now};

/// Makes the API's calls. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    http: HttpClient,
    url: Arc<ServiceUrl>,
}

impl Api {
    pub(crate) fn new(http: HttpClient, url: ServiceUrl) -> Self {
        Self {
            http,
            url: Arc::new(url),
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }
}
