//! `decode --call`, `--returns`, `--revert`.

use super::{Files, abi, refused, well};

const CONTRACT: &str = "\
function transfer(address to, uint256 value) returns (bool)
function f(uint8 a)
function f(uint16 a)
error OwnableUnauthorizedAccount(address who)
";
const WORD_AA: &str = "00000000000000000000000000000000000000000000000000000000000000aa";
const ONE: &str = "0000000000000000000000000000000000000000000000000000000000000001";

#[test]
fn the_data_of_a_call_is_decoded_by_its_selector() {
    let files = Files::new();
    let contract = files.with("Token.sol", CONTRACT);
    let data = format!("0xa9059cbb{WORD_AA}{ONE}");
    let expected = concat!(
        r#"{"function":"transfer","signature":"transfer(address,uint256)","params":"#,
        r#"{"to":"0x00000000000000000000000000000000000000aa","value":"1"}}"#,
        "\n"
    );
    assert_eq!(
        well(&["decode", "--abi", &contract, "--call", &data], b""),
        expected
    );
    let spaced = format!(" {data}\n");
    assert_eq!(
        well(
            &["decode", "--abi", &contract, "--call", "-"],
            spaced.as_bytes()
        ),
        expected
    );
}

#[test]
fn data_that_is_no_call_says_why() {
    let files = Files::new();
    let contract = files.with("Token.sol", CONTRACT);
    let dirty = format!("0xa9059cbb{}{ONE}", WORD_AA.replacen('0', "1", 1));
    for (data, code, said) in [
        (
            "0xa9059cbc",
            1,
            "--call: no function has the selector 0xa9059cbc",
        ),
        (
            "0x",
            1,
            "--call: the data has no selector: it has less than four bytes",
        ),
        (
            "0xa9059cbb",
            1,
            "transfer(address,uint256): parameter `to`: the data ends too early",
        ),
        (
            "a9059cbb",
            2,
            "--call: expected bytes (0x and an even number of hex digits)",
        ),
        ("0xa9059cb", 2, "--call: expected bytes"),
    ] {
        let (found, message) = refused(&["decode", "--abi", &contract, "--call", data], b"");
        assert_eq!(found, code, "{message}");
        assert!(message.contains(said), "{message}");
    }
    let lenient = ["decode", "--abi", &contract, "--call", &dirty];
    assert!(well(&lenient, b"").contains(r#""value":"1""#));
    let (code, message) = refused(&[&lenient[..], &["--strict"]].concat(), b"");
    assert!(code == 1 && message.contains("parameter `to`"), "{message}");
}

#[test]
fn an_answer_is_decoded_by_the_function_that_gave_it() {
    let files = Files::new();
    let contract = files.with("Token.sol", CONTRACT);
    let answer = format!("0x{ONE}");
    for function in ["transfer", "transfer(address,uint256)"] {
        let arguments = [
            "decode",
            "--abi",
            &contract,
            "--returns",
            &answer,
            "--function",
            function,
        ];
        assert_eq!(
            well(&arguments, b""),
            "{\"function\":\"transfer\",\"signature\":\"transfer(address,uint256)\",\"returns\":{\"arg0\":true}}\n"
        );
    }
    for (function, said) in [
        (
            "f",
            "\"f\" stands for several functions, name one by its signature: f(uint8), f(uint16)",
        ),
        ("g", "no function \"g\" in the ABIs"),
    ] {
        let arguments = [
            "decode",
            "--abi",
            &contract,
            "--returns",
            &answer,
            "--function",
            function,
        ];
        let (code, message) = refused(&arguments, b"");
        assert_eq!(code, 2);
        assert!(message.contains(said), "{message}");
    }
    // One function of two ABIs is one.
    let twice = ["decode", "--abi", &contract, "--abi", &contract];
    well(
        &[
            &twice[..],
            &["--returns", &answer, "--function", "transfer"],
        ]
        .concat(),
        b"",
    );
}

#[test]
fn a_revert_says_its_reason() {
    let files = Files::new();
    let contract = files.with("Token.sol", CONTRACT);
    let message = format!(
        "0x08c379a0{}{}{:0<64}",
        ONE.replace("01", "20"),
        ONE.replace("01", "02"),
        "6869"
    );
    for (data, expected) in [
        (
            "0x",
            r#"{"error":null,"reason":"reverted without a reason"}"#,
        ),
        (
            &*message,
            r#"{"error":"Error","signature":"Error(string)","params":{"message":"hi"},"reason":"hi"}"#,
        ),
        (
            &*format!("0x4e487b71{}", ONE.replace("01", "11")),
            r#"{"error":"Panic","signature":"Panic(uint256)","params":{"code":"17"},"reason":"panic 0x11: arithmetic overflow or underflow"}"#,
        ),
    ] {
        assert_eq!(
            well(&["decode", "--revert", data], b""),
            format!("{expected}\n")
        );
    }
    let custom = format!("0x118cdaa7{WORD_AA}");
    let (code, said) = refused(&["decode", "--revert", &custom], b"");
    assert!(
        code == 1 && said.contains("no error is known with the selector 0x118cdaa7"),
        "{said}"
    );
    let decoded = abi(&["decode", "--abi", &contract, "--revert", &custom], b"");
    assert_eq!(
        decoded.stdout,
        "{\"error\":\"OwnableUnauthorizedAccount\",\"signature\":\"OwnableUnauthorizedAccount(address)\",\"params\":{\"who\":\"0x00000000000000000000000000000000000000aa\"}}\n"
    );
}
