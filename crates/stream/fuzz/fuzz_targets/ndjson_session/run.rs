//! The client's part around the session, and what must hold whatever comes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use event_streamer_models::{ResumeToken, SubscriptionId};
use event_streamer_stream::{
    AckOutcome, AckRequest, AckVerdict, Action, Checkpoint, DeliveryId, FaultKind, Framer,
    FramerConfig, PositionKeeper, Recovery, Session, SessionConfig, StreamMessage,
};

const MAX_LINE: usize = 2_048;
const MAX_IN_FLIGHT: usize = 16;
const MAX_PROTOCOL_FAULTS: u32 = 3;
const MAX_ATTEMPTS: u32 = 6;
const MAX_CONNECTIONS: usize = 400;

/// A message that was accepted, in order.
struct Entry {
    token: Option<ResumeToken>,
    batch_id: Option<String>,
    /// It was for the application.
    delivered: bool,
    handled: bool,
}

pub(crate) struct Run<'a> {
    script: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    session: Session,
    now: Duration,
    entries: Vec<Entry>,
    settled: usize,
    held: Vec<(DeliveryId, usize)>,
    /// Where the stream goes on behind a token.
    offsets: HashMap<ResumeToken, usize>,
    position: Option<ResumeToken>,
    checkpoint: Option<Checkpoint>,
    /// Positions in the order in which they were handled, and how many of them are kept.
    handled: Vec<Option<ResumeToken>>,
    kept: usize,
    delivered: HashSet<String>,
    may_acknowledge: HashSet<String>,
    flight: bool,
    delay: Duration,
    /// Whether every batch that came says where it stands.
    placed: bool,
    over: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(script: &'a [u8]) -> Self {
        let script = if script.is_empty() { &b"0"[..] } else { script };
        let mut config = SessionConfig::new(SubscriptionId::new(7).expect("not zero"));
        config.max_in_flight = MAX_IN_FLIGHT;
        config.reconnect.max_protocol_faults = MAX_PROTOCOL_FAULTS;
        config.reconnect.max_attempts = Some(MAX_ATTEMPTS);
        config.acks.max_batches = 4;
        config.acks.max_attempts = 2;
        if script[0] & 1 == 1 {
            config.keeper = PositionKeeper::Store;
        }
        Self {
            script: script.iter().cycle(),
            session: Session::new(config),
            now: Duration::ZERO,
            entries: Vec::new(),
            settled: 0,
            held: Vec::new(),
            offsets: HashMap::new(),
            position: None,
            checkpoint: None,
            handled: vec![None],
            kept: 1,
            delivered: HashSet::new(),
            may_acknowledge: HashSet::new(),
            flight: false,
            delay: Duration::ZERO,
            placed: true,
            over: false,
        }
    }

    fn byte(&mut self) -> u8 {
        *self.script.next().expect("the script comes again for ever")
    }

    /// Opens connections until the session gives up or the stream says that it is over.
    pub(crate) fn play(mut self, stream: &[u8]) {
        let mut connections = 0;
        while !self.over {
            connections += 1;
            if connections > MAX_CONNECTIONS + stream.len() {
                assert!(!self.placed, "the same lines come for ever");
                return;
            }
            let token = self.session.resume_token();
            let offset = token.map_or(0, |token| self.offsets.get(token).copied().unwrap_or(0));
            let id = (self.byte() % 4 > 0).then(|| format!("c{connections}").into());
            self.session.connected(id);
            if let Some(kind) = self.connection(stream, offset) {
                self.fault(kind);
            }
        }
    }

    /// Reads a connection; answers why it ended, unless the session goes on by itself.
    fn connection(&mut self, stream: &[u8], offset: usize) -> Option<FaultKind> {
        let mut framer = Framer::new(FramerConfig::default().with_max_line(MAX_LINE));
        let mut pushed = offset;
        while pushed < stream.len() {
            let size = usize::from(self.byte()).pow(2) / 16 + 1;
            let end = (pushed + size).min(stream.len());
            framer.push(Bytes::copy_from_slice(&stream[pushed..end]));
            pushed = end;
            loop {
                let line = match framer.next_line() {
                    Ok(Some(line)) => line,
                    Ok(None) => break,
                    Err(_) => return Some(FaultKind::Protocol),
                };
                // What is held are the bytes behind this line.
                let behind = pushed - framer.buffered();
                let Ok(message) = StreamMessage::decode(line) else {
                    return Some(FaultKind::Protocol);
                };
                if let Some(kind) = self.message(message, behind) {
                    return Some(kind);
                }
                if self.over || !self.session.is_connected() {
                    return None;
                }
                if let Some(kind) = self.between() {
                    return Some(kind);
                }
                if !self.session.is_connected() {
                    return None;
                }
            }
            assert!(framer.buffered() <= MAX_LINE + 1);
        }
        // Whether it ended inside a line or not.
        let _ = framer.finish();
        Some(FaultKind::Connection)
    }

    fn message(&mut self, message: StreamMessage, behind: usize) -> Option<FaultKind> {
        let token = token(&message).cloned();
        let batch_id = match &message {
            StreamMessage::EventBatch(batch) => batch.batch_id().map(ToString::to_string),
            _ => None,
        };
        let batch = matches!(message, StreamMessage::EventBatch(_));
        let sequence = self.session.next_sequence();
        let action = self.session.receive(self.now, message);
        assert!(self.session.next_sequence() >= sequence);
        self.placed &= !batch || token.is_some();
        let (token, handled) = match action {
            Action::Deliver(id, batch) => {
                assert!(!batch.is_empty());
                for event in &batch.events() {
                    let _ = (event.to_value(), event.position());
                }
                if let Some(id) = &batch_id {
                    assert!(self.delivered.insert(id.clone()), "{id} is delivered twice");
                }
                self.held.push((id, self.entries.len()));
                (token, false)
            }
            Action::Rollback(id, _) => {
                self.held.push((id, self.entries.len()));
                (token, false)
            }
            Action::Duplicate => (None, true),
            Action::Nothing | Action::Progress(_) => (token, true),
            Action::Heartbeat(_) => return None,
            Action::Report(_) => {
                // It may stand for a rollback, behind which the same comes again.
                self.placed = false;
                return None;
            }
            Action::Fail(_) => {
                self.over = true;
                return None;
            }
            Action::Finish(_) => {
                self.over = true;
                (token, true)
            }
            Action::Break(_) => return Some(FaultKind::Protocol),
        };
        if let Some(token) = &token {
            self.offsets.insert(token.clone(), behind);
        }
        self.entries.push(Entry {
            token,
            batch_id,
            delivered: !handled,
            handled,
        });
        self.settle();
        None
    }

    /// What the application, the store and the service do between two messages.
    fn between(&mut self) -> Option<FaultKind> {
        let byte = self.byte();
        self.now += Duration::from_secs(u64::from(byte >> 5));
        match byte % 16 {
            0..=4 => self.handle(usize::from(byte)),
            5 => self.commit(),
            6 => self.checkpoint = self.session.due_checkpoint(),
            7 | 8 => self.save(),
            9..=11 => self.acknowledge(byte),
            12 => return Some(FaultKind::Connection),
            13 => {
                self.rewind();
                return None;
            }
            _ => {}
        }
        // Without room nothing is read.
        let mut turns = 0;
        while !self.session.has_room() && self.session.is_connected() {
            turns += 1;
            assert!(turns < 1_000, "no room any more");
            self.handle(0);
            self.checkpoint = self.session.due_checkpoint().or(self.checkpoint.take());
            self.save();
            self.now += Duration::from_secs(60);
            self.acknowledge(0);
        }
        assert!(self.session.unhandled() <= MAX_IN_FLIGHT);
        None
    }

    fn handle(&mut self, which: usize) {
        if self.held.is_empty() {
            return;
        }
        let (id, entry) = self.held.remove(which % self.held.len());
        self.session.handled(self.now, id);
        self.entries[entry].handled = true;
        self.settle();
    }

    fn commit(&mut self) {
        let Some((id, entry)) = self.held.first().copied() else {
            return;
        };
        assert!(self.session.is_next(id));
        self.held.remove(0);
        self.session.committed(self.now, id);
        self.entries[entry].handled = true;
        self.settle();
    }

    fn settle(&mut self) {
        while let Some(entry) = self.entries.get(self.settled).filter(|entry| entry.handled) {
            if entry.token.is_some() && entry.token != self.position {
                self.position.clone_from(&entry.token);
                self.handled.push(entry.token.clone());
                self.delay = Duration::ZERO;
            }
            if entry.delivered {
                self.delay = Duration::ZERO;
            }
            self.may_acknowledge.extend(entry.batch_id.clone());
            self.settled += 1;
        }
        self.check();
    }

    fn save(&mut self) {
        if let Some(checkpoint) = self.checkpoint.take() {
            self.session.checkpointed(self.now, &checkpoint);
        }
        self.check();
    }

    fn acknowledge(&mut self, byte: u8) {
        if !self.flight {
            let Some(request) = self.session.poll_ack(self.now, byte & 16 > 0) else {
                return;
            };
            self.flight = true;
            match &request {
                AckRequest::Batches { batch_ids, .. } => {
                    assert!((1..=4).contains(&batch_ids.len()));
                    for id in batch_ids {
                        assert!(self.may_acknowledge.contains(id.as_str()), "{id}");
                    }
                }
                AckRequest::Position { resume_token } => {
                    let kept = &self.handled[..self.kept];
                    assert!(kept.contains(&Some(resume_token.clone())));
                }
                AckRequest::Response { .. } => {}
            }
        }
        let failed = Vec::new();
        let outcome = match byte >> 5 {
            0..=2 => AckOutcome::Acknowledged { failed },
            3 => AckOutcome::ConnectionUnknown,
            4 => AckOutcome::Unsupported,
            5 => AckOutcome::Refused,
            6 => AckOutcome::Unavailable { retry_after: None },
            // Still on its way.
            _ => return,
        };
        self.flight = false;
        let unit = f64::from(byte) / 255.0;
        let verdict = self.session.ack_outcome(self.now, outcome, unit);
        if matches!(verdict, AckVerdict::ConnectionGone | AckVerdict::GaveUp) {
            self.fault(FaultKind::Connection);
        }
        self.check();
    }

    fn rewind(&mut self) {
        self.session.rewind();
        self.flight = false;
        self.held.clear();
        self.entries.truncate(self.settled);
        self.delivered.clear();
        self.delay = Duration::ZERO;
        // The application may do that for ever.
        self.placed = false;
    }

    fn fault(&mut self, kind: FaultKind) {
        let unit = f64::from(self.byte()) / 255.0;
        match self.session.fault(kind, unit) {
            Recovery::Reconnect { delay, attempt } => {
                assert!(attempt <= MAX_ATTEMPTS);
                assert!(delay >= self.delay, "{delay:?} after {:?}", self.delay);
                self.delay = delay;
                self.now += delay;
            }
            Recovery::Stop => self.over = true,
        }
    }

    /// What holds at every moment.
    fn check(&mut self) {
        let session = &self.session;
        assert_eq!(session.position(), self.position.as_ref());
        assert_eq!(session.unhandled(), self.held.len());
        let kept = session.checkpointed_position();
        let last = self
            .handled
            .iter()
            .rposition(|token| token.as_ref() == kept);
        self.kept = self.kept.max(last.expect("what is kept was handled") + 1);
        let acknowledged = session.acknowledged_position().cloned();
        let kept = &self.handled[..self.kept];
        assert!(kept.contains(&acknowledged), "acknowledged, not kept");
    }
}

fn token(message: &StreamMessage) -> Option<&ResumeToken> {
    match message {
        StreamMessage::EventBatch(batch) => batch.resume_token(),
        StreamMessage::Progress(progress) => Some(&progress.resume_token),
        StreamMessage::Reorg(reorg) => Some(&reorg.resume_token),
        StreamMessage::Complete(complete) => Some(&complete.resume_token),
        _ => None,
    }
}
