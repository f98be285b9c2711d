//! The session among its service, its application and its store, and what each of them must see.

mod acknowledgements;
mod application;
mod arrivals;
mod due;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::*;
use due::Due;

use super::chain::{Log, Token, matches, next_match};
use super::model::{Answer, Model, Transition};
use super::service::{Sent, Service};

/// A message of this process that was accepted, in order.
#[derive(Debug)]
struct Entry {
    logs: Vec<Log>,
    /// So many logs stand once it is handled.
    rollback: Option<u64>,
    token: Option<Token>,
    /// What may be acknowledged once it is kept.
    end: Option<Token>,
    /// The batch that is acknowledged then.
    batch: Option<String>,
    done: bool,
}

/// A checkpoint that the store has not written yet, and how many entries were settled then.
#[derive(Debug)]
struct Writing {
    checkpoint: Checkpoint,
    settled: usize,
}

#[derive(Debug)]
pub(super) struct World {
    store: bool,
    extended: bool,
    service: Service,
    session: Session,
    now: Duration,
    entries: Vec<Entry>,
    /// So many entries are handled without a gap, and so many of them are kept.
    settled: usize,
    kept: usize,
    /// So many of them the session knows to be kept.
    released: usize,
    /// The entry that is being written with its position.
    committed: Option<usize>,
    /// Deliveries that the application holds, with their entries.
    held: Vec<(DeliveryId, usize)>,
    /// Where this process began.
    start: Option<Token>,
    /// Where the next connection is to begin.
    next: Option<Token>,
    /// Logs before what was not delivered yet.
    front: u64,
    /// Whether what was delivered, or handled, bounds what may come: not behind an error that stands
    /// for a rollback.
    bounded: bool,
    handled_bounded: bool,
    /// The sequence that is due; the last batch delivered on this connection.
    sequence: u64,
    last: Option<Sent>,
    /// The step that is due, and the last block that is read where there are none.
    step: u64,
    covered: Option<u64>,
    /// Delivered in this process.
    seen: HashSet<Log>,
    /// What the application has, over all its processes.
    journal: Vec<Log>,
    journal_end: u64,
    writing: Vec<Writing>,
    durable: Option<(usize, Token)>,
    flight: Option<AckRequest>,
    /// Positions that the service may hold.
    allowed: HashSet<Token>,
    ends: HashMap<String, Token>,
    /// Batches that came again and are to be acknowledged again.
    owed: HashSet<String>,
    due: Due,
    attempts: u32,
    delay: Option<Duration>,
    expected: SessionCounters,
    pub(super) counts: BTreeMap<&'static str, u64>,
}

impl World {
    pub(super) fn new(model: &Model) -> Self {
        let mut world = Self {
            store: model.store,
            extended: model.extended,
            service: Service::new(model.extended, model.steps),
            session: Session::new(config(model.store, None)),
            now: Duration::ZERO,
            entries: Vec::new(),
            settled: 0,
            kept: 0,
            released: 0,
            committed: None,
            held: Vec::new(),
            start: None,
            next: None,
            front: 0,
            bounded: false,
            handled_bounded: false,
            sequence: 1,
            last: None,
            step: 1,
            covered: None,
            seen: HashSet::new(),
            journal: Vec::new(),
            journal_end: 0,
            writing: Vec::new(),
            durable: None,
            flight: None,
            allowed: HashSet::from([Token::default()]),
            ends: HashMap::new(),
            owed: HashSet::new(),
            due: Due::default(),
            attempts: 0,
            delay: None,
            expected: SessionCounters::default(),
            counts: BTreeMap::new(),
        };
        world.connect(0);
        world
    }

    fn count(&mut self, kind: &'static str) {
        *self.counts.entry(kind).or_default() += 1;
    }

    pub(super) fn step(&mut self, transition: &Transition) {
        match *transition {
            Transition::Send(size) => self.send(size),
            Transition::Progress => self.progress(),
            Transition::LoseProgress => {
                self.count("lose progress");
                self.service.progress();
            }
            Transition::Heartbeat => self.heartbeat(),
            Transition::Lose(size) => {
                self.count("lose");
                self.service.batch(size);
            }
            Transition::Repeat(which) => self.repeat(which),
            Transition::Flawed(flaw) => self.flawed(flaw),
            Transition::Cut { unit, early } => {
                let early = if self.bounded { early } else { 0 };
                self.count(if early > 0 { "cut and early" } else { "cut" });
                self.fault(FaultKind::Connection, unit, early);
            }
            Transition::Refuse { unit, seconds } => {
                self.count("refuse");
                let retry_after = Some(Duration::from_secs(seconds));
                self.fault(FaultKind::Unavailable { retry_after }, unit, 0);
            }
            Transition::Reorganise { depth, heard } => self.reorganise(depth, heard),
            Transition::LoseNotice { depth } => {
                // A connection that began too early is not at what the fork makes void yet.
                let behind = self.service.cursor < self.front;
                if !behind && self.service.reorganise(depth).is_some() {
                    self.count("lose a notice");
                }
            }
            Transition::Handle(which) => self.handle(which),
            Transition::Commit => self.commit(),
            Transition::Checkpoint => self.checkpoint(),
            Transition::Save { which, heard } => self.save(which, heard),
            Transition::Drop(which) => {
                if !self.writing.is_empty() {
                    self.count("drop");
                    self.writing.remove(which % self.writing.len());
                }
            }
            Transition::Acknowledge { flush } => self.acknowledge(flush),
            Transition::Answer(answer) => self.answer(answer),
            Transition::Crash { stored } => self.crash(stored),
            Transition::Rewind => self.rewind(),
        }
    }

    fn connect(&mut self, early: u64) {
        assert_eq!(self.session.resume_token().map(Token::parse), self.next);
        let token = self.next.unwrap_or(self.service.acknowledged);
        self.front = token.logs;
        let rollback = self.service.connect(token, early);
        let id = ConnectionId::from(self.service.connection());
        self.session.connected(Some(id));
        self.expected.connections += 1;
        self.sequence = 1;
        (self.step, self.covered) = (1, None);
        self.last = None;
        if let Some(rollback) = rollback {
            self.count("rollback at connect");
            self.roll_back(&rollback);
        }
    }

    fn fault(&mut self, kind: FaultKind, unit: f64, early: u64) {
        let Recovery::Reconnect { delay, attempt } = self.session.fault(kind, unit) else {
            panic!("no fault of this world is final");
        };
        self.attempts += 1;
        assert_eq!(attempt, self.attempts, "the attempts at one position");
        if let FaultKind::Unavailable { retry_after } = kind {
            assert!(Some(delay) >= retry_after, "a wait was shortened");
        } else {
            let last = self.delay.replace(delay);
            assert!(
                last <= Some(delay),
                "a delay shrank: {last:?}, now {delay:?}"
            );
        }
        self.expected.protocol_faults += u64::from(kind == FaultKind::Protocol);
        self.now += delay;
        self.connect(early);
    }

    fn crash(&mut self, stored: bool) {
        let stored = stored && self.store;
        self.count(if stored {
            "crash"
        } else {
            "crash without its store"
        });
        let durable = self.durable.map(|(_, token)| token);
        self.start = durable.or(self.start).filter(|_| stored);
        let begin = self.start.unwrap_or(self.service.acknowledged);
        self.allowed.insert(begin);
        let token = self.start.map(|token| ResumeToken::from(token.text()));
        self.session = Session::new(config(self.store, token));
        self.entries.clear();
        (self.settled, self.kept, self.released) = (0, 0, 0);
        self.held.clear();
        self.next = self.start;
        self.seen.clear();
        (self.bounded, self.handled_bounded) = (false, false);
        // Whatever lies behind comes again; its key tells the application.
        self.journal.retain(|log| log.number < begin.logs);
        // It may have rolled back already what the position does not know to be void yet.
        let void = self.service.chain.rollback(begin).is_some();
        let handled = next_match(self.journal_end);
        assert!(void || handled >= begin.logs, "begins past it");
        self.journal_end = self.journal_end.min(begin.logs);
        self.writing.clear();
        self.durable = None;
        self.flight = None;
        self.owed.clear();
        self.due = Due::default();
        (self.attempts, self.delay) = (0, None);
        self.expected = SessionCounters::default();
        self.connect(0);
    }

    fn rewind(&mut self) {
        self.count("rewind");
        self.session.rewind();
        self.due.recall();
        for entry in self.entries.drain(self.settled..) {
            for log in &entry.logs {
                self.seen.remove(log);
            }
        }
        self.held.clear();
        self.next = self.position();
        self.bounded = self.handled_bounded;
        self.flight = None;
        self.owed.clear();
        (self.attempts, self.delay) = (0, None);
        self.connect(0);
    }

    /// What holds at every moment.
    pub(super) fn check(&self) {
        let session = &self.session;
        let parse = |token: Option<&ResumeToken>| token.map(Token::parse);
        assert_eq!(parse(session.resume_token()), self.next, "delivered");
        assert_eq!(parse(session.position()), self.position(), "handled");
        let kept = self.token_of(self.kept);
        assert_eq!(parse(session.checkpointed_position()), kept, "kept");
        if let Some(confirmed) = parse(session.acknowledged_position()) {
            assert!(
                self.allowed.contains(&confirmed),
                "{confirmed:?} is not kept"
            );
            assert!(!self.due.is_ahead(confirmed), "{confirmed:?} is too far");
        }
        let held = self.service.acknowledged;
        assert!(self.allowed.contains(&held), "{held:?} is not kept");
        if session.acks_settled() {
            assert!(self.due.is_settled(), "forgotten: {:?}", self.due);
        }
        assert_eq!(session.unhandled(), self.held.len());
        assert_eq!(session.next_sequence(), Some(self.sequence));
        let counters = SessionCounters {
            checkpoints: session.counters().checkpoints,
            batches_acknowledged: session.counters().batches_acknowledged,
            ..self.expected
        };
        assert_eq!(session.counters(), counters);
    }

    /// The faults end: everything is delivered, handled, kept and acknowledged.
    pub(super) fn heal(&mut self) {
        // The connection is kept if it is whole, or what was done wrong on it would not show.
        if self.misses() || self.service.cursor < self.front {
            self.fault(FaultKind::Connection, 1.0, 0);
        }
        for _ in 0..5 {
            self.send(3);
        }
        let mut rounds = 0;
        while !self.held.is_empty() || !self.session.acks_settled() || self.flight.is_some() {
            rounds += 1;
            assert!(rounds < 1_000, "no end: {:?}", self.session);
            self.handle(0);
            self.checkpoint();
            self.save(0, true);
            self.acknowledge(true);
            self.answer(Answer::Taken);
            self.check();
        }
        let end = Some(self.service.chain.token(self.service.cursor));
        assert_eq!(self.position(), end);
        assert_eq!(self.token_of(self.kept), end);
        assert_eq!(Some(self.service.acknowledged), end);
        let confirmed = self.session.acknowledged_position().map(Token::parse);
        assert_eq!(confirmed, end);
        assert!(
            self.owed.is_empty(),
            "not acknowledged again: {:?}",
            self.owed
        );
        let chain = &self.service.chain;
        let stands = (0..self.journal_end).filter(|number| matches(*number));
        let stands: Vec<Log> = stands.map(|number| chain.log(number)).collect();
        assert_eq!(self.journal, stands, "the journal is the chain's");
    }
}

fn config(store: bool, token: Option<ResumeToken>) -> SessionConfig {
    let mut config = super::super::config();
    config.resume_token = token;
    if store {
        config.keeper = PositionKeeper::Store;
    }
    config.reconnect.max_protocol_faults = u32::MAX;
    config.acks.max_attempts = due::MAX_ATTEMPTS;
    config
}
