//! Our own reader: framer, messages, session.

use std::hint::black_box;
use std::time::Duration;

use event_streamer_models::SubscriptionId;
use event_streamer_stream::{
    AckOutcome, Action, Batch, Framer, FramerConfig, Session, SessionConfig, StreamMessage,
};

use crate::contenders::Contender;
use crate::event::Transfer;
use crate::stream::Subject;

pub fn all(subject: &Subject) -> Vec<Contender<'_>> {
    vec![
        by_batch("ours, counting", subject, |batch| batch.len()),
        Contender::new(
            "ours, counting, judged and acknowledged",
            subject,
            in_a_session,
        ),
        by_batch("ours, positions", subject, |batch| {
            let events = batch.events();
            events
                .iter()
                .filter_map(|event| event.position())
                .map(black_box)
                .count()
        }),
        by_batch("ours, typed", subject, |batch| {
            let events = batch.events();
            for event in &events {
                let transfer: Transfer<'_> = event.deserialize().expect("a transfer");
                transfer.read();
            }
            events.len()
        }),
        by_batch("ours, `Value`", subject, |batch| {
            let events = batch.events();
            events
                .iter()
                .filter_map(|event| event.to_value().ok())
                .map(black_box)
                .count()
        }),
    ]
}

fn by_batch<'a>(
    name: &'static str,
    subject: &'a Subject,
    read: fn(&Batch) -> usize,
) -> Contender<'a> {
    Contender::new(name, subject, move |subject| {
        let mut events = 0;
        for_each_message(subject, |message| match message {
            StreamMessage::EventBatch(batch) => events += read(&batch),
            other => panic!("not a batch: {other:?}"),
        });
        events
    })
}

fn for_each_message(subject: &Subject, mut take: impl FnMut(StreamMessage)) {
    let mut framer = Framer::new(FramerConfig::default());
    for chunk in subject.chunks() {
        framer.push(chunk);
        while let Some(line) = framer.next_line().expect("lines within the limit") {
            take(StreamMessage::decode(line).expect("a message"));
        }
    }
    framer.finish().expect("a whole stream");
}

/// Everything that the stream crate does for a batch of a connection, its acknowledgement included.
fn in_a_session(subject: &Subject) -> usize {
    let id = SubscriptionId::new(123).expect("not zero");
    let mut session = Session::new(SessionConfig::new(id));
    session.connected(Some("conn".into()));
    let mut events = 0;
    let now = Duration::ZERO;
    for_each_message(subject, |message| {
        let Action::Deliver(delivery, batch) = session.receive(now, message) else {
            panic!("every batch is new");
        };
        events += batch.len();
        session.handled(now, delivery);
        while let Some(request) = session.poll_ack(now, false) {
            black_box(request);
            let failed = Vec::new();
            let _ = session.ack_outcome(now, AckOutcome::Acknowledged { failed }, 0.5);
        }
    });
    events
}
