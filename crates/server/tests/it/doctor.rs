//! What `doctor` finds out about nodes of every kind.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};

use event_streamer_server::doctor::{
    DoctorOptions, Examination, Facts, Level, Topic, Verdict, examine,
};
use serde_json::{Value, json};

use crate::ingest::node::{Asked, Lie, Node};

const HEAD: u64 = 150;

/// A node that has everything a node should have.
async fn node() -> Node {
    let node = Node::start().await;
    node.mine(HEAD);
    node.set_finality(Some(HEAD - 8), Some(HEAD - 16));
    node.have_receipts();
    node
}

async fn examined(node: &Node) -> Examination {
    let mut told = Vec::new();
    let examination = examine(&node.url(), &DoctorOptions::default(), &mut |finding| {
        told.push(finding.clone());
    })
    .await;
    assert_eq!(told, examination.findings(), "told one by one");
    examination
}

/// The worst that was found about a topic.
fn level(examination: &Examination, topic: Topic) -> Option<Level> {
    let about = examination.findings().iter().filter(|it| it.topic == topic);
    about.map(|it| it.level).max()
}

fn range(asked: &Asked) -> u64 {
    asked.range().map_or(0, |(from, to)| to - from + 1)
}

/// The number of the block that a pinned query names.
fn pinned_number(node: &Node, asked: &Asked) -> Option<u64> {
    let hash = asked.pinned()?;
    (0..=HEAD).find(|it| node.block(*it).hash == hash)
}

#[tokio::test]
async fn an_honest_node_has_nothing_bad() {
    let examination = examined(&node().await).await;
    for finding in examination.findings() {
        // The test's blocks are of 2023.
        let expected = match finding.topic {
            Topic::Head => Level::Care,
            _ => Level::Good,
        };
        assert_eq!(finding.level, expected, "{finding}");
    }
    assert_eq!(examination.verdict(), Verdict::UsableWithCare);
    let facts = examination.facts();
    // What this does not set differs from run to run.
    let mut expected = facts.clone();
    expected.chain_id = Some(1337);
    expected.head_block = Some(HEAD);
    expected.block_time_seconds = Some(12.0);
    expected.safe_block = Some(HEAD - 8);
    expected.finalized_block = Some(HEAD - 16);
    expected.rate_limit_headers = BTreeMap::new();
    expected.rate_limited = 0;
    expected.max_range_blocks = Some(HEAD + 1);
    expected.refused_range_blocks = None;
    expected.refused_answer_blocks = None;
    expected.answers_cut = Some(false);
    expected.times_in_logs = Some(true);
    expected.max_batch = Some(100);
    (
        expected.blooms_agreeing,
        expected.blooms_missing_logs,
        expected.blooms_wrong,
    ) = (8, 0, 0);
    expected.block_receipts = Some(true);
    expected.oldest_logs_block = Some(0);
    assert_eq!(*facts, expected);
    assert!(
        facts.max_answer_logs.is_some_and(|it| it > 100),
        "{facts:?}"
    );
    assert!(facts.genesis.is_some() && facts.latency_p50_ms.is_some());
}

/// One kind of node, and what must be found about it.
struct Case {
    name: &'static str,
    topic: Topic,
    level: Level,
    /// What must have been measured.
    fact: fn(&Facts) -> bool,
    make: fn(&Node),
}

/// Makes a node answer some calls otherwise.
fn lie(node: &Node, lie: impl Fn(&Node, &Asked, &Value) -> Option<Lie> + Send + 'static) {
    let chain = node.clone();
    // The script looks at a copy: it is called while the node's own chain is locked.
    let copy =
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(Node::start()));
    copy.copy(&chain);
    node.script(move |asked, truth| lie(&copy, asked, truth));
}

const CASES: &[Case] = &[
    Case {
        name: "a cap on blocks",
        topic: Topic::Ranges,
        level: Level::Care,
        fact: |it| it.max_range_blocks == Some(100) && it.refused_range_blocks == Some(151),
        make: |node| {
            node.script(|asked, _| {
                let text = "query exceeds max block range 100".to_owned();
                (range(asked) > 100).then_some(Lie::Error(-32005, text))
            });
        },
    },
    Case {
        name: "no logs at all",
        topic: Topic::Ranges,
        level: Level::Bad,
        fact: |it| it.max_range_blocks == Some(0),
        make: |node| {
            node.script(|asked, _| {
                let text = "the method eth_getLogs does not exist".to_owned();
                (asked.method == "eth_getLogs").then_some(Lie::Error(-32601, text))
            });
        },
    },
    Case {
        name: "filters that do not filter",
        topic: Topic::Ranges,
        level: Level::Bad,
        fact: |_| true,
        make: |node| {
            lie(node, |chain, asked, _| {
                let (from, to) = asked.range()?;
                let logs = chain.logs(&Default::default(), from, to);
                Some(Lie::Result(json!(logs)))
            });
        },
    },
    Case {
        name: "a cap on logs",
        topic: Topic::Answers,
        level: Level::Good,
        fact: |it| {
            it.refused_answer_blocks.is_some() && it.max_answer_logs.is_some_and(|it| it <= 20)
        },
        make: |node| {
            node.script(|asked, truth| {
                let many = truth.as_array().is_some_and(|it| it.len() > 20);
                let text = "query returned more than 20 results".to_owned();
                (asked.method == "eth_getLogs" && many).then_some(Lie::Error(-32005, text))
            });
        },
    },
    Case {
        name: "answers cut silently",
        topic: Topic::Answers,
        level: Level::Bad,
        fact: |it| it.answers_cut == Some(true),
        make: |node| {
            node.script(|asked, truth| {
                let logs = truth.as_array().filter(|_| range(asked) > 8)?;
                Some(Lie::Result(json!(logs[..logs.len().min(10)])))
            });
        },
    },
    Case {
        name: "empty answers for blocks that have logs",
        topic: Topic::Blooms,
        level: Level::Bad,
        fact: |it| it.blooms_missing_logs > 0,
        make: |node| {
            node.script(|asked, _| asked.pinned().map(|_| Lie::Result(json!([]))));
        },
    },
    Case {
        name: "wrong blooms",
        topic: Topic::Blooms,
        level: Level::Care,
        fact: |it| it.blooms_wrong > 0 && it.blooms_missing_logs == 0,
        make: |node| {
            node.script(|_, truth| {
                let mut header = truth
                    .as_object()
                    .filter(|it| it.contains_key("logsBloom"))?
                    .clone();
                header.insert("logsBloom".into(), json!(format!("0x{}", "0".repeat(512))));
                Some(Lie::Result(Value::Object(header)))
            });
        },
    },
    Case {
        name: "no batches",
        topic: Topic::Batches,
        level: Level::Care,
        fact: |it| it.max_batch == Some(1),
        make: |node| node.refuse_batches(),
    },
    Case {
        name: "no times in logs",
        topic: Topic::Times,
        level: Level::Good,
        fact: |it| it.times_in_logs == Some(false),
        make: |node| node.stamp_no_logs(),
    },
    Case {
        name: "no safe and no finalized block",
        topic: Topic::Finality,
        level: Level::Care,
        fact: |it| it.safe_block.is_none() && it.finalized_block.is_none(),
        make: |node| node.set_finality(None, None),
    },
    Case {
        name: "finalized above safe",
        topic: Topic::Finality,
        level: Level::Bad,
        fact: |it| it.finalized_block > it.safe_block,
        make: |node| node.set_finality(Some(10), Some(20)),
    },
    Case {
        name: "history that is pruned, and says so",
        topic: Topic::History,
        level: Level::Care,
        fact: |it| it.oldest_logs_block == Some(61),
        make: |node| {
            lie(node, |chain, asked, _| {
                let text = "missing trie node: history has been pruned".to_owned();
                (pinned_number(chain, asked)? <= 60).then_some(Lie::Error(-32000, text))
            });
        },
    },
    Case {
        name: "history that is pruned silently",
        topic: Topic::History,
        level: Level::Care,
        // Where exactly cannot be seen from a block without logs.
        fact: |it| {
            it.oldest_logs_block
                .is_some_and(|it| (58..=64).contains(&it))
        },
        make: |node| {
            lie(node, |chain, asked, _| {
                (pinned_number(chain, asked)? <= 60).then_some(Lie::Result(json!([])))
            });
        },
    },
    Case {
        name: "a head that goes back",
        topic: Topic::Head,
        level: Level::Care,
        fact: |it| it.head_block == Some(HEAD),
        make: |node| {
            let calls = AtomicU64::new(0);
            node.script(move |asked, _| {
                let back = calls.fetch_add(
                    u64::from(asked.method == "eth_blockNumber"),
                    Ordering::Relaxed,
                ) % 2;
                (asked.method == "eth_blockNumber")
                    .then(|| Lie::Result(json!(format!("{:#x}", HEAD - back * 3))))
            });
        },
    },
    Case {
        name: "a rate limit",
        topic: Topic::RateLimit,
        level: Level::Care,
        fact: |it| it.rate_limited == 5,
        make: |node| {
            let calls = AtomicU64::new(0);
            node.script(move |asked, _| {
                let small = asked.method == "eth_blockNumber";
                let call = calls.fetch_add(u64::from(small), Ordering::Relaxed);
                (small && call.is_multiple_of(2) && call < 10).then_some(Lie::Busy(0))
            });
        },
    },
    Case {
        name: "no receipts by block",
        topic: Topic::Receipts,
        level: Level::Care,
        fact: |it| it.block_receipts == Some(false),
        make: |node| {
            node.script(|asked, _| {
                let text = "the method does not exist".to_owned();
                (asked.method == "eth_getBlockReceipts").then_some(Lie::Error(-32601, text))
            });
        },
    },
    Case {
        name: "another kind of server",
        topic: Topic::Chain,
        level: Level::Bad,
        fact: |it| it.chain_id.is_none() && it.head_block.is_none(),
        make: |node| node.script(|_, _| Some(Lie::Status(404, "<html>not here</html>"))),
    },
    Case {
        name: "a chain without blocks",
        topic: Topic::Head,
        level: Level::Bad,
        fact: |it| it.chain_id.is_some() && it.head_block.is_none(),
        make: |node| {
            node.script(|asked, _| {
                (asked.method == "eth_getBlockByNumber").then_some(Lie::Result(Value::Null))
            });
        },
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_weakness_is_found_and_nothing_else_is_bad() {
    for case in CASES {
        let node = node().await;
        (case.make)(&node);
        let examination = examined(&node).await;
        let found = level(&examination, case.topic);
        assert_eq!(found, Some(case.level), "{}: {examination:#?}", case.name);
        assert!(
            (case.fact)(examination.facts()),
            "{}: {examination:#?}",
            case.name
        );
        let expected = match case.level {
            Level::Bad => Verdict::Unusable,
            _ => Verdict::UsableWithCare,
        };
        assert_eq!(
            examination.verdict(),
            expected,
            "{}: {examination:#?}",
            case.name
        );
    }
}

#[tokio::test]
async fn nobody_there_is_a_finding_that_keeps_the_key_secret() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/v2/s3cr3t")
        .parse()
        .unwrap();
    let examination = examine(&url, &DoctorOptions::default(), &mut |_| {}).await;
    assert_eq!(examination.verdict(), Verdict::Unusable);
    let text = serde_json::to_string(&examination).unwrap();
    assert!(
        text.contains("unusable") && !text.contains("s3cr3t"),
        "{text}"
    );
}
