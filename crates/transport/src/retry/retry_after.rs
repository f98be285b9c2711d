//! The `Retry-After` header (RFC 9110, section 10.2.3): seconds or a date.

use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long a response asks to wait, if it does so in a form that can be read.
///
/// A date is measured against the response's own `Date` header, so that a wrong clock on this
/// side does not matter, and against `now` where that is missing. A date that has passed is a
/// wait of zero.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use event_streamer_transport::retry_after;
///
/// let mut headers = http::HeaderMap::new();
/// assert_eq!(retry_after(&headers, SystemTime::now()), None);
/// headers.insert("retry-after", http::HeaderValue::from_static("7"));
/// assert_eq!(retry_after(&headers, SystemTime::now()), Some(Duration::from_secs(7)));
/// ```
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long wait, not none.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let from = response_date(headers).unwrap_or(now);
    Some(until.duration_since(from).unwrap_or_default())
}

fn response_date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const DATE_TEXT: &str = "Fri, 21 Nov 2025 10:00:00 GMT";
    const TWO_MINUTES_LATER: &str = "Fri, 21 Nov 2025 10:02:00 GMT";

    fn wait(pairs: &[(&'static str, &str)], now: SystemTime) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        retry_after(&headers, now)
    }

    #[test]
    fn reads_seconds() {
        let now = SystemTime::UNIX_EPOCH;
        for (text, seconds) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("99999999999999999999", u64::MAX),
        ] {
            assert_eq!(
                wait(&[("retry-after", text)], now),
                Some(Duration::from_secs(seconds))
            );
        }
    }

    #[test]
    fn ignores_what_is_neither_seconds_nor_a_date() {
        for text in ["", "-1", "1.5", "soon", "1e3", "2025-11-21T10:02:00Z"] {
            assert_eq!(
                wait(&[("retry-after", text)], SystemTime::UNIX_EPOCH),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn measures_a_date_against_the_response_or_else_the_clock() {
        let date = httpdate::parse_http_date(DATE_TEXT).unwrap();
        let asked = ("retry-after", TWO_MINUTES_LATER);
        let two_minutes = Some(Duration::from_secs(120));
        assert_eq!(wait(&[asked], date), two_minutes);
        assert_eq!(
            wait(&[asked, ("date", DATE_TEXT)], SystemTime::UNIX_EPOCH),
            two_minutes
        );
        assert_eq!(wait(&[asked, ("date", "nonsense")], date), two_minutes);
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait() {
        let pairs = [("retry-after", DATE_TEXT), ("date", TWO_MINUTES_LATER)];
        assert_eq!(wait(&pairs, SystemTime::UNIX_EPOCH), Some(Duration::ZERO));
    }
}
