//! Where a service keeps its state.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::store::memory::MemoryDatabase;

/// Where a service keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseConfig {
    /// One SQLite file, made if it is not there; its folder must exist. Used by one process at a
    /// time, which a file of the same name with `.lock` behind it makes sure of.
    Sqlite(PathBuf),
    /// A PostgreSQL database, which any number of services may share. It must exist; the tables
    /// are made in its current schema.
    Postgres(PostgresConfig),
    /// In memory, for tests and simulations.
    Memory(MemoryDatabase),
}

/// A PostgreSQL database. Plain data.
///
/// ```
/// use event_streamer_server::PostgresConfig;
///
/// let config = PostgresConfig::new("postgres://app:secret@db.internal/events".parse()?)
///     .with_max_connections(20);
/// assert_eq!(config.url.to_string(), "postgres://db.internal:5432/events");
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), event_streamer_server::PostgresUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresConfig {
    /// Where it is, and as whom.
    pub url: PostgresUrl,
    /// Connections that one service opens, besides one that listens for changes. Default 10.
    pub max_connections: u32,
}

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=..`, as `libpq` takes it. Shown without
/// user, password and options.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    secret: String,
    shown: String,
}

/// A text that is no URL of a PostgreSQL database. Does not repeat it: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the URL of a PostgreSQL database; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE"
)]
#[non_exhaustive]
pub struct PostgresUrlError;

impl PostgresConfig {
    /// A database with the default number of connections.
    #[must_use]
    pub fn new(url: PostgresUrl) -> Self {
        Self {
            url,
            max_connections: 10,
        }
    }

    /// Sets how many connections one service opens.
    #[must_use]
    pub fn with_max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections;
        self
    }
}

impl DatabaseConfig {
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            // One may be held by a migration of another instance; positions need another.
            Self::Postgres(config) if config.max_connections < 2 => {
                Some("database: max_connections must be at least 2".to_owned())
            }
            _ => None,
        }
    }
}

impl PostgresUrl {
    /// The whole of it.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }
}

impl FromStr for PostgresUrl {
    type Err = PostgresUrlError;

    fn from_str(text: &str) -> Result<Self, PostgresUrlError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(PostgresUrlError);
        }
        let options: PgConnectOptions = text.parse().map_err(|_| PostgresUrlError)?;
        let shown = format!(
            "postgres://{}:{}/{}",
            options.get_host(),
            options.get_port(),
            options.get_database().unwrap_or_default()
        );
        Ok(Self {
            secret: text.to_owned(),
            shown,
        })
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_url_is_not_repeated() {
        for text in [
            "",
            "mysql://me:secret@db/x",
            "postgres://me:secret@db:port/x",
        ] {
            let error = text.parse::<PostgresUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }
}
