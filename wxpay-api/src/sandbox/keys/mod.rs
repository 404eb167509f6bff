//! The state of an account: the keys that a merchant or a brand shares with WeChat Pay.

pub(super) mod keyring;
pub(super) mod saved;
pub(super) mod write;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::SandboxError;
use crate::protocol::issuing::{Identity, Issue, IssuingError};
use crate::protocol::{
    ApiV3Key, CryptoError, EncryptedResource, Merchant, Nonce, PrivateKey, Scheme, aead,
};
use keyring::{KeyMode, PlatformKeyring};

/// The subject of merchants' certificates.
const MERCHANTS: &str = "微信商户系统";
/// How many bytes the nonce of AES-GCM has.
const NONCE_LENGTH: usize = 12;

/// Who has an account at a sandbox.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccountKind {
    /// A merchant.
    Merchant,
    /// A brand ([protocol §1.7](crate::docs::protocol::signing#17-the-brand-scheme)).
    Brand,
    /// A merchant with SM2 keys ([protocol §1.6](crate::docs::protocol::signing#16-sm2-signatures)).
    #[cfg(feature = "sm")]
    Sm2,
}

/// A merchant or a brand, as WeChat Pay knows it.
pub(super) struct AccountState {
    pub(super) kind: AccountKind,
    pub(super) identity: Identity,
    pub(super) merchant: Merchant,
    pub(super) apiv3_key_text: String,
    /// The key that signs some values for front ends.
    pub(super) apiv2_key_text: String,
    keys: Mutex<AccountKeys>,
}

/// The keys that can change while a sandbox runs.
#[derive(Debug)]
pub(super) struct AccountKeys {
    pub(super) keyring: PlatformKeyring,
    /// The key that WeChat Pay encrypts with.
    pub(super) apiv3_key: ApiV3Key,
}

/// Key pairs for an account. Three RSA keys take about a second to generate, so all accounts of a process share
/// one set; certificates and key ids are their own.
#[derive(Clone, Debug)]
pub(super) struct KeySet {
    merchant: PrivateKey,
    public_key: Identity,
    platform: PrivateKey,
}

impl AccountState {
    /// Issues the certificates of a new account for the keys of a set.
    pub(super) fn issue(
        kind: AccountKind,
        id: &str,
        mode: KeyMode,
        keys: KeySet,
    ) -> Result<Self, SandboxError> {
        let KeySet { merchant, public_key, platform } = keys;
        let identity = Issue::new(id, MERCHANTS).key(merchant).build()?;
        let merchant = merchant_of(kind, id, &identity)?;
        let certificate = Issue::platform().key(platform).build()?;
        let keyring = PlatformKeyring::new(mode, id, public_key, certificate);
        let apiv3_key_text = Nonce::random()?.as_str().to_owned();
        let apiv3_key = ApiV3Key::new(&apiv3_key_text)?;
        let keys = AccountKeys { keyring, apiv3_key }.into();
        let apiv2_key_text = Nonce::random()?.as_str().to_owned();
        Ok(Self { kind, identity, merchant, apiv3_key_text, apiv2_key_text, keys })
    }

    pub(super) fn id(&self) -> &str {
        self.merchant.id()
    }

    /// Prepares a platform certificate with a new key.
    pub(super) fn new_certificate(&self) -> Result<Issue, SandboxError> {
        Ok(new_platform_key(self.kind)?)
    }

    /// Locks the keys. A task that panicked leaves them whole, so a poisoned lock is usable.
    pub(super) fn keys(&self) -> MutexGuard<'_, AccountKeys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AccountKeys {
    /// Encrypts with the APIv3 key (docs/protocol/encryption.md §4).
    pub(super) fn encrypt(
        &self,
        scheme: Scheme,
        associated_data: &str,
        plaintext: &[u8],
    ) -> Result<EncryptedResource, SandboxError> {
        let nonce = Nonce::random()?;
        let nonce = nonce.as_str().get(..NONCE_LENGTH).ok_or(CryptoError::Random)?;
        Ok(aead::encrypt(scheme, &self.apiv3_key, nonce, associated_data, plaintext)?)
    }
}

impl KeySet {
    /// Generates new keys.
    pub(super) fn generate(kind: AccountKind) -> Result<Self, IssuingError> {
        let new = || new_platform_key(kind)?.build();
        Ok(Self {
            merchant: new()?.private_key().clone(),
            public_key: new()?,
            platform: new()?.private_key().clone(),
        })
    }

    /// Returns the keys that this process shares; the first call generates them.
    pub(super) fn shared(kind: AccountKind) -> Result<Self, IssuingError> {
        static RSA: OnceLock<Result<KeySet, IssuingError>> = OnceLock::new();
        #[cfg(feature = "sm")]
        static SM2: OnceLock<Result<KeySet, IssuingError>> = OnceLock::new();
        let shared = match kind {
            AccountKind::Merchant | AccountKind::Brand => &RSA,
            #[cfg(feature = "sm")]
            AccountKind::Sm2 => &SM2,
        };
        shared.get_or_init(|| Self::generate(kind)).clone()
    }
}

fn merchant_of(kind: AccountKind, id: &str, identity: &Identity) -> Result<Merchant, SandboxError> {
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem()?);
    Ok(match kind {
        AccountKind::Brand => Merchant::brand_from_pem(id, certificate, key)?,
        _ => Merchant::from_pem(id, certificate, key)?,
    })
}

fn new_platform_key(kind: AccountKind) -> Result<Issue, IssuingError> {
    match kind {
        AccountKind::Merchant | AccountKind::Brand => Ok(Issue::platform()),
        #[cfg(feature = "sm")]
        AccountKind::Sm2 => Issue::platform().sm2(),
    }
}
