//! Administration of a store without a service: what the command line does offline.

use std::fmt;
use std::sync::Arc;

use event_streamer_models::Timestamp;

use crate::clock;
use crate::config::DatabaseConfig;
use crate::error::ServiceError;
use crate::keys::{self, ApiKey, CreatedKey, KeyScope, NewKey};
use crate::store::{self, Store, StoreError};

/// Keys that one call lists.
const MAX_LISTED: u32 = 10_000;

/// The API keys in a database. A SQLite file has to be free: the service that uses it must not
/// run.
///
/// ```
/// use event_streamer_server::{ApiKeys, DatabaseConfig, KeyScope};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("events.db");
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let keys = ApiKeys::open(&DatabaseConfig::Sqlite(file)).await?;
/// let created = keys.create("billing", KeyScope::Subscriber("billing".into()), None).await?;
/// assert!(created.text.starts_with("es_1_"));
/// assert!(keys.revoke(created.key.id).await?);
/// assert!(keys.list().await?[0].revoked_at.is_some());
/// keys.close().await?;
/// # Ok(()) })
/// # }
/// ```
pub struct ApiKeys(Arc<dyn Store>);

impl ApiKeys {
    /// Opens the database, making it if need be.
    ///
    /// # Errors
    ///
    /// As [`Service::start`](crate::Service::start) for its database.
    pub async fn open(database: &DatabaseConfig) -> Result<Self, ServiceError> {
        Ok(Self(store::open(database).await?))
    }

    /// Makes a key. From the first one on, a service on this database asks every caller for one.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn create(
        &self,
        name: impl Into<String>,
        scope: KeyScope,
        expires_at: Option<Timestamp>,
    ) -> Result<CreatedKey, ServiceError> {
        Ok(create_key(&*self.0, name.into(), scope, expires_at).await?)
    }

    /// All keys, revoked ones too; at most 10,000.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn list(&self) -> Result<Vec<ApiKey>, ServiceError> {
        Ok(self.0.list_keys(0, MAX_LISTED).await?)
    }

    /// Takes a key back. False if there is no such key, or it was revoked before.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn revoke(&self, id: u64) -> Result<bool, ServiceError> {
        Ok(self.0.revoke_key(id, clock::now()).await?)
    }

    /// Lets go of the database.
    ///
    /// # Errors
    ///
    /// The database could not be closed in good order.
    pub async fn close(self) -> Result<(), ServiceError> {
        Ok(self.0.close().await?)
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeys(..)")
    }
}

pub(crate) async fn create_key(
    store: &dyn Store,
    name: String,
    scope: KeyScope,
    expires_at: Option<Timestamp>,
) -> Result<CreatedKey, StoreError> {
    let secret = keys::secret_text(store::random_key());
    let new = NewKey {
        name,
        scope,
        expires_at,
        hash: keys::hash(&secret),
        now: clock::now(),
    };
    let key = store.insert_key(&new).await?;
    let text = keys::text(key.id, &secret);
    Ok(CreatedKey { key, text })
}
