//! Connections to public addresses only: for endpoints that strangers may name.
//!
//! What counts is the address that is connected to, looked up for this very connection: a name that
//! pointed elsewhere when it was checked before proves nothing.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use event_streamer_transport::{Dial, Dialing, Link, Origin};
use tokio::net::{TcpStream, lookup_host};

/// Looks a host up. A seam for tests.
pub(super) trait Resolve: Send + Sync + 'static {
    fn resolve(&self, host: String, port: u16) -> Resolving;
}

pub(super) type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// The system's name lookup. It takes `127.1` and `2130706433` for addresses, too.
struct System;

impl Resolve for System {
    fn resolve(&self, host: String, port: u16) -> Resolving {
        Box::pin(async move { Ok(lookup_host((host, port)).await?.collect()) })
    }
}

/// Opens TCP connections to public addresses, and refuses all others.
pub(super) struct PublicDialer {
    resolver: Arc<dyn Resolve>,
}

impl Default for PublicDialer {
    fn default() -> Self {
        Self {
            resolver: Arc::new(System),
        }
    }
}

impl Dial for PublicDialer {
    fn dial(&self, origin: Origin) -> Dialing {
        let resolver = Arc::clone(&self.resolver);
        Box::pin(async move {
            let host = origin.host().trim_matches(['[', ']']).to_owned();
            let found = resolver.resolve(host, origin.port()).await?;
            let public: Vec<_> = found.iter().filter(|it| is_public(it.ip())).collect();
            if public.is_empty() && !found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, NotPublic));
            }
            let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
            for address in public {
                match TcpStream::connect(address).await {
                    Ok(stream) => {
                        stream.set_nodelay(true)?;
                        return Ok(Box::new(stream) as Box<dyn Link>);
                    }
                    Err(error) => last = error,
                }
            }
            Err(last)
        })
    }
}

/// Does not say which address: that would tell strangers what a name means inside.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the host's address is not public; have the operator configure the chain, or start \
             the service with --allow-private-rpc",
        )
    }
}

impl std::error::Error for NotPublic {}

/// Whether an address belongs to the public internet (IANA's special-purpose registries), and not
/// to a cloud's own services.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Network and prefix length.
const NOT_PUBLIC_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    // Between a provider and its customers, and Alibaba's metadata.
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    // Link-local, where most clouds have their metadata.
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    // Protocol assignments, and Oracle's metadata.
    ([192, 0, 0, 0], 24),
    // Documentation, here and twice below.
    ([192, 0, 2, 0], 24),
    // 6to4 relays.
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    // Benchmarks of networks.
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Azure's own services, on a public address.
    ([168, 63, 129, 16], 32),
    // Multicast, reserved, broadcast.
    ([224, 0, 0, 0], 3),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    let within = |(network, length): &([u8; 4], u32)| {
        let network = u32::from_be_bytes(*network);
        (bits ^ network) >> (32 - length) == 0
    };
    !NOT_PUBLIC_V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, _, _, _, high, low] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (first, second) {
        // IPv4 through a translator.
        (0x0064, 0xff9b) => address.segments()[2..6] == [0; 4] && is_public_v4(v4(high, low)),
        // IPv4 through a 6to4 tunnel.
        (0x2002, _) => is_public_v4(v4(second, third)),
        // Protocol assignments, among them Teredo, which hides an IPv4 address; documentation.
        (0x2001, ..0x0200 | 0x0db8) | (0x3fff, ..0x1000) => false,
        // Nothing else is given out. IPv4 in IPv6 clothes, which the system would connect to as
        // IPv4, is not among it, nor are local and link-local addresses.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use tokio::net::TcpListener;

    use super::*;
    use crate::sync::lock;

    #[test]
    fn only_the_public_internet_is_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.0.1",
            "198.19.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b::1:0:8.8.8.8",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "168.63.129.17",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    /// Answers each lookup with the next of some answers.
    struct Fake(Mutex<VecDeque<Vec<SocketAddr>>>);

    impl Resolve for Fake {
        fn resolve(&self, _: String, port: u16) -> Resolving {
            let mut found = lock(&self.0).pop_front().expect("another lookup");
            for address in &mut found {
                address.set_port(port);
            }
            Box::pin(std::future::ready(Ok(found)))
        }
    }

    fn dialer(answers: &[&[&str]]) -> PublicDialer {
        let address = |text: &&str| SocketAddr::new(text.parse().unwrap(), 0);
        let answers = answers.iter().map(|it| it.iter().map(address).collect());
        PublicDialer {
            resolver: Arc::new(Fake(Mutex::new(answers.collect()))),
        }
    }

    async fn refusal(dialer: &PublicDialer, port: u16) -> io::ErrorKind {
        let origin: Origin = format!("http://node.example:{port}").parse().unwrap();
        match dialer.dial(origin).await {
            Ok(_) => panic!("connected"),
            Err(error) => error.kind(),
        }
    }

    #[tokio::test]
    async fn each_connection_is_checked_whatever_the_name_meant_before() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // A name that is rebound after it was found to be good.
        let rebound = dialer(&[&[], &["127.0.0.1"], &["::ffff:127.0.0.1", "10.0.0.1"]]);
        assert_eq!(refusal(&rebound, port).await, io::ErrorKind::NotFound);
        for _ in 0..2 {
            let kind = refusal(&rebound, port).await;
            assert_eq!(kind, io::ErrorKind::PermissionDenied);
        }
        let accepted = tokio::time::timeout(std::time::Duration::ZERO, listener.accept()).await;
        assert!(accepted.is_err(), "a connection was made");
    }

    #[tokio::test]
    async fn numbers_that_the_system_takes_for_an_address_are_checked_too() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0",
            "localhost",
            "[::1]",
        ] {
            let origin: Origin = format!("http://{host}:{port}").parse().unwrap();
            let Err(error) = PublicDialer::default().dial(origin).await else {
                panic!("{host}: connected")
            };
            // A system that does not read it has refused it as well.
            let text = error.to_string();
            let refused = error.kind() == io::ErrorKind::PermissionDenied;
            assert!(refused || text.contains("lookup"), "{host}: {text}");
            assert!(!text.contains("127.0.0.1"), "{text}");
        }
    }
}
