//! `record`: the blocks and logs of any node into a file that `demo --recording` and tests replay.

use std::fs;
use std::io::{IsTerminal, Write};

use event_streamer::models::{B256, BlockHeader, Log};
use event_streamer::server::rpc::{
    BlockTag, LogBlocks, LogFilter, LogQuery, RpcClient, RpcClientConfig, RpcUrl,
};
use event_streamer_replay::{RecordedHeader, RecordingInfo, RecordingWriter, bloom_of};
use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::args::RecordArgs;
use crate::exit::Failure;
use crate::signals::Stop;

/// Records `args.from_block ..= args.to_block`.
///
/// # Errors
/// When the node cannot be reached, contradicts itself, or the file cannot be written. The file
/// appears only when it is complete.
pub(crate) async fn run(args: RecordArgs) -> Result<(), Failure> {
    if args.to_block < args.from_block {
        return Err(Failure::usage(format!(
            "--to-block {} is below --from-block {}",
            args.to_block, args.from_block
        )));
    }
    let url: RpcUrl = args
        .rpc_url
        .parse()
        .map_err(|error| Failure::because("not a node's URL", &error))?;
    let node = RpcClient::new(url, &RpcClientConfig::default())
        .map_err(|error| Failure::because("cannot use the node", &error))?;
    let chain_id = node
        .chain_id()
        .await
        .map_err(|error| Failure::because("cannot reach the node", &error))?;
    let info = RecordingInfo::new(chain_id.get())
        .with_source(format!(
            "recorded by event-streamer {} from {}",
            env!("CARGO_PKG_VERSION"),
            node.url()
        ))
        .with_complete_blocks(true)
        .with_blocks(args.from_block, args.to_block);

    let mut stop = Stop::listen()?;
    let writer = tokio::select! {
        biased;
        () = stop.asked() => return Err(Failure::job("stopped; nothing was written")),
        writer = blocks(&node, &args, RecordingWriter::new(info)) => writer?,
    };
    let unwritten = |error: &(dyn std::error::Error + 'static)| {
        Failure::because(format!("cannot write {}", args.output.display()), error)
    };
    let mut file = Vec::new();
    let summary = writer
        .finish(&mut file)
        .map_err(|error| unwritten(&error))?;
    let new = args.output.with_extension("part");
    fs::write(&new, &file)
        .and_then(|()| fs::rename(&new, &args.output))
        .map_err(|error| unwritten(&error))?;
    let _ = writeln!(
        std::io::stdout(),
        "{}: blocks {} to {}, {} logs, {} bytes",
        args.output.display(),
        summary.first_block,
        summary.last_block,
        summary.logs,
        summary.bytes
    );
    Ok(())
}

async fn blocks(
    node: &RpcClient,
    args: &RecordArgs,
    mut writer: RecordingWriter,
) -> Result<RecordingWriter, Failure> {
    let bar = ProgressBar::new(args.to_block - args.from_block + 1);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let mut parent: Option<B256> = None;
    for number in args.from_block..=args.to_block {
        let (header, logs) = block(node, number).await?;
        if parent.is_some_and(|parent| parent != header.parent_hash) {
            return Err(Failure::job(format!(
                "the chain was reorganised at block {number} while it was recorded; record again, further below the head"
            )));
        }
        parent = Some(header.hash);
        let refused =
            |error| Failure::because(format!("block {number} cannot be recorded"), &error);
        writer
            .header(RecordedHeader::from(header))
            .map_err(refused)?;
        for log in &logs {
            writer.log(log).map_err(refused)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(writer)
}

/// A block and all its logs, pinned by its hash and held against its bloom.
async fn block(node: &RpcClient, number: u64) -> Result<(BlockHeader, Vec<Log>), Failure> {
    let failed = |error| Failure::because(format!("cannot read block {number}"), &error);
    let header = node
        .header_by_number(BlockTag::Number(number))
        .await
        .map_err(failed)?
        .ok_or_else(|| Failure::job(format!("the node has no block {number}")))?;
    let query = LogQuery {
        blocks: LogBlocks::Block(header.hash),
        filter: LogFilter::default(),
    };
    let mut logs = node.logs(&query).await.map_err(failed)?;
    logs.sort_by_key(|log| log.log_index);
    if header
        .logs_bloom
        .is_some_and(|bloom| bloom != bloom_of(&logs))
    {
        return Err(Failure::job(format!(
            "the node's {} logs of block {number} do not agree with the block's bloom filter: some are missing, or the chain's blooms are wrong",
            logs.len()
        )));
    }
    Ok((header, logs))
}
