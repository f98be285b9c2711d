//! Exactly once into SQLite: rows and position in one transaction.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{CheckpointWriter, Delivery, SqliteCheckpoints, StreamingOptions};
use event_streamer_examples::Demo;
use sqlx::Executor as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo::start("exactly_once_sqlite").await?;
    let client = demo.client()?;
    let event = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let subscription = demo.subscription(&client, event).await?;

    let file = SqliteConnectOptions::new()
        .filename(demo.folder().join("transfers.sqlite"))
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(file).await?;
    pool.execute("CREATE TABLE IF NOT EXISTS transfers (block BIGINT, log BIGINT, body TEXT)")
        .await?;

    // The position is a row beside the transfers. After a crash at any point both are there, or
    // neither is.
    let options = StreamingOptions::default()
        .with_checkpoint_store(SqliteCheckpoints::new(pool.clone()))
        .with_checkpoint_writer(CheckpointWriter::Handler);
    let mut deliveries = client
        .create_streaming_client(subscription, options)
        .into_deliveries();
    while let Some(delivery) = deliveries.next().await? {
        let mut transaction = pool.begin().await?;
        match delivery {
            Delivery::Batch(batch) => {
                for event in batch.events() {
                    let position = event.position().ok_or("an event without a place")?;
                    sqlx::query("INSERT INTO transfers (block, log, body) VALUES ($1, $2, $3)")
                        .bind(i64::try_from(position.block_number)?)
                        .bind(i64::try_from(position.log_index)?)
                        .bind(event.raw())
                        .execute(&mut *transaction)
                        .await?;
                }
                batch.commit_with(&mut transaction).await?;
                transaction.commit().await?;
                batch.ack().await?;
            }
            // What is undone on the chain is undone here, in the same way.
            Delivery::Rollback(rollback) => {
                let block = rollback.reorg().rollback_to.number;
                sqlx::query("DELETE FROM transfers WHERE block > $1")
                    .bind(i64::try_from(block)?)
                    .execute(&mut *transaction)
                    .await?;
                rollback.commit_with(&mut transaction).await?;
                transaction.commit().await?;
                rollback.ack().await?;
            }
            _ => {}
        }
    }
    deliveries.close().await?;
    let (rows, places): (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT block * 1000000 + log) FROM transfers")
            .fetch_one(&pool)
            .await?;
    println!("{rows} rows, {places} of them different");
    demo.stop().await;
    Ok(())
}
