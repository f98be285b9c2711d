//! Every setting as a flag, and as a variable of the environment.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::file;
use super::layers::{Fault, Given, Layer, Origin, Sources, is_list, split};
use super::setting::{FILE, Setting, flag, variable};
use super::settings::Settings;
use super::table::SETTINGS;
use super::value::Shape;

/// Settings from the command line; the environment and the file are read when they are loaded.
#[derive(Clone, Debug)]
pub(crate) struct SettingArgs {
    pub(crate) sources: Sources,
}

/// The same, for commands that need the database only.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseArgs(pub(crate) SettingArgs);

/// Set by flags of the whole program.
const GLOBAL: [&str; 2] = ["log", "log_format"];
/// Shown by `-h`; `--help` shows all.
const FREQUENT: [&str; 8] = [
    "listen",
    "insecure",
    "data_dir",
    "rpc_urls",
    "confirmations",
    "tls.cert",
    "tls.key",
    "database.url",
];
const CONFIG: &str = "config";
const CHAIN: &str = "chain";

fn is_of_database(setting: &Setting<Settings>) -> bool {
    setting.key == "data_dir" || setting.key.starts_with("database.")
}

fn heading(key: &str) -> &'static str {
    match key.split_once('.') {
        None => "Service",
        Some(("tls", _)) => "TLS",
        Some(("database", _)) => "Database",
        Some(("http", _)) => "Limits of the HTTP side",
        Some(("delivery", _)) => "Streams",
        Some(("chain_api", _)) => "Chains set through the API",
        Some(_) => "Idempotency",
    }
}

fn arguments(of: fn(&Setting<Settings>) -> bool) -> impl Iterator<Item = Arg> {
    let settings = SETTINGS
        .iter()
        .filter(move |it| of(it) && !GLOBAL.contains(&it.key));
    settings.flat_map(|setting| {
        let file = setting.is_secret.then(|| secret_file(setting));
        [argument(setting)].into_iter().chain(file)
    })
}

fn argument(setting: &Setting<Settings>) -> Arg {
    let default = (setting.show)(&Settings::default());
    let default = default.filter(|default| default != "[]" && setting.shape != Shape::Switch);
    let help = match default {
        Some(default) => format!("{} [default: {}]", setting.help, default.trim_matches('"')),
        None => setting.help.to_owned(),
    };
    let arg = Arg::new(setting.key)
        .long(flag(setting.key))
        .value_name(placeholder(setting))
        .help(format!("{help} [env: {}]", variable(setting.key)))
        .help_heading(heading(setting.key))
        .hide_short_help(!FREQUENT.contains(&setting.key));
    match setting.shape {
        Shape::Switch => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        Shape::List => arg.action(ArgAction::Append).value_delimiter(','),
        _ => arg,
    }
}

fn placeholder(setting: &Setting<Settings>) -> &'static str {
    match setting.key {
        "listen" => "ADDRESS",
        "data_dir" => "DIR",
        "rpc_urls" => "[CHAIN_ID=]URL",
        "tls.cert" | "tls.key" => "FILE",
        "database.url" => "URL",
        _ => setting.shape.placeholder(),
    }
}

fn secret_file(setting: &Setting<Settings>) -> Arg {
    let key = format!("{}{FILE}", setting.key);
    let what = match setting.shape {
        Shape::List => "the same, one a line",
        _ => "the same",
    };
    let help = format!("A file that holds {what} [env: {}]", variable(&key));
    Arg::new(key.clone())
        .long(flag(&key))
        .value_name("FILE")
        .help(help)
        .help_heading(heading(setting.key))
        .hide_short_help(true)
}

fn augment(command: Command, of: fn(&Setting<Settings>) -> bool) -> Command {
    command
        .arg(
            Arg::new(CONFIG)
                .long(CONFIG)
                .value_name("FILE")
                .env("EVENT_STREAMER_CONFIG")
                .value_parser(value_parser!(PathBuf))
                .help("A configuration file (TOML). Variables and flags go before it."),
        )
        .args(arguments(of))
}

fn sources(matches: &ArgMatches) -> Sources {
    let mut flags = Layer::new();
    let ids: Vec<_> = matches.ids().map(clap::Id::as_str).collect();
    for key in ids.into_iter().filter(|id| file::is_known(id)) {
        // Arguments of other types have other ids.
        let Ok(Some(values)) = matches.try_get_many::<String>(key) else {
            continue;
        };
        let given = Given {
            texts: values.cloned().collect(),
            origin: Origin::Flag(format!("--{}", flag(key))),
        };
        flags.insert(key.to_owned(), given);
    }
    Sources {
        file: matches.try_get_one(CONFIG).ok().flatten().cloned(),
        environment: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        flags,
    }
}

/// `ID.SETTING=VALUE`, as a layer's entry.
fn chain_setting(text: &str) -> Result<(String, Given), String> {
    const EXPECTED: &str = "expected CHAIN_ID.SETTING=VALUE, e.g. 137.block_time=2s; `event-streamer \
                            config reference` lists a chain's settings";
    let (name, value) = text.split_once('=').ok_or(EXPECTED)?;
    let key = format!("chains.{name}");
    if file::in_chain(&key).is_none() || !file::is_known(&key) {
        return Err(EXPECTED.to_owned());
    }
    let given = Given {
        texts: split(value, is_list(&key)),
        origin: Origin::Flag(format!("--{CHAIN} {name}")),
    };
    Ok((key, given))
}

impl Args for SettingArgs {
    fn augment_args(command: Command) -> Command {
        augment(command, |_| true).arg(
            Arg::new(CHAIN)
                .long(CHAIN)
                .value_name("ID.SETTING=VALUE")
                .action(ArgAction::Append)
                .value_parser(chain_setting)
                .help("A setting of one chain, e.g. 137.block_time=2s [env: EVENT_STREAMER_CHAINS_ID_SETTING]")
                .help_heading("Service"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sources = sources(matches);
        let chains = matches.get_many::<(String, Given)>(CHAIN);
        sources.flags.extend(chains.into_iter().flatten().cloned());
        Ok(Self { sources })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for DatabaseArgs {
    fn augment_args(command: Command) -> Command {
        augment(command, is_of_database)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for DatabaseArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(SettingArgs {
            sources: sources(matches),
        }))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// All faults of a configuration in one message.
pub(crate) fn told(faults: &[Fault]) -> String {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    match faults.as_slice() {
        [fault] => fault.clone(),
        faults => format!(
            "the settings have {} faults\n  {}",
            faults.len(),
            faults.join("\n  ")
        ),
    }
}
