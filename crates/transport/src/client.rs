//! The client that callers hold.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;
use tower::ServiceExt;

use crate::body::BodyStream;
use crate::builder::HttpClientBuilder;
use crate::error::TransportError;
use crate::headers;
use crate::life::Lifeline;
use crate::origin::Origin;
use crate::retry::RetryMode;
use crate::stack::{StreamStack, WholeStack};

/// An HTTP/1.1 client with a connection pool. Cheap to clone; clones share the pool, the settings
/// and the retry budget.
///
/// Any response is `Ok`, whatever its status: callers judge. A redirect is such a response and is
/// not followed. See the [crate's documentation](crate) for an example.
#[derive(Clone)]
pub struct HttpClient {
    pub(crate) whole: WholeStack,
    pub(crate) streaming: StreamStack,
    pub(crate) lifeline: Lifeline,
    /// The settings, for `Debug`.
    pub(crate) settings: Arc<HttpClientBuilder>,
}

/// How one call differs from the client's settings. Plain data.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_transport::{CallOptions, RetryMode};
///
/// // A query by POST: repeating it does no harm, and it is not worth waiting long for.
/// let options = CallOptions::default()
///     .with_retry(RetryMode::Idempotent)
///     .with_timeout(Duration::from_secs(5));
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// Which repeats are allowed. Default: [`RetryMode::Safe`].
    pub retry: RetryMode,
    /// Time limit of the whole call in place of the client's.
    pub timeout: Option<Duration>,
}

impl CallOptions {
    /// Sets which repeats are allowed.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryMode) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the time limit of the whole call.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

/// A request on its way through the stack.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) request: Request<Bytes>,
    pub(crate) origin: Origin,
    pub(crate) options: CallOptions,
    /// When the whole call is to be done; set by its layer.
    pub(crate) deadline: Option<Instant>,
    /// What the response's body lives by.
    pub(crate) lifeline: Lifeline,
}

impl Call {
    fn new(
        mut request: Request<Bytes>,
        options: CallOptions,
        lifeline: Lifeline,
    ) -> Result<Self, TransportError> {
        let origin = Origin::of(request.uri())?;
        headers::user_info_to_header(&mut request)?;
        Ok(Self {
            request,
            origin,
            options,
            deadline: None,
            lifeline,
        })
    }
}

impl HttpClient {
    /// Starts a client with the default settings.
    pub fn builder() -> HttpClientBuilder {
        HttpClientBuilder::new()
    }

    /// Sends a request with an absolute URL and collects the response.
    ///
    /// The exchange is repeated as the options and the client's
    /// [`RetryPolicy`](crate::RetryPolicy) allow; then the last response (or error) is returned.
    /// Headers of the request win over the client's.
    ///
    /// # Errors
    ///
    /// No response in time, no connection, a body over the size limit, ...: see
    /// [`TransportErrorKind`](crate::TransportErrorKind).
    pub async fn request(
        &self,
        request: Request<Bytes>,
        options: CallOptions,
    ) -> Result<Response<Bytes>, TransportError> {
        let _under_way = self.lifeline.begin()?;
        let call = Call::new(request, options, self.lifeline.clone())?;
        self.whole.clone().oneshot(call).await
    }

    /// Sends a request with an absolute URL once and hands over the response at its head.
    ///
    /// The body is limited by the idle time-out only (and [`BodyStream::with_idle_timeout`]): it may
    /// go on for days.
    ///
    /// # Errors
    ///
    /// As [`request`](Self::request), up to the response's head.
    pub async fn stream(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<BodyStream>, TransportError> {
        let options = CallOptions {
            retry: RetryMode::Never,
            timeout: None,
        };
        let _under_way = self.lifeline.begin()?;
        let call = Call::new(request, options, self.lifeline.clone())?;
        self.streaming.clone().oneshot(call).await
    }

    /// Closes the client and all its clones: lets the calls under way end, which their time limits
    /// see to, then cuts the bodies that are still read and ends every connection. Returns when no
    /// task of the client is left. Later calls fail with
    /// [`Closed`](crate::TransportErrorKind::Closed).
    ///
    /// Dropping the last clone and the last body ends the connections too, without waiting for that.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_transport::{CallOptions, HttpClient, TransportErrorKind};
    ///
    /// let client = HttpClient::builder().build()?;
    /// client.close().await;
    /// let request = http::Request::get("http://127.0.0.1").body(bytes::Bytes::new())?;
    /// let error = client.request(request, CallOptions::default()).await.unwrap_err();
    /// assert_eq!(error.kind(), TransportErrorKind::Closed);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(&self) {
        self.lifeline.close().await;
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HttpClient").field(&self.settings).finish()
    }
}
