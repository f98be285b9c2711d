//! Requests taken apart, with errors in the shape of the API.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use event_streamer_models::SubscriptionId;
use http_body::Body as _;
use serde_json::Value;
use tokio::time::timeout;

use super::AppState;
use super::error::{ApiError, ApiResult};

/// A JSON body of any shape, within the size limit.
///
/// It is read as a plain value first, so that validation can tell every fault at once.
#[derive(Debug)]
pub(crate) struct JsonBody(pub(crate) Value);

impl FromRequest<AppState> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> ApiResult<Self> {
        check_content_type(request.headers())?;
        let limits = &state.config.http;
        let reading = read_body(request.into_body(), limits.max_body_bytes);
        let bytes = timeout(limits.body_timeout, reading).await.map_err(|_| {
            ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                "REQUEST_TIMEOUT",
                "the body did not arrive in time",
            )
        })??;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // Line and column, and what was expected there; never the text itself.
            ApiError::new(
                StatusCode::BAD_REQUEST,
                "INVALID_JSON",
                "the body is not json",
            )
            .with_detail(error.to_string())
        })
    }
}

async fn read_body(body: Body, limit: usize) -> ApiResult<Bytes> {
    let too_large = || {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            format!("the body is larger than {limit} bytes"),
        )
    };
    // What says so itself is not waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let error = error.into_inner();
        if error.is::<http_body_util::LengthLimitError>() {
            too_large()
        } else {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                "BODY_INCOMPLETE",
                "the body ended early",
            )
        }
    })
}

/// `application/json`, in UTF-8 and not compressed.
fn check_content_type(headers: &HeaderMap) -> ApiResult<()> {
    let unsupported = |error: &str| {
        Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            error,
        ))
    };
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|value| value != "identity")
    {
        return unsupported("request bodies are taken uncompressed only");
    }
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = value.unwrap_or_default().split(';').map(str::trim);
    if !parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
    {
        return unsupported("the body must be application/json");
    }
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("charset")
            .then(|| value.trim_matches('"'))
    });
    if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return unsupported("the body must be UTF-8");
    }
    Ok(())
}

/// The parameters of the path.
#[derive(Debug)]
pub(crate) struct PathParams(Vec<(String, String)>);

impl PathParams {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// The subscription's id: a positive decimal integer, written as we write it.
    pub(crate) fn subscription_id(&self) -> ApiResult<SubscriptionId> {
        let text = self.text("id");
        decimal(text)
            .and_then(|id| SubscriptionId::new(id).ok())
            .ok_or_else(|| {
                ApiError::invalid(&format!("id: {} is not a positive integer", shown(text)))
            })
    }

    /// A chain's id.
    pub(crate) fn chain_id(&self) -> ApiResult<u64> {
        self.integer("chain_id")
    }

    /// A number, written as we write it.
    pub(crate) fn integer(&self, name: &str) -> ApiResult<u64> {
        let text = self.text(name);
        decimal(text)
            .ok_or_else(|| ApiError::invalid(&format!("{name}: {} is not an integer", shown(text))))
    }
}

impl FromRequestParts<AppState> for PathParams {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let raw = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found("NOT_FOUND", "the path is not UTF-8"))?;
        Ok(Self(
            raw.iter()
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        ))
    }
}

/// The parameters of the query.
#[derive(Debug)]
pub(crate) struct QueryParams(Vec<(String, String)>);

impl QueryParams {
    /// The one value of a parameter.
    pub(crate) fn text(&self, name: &str) -> ApiResult<Option<&str>> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value);
        let value = values.next().map(String::as_str);
        if values.next().is_some() {
            return Err(ApiError::invalid(&format!("{name}: given more than once")));
        }
        Ok(value)
    }

    /// An integer within bounds.
    pub(crate) fn integer(
        &self,
        name: &str,
        bounds: std::ops::RangeInclusive<u64>,
    ) -> ApiResult<Option<u64>> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match decimal(text).filter(|number| bounds.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(ApiError::invalid(&format!(
                "{name}: {} is not an integer from {} to {}",
                shown(text),
                bounds.start(),
                bounds.end()
            ))),
        }
    }
}

impl FromRequestParts<AppState> for QueryParams {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(pairs)| Self(pairs))
            .map_err(|_| ApiError::invalid("the query is not made of name=value pairs in UTF-8"))
    }
}

/// A number in ASCII digits without leading zeros: the only spelling we give out.
fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if digits && canonical {
        text.parse().ok()
    } else {
        None
    }
}

/// A quoted beginning of outside text, for an error message.
fn shown(text: &str) -> String {
    const MAX: usize = 40;
    let mut start: String = text.chars().take(MAX).collect();
    if text.chars().nth(MAX).is_some() {
        start.push('…');
    }
    format!("{start:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for text in [
            "",
            "007",
            "+7",
            "-1",
            "1e3",
            "1.0",
            "١",
            " 1",
            "18446744073709551616",
        ] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn content_types() {
        let check = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            check_content_type(&headers).is_ok()
        };
        assert!(check("application/json"));
        assert!(check("Application/JSON; charset=\"UTF-8\""));
        assert!(!check("application/json; charset=utf-16"));
        assert!(!check("text/plain"));
        assert!(check_content_type(&HeaderMap::new()).is_err());
    }
}
