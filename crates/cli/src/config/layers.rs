//! Settings from several places: flags over variables over the file over defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use event_streamer::server::ChainConfig;

use super::chain_table::CHAIN_SETTINGS;
use super::file;
use super::nearest::nearest;
use super::setting::{FILE, Setting, variable};
use super::settings::Settings;
use super::table::SETTINGS;

/// A file with a secret is short.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// What one place says, by key.
pub(crate) type Layer = BTreeMap<String, Given>;

/// A value, and who says so.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) texts: Vec<String>,
    pub(crate) origin: Origin,
}

/// Where a value comes from, from the weakest to the strongest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File {
        name: String,
        line: usize,
        column: usize,
    },
    Variable(String),
    Flag(String),
}

impl Origin {
    fn strength(&self) -> u8 {
        match self {
            Self::File { .. } => 1,
            Self::Variable(_) => 2,
            Self::Flag(_) => 3,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line, column } => write!(f, "{name}:{line}:{column}"),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Something that is not as it should be, with its place. Values are not repeated: they may be
/// secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault(String);

impl Fault {
    pub(crate) fn new(origin: &Origin, what: &str) -> Self {
        Self(format!("{origin}: {what}"))
    }

    pub(crate) fn general(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where settings are looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) file: Option<std::path::PathBuf>,
    /// The process's environment.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) flags: Layer,
}

/// Every setting, and for those that are not at their default, who says so.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) settings: Settings,
    pub(crate) given: Layer,
    /// Variables that look like settings, and are none.
    pub(crate) warnings: Vec<String>,
}

impl Sources {
    /// Reads all places.
    ///
    /// # Errors
    /// All faults there are, not the first one only.
    pub(crate) fn load(&self) -> Result<Loaded, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut given = self.file_layer(&mut faults);
        let (variables, warnings) = self.variables(&mut faults);
        for stronger in [variables, self.flags.clone()] {
            add(&mut given, stronger);
        }
        read_secrets(&mut given, &mut faults);
        let mut settings = Settings::default();
        apply(SETTINGS, "", &given, &mut settings, &mut faults);
        chains(&given, &mut settings, &mut faults);
        if settings.tls_cert.is_some() != settings.tls_key.is_some() {
            faults.push(Fault::general(
                "tls.cert and tls.key go together: one of them is missing",
            ));
        }
        if faults.is_empty() {
            Ok(Loaded {
                settings,
                given,
                warnings,
            })
        } else {
            Err(faults)
        }
    }

    fn file_layer(&self, faults: &mut Vec<Fault>) -> Layer {
        let Some(path) = &self.file else {
            return Layer::new();
        };
        let text = match bounded(path, file::MAX_BYTES) {
            Ok(text) => text,
            Err(fault) => {
                faults.push(fault);
                return Layer::new();
            }
        };
        let variable = |name: &str| self.environment.get(name).cloned();
        let (layer, found) = file::read(&path.display().to_string(), &text, &variable);
        faults.extend(found);
        layer
    }

    /// What the environment says. A variable whose name is almost a setting's is told.
    fn variables(&self, faults: &mut Vec<Fault>) -> (Layer, Vec<String>) {
        let known = known_variables();
        let (mut layer, mut warnings) = (Layer::new(), Vec::new());
        for (name, value) in &self.environment {
            let origin = || Origin::Variable(name.clone());
            if let Some((key, is_list)) = known.get(name) {
                let texts = split(value, *is_list);
                layer.insert(
                    key.clone(),
                    Given {
                        texts,
                        origin: origin(),
                    },
                );
            } else if let Some(rest) = name.strip_prefix("EVENT_STREAMER_CHAINS_") {
                let key = rest
                    .split_once('_')
                    .map(|(id, key)| format!("chains.{id}.{}", key.to_lowercase()))
                    .filter(|key| file::is_known(key));
                match key {
                    Some(key) => {
                        let texts = split(value, is_list(&key));
                        layer.insert(
                            key,
                            Given {
                                texts,
                                origin: origin(),
                            },
                        );
                    }
                    None => faults.push(Fault::new(
                        &origin(),
                        "no setting of a chain: EVENT_STREAMER_CHAINS_{id}_{setting}",
                    )),
                }
            } else if let Some(rest) = name.strip_prefix(PREFIX)
                && !OTHERS.contains(&name.as_str())
                && let Some(meant) =
                    nearest(rest, known.keys().filter_map(|it| it.strip_prefix(PREFIX)))
            {
                warnings.push(format!(
                    "{name} is no setting; did you mean {PREFIX}{meant}?"
                ));
            }
        }
        (layer, warnings)
    }
}

/// What the names of our variables begin with.
const PREFIX: &str = "EVENT_STREAMER_";
/// Variables of other commands.
const OTHERS: [&str; 6] = [
    "EVENT_STREAMER_CONFIG",
    "EVENT_STREAMER_URL",
    "EVENT_STREAMER_SUBSCRIBER_ID",
    "EVENT_STREAMER_API_KEY",
    "EVENT_STREAMER_RPC_URL",
    "EVENT_STREAMER_STATE_DIR",
];

/// Variable, key, whether it is a list.
fn known_variables() -> BTreeMap<String, (String, bool)> {
    let mut known = BTreeMap::new();
    for setting in SETTINGS {
        let list = setting.shape == super::value::Shape::List;
        known.insert(variable(setting.key), (setting.key.to_owned(), list));
        if setting.is_secret {
            let key = format!("{}{FILE}", setting.key);
            known.insert(variable(&key), (key, false));
        }
    }
    known
}

/// Whether a chain's setting takes several texts.
pub(super) fn is_list(path: &str) -> bool {
    file::in_chain(path).is_some_and(|(_, key)| {
        let mut settings = CHAIN_SETTINGS.iter();
        settings.any(|it| it.key == key && it.shape == super::value::Shape::List)
    })
}

pub(super) fn split(value: &str, is_list: bool) -> Vec<String> {
    if !is_list {
        return vec![value.to_owned()];
    }
    let items = value.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// Puts a stronger place over weaker ones. A secret and the file that holds it are one setting.
fn add(given: &mut Layer, stronger: Layer) {
    for (key, value) in stronger {
        match key.strip_suffix(FILE) {
            Some(secret) if file::is_known(secret) => {
                if given
                    .get(secret)
                    .is_some_and(|it| it.origin.strength() < value.origin.strength())
                {
                    given.remove(secret);
                }
            }
            _ => {
                let beside = format!("{key}{FILE}");
                if given
                    .get(&beside)
                    .is_some_and(|it| it.origin.strength() < value.origin.strength())
                {
                    given.remove(&beside);
                }
            }
        }
        given.insert(key, value);
    }
}

/// Replaces the names of files that hold secrets by what they hold.
fn read_secrets(given: &mut Layer, faults: &mut Vec<Fault>) {
    let files: Vec<_> = given
        .keys()
        .filter(|key| key.ends_with(FILE) && file::is_known(key))
        .cloned()
        .collect();
    for key in files {
        let Some(named) = given.remove(&key) else {
            continue;
        };
        let secret = key.trim_end_matches(FILE).to_owned();
        let [path] = named.texts.as_slice() else {
            faults.push(Fault::new(
                &named.origin,
                &format!("{key}: one file is wanted"),
            ));
            continue;
        };
        if let Some(beside) = given.get(&secret) {
            let what = format!("{secret} is also given by {}: one of them", beside.origin);
            faults.push(Fault::new(&named.origin, &what));
            continue;
        }
        match bounded(Path::new(path), MAX_SECRET_BYTES) {
            Ok(text) => {
                // One a line, for lists; `#` begins a remark.
                let lines = text.lines().map(str::trim);
                let texts = lines
                    .filter(|line| !line.is_empty() && !line.starts_with('#'))
                    .map(ToOwned::to_owned)
                    .collect();
                given.insert(secret, Given { texts, ..named });
            }
            Err(fault) => faults.push(Fault::new(&named.origin, &fault.to_string())),
        }
    }
}

fn bounded(path: &Path, max: u64) -> Result<String, Fault> {
    let cannot = |error: &dyn fmt::Display| {
        Fault::general(format!("cannot read {}: {error}", path.display()))
    };
    let mut text = String::new();
    File::open(path)
        .map_err(|error| cannot(&error))?
        .take(max + 1)
        .read_to_string(&mut text)
        .map_err(|error| cannot(&error))?;
    if text.len() as u64 > max {
        return Err(cannot(&format_args!("it is longer than {max} bytes")));
    }
    Ok(text)
}

/// Sets what is given of a table of settings, whose keys stand below `section`.
fn apply<T>(
    settings: &[Setting<T>],
    section: &str,
    given: &Layer,
    into: &mut T,
    faults: &mut Vec<Fault>,
) {
    for setting in settings {
        let key = format!("{section}{}", setting.key);
        if let Some(value) = given.get(&key)
            && let Err(what) = (setting.put)(into, &value.texts)
        {
            faults.push(Fault::new(&value.origin, &format!("{key}: {what}")));
        }
    }
}

/// Makes the chains that are named somewhere.
fn chains(given: &Layer, settings: &mut Settings, faults: &mut Vec<Fault>) {
    let mut chains: BTreeMap<u64, ChainConfig> = BTreeMap::new();
    for id in given
        .keys()
        .filter_map(|key| file::in_chain(key)?.0.parse().ok())
    {
        chains.entry(id).or_insert_with(|| settings.chain(id));
    }
    for (id, chain) in &mut chains {
        apply(
            CHAIN_SETTINGS,
            &format!("chains.{id}."),
            given,
            chain,
            faults,
        );
    }
    // The list of all nodes, chain by chain, against what the chain's section says.
    let strength = |key: &str| given.get(key).map_or(0, |it| it.origin.strength());
    let named = settings
        .rpc_urls
        .iter()
        .filter_map(|it| Some((it.chain_id?, &it.url)));
    let mut replaced = std::collections::BTreeSet::new();
    for (id, url) in named {
        let chain = chains.entry(id).or_insert_with(|| settings.chain(id));
        let key = format!("chains.{id}.rpc_urls");
        if strength(&key) > strength("rpc_urls") {
            continue;
        }
        if replaced.insert(id) {
            (chain.http, chain.websocket) = (Vec::new(), Vec::new());
        }
        *chain = chain.clone().with_endpoint(url.clone());
    }
    settings.chains = chains;
}
