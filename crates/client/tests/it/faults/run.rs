//! Plays one case and holds what came of it against what it expects.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use event_streamer_client::{Error, StreamEnd};
use event_streamer_testkit::{Record, WireServer, event};
use tokio::runtime::{Builder, Runtime as Tokio};
use tokio::time::Instant;

use super::case::{Case, End, Expected, Runtime};
use super::stage::Stage;
use crate::harness::{POSITION, acked, tokens};

/// A case that has not ended after so long on its clock never will.
fn for_ever(clock: Runtime) -> Duration {
    match clock {
        Runtime::Paused => Duration::from_secs(24 * 3600),
        Runtime::Threads => Duration::from_secs(30),
    }
}

/// Plays a case; gives the time it took on its own clock, or what was not as promised.
pub(super) fn play(case: Case) -> Result<Duration, String> {
    let case = case.whole();
    let runtime = runtime(case.staged.runtime);
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(play_on_stage(case)))).unwrap_or_else(
        |panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(format!("  panicked: {}", text.unwrap_or_default()))
        },
    )
}

fn runtime(kind: Runtime) -> Tokio {
    let mut builder = match kind {
        Runtime::Paused => Builder::new_current_thread(),
        Runtime::Threads => Builder::new_multi_thread(),
    };
    builder
        .enable_all()
        .worker_threads(2)
        .start_paused(kind == Runtime::Paused)
        .build()
        .unwrap()
}

async fn play_on_stage(mut case: Case) -> Result<Duration, String> {
    let mut stage = Stage::set(&mut case.staged).await;
    let play = case.staged.play.take();
    let start = Instant::now();
    let played = async {
        match play {
            Some(play) => play(&mut stage).await,
            None => stage.start().await,
        }
        match &stage.stream {
            Some(stream) => Some(stream.finished().await),
            None => None,
        }
    };
    let end = tokio::time::timeout(for_ever(case.staged.runtime), played)
        .await
        .map_err(|_| "  it never ends".to_owned())?;
    let waited = start.elapsed();
    let mut faults = Faults::default();
    compare(&case.expected, &stage, end.as_ref(), waited, &mut faults);
    faults.into_result().map(|()| waited)
}

/// What differs from the expectation.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, got: &T, expected: &T) {
        if got != expected {
            let text = format!("  {what}: {got:?}\n    expected {expected:?}");
            self.0.push(text.chars().take(2_000).collect());
        }
    }

    fn wrong(&mut self, text: impl std::fmt::Display) {
        self.0.push(format!("  {text}"));
    }

    fn into_result(self) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(self.0.join("\n"))
    }
}

fn compare(
    expected: &Expected,
    stage: &Stage,
    end: Option<&Result<StreamEnd, Error>>,
    waited: Duration,
    faults: &mut Faults,
) {
    faults.same("handled", &stage.book.places(), &expected.handled);
    let stands = expected.stands.as_ref().unwrap_or(&expected.handled);
    let records = stands.iter().map(|&(block, log_index)| {
        let event = event(block, log_index);
        Record::of_json(&event)
    });
    let ledger = stage.book.ledger.lock().unwrap();
    if ledger.delivered() > 0 {
        let difference = ledger.compare(records);
        if !difference.is_none() {
            faults.wrong(difference.to_string());
        }
    }
    let servers = [&stage.server, &stage.elsewhere];
    let of_both = |ask: fn(&WireServer) -> Vec<String>| servers.map(ask).concat();
    let begun = servers.map(tokens).concat();
    faults.same("connections began at", &begun, &expected.tokens);
    faults.same(
        "acknowledged",
        &of_both(|server| acked(server).concat()),
        &expected.acked,
    );
    faults.same(
        "positions acknowledged",
        &of_both(positions),
        &expected.positions,
    );
    if let Some(stream) = &stage.stream {
        let position = stream.current_resume_token().map(|token| token.to_string());
        faults.same("position", &position, &expected.position);
    }
    compare_reports(expected, stage, faults);
    if !expected.waited.contains(&waited) {
        faults.wrong(format!(
            "it took {waited:?}, expected {:?}",
            expected.waited
        ));
    }
    compare_end(expected.end, end, faults);
    for server in servers {
        for left in server.unused() {
            faults.wrong(left);
        }
    }
}

fn positions(server: &WireServer) -> Vec<String> {
    let requests = server.requests();
    let tokens = requests
        .iter()
        .filter(|request| request.matches(POSITION))
        .map(|request| request.json()["resume_token"].as_str().unwrap().to_owned());
    tokens.collect()
}

fn compare_reports(expected: &Expected, stage: &Stage, faults: &mut Faults) {
    let codes = stage.errors.codes();
    let same = codes.len() == expected.reports.len()
        && codes
            .iter()
            .zip(&expected.reports)
            .all(|(code, expected)| *expected == "*" || code == expected);
    let texts = stage.errors.texts();
    if !same {
        faults.wrong(format!(
            "reported: {codes:?} {texts:?}\n    expected {:?}",
            expected.reports
        ));
    }
    for text in &expected.says {
        if !texts.iter().any(|told| told.contains(text)) {
            faults.wrong(format!("no report holds {text:?}: {texts:?}"));
        }
    }
    for text in &texts {
        if text.contains("very-secret") || text.len() > 1_500 {
            faults.wrong(format!("a report is too long or holds the secret: {text}"));
        }
    }
    let delays = stage.delays.lock().unwrap();
    if delays.iter().any(std::time::Duration::is_zero) {
        faults.wrong("a new connection was made without a delay".to_owned());
    }
}

fn compare_end(expected: End, end: Option<&Result<StreamEnd, Error>>, faults: &mut Faults) {
    match (expected, end) {
        (End::Gone, None)
        | (End::Completed, Some(Ok(StreamEnd::Completed)))
        | (End::Stopped, Some(Ok(StreamEnd::Stopped))) => {}
        (End::Fails(kind, text), Some(Err(error))) => {
            faults.same("the final error's kind", &error.kind(), &kind);
            if !error.to_string().contains(text) {
                faults.wrong(format!("the final error does not hold {text:?}: {error}"));
            }
            if error.body().is_some_and(|body| body.len() > 600) {
                faults.wrong("the final error holds a body without bound".to_owned());
            }
        }
        (_, end) => faults.wrong(format!("the end is {end:?}")),
    }
}
