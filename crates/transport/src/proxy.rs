//! Through a proxy or straight there: which connection is opened for an origin.

use std::fmt;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::HeaderValue;
use http::{Request, Uri};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tower::Service;

use crate::dial::{Dialer, Link};
use crate::error::TransportError;
use crate::headers;
use crate::origin::Origin;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An HTTP proxy: tunnels to https origins by CONNECT (RFC 9110, section 9.3.6), and passes requests
/// to http origins on (RFC 9112, section 3.2.2).
#[derive(Clone)]
pub(crate) struct Proxy {
    uri: Uri,
    origin: Origin,
    authorization: Option<HeaderValue>,
}

impl Proxy {
    /// From `http://user:password@host:port`.
    pub(crate) fn parse(url: &str) -> Result<Self, TransportError> {
        let unusable =
            || TransportError::configuration("the proxy is not of the form http://host:port");
        let uri: Uri = url.trim().parse().map_err(|_| unusable())?;
        let origin = Origin::of(&uri).map_err(|_| unusable())?;
        let whole = matches!(uri.path_and_query(), Some(path) if path.as_str() != "/");
        if origin.is_https() || whole {
            return Err(unusable());
        }
        let mut request = Request::new(());
        *request.uri_mut() = uri;
        headers::user_info_to_header(&mut request).map_err(|_| unusable())?;
        Ok(Self {
            authorization: request.headers_mut().remove(http::header::AUTHORIZATION),
            uri: request.uri().clone(),
            origin,
        })
    }

    /// What the proxy wants to see with each request that it passes on.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.origin).finish()
    }
}

/// The proxy did not open the way. Found again in the chain of causes by its type.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} did not open a connection")]
pub(crate) struct ProxyFailed {
    proxy: Origin,
    source: BoxError,
}

/// The bottom of the connector: dials origins, or the proxy in their place.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) dialer: Dialer,
    pub(crate) proxy: Option<Proxy>,
}

type Connecting = Pin<Box<dyn Future<Output = Result<TokioIo<Carrier>, BoxError>> + Send>>;

impl Service<Uri> for Route {
    type Response = TokioIo<Carrier>;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.dialer.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Connecting {
        let Some(proxy) = &self.proxy else {
            let dialing = self.dialer.call(uri);
            return Box::pin(async move { Ok(carrier(dialing.await?, RequestForm::Origin)) });
        };
        let origin = proxy.origin.clone();
        let failed = move |source| ProxyFailed {
            proxy: origin,
            source,
        };
        if uri.scheme_str() == Some("https") {
            let mut tunnel = Tunnel::new(proxy.uri.clone(), self.dialer.clone());
            if let Some(authorization) = proxy.authorization() {
                tunnel = tunnel.with_auth(authorization.clone());
            }
            let tunneling = tunnel.call(uri);
            Box::pin(async move {
                let link = tunneling.await.map_err(|error| failed(error.into()))?;
                Ok(carrier(link, RequestForm::Origin))
            })
        } else {
            let dialing = self.dialer.call(proxy.uri.clone());
            Box::pin(async move {
                let link = dialing.await.map_err(failed)?;
                Ok(carrier(link, RequestForm::Absolute))
            })
        }
    }
}

/// How requests over a connection name what they ask for (RFC 9112, section 3.2).
#[derive(Clone, Copy, Debug)]
enum RequestForm {
    Origin,
    Absolute,
}

/// A connection, and how requests over it are written.
pub(crate) struct Carrier {
    link: Box<dyn Link>,
    form: RequestForm,
}

fn carrier(link: TokioIo<Box<dyn Link>>, form: RequestForm) -> TokioIo<Carrier> {
    let link = link.into_inner();
    TokioIo::new(Carrier { link, form })
}

impl Connection for Carrier {
    fn connected(&self) -> Connected {
        Connected::new().proxy(matches!(self.form, RequestForm::Absolute))
    }
}

impl AsyncRead for Carrier {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.link).poll_read(context, buffer)
    }
}

impl AsyncWrite for Carrier {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.link).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.link).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.link).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.link).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.link.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportErrorKind;

    #[test]
    fn a_proxy_is_an_origin_and_perhaps_credentials_that_are_never_shown() {
        let proxy = Proxy::parse("http://Aladdin:open%20sesame@Proxy.example:3128/").unwrap();
        assert_eq!(proxy.uri, "http://Proxy.example:3128/");
        assert_eq!(
            proxy.authorization().unwrap(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert!(proxy.authorization().unwrap().is_sensitive());
        let shown = format!("{proxy:?}");
        assert!(
            shown.contains("proxy.example") && !shown.contains("Aladdin"),
            "{shown}"
        );
        assert!(
            Proxy::parse("http://proxy:3128")
                .unwrap()
                .authorization()
                .is_none()
        );
    }

    #[test]
    fn what_is_not_an_http_proxy_is_refused_without_being_quoted() {
        for url in [
            "hunter2",
            "proxy:3128",
            "https://hunter2:3128",
            "socks5://hunter2:1080",
            "http://proxy:3128/hunter2",
            "http://proxy:3128?hunter2",
            "",
        ] {
            let error = Proxy::parse(url).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Configuration, "{url}");
            assert!(
                !format!("{error} {error:?}").contains("hunter2"),
                "{error:?}"
            );
        }
    }
}
