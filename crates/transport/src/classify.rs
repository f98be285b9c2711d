//! From the errors of hyper, rustls and the operating system to ours.

use std::error::Error as StdError;
use std::io;

use rustls::AlertDescription;

use crate::connect::ConnectTimedOut;
use crate::error::{TimeoutKind, TransportError, TransportErrorKind};
use crate::proxy::ProxyFailed;

/// An error of the pooled client: while connecting, sending, or reading the head.
pub(crate) fn exchange_error(error: hyper_util::client::legacy::Error) -> TransportError {
    if let Some(failed) = find::<ProxyFailed>(&error) {
        let detail = failed.to_string();
        return TransportError::new(TransportErrorKind::Proxy)
            .with_detail(detail)
            .with_source(error);
    }
    let kind = if error.is_connect() {
        connect_kind(&error)
    } else if let Some(cause) = find::<hyper::Error>(&error) {
        sending_kind(cause)
    } else {
        // Only faults of the request itself carry no hyper error below.
        TransportErrorKind::InvalidRequest
    };
    TransportError::new(kind).with_source(error)
}

/// An error while the body is read.
pub(crate) fn body_error(error: hyper::Error) -> TransportError {
    TransportError::new(hyper_kind(&error)).with_source(error)
}

fn connect_kind(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    if find::<ConnectTimedOut>(error).is_some() {
        TransportErrorKind::Timeout(TimeoutKind::Connect)
    } else if find::<rustls::Error>(error).is_some() {
        TransportErrorKind::Tls
    } else {
        TransportErrorKind::Connect
    }
}

fn sending_kind(error: &hyper::Error) -> TransportErrorKind {
    match hyper_kind(error) {
        // Even where the request was not begun: that says why.
        TransportErrorKind::Tls => TransportErrorKind::Tls,
        // The connection ended before the request was begun: as good as none.
        _ if error.is_canceled() => TransportErrorKind::Connect,
        kind => kind,
    }
}

fn hyper_kind(error: &hyper::Error) -> TransportErrorKind {
    match find::<rustls::Error>(error) {
        // TLS 1.3 lets a client send before the server has judged its certificate.
        Some(rustls::Error::AlertReceived(alert)) if refuses_certificate(*alert) => {
            return TransportErrorKind::Tls;
        }
        Some(_) => return TransportErrorKind::Interrupted,
        None => {}
    }
    // A bad chunk header arrives as an I/O error of these kinds; the others come from the socket.
    let malformed = find::<io::Error>(error).is_some_and(|io| {
        matches!(
            io.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
        )
    });
    if error.is_parse() || malformed {
        TransportErrorKind::Protocol
    } else if error.is_user() {
        TransportErrorKind::InvalidRequest
    } else {
        TransportErrorKind::Interrupted
    }
}

/// Whether an alert ends the handshake because of this side's certificate: nothing sent behind it was
/// looked at.
fn refuses_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

/// The first error of type `E` in the chain of causes, the error itself included.
///
/// `io::Error::source` skips the error that it wraps, so wrapped errors are looked at by hand.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_causes_inside_io_errors() {
        let deep = io::Error::other(io::Error::other(rustls::Error::DecryptError));
        assert_eq!(connect_kind(&deep), TransportErrorKind::Tls);
        let deep = io::Error::other(ConnectTimedOut);
        assert_eq!(
            connect_kind(&deep),
            TransportErrorKind::Timeout(TimeoutKind::Connect)
        );
        let plain = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(connect_kind(&plain), TransportErrorKind::Connect);
    }

    #[tokio::test]
    async fn a_connection_that_ended_before_the_request_was_begun_is_none() {
        let (ours, _theirs) = tokio::io::duplex(64);
        let io = hyper_util::rt::TokioIo::new(ours);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        drop(connection);
        let request = http::Request::new(http_body_util::Empty::<bytes::Bytes>::new());
        let error = sender.send_request(request).await.unwrap_err();
        assert_eq!(sending_kind(&error), TransportErrorKind::Connect);
        assert_eq!(hyper_kind(&error), TransportErrorKind::Interrupted);
    }
}
