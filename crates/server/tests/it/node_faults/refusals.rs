//! Each provider's caps and texts: any failure of a range is met by splitting it, a text only speeds
//! that up, and the range widens again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use event_streamer_testkit::{Cap, REFUSALS, Refusal, RefusalHint};

use super::case::{Case, case};
use super::stage::{Asked, Fold, Lie, Node, config, dense, dense_node, source};

/// The widest range that is asked for, wider than any chain here.
const WIDEST: u64 = 5_000;

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = REFUSALS.iter().map(of_provider).collect();
    cases.extend([
        case(
            "the suggestion is what was asked",
            "`Try with this block range` with the very range that was refused",
            "halved: the same is not asked in a circle",
            || traps(|from, to| Some((from, to))),
        ),
        case(
            "the suggestion is a block less each time",
            "`Try with this block range` with one block less than was refused",
            "taken once, then halved",
            || traps(|from, to| Some((from, to - 1))),
        ),
        case(
            "the suggestion is wider than what was asked",
            "`Try with this block range` up to a million blocks further",
            "the configured width is never exceeded",
            || traps(|from, to| Some((from, to + 1_000_000))),
        ),
        case(
            "the suggestion is nonsense",
            "a range that ends before it begins",
            "halved",
            || traps(|from, _| Some((from, from.saturating_sub(1)))),
        ),
        case(
            "a limit that goes away",
            "ranges of more than 8 blocks are refused six times, then everything is answered",
            "the range widens again, far beyond 8 blocks",
            widens_again,
        ),
        case(
            "a limit that stays",
            "ranges of more than 8 blocks are refused, always",
            "learnt: refused now and then, not every other time",
            is_learnt,
        ),
    ]);
    cases
}

fn of_provider(refusal: &'static Refusal) -> Case {
    let cap = match refusal.cap {
        Cap::Blocks(blocks) => format!("for more than {blocks} blocks"),
        Cap::Logs(logs) => format!("for more than {logs} logs"),
        Cap::Calls(calls) => format!("{calls} times, whatever is asked"),
    };
    let text = refusal.text.replace('|', "/");
    let fault = match refusal.status {
        200 => format!("{}: `{text}`, {cap}", refusal.code),
        status if text.is_empty() => format!("HTTP {status}, {cap}"),
        status => format!("HTTP {status}: `{text}`, {cap}"),
    };
    let promise = match refusal.hint {
        RefusalHint::Blocks => "the next try is what the text says: one refusal",
        RefusalHint::Nothing => "halved until it is answered",
        RefusalHint::Wait => "the same range again after a while, not a smaller one",
    };
    case(refusal.provider, fault, promise, move || refused(*refusal))
}

/// Calls by range from the block that was asked for first, in their order.
fn first_ranges(node: &Node) -> Vec<u64> {
    let asked = node.asked();
    let mut ranges = asked.iter().filter_map(Asked::range).peekable();
    let first = ranges.peek().map(|it| it.0);
    let of_first = ranges.filter(|it| Some(it.0) == first);
    of_first.map(|(from, to)| to - from + 1).collect()
}

fn widest(node: &Node) -> u64 {
    let asked = node.asked();
    let widths = asked.iter().filter_map(Asked::range);
    widths.map(|(from, to)| to - from + 1).max().unwrap()
}

/// A script that counts how often it lies.
fn counted(
    node: &Node,
    mut script: impl FnMut(&Asked, &serde_json::Value) -> Option<Lie> + Send + 'static,
) -> Arc<AtomicUsize> {
    let told = Arc::<AtomicUsize>::default();
    let telling = Arc::clone(&told);
    node.script(move |asked, truth| {
        let lie = script(asked, truth)?;
        telling.fetch_add(1, SeqCst);
        Some(lie)
    });
    told
}

async fn refused(refusal: Refusal) {
    let height = match refusal.cap {
        Cap::Blocks(blocks) => blocks * 2 + 200,
        Cap::Logs(_) => 300,
        Cap::Calls(_) => 100,
    };
    let node = Node::start().await;
    for _ in 0..height {
        // The longer chains have their logs further apart.
        node.mine_with(|number, salt| match number % height.div_ceil(500) {
            0 => dense(number, salt),
            _ => vec![],
        });
    }
    let told = counted(&node, refusal.script());
    let source = source(config(&[&node]).with_max_blocks_per_request(WIDEST));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    assert!(told.load(SeqCst) > 0, "it was refused");
    assert!(widest(&node) <= WIDEST);
    assert_eq!(source.endpoints()[0].untrue_answers, 0);
    let widths = first_ranges(&node);
    match refusal.hint {
        RefusalHint::Blocks => {
            assert!(widths.len() <= 2, "one refusal was enough: {widths:?}");
        }
        RefusalHint::Nothing => {
            // Some texts read as if time could help; then it is given some.
            let halvings = height.ilog2() as usize + 1;
            assert!(widths.len() <= halvings + 4, "{widths:?}");
            assert!(widths.is_sorted_by(|a, b| a >= b), "{widths:?}");
        }
        RefusalHint::Wait => {
            assert!(widths.iter().all(|it| *it == widths[0]), "{widths:?}");
            assert!(widths.len() > 1, "{widths:?}");
        }
    }
}

/// A node that answers up to 10 blocks and suggests something else.
async fn traps(suggested: fn(u64, u64) -> Option<(u64, u64)>) {
    let node = dense_node(300).await;
    let told = counted(&node, move |asked, _| {
        let (from, to) = asked.range()?;
        let (good_from, good_to) = suggested(from, to)?;
        let text = format!(
            "query returned more than 10000 results. Try with this block range [{good_from:#x}, \
             {good_to:#x}]."
        );
        (to - from >= 10).then_some(Lie::Error(-32005, text))
    });
    let source = source(config(&[&node]).with_max_blocks_per_request(200));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    assert!(widest(&node) <= 200, "never wider than configured");
    let widths = first_ranges(&node);
    assert!(widths.len() <= 14, "{widths:?}");
    let told = told.load(SeqCst);
    assert!((1..40).contains(&told), "{told} refusals");
}

async fn widens_again() {
    let node = dense_node(600).await;
    let mut left = 6;
    let told = counted(&node, move |asked, _| {
        let (from, to) = asked.range()?;
        if to - from < 8 || left == 0 {
            return None;
        }
        left -= 1;
        Some(Lie::Error(-32602, "block range is too wide".to_owned()))
    });
    let source = source(config(&[&node]).with_max_blocks_per_request(100));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    assert_eq!(told.load(SeqCst), 6);
    let asked = node.asked();
    let widths: Vec<u64> = asked
        .iter()
        .filter_map(Asked::range)
        .map(|(from, to)| to - from + 1)
        .collect();
    let narrowest = widths.iter().position(|it| *it <= 8).unwrap();
    let later = widths[narrowest..].iter().max().unwrap();
    assert!(*later >= 24, "{widths:?}");
}

async fn is_learnt() {
    let node = dense_node(600).await;
    let told = counted(&node, |asked, _| {
        let (from, to) = asked.range()?;
        let text = || "block range is too wide".to_owned();
        (to - from >= 8).then(|| Lie::Error(-32602, text()))
    });
    let source = source(config(&[&node]).with_max_blocks_per_request(100));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    let answered = node.count(|it| it.range().is_some()) - told.load(SeqCst);
    assert!(
        told.load(SeqCst) * 4 < answered,
        "{told:?} refusals, {answered} answers"
    );
}
