//! Where the service keeps its state, from its settings.

use std::fs;

use event_streamer::server::DatabaseConfig;

use crate::config::Settings;
use crate::exit::Failure;

/// The database, whose folder is made if need be.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn prepared(settings: &Settings) -> Result<DatabaseConfig, Failure> {
    let database = settings.database();
    if matches!(database, DatabaseConfig::Sqlite(_)) {
        let folder = &settings.data_dir;
        fs::create_dir_all(folder).map_err(|error| {
            Failure::because(
                format!(
                    "cannot make the folder {}; --data-dir names another one",
                    folder.display()
                ),
                &error,
            )
        })?;
    }
    Ok(database)
}
