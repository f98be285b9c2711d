//! Values as texts: what a flag, a variable and a file have in common.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// What stands for one setting: one text, or several for a list.
pub(crate) type Texts = [String];

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Number,
    /// `30s`, `500ms`, `2m`, `24h`.
    Duration,
    /// Bytes: a number, or `64KiB`, `2MiB`.
    Size,
    /// Any text.
    Text,
    /// Several texts.
    List,
}

impl Shape {
    /// What it is called in help texts.
    pub(crate) fn placeholder(self) -> &'static str {
        match self {
            Self::Switch => "true|false",
            Self::Number => "N",
            Self::Duration => "DURATION",
            Self::Size => "SIZE",
            Self::Text => "TEXT",
            Self::List => "TEXT,..",
        }
    }
}

/// The one text of a setting that is no list.
pub(crate) fn one(texts: &Texts) -> Result<&str, String> {
    match texts {
        [text] => Ok(text),
        _ => Err("one value is wanted, not a list".to_owned()),
    }
}

/// A value of a type that reads itself from a text.
pub(crate) fn parsed<T: FromStr<Err: Display>>(texts: &Texts) -> Result<T, String> {
    one(texts)?
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

/// Each text as a value.
pub(crate) fn each<T: FromStr<Err: Display>>(texts: &Texts) -> Result<Vec<T>, String> {
    let parse = |text: &String| text.parse().map_err(|error: T::Err| error.to_string());
    texts.iter().map(parse).collect()
}

pub(crate) fn switch(texts: &Texts) -> Result<bool, String> {
    match one(texts)? {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("expected `true` or `false`".to_owned()),
    }
}

pub(crate) fn number<T: FromStr>(texts: &Texts) -> Result<T, String> {
    let text = one(texts)?.replace('_', "");
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| "expected a whole number within its range".to_owned())
}

pub(crate) fn duration(texts: &Texts) -> Result<Duration, String> {
    const EXPECTED: &str = "expected a time with its unit: 500ms, 30s, 2m, 24h";
    let text = one(texts)?.trim();
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .ok_or(EXPECTED)?;
    let (number, unit) = text.split_at(at);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return Err(EXPECTED.to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| EXPECTED.to_owned())?;
    let duration =
        Duration::try_from_secs_f64(number * seconds).map_err(|_| EXPECTED.to_owned())?;
    if duration > Duration::from_secs(365 * 86_400) {
        return Err("expected a time of at most a year".to_owned());
    }
    Ok(duration)
}

pub(crate) fn size(texts: &Texts) -> Result<usize, String> {
    const EXPECTED: &str = "expected a number of bytes, or one with KiB, MiB or GiB";
    let text = one(texts)?.trim();
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '_')
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(at);
    let unit = match unit.trim() {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(EXPECTED.to_owned()),
    };
    let number: usize = digits
        .replace('_', "")
        .parse()
        .map_err(|_| EXPECTED.to_owned())?;
    number.checked_mul(unit).ok_or_else(|| EXPECTED.to_owned())
}

/// How values are written, as TOML and as the documentation shows them.
pub(crate) mod show {
    use super::*;

    pub(crate) fn text(text: impl Display) -> Option<String> {
        Some(quoted(&text.to_string()))
    }

    pub(crate) fn number(number: impl Display) -> Option<String> {
        Some(number.to_string())
    }

    pub(crate) fn duration(duration: Duration) -> Option<String> {
        let millis = duration.as_millis();
        text(match millis {
            0 => "0s".to_owned(),
            _ if millis.is_multiple_of(3_600_000) => format!("{}h", millis / 3_600_000),
            // Up to two minutes in seconds, as people say them.
            _ if millis.is_multiple_of(60_000) && millis > 120_000 => {
                format!("{}m", millis / 60_000)
            }
            _ if millis.is_multiple_of(1_000) => format!("{}s", millis / 1_000),
            _ => format!("{millis}ms"),
        })
    }

    pub(crate) fn size(bytes: usize) -> Option<String> {
        match bytes {
            _ if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) => {
                text(format!("{}MiB", bytes >> 20))
            }
            _ if bytes >= 1 << 10 && bytes.is_multiple_of(1 << 10) => {
                text(format!("{}KiB", bytes >> 10))
            }
            _ => number(bytes),
        }
    }

    pub(crate) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> Option<String> {
        let items: Vec<_> = items
            .into_iter()
            .map(|item| quoted(&item.to_string()))
            .collect();
        Some(format!("[{}]", items.join(", ")))
    }

    /// A basic string of TOML.
    pub(crate) fn quoted(text: &str) -> String {
        let mut quoted = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        quoted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn durations_have_a_unit_and_come_back_as_written() {
        for (text, millis) in [
            ("500ms", 500),
            ("1500ms", 1_500),
            ("0s", 0),
            ("75s", 75_000),
            ("15m", 900_000),
            ("24h", 86_400_000),
        ] {
            let duration = duration(&texts(text)).unwrap();
            assert_eq!(duration.as_millis(), millis, "{text}");
            assert_eq!(show::duration(duration).unwrap(), format!("{text:?}"));
        }
        assert_eq!(duration(&texts("1.5s")).unwrap().as_millis(), 1_500);
        for bad in [
            "",
            "5",
            "s",
            "-1s",
            "1e3s",
            "5 parsecs",
            "9999999d",
            "1.2.3s",
            "NaNs",
        ] {
            assert!(duration(&texts(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_come_back_as_written() {
        for (text, bytes, shown) in [
            ("120000", 120_000, "120000"),
            ("64KiB", 65_536, "\"64KiB\""),
            ("2 MiB", 2 << 20, "\"2MiB\""),
            ("1_000", 1_000, "1000"),
        ] {
            let size = size(&texts(text)).unwrap();
            assert_eq!((size, show::size(size).unwrap().as_str()), (bytes, shown));
        }
        for bad in [
            "",
            "KiB",
            "1kb",
            "-1",
            "99999999999999999999",
            "99999999999999999GiB",
        ] {
            assert!(size(&texts(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_and_switches_are_strict() {
        assert_eq!(number::<u32>(&texts("25_000")), Ok(25_000));
        for bad in ["", "-1", "+1", "1.0", "0x10", "4294967296", "١"] {
            assert!(number::<u32>(&texts(bad)).is_err(), "{bad}");
        }
        assert_eq!(switch(&texts("false")), Ok(false));
        assert!(switch(&texts("yes")).is_err());
        assert!(switch(&[]).is_err() && switch(&[texts("true"), texts("true")].concat()).is_err());
    }
}
