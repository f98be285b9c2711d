//! A range of addresses, as `10.0.0.0/8`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`, or a single one.
///
/// ```
/// use event_streamer_server::IpRange;
///
/// let range: IpRange = "10.0.0.0/8".parse()?;
/// assert!(range.contains([10, 1, 2, 3].into()));
/// assert!(!range.contains([11, 1, 2, 3].into()));
/// assert_eq!("::1".parse::<IpRange>()?.to_string(), "::1/128");
/// # Ok::<(), event_streamer_server::IpRangeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpRange {
    network: IpAddr,
    bits: u8,
}

/// A text that is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address, nor a range of them like 10.0.0.0/8")]
#[non_exhaustive]
pub struct IpRangeError(String);

impl IpRange {
    /// Whether the address is one of them. An IPv4 address is the same when it is written as IPv6
    /// (`::ffff:10.0.0.1`).
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => same_start(
                u32::from(network).into(),
                u32::from(address).into(),
                self.bits,
                32,
            ),
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same_start(network.into(), address.into(), self.bits, 128)
            }
            _ => false,
        }
    }
}

fn same_start(one: u128, other: u128, bits: u8, width: u8) -> bool {
    // Shifting by the whole width would not be defined.
    (one ^ other)
        .checked_shr(u32::from(width - bits))
        .unwrap_or(0)
        == 0
}

impl FromStr for IpRange {
    type Err = IpRangeError;

    fn from_str(text: &str) -> Result<Self, IpRangeError> {
        let fault = || IpRangeError(text.chars().take(60).collect());
        let (network, bits) = match text.split_once('/') {
            Some((network, bits)) => (network, Some(bits)),
            None => (text, None),
        };
        let network: IpAddr = network.parse().map_err(|_| fault())?;
        let width = if network.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| fault())?
            }
            Some(_) => return Err(fault()),
        };
        if bits > width {
            return Err(fault());
        }
        Ok(Self { network, bits })
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_decide() {
        for (range, inside, outside) in [
            ("192.168.4.0/22", "192.168.7.255", "192.168.8.0"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.0"),
            ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
            ("::1/128", "::1", "::2"),
            ("10.0.0.0/8", "::ffff:10.9.9.9", "::ffff:11.9.9.9"),
        ] {
            let range: IpRange = range.parse().unwrap();
            assert!(range.contains(inside.parse().unwrap()), "{range} {inside}");
            assert!(
                !range.contains(outside.parse().unwrap()),
                "{range} {outside}"
            );
        }
        let all: IpRange = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains([255, 1, 2, 3].into()) && !all.contains("::1".parse().unwrap()));
        let all: IpRange = "::/0".parse().unwrap();
        assert!(all.contains("ffff::1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "/8",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0/8",
            "::/129",
            "10.0.0.0/+8",
            "proxy",
        ] {
            let error = text.parse::<IpRange>().unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
