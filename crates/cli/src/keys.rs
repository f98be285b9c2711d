//! `keys`: the API keys in the service's database, without the service.

use std::io::Write;

use event_streamer::server::{ApiKey, ApiKeys, KeyScope, ServiceError};

use crate::args::KeysCommand;
use crate::config::DatabaseArgs;
use crate::database;
use crate::exit::Failure;

/// Does what is asked for.
///
/// # Errors
/// When the database cannot be opened: a running service holds its file, for instance.
pub(crate) async fn run(command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::Create {
            name,
            admin: _,
            subscriber_id,
            database,
        } => {
            let keys = open(&database).await?;
            let scope = subscriber_id.map_or(KeyScope::Admin, KeyScope::Subscriber);
            let created = keys.create(name, scope, None).await.map_err(failed)?;
            // To standard output alone, so that a script can take it from there.
            let _ = writeln!(std::io::stdout(), "{}", created.text);
            let _ = writeln!(
                std::io::stderr(),
                "key {} is shown this once; only its hash is kept",
                created.key.id
            );
            keys.close().await.map_err(failed)
        }
        KeysCommand::List { database } => {
            let keys = open(&database).await?;
            for key in keys.list().await.map_err(failed)? {
                let _ = writeln!(std::io::stdout(), "{}", line(&key));
            }
            keys.close().await.map_err(failed)
        }
        KeysCommand::Revoke { id, database } => {
            let keys = open(&database).await?;
            let revoked = keys.revoke(id).await.map_err(failed)?;
            keys.close().await.map_err(failed)?;
            if revoked {
                Ok(())
            } else {
                Err(Failure::job(format!("there is no good key {id}")))
            }
        }
    }
}

async fn open(database: &DatabaseArgs) -> Result<ApiKeys, Failure> {
    let settings = database.0.load()?.settings;
    let config = database::prepared(&settings)?;
    ApiKeys::open(&config).await.map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn failed(error: ServiceError) -> Failure {
    Failure::because("API keys", &error)
}

/// Number, scope, state, and the name last, which may hold anything.
fn line(key: &ApiKey) -> String {
    let scope = match &key.scope {
        KeyScope::Subscriber(id) => format!("subscriber={id:?}"),
        _ => "admin".to_owned(),
    };
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("expires {at}"),
        (None, None) => "good".to_owned(),
    };
    format!("{}\t{scope}\t{state}\t{:?}", key.id, key.name)
}
