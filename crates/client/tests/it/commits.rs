//! Exactly once into the application's own database: rows and position in one transaction.
//!
//! Every test runs with SQLite and with PostgreSQL. Time is real here: a database does not wait in
//! tokio's.

mod databases;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{
    BatchContext, CheckpointError, CheckpointErrorKind, CheckpointStore, CheckpointWriter,
    Delivery, Error, ErrorKind, HandlerPolicy, StreamEnd, StreamingClient, StreamingOptions,
};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};

use crate::harness::*;
use databases::{Rows, each_database};

fn committing(store: impl CheckpointStore) -> StreamingOptions {
    options()
        .with_checkpoint_store(store)
        .with_checkpoint_writer(CheckpointWriter::Handler)
        .with_batch_ack_interval(Duration::from_millis(20))
        .with_handlers(
            HandlerPolicy::default()
                .with_delays(Duration::from_millis(1), Duration::from_millis(1)),
        )
}

/// Blocks of one event each, and the end.
fn script(connection: &str, blocks: std::ops::Range<u64>) -> Script {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection);
    let end = blocks.end;
    blocks
        .fold(head, |script, block| {
            script.chunk(lines.batch(&[event(block, 0)]))
        })
        .chunk(lines.complete(9, &format!("rt_end_{end}")))
        .last_chunk()
}

async fn server_of(scripts: impl IntoIterator<Item = Script>) -> WireServer {
    let routes = scripts
        .into_iter()
        .fold(Routes::new(), |routes, script| routes.once(STREAM, script));
    WireServer::routed(agreeable(routes)).await
}

fn checkpoint_kind(error: &Error) -> CheckpointErrorKind {
    assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
    let source = std::error::Error::source(error).unwrap();
    source.downcast_ref::<CheckpointError>().unwrap().kind()
}

/// What a handler does wrong, in its n-th call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Fails before it commits, after having written.
    BeforeCommit(u32),
    /// Fails although the commit succeeded, as when its answer is lost.
    AfterCommit(u32),
    /// Commits its rows without the position.
    WithoutPosition(u32),
    /// Panics with the transaction open.
    Panic(u32),
}

fn stores_rows<R: Rows>(stream: &mut StreamingClient, rows: &R, fault: Fault) -> Arc<AtomicU32> {
    let calls = Arc::new(AtomicU32::new(0));
    let (rows, count) = (rows.clone(), Arc::clone(&calls));
    stream.on_all_events(move |events, context| {
        let call = count.fetch_add(1, Ordering::SeqCst) + 1;
        let rows = rows.clone();
        async move {
            let mut transaction = rows.begin().await;
            for (block, _) in places(&events) {
                R::insert(&mut transaction, block).await;
            }
            assert_ne!(fault, Fault::Panic(call), "as it was told");
            if fault != Fault::WithoutPosition(call) {
                context.commit_with(&mut transaction).await?;
            }
            if fault == Fault::BeforeCommit(call) {
                return Err("the network is gone".into());
            }
            transaction.commit().await?;
            if fault == Fault::AfterCommit(call) {
                return Err("the answer is lost".into());
            }
            Ok::<(), event_streamer_client::HandlerError>(())
        }
    });
    calls
}

each_database! {
    /// Whatever becomes of a call, what is committed is not handled again, and what is not, is.
    async fn rows_are_there_once_whenever_the_handler_fails(rows) {
        for (fault, calls) in [
            (Fault::None, 4),
            (Fault::BeforeCommit(2), 5),
            (Fault::AfterCommit(2), 4),
            (Fault::Panic(2), 5),
        ] {
            rows.clear().await;
            let server = server_of([script("c1", 10..14)]).await;
            let mut stream = streaming(&server, committing(rows.store()));
            let made = stores_rows(&mut stream, &rows, fault);
            stream.start_streaming().await.unwrap();
            assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
            assert_eq!(rows.blocks().await, [10, 11, 12, 13], "{fault:?}");
            assert_eq!(made.load(Ordering::SeqCst), calls, "{fault:?}");
            assert_eq!(rows.position().await.unwrap(), "rt_end_14");
            assert_eq!(acked(&server).concat().len(), 4);
        }
    }
}

each_database! {
    async fn a_new_program_goes_on_behind_what_is_committed_though_nothing_was_acknowledged(rows) {
        let server = server_of([script("c1", 10..13), script("c2", 12..15)]).await;
        let mut stream = streaming(&server, committing(rows.store()).with_auto_acknowledge(false));
        let short = HandlerPolicy::default().with_max_attempts(1);
        stream.on_all_events_with(short, {
            let rows = rows.clone();
            move |events, context| {
                let rows = rows.clone();
                async move {
                    let mut transaction = rows.begin().await;
                    let block = places(&events)[0].0;
                    Rows::insert_in(&rows, &mut transaction, block).await;
                    context.commit_with(&mut transaction).await?;
                    if block == 12 {
                        return Err::<(), event_streamer_client::HandlerError>("crash".into());
                    }
                    transaction.commit().await?;
                    Ok(())
                }
            }
        });
        stream.start_streaming().await.unwrap();
        assert_eq!(stream.finished().await.unwrap_err().kind(), ErrorKind::Handler);
        assert_eq!(rows.blocks().await, [10, 11]);
        assert!(acked(&server).is_empty());

        let mut stream = streaming(&server, committing(rows.store()));
        stores_rows(&mut stream, &rows, Fault::None);
        stream.start_streaming().await.unwrap();
        stream.finished().await.unwrap();
        assert_eq!(rows.blocks().await, [10, 11, 12, 13, 14]);
        assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
    }
}

each_database! {
    async fn rows_without_their_position_stop_the_stream(rows) {
        let server = server_of([script("c1", 10..13)]).await;
        let mut stream = streaming(&server, committing(rows.store()));
        let calls = stores_rows(&mut stream, &rows, Fault::WithoutPosition(2));
        stream.start_streaming().await.unwrap();
        let error = stream.finished().await.unwrap_err();
        assert_eq!(checkpoint_kind(&error), CheckpointErrorKind::OutOfOrder);
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("call commit_with"), "{source}");
        // Called again it would write its rows twice.
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert_eq!(rows.position().await.unwrap(), token(10, 0));
        assert_eq!(acked(&server).concat(), ["c1-batch-1"]);
    }
}

each_database! {
    async fn a_rollback_is_undone_in_the_transaction_that_moves_the_position(rows) {
        let mut lines = StreamLines::new(7, "c1");
        let lines = [
            lines.batch(&[event(10, 0)]),
            lines.batch(&[event(11, 0)]),
            lines.reorg(10, 1, &[event(11, 0)]),
            lines.complete(2, "rt_end"),
        ];
        let script = lines.iter().fold(stream_head("c1"), Script::chunk).last_chunk();
        let server = server_of([script]).await;
        let mut stream = streaming(&server, committing(rows.store()));
        stores_rows(&mut stream, &rows, Fault::None);
        let calls = Arc::new(AtomicU32::new(0));
        stream.on_reorg({
            let (rows, calls) = (rows.clone(), Arc::clone(&calls));
            move |reorg, context| {
                let rows = rows.clone();
                let call = calls.fetch_add(1, Ordering::SeqCst);
                async move {
                    let mut transaction = rows.begin().await;
                    Rows::delete_above(&rows, &mut transaction, reorg.rollback_to.number).await;
                    context.commit_with(&mut transaction).await?;
                    if call == 0 {
                        return Err("not yet".into());
                    }
                    transaction.commit().await?;
                    Ok::<(), event_streamer_client::HandlerError>(())
                }
            }
        });
        stream.start_streaming().await.unwrap();
        assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert_eq!(rows.blocks().await, [10]);
        assert_eq!(rows.position().await.unwrap(), "rt_end");
    }
}

each_database! {
    async fn a_consumer_that_was_taken_over_from_commits_nothing_more(rows) {
        let gate = Gate::new();
        let mut lines = StreamLines::new(7, "c1");
        let first = stream_head("c1")
            .chunk(lines.batch(&[event(10, 0)]))
            .wait(&gate)
            .chunk(lines.batch(&[event(11, 0)]))
            .await_hang_up();
        let server = server_of([first, script("c2", 11..13)]).await;
        let mut stale = streaming(&server, committing(rows.store()));
        stores_rows(&mut stale, &rows, Fault::None);
        stale.start_streaming().await.unwrap();
        server.requests_to(BULK, 1).await;

        let mut new = streaming(&server, committing(rows.store()));
        stores_rows(&mut new, &rows, Fault::None);
        new.start_streaming().await.unwrap();
        assert_eq!(new.finished().await.unwrap(), StreamEnd::Completed);
        gate.open();
        let error = stale.finished().await.unwrap_err();
        assert_eq!(checkpoint_kind(&error), CheckpointErrorKind::Superseded);
        assert_eq!(rows.blocks().await, [10, 11, 12]);
        assert_eq!(rows.position().await.unwrap(), "rt_end_13");
        let acked = acked(&server).concat();
        assert!(!acked.contains(&"c1-batch-2".to_owned()), "{acked:?}");
    }
}

each_database! {
    /// What a handler of an earlier run left behind may not stand for a batch of the present one:
    /// that may hold more.
    async fn a_context_of_an_earlier_run_commits_nothing(rows) {
        let mut lines = StreamLines::new(7, "c1");
        let first = stream_head("c1")
            .chunk(lines.batch(&[event(10, 0)]))
            .await_hang_up();
        let mut lines = StreamLines::new(7, "c2");
        let second = stream_head("c2")
            .chunk(lines.batch(&[event(10, 0), event(11, 0)]))
            .chunk(lines.complete(2, "rt_end"))
            .last_chunk();
        let server = server_of([first, second]).await;
        let stop = HandlerPolicy::default().with_max_attempts(1);
        let mut stream = streaming(&server, committing(rows.store()).with_handlers(stop));
        let left: Arc<Mutex<Option<BatchContext>>> = Arc::default();
        let (kept, of_rows) = (Arc::clone(&left), rows.clone());
        stream.on_all_events(move |events, context| {
            let (rows, left) = (of_rows.clone(), Arc::clone(&kept));
            async move {
                let earlier = left.lock().unwrap().take();
                let Some(earlier) = earlier else {
                    *left.lock().unwrap() = Some(context);
                    return Err("not now".into());
                };
                let mut transaction = rows.begin().await;
                let refused = earlier.commit_with(&mut transaction).await.unwrap_err();
                assert_eq!(checkpoint_kind(&refused), CheckpointErrorKind::Superseded);
                transaction.rollback().await?;

                let mut transaction = rows.begin().await;
                for (block, _) in places(&events) {
                    rows.insert_in(&mut transaction, block).await;
                }
                context.commit_with(&mut transaction).await?;
                transaction.commit().await?;
                Ok::<(), event_streamer_client::HandlerError>(())
            }
        });
        stream.start_streaming().await.unwrap();
        let error = stream.finished().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Handler);
        stream.start_streaming().await.unwrap();
        assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
        assert_eq!(rows.blocks().await, [10, 11]);
        assert_eq!(rows.position().await.unwrap(), "rt_end");
    }
}

each_database! {
    async fn pulled_batches_are_committed_in_their_order(rows) {
        let server = server_of([script("c1", 10..12)]).await;
        let mut deliveries = streaming(&server, committing(rows.store())).into_deliveries();
        let mut batches = Vec::new();
        for _ in 0..2 {
            match deliveries.next().await.unwrap() {
                Some(Delivery::Batch(batch)) => batches.push(batch),
                other => panic!("{other:?}"),
            }
        }
        let mut transaction = rows.begin().await;
        let error = batches[1].commit_with(&mut transaction).await.unwrap_err();
        assert_eq!(checkpoint_kind(&error), CheckpointErrorKind::OutOfOrder);
        transaction.rollback().await.unwrap();
        let error = batches[0].ack().await.unwrap_err();
        assert_eq!(checkpoint_kind(&error), CheckpointErrorKind::OutOfOrder);

        for batch in &batches {
            let mut transaction = rows.begin().await;
            Rows::insert_in(&rows, &mut transaction, places(&batch.events())[0].0).await;
            batch.commit_with(&mut transaction).await.unwrap();
            transaction.commit().await.unwrap();
        }
        let mut transaction = rows.begin().await;
        let error = batches[1].commit_with(&mut transaction).await.unwrap_err();
        assert_eq!(checkpoint_kind(&error), CheckpointErrorKind::AlreadyCommitted);
        transaction.rollback().await.unwrap();
        for batch in &batches {
            batch.ack().await.unwrap();
        }
        assert!(deliveries.next().await.unwrap().is_none());
        deliveries.close().await.unwrap();
        assert_eq!(rows.blocks().await, [10, 11]);
        assert_eq!(acked(&server).concat(), ["c1-batch-1", "c1-batch-2"]);
    }
}

each_database! {
    /// The client writes by itself, into the same table.
    async fn the_client_keeps_positions_there_too(rows) {
        let server = server_of([script("c1", 10..12), script("c2", 12..14)]).await;
        for end in [12, 14] {
            let kept = options()
                .with_checkpoint_store(rows.store())
                .with_batch_ack_interval(Duration::from_millis(20));
            let mut stream = streaming(&server, kept);
            stream.on_all_events(Seen::new().handler());
            stream.start_streaming().await.unwrap();
            stream.finished().await.unwrap();
            assert_eq!(rows.position().await.unwrap(), format!("rt_end_{end}"));
        }
        assert_eq!(tokens(&server), [None, Some("rt_end_12".to_owned())]);
    }
}
