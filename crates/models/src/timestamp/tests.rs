use proptest::prelude::*;

use super::*;
use crate::ParseErrorKind;

fn millis(text: &str) -> i64 {
    text.parse::<Timestamp>()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .unix_millis()
}

#[test]
fn writes_utc_with_milliseconds() {
    let known = [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_716_460_200_000, "2024-05-23T10:30:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ];
    for (millis, text) in known {
        assert_eq!(Timestamp::from_unix_millis(millis).to_string(), text);
        assert_eq!(text.parse(), Ok(Timestamp::from_unix_millis(millis)));
    }
}

#[test]
fn reads_every_usual_form() {
    let same = [
        "2024-05-23T10:30:00.123Z",
        "2024-05-23t10:30:00.123z",
        "2024-05-23 10:30:00.123Z",
        "2024-05-23T10:30:00.123",
        "2024-05-23T10:30:00.123456",
        "2024-05-23T10:30:00.123456+00:00",
        "2024-05-23T10:30:00.123999999Z",
        "2024-05-23T10:30:00.123-00:00",
        "2024-05-23T12:30:00.123+02:00",
        "2024-05-23T12:30:00.123+0200",
        "2024-05-23T12:30:00.123+02",
        "2024-05-23T16:15:00.123+05:45",
        "2024-05-22T23:30:00.123-11:00",
    ];
    for text in same {
        assert_eq!(millis(text), 1_716_460_200_123, "{text}");
    }
    assert_eq!(millis("2024-05-23T10:30:00Z"), 1_716_460_200_000);
    assert_eq!(millis("2024-05-23T10:30:00.5Z"), 1_716_460_200_500);
    assert_eq!(millis("2024-05-23T10:30:00.05+00:00"), 1_716_460_200_050);
}

#[test]
fn a_leap_second_is_the_end_of_its_minute() {
    assert_eq!(
        millis("2016-12-31T23:59:60Z"),
        millis("2016-12-31T23:59:59.999Z")
    );
    assert_eq!(
        millis("2016-12-31T23:59:60.5Z"),
        millis("2016-12-31T23:59:59.999Z")
    );
}

#[test]
fn refuses_what_is_no_time() {
    let nonsense = [
        "now",
        "1716460200",
        "2024-05-23",
        "2024-05-23T10:30Z",
        "2024-05-23T10:30:00.Z",
        "2024-05-23T10:30:00,5Z",
        "2024-05-23T10:30:00 Z",
        "2024-05-23T10:30:00ZZ",
        "2024-05-23T10:30:00Z ",
        " 2024-05-23T10:30:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+01:60",
        "2024-01-01T00:00:00+1:00",
        "2024-01-01T00:00:00+01:",
        "2024-01-01T00:00:00UTC",
        "24-01-01T00:00:00Z",
        "+2024-01-01T00:00:00Z",
        "-2024-01-01T00:00:00Z",
        "20240523T103000Z",
        "٢٠٢٤-05-23T10:30:00Z",
        "2024-05-23T10:30:00.12３Z",
    ];
    for text in nonsense {
        let error = text.parse::<Timestamp>().expect_err(text);
        assert_eq!(error.kind(), ParseErrorKind::Malformed, "{text}");
        assert!(
            error
                .to_string()
                .starts_with("expected a time such as 2024-"),
            "{error}"
        );
    }
    assert_eq!(
        "".parse::<Timestamp>().unwrap_err().kind(),
        ParseErrorKind::Empty
    );
    assert_eq!(
        "0000-01-01T00:00:00+00:01"
            .parse::<Timestamp>()
            .unwrap_err()
            .kind(),
        ParseErrorKind::OutOfRange
    );
    assert_eq!(
        "9999-12-31T23:59:59-00:01"
            .parse::<Timestamp>()
            .unwrap_err()
            .kind(),
        ParseErrorKind::OutOfRange
    );
}

#[test]
fn extremes_are_clamped_and_stay_readable() {
    let (first, last) = ("0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z");
    assert_eq!(Timestamp::from_unix_millis(i64::MIN).to_string(), first);
    assert_eq!(Timestamp::from_unix_millis(i64::MAX).to_string(), last);
    assert_eq!(Timestamp::from_unix_seconds(u64::MAX), Timestamp::MAX);
    assert_eq!(first.parse(), Ok(Timestamp::MIN));
    assert_eq!(last.parse(), Ok(Timestamp::MAX));
    let last_second = Timestamp::from_unix_seconds(253_402_300_799);
    assert_eq!(last_second.to_string(), "9999-12-31T23:59:59.000Z");
    assert_eq!(
        Timestamp::from_unix_seconds(253_402_300_800),
        Timestamp::MAX
    );
}

#[test]
fn is_a_string_in_json() {
    let time = Timestamp::from_unix_seconds(1_716_460_200);
    assert_eq!(
        serde_json::to_string(&time).unwrap(),
        r#""2024-05-23T10:30:00.000Z""#
    );
    for other in ["1716460200", "null", "true", "\"soon\""] {
        let error = serde_json::from_str::<Timestamp>(other).unwrap_err();
        assert!(error.to_string().contains("a time such as"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn text_and_back(millis in Timestamp::MIN.unix_millis()..=Timestamp::MAX.unix_millis()) {
        let time = Timestamp::from_unix_millis(millis);
        prop_assert_eq!(time.unix_millis(), millis);
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn later_is_written_later(
        a in Timestamp::MIN.unix_millis()..=Timestamp::MAX.unix_millis(),
        b in Timestamp::MIN.unix_millis()..=Timestamp::MAX.unix_millis(),
    ) {
        let (a, b) = (Timestamp::from_unix_millis(a), Timestamp::from_unix_millis(b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn any_text_is_an_answer(text in "[0-9TZ:.+ -]{0,40}|.{0,40}") {
        let _ = text.parse::<Timestamp>();
    }
}
