//! A consumer that is killed again and again, with `SIGKILL`, wherever it is.
//!
//! The consumer is this test program itself, started once more as a child with the one test
//! [`consumer`]. It tells each step on its standard output; after a number of them that a seed decides
//! it is killed, and the next one goes on from its checkpoint.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use event_streamer_client::{
    CheckpointWriter, EventStreamer, FileCheckpoints, SqliteCheckpoints, StreamingClient,
};
use event_streamer_testkit::{RecordedRequest, Routes, Script, StreamLines, WireServer, event};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

use crate::harness::*;

/// Kills in all, dealt out to the ways of keeping the position.
const KILLS: [(Mode, u32); 3] = [
    (Mode::File, 66),
    (Mode::Sqlite, 66),
    (Mode::Transaction, 68),
];
/// The most blocks that a run of one mode takes: more than its kills can be spread over.
const BLOCKS: u64 = 400;
/// The most steps that a consumer lives for.
const MOST_STEPS: u64 = 12;

const MODE: &str = "CRASH_TEST_MODE";
const SERVICE: &str = "CRASH_TEST_SERVICE";
const FOLDER: &str = "CRASH_TEST_FOLDER";
/// A seed to repeat a run.
const SEED: &str = "CRASH_TEST_SEED";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Positions in a file, what is handled in another.
    File,
    /// Positions in SQLite, what is handled in a file.
    Sqlite,
    /// Both in one transaction.
    Transaction,
}

impl Mode {
    const ALL: [Self; 3] = [Self::File, Self::Sqlite, Self::Transaction];

    fn name(self) -> String {
        format!("{self:?}")
    }
}

/// The stream from the block behind the token: one block a batch, and the end.
fn stream_from(request: &RecordedRequest) -> Script {
    let token = request.query("resume_token").unwrap_or("rt_0_0");
    let block = token
        .split('_')
        .nth(1)
        .and_then(|block| block.parse::<u64>().ok());
    let mut lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let rest = block.unwrap_or(BLOCKS) + 1..=BLOCKS;
    rest.fold(head, |script, block| {
        script.chunk(lines.batch(&[event(block, 0)]))
    })
    .chunk(lines.complete(BLOCKS, &format!("rt_{BLOCKS}_end")))
    .last_chunk()
}

/// Not a test by itself: what the children are.
#[tokio::test]
#[ignore = "started by the test below"]
async fn consumer() {
    let Ok(mode) = std::env::var(MODE) else {
        return;
    };
    let mode = Mode::ALL
        .into_iter()
        .find(|known| known.name() == mode)
        .unwrap();
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let client = EventStreamer::new(std::env::var(SERVICE).unwrap(), "crashing").unwrap();
    let pool = database(&folder).await;
    let mut kept = options();
    kept = match mode {
        Mode::File => kept.with_checkpoint_store(FileCheckpoints::new(&folder)),
        Mode::Sqlite => kept.with_checkpoint_store(SqliteCheckpoints::new(pool.clone())),
        Mode::Transaction => kept
            .with_checkpoint_store(SqliteCheckpoints::new(pool.clone()))
            .with_checkpoint_writer(CheckpointWriter::Handler),
    };
    let mut stream = client.create_streaming_client(subscription(), kept);
    match mode {
        Mode::Transaction => store_in_transaction(&mut stream, &pool),
        Mode::File | Mode::Sqlite => store_in_file(&mut stream, &folder),
    }
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    step("completed");
}

/// Says how far it is; the line is out when this returns.
#[allow(clippy::print_stdout, reason = "the parent reads it")]
fn step(what: &str) {
    println!("step: {what}");
    std::io::stdout().flush().unwrap();
}

async fn database(folder: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("rows.sqlite"))
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let table = "CREATE TABLE IF NOT EXISTS seen (block BIGINT NOT NULL)";
    sqlx::query(table).execute(&pool).await.unwrap();
    pool
}

fn store_in_file(stream: &mut StreamingClient, folder: &Path) {
    let path = folder.join("seen");
    stream.on_all_events(move |events, _| {
        step("called");
        // One write: it is in the file or it is not.
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .unwrap();
        let text: String = places(&events)
            .iter()
            .map(|place| format!("{}\n", place.0))
            .collect();
        file.write_all(text.as_bytes()).unwrap();
        step("stored");
        std::future::ready(())
    });
}

fn store_in_transaction(stream: &mut StreamingClient, pool: &SqlitePool) {
    let pool = pool.clone();
    stream.on_all_events(move |events, context| {
        let pool = pool.clone();
        async move {
            step("called");
            let mut transaction = pool.begin().await?;
            for (block, _) in places(&events) {
                let insert = sqlx::query("INSERT INTO seen (block) VALUES ($1)");
                insert
                    .bind(block.cast_signed())
                    .execute(&mut *transaction)
                    .await?;
            }
            context.commit_with(&mut transaction).await?;
            step("written");
            transaction.commit().await?;
            step("committed");
            Ok::<(), event_streamer_client::HandlerError>(())
        }
    });
}

/// Runs a consumer; kills it after so many steps. Whether it came to the end before.
fn live(mode: Mode, service: &str, folder: &Path, steps: u64) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::consumer", "--ignored", "--nocapture"])
        .env(MODE, mode.name())
        .env(SERVICE, service)
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = 0;
    let mut completed = false;
    for line in lines {
        let line = line.unwrap();
        // The harness of the tests prints without an end of line before the first.
        let Some((_, what)) = line.split_once("step: ") else {
            continue;
        };
        completed = what == "completed";
        told += 1;
        if told >= steps && !completed {
            child.kill().unwrap();
            break;
        }
    }
    let status = child.wait().unwrap();
    assert_eq!(status.success(), completed, "the consumer failed by itself");
    completed
}

async fn blocks_seen(mode: Mode, folder: &Path) -> Vec<u64> {
    if mode == Mode::Transaction {
        let pool = database(folder).await;
        let rows = sqlx::query_scalar("SELECT block FROM seen ORDER BY rowid");
        let blocks: Vec<i64> = rows.fetch_all(&pool).await.unwrap();
        pool.close().await;
        return blocks.into_iter().map(i64::cast_unsigned).collect();
    }
    let text = std::fs::read_to_string(folder.join("seen")).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_nothing_is_lost_and_in_a_transaction_nothing_comes_twice() {
    let seed = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::from(std::process::id()));
    let mut dice = seed;
    let mut roll = move || {
        // An LCG is random enough to choose a step.
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        1 + (dice >> 33) % MOST_STEPS
    };
    let routes = agreeable(Routes::new()).answer(STREAM, stream_from);
    let server = Arc::new(WireServer::routed(routes).await);
    for (mode, kills) in KILLS {
        let folder = tempfile::tempdir().unwrap();
        let mut killed = 0;
        loop {
            let steps = if killed < kills { roll() } else { u64::MAX };
            let (service, path) = (server.url(), folder.path().to_owned());
            let life = move || live(mode, &service, &path, steps);
            if tokio::task::spawn_blocking(life).await.unwrap() {
                break;
            }
            killed += 1;
        }
        assert_eq!(
            killed, kills,
            "{mode:?}: the chain was too short; {SEED}={seed}"
        );
        let seen = blocks_seen(mode, folder.path()).await;
        let mut different = seen.clone();
        different.sort_unstable();
        different.dedup();
        let all: Vec<u64> = (1..=BLOCKS).collect();
        assert!(different == all, "{mode:?}: lost; {SEED}={seed}");
        // What comes again comes in order: never a step forward over something.
        let steps = seen.windows(2);
        assert!(
            steps.into_iter().all(|pair| pair[1] <= pair[0] + 1),
            "{mode:?}; {SEED}={seed}"
        );
        if mode == Mode::Transaction {
            assert!(seen == all, "twice; {SEED}={seed}");
        }
    }
}
