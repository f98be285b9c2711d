//! What a node's refusal probably means.
//!
//! Every provider has its own codes and texts, and changes them. So the result is a hint: it makes
//! the right thing happen sooner, and a wrong guess makes it happen later, never not at all.

use super::error::RpcErrorKind;

/// Texts that ask for patience, not for a smaller question.
const BUSY: &[&str] = &[
    "rate limit",
    "rate exceeded",
    "too many requests",
    "credits limited",
    "request limit",
    "maximum number of concurrent requests",
    "no backend is currently healthy",
];

/// Texts about a block the node does not have.
const NOT_FOUND: &[&str] = &["header not found", "unknown block", "block not found"];

/// Texts that ask for fewer blocks or results.
const TOO_LARGE: &[&str] = &[
    "block range",
    "blocks distance",
    "exceeded max limit",
    "exceeds the range",
    "is limited to",
    "limit the query",
    "logs matched by query",
    "max range",
    "max results",
    "query must be smaller",
    "query returned more than",
    "range is too",
    "ranges over",
    "requested blocks",
    "response is too",
    "response size",
    "response too large",
    "too many blocks",
    "too many logs",
    "too many results",
];

/// Words that say that a number in the text counts something other than blocks.
const NOT_BLOCKS: &[&str] = &[
    "byte",
    "exceeded max limit",
    "logs matched",
    "max results",
    "response",
    "results",
];

/// The kind of a JSON-RPC error object.
pub(super) fn kind(code: i64, message: &str) -> RpcErrorKind {
    let text = message.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|it| text.contains(it));
    if says(BUSY) {
        RpcErrorKind::RateLimited
    } else if says(TOO_LARGE) {
        RpcErrorKind::TooLarge
    } else if says(NOT_FOUND) {
        RpcErrorKind::NotFound
    } else {
        match code {
            // "Limit exceeded" of EIP-1474, used for rates and for results alike.
            -32005 => RpcErrorKind::RateLimited,
            -32008 | -32614 => RpcErrorKind::TooLarge,
            // "Unknown block" of geth and others.
            -39001 => RpcErrorKind::NotFound,
            _ => RpcErrorKind::Node { code },
        }
    }
}

/// How many blocks the text says would have been answered.
pub(super) fn suggested_blocks(message: &str) -> Option<u64> {
    let text = message.to_ascii_lowercase();
    if let Some((from, to)) = suggested_range(&text) {
        return to.checked_sub(from)?.checked_add(1);
    }
    if NOT_BLOCKS.iter().any(|it| text.contains(it)) {
        return None;
    }
    // Whether a provider counts the blocks or the difference of their numbers is not said: one
    // less is right either way.
    last_number(&text).map(|limit| limit.saturating_sub(1).max(1))
}

/// `[0x10, 0x1f]` or `range 16-31`.
fn suggested_range(text: &str) -> Option<(u64, u64)> {
    let bracketed = || {
        let (_, rest) = text.rsplit_once('[')?;
        let (inside, _) = rest.split_once(']')?;
        let (from, to) = inside.split_once(',')?;
        let hex = |it: &str| u64::from_str_radix(it.trim().strip_prefix("0x")?, 16).ok();
        Some((hex(from)?, hex(to)?))
    };
    let dashed = || {
        let (_, rest) = text.rsplit_once("range ")?;
        let (from, to) = rest.split_once('-')?;
        let digits = to.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((from.parse().ok()?, digits.parse().ok()?))
    };
    bracketed().or_else(dashed)
}

/// The last decimal number of a text: `10,000`, `10k`, `2048`.
fn last_number(text: &str) -> Option<u64> {
    let is_number = |c: char| c.is_ascii_digit() || c == ',';
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = text[..end].rfind(|c| !is_number(c)).map_or(0, |it| it + 1);
    let digits: String = text[start..end]
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let thousands = if text[end..].starts_with('k') {
        1_000
    } else {
        1
    };
    digits.parse::<u64>().ok()?.checked_mul(thousands)
}

#[cfg(test)]
mod tests;
