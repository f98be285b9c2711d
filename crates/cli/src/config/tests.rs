//! Settings from all places, and what is said about faults.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args as _, Command, FromArgMatches as _};
use tempfile::TempDir;

use super::layers::{Layer, Loaded, Sources};
use super::{SettingArgs, print, reference, table};

struct Places {
    folder: TempDir,
    sources: Sources,
}

impl Places {
    fn new(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, file).unwrap();
        Self {
            folder,
            sources: Sources {
                file: Some(path),
                environment: environment
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                flags: parse(flags),
            },
        }
    }

    fn load(&self) -> Result<Loaded, Vec<String>> {
        let path = self.folder.path().display().to_string() + "/";
        let text = |fault: super::layers::Fault| fault.to_string().replace(&path, "");
        self.sources
            .load()
            .map_err(|faults| faults.into_iter().map(text).collect())
    }
}

fn parse(flags: &[&str]) -> Layer {
    let command = SettingArgs::augment_args(Command::new("serve"));
    let matches = command
        .try_get_matches_from([&["serve"], flags].concat())
        .unwrap();
    SettingArgs::from_arg_matches(&matches)
        .unwrap()
        .sources
        .flags
}

fn load(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> Loaded {
    Places::new(file, environment, flags).load().unwrap()
}

fn faults(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> Vec<String> {
    Places::new(file, environment, flags).load().unwrap_err()
}

#[test]
fn a_flag_goes_before_a_variable_before_the_file_before_the_default() {
    let file = "[http]\nmax_sockets = 1\nmax_headers = 2\nmax_http2_streams = 3\n";
    let environment = [
        ("EVENT_STREAMER_HTTP_MAX_SOCKETS", "11"),
        ("EVENT_STREAMER_HTTP_MAX_HEADERS", "12"),
    ];
    let loaded = load(file, &environment, &["--http-max-sockets", "21"]);
    let http = &loaded.settings.service.http;
    assert_eq!(
        (
            http.max_sockets,
            http.max_headers,
            http.max_http2_streams,
            http.max_compressed
        ),
        (21, 12, 3, 2_000)
    );
    let printed = print::print(&loaded);
    for line in [
        "max_sockets = 21 # --http-max-sockets",
        "max_headers = 12 # EVENT_STREAMER_HTTP_MAX_HEADERS",
        "s.toml:4:21",
        "max_compressed = 2000 # default",
    ] {
        assert!(printed.contains(line), "{line}\n{printed}");
    }
}

#[test]
fn each_setting_can_be_said_in_each_place() {
    for setting in table::SETTINGS {
        // What is shown of the defaults, or something of that kind.
        let shown = (setting.show)(&super::Settings::default());
        let value = match (setting.key, shown) {
            ("rpc_urls", _) => "1=https://node.example/".to_owned(),
            ("http.trusted_proxies", _) => "10.0.0.0/8".to_owned(),
            ("http.allowed_hosts", _) => "events.example".to_owned(),
            ("database.url", _) => "postgres://db/x".to_owned(),
            ("tls.cert" | "tls.key" | "log", _) => "text".to_owned(),
            ("log_format", _) => "json".to_owned(),
            (_, shown) => shown.unwrap().trim_matches('"').to_owned(),
        };
        let both = [
            ("EVENT_STREAMER_TLS_CERT", "c"),
            ("EVENT_STREAMER_TLS_KEY", "k"),
        ];
        let mut environment: BTreeMap<_, _> = both.into_iter().collect();
        let name = super::setting::variable(setting.key);
        environment.insert(&name, &value);
        let environment: Vec<_> = environment.into_iter().collect();
        let loaded = load("", &environment, &[]);
        assert_eq!(loaded.given[setting.key].origin.to_string(), name);

        let toml = if setting.shape == super::value::Shape::List {
            format!("{} = [{value:?}]", setting.key)
        } else {
            format!("{} = {value:?}", setting.key)
        };
        let loaded = load(&toml, &both, &[]);
        assert!(loaded.given.contains_key(setting.key), "{toml}");
        if !setting.key.starts_with("log") {
            let flag = format!("--{}={value}", super::setting::flag(setting.key));
            let loaded = load("", &both, &[&flag]);
            let origin = loaded.given[setting.key].origin.to_string();
            assert_eq!(origin, flag.split('=').next().unwrap());
        }
    }
}

#[test]
fn keys_that_do_not_exist_are_told_with_their_place_and_the_nearest_one() {
    let file = "listn = \"x\"\n\n[http]\n  max_sokets = 5\n[chains.1]\nblocktime = \"2s\"\n[telemetry]\nx = 1\n";
    assert_eq!(
        faults(file, &[], &[]),
        [
            "s.toml:6:1: `chains.1.blocktime` is no setting; did you mean `chains.1.block_time`?",
            "s.toml:4:3: `http.max_sokets` is no setting; did you mean `http.max_sockets`?",
            "s.toml:1:1: `listn` is no setting; did you mean `listen`?",
            "s.toml:7:2: `telemetry` is no setting; `event-streamer config reference` lists all there are",
        ]
    );
}

#[test]
fn values_that_are_wrong_are_told_all_at_once_and_not_repeated() {
    let file = "listen = \"secret-1\"\n[http]\nmax_sockets = -5\nheader_timeout = 15\n\
                [chains.1]\nrpc_urls = [\"ftp://secret-2\"]\n";
    let found = faults(
        file,
        &[("EVENT_STREAMER_DATABASE_URL", "secret-3")],
        &["--tls-cert=x"],
    );
    assert_eq!(found.len(), 6, "{found:#?}");
    let text = found.join("\n");
    assert!(!text.contains("secret"), "{text}");
    for expected in [
        "s.toml:1:10: listen: ",
        "s.toml:3:15: http.max_sockets: expected a whole number",
        "s.toml:4:18: http.header_timeout: expected a time with its unit",
        "s.toml:6:12: chains.1.rpc_urls: ",
        "EVENT_STREAMER_DATABASE_URL: database.url: not the URL of a PostgreSQL database",
        "tls.cert and tls.key go together",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_place_and_not_repeated() {
    let found = faults("listen = \"x\"\nkey = secret-4\n", &[], &[]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("s.toml:2:7: not TOML: "), "{found:?}");
    assert!(!found[0].contains("secret"), "{found:?}");
    let mut places = Places::new("", &[], &[]);
    places.sources.file = Some(PathBuf::from("/nowhere/s.toml"));
    let found = places.load().unwrap_err();
    assert!(
        found[0].starts_with("cannot read /nowhere/s.toml: No such file"),
        "{found:?}"
    );
}

#[test]
fn the_file_may_name_variables() {
    let file =
        "data_dir = \"/data/${WHERE}/$${x}\"\nrpc_urls = [\"1=https://node.example/${KEY}\"]\n";
    let loaded = load(file, &[("WHERE", "here"), ("KEY", "k")], &[]);
    assert_eq!(loaded.settings.data_dir, PathBuf::from("/data/here/${x}"));
    let found = faults("data_dir = \"${NOBODY}\"\nlisten = \"${x\"\n", &[], &[]);
    assert_eq!(
        found,
        [
            "s.toml:1:12: the variable NOBODY is not set",
            "s.toml:2:10: `${` without a `}`; `$${` stands for the text `${`",
        ]
    );
}

#[test]
fn secrets_may_stand_in_files_of_their_own() {
    let places = Places::new("", &[], &[]);
    let secret = places.folder.path().join("url");
    std::fs::write(
        &secret,
        "\n# ours\n1=https://node.example/secret\n2=https://other.example/\n",
    )
    .unwrap();
    let secret = secret.to_str().unwrap();
    let named = format!("rpc_urls_file = {secret:?}\n");
    for (file, environment, flags) in [
        (named.as_str(), vec![], vec![]),
        ("", vec![("EVENT_STREAMER_RPC_URLS_FILE", secret)], vec![]),
        ("", vec![], vec!["--rpc-urls-file", secret]),
        // The stronger place has the word, whichever way it says it.
        (
            "rpc_urls = [\"7=https://weaker.example/\"]\n",
            vec![],
            vec!["--rpc-urls-file", secret],
        ),
    ] {
        let loaded = load(file, &environment, &flags);
        let chains: Vec<_> = loaded.settings.chains.keys().copied().collect();
        assert_eq!(chains, [1, 2]);
        assert!(!print::print(&loaded).contains("secret\""));
    }
    let loaded = load(
        &named,
        &[("EVENT_STREAMER_RPC_URLS", "7=https://node.example/")],
        &[],
    );
    assert_eq!(
        loaded.settings.chains.keys().copied().collect::<Vec<_>>(),
        [7]
    );
    let both = format!("{named}rpc_urls = [\"7=https://node.example/\"]\n");
    assert!(faults(&both, &[], &[])[0].contains("rpc_urls is also given by"));
    let missing = faults("[database]\nurl_file = \"/nowhere\"\n", &[], &[]);
    assert!(
        missing[0].contains("s.toml:2:12: cannot read /nowhere"),
        "{missing:?}"
    );
}

#[test]
fn chains_come_from_all_places() {
    let file = "confirmations = 3\n[chains.137]\nname = \"Pol\"\nrpc_urls = [\"https://file.example/\"]\n\
                block_time = \"5s\"\nbudget_per_second = 10\nbudget_costs = [\"eth_getLogs=75\"]\n\
                verify = \"all\"\n[chains.10]\nrpc_urls = [\"https://ten.example\", \"wss://ten.example\"]\n";
    let environment = [
        ("EVENT_STREAMER_CHAINS_137_BLOCK_TIME", "4s"),
        ("EVENT_STREAMER_CHAINS_137_CONFIRMATION_BLOCKS", "9"),
    ];
    let flags = [
        "--chain",
        "137.block_time=3s",
        "--rpc-url",
        "137=https://flag.example/",
        "--rpc-url=1=https://one.example/",
    ];
    let loaded = load(file, &environment, &flags);
    let chains = &loaded.settings.chains;
    assert_eq!(chains.keys().copied().collect::<Vec<_>>(), [1, 10, 137]);
    let polygon = &chains[&137];
    assert_eq!(
        (polygon.name.as_str(), polygon.block_time.as_secs()),
        ("Pol", 3)
    );
    assert_eq!(
        (polygon.confirmation_blocks, chains[&1].confirmation_blocks),
        (9, 3)
    );
    assert_eq!(polygon.http[0].to_string(), "https://flag.example");
    assert_eq!(polygon.http.len(), 1);
    assert_eq!(polygon.budget.as_ref().unwrap().cost("eth_getLogs"), 75);
    assert_eq!(
        (chains[&10].http.len(), chains[&10].websocket.len()),
        (1, 1)
    );

    let wrong = faults("", &[("EVENT_STREAMER_CHAINS_137_BLOCKTIME", "4s")], &[]);
    assert!(wrong[0].contains("no setting of a chain"), "{wrong:?}");
    let command = SettingArgs::augment_args(Command::new("serve"));
    let error = command.try_get_matches_from(["serve", "--chain", "137.blocktime=1s"]);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("CHAIN_ID.SETTING=VALUE")
    );
}

#[test]
fn variables_that_are_nearly_settings_are_told() {
    let loaded = load(
        "",
        &[("EVENT_STREAMER_LISTN", "x"), ("EVENT_STREAMER_ANVIL", "y")],
        &[],
    );
    assert_eq!(
        loaded.warnings,
        ["EVENT_STREAMER_LISTN is no setting; did you mean EVENT_STREAMER_LISTEN?"]
    );
}

#[test]
fn switches_need_no_value() {
    let on = |flags: &[&str]| {
        load("insecure = true\n", &[], flags)
            .settings
            .service
            .insecure
    };
    assert!(on(&[]) && on(&["--insecure"]) && !on(&["--insecure=false"]));
}

#[test]
fn what_is_printed_can_be_read_again() {
    let file = "listen = \"127.0.0.1:9\"\n[chains.5]\nrpc_urls = [\"https://node.example\"]\nname = \"a\\\"b\\\\c\"\n";
    let printed = print::print(&load(file, &[], &[]));
    let again = load(&printed, &[], &[]);
    assert_eq!(again.settings.chains[&5].name, "a\"b\\c");
    assert_eq!(again.settings.service.listen.port(), 9);
}

#[test]
fn the_documented_page_is_this_one() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/configuration.md"
    );
    let documented = std::fs::read_to_string(path).unwrap();
    assert!(
        documented == reference::reference(),
        "out of date: cargo run -p event-streamer-cli -- config reference > docs/reference/configuration.md"
    );
}
