//! The clients of many merchants.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use http::HeaderMap;
use tokio::time::timeout;

use crate::client::keys::renewal::{PATIENCE, core_to_sign, is_due, renew_old_in_background};
use crate::client::{Client, Notification};
use crate::protocol::{DownloadFailure, NotificationError, UnknownKeySituation, is_public_key_id};
use crate::protocol::{SERIAL, required_header};

/// The clients of many merchants, by merchant number or brand id.
///
/// A clone is cheap and shares the collection. Build the clients with one
/// [`Transport`](crate::Transport), so that they share connections. A merchant costs about ten
/// kilobytes and no task. Its client ends after its removal and its last call. [`Client::reload`]
/// gives a client new keys; `insert` replaces it.
#[derive(Clone, Default)]
pub struct Clients(Arc<RwLock<HashMap<String, Client>>>);

impl Clients {
    /// Makes an empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a client; returns the previous one of the same merchant.
    pub fn insert(&self, client: Client) -> Option<Client> {
        let mut clients = self.0.write().unwrap_or_else(PoisonError::into_inner);
        clients.insert(client.id().to_owned(), client)
    }

    /// The client of a merchant.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Client> {
        self.read().get(id).cloned()
    }

    /// Removes a merchant's client.
    pub fn remove(&self, id: &str) -> Option<Client> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// Verifies and decrypts a notification at a URL that several merchants share.
    ///
    /// The signing key identifies the merchant, because WeChat Pay has its own keys for each. Where several
    /// clients hold that key, the APIv3 key that decrypts decides. Holders with old certificates renew them
    /// in the background.
    ///
    /// Where no client holds the key, clients with old downloaded certificates renew them, a few at a time:
    /// WeChat Pay sends the notification again. A URL for each merchant avoids all this.
    ///
    /// # Errors
    ///
    /// [`NotificationError`]: trust nothing in the body.
    pub async fn notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(Client, Notification), NotificationError> {
        let key_id = required_header(headers, SERIAL)
            .map_err(|error| NotificationError::untrusted(error, headers, body))?;
        let mut holders = self.holders(&key_id);
        if holders.is_empty() {
            holders.extend(self.renewed_holder(&key_id).await);
        }
        let mut error = self.no_merchant(key_id);
        for client in holders {
            renew_old_in_background(&client);
            match client.core().notification(headers, body) {
                Ok(notification) => return Ok((client, notification)),
                Err(why) => error = why,
            }
        }
        Err(error)
    }

    fn no_merchant(&self, key_id: String) -> NotificationError {
        let clients: Vec<_> = self.read().values().cloned().collect();
        let held: Vec<_> = clients.iter().flat_map(|client| client.core().keys().ids()).collect();
        NotificationError::NoMerchant {
            situation: UnknownKeySituation::of(&key_id, &held),
            download: clients
                .iter()
                .filter(|_| !is_public_key_id(&key_id))
                .find_map(|client| client.key_store().live().last_error())
                .map(DownloadFailure::new),
            merchants: clients.len(),
            key_id,
        }
    }

    fn holders(&self, key_id: &str) -> Vec<Client> {
        self.read().values().filter(|client| holds(client, key_id)).cloned().collect()
    }

    /// The first client that has the key after renewing old certificates.
    async fn renewed_holder(&self, key_id: &str) -> Option<Client> {
        let old: Vec<_> = self.read().values().filter(|client| is_due(client)).cloned().collect();
        let renewals = async {
            for client in old {
                // The check below shows whether it failed.
                let _ = core_to_sign(&client, PATIENCE).await;
                if holds(&client, key_id) {
                    return Some(client);
                }
            }
            None
        };
        timeout(PATIENCE, renewals).await.ok().flatten()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Client>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn holds(client: &Client, key_id: &str) -> bool {
    client.core().keys().find(key_id).is_some()
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.read().keys()).finish()
    }
}
