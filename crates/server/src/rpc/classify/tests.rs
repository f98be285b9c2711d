use super::*;

use RpcErrorKind::{Node, NotFound, RateLimited, TooLarge};

/// What providers were seen to answer: code, text, kind, suggested number of blocks.
const REFUSALS: &[(i64, &str, RpcErrorKind, Option<u64>)] = &[
    (
        -32005,
        "query returned more than 10000 results. Try with this block range [0xBDE5F8, 0xBDE60B].",
        TooLarge,
        Some(20),
    ),
    (
        -32602,
        "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range \
         and no limit on the response size, or you can request any block range with a cap of 10K \
         logs in the response. Based on your parameters and the response size limit, this block \
         range should work: [0x0, 0xd0]",
        TooLarge,
        Some(209),
    ),
    (
        -32614,
        "eth_getLogs is limited to a 10,000 range",
        TooLarge,
        Some(9_999),
    ),
    (
        -32614,
        "eth_getLogs is limited to a 5 range",
        TooLarge,
        Some(4),
    ),
    (-32600, "block range is too wide", TooLarge, None),
    (0, "Max range: 800", TooLarge, Some(799)),
    (
        -32005,
        "Maximum allowed number of requested blocks is 1000",
        TooLarge,
        Some(999),
    ),
    (
        -32602,
        "eth_getLogs is limited to 1024 block range. Please check the parameter requirements at \
         the documentation",
        TooLarge,
        Some(1_023),
    ),
    (
        0,
        "response size should not greater than 10000000 bytes",
        TooLarge,
        None,
    ),
    (
        -32602,
        "query exceeds max results 20000, retry with the range 23879634-23879696",
        TooLarge,
        Some(63),
    ),
    (
        -32602,
        "query exceeds max block range 100000",
        TooLarge,
        Some(99_999),
    ),
    (
        -32603,
        "eth_getLogs range is too large, max is 1k blocks",
        TooLarge,
        Some(999),
    ),
    (
        -32603,
        "eth_getLogs range is too large, max is 10k blocks",
        TooLarge,
        Some(9_999),
    ),
    (
        35,
        "ranges over 10000 blocks are not supported on freetier",
        TooLarge,
        Some(9_999),
    ),
    (0, "query returned more than 20000 results", TooLarge, None),
    (0, "backend response too large", TooLarge, None),
    (0, "Block range is too large", TooLarge, None),
    (0, "block range too large", TooLarge, None),
    (
        0,
        "no backend is currently healthy to serve traffic",
        RateLimited,
        None,
    ),
    (
        0,
        "logs matched by query exceeds limit of 10000",
        TooLarge,
        None,
    ),
    (
        0,
        "exceeds the range allowed for your plan (20000 > 10000)",
        TooLarge,
        Some(9_999),
    ),
    (0, "Block range limit exceeded.", TooLarge, None),
    (
        0,
        "please limit the query to at most 1000 blocks",
        TooLarge,
        Some(999),
    ),
    (
        0,
        "exceed maximum block range: 50000",
        TooLarge,
        Some(49_999),
    ),
    (0, "exceed max block range: 5000", TooLarge, Some(4_999)),
    (
        0,
        "requested too many blocks from 1 to 9999, maximum is set to 2048",
        TooLarge,
        Some(2_047),
    ),
    (0, "block range greater than 1000 max", TooLarge, Some(999)),
    (0, "block range exceeds 1000", TooLarge, Some(999)),
    (
        0,
        "query must be smaller than size 1024",
        TooLarge,
        Some(1_023),
    ),
    (
        0,
        "block range is too wide (maximum 1024)",
        TooLarge,
        Some(1_023),
    ),
    (0, "up to a 2000 block range", TooLarge, Some(1_999)),
    (
        0,
        "maximum [from, to] blocks distance: 2000",
        TooLarge,
        Some(1_999),
    ),
    (-32008, "Response is too big", TooLarge, None),
    (-32008, "Exceeded max limit of 67108864", TooLarge, None),
    (
        -32005,
        "daily request count exceeded, request rate limited",
        RateLimited,
        None,
    ),
    (-32005, "", RateLimited, None),
    (429, "Too Many Requests", RateLimited, None),
    (-32000, "rate exceeded", RateLimited, None),
    (-32000, "credits limited to 330/sec", RateLimited, None),
    (
        -32000,
        "maximum number of concurrent requests reached",
        RateLimited,
        None,
    ),
    (-32000, "header not found", NotFound, None),
    (-39001, "Unknown block", NotFound, None),
    (-39001, "safe block not found", NotFound, None),
    (
        -32601,
        "the method eth_foo does not exist/is not available",
        Node { code: -32601 },
        None,
    ),
    (-32000, "execution timeout", Node { code: -32000 }, None),
];

#[test]
fn refusals_of_providers() {
    for (code, text, expected, blocks) in REFUSALS {
        assert_eq!(kind(*code, text), *expected, "{text}");
        if *expected == TooLarge {
            assert_eq!(suggested_blocks(text), *blocks, "{text}");
        }
    }
}

#[test]
fn numbers_out_of_bounds_are_no_suggestions() {
    for text in [
        "block range [0x10, 0x5]",
        "block range [0x0, 0xffffffffffffffff]",
        "block range 99999999999999999999999",
        "max is 18446744073709551615k blocks",
        "range -",
        "[",
        "k",
    ] {
        assert_eq!(suggested_blocks(text), None, "{text}");
    }
    assert_eq!(suggested_blocks("max range: 0"), Some(1));
}
