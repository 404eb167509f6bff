//! The clients of many merchants.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use http::HeaderMap;
use tokio::time::timeout;

use crate::client::keys::renewal::{PATIENCE, core_to_sign, is_due, renew_old_in_background};
use crate::client::{Client, Notification};
use crate::protocol::verification::{SERIAL, required};
use crate::protocol::{DownloadFailure, NotificationError, UnknownKeySituation, is_public_key_id};

/// The clients of many merchants, by merchant number or brand id.
///
/// Cheap to clone; all clones are the same collection. Build the clients with one
/// [`Transport`](crate::Transport), so that they share connections. A merchant costs some ten
/// kilobytes and no task, and is gone when it is removed and its last call is done. Give a client new keys with
/// [`Client::reload`], or put another one in its place.
#[derive(Clone, Default)]
pub struct Clients(Arc<RwLock<HashMap<String, Client>>>);

impl Clients {
    /// Without any.
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

    /// Takes a merchant's client out.
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

    /// Verifies and decrypts a notification for whichever merchant it is, where several share a URL.
    ///
    /// Nothing outside the encryption says for whom it is. The key that signed does, because WeChat Pay
    /// has keys of its own for each merchant; among several that hold it, the APIv3 key that decrypts.
    /// Old certificates of the merchants that hold it are renewed beside it. Where nobody holds it, merchants whose downloaded certificates are old renew them, a few at a time:
    /// WeChat Pay sends the notification again. A URL for each merchant makes all this needless.
    ///
    /// # Errors
    ///
    /// [`NotificationError`]; nothing in the body may be believed then.
    pub async fn notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(Client, Notification), NotificationError> {
        let key_id = required(headers, SERIAL)
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
                // Whether it failed shows in whether the key is held.
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
