//! The settings of the service: flags over variables over a file over defaults, from one table.

mod chain_table;
mod file;
mod flags;
mod layers;
mod nearest;
mod print;
mod reference;
mod setting;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::io::Write;

use clap::Subcommand;

pub(crate) use self::flags::{DatabaseArgs, SettingArgs};
pub(crate) use self::layers::Loaded;
use self::layers::{Given, Origin};
pub(crate) use self::settings::{Endpoint, Settings};
use crate::args::LogFormat;
use crate::exit::Failure;

/// What can be done with the settings themselves.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Tell every fault of the settings, with its place; nothing is started or asked.
    Check(SettingArgs),
    /// Show every setting with its value and who said so, secrets redacted.
    Print(SettingArgs),
    /// Show the page about all settings, as Markdown.
    Reference,
}

/// Does what is asked for.
///
/// # Errors
/// When the settings have faults. Exit code 2.
pub(crate) fn run(command: ConfigCommand) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match command {
        ConfigCommand::Check(args) => {
            let loaded = args.load()?;
            for warning in &loaded.warnings {
                let _ = writeln!(std::io::stderr(), "warning: {warning}");
            }
            let service = loaded.settings.service();
            service
                .check()
                .map_err(|error| Failure::usage(error.to_string()))?;
            let chains = loaded.settings.chains.len();
            let _ = writeln!(
                out,
                "the settings are good; chains that are named: {chains}"
            );
        }
        ConfigCommand::Print(args) => {
            let _ = write!(out, "{}", print::print(&args.load()?));
        }
        ConfigCommand::Reference => {
            let _ = write!(out, "{}", reference::reference());
        }
    }
    Ok(())
}

impl ConfigCommand {
    /// As [`SettingArgs::with_logging`].
    pub(crate) fn with_logging(self, log: Option<String>, format: Option<LogFormat>) -> Self {
        match self {
            Self::Check(args) => Self::Check(args.with_logging(log, format)),
            Self::Print(args) => Self::Print(args.with_logging(log, format)),
            Self::Reference => Self::Reference,
        }
    }
}

impl SettingArgs {
    /// Takes up what the program's own flags say about logging.
    pub(crate) fn with_logging(mut self, log: Option<String>, format: Option<LogFormat>) -> Self {
        let format = format.map(|format| format.to_string());
        for (key, value) in [("log", log), ("log_format", format)] {
            let variable = self.sources.environment.get(&setting::variable(key));
            // Clap has looked there as well.
            if let Some(text) = value.filter(|text| Some(text) != variable) {
                let given = Given {
                    texts: vec![text],
                    origin: Origin::Flag(format!("--{}", setting::flag(key))),
                };
                self.sources.flags.insert(key.to_owned(), given);
            }
        }
        self
    }

    /// Every setting, from all places.
    ///
    /// # Errors
    /// All faults there are. Exit code 2.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let loaded = self.sources.load();
        loaded.map_err(|faults| Failure::usage(flags::told(&faults)))
    }
}
