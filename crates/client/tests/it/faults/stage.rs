//! Where a case is played: scripted servers, a network that obeys, a stream with handlers that do
//! what the case says, and a book of what they saw.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{
    BatchContext, EventStreamer, Events, HandlerError, Lifecycle, RetryPolicy, StreamingClient,
};
use event_streamer_testkit::{Gate, Ledger, MemoryStream, Routes, WireServer};
use event_streamer_transport::{Compression, Link, Origin};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::case::Staged;
use crate::harness::{Errors, STREAM, agreeable, subscription};

/// What becomes of an attempt to connect.
#[derive(Clone, Copy)]
pub(super) enum Dialed {
    /// It reaches the server.
    Here,
    /// Nobody listens.
    Refused,
    /// The name has no address.
    Unresolved,
    /// There is no answer.
    Silent,
    /// It reaches the other server: the name leads elsewhere now.
    Elsewhere,
    /// Whatever is said, plain HTTP answers.
    InTheClear,
}

/// What the handler of all events does.
#[derive(Clone)]
pub(super) enum Handling {
    Succeeds,
    /// Its first so many calls fail.
    FailsFirst(u32),
    /// Its first so many calls panic.
    PanicsFirst(u32),
    /// Each call takes so long.
    Takes(Duration),
    /// Calls wait for the gate.
    WaitsFor(Gate),
    /// Blocks its thread until the channel's other end is gone.
    Blocks(Arc<Mutex<std::sync::mpsc::Receiver<()>>>),
    /// There is none: the play registers its own.
    Absent,
}

/// What handlers saw.
#[derive(Clone, Default)]
pub(super) struct Book {
    pub(super) ledger: Arc<Mutex<Ledger>>,
    places: Arc<Mutex<Vec<(u64, u32)>>>,
    texts: Arc<Mutex<Vec<String>>>,
    calls: Arc<AtomicU32>,
    changed: Arc<tokio::sync::Notify>,
}

impl Book {
    /// Notes events as handled.
    pub(super) fn note(&self, events: &Events) {
        for event in events {
            let place = (event.block_number().unwrap(), event.log_index().unwrap());
            if let Some(id) = event.event_id() {
                let record = event_streamer_testkit::Record::new(id.as_str(), place.0, place.1);
                self.ledger.lock().unwrap().deliver(record);
            }
            self.places.lock().unwrap().push(place);
            // Long ones are of no interest, and long.
            let raw = event.raw();
            let shown = raw.len().min(16_384);
            self.texts.lock().unwrap().push(raw[..shown].to_owned());
        }
        self.changed.notify_one();
    }

    pub(super) fn places(&self) -> Vec<(u64, u32)> {
        self.places.lock().unwrap().clone()
    }

    /// The JSON of the events, as it came.
    pub(super) fn texts(&self) -> Vec<String> {
        self.texts.lock().unwrap().clone()
    }

    /// Calls of the handler that began.
    pub(super) fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }

    /// Waits until so many events are noted.
    pub(super) async fn wait_for(&self, count: usize) {
        while self.places.lock().unwrap().len() < count {
            self.changed.notified().await;
        }
    }
}

/// Everything of a case while it is played.
pub(super) struct Stage {
    pub(super) server: WireServer,
    pub(super) elsewhere: WireServer,
    pub(super) stream: Option<StreamingClient>,
    pub(super) book: Book,
    pub(super) errors: Errors,
    pub(super) delays: Arc<Mutex<Vec<Duration>>>,
    /// Attempts to connect.
    pub(super) dialed: Arc<AtomicU32>,
}

impl Stage {
    pub(super) async fn set(staged: &mut Staged) -> Self {
        let mut routes = Routes::new();
        for script in staged.streams.drain(..) {
            routes = routes.once(STREAM, script);
        }
        for route in staged.routes.drain(..) {
            routes = route(routes);
        }
        let mut other = Routes::new();
        for script in staged.elsewhere.drain(..) {
            other = other.once(STREAM, script);
        }
        let server = WireServer::routed(agreeable(routes)).await;
        let elsewhere = WireServer::routed(agreeable(other)).await;
        let dialed = Arc::new(AtomicU32::new(0));
        let client = client(staged, &server, &elsewhere, &dialed);
        let mut stream = client.create_streaming_client(subscription(), staged.options.clone());
        let (book, errors) = (Book::default(), Errors::default());
        listen(&mut stream, &staged.handling, &book);
        errors.listen(&mut stream);
        let delays = Arc::new(Mutex::new(Vec::new()));
        stream.on_lifecycle({
            let delays = Arc::clone(&delays);
            move |turn| {
                if let Lifecycle::Reconnecting { delay, .. } = turn {
                    delays.lock().unwrap().push(delay);
                }
                std::future::ready(())
            }
        });
        Self {
            server,
            elsewhere,
            stream: Some(stream),
            book,
            errors,
            delays,
            dialed,
        }
    }

    pub(super) fn stream(&self) -> &StreamingClient {
        self.stream.as_ref().expect("the play has not taken it")
    }

    pub(super) fn stream_mut(&mut self) -> &mut StreamingClient {
        self.stream.as_mut().expect("the play has not taken it")
    }

    pub(super) async fn start(&self) {
        self.stream().start_streaming().await.unwrap();
    }

    pub(super) async fn stop(&self) {
        self.stream().stop_streaming().await.unwrap();
    }
}

fn client(
    staged: &Staged,
    server: &WireServer,
    elsewhere: &WireServer,
    dialed: &Arc<AtomicU32>,
) -> EventStreamer {
    let (here, there) = (server.dialer::<Origin>(), elsewhere.dialer::<Origin>());
    let outcomes = Mutex::new(VecDeque::from(std::mem::take(&mut staged.dials.clone())));
    // Where the last attempt with an address led, later ones lead too.
    let moved = std::sync::atomic::AtomicBool::new(false);
    let dialed = Arc::clone(dialed);
    let dialer = move |origin: Origin| {
        dialed.fetch_add(1, Ordering::SeqCst);
        let outcome = outcomes.lock().unwrap().pop_front();
        let elsewhere = match outcome {
            Some(Dialed::Elsewhere) => {
                moved.store(true, Ordering::SeqCst);
                true
            }
            _ => moved.load(Ordering::SeqCst),
        };
        let reached = if elsewhere {
            there(origin)
        } else {
            here(origin)
        };
        async move { dial(outcome, reached).await }
    };
    EventStreamer::builder(staged.url, "tester")
        .bearer_token("very-secret")
        .retry_policy(RetryPolicy::never())
        .with_http(|http| http.dialer(dialer).compression(Compression::On))
        .build()
        .unwrap()
}

async fn dial(
    outcome: Option<Dialed>,
    reached: std::future::Ready<io::Result<MemoryStream>>,
) -> io::Result<Box<dyn Link>> {
    match outcome {
        None | Some(Dialed::Here | Dialed::Elsewhere) => Ok(Box::new(reached.await?)),
        Some(Dialed::InTheClear) => {
            let (ours, mut theirs) = tokio::io::duplex(1 << 16);
            theirs
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await?;
            tokio::spawn(async move {
                // What a client says in the clear holds its token.
                let mut said = Vec::new();
                let _ = theirs.read_to_end(&mut said).await;
                assert!(!said.windows(6).any(|bytes| bytes == b"secret"));
            });
            Ok(Box::new(ours))
        }
        Some(Dialed::Refused) => Err(io::ErrorKind::ConnectionRefused.into()),
        Some(Dialed::Unresolved) => Err(io::Error::other("failed to lookup address information")),
        Some(Dialed::Silent) => std::future::pending().await,
    }
}

fn listen(stream: &mut StreamingClient, handling: &Handling, book: &Book) {
    if matches!(handling, Handling::Absent) {
        return;
    }
    let (handling, book) = (handling.clone(), book.clone());
    stream.on_all_events(move |events, context| {
        handle(handling.clone(), book.clone(), events, context)
    });
}

async fn handle(
    handling: Handling,
    book: Book,
    events: Events,
    _context: BatchContext,
) -> Result<(), HandlerError> {
    let call = book.calls.fetch_add(1, Ordering::SeqCst) + 1;
    match handling {
        Handling::FailsFirst(calls) if call <= calls => return Err("the database is away".into()),
        Handling::PanicsFirst(calls) if call <= calls => panic!("the handler's own bug"),
        Handling::Takes(time) => tokio::time::sleep(time).await,
        Handling::WaitsFor(gate) => gate.wait().await,
        Handling::Blocks(until) => {
            // A task that this one has just woken would wait for this thread and no other.
            tokio::task::yield_now().await;
            // An error: the other end is gone.
            let _ = until.lock().unwrap().recv();
        }
        _ => {}
    }
    book.note(&events);
    Ok(())
}
