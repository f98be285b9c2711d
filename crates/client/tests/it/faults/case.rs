//! One case: what goes wrong, what is promised, how it is staged, and what must come of it.

use std::future::Future;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::time::Duration;

use event_streamer_client::{ErrorKind, StreamingOptions};
use event_streamer_testkit::{Routes, Script, StreamLines, event, token};

use super::stage::{Dialed, Handling, Stage};
use crate::harness::stream_head;

/// What a case does beside waiting for the end of the stream.
pub(super) type Play = Box<dyn for<'a> FnOnce(&'a mut Stage) -> Playing<'a>>;
pub(super) type Playing<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;
type Route = Box<dyn FnOnce(Routes) -> Routes>;

/// A row of the table.
///
/// Unless it says otherwise, a case expects what a broken connection leads to: the events (10, 0) and
/// (11, 0), each handled once and in order; a second connection that begins behind the first event,
/// after one delay; both batches acknowledged; `CONNECTION_LOST` reported; the end of the
/// subscription.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) fault: &'static str,
    pub(super) promise: &'static str,
    pub(super) staged: Staged,
    pub(super) expected: Expected,
    /// What is too large to be made for a look at the table.
    later: Option<Box<dyn FnOnce(Case) -> Case>>,
}

/// How the service and the handlers behave.
pub(super) struct Staged {
    pub(super) url: &'static str,
    /// The answers to requests for the stream, in order.
    pub(super) streams: Vec<Script>,
    /// The same of another server, to which [`Dialed::Elsewhere`] leads.
    pub(super) elsewhere: Vec<Script>,
    pub(super) routes: Vec<Route>,
    /// What becomes of the first attempts to connect; later ones reach the server.
    pub(super) dials: Vec<Dialed>,
    pub(super) options: StreamingOptions,
    pub(super) handling: Handling,
    pub(super) play: Option<Play>,
    pub(super) runtime: Runtime,
}

/// What a case runs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runtime {
    /// One thread, and a clock that jumps when there is nothing to do.
    Paused,
    /// Two threads and the real clock, for handlers that block one of them.
    Threads,
}

/// What must come of it.
pub(super) struct Expected {
    /// Every event that was handled, call by call.
    pub(super) handled: Vec<(u64, u32)>,
    /// What of it stands after rollbacks, if there was one.
    pub(super) stands: Option<Vec<(u64, u32)>>,
    /// The `resume_token` of each request for the stream.
    pub(super) tokens: Vec<Option<String>>,
    /// Every batch id that was acknowledged, request by request.
    pub(super) acked: Vec<String>,
    /// Every position that was acknowledged in place of batches.
    pub(super) positions: Vec<String>,
    /// The resume token at the end.
    pub(super) position: Option<String>,
    /// The codes given to `on_error`, in order.
    pub(super) reports: Vec<&'static str>,
    /// Texts that the reports hold, all together.
    pub(super) says: Vec<&'static str>,
    pub(super) waited: RangeInclusive<Duration>,
    pub(super) end: End,
}

/// How the stream ends.
#[derive(Clone, Copy)]
pub(super) enum End {
    Completed,
    Stopped,
    /// With an error of a kind whose text holds this.
    Fails(ErrorKind, &'static str),
    /// The play took the stream away and has asserted the rest.
    Gone,
}

impl Case {
    pub(super) fn new(name: &'static str, fault: &'static str, promise: &'static str) -> Self {
        Self {
            name,
            fault,
            promise,
            staged: Staged {
                url: "http://events.test",
                streams: Vec::new(),
                elsewhere: Vec::new(),
                routes: Vec::new(),
                dials: Vec::new(),
                options: StreamingOptions::default().with_jitter_seed(1),
                handling: Handling::Succeeds,
                play: None,
                runtime: Runtime::Paused,
            },
            expected: Expected {
                handled: vec![(10, 0), (11, 0)],
                stands: None,
                tokens: vec![None, Some(token(10, 0))],
                acked: vec!["c1-batch-1".into(), "c2-batch-1".into()],
                positions: Vec::new(),
                position: Some("rt_end".into()),
                reports: vec!["CONNECTION_LOST"],
                says: Vec::new(),
                waited: delays(1),
                end: End::Completed,
            },
            later: None,
        }
    }

    /// Stages the case when it is played, and not before.
    pub(super) fn later(mut self, stage: impl FnOnce(Self) -> Self + 'static) -> Self {
        self.later = Some(Box::new(stage));
        self
    }

    /// The case as it is played.
    pub(super) fn whole(mut self) -> Self {
        match self.later.take() {
            Some(stage) => stage(self),
            None => self,
        }
    }

    /// A first connection that does this behind its batch (10, 0), and a second with (11, 0) and the
    /// end.
    pub(super) fn breaks(self, then: impl FnOnce(Script, StreamLines) -> Script) -> Self {
        let (script, lines) = opening();
        self.stream(then(script, lines)).stream(rest())
    }

    /// A single connection that gives (10, 0), this, then (11, 0) and the end; nothing is reported.
    pub(super) fn survives(self, between: impl FnOnce(Script, &mut StreamLines) -> Script) -> Self {
        let (script, mut lines) = opening();
        let script = between(script, &mut lines)
            .chunk(lines.batch(&[event(11, 0)]))
            .chunk(lines.complete(2, "rt_end"))
            .last_chunk();
        let acked = lines.batch_ids();
        self.stream(script).unbroken().acked(acked)
    }

    /// What goes on undisturbed: one connection, no report, no waiting.
    pub(super) fn unbroken(self) -> Self {
        self.tokens([None])
            .reports([])
            .waits(at_once())
            .acked(["c1-batch-1", "c1-batch-2"])
    }

    /// A request for the stream that is answered so each time, and ends it for good at the first.
    pub(super) fn refused_for_good(
        self,
        script: Script,
        kind: ErrorKind,
        text: &'static str,
    ) -> Self {
        self.stream(script)
            .handled([])
            .tokens([None])
            .acked([] as [&str; 0])
            .nowhere()
            .reports_any()
            .waits(at_once())
            .fails(kind, text)
    }

    /// A request for the stream that is answered so at first, and then with all events.
    pub(super) fn refused_at_first(self, scripts: impl IntoIterator<Item = Script>) -> Self {
        let scripts: Vec<Script> = scripts.into_iter().collect();
        let tokens = vec![None; scripts.len() + 1];
        let waited = delays(scripts.len());
        scripts
            .into_iter()
            .fold(self, Self::stream)
            .stream(whole("c1"))
            .tokens(tokens)
            .acked(["c1-batch-1"])
            .waits(waited)
    }

    /// The line comes behind (10, 0), and again on every connection after it. What was before it is
    /// handled, nothing behind it, and after the third in a row at one position the stream ends.
    pub(super) fn poisoned(self, line: impl AsRef<[u8]>, text: &'static str) -> Self {
        let line = line.as_ref();
        self.poisoned_by(|script| script.chunk(line), text)
    }

    /// As [`poisoned`](Self::poisoned), by any steps that end no connection.
    pub(super) fn poisoned_by(
        mut self,
        poison: impl Fn(Script) -> Script,
        text: &'static str,
    ) -> Self {
        let reconnect = self.staged.options.reconnect.clone();
        self.staged.options.reconnect = reconnect.with_max_protocol_faults(2);
        let case = self.stream(poison(opening().0).await_hang_up());
        ["c2", "c3"]
            .into_iter()
            .fold(case, |case, connection| {
                case.stream(poison(stream_head(connection)).await_hang_up())
            })
            .handled([(10, 0)])
            .tokens([None, Some(token(10, 0)), Some(token(10, 0))])
            .acked(["c1-batch-1"])
            .position(token(10, 0))
            .reports(["STREAM_ERROR"; 3])
            .says(text)
            .waits(delays(2))
            .fails(ErrorKind::Protocol, "given up after attempt 3")
    }

    pub(super) fn url(mut self, url: &'static str) -> Self {
        self.staged.url = url;
        self
    }

    pub(super) fn stream(mut self, script: Script) -> Self {
        self.staged.streams.push(script);
        self
    }

    pub(super) fn elsewhere(mut self, script: Script) -> Self {
        self.staged.elsewhere.push(script);
        self
    }

    pub(super) fn route(mut self, route: impl FnOnce(Routes) -> Routes + 'static) -> Self {
        self.staged.routes.push(Box::new(route));
        self
    }

    pub(super) fn dials(mut self, dials: impl IntoIterator<Item = Dialed>) -> Self {
        self.staged.dials.extend(dials);
        self
    }

    pub(super) fn options(
        mut self,
        change: impl FnOnce(StreamingOptions) -> StreamingOptions,
    ) -> Self {
        self.staged.options = change(self.staged.options);
        self
    }

    pub(super) fn handling(mut self, handling: Handling) -> Self {
        self.staged.handling = handling;
        self
    }

    pub(super) fn play(
        mut self,
        play: impl for<'a> FnOnce(&'a mut Stage) -> Playing<'a> + 'static,
    ) -> Self {
        self.staged.play = Some(Box::new(play));
        self
    }

    pub(super) fn on_threads(mut self) -> Self {
        self.staged.runtime = Runtime::Threads;
        self.waits(Duration::ZERO..=Duration::MAX)
    }

    pub(super) fn handled(mut self, places: impl IntoIterator<Item = (u64, u32)>) -> Self {
        self.expected.handled = places.into_iter().collect();
        self
    }

    pub(super) fn stands(mut self, places: impl IntoIterator<Item = (u64, u32)>) -> Self {
        self.expected.stands = Some(places.into_iter().collect());
        self
    }

    pub(super) fn tokens(mut self, tokens: impl IntoIterator<Item = Option<String>>) -> Self {
        self.expected.tokens = tokens.into_iter().collect();
        self
    }

    pub(super) fn acked(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.expected.acked = ids.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn positions(mut self, tokens: impl IntoIterator<Item = String>) -> Self {
        self.expected.positions = tokens.into_iter().collect();
        self
    }

    pub(super) fn position(mut self, token: impl Into<String>) -> Self {
        self.expected.position = Some(token.into());
        self
    }

    /// Nothing is handled, so there is no position.
    pub(super) fn nowhere(mut self) -> Self {
        self.expected.position = None;
        self
    }

    pub(super) fn reports(mut self, codes: impl IntoIterator<Item = &'static str>) -> Self {
        self.expected.reports = codes.into_iter().collect();
        self
    }

    /// One report, of whatever code the service gave.
    pub(super) fn reports_any(self) -> Self {
        self.reports(["*"])
    }

    pub(super) fn says(mut self, text: &'static str) -> Self {
        self.expected.says.push(text);
        self
    }

    pub(super) fn waits(mut self, waited: RangeInclusive<Duration>) -> Self {
        self.expected.waited = waited;
        self
    }

    pub(super) fn fails(self, kind: ErrorKind, text: &'static str) -> Self {
        self.ends(End::Fails(kind, text))
    }

    pub(super) fn ends(mut self, end: End) -> Self {
        self.expected.end = end;
        self
    }
}

/// The head of connection `c1` and its first batch, (10, 0).
pub(super) fn opening() -> (Script, StreamLines) {
    let mut lines = StreamLines::new(7, "c1");
    let script = stream_head("c1").chunk(lines.batch(&[event(10, 0)]));
    (script, lines)
}

/// Connection `c1` with (10, 0), a pause, (11, 0) and the end.
pub(super) fn paused_for(time: Duration) -> Script {
    let (script, mut lines) = opening();
    script
        .delay(time)
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk()
}

/// Connection `c2`: the event (11, 0) and the end.
pub(super) fn rest() -> Script {
    rest_on("c2")
}

pub(super) fn rest_on(connection: &str) -> Script {
    let mut lines = StreamLines::new(7, connection);
    stream_head(connection)
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk()
}

/// A connection with both events in one batch, and the end.
pub(super) fn whole(connection: &str) -> Script {
    whole_behind(stream_head(connection), connection)
}

/// The same behind a head of one's own.
pub(super) fn whole_behind(head: Script, connection: &str) -> Script {
    let mut lines = StreamLines::new(7, connection);
    head.chunk(lines.batch(&[event(10, 0), event(11, 0)]))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk()
}

pub(super) fn at_once() -> RangeInclusive<Duration> {
    Duration::ZERO..=Duration::ZERO
}

pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn exactly(time: Duration) -> RangeInclusive<Duration> {
    time..=time
}

/// So many delays of the default policy, the position standing still: from 250 ms, doubling, each with
/// jitter of up to as much again, at most 15 s.
pub(super) fn delays(count: usize) -> RangeInclusive<Duration> {
    let attempts: Vec<u32> = (1..).take(count).collect();
    delays_from(&attempts)
}

/// The delays of these attempts: each counts how often in a row the position stood still.
pub(super) fn delays_from(attempts: &[u32]) -> RangeInclusive<Duration> {
    let delay = |attempt: u32, base: u64| {
        let doubled = base.saturating_mul(1 << (attempt - 1).min(20));
        Duration::from_millis(doubled.min(10_000))
    };
    let sum = |base| attempts.iter().map(|&attempt| delay(attempt, base)).sum();
    // Tokio's timers fire at the millisecond that follows.
    let late = Duration::from_millis(attempts.len() as u64);
    sum(250)..=sum(500) + late
}

/// Adds a time that passes besides.
pub(super) fn after(time: Duration, waited: RangeInclusive<Duration>) -> RangeInclusive<Duration> {
    *waited.start() + time..=*waited.end() + time
}
