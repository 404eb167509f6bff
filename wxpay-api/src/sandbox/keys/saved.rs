//! An account as a program keeps it: everything that makes the same account again.

use std::fmt;
use std::time::{Instant, SystemTime};

use serde::{Deserialize, Serialize};

use super::keyring::{KeyMode, PlatformKeyring};
use super::{AccountKeys, AccountKind, AccountState, MERCHANTS, merchant_of};
use crate::protocol::issuing::{Identity, Issue, public_key_pem};
use crate::protocol::{ApiV3Key, KeyError, PrivateKey};
use crate::sandbox::error::SandboxError;

/// An account with all its keys, so that another sandbox starts with the same account.
///
/// [`Account::save`](crate::sandbox::Account::save) makes one, and
/// [`SandboxBuilder::accounts`](crate::sandbox::SandboxBuilder::accounts) takes it. It is full of secrets, which serde
/// writes in plain text: keep it where only its owner can read it. `Debug` shows none of them.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SavedAccount {
    /// The merchant number or brand id.
    pub id: String,
    /// Who has the account.
    pub kind: AccountKind,
    /// The state of the migration to the public key.
    pub mode: KeyMode,
    /// The certificate of the merchant, as in `apiclient_cert.pem`.
    pub certificate: String,
    /// The private key of the merchant, as in `apiclient_key.pem`.
    pub private_key: String,
    /// The APIv3 key with which WeChat Pay encrypts.
    pub apiv3_key: String,
    /// The APIv2 key.
    pub apiv2_key: String,
    /// The id of the WeChat Pay public key.
    pub wechatpay_public_key_id: String,
    /// The private half of the WeChat Pay public key, in PEM.
    pub wechatpay_private_key: String,
    /// The share of notifications that the public key signs during the migration, in percent.
    pub public_key_share: f64,
    /// The platform certificates, in order of issue.
    pub platform_certificates: Vec<SavedCertificate>,
    /// The serial number of the platform certificate that signs.
    pub signs: String,
    /// The platform certificate that signs from a later time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signs_next: Option<SavedRotation>,
}

/// A platform certificate of a [`SavedAccount`], with its private key.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SavedCertificate {
    /// The certificate, in PEM.
    pub certificate: String,
    /// The private key, in PEM.
    pub private_key: String,
}

/// The rest of a rotation: which platform certificate of a [`SavedAccount`] signs from when on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SavedRotation {
    /// The serial number of the certificate.
    pub serial: String,
    /// The time from which it signs.
    pub from: SystemTime,
}

impl SavedAccount {
    /// Returns the WeChat Pay public key, as in `pub_key.pem`.
    ///
    /// # Errors
    /// [`KeyError`] if the private half cannot be read.
    pub fn wechatpay_public_key(&self) -> Result<String, KeyError> {
        Ok(public_key_pem(&PrivateKey::from_pem(&self.wechatpay_private_key)?))
    }
}

impl AccountState {
    /// Copies the account with all its keys.
    pub(in crate::sandbox) fn save(&self) -> Result<SavedAccount, SandboxError> {
        let keys = self.keys();
        let keyring = &keys.keyring;
        let certificates = keyring.certificates().iter().map(|identity| {
            let private_key = identity.private_key_pem()?;
            Ok(SavedCertificate { certificate: identity.certificate_pem().to_owned(), private_key })
        });
        let signs_next = keyring.next.as_ref().map(|(serial, from)| SavedRotation {
            serial: serial.to_string(),
            from: wall_clock(*from),
        });
        Ok(SavedAccount {
            id: self.id().to_owned(),
            kind: self.kind,
            mode: keyring.mode,
            certificate: self.identity.certificate_pem().to_owned(),
            private_key: self.identity.private_key_pem()?,
            // The key has ASCII characters only.
            apiv3_key: String::from_utf8_lossy(keys.apiv3_key.as_bytes()).into_owned(),
            apiv2_key: self.apiv2_key_text.clone(),
            wechatpay_public_key_id: keyring.public_key_id().to_owned(),
            wechatpay_private_key: keyring.public_key().private_key_pem()?,
            public_key_share: keyring.share(),
            platform_certificates: certificates.collect::<Result<_, SandboxError>>()?,
            signs: keyring.signing.to_string(),
            signs_next,
        })
    }

    /// Makes the account that was saved.
    pub(in crate::sandbox) fn restore(saved: &SavedAccount) -> Result<Self, SandboxError> {
        let identity = Identity::from_pem(&saved.certificate, &saved.private_key)?;
        let merchant = merchant_of(saved.kind, &saved.id, &identity)?;
        let public_key = PrivateKey::from_pem(&saved.wechatpay_private_key)?;
        let public_key = Issue::new(&saved.id, MERCHANTS).key(public_key).build()?;
        let mut certificates = Vec::new();
        for SavedCertificate { certificate, private_key } in &saved.platform_certificates {
            certificates.push(Identity::from_pem(certificate, private_key)?);
        }
        let mut keyring = PlatformKeyring::restore(
            saved.mode,
            &saved.wechatpay_public_key_id,
            public_key,
            certificates,
            &saved.signs,
        )?;
        keyring.set_share(saved.public_key_share);
        if let Some(SavedRotation { serial, from }) = &saved.signs_next {
            keyring.sign_from(serial, monotonic_clock(*from))?;
        }
        let apiv3_key = ApiV3Key::new(&saved.apiv3_key)?;
        let (apiv3_key_text, apiv2_key_text) = (saved.apiv3_key.clone(), saved.apiv2_key.clone());
        let keys = AccountKeys { keyring, apiv3_key }.into();
        Ok(Self { kind: saved.kind, identity, merchant, apiv3_key_text, apiv2_key_text, keys })
    }
}

/// Converts a time of this process into one that other processes understand.
fn wall_clock(time: Instant) -> SystemTime {
    let now = SystemTime::now();
    match time.checked_duration_since(Instant::now()) {
        Some(ahead) => now.checked_add(ahead).unwrap_or(now),
        None => now,
    }
}

/// The reverse of [`wall_clock`]. What is over is now.
fn monotonic_clock(time: SystemTime) -> Instant {
    let now = Instant::now();
    let ahead = time.duration_since(SystemTime::now()).unwrap_or_default();
    now.checked_add(ahead).unwrap_or(now)
}

impl fmt::Debug for SavedAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedAccount")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("mode", &self.mode)
            .field("wechatpay_public_key_id", &self.wechatpay_public_key_id)
            .field("signs", &self.signs)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SavedCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedCertificate")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}
