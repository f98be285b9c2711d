//! Which logs are left out of an answer.

use serde_json::Value;

use crate::network::Random;

/// A body without one log in `one_in`, always the same ones for a seed, and how many it lacks.
pub(super) fn without_some_logs(body: &str, seed: u64, one_in: u64) -> (String, u64) {
    let parsed = serde_json::from_str::<Value>(body);
    let Some(mut answer) = parsed.ok().filter(|_| one_in > 0) else {
        return (body.to_owned(), 0);
    };
    let mut dropped = 0;
    let answers = match &mut answer {
        Value::Array(answers) => answers.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for answer in answers {
        drop_from(&mut answer["result"], seed, one_in, &mut dropped);
    }
    if dropped == 0 {
        return (body.to_owned(), 0);
    }
    (answer.to_string(), dropped)
}

/// A result is logs, receipts, one receipt, or nothing of the kind.
fn drop_from(result: &mut Value, seed: u64, one_in: u64, dropped: &mut u64) {
    match result {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|it| !is_log(it) || !is_dropped(it, seed, one_in));
            *dropped += (before - items.len()) as u64;
            for receipt in items {
                drop_from(receipt, seed, one_in, dropped);
            }
        }
        Value::Object(receipt) => {
            if let Some(logs) = receipt.get_mut("logs") {
                drop_from(logs, seed, one_in, dropped);
            }
        }
        _ => {}
    }
}

fn is_log(value: &Value) -> bool {
    value.get("topics").is_some() && value.get("logIndex").is_some()
}

fn is_dropped(log: &Value, seed: u64, one_in: u64) -> bool {
    let text = format!("{}{}", log["blockHash"], log["logIndex"]);
    // FNV-1a: the same log, the same fate.
    let fate = text
        .bytes()
        .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    Random::new(fate).one_in(one_in)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn logs(count: u64) -> Vec<Value> {
        let log = |index| json!({ "topics": [], "blockHash": "0x1", "logIndex": index });
        (0..count).map(log).collect()
    }

    fn dropped(result: &Value, one_in: u64) -> (Value, u64) {
        let body = json!({ "id": 1, "result": result }).to_string();
        let (body, dropped) = without_some_logs(&body, 5, one_in);
        let mut body: Value = serde_json::from_str(&body).unwrap();
        (body["result"].take(), dropped)
    }

    #[test]
    fn about_one_in_so_many_is_missing_and_always_the_same() {
        let (left, count) = dropped(&json!(logs(10_000)), 100);
        assert!((60..150).contains(&count), "{count}");
        assert_eq!(left.as_array().unwrap().len() as u64, 10_000 - count);
        assert_eq!(dropped(&json!(logs(10_000)), 100), (left, count));
        assert_eq!(dropped(&json!(logs(100)), 0), (json!(logs(100)), 0));
    }

    #[test]
    fn receipts_lack_the_same_logs() {
        let receipts = json!([{ "logs": logs(500) }, { "logs": [] }]);
        let (left, count) = dropped(&receipts, 100);
        let (of_logs, same) = dropped(&json!(logs(500)), 100);
        assert_eq!((&left[0]["logs"], count), (&of_logs, same));
        assert!(count > 0);
    }

    #[test]
    fn what_is_no_log_is_passed_on() {
        let block = json!({ "number": "0x1", "transactions": ["0x2"] });
        assert_eq!(dropped(&block, 1), (block, 0));
        assert_eq!(without_some_logs("<html>", 1, 1), ("<html>".to_owned(), 0));
    }
}
