//! The JSON-RPC 2.0, from the bytes of a request to those of its answer.

mod block;
mod error;
mod filter;
mod logs;
mod methods;
mod request;
mod subscriptions;
mod tag;

use serde_json::value::RawValue;

use self::error::RpcError;
use self::methods::Methods;
use self::request::Request;
pub(crate) use self::subscriptions::Subscriptions;
use crate::chain::Chain;
use crate::limits::NodeLimits;

/// Answers one body or message: a call or a batch of them. `None` if there is nothing to say,
/// because all of it was notifications.
pub(crate) fn answer(
    chain: &Chain,
    limits: &NodeLimits,
    subscriptions: Option<&mut Subscriptions>,
    body: &[u8],
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut methods = Methods {
        chain,
        limits,
        subscriptions,
    };
    match serde_json::from_slice::<&RawValue>(body) {
        Ok(text) if text.get().starts_with('[') => answer_batch(&mut methods, text.get(), &mut out),
        Ok(text) => {
            answer_call(&mut methods, text.get(), &mut out);
        }
        Err(error) => write_error(
            None,
            &RpcError::parse(format!("the request is not JSON: {error}")),
            &mut out,
        ),
    }
    (!out.is_empty()).then_some(out)
}

/// The answer to a body above the limit, which was not read.
pub(crate) fn answer_too_large(limits: &NodeLimits) -> Vec<u8> {
    let mut out = Vec::new();
    let error = RpcError::request(format!(
        "the request is longer than {} bytes",
        limits.max_request_bytes
    ));
    write_error(None, &error, &mut out);
    out
}

fn answer_batch(methods: &mut Methods<'_>, text: &str, out: &mut Vec<u8>) {
    // Every array that was scanned before parses as one.
    let calls: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    let limit = methods.limits.max_batch;
    if calls.is_empty() || calls.len() > limit {
        let message = if calls.is_empty() {
            "empty batch".to_owned()
        } else {
            format!("batch too large: more than {limit} calls")
        };
        return write_error(None, &RpcError::request(message), out);
    }
    out.push(b'[');
    for call in calls {
        let before = out.len();
        if before > 1 {
            out.push(b',');
        }
        if !answer_call(methods, call.get(), out) {
            out.truncate(before);
        }
    }
    if out.len() == 1 {
        // Notifications only.
        out.clear();
    } else {
        out.push(b']');
    }
}

/// Appends the answer to one call; `false` if it has none, being a notification.
fn answer_call(methods: &mut Methods<'_>, text: &str, out: &mut Vec<u8>) -> bool {
    let request = match Request::parse(text) {
        Ok(request) => request,
        Err((id, error)) => {
            write_error(id, &error, out);
            return true;
        }
    };
    let start = out.len();
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(request.id.unwrap_or("null").as_bytes());
    out.extend_from_slice(br#","result":"#);
    let limit = methods.limits.max_response_bytes;
    let result = request
        .params()
        .and_then(|params| methods.call(&request.method, &params, out))
        .and_then(|()| {
            if out.len() > limit {
                return Err(RpcError::response_too_large(limit));
            }
            Ok(())
        });
    let Some(id) = request.id else {
        out.truncate(start);
        return false;
    };
    match result {
        Ok(()) => out.push(b'}'),
        Err(error) => {
            out.truncate(start);
            write_error(Some(id), &error, out);
        }
    }
    true
}

fn write_error(id: Option<&str>, error: &RpcError, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id.unwrap_or("null").as_bytes());
    out.extend_from_slice(br#","error":"#);
    let start = out.len();
    if serde_json::to_writer(&mut *out, error).is_err() {
        // Writing two plain fields to memory does not fail; the answer stays whole if it did.
        out.truncate(start);
        out.extend_from_slice(br#"{"code":-32603,"message":"internal error"}"#);
    }
    out.push(b'}');
}
