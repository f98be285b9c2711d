//! `config print`: every setting, its value, and where it comes from.

use std::fmt::Write as _;

use super::chain_table::CHAIN_SETTINGS;
use super::layers::{Layer, Loaded};
use super::setting::Setting;
use super::table::SETTINGS;

/// The settings as a file, secrets redacted, each with its origin behind it.
pub(crate) fn print(loaded: &Loaded) -> String {
    let mut text =
        String::from("# Secrets are redacted: this is no file to start the service with.\n");
    let mut section = "";
    for setting in SETTINGS {
        let (of, name) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
        if of != section {
            // Writing to a string does not fail.
            let _ = writeln!(text, "\n[{of}]");
            section = of;
        }
        line(
            &mut text,
            name,
            setting.key,
            setting,
            &loaded.settings,
            &loaded.given,
        );
    }
    for (id, chain) in &loaded.settings.chains {
        let _ = writeln!(text, "\n[chains.{id}]");
        for setting in CHAIN_SETTINGS {
            let path = format!("chains.{id}.{}", setting.key);
            line(&mut text, setting.key, &path, setting, chain, &loaded.given);
        }
    }
    text
}

fn line<T>(text: &mut String, name: &str, path: &str, of: &Setting<T>, values: &T, given: &Layer) {
    // A chain's endpoints may be among those of all chains.
    let shared = || given.get("rpc_urls").filter(|_| name == "rpc_urls");
    let origin = given
        .get(path)
        .or_else(shared)
        .map_or_else(|| "default".to_owned(), |given| given.origin.to_string());
    let _ = match (of.show)(values) {
        Some(value) => writeln!(text, "{name} = {value} # {origin}"),
        None => writeln!(text, "# {name} is not set"),
    };
}
