//! `Accept-Encoding` (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// A content coding that we can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// RFC 8878.
    Zstd,
    /// RFC 1952.
    Gzip,
}

/// A weight in thousandths.
type Weight = u16;

const MOST: Weight = 1000;

/// What a request says about the codings that concern us; `None` where it says nothing.
#[derive(Default)]
struct Weights {
    zstd: Option<Weight>,
    gzip: Option<Weight>,
    identity: Option<Weight>,
    others: Option<Weight>,
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// The coding that a client prefers, of equals zstd; `None` if it wants its answer plain, or
    /// does not say.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let weights = Weights::read(headers);
        let of = |weight: Option<Weight>| weight.or(weights.others).unwrap_or(0);
        let (zstd, gzip) = (of(weights.zstd), of(weights.gzip));
        let (coding, weight) = if zstd >= gzip {
            (Self::Zstd, zstd)
        } else {
            (Self::Gzip, gzip)
        };
        let plain = weights.identity.unwrap_or(0);
        (weight > 0 && weight >= plain).then_some(coding)
    }
}

impl Weights {
    fn read(headers: &HeaderMap) -> Self {
        let mut weights = Self::default();
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        for item in values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|it| it.split(','))
        {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let place = match name.trim().to_ascii_lowercase().as_str() {
                "zstd" => &mut weights.zstd,
                "gzip" | "x-gzip" => &mut weights.gzip,
                "identity" => &mut weights.identity,
                "*" => &mut weights.others,
                _ => continue,
            };
            // What cannot be read is not wanted.
            *place = Some(weight(parameters).unwrap_or(0));
        }
        weights
    }
}

/// `q=0.5`, with at most three decimals; nothing is 1.
fn weight(parameters: &str) -> Option<Weight> {
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return Some(MOST);
    }
    let (name, value) = parameters.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value = value.trim();
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: Weight = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(MOST),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wanted(values: &[&str]) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
        }
        Coding::wanted(&headers)
    }

    #[test]
    fn the_heaviest_is_taken() {
        let (zstd, gzip) = (Some(Coding::Zstd), Some(Coding::Gzip));
        for (value, expected) in [
            ("zstd, gzip", zstd),
            ("gzip, deflate, br", gzip),
            ("GZIP", gzip),
            ("x-gzip", gzip),
            ("zstd;q=0.5, gzip;q=0.501", gzip),
            ("zstd ; q=1.000 , gzip;q=1", zstd),
            ("*", zstd),
            ("*;q=0.1, zstd;q=0", gzip),
            ("gzip;q=0", None),
            ("gzip;q=0.000", None),
            ("identity", None),
            ("identity, gzip;q=0.9", None),
            ("identity;q=0.5, gzip", gzip),
            ("identity;q=0", None),
            ("br, deflate", None),
            ("", None),
            ("gzip;q=2", None),
            ("gzip;q=1.5", None),
            ("gzip;q=0.1234", None),
            ("gzip;q=", None),
            ("gzip;level=3", None),
        ] {
            assert_eq!(wanted(&[value]), expected, "{value:?}");
        }
        assert_eq!(wanted(&[]), None);
        assert_eq!(wanted(&["br", "gzip;q=0.2"]), gzip);
    }

    proptest! {
        #[test]
        fn any_header_is_read(value in "[ -~]{0,64}") {
            let _ = wanted(&[&value]);
        }

        #[test]
        fn weights_are_thousandths(thousandths in 0u16..=1000) {
            let text = format!("q={}.{:03}", thousandths / 1000, thousandths % 1000);
            prop_assert_eq!(weight(&text), Some(thousandths));
        }
    }
}
