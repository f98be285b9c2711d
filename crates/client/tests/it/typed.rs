//! Handlers of types.

use std::sync::{Arc, Mutex};

use event_streamer_abi::catalogue::{erc20, erc721};
use event_streamer_abi::{FromEvent, typed as abi};
use event_streamer_client::{
    AfterFailure, DeadLetterFile, ErrorKind, HandlerPolicy, StreamEnd, StreamingClient, Typed,
};
use event_streamer_models::U256;
use event_streamer_testkit::{Routes, Script, StreamLines, WireServer, event};
use serde_json::{Value, json};

use crate::harness::*;

async fn server_of(lines: &[Vec<u8>]) -> WireServer {
    let script = lines.iter().fold(stream_head("c1"), Script::chunk);
    let end = StreamLines::new(7, "c1").complete(9, "rt_end");
    let routes = Routes::new().once(STREAM, script.chunk(end).last_chunk());
    WireServer::routed(agreeable(routes)).await
}

fn nft(block: u64) -> Value {
    let mut nft = event(block, 0);
    nft.as_object_mut().unwrap().remove("value");
    nft["tokenId"] = json!("42");
    nft
}

type Log = Arc<Mutex<Vec<String>>>;

fn notes<T: Send + 'static>(
    log: &Log,
    text: fn(&Typed<T>) -> String,
) -> impl Fn(Typed<T>) -> std::future::Ready<()> + Send + Sync + 'static {
    let log = Arc::clone(log);
    move |event| {
        log.lock().unwrap().push(text(&event));
        std::future::ready(())
    }
}

async fn to_the_end(stream: &StreamingClient) {
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_type_is_given_its_events_with_their_place_on_the_chain() {
    let batch = StreamLines::new(7, "c1").batch(&[event(10, 0), event(10, 3)]);
    let server = server_of(&[batch]).await;
    let log = Log::default();
    let mut stream = streaming(&server, options());
    stream.on(notes::<erc20::Transfer>(&log, |transfer| {
        assert_eq!(transfer.value, U256::MAX);
        assert_eq!(
            transfer.context().batch_id().unwrap().as_str(),
            "c1-batch-1"
        );
        assert!(!format!("{transfer:?}").contains("0x1111"));
        let event = transfer.event();
        let place = (event.block_number().unwrap(), event.log_index().unwrap());
        format!("{} {place:?} {}", transfer.from, event.event_id().is_some())
    }));
    to_the_end(&stream).await;
    let from = "0x1111111111111111111111111111111111111111";
    assert_eq!(
        *log.lock().unwrap(),
        [
            format!("{from} (10, 0) true"),
            format!("{from} (10, 3) true")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn overloads_of_one_name_each_have_their_handler() {
    let mut lines = StreamLines::new(7, "c1");
    let batches = [
        lines.batch(&[event(10, 0), nft(11)]),
        lines.batch(&[event(12, 0)]),
    ];
    let server = server_of(&batches).await;
    let log = Log::default();
    let mut stream = streaming(&server, options());
    stream
        .on(notes::<erc721::Transfer>(&log, |nft| {
            format!("nft {}", nft.token_id)
        }))
        .on(notes::<erc20::Transfer>(&log, |coins| {
            format!("coins {}", coins.event().block_number().unwrap())
        }));
    to_the_end(&stream).await;
    assert_eq!(*log.lock().unwrap(), ["coins 10", "nft 42", "coins 12"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_not_of_the_type_stops_the_stream_at_once_and_is_not_left_out() {
    let mut lines = StreamLines::new(7, "c1");
    let batches = [lines.batch(&[event(10, 0)]), lines.batch(&[nft(11)])];
    let server = server_of(&batches).await;
    let log = Log::default();
    let mut stream = streaming(&server, options());
    stream.on(notes::<erc20::Transfer>(&log, |_| "coins".to_owned()));
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    let text = error.to_string();
    assert!(
        text.contains("`Transfer(address,address,uint256)` failed in attempt 1"),
        "{text}"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("parameter `value`"), "{source}");
    assert_eq!(*log.lock().unwrap(), ["coins"]);
    assert_eq!(acked(&server), [["c1-batch-1"]]);
}

#[tokio::test(start_paused = true)]
async fn it_can_be_put_aside_alone_without_the_rest_of_its_batch() {
    let batch = StreamLines::new(7, "c1").batch(&[event(10, 0), nft(11), event(12, 0)]);
    let server = server_of(&[batch]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    let aside = HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter);
    let log = Log::default();
    let mut stream = streaming(&server, options().with_dead_letters(file.clone()));
    stream.on_with(
        aside,
        notes::<erc20::Transfer>(&log, |coins| {
            coins.event().block_number().unwrap().to_string()
        }),
    );
    to_the_end(&stream).await;
    assert_eq!(*log.lock().unwrap(), ["10", "12"]);
    let letters: Vec<_> = file.open_letters().unwrap().map(Result::unwrap).collect();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].1.attempts, 1);
    assert!(letters[0].1.event.contains("tokenId"));
}

/// `event Transfer(address from, address to, uint128 value)`: only a type apart from ERC-20's.
struct Narrow;

impl FromEvent for Narrow {
    const DECLARATION: &'static str = "event Transfer(address from, address to, uint128 value)";
    const SIGNATURE: &'static str = "Transfer(address,address,uint128)";
    const TOPIC0: Option<abi::B256> = None;
    const INDEXED: usize = 0;

    fn read<R: abi::EventReader>(event: &mut R) -> Result<Self, abi::DecodeError> {
        event.data::<abi::Uint<128>>("value").map(|_| Self)
    }
}

#[tokio::test(start_paused = true)]
async fn types_that_the_stream_cannot_tell_apart_are_refused_at_the_start() {
    let server = server_of(&[]).await;
    let mut stream = streaming(&server, options());
    stream
        .on(async |_: Typed<erc20::Transfer>| {})
        .on(async |_: Typed<erc20::Transfer>| {})
        .on(async |_: Typed<Narrow>| {});
    let error = stream.start_streaming().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(
        error.to_string().contains("cannot be told apart"),
        "{error}"
    );
}
