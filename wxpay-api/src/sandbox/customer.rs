//! A merchant or a brand as WeChat Pay knows it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::SandboxError;
use super::key_set::{KeySet, platform};
use super::keyring::{KeyMode, Keyring};
use crate::protocol::issuing::{Identity, Issue};
use crate::protocol::{ApiV3Key, Merchant, Nonce};

const MERCHANTS: &str = "微信商户系统";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Merchant,
    Brand,
    #[cfg(feature = "sm")]
    Sm2,
}

/// What it is, and the keys that it shares with WeChat Pay.
#[derive(Debug)]
pub(super) struct Customer {
    pub(super) kind: Kind,
    pub(super) identity: Identity,
    pub(super) merchant: Merchant,
    pub(super) apiv3_key_text: String,
    keys: Mutex<Keys>,
}

/// What changes while a sandbox runs.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) keyring: Keyring,
    /// What WeChat Pay encrypts with.
    pub(super) apiv3_key: ApiV3Key,
}

impl Customer {
    /// Takes its keys from the set, and issues its certificates.
    pub(super) fn issue(
        kind: Kind,
        id: &str,
        mode: KeyMode,
        keys: KeySet,
    ) -> Result<Self, SandboxError> {
        let KeySet { merchant, public_key, platform } = keys;
        let identity = Issue::new(id, MERCHANTS).key(merchant).build()?;
        let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem()?);
        let merchant = match kind {
            Kind::Brand => Merchant::brand_from_pem(id, certificate, key)?,
            _ => Merchant::from_pem(id, certificate, key)?,
        };
        let keyring = Keyring::new(mode, id, public_key, Issue::platform().key(platform).build()?);
        let apiv3_key_text = Nonce::random()?.as_str().to_owned();
        let apiv3_key = ApiV3Key::new(&apiv3_key_text)?;
        let keys = Mutex::new(Keys { keyring, apiv3_key });
        Ok(Self { kind, identity, merchant, apiv3_key_text, keys })
    }

    pub(super) fn id(&self) -> &str {
        self.merchant.id()
    }

    /// A platform certificate with a key of its own, to be issued.
    pub(super) fn new_certificate(&self) -> Result<Issue, SandboxError> {
        Ok(platform(self.kind)?)
    }

    /// A task that panicked leaves nothing half done here, so that its lock is taken over.
    pub(super) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
