//! Where the service keeps its state, from the command line.

use std::fs;

use event_streamer::server::{DatabaseConfig, PostgresConfig};

use crate::args::DatabaseArgs;
use crate::exit::Failure;

impl DatabaseArgs {
    /// PostgreSQL where it is named, else a file in the data folder, which is made if need be.
    pub(crate) fn config(&self) -> Result<DatabaseConfig, Failure> {
        if let Some(url) = &self.database_url {
            let url = url
                .parse()
                .map_err(|error| Failure::because("--database-url", &error))?;
            return Ok(DatabaseConfig::Postgres(PostgresConfig::new(url)));
        }
        fs::create_dir_all(&self.data_dir).map_err(|error| {
            Failure::because(
                format!("cannot make the folder {}", self.data_dir.display()),
                &error,
            )
        })?;
        Ok(DatabaseConfig::Sqlite(
            self.data_dir.join("event-streamer.sqlite"),
        ))
    }
}
