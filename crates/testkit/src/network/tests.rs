use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::*;

/// Both ends of a new connection from "a" to "b".
async fn connect(network: &Network, incoming: &mut Incoming) -> (MemoryStream, MemoryStream) {
    let near = network.dial("a", "b").await.unwrap();
    (near, incoming.accept().await.unwrap())
}

async fn talk(seed: u64) -> Vec<String> {
    let network = Network::new(seed);
    let mut incoming = network.listen("b");
    let (mut near, mut far) = connect(&network, &mut incoming).await;
    for n in 0..50_u8 {
        near.write_all(&[n; 100]).await.unwrap();
        let mut heard = [0; 100];
        far.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, [n; 100]);
    }
    network.trace().lines()
}

#[tokio::test(start_paused = true)]
async fn one_seed_gives_one_run_and_another_another() {
    let (first, again, other) = (talk(1).await, talk(1).await, talk(2).await);
    assert!(first.len() > 50);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test(start_paused = true)]
async fn a_partition_holds_bytes_and_ends_back_until_it_is_healed() {
    let network = Network::new(1);
    let mut incoming = network.listen("b");
    let (mut near, mut far) = connect(&network, &mut incoming).await;
    network.partition("b", "a");
    near.write_all(b"late").await.unwrap();
    drop(near);
    let mut heard = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(60), far.read_to_end(&mut heard));
    assert!(reading.await.is_err());
    network.heal("a", "b");
    far.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"late");
}

#[tokio::test(start_paused = true)]
async fn a_reset_is_seen_at_both_ends_and_new_connections_are_whole() {
    let network = Network::new(1);
    let mut incoming = network.listen("b");
    let (mut near, mut far) = connect(&network, &mut incoming).await;
    network.reset("a", "b");
    for end in [&mut near, &mut far] {
        let error = end.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
    let (mut near, mut far) = connect(&network, &mut incoming).await;
    far.write_all(b"x").await.unwrap();
    assert_eq!(near.read_u8().await.unwrap(), b'x');
}

#[tokio::test(start_paused = true)]
async fn a_crashed_machine_refuses_until_it_listens_again() {
    let network = Network::new(1);
    let mut incoming = network.listen("b");
    let (mut near, _far) = connect(&network, &mut incoming).await;
    network.crash("b");
    assert!(near.read_u8().await.is_err());
    assert!(incoming.accept().await.is_none());
    let refused = network.dial("a", "b").await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    let mut incoming = network.listen("b");
    let _ = connect(&network, &mut incoming).await;
}

#[tokio::test(start_paused = true)]
async fn latency_is_a_setting() {
    let network = Network::new(1);
    let mut incoming = network.listen("b");
    network.slow("a", "b", Some(Duration::from_secs(100)));
    let start = Instant::now();
    for _ in 0..20 {
        let _ = connect(&network, &mut incoming).await;
    }
    assert!(start.elapsed() > Duration::from_secs(200));
    network.slow("a", "b", None);
    let start = Instant::now();
    let _ = connect(&network, &mut incoming).await;
    assert!(start.elapsed() <= USUAL + Duration::from_millis(1));
}
