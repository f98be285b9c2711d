//! `codegen`: that the library's code comes out, whole, where it was asked for. What the code is worth
//! is tested where it is made.

use event_streamer::abi::codegen::RustModule;
use event_streamer::abi::parse_human_abi;

use super::{Files, refused, text, well};

const POOL: &str = "\
event Swap(address indexed sender, int256 amount)
event Mint(address indexed owner, uint128 liquidity)
event Mint(address indexed owner, uint64 liquidity)
";

fn generated(module: &str, wanted: &[usize]) -> String {
    let all = parse_human_abi(POOL).unwrap().events;
    let events: Vec<_> = wanted.iter().map(|nth| all[*nth].clone()).collect();
    RustModule::new(module).generate(&events).unwrap()
}

#[test]
fn the_module_is_named_after_the_file_and_has_every_event() {
    let files = Files::new();
    let pool = files.with("UniswapPool.abi.sol", POOL);
    let code = well(&["codegen", &pool], b"");
    assert_eq!(code, generated("uniswap_pool", &[0, 1, 2]));
    let code = well(&["codegen", "-", "--module", "amm"], POOL.as_bytes());
    assert_eq!(code, generated("amm", &[0, 1, 2]));
    let code = well(
        &["codegen", &pool, "--abi-path", "::event_streamer::abi"],
        b"",
    );
    assert!(
        code.contains("use ::event_streamer::abi::typed as abi;"),
        "{code}"
    );
}

#[test]
fn events_can_be_chosen_by_name_and_by_signature() {
    let files = Files::new();
    let pool = files.with("pool.sol", POOL);
    let code = well(
        &[
            "codegen",
            &pool,
            "--event",
            "Mint(address,uint64)",
            "--event",
            "Swap",
        ],
        b"",
    );
    assert_eq!(code, generated("pool", &[2, 0]));
    for (event, said) in [
        ("Mint", "stands for several events"),
        ("Burn", "no event `Burn`"),
    ] {
        let (code, message) = refused(&["codegen", &pool, "--event", event], b"");
        assert!(code == 1 && message.contains(said), "{message}");
    }
    let (code, message) = refused(&["codegen", "-"], b"error None()");
    assert!(
        code == 1 && message.contains("standard input: no events"),
        "{message}"
    );
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let files = Files::new();
    let pool = files.with("pool.sol", POOL);
    let out = files.with("out.rs", "old");
    let (code, _) = refused(&["codegen", &pool, "--event", "Burn", "-o", &out], b"");
    assert_eq!(
        (code, std::fs::read_to_string(&out).unwrap().as_str()),
        (1, "old")
    );
    assert_eq!(well(&["codegen", &pool, "-o", &out], b""), "");
    assert_eq!(
        std::fs::read_to_string(&out).unwrap(),
        generated("pool", &[0, 1, 2])
    );
    assert!(!files.path("out.rs.part").exists());
    let nowhere = text(&files.path("nowhere/out.rs"));
    let (code, message) = refused(&["codegen", &pool, "-o", &nowhere], b"");
    assert!(code == 1 && message.contains("cannot write "), "{message}");
}
