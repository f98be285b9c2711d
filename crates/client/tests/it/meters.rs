//! What a stream tells the recorder of the application (feature `metrics`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::StreamEnd;
use event_streamer_testkit::{Gate, Routes, StreamLines, WireServer, event};
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use serde_json::json;

use crate::harness::*;

/// The values that were told, by name and labels; a gauge's as bits.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<BTreeMap<String, Arc<AtomicU64>>>>);

impl Told {
    fn of(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }

    fn value(&self, name: &str) -> Option<u64> {
        let name = format!("event_streamer_client_{name}{{subscription=7}}");
        let told = self.0.lock().unwrap();
        Some(told.get(&name)?.load(Ordering::SeqCst))
    }

    fn gauge(&self, name: &str) -> Option<f64> {
        self.value(name).map(f64::from_bits)
    }
}

impl Recorder for Told {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        panic!("{key} is no histogram")
    }
}

#[test]
fn a_recorder_is_told_while_the_stream_runs_and_at_its_end() {
    let told = Told::default();
    // The recorder is that of this thread, so that everything runs on it.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    with_local_recorder(&told, || runtime.block_on(streams(&told)));
}

async fn streams(told: &Told) {
    let gate = Gate::new();
    let mut lines = StreamLines::new(7, "c1");
    let twice = lines.batch(&[event(10, 0), event(10, 1)]);
    let first = stream_head("c1").chunk(&twice).chunk(&twice).close();
    let mut lines = StreamLines::new(7, "c2");
    let second = stream_head("c2")
        .chunk(lines.message("heartbeat", json!({"head_block": 14, "last_block": 10})))
        .wait(&gate)
        .chunk(lines.batch(&[event(14, 0)]))
        .chunk(lines.complete(3, "rt_end"))
        .last_chunk();
    let routes = Routes::new().once(STREAM, first).once(STREAM, second);
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(|_, context| async move {
        let block = context
            .batch()
            .events()
            .iter()
            .next()
            .unwrap()
            .block_number();
        match (context.attempt(), block) {
            (1, Some(14)) => Err("not yet"),
            _ => Ok(()),
        }
    });
    stream.start_streaming().await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(told.value("connections_total"), Some(2));
    assert_eq!(told.value("reconnects_total"), Some(1));
    assert_eq!(told.value("batches_received_total"), Some(1));
    assert_eq!(told.value("events_received_total"), Some(2));
    assert_eq!(told.value("events_handled_total"), Some(2));
    assert_eq!(told.value("duplicate_batches_total"), Some(1));
    assert_eq!(told.value("handler_failures_total"), Some(0));
    assert_eq!(told.gauge("lag_blocks"), Some(4.0));
    assert!(told.gauge("lag_seconds").unwrap() > 86_400.0);

    gate.open();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    // Without another second's waiting.
    assert_eq!(told.value("events_handled_total"), Some(3));
    assert_eq!(told.value("handler_failures_total"), Some(1));
    assert_eq!(told.value("batches_acknowledged_total"), Some(3));
    let none = [
        "events_ignored",
        "checkpoints",
        "dead_letters",
        "protocol_faults",
        "notices_dropped",
    ];
    for name in none {
        assert_eq!(told.value(&format!("{name}_total")), Some(0), "{name}");
    }
}
