//! The service as its operator meets it: settings, signals, logs, TLS, exit codes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use event_streamer::client::{Delivery, EventStreamer};
use event_streamer_replay::ReplayNode;
use event_streamer_testkit::certificates;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::chains::{built_in_recording, expected_transfers};
use crate::process::{Running, program};
use crate::watch::transfers;

/// A running service, its address, and where its log goes.
struct Service {
    running: Running,
    address: SocketAddr,
    log: std::path::PathBuf,
}

impl Service {
    fn start(mut command: Command, folder: &Path) -> Self {
        let log = folder.join("log");
        command
            .args(["--listen", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(folder.join("data"));
        let mut running = Running::start_logged(command, &log);
        let Some(line) = running.line() else {
            panic!("no start: {}", std::fs::read_to_string(log).unwrap());
        };
        let (_, address) = line.rsplit_once('/').unwrap();
        let address = address.parse().unwrap();
        Self {
            running,
            address,
            log,
        }
    }

    async fn get(&self, path: &str) -> String {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Waits until the log holds a text so many times.
    async fn logged(&self, text: &str, times: usize) {
        let log = || std::fs::read_to_string(&self.log).unwrap();
        while log().matches(text).count() < times {
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) -> (Option<i32>, String) {
        let Self {
            mut running, log, ..
        } = self;
        let code = spawn_blocking(move || running.end()).await.unwrap().code();
        (code, std::fs::read_to_string(log).unwrap())
    }
}

async fn node() -> ReplayNode {
    ReplayNode::builder(built_in_recording())
        .start()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_tells_its_streams_and_ends_well() {
    let (node, folder) = (node().await, tempfile::tempdir().unwrap());
    let mut command = program(["serve", "--rpc-url"]);
    command.arg(node.http_url());
    let service = Service::start(command, folder.path());
    let chain_id = node.recording().chain_id();
    let client = EventStreamer::new(format!("http://{}", service.address), "stop").unwrap();
    let mut deliveries = transfers(&client, chain_id, 0).await;
    while !matches!(
        deliveries.next().await.unwrap().unwrap(),
        Delivery::Batch(_)
    ) {}
    let id = client.list_subscriptions(1, 1).await.unwrap().subscriptions[0].id;
    let path = format!("/subscriptions/{id}/stream");
    let stop = async {
        // When the stream is open.
        service.logged("stream opened", 2).await;
        service.running.signal("TERM");
    };
    let (stream, ()) = tokio::join!(service.get(&path), stop);
    assert!(
        stream.contains("SERVER_SHUTDOWN"),
        "{}",
        &stream[stream.len().saturating_sub(500)..]
    );
    let (code, log) = service.end().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("service stopped"), "{log}");
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_brings_the_chains_of_the_file_and_a_broken_file_changes_nothing() {
    let (node, folder) = (node().await, tempfile::tempdir().unwrap());
    let file = folder.path().join("settings.toml");
    let url = node.http_url();
    let chain =
        |id: u64, name: &str| format!("[chains.{id}]\nname = {name:?}\nrpc_urls = [{url:?}]\n");
    std::fs::write(&file, chain(1, "first")).unwrap();
    let mut command = program(["serve", "--config"]);
    command.arg(&file);
    let service = Service::start(command, folder.path());
    assert!(service.get("/api/chains").await.contains("\"first\""));

    let (mut read, mut refused) = (0, 0);
    for (text, good, names) in [
        (
            chain(1, "first") + &chain(2, "second"),
            true,
            ["\"first\"", "\"second\""],
        ),
        (
            "[chains.1]\nrcp_urls = []\n".to_owned(),
            false,
            ["\"first\"", "\"second\""],
        ),
        (
            "[chains.7]\nname = \"no endpoint\"\n".to_owned(),
            false,
            ["\"first\"", "\"second\""],
        ),
        (
            chain(1, "renamed") + &chain(3, "third"),
            true,
            ["\"renamed\"", "\"third\""],
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        service.running.signal("HUP");
        if good {
            read += 1;
            service.logged("the settings were read again", read).await;
        } else {
            refused += 1;
            service.logged("nothing is changed", refused).await;
        }
        let chains = service.get("/api/chains").await;
        assert!(names.iter().all(|name| chains.contains(name)), "{chains}");
    }
    assert!(!service.get("/api/chains").await.contains("\"second\""));
    service.running.signal("TERM");
    let (code, log) = service.end().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("settings.toml:2:1: `chains.1.rcp_urls` is no setting; did you mean `chains.1.rpc_urls`?"), "{log}");
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_in_no_log_however_much_is_logged() {
    let node = node().await;
    let (http, ws) = (node.http_url(), node.ws_url());
    let chain_id = node.recording().chain_id();
    for format in ["text", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let urls = [
            format!(
                "{chain_id}={}/secret-path?key=secret-query",
                http.trim_end_matches('/')
            ),
            format!(
                "{chain_id}={}",
                http.replace("://", "://user:secret-password@")
            ),
            format!("{chain_id}={}/secret-socket", ws.trim_end_matches('/')),
            // Nobody listens there.
            "7=http://127.0.0.1:1/secret-closed".to_owned(),
            "7=ws://127.0.0.1:1/secret-closed".to_owned(),
        ];
        let mut command = program(["serve", "--log", "trace", "--log-format", format]);
        for url in &urls {
            command.args(["--rpc-url", url]);
        }
        let service = Service::start(command, folder.path());
        let client = EventStreamer::new(format!("http://{}", service.address), "secret").unwrap();
        let mut deliveries = transfers(&client, chain_id, 0).await;
        while !matches!(
            deliveries.next().await.unwrap().unwrap(),
            Delivery::Batch(_)
        ) {}
        service.logged("cannot read the head", 1).await;
        let answer =
            service.get("/api/chains").await + &service.get("/api/circuit-breakers/status").await;
        assert!(
            answer.contains("127.0.0.1") && !answer.contains("secret-"),
            "{answer}"
        );
        let id = client.list_subscriptions(1, 1).await.unwrap().subscriptions[0].id;
        service
            .get(&format!(
                "/subscriptions/{id}/stream?resume_token=secret-token"
            ))
            .await;
        // A request's lines have its id.
        service.logged("answered", 3).await;
        drop(deliveries);
        service.running.signal("TERM");
        let (code, log) = service.end().await;
        assert_eq!(code, Some(0));
        let line = log.lines().find(|line| line.contains("secret-"));
        assert_eq!(line, None);
        let opened = log
            .lines()
            .find(|line| line.contains("stream opened"))
            .unwrap();
        assert!(opened.contains("conn_"), "{opened}");
        let answered = log.lines().find(|line| line.contains("answered")).unwrap();
        if format == "json" {
            let record: serde_json::Value = serde_json::from_str(answered).unwrap();
            assert!(
                record["span"]["id"].is_string() && record["span"]["socket"].is_u64(),
                "{record}"
            );
            assert_eq!(record["span"]["client"], "127.0.0.1");
        } else {
            assert!(
                answered.contains("request{id=") && answered.contains("client=127.0.0.1"),
                "{answered}"
            );
        }
    }
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_streams_over_tls() {
    let (node, folder) = (node().await, tempfile::tempdir().unwrap());
    let files = [
        ("tls.crt", certificates::FIRST.0),
        ("tls.key", certificates::FIRST.1),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = program(["serve", "--rpc-url"]);
    command.arg(node.http_url());
    for (flag, (name, _)) in ["--tls-cert", "--tls-key"].iter().zip(files) {
        command.arg(flag).arg(folder.path().join(name));
    }
    let service = Service::start(command, folder.path());
    let url = format!("https://localhost:{}", service.address.port());
    let client = EventStreamer::builder(url, "tls")
        .root_certificates_pem(certificates::AUTHORITY)
        .build()
        .unwrap();
    let expected = expected_transfers(node.recording()).len();
    let mut deliveries = transfers(&client, node.recording().chain_id(), 0).await;
    let mut events = 0;
    while events < expected {
        if let Delivery::Batch(batch) = deliveries.next().await.unwrap().unwrap() {
            events += batch.events().iter().count();
            batch.ack().await.unwrap();
        }
    }
    assert_eq!(events, expected);
    deliveries.close().await.unwrap();
    service.running.signal("TERM");
    assert_eq!(service.end().await.0, Some(0));
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_starting_is_said_with_what_to_do() {
    let (node, folder) = (node().await, tempfile::tempdir().unwrap());
    let mut command = program(["serve", "--rpc-url"]);
    command.arg(node.http_url());
    let service = Service::start(command, folder.path());
    let taken = service.address.to_string();
    let data = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(data("file"), "").unwrap();
    for (arguments, code, expected) in [
        (
            vec!["--listen", &taken, "--data-dir", &data("other")],
            1,
            "is something else listening there?",
        ),
        (
            vec!["--listen", "127.0.0.1:0", "--data-dir", &data("data")],
            1,
            "is in use by process",
        ),
        (
            vec!["--listen", "127.0.0.1:0", "--data-dir", &data("file")],
            1,
            "--data-dir names another one",
        ),
        (
            vec!["--listen", "0.0.0.0:0", "--data-dir", &data("other")],
            2,
            "--insecure",
        ),
        (vec!["--listen", "nowhere"], 2, "--listen: listen: "),
        (
            vec!["--config", "/nowhere.toml"],
            2,
            "cannot read /nowhere.toml: No such file",
        ),
        (
            vec!["--tls-cert", "/nowhere.pem"],
            2,
            "tls.cert and tls.key go together",
        ),
        (
            vec!["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"],
            2,
            "/nowhere.pem: No such file",
        ),
        (
            vec!["--delivery-max-batch-events", "0"],
            2,
            "batches must hold an event",
        ),
        (
            vec!["--rpc-url", "7=ws://127.0.0.1:1"],
            2,
            "has no http:// or https:// endpoint",
        ),
        (
            vec!["--rpc-url", "http://127.0.0.1:1"],
            1,
            "(or name it: --rpc-url CHAIN_ID=URL)",
        ),
    ] {
        let mut command = program(["serve", "--log", "off"]);
        if !arguments.contains(&"--rpc-url") {
            command.args(["--rpc-url", "1=http://127.0.0.1:1"]);
        }
        // Where the case names none itself: never the folder of the tests.
        if !arguments.contains(&"--data-dir") {
            command.arg("--data-dir").arg(data("other"));
        }
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(&arguments);
        let output = spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    service.running.signal("TERM");
    assert_eq!(service.end().await.0, Some(0));
    node.shutdown().await;
}

#[test]
fn settings_are_checked_and_shown_without_starting() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(
        &file,
        "[chains.1]\nrpc_urls = [\"https://node.example/secret-key\"]\n",
    )
    .unwrap();
    let config = |arguments: &[&str]| {
        let mut command = program(["config"]);
        let output = command
            .args(arguments)
            .arg("--config")
            .arg(&file)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code(),
            text + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, text) = config(&["check"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("the settings are good"), "{text}");
    let (code, text) = config(&["print", "--http-max-sockets=9"]);
    assert_eq!(code, Some(0));
    assert!(
        text.contains("max_sockets = 9 # --http-max-sockets"),
        "{text}"
    );
    assert!(
        text.contains("rpc_urls = [\"https://node.example\"] # "),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    let (code, text) = config(&["check", "--http-max-sockets=0"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("a socket must be allowed"), "{text}");
}
