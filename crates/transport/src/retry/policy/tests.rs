use super::*;
use crate::error::{TimeoutKind, TransportErrorKind};

const SECOND: Duration = Duration::from_secs(1);

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(5)
        .with_base(SECOND)
        .with_cap(SECOND * 5)
}

fn status(code: u16) -> Outcome<'static> {
    Outcome::Response {
        status: StatusCode::from_u16(code).unwrap(),
        retry_after: None,
    }
}

fn asked_to_wait(code: u16, wait: Duration) -> Outcome<'static> {
    Outcome::Response {
        status: StatusCode::from_u16(code).unwrap(),
        retry_after: Some(wait),
    }
}

fn repeats(mode: RetryMode, method: &Method, outcome: &Outcome<'_>) -> bool {
    policy().decide(mode, method, 1, outcome, 0.0).is_some()
}

#[test]
fn delays_double_up_to_the_cap_and_end() {
    let delays: Vec<_> = (1..=5)
        .map(|attempts| policy().decide(RetryMode::Safe, &Method::GET, attempts, &status(503), 0.0))
        .collect();
    assert_eq!(
        delays,
        [
            Some(SECOND),
            Some(SECOND * 2),
            Some(SECOND * 4),
            Some(SECOND * 5),
            None
        ]
    );
}

#[test]
fn jitter_takes_off_at_most_one_half() {
    let delay = |random| policy().decide(RetryMode::Safe, &Method::GET, 2, &status(503), random);
    assert_eq!(delay(0.0), Some(SECOND * 2));
    assert_eq!(delay(0.5), Some(SECOND * 3 / 2));
    assert!(delay(0.999_999).unwrap() > SECOND);
}

#[test]
fn retry_after_is_never_shortened_and_spread_by_the_base() {
    let decide = |wait, random| {
        policy().decide(
            RetryMode::Safe,
            &Method::GET,
            1,
            &asked_to_wait(429, wait),
            random,
        )
    };
    assert_eq!(decide(SECOND * 30, 0.0), Some(SECOND * 30));
    assert_eq!(decide(SECOND * 30, 0.5), Some(SECOND * 61 / 2));
    // Being asked to come back at once is no reason to hammer.
    assert_eq!(decide(Duration::ZERO, 0.0), Some(SECOND));
}

#[test]
fn a_retry_after_beyond_the_limit_is_the_callers_matter() {
    let wait = policy().max_retry_after;
    let decide = |wait| {
        policy().decide(
            RetryMode::Safe,
            &Method::GET,
            1,
            &asked_to_wait(503, wait),
            0.0,
        )
    };
    assert_eq!(decide(wait), Some(wait));
    assert_eq!(decide(wait + SECOND), None);
    assert_eq!(decide(Duration::MAX), None);
}

#[test]
fn answers_are_repeated_by_status_and_method() {
    use RetryMode::{Idempotent, Never, Safe};
    for code in [429, 503] {
        assert!(repeats(Safe, &Method::GET, &status(code)));
        assert!(repeats(Safe, &Method::POST, &status(code)));
        assert!(!repeats(Never, &Method::GET, &status(code)));
    }
    for code in [408, 500, 502, 504] {
        assert!(repeats(Safe, &Method::GET, &status(code)));
        assert!(repeats(Safe, &Method::DELETE, &status(code)));
        assert!(!repeats(Safe, &Method::POST, &status(code)));
        assert!(!repeats(Safe, &Method::PATCH, &status(code)));
        assert!(repeats(Idempotent, &Method::POST, &status(code)));
    }
    for code in [200, 204, 301, 400, 401, 403, 404, 409, 410, 413, 422, 501] {
        assert!(!repeats(Idempotent, &Method::GET, &status(code)), "{code}");
    }
}

#[test]
fn failures_are_repeated_where_the_request_cannot_have_been_carried_out_twice() {
    use TransportErrorKind as Kind;
    let decide = |kind, method| {
        repeats(
            RetryMode::Safe,
            &method,
            &Outcome::Failure(&TransportError::new(kind)),
        )
    };
    for kind in [
        Kind::Connect,
        Kind::Tls,
        Kind::Timeout(TimeoutKind::Connect),
    ] {
        assert!(decide(kind, Method::POST), "{kind:?}");
    }
    for kind in [
        Kind::Interrupted,
        Kind::Protocol,
        Kind::Timeout(TimeoutKind::ResponseHead),
    ] {
        assert!(decide(kind, Method::GET), "{kind:?}");
        assert!(!decide(kind, Method::POST), "{kind:?}");
    }
    for kind in [
        Kind::InvalidRequest,
        Kind::Configuration,
        Kind::BodyTooLarge { limit: 1 },
    ] {
        assert!(!decide(kind, Method::GET), "{kind:?}");
    }
}

#[test]
fn extreme_settings_neither_overflow_nor_panic() {
    let extreme = RetryPolicy::default()
        .with_max_attempts(u32::MAX)
        .with_base(Duration::MAX)
        .with_cap(Duration::MAX)
        .with_max_retry_after(Duration::MAX);
    for outcome in [status(503), asked_to_wait(503, Duration::MAX)] {
        for random in [0.0, 0.5, 1.0 - f64::EPSILON] {
            let delay = extreme.decide(RetryMode::Safe, &Method::GET, 1 << 31, &outcome, random);
            assert!(delay.is_some());
        }
    }
}
