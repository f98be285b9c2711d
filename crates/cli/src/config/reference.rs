//! `config reference`: the page about every setting, made from the tables that read them.

use std::fmt::Write as _;

use event_streamer::server::ChainConfig;

use super::chain_table::CHAIN_SETTINGS;
use super::setting::{FILE, flag, variable};
use super::settings::Settings;
use super::table::SETTINGS;

const INTRODUCTION: &str = "\
# Configuration

Each setting of the service can be said by a flag of `event-streamer serve`, by a variable of the
environment, or in a TOML file that `--config FILE` (`EVENT_STREAMER_CONFIG`) names. A flag goes
before a variable, a variable before the file, the file before the default. `event-streamer config
check` tells every fault at once, with its line and column; `event-streamer config print` shows what
is in force and who said so, without secrets.

* Times have a unit: `500ms`, `30s`, `2m`, `24h`. Sizes are bytes, or have one: `64KiB`, `2MiB`.
* Lists are arrays in the file; elsewhere their items stand between commas, or the flag is repeated.
* In the texts of the file `${NAME}` stands for a variable of the environment; `$${` is the text `${`.
* A secret can stand in a file of its own: its key with `_file` behind it names that file, in all
  three places. In a list's file each line is an item, and `#` begins a remark.
* A key that does not exist is an error, which names the nearest one that does.
* On SIGHUP the file is read again, and its chains are put in force; other settings need a restart. A
  file with a fault changes nothing.

```toml
listen = \"127.0.0.1:8000\"
data_dir = \"/var/lib/event-streamer\"

[chains.1]
rpc_urls = [\"https://eth.example/${ETH_KEY}\", \"wss://eth.example/${ETH_KEY}\"]
confirmation_blocks = 12

[chains.8453]
rpc_urls_file = \"/run/secrets/base-urls\"
```

";

const CHAINS: &str = "
## Chains

A section `[chains.ID]` for each chain. As a flag: `--chain ID.SETTING=VALUE`; as a variable:
`EVENT_STREAMER_CHAINS_ID_SETTING`. Where nothing is said here, `confirmations` and
`max_blocks_per_request` from above count. Endpoints may also be said by `rpc_urls` above, as
`ID=URL`; the stronger place has the word about a chain's endpoints.

| setting | default | |
|---|---|---|
";

const EXIT_CODES: &str = "
## Exit codes

| code | meaning |
|---|---|
| 0 | done; for `serve`: asked to stop, and stopped in good order |
| 1 | the job failed: an address in use, a database that is locked, damaged or newer, a node that does not answer |
| 2 | the command line, a variable or the file asks for something that makes no sense |
| 130 | asked to stop a second time, and stopped at once |
";

/// The page, as Markdown.
pub(crate) fn reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    let defaults = Settings::default();
    let mut section = None;
    for setting in SETTINGS {
        let (of, _) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
        if section != Some(of) {
            section = Some(of);
            let title = if of.is_empty() {
                "The service".to_owned()
            } else {
                format!("`[{of}]`")
            };
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "{}## {title}\n\n| setting | flag | variable | default | |\n|---|---|---|---|---|\n",
                if of.is_empty() { "" } else { "\n" }
            );
        }
        let _ = writeln!(
            text,
            "| `{}`{} | `--{}` | `{}` | {} | {} |",
            setting.key,
            beside(setting.is_secret, setting.key),
            flag(setting.key),
            variable(setting.key),
            shown((setting.show)(&defaults)),
            setting.help
        );
    }
    text.push_str(CHAINS);
    // No preset: what is shown for it are the defaults of all others.
    let mut chain = ChainConfig::new(u64::MAX);
    chain.name = String::new();
    for setting in CHAIN_SETTINGS {
        let _ = writeln!(
            text,
            "| `{}`{} | {} | {} |",
            setting.key,
            beside(setting.is_secret, setting.key),
            shown((setting.show)(&chain)),
            setting.help
        );
    }
    text.push_str(EXIT_CODES);
    text
}

fn beside(is_secret: bool, key: &str) -> String {
    if is_secret {
        format!(", `{key}{FILE}`")
    } else {
        String::new()
    }
}

fn shown(default: Option<String>) -> String {
    match default {
        Some(text) if text != "[]" && text != "\"\"" => format!("`{}`", text.trim_matches('"')),
        _ => String::new(),
    }
}
