//! Starting, stopping, and files that are not what they should be.

use std::time::Duration;

use event_streamer_server::{
    ChainConfig, DatabaseConfig, Service, ServiceConfig, ServiceErrorKind,
};
use serde_json::json;

use super::support::World;

#[tokio::test]
async fn a_shutdown_tells_every_stream() {
    let mut world = World::start().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = world.stream(id, "", "").await;
        stream.batch().await;
        streams.push(stream);
    }
    let service = world.service.take().unwrap();
    let (_, lasts) = tokio::join!(service.shutdown(), async {
        let mut lasts = Vec::new();
        for mut stream in streams {
            lasts.push(stream.rest().await.pop().unwrap());
        }
        lasts
    });
    for last in lasts {
        assert_eq!(
            (&last["error_code"], &last["recoverable"]),
            (&json!("SERVER_SHUTDOWN"), &json!(true))
        );
    }
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let mut world = World::tweaked(|mut config| {
        config.http.shutdown_timeout = Duration::from_millis(50);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    // A client that neither asks nor leaves, and one in the middle of its request.
    let mut sockets = Vec::new();
    for head in [
        "",
        "POST /subscriptions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    ] {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut socket, head.as_bytes())
            .await
            .unwrap();
        sockets.push(socket);
    }
    world.service.take().unwrap().shutdown().await;
    // The file is free again.
    world.start_service().await;
}

#[tokio::test]
async fn two_services_do_not_share_a_file() {
    let world = World::start().await;
    let error = Service::start(world.config()).await.unwrap_err();
    assert_eq!(error.kind(), ServiceErrorKind::DatabaseLocked);
    assert!(
        error.to_string().contains("is in use by process"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
    let error = Service::start(ServiceConfig::new(DatabaseConfig::Sqlite(path)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ServiceErrorKind::DatabaseDamaged);
}

#[tokio::test]
async fn settings_are_checked_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let base = || ServiceConfig::new(DatabaseConfig::Sqlite(folder.path().join("events.db")));
    let chain = || ChainConfig::new(1).with_endpoint("http://127.0.0.1:9".parse().unwrap());
    let mut no_events = base();
    no_events.delivery.max_batch_events = 0;
    let cases = [
        (
            base().with_chain(ChainConfig::new(1)),
            "chain 1: it needs at least one http",
        ),
        (
            base().with_chain(chain()).with_chain(chain()),
            "chain 1 is configured twice",
        ),
        (
            base().with_chain(chain().with_block_time(Duration::ZERO)),
            "chain 1: the block time",
        ),
        (no_events, "delivery: "),
    ];
    for (config, expected) in cases {
        let error = Service::start(config).await.unwrap_err();
        assert_eq!(error.kind(), ServiceErrorKind::Config);
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    assert!(!folder.path().join("events.db").exists());
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let world = World::start().await;
    let taken = world.service.as_ref().unwrap().local_addr();
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseConfig::Sqlite(folder.path().join("events.db"));
    let error = Service::start(ServiceConfig::new(database).with_listen(taken))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ServiceErrorKind::Listen);
    assert!(error.to_string().contains(&taken.to_string()), "{error}");
}

#[tokio::test]
async fn a_chain_that_is_no_longer_configured_is_not_streamed() {
    let mut world = World::start().await;
    let id = world.subscribe(json!({})).await;
    world.service.take().unwrap().shutdown().await;
    let mut config = world.config();
    config.chains.clear();
    world.service = Some(Service::start(config).await.unwrap());
    world
        .get(&format!("/subscriptions/{id}/stream"))
        .await
        .is_error(409, "CHAIN_DEACTIVATED");
    assert_eq!(world.subscription(id).await["chain_id"], 31_337);
}

#[tokio::test]
async fn a_dropped_service_frees_its_port_and_file() {
    let mut world = World::start().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    stream.batch().await;
    let address = world.service.as_ref().unwrap().local_addr();
    world.crash().await;
    // Either refused, or taken by somebody else meanwhile: not by the service that was dropped.
    let mut config = world.config().with_listen(address);
    let folder = tempfile::tempdir().unwrap();
    config.database = DatabaseConfig::Sqlite(folder.path().join("other.db"));
    Service::start(config).await.unwrap();
}
