//! What an examination found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use event_streamer_models::B256;
use serde::Serialize;

use crate::rpc::RpcUrl;

/// Everything that was found out about a node.
#[derive(Clone, Debug, Serialize)]
pub struct Examination {
    endpoint: String,
    verdict: Verdict,
    findings: Vec<Finding>,
    facts: Facts,
}

impl Examination {
    /// The node, by its origin: the rest of its URL may be secret.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Whether the node will do.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What was found, in the order of the examination.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was measured.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }
}

/// Whether a node will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing speaks against it.
    Usable,
    /// It will do with the settings that the findings advise, or for part of the work.
    UsableWithCare,
    /// Streams from it would stand still, or lack events if nobody checked.
    Unusable,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Usable => "usable",
            Self::UsableWithCare => "usable with care",
            Self::Unusable => "unusable",
        })
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// How much it matters.
    pub level: Level,
    /// What was found.
    pub text: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// `topic: text (advice)`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.topic, self.text)?;
        match &self.advice {
            Some(advice) => write!(f, " ({advice})"),
            None => Ok(()),
        }
    }
}

/// How much a [`Finding`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Good,
    /// Worth knowing; the service copes.
    Care,
    /// Events would be late for ever, or missing.
    Bad,
}

macro_rules! topics {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What a [`Finding`] is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Topic {
            $($(#[doc = $doc])+ $name,)+
        }

        impl fmt::Display for Topic {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$name => $text,)+ })
            }
        }
    };
}

topics! {
    /// Which chain it is.
    Chain = "chain",
    /// Whether it follows the chain.
    Head = "head",
    /// Whether it says which blocks are final.
    Finality = "finality",
    /// How fast it answers.
    Latency = "latency",
    /// What it says of its rate limit, and what it did.
    RateLimit = "rate limit",
    /// How many blocks it looks through at once.
    Ranges = "ranges",
    /// How many logs it gives at once.
    Answers = "answers",
    /// Whether logs carry the time of their block.
    Times = "times",
    /// How many calls it takes in a batch.
    Batches = "batches",
    /// Whether its logs agree with its headers.
    Blooms = "blooms",
    /// Whether it gives the receipts of a block.
    Receipts = "receipts",
    /// How far back its logs go.
    History = "history",
    /// Whether it announces new blocks.
    WebSocket = "websocket",
}

/// What was measured; absent where it could not be.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Facts {
    /// `eth_chainId`.
    pub chain_id: Option<u64>,
    /// The hash of block 0.
    pub genesis: Option<B256>,
    /// The newest block at the begin of the examination.
    pub head_block: Option<u64>,
    /// How long ago it was made, in seconds, by this machine's clock.
    pub head_age_seconds: Option<u64>,
    /// The mean time between its last blocks, in seconds.
    pub block_time_seconds: Option<f64>,
    /// The newest `safe` block.
    pub safe_block: Option<u64>,
    /// The newest `finalized` block.
    pub finalized_block: Option<u64>,
    /// The median time of a small call in milliseconds.
    pub latency_p50_ms: Option<f64>,
    /// The longest time of a small call in milliseconds.
    pub latency_max_ms: Option<f64>,
    /// What the answers' headers say of a rate limit.
    pub rate_limit_headers: BTreeMap<String, String>,
    /// How often the node asked for patience during the examination.
    pub rate_limited: u64,
    /// The most blocks that one `eth_getLogs` without a result looked through.
    pub max_range_blocks: Option<u64>,
    /// The fewest blocks that were refused.
    pub refused_range_blocks: Option<u64>,
    /// The most logs that came in one answer.
    pub max_answer_logs: Option<u64>,
    /// The fewest blocks whose unfiltered logs were refused.
    pub refused_answer_blocks: Option<u64>,
    /// Whether answers were silently cut.
    pub answers_cut: Option<bool>,
    /// Whether logs carry the time of their block.
    pub times_in_logs: Option<bool>,
    /// The most calls that were answered in one batch.
    pub max_batch: Option<u64>,
    /// How many sampled blocks have logs that agree with their bloom to the bit.
    pub blooms_agreeing: u64,
    /// How many lack logs that their bloom announces.
    pub blooms_missing_logs: u64,
    /// How many have logs that their bloom denies.
    pub blooms_wrong: u64,
    /// Whether `eth_getBlockReceipts` is answered.
    pub block_receipts: Option<bool>,
    /// The oldest block whose logs were given, as far as was looked.
    pub oldest_logs_block: Option<u64>,
    /// How long the WebSocket took to announce a block, in milliseconds.
    pub announced_after_ms: Option<u64>,
}

/// An [`Examination`] in the making.
pub(super) struct Report<'r> {
    pub(super) facts: Facts,
    endpoint: String,
    findings: Vec<Finding>,
    tell: &'r mut (dyn FnMut(&Finding) + Send),
}

impl<'r> Report<'r> {
    pub(super) fn new(url: &RpcUrl, tell: &'r mut (dyn FnMut(&Finding) + Send)) -> Self {
        Self {
            facts: Facts::default(),
            endpoint: url.origin(),
            findings: Vec::new(),
            tell,
        }
    }

    pub(super) fn good(&mut self, topic: Topic, text: impl Into<String>) {
        self.add(topic, Level::Good, text.into(), None);
    }

    pub(super) fn care(&mut self, topic: Topic, text: impl Into<String>, advice: &str) {
        self.add(topic, Level::Care, text.into(), Some(advice));
    }

    pub(super) fn bad(&mut self, topic: Topic, text: impl Into<String>, advice: Option<&str>) {
        self.add(topic, Level::Bad, text.into(), advice);
    }

    fn add(&mut self, topic: Topic, level: Level, text: String, advice: Option<&str>) {
        let finding = Finding {
            topic,
            level,
            text,
            advice: advice.map(str::to_owned),
        };
        (self.tell)(&finding);
        self.findings.push(finding);
    }

    pub(super) fn finish(self) -> Examination {
        let worst = self.findings.iter().map(|it| it.level).max();
        Examination {
            endpoint: self.endpoint,
            verdict: match worst {
                Some(Level::Good) => Verdict::Usable,
                Some(Level::Care) => Verdict::UsableWithCare,
                Some(Level::Bad) | None => Verdict::Unusable,
            },
            findings: self.findings,
            facts: self.facts,
        }
    }
}
