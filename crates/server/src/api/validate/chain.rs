//! What chains may be asked for: every fault of a request, in one answer.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use event_streamer_models::{ChainPreset, ChainSettings, EndpointUrl};
use serde_json::Value;

use super::faults::{Faults, kind};
use super::fields::{Fields, shown};
use super::object;
use crate::api::error::{ApiError, ApiResult};
use crate::config::ChainApiConfig;
use crate::rpc::{RpcUrl, is_public};
use crate::store::ChainSpec;

const MAX_NAME: usize = 100;
const MAX_URL: usize = 2048;
const DAY: u64 = 86_400;
/// More than any chain's finality.
const MAX_CONFIRMATIONS: u64 = 100_000;
const MAX_RANGE: u64 = 1_000_000;
const MAX_READS: u64 = 256;

/// Reads a `ChainConfigRequest`. Null and absent are the same. `chain_id` is that of the path, if
/// the path has one.
pub(crate) fn chain(
    body: &Value,
    chain_id: Option<u64>,
    rules: &ChainApiConfig,
) -> ApiResult<ChainSpec> {
    let mut faults = Faults::default();
    let mut fields = Fields {
        body: object(body)?,
        faults: &mut faults,
    };
    let id = fields.chain_id(chain_id);
    let name = fields.name(id);
    let settings = fields.settings(rules);
    faults.into_result()?;
    let (Some(chain_id), Some(name)) = (id, name) else {
        // Each of them missing is a fault, and faults have ended this above.
        return Err(ApiError::internal());
    };
    Ok(ChainSpec {
        chain_id,
        name,
        settings,
    })
}

impl Fields<'_> {
    fn chain_id(&mut self, of_path: Option<u64>) -> Option<u64> {
        let given = self.integer("chain_id", 1..=u64::MAX);
        match (given, of_path) {
            (Some(given), Some(path)) if given != path => {
                let what = format!("{given} is not the chain of the path, {path}");
                self.faults.add("chain_id", what);
            }
            (None, Some(0)) => self.faults.add_unless_known("chain_id", "must not be 0"),
            (None, None) => self.faults.add_unless_known("chain_id", "is required"),
            _ => {}
        }
        given.or(of_path)
    }

    /// Of a well-known chain it need not be given.
    fn name(&mut self, chain_id: Option<u64>) -> Option<String> {
        let Some(value) = self.given("name") else {
            let preset = chain_id.and_then(ChainPreset::of);
            if preset.is_none() {
                self.faults.add("name", "is required");
            }
            return preset.map(|it| it.name.to_owned());
        };
        let fault = match value.as_str() {
            None => format!("expected a string, got {}", kind(value)),
            // Breakers and metrics are named after it.
            Some(text) if !text.chars().any(char::is_alphanumeric) => {
                "must have a letter or a digit".to_owned()
            }
            Some(text) if text.len() > MAX_NAME => {
                format!("must not be longer than {MAX_NAME} bytes")
            }
            Some(text) if text.chars().any(char::is_control) => {
                "must not have control characters".to_owned()
            }
            Some(text) => return Some(text.to_owned()),
        };
        self.faults.add("name", fault);
        None
    }

    fn settings(&mut self, rules: &ChainApiConfig) -> ChainSettings {
        let settings = ChainSettings {
            rpc_urls: self.rpc_urls(rules),
            historical_rpc_url: self.named_url("historical_rpc_url", false, rules),
            live_websocket_url: self.named_url("live_websocket_url", true, rules),
            average_block_time: self.seconds("average_block_time"),
            max_blocks_per_request: self.integer("max_blocks_per_request", 1..=MAX_RANGE),
            confirmation_blocks: self.integer("confirmation_blocks", 0..=MAX_CONFIRMATIONS),
            historical_max_chunk_size: self.integer("historical_max_chunk_size", 1..=MAX_RANGE),
            historical_max_retries: self.count("historical_max_retries"),
            historical_max_concurrent: self.integer("historical_max_concurrent", 1..=MAX_READS),
            historical_progress_interval: self.count("historical_progress_interval"),
            live_max_retries: self.count("live_max_retries"),
            live_retry_delay: self.integer("live_retry_delay", 0..=DAY),
            live_reconnect_delay: self.integer("live_reconnect_delay", 0..=DAY),
            live_enable_gap_detection: self.boolean("live_enable_gap_detection"),
            live_max_gap_size: self.count("live_max_gap_size"),
            live_block_check_interval: self.integer("live_block_check_interval", 1..=DAY),
            live_gap_fill_chunk_size: self.integer("live_gap_fill_chunk_size", 1..=MAX_RANGE),
        };
        self.check_endpoints(&settings, rules);
        if let (Some(one), Some(other)) = (
            settings.max_blocks_per_request,
            settings.historical_max_chunk_size,
        ) && one != other
        {
            let what =
                format!("{other} contradicts max_blocks_per_request, {one}: they are one setting");
            self.faults.add("historical_max_chunk_size", what);
        }
        settings
    }

    fn check_endpoints(&mut self, settings: &ChainSettings, rules: &ChainApiConfig) {
        let endpoints: BTreeSet<_> = settings.endpoints().collect();
        if endpoints.len() > rules.max_endpoints {
            let what = format!(
                "{} endpoints are more than {}",
                endpoints.len(),
                rules.max_endpoints
            );
            self.faults.add("rpc_urls", what);
        }
        let known = ["rpc_urls", "historical_rpc_url", "live_websocket_url"]
            .iter()
            .any(|it| self.faults.knows(it));
        if !known && endpoints.iter().all(|it| it.is_websocket()) {
            let what = "at least one http or https endpoint is needed, here or as \
                        historical_rpc_url";
            self.faults.add("rpc_urls", what);
        }
    }

    fn rpc_urls(&mut self, rules: &ChainApiConfig) -> Vec<EndpointUrl> {
        let Some(value) = self.given("rpc_urls") else {
            return Vec::new();
        };
        let Some(values) = value.as_array() else {
            let what = format!("expected an array of URLs, got {}", kind(value));
            self.faults.add("rpc_urls", what);
            return Vec::new();
        };
        let mut urls: Vec<EndpointUrl> = Vec::new();
        // One more says that there are too many; a thousand more would say no more.
        for (index, value) in values.iter().enumerate().take(rules.max_endpoints + 1) {
            match url(value, rules) {
                Ok(url) if urls.contains(&url) => {}
                Ok(url) => urls.push(url),
                Err(fault) => self.faults.add(&format!("rpc_urls[{index}]"), fault),
            }
        }
        urls
    }

    /// An empty text is none: older clients have to send something.
    fn named_url(
        &mut self,
        name: &str,
        websocket: bool,
        rules: &ChainApiConfig,
    ) -> Option<EndpointUrl> {
        let value = self.given(name).filter(|it| it.as_str() != Some(""))?;
        let fault = match url(value, rules) {
            Ok(url) if url.is_websocket() == websocket => return Some(url),
            Ok(_) if websocket => "expected a ws or wss URL".to_owned(),
            Ok(_) => "expected an http or https URL".to_owned(),
            Err(fault) => fault,
        };
        self.faults.add(name, fault);
        None
    }

    fn seconds(&mut self, name: &str) -> Option<f64> {
        const BOUNDS: RangeInclusive<f64> = 0.01..=86_400.0;
        let value = self.given(name)?;
        let number = value.as_f64().filter(|it| BOUNDS.contains(it));
        if number.is_none() {
            let (least, most) = (BOUNDS.start(), BOUNDS.end());
            let what = format!(
                "expected seconds from {least} to {most}, got {}",
                shown(value)
            );
            self.faults.add(name, what);
        }
        number
    }

    fn count(&mut self, name: &str) -> Option<u64> {
        self.integer(name, 0..=MAX_RANGE)
    }

    fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.given(name)?;
        let flag = value.as_bool();
        if flag.is_none() {
            let what = format!("expected a boolean, got {}", kind(value));
            self.faults.add(name, what);
        }
        flag
    }
}

/// An endpoint, or what is wrong with it: never its text, which may hold a key.
fn url(value: &Value, rules: &ChainApiConfig) -> Result<EndpointUrl, String> {
    let Some(text) = value.as_str() else {
        return Err(format!("expected a URL, got {}", kind(value)));
    };
    if text.len() > MAX_URL {
        return Err(format!("must not be longer than {MAX_URL} bytes"));
    }
    if text.contains('…') {
        return Err("is a redacted URL; give it whole".to_owned());
    }
    if text.contains('#') {
        return Err("a node's URL has no fragment".to_owned());
    }
    let url: RpcUrl = text
        .parse()
        .map_err(|error: crate::rpc::RpcUrlError| error.to_string())?;
    let authority = url.uri().authority().map_or("", |it| it.as_str());
    let host = url.uri().host().unwrap_or_default();
    let port = authority
        .strip_prefix(host)
        .and_then(|it| it.strip_prefix(':'));
    if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return Err("the port must be from 1 to 65535".to_owned());
    }
    check_host(host, rules)?;
    Ok(EndpointUrl::new(text.trim()))
}

/// What can be told of a host without a look-up. Names are looked up, and checked, whenever a
/// connection is made.
fn check_host(host: &str, rules: &ChainApiConfig) -> Result<(), String> {
    let bare = host.trim_matches(['[', ']']);
    let not_public = || {
        Err(
            "is not on a public address; have the operator configure the chain, or start the \
             service with --allow-private-rpc"
                .to_owned(),
        )
    };
    if let Ok(address) = bare.parse::<IpAddr>() {
        if !rules.allow_private_rpc && !is_public(address) {
            return not_public();
        }
        return Ok(());
    }
    let name = bare.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // Some systems read `127.1`, `2130706433` and `0x7f.1` as addresses.
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("the host is neither a name nor an address in its usual form".to_owned());
    }
    if !rules.allow_private_rpc && last == "localhost" {
        return not_public();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<ChainSpec, String> {
        let rules = ChainApiConfig {
            max_endpoints: 3,
            ..ChainApiConfig::default()
        };
        chain(body, None, &rules).map_err(|error| error.detail().unwrap_or_default().to_owned())
    }

    fn fault(changes: Value) -> String {
        let mut body = json!({
            "chain_id": 7, "name": "Seven", "rpc_urls": ["https://node.example/key"],
        });
        let Value::Object(changes) = changes else {
            panic!()
        };
        body.as_object_mut().unwrap().extend(changes);
        read(&body).err().unwrap_or_default()
    }

    #[test]
    fn all_faults_of_a_body_at_once() {
        let found = read(&json!({
            "chain_id": "7", "name": "", "rpc_urls": ["file:///x", 5, "http://10.0.0.1/"],
            "historical_rpc_url": "ws://node.example", "live_websocket_url": "http://node.example",
            "average_block_time": 0, "historical_max_chunk_size": -1, "live_retry_delay": 1e9,
            "historical_max_concurrent": 2_147_483_648_u64, "live_enable_gap_detection": "yes",
        }));
        let found = found.unwrap_err();
        for path in [
            "chain_id: expected an integer",
            "name: must have a letter",
            "rpc_urls[0]: not a URL",
            "rpc_urls[1]: expected a URL",
            "rpc_urls[2]: is not on a public",
            "historical_rpc_url: expected an http",
            "live_websocket_url: expected a ws",
            "average_block_time: expected seconds",
            "historical_max_chunk_size: expected",
            "live_retry_delay: expected",
            "historical_max_concurrent: expected",
            "live_enable_gap_detection: expected a boolean",
        ] {
            assert!(found.contains(path), "{path}: {found}");
        }
        let missing = read(&json!({})).unwrap_err();
        for path in [
            "chain_id: is required",
            "name: is required",
            "rpc_urls: at least one",
        ] {
            assert!(missing.contains(path), "{path}: {missing}");
        }
    }

    #[test]
    fn two_names_of_one_setting_must_agree() {
        let both = json!({"max_blocks_per_request": 5, "historical_max_chunk_size": 6});
        assert!(fault(both).contains("6 contradicts max_blocks_per_request, 5"));
        let both = json!({"max_blocks_per_request": 5, "historical_max_chunk_size": 5});
        assert_eq!(fault(both), "");
    }

    #[test]
    fn the_endpoints_are_the_union() {
        let body = json!({
            "chain_id": 1, "rpc_urls": ["https://a.example/", "https://a.example/"],
            "historical_rpc_url": "https://a.example/", "live_websocket_url": "wss://b.example/",
        });
        let spec = read(&body).unwrap();
        assert_eq!(spec.name, "Ethereum", "a preset");
        let endpoints: Vec<_> = spec.settings.endpoints().map(EndpointUrl::expose).collect();
        assert_eq!(endpoints, ["https://a.example/", "wss://b.example/"]);
        let more = json!({"rpc_urls": ["http://a.b", "http://b.c", "http://c.d", "http://d.e"]});
        assert!(fault(more).contains("4 endpoints are more than 3"));
    }

    #[test]
    fn hosts_that_are_not_public_are_refused_without_their_text() {
        for host in [
            "127.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fd00:ec2::254]",
            "10.1.2.3:8545",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "100.64.0.1",
            "127.1",
            "0",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "127.0.0.1.",
            "node.example:0",
            "node.example:65536",
            "node.example:x",
            "user:secret@127.0.0.1",
        ] {
            let found = fault(json!({"rpc_urls": [format!("http://{host}/secret")]}));
            assert!(found.starts_with("rpc_urls[0]: "), "{host}: {found:?}");
            assert!(!found.contains("secret"), "{found}");
        }
        for url in [
            "gopher://node.example",
            "ftp://node.example",
            "node.example",
            "http://",
            "",
            "https://node.example/…",
            "https://node.example/#x",
            "http://b\u{fc}cher.example/",
            &format!("http://node.example/{}", "x".repeat(10_000)),
        ] {
            let found = fault(json!({"rpc_urls": [url]}));
            assert!(found.starts_with("rpc_urls[0]: "), "{url}: {found:?}");
        }
        for url in [
            "https://8.8.8.8/",
            "https://user:key@node.example:8545/v3/key?a=b",
        ] {
            assert_eq!(fault(json!({"rpc_urls": [url]})), "", "{url}");
        }
    }

    #[test]
    fn the_operator_may_allow_private_addresses() {
        let rules = ChainApiConfig::default().with_allow_private_rpc(true);
        let body = json!({"chain_id": 5, "name": "x", "rpc_urls": ["http://127.0.0.1:8545"]});
        assert!(chain(&body, Some(5), &rules).is_ok());
        let other = chain(&body, Some(6), &rules).unwrap_err();
        assert!(
            other
                .detail()
                .unwrap()
                .contains("not the chain of the path, 6")
        );
    }
}
