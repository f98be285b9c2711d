//! Who asks, where a proxy stands in between.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::config::IpRange;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Proxies in a row that are looked through.
const MAX_HOPS: usize = 16;

/// The client's address: that of the socket, unless it is a proxy's that we trust. Then it is what
/// the last proxy we trust has added to `X-Forwarded-For`: everything to the left of it may have
/// been written by anybody.
pub(crate) fn client(peer: IpAddr, trusted: &[IpRange], headers: &HeaderMap) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = lines
        .flat_map(|line| line.to_str().unwrap_or("?").rsplit(','))
        .take(MAX_HOPS);
    let mut client = peer;
    for hop in hops {
        // What cannot be read ends the chain: who wrote it is the last that is known.
        let Some(address) = address(hop.trim()) else {
            return client;
        };
        client = address;
        if !is_trusted(address) {
            return client;
        }
    }
    client
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let address = text
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse());
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        client(peer.parse().unwrap(), &trusted, &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(of("203.0.113.7", &["192.0.2.1"]), "203.0.113.7");
        assert_eq!(of("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("::1", &["192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        assert_eq!(of("10.0.0.1", &["1.1.1.1, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &["1.1.1.1", "192.0.2.1"]), "192.0.2.1");
        assert_eq!(
            of("10.0.0.1", &["1.1.1.1, 192.0.2.1, 10.0.0.2"]),
            "192.0.2.1"
        );
        // A trusted address in front of an untrusted one is anybody's word.
        assert_eq!(of("10.0.0.1", &["10.0.0.3, 192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn what_cannot_be_read_is_the_proxys() {
        for lines in [
            &[][..],
            &[""],
            &["unknown"],
            &["192.0.2.1, \u{e9}"],
            &["192.0.2.1,"],
        ] {
            assert_eq!(of("10.0.0.1", lines), "10.0.0.1", "{lines:?}");
        }
        let long = "10.0.0.9,".repeat(MAX_HOPS + 10) + "10.0.0.8";
        assert_eq!(of("10.0.0.1", &[&long]), "10.0.0.9");
    }

    #[test]
    fn ports_and_brackets_are_taken_off() {
        for (hop, expected) in [
            ("192.0.2.1:4711", "192.0.2.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(of("10.0.0.1", &[hop]), expected);
        }
    }
}
