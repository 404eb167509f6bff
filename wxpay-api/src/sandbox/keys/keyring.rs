//! The keys that WeChat Pay uses with one account.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::protocol::issuing::Identity;
use crate::protocol::{PrivateKey, Serial};
use crate::sandbox::error::SandboxError;

const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_";

/// The state of a merchant's migration from platform certificates to the public key ([protocol §3.4]).
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyMode {
    /// Before the switch: platform certificates sign everything, even if a request names the public key. The
    /// public key encrypts nothing yet.
    Certificates,
    /// During the switch: a response is signed by the kind of key that the request names. Without
    /// `Wechatpay-Serial`, a certificate signs. Notifications are signed by either key; see
    /// [`Account::set_public_key_share`](crate::sandbox::Account::set_public_key_share).
    Migrating,
    /// After the switch, and for all new merchants: the public key signs everything. There are no platform
    /// certificates.
    PublicKey,
}

/// The whole of a share, in thousandths.
const WHOLE: u32 = 1000;

/// The WeChat Pay public key and the platform certificates of an account.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct PlatformKeyring {
    pub(in crate::sandbox) mode: KeyMode,
    public_key_id: String,
    public_key: Identity,
    /// In order of issue.
    certificates: Vec<Identity>,
    /// The certificate that signs. If it was withdrawn, the last one signs.
    pub(super) signing: Serial,
    /// The certificate that signs from a later time on.
    pub(super) next: Option<(Serial, Instant)>,
    /// The share of notifications that the public key signs during the switch, in thousandths.
    share: u32,
    /// The part of a notification that the public key still owes to its share, in thousandths.
    owed: u32,
}

/// A key that signs a response or a notification, and its id.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Signer {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) key: PrivateKey,
}

impl PlatformKeyring {
    pub(in crate::sandbox) fn new(
        mode: KeyMode,
        owner: &str,
        public_key: Identity,
        certificate: Identity,
    ) -> Self {
        let signing = certificate.certificate().serial().clone();
        let public_key_id = format!("{PUBLIC_KEY_ID}01{owner}2025010100000000000001");
        Self {
            mode,
            public_key_id,
            public_key,
            certificates: vec![certificate],
            signing,
            next: None,
            share: WHOLE,
            owed: 0,
        }
    }

    /// Makes the keyring of an account that was saved.
    pub(super) fn restore(
        mode: KeyMode,
        public_key_id: &str,
        public_key: Identity,
        certificates: Vec<Identity>,
        signing: &str,
    ) -> Result<Self, SandboxError> {
        // If the certificate was withdrawn, the last one signs.
        let signing = Serial::parse(signing)?;
        let public_key_id = public_key_id.to_owned();
        Ok(Self {
            mode,
            public_key_id,
            public_key,
            certificates,
            signing,
            next: None,
            share: WHOLE,
            owed: 0,
        })
    }

    pub(in crate::sandbox) fn public_key_id(&self) -> &str {
        &self.public_key_id
    }

    pub(in crate::sandbox) fn public_key(&self) -> &Identity {
        &self.public_key
    }

    pub(in crate::sandbox) fn certificates(&self) -> &[Identity] {
        &self.certificates
    }

    /// Returns the certificate that signs.
    pub(in crate::sandbox) fn signing_certificate(&self) -> Option<&Identity> {
        let serial = match &self.next {
            Some((next, from)) if *from <= Instant::now() => next,
            _ => &self.signing,
        };
        self.certificate(serial).or(self.certificates.last())
    }

    /// Adds a certificate to the list. It does not sign yet.
    pub(in crate::sandbox) fn add(&mut self, identity: Identity) {
        self.certificates.push(identity);
    }

    /// Lets a certificate sign from now on.
    pub(in crate::sandbox) fn sign_by(&mut self, serial: &str) -> Result<(), SandboxError> {
        self.signing = self.known(serial)?;
        self.next = None;
        Ok(())
    }

    /// Adds a certificate that signs from a later time on.
    pub(in crate::sandbox) fn add_signing_from(&mut self, identity: Identity, from: Instant) {
        if let Some(current) = self.signing_certificate() {
            self.signing = current.certificate().serial().clone();
        }
        self.next = Some((identity.certificate().serial().clone(), from));
        self.add(identity);
    }

    /// Lets a certificate of the list sign from a later time on.
    pub(super) fn sign_from(&mut self, serial: &str, from: Instant) -> Result<(), SandboxError> {
        self.next = Some((Serial::parse(serial)?, from));
        Ok(())
    }

    /// Removes a certificate.
    pub(in crate::sandbox) fn withdraw(&mut self, serial: &str) -> Result<(), SandboxError> {
        let serial = self.known(serial)?;
        self.certificates.retain(|held| *held.certificate().serial() != serial);
        Ok(())
    }

    /// Returns whether the merchant has a key with this id, usable or not.
    pub(in crate::sandbox) fn has(&self, id: &str) -> bool {
        id == self.public_key_id || self.find(id).is_some()
    }

    /// Returns the private half of the key that a `Wechatpay-Serial` names, if WeChat Pay decrypts with it.
    pub(in crate::sandbox) fn find(&self, id: &str) -> Option<&PrivateKey> {
        if id == self.public_key_id {
            return (self.mode != KeyMode::Certificates).then(|| self.public_key.private_key());
        }
        let serial = Serial::from_text(id).filter(|_| self.mode != KeyMode::PublicKey)?;
        self.certificate(&serial).map(Identity::private_key)
    }

    /// Returns the signer of the response to a request that names `id` (docs/protocol/keys.md §3.4).
    ///
    /// Among certificates, the current one signs, whichever was named (§3.3).
    pub(in crate::sandbox) fn signer(&self, id: Option<&str>) -> Signer {
        match self.mode {
            KeyMode::Certificates => self.by_certificate(),
            KeyMode::PublicKey => self.by_public_key(),
            KeyMode::Migrating if id == Some(&self.public_key_id) => self.by_public_key(),
            KeyMode::Migrating => self.by_certificate(),
        }
    }

    /// Returns the signer of the next notification. During the switch, the public key signs its share.
    pub(in crate::sandbox) fn notification_signer(&mut self) -> Signer {
        match self.mode {
            KeyMode::Certificates => self.by_certificate(),
            KeyMode::PublicKey => self.by_public_key(),
            KeyMode::Migrating => {
                self.owed += self.share;
                if self.owed < WHOLE {
                    return self.by_certificate();
                }
                self.owed -= WHOLE;
                self.by_public_key()
            }
        }
    }

    /// Returns the share of notifications that the public key signs during the switch, in percent.
    pub(super) fn share(&self) -> f64 {
        f64::from(self.share) / 10.0
    }

    /// Sets the share of notifications that the public key signs during the switch.
    pub(in crate::sandbox) fn set_share(&mut self, percent: f64) {
        // The conversion saturates, and turns NaN into 0.
        self.share = ((percent * 10.0).round() as u32).min(WHOLE);
        self.owed = 0;
    }

    pub(in crate::sandbox) fn by_certificate(&self) -> Signer {
        match self.signing_certificate() {
            None => self.by_public_key(),
            Some(identity) => Signer {
                id: identity.certificate().serial().to_string(),
                key: identity.private_key().clone(),
            },
        }
    }

    /// Returns the signer with the other kind of key.
    pub(in crate::sandbox) fn other_than(&self, signer: &Signer) -> Signer {
        if signer.is_public_key() { self.by_certificate() } else { self.by_public_key() }
    }

    fn by_public_key(&self) -> Signer {
        Signer { id: self.public_key_id.clone(), key: self.public_key.private_key().clone() }
    }

    fn certificate(&self, serial: &Serial) -> Option<&Identity> {
        self.certificates.iter().find(|held| held.certificate().serial() == serial)
    }

    fn known(&self, serial: &str) -> Result<Serial, SandboxError> {
        let parsed = Serial::from_text(serial).filter(|it| self.certificate(it).is_some());
        parsed.ok_or_else(|| SandboxError::UnknownCertificate { serial: serial.to_owned() })
    }
}

impl Signer {
    pub(in crate::sandbox) fn is_public_key(&self) -> bool {
        self.id.starts_with(PUBLIC_KEY_ID)
    }
}
