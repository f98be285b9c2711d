use proptest::prelude::*;
use serde_json::json;

use super::*;

fn texts(answers: &[Answer<'_>]) -> Vec<Result<String, Fault>> {
    answers
        .iter()
        .map(|it| it.clone().map(|raw| raw.get().to_owned()))
        .collect()
}

#[test]
fn a_request_is_json_rpc_2() {
    let call = Call::new("eth_chainId", json!([]));
    assert_eq!(
        String::from_utf8(encode(7, &call)).unwrap(),
        r#"{"jsonrpc":"2.0","id":7,"method":"eth_chainId","params":[]}"#
    );
    assert_eq!(
        String::from_utf8(encode_batch(7, &[call.clone(), call])).unwrap(),
        concat!(
            r#"[{"jsonrpc":"2.0","id":7,"method":"eth_chainId","params":[]},"#,
            r#"{"jsonrpc":"2.0","id":8,"method":"eth_chainId","params":[]}]"#
        )
    );
}

#[test]
fn a_result_is_taken_by_its_id() {
    for body in [
        r#"{"jsonrpc":"2.0","id":7,"result":"0x1"}"#,
        r#"{"id":"7","result":"0x1","extra":[1]}"#,
        r#"{"result":"0x1","id":7,"error":null}"#,
    ] {
        assert_eq!(
            decode(7, body.as_bytes()).unwrap().get(),
            r#""0x1""#,
            "{body}"
        );
    }
    assert_eq!(
        decode(7, br#"{"id":7,"result":null}"#).unwrap().get(),
        "null"
    );
}

#[test]
fn what_is_no_answer_is_a_protocol_fault() {
    for body in [
        "",
        "<html>502</html>",
        r#"{"id":7}"#,
        r#"{"id":8,"result":1}"#,
        r#"{"result":1}"#,
        r#"{"id":null,"result":1}"#,
        r#"{"id":7,"result":1"#,
        r#"{"id":7,"result":1,"result":2}"#,
        "[]",
        "null",
    ] {
        assert!(
            matches!(decode(7, body.as_bytes()), Err(Fault::Protocol(_))),
            "{body}: {:?}",
            decode(7, body.as_bytes())
        );
    }
}

#[test]
fn an_error_object_may_be_sloppy() {
    for (body, code, message) in [
        (
            r#"{"id":7,"error":{"code":-32000,"message":"no"}}"#,
            -32000,
            "no",
        ),
        (
            r#"{"id":null,"error":{"code":"-32700","message":"no"}}"#,
            -32700,
            "no",
        ),
        (r#"{"error":{"message":"no"}}"#, 0, "no"),
        (r#"{"id":7,"error":"no"}"#, 0, "no"),
        (
            r#"{"id":7,"error":{"code":3,"message":"no","data":"way"}}"#,
            3,
            "no: way",
        ),
        (
            r#"{"id":7,"error":{"code":3,"data":{"from":"0x1"}}}"#,
            3,
            "",
        ),
    ] {
        let fault = Fault::Node {
            code,
            message: message.to_owned(),
        };
        assert_eq!(decode(7, body.as_bytes()).unwrap_err(), fault, "{body}");
    }
}

#[test]
fn a_batch_may_be_refused_as_a_whole() {
    let refusal = br#"{"id":null,"error":{"code":-32600,"message":"no batches"}}"#;
    let fault = Fault::Node {
        code: -32600,
        message: "no batches".to_owned(),
    };
    assert_eq!(decode_batch(1, 2, refusal).unwrap_err(), fault);
    assert!(matches!(
        decode_batch(1, 2, br#"{"id":1,"result":1}"#),
        Err(Fault::Protocol(_))
    ));
}

#[test]
fn missing_and_double_answers_are_faults_of_their_call_alone() {
    let body = br#" [{"id":12,"result":2},{"id":10,"result":0},{"id":99,"result":9},
        {"id":10,"result":0},{"id":9,"result":9},{"result":9}]"#;
    let answers = texts(&decode_batch(10, 3, body).unwrap());
    assert!(matches!(&answers[0], Err(Fault::Protocol(text)) if text.contains("twice")));
    assert!(matches!(&answers[1], Err(Fault::Protocol(text)) if text.contains("not answered")));
    assert_eq!(answers[2].as_deref().unwrap(), "2");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_a_batch_s_answers_does_not_matter(
        order in Just((0..20_u64).collect::<Vec<_>>()).prop_shuffle(),
        first_id in 0..u64::MAX / 2,
    ) {
        let body: Vec<_> =
            order.iter().map(|it| json!({ "id": first_id + it, "result": it })).collect();
        let body = serde_json::to_vec(&body).unwrap();
        let answers = texts(&decode_batch(first_id, 20, &body).unwrap());
        let expected: Vec<_> = (0..20).map(|it| Ok(it.to_string())).collect();
        prop_assert_eq!(answers, expected);
    }

    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(1, &body);
        let _ = decode_batch(1, 3, &body);
    }
}
