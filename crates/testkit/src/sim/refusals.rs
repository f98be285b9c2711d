//! How providers refuse `eth_getLogs`: their codes, and texts as their callers report them.
//!
//! A text is a template: `{n}` the cap, `{asked}` the blocks that were asked for, `{from}` and `{to}`
//! a range that would be answered, in hexadecimal, `{from_dec}` and `{to_dec}` the same in decimal.

use serde_json::{Value, json};

use super::lie::{Asked, Lie};

/// What a provider does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// Ranges of more blocks.
    Blocks(u64),
    /// Ranges of more logs; a single block is always answered.
    Logs(usize),
    /// The first so many calls, whatever they ask for.
    Calls(u32),
}

/// What a refusal says about what would have been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalHint {
    /// Nothing that can be relied on.
    Nothing,
    /// How many blocks, or a range: the next try can be the right one.
    Blocks,
    /// That the question was good and the moment was not.
    Wait,
}

/// One provider's way to refuse.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// Who was seen to answer so.
    pub provider: &'static str,
    /// The HTTP status; other than 200, the text is the body.
    pub status: u16,
    /// The JSON-RPC error's code.
    pub code: i64,
    /// The template of its text.
    pub text: &'static str,
    /// What is refused.
    pub cap: Cap,
    /// What the text says.
    pub hint: RefusalHint,
}

impl Refusal {
    /// Whether it refuses the call: for [`SimNode::script`](super::SimNode::script).
    pub fn script(self) -> impl FnMut(&Asked, &Value) -> Option<Lie> + Send + 'static {
        let mut refused = 0;
        move |asked, truth| {
            let (from, to) = asked.range()?;
            let good_to = self.answered_up_to(from, to, truth, refused)?;
            refused += 1;
            Some(self.lie(from, to, good_to))
        }
    }

    /// The last block of a range from the same block on that it does answer; `None` if it answers
    /// this one.
    fn answered_up_to(&self, from: u64, to: u64, truth: &Value, refused: u32) -> Option<u64> {
        match self.cap {
            Cap::Blocks(blocks) => (to - from >= blocks).then(|| from + blocks - 1),
            Cap::Calls(calls) => (refused < calls).then_some(to),
            Cap::Logs(count) => {
                let first_too_many = &truth.as_array()?.get(count)?["blockNumber"];
                let number = first_too_many.as_str()?.strip_prefix("0x")?;
                let number = u64::from_str_radix(number, 16).ok()?;
                (to > from).then(|| number.saturating_sub(1).max(from))
            }
        }
    }

    fn lie(&self, from: u64, to: u64, good_to: u64) -> Lie {
        if self.status != 200 {
            return Lie::Status(self.status, self.text);
        }
        let cap = match self.cap {
            Cap::Blocks(blocks) => blocks,
            Cap::Logs(count) => count as u64,
            Cap::Calls(_) => 0,
        };
        let text = self
            .text
            .replace("{n}", &cap.to_string())
            .replace("{asked}", &(to - from + 1).to_string())
            .replace("{from}", &format!("{from:#x}"))
            .replace("{to}", &format!("{good_to:#x}"))
            .replace("{from_dec}", &from.to_string())
            .replace("{to_dec}", &good_to.to_string());
        if self.provider == "Infura" {
            let data = json!({
                "from": format!("{from:#x}"), "to": format!("{good_to:#x}"), "limit": cap,
            });
            return Lie::ErrorWith(self.code, text, data);
        }
        Lie::Error(self.code, text)
    }
}

const fn blocks(
    provider: &'static str,
    code: i64,
    text: &'static str,
    cap: u64,
    hint: RefusalHint,
) -> Refusal {
    let cap = Cap::Blocks(cap);
    Refusal {
        provider,
        status: 200,
        code,
        text,
        cap,
        hint,
    }
}

const fn logs(provider: &'static str, code: i64, text: &'static str, hint: RefusalHint) -> Refusal {
    Refusal {
        provider,
        status: 200,
        code,
        text,
        cap: Cap::Logs(100),
        hint,
    }
}

const fn busy(provider: &'static str, status: u16, code: i64, text: &'static str) -> Refusal {
    Refusal {
        provider,
        status,
        code,
        text,
        // As many as are waited out before the range is narrowed all the same.
        cap: Cap::Calls(2),
        hint: RefusalHint::Wait,
    }
}

use RefusalHint::{Blocks, Nothing};

/// Every refusal that is known, with caps that a chain of a few thousand blocks runs into.
pub const REFUSALS: &[Refusal] = &[
    logs(
        "Infura",
        -32005,
        "query returned more than {n} results. Try with this block range [{from}, {to}].",
        Blocks,
    ),
    logs(
        "zkSync",
        -32602,
        "Query returned more than {n} results. Try with this block range [{from}, {to}].",
        Blocks,
    ),
    logs(
        "Alchemy",
        -32602,
        "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range \
         and no limit on the response size, or you can request any block range with a cap of 10K \
         logs in the response. Based on your parameters and the response size limit, this block \
         range should work: [{from}, {to}]",
        Blocks,
    ),
    blocks(
        "QuickNode",
        -32614,
        "eth_getLogs is limited to a 1,000 range",
        1_000,
        Blocks,
    ),
    blocks(
        "QuickNode, free plan",
        -32614,
        "eth_getLogs is limited to a {n} range",
        5,
        Blocks,
    ),
    Refusal {
        provider: "QuickNode, as HTTP",
        status: 413,
        code: 0,
        text: "{\"error\":{\"code\":-32614,\"message\":\"eth_getLogs is limited to a 40 range\"}}",
        cap: Cap::Blocks(40),
        hint: Nothing,
    },
    blocks("Ankr", -32600, "block range is too wide", 40, Nothing),
    blocks("Cloudflare", -32000, "Max range: {n}", 40, Blocks),
    blocks(
        "thirdweb",
        -32005,
        "Maximum allowed number of requested blocks is {n}",
        40,
        Blocks,
    ),
    blocks(
        "BlockPI",
        -32602,
        "eth_getLogs is limited to {n} block range. Please check the parameter requirements at the \
         documentation",
        40,
        Blocks,
    ),
    logs(
        "1RPC",
        -32000,
        "response size should not greater than 10000000 bytes",
        Nothing,
    ),
    logs(
        "llamarpc, Ankr (reth)",
        -32602,
        "query exceeds max results {n}, retry with the range {from_dec}-{to_dec}",
        Blocks,
    ),
    blocks(
        "Hyperliquid (reth)",
        -32602,
        "query exceeds max block range {n}",
        40,
        Blocks,
    ),
    blocks(
        "merkle",
        -32603,
        "eth_getLogs range is too large, max is 1k blocks",
        1_000,
        Blocks,
    ),
    blocks(
        "a free tier",
        35,
        "ranges over {n} blocks are not supported on freetier",
        40,
        Blocks,
    ),
    logs(
        "zkEVM",
        -32000,
        "query returned more than {n} results",
        Nothing,
    ),
    logs("Optimism", -32000, "backend response too large", Nothing),
    blocks(
        "Optimism, blocks",
        -32000,
        "Block range is too large",
        40,
        Nothing,
    ),
    blocks("Base, Monad", -32000, "block range too large", 40, Nothing),
    blocks(
        "Base, Monad, when busy",
        -32000,
        "no backend is currently healthy to serve traffic",
        40,
        Nothing,
    ),
    logs(
        "Arbitrum",
        -32000,
        "logs matched by query exceeds limit of {n}",
        Nothing,
    ),
    blocks(
        "Blast",
        -32000,
        "exceeds the range allowed for your plan ({asked} > {n})",
        40,
        Blocks,
    ),
    blocks(
        "Chainstack",
        -32000,
        "Block range limit exceeded.",
        40,
        Nothing,
    ),
    blocks(
        "Coinbase",
        -32000,
        "please limit the query to at most {n} blocks",
        40,
        Blocks,
    ),
    blocks(
        "PublicNode",
        -32000,
        "exceed maximum block range: {n}",
        40,
        Blocks,
    ),
    blocks(
        "BSC, Tron",
        -32000,
        "exceed max block range: {n}",
        40,
        Blocks,
    ),
    blocks(
        "Avalanche",
        -32000,
        "requested too many blocks from {from_dec} to 9999, maximum is set to {n}",
        40,
        Blocks,
    ),
    blocks(
        "Swell",
        -32000,
        "block range greater than {n} max",
        40,
        Blocks,
    ),
    blocks("Somnia", -32000, "block range exceeds {n}", 40, Blocks),
    blocks(
        "Harmony",
        -32000,
        "query must be smaller than size {n}",
        40,
        Blocks,
    ),
    blocks(
        "Moonriver",
        -32000,
        "block range is too wide (maximum {n})",
        40,
        Blocks,
    ),
    blocks("Aurora", -32000, "up to a {n} block range", 40, Blocks),
    blocks(
        "TAC",
        -32000,
        "maximum [from, to] blocks distance: {n}",
        40,
        Blocks,
    ),
    logs("Filecoin Forest", -32008, "Response is too big", Nothing),
    logs(
        "Filecoin Forest, bytes",
        -32008,
        "Exceeded max limit of 67108864",
        Nothing,
    ),
    logs("any, by -32005 alone", -32005, "limit exceeded", Nothing),
    logs("any, by -32000 alone", -32000, "execution aborted", Nothing),
    Refusal {
        provider: "any, by 503 alone",
        status: 503,
        code: 0,
        text: "",
        cap: Cap::Logs(100),
        hint: Nothing,
    },
    busy("a node behind the others", 200, -32000, "header not found"),
    busy("any, busy", 200, -32005, "rate limit"),
    busy("any, busier", 200, -32000, "rate exceeded"),
    busy("any, too often", 200, -32029, "too many requests"),
    busy("any, by credits", 200, -32000, "credits limited"),
    busy("any, by requests", 200, -32007, "request limit reached"),
    busy(
        "any, at once",
        200,
        -32000,
        "maximum number of concurrent requests",
    ),
    busy("any, by 429", 429, 0, "slow down"),
    busy("any, by 503", 503, 0, "unavailable"),
];
