//! A node whose answers are in memory: `node BLOCKS LOGS_PER_BLOCK` prints `listening on ADDRESS`
//! and serves until standard input ends.

use event_streamer_server_bench::chain::Chain;
use event_streamer_server_bench::node::Node;
use event_streamer_server_bench::{Result, contender};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [blocks, per_block] = arguments.as_slice() else {
        return Err("usage: node BLOCKS LOGS_PER_BLOCK".into());
    };
    let node = Node::history(Chain::prepare(blocks.parse()?, per_block.parse()?));
    contender::say(&format!("listening on {}", node.listen()?));
    contender::wait_for_end()?;
    Ok(())
}
