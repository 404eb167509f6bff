//! The keys that WeChat Pay uses with one customer.

use super::SandboxError;
use crate::protocol::issuing::Identity;
use crate::protocol::{PrivateKey, Serial};

const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_";

/// Which of its keys WeChat Pay uses with a merchant ([protocol §3.4]).
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyMode {
    /// The public key and the certificates, as while a merchant migrates.
    Both,
    /// The public key only, as with all new merchants; there are no platform certificates.
    PublicKeyOnly,
    /// The certificates only, as with merchants that did not migrate.
    CertificatesOnly,
}

#[derive(Clone, Debug)]
pub(super) struct Keyring {
    pub(super) mode: KeyMode,
    public_key_id: String,
    public_key: Identity,
    /// In the order in which they were issued.
    certificates: Vec<Identity>,
    /// The certificate that signs; the last one when it is gone.
    signing: Serial,
}

/// The key that signs an answer, and its id.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    pub(super) id: String,
    pub(super) key: PrivateKey,
}

impl Keyring {
    pub(super) fn new(
        mode: KeyMode,
        owner: &str,
        public_key: Identity,
        certificate: Identity,
    ) -> Self {
        let signing = certificate.certificate().serial().clone();
        let public_key_id = format!("{PUBLIC_KEY_ID}01{owner}2025010100000000000001");
        Self { mode, public_key_id, public_key, certificates: vec![certificate], signing }
    }

    pub(super) fn public_key_id(&self) -> &str {
        &self.public_key_id
    }

    pub(super) fn public_key(&self) -> &Identity {
        &self.public_key
    }

    pub(super) fn certificates(&self) -> &[Identity] {
        &self.certificates
    }

    /// The certificate that signs.
    pub(super) fn signing_certificate(&self) -> Option<&Identity> {
        self.certificate(&self.signing).or(self.certificates.last())
    }

    /// Adds a certificate, which is listed and does not sign yet.
    pub(super) fn add(&mut self, identity: Identity) {
        self.certificates.push(identity);
    }

    pub(super) fn sign_by(&mut self, serial: &str) -> Result<(), SandboxError> {
        self.signing = self.known(serial)?;
        Ok(())
    }

    /// It is neither listed nor known any more.
    pub(super) fn withdraw(&mut self, serial: &str) -> Result<(), SandboxError> {
        let serial = self.known(serial)?;
        self.certificates.retain(|held| *held.certificate().serial() != serial);
        Ok(())
    }

    /// The private half of the key that a `Wechatpay-Serial` names.
    pub(super) fn find(&self, id: &str) -> Option<&PrivateKey> {
        if id == self.public_key_id {
            return (self.mode != KeyMode::CertificatesOnly).then(|| self.public_key.private_key());
        }
        let serial = Serial::from_text(id).filter(|_| self.mode != KeyMode::PublicKeyOnly)?;
        self.certificate(&serial).map(Identity::private_key)
    }

    /// Who signs the answer to a request that names `id`: the same kind of key, and of the
    /// certificates the one that signs, whichever was named (docs/protocol/keys.md §3.3).
    pub(super) fn signer(&self, id: Option<&str>) -> Signer {
        match id {
            Some(id) if id != self.public_key_id && self.find(id).is_some() => {
                self.by_certificate()
            }
            None | Some(_) if self.mode == KeyMode::CertificatesOnly => self.by_certificate(),
            None | Some(_) => self.by_public_key(),
        }
    }

    pub(super) fn by_certificate(&self) -> Signer {
        match self.signing_certificate() {
            None => self.by_public_key(),
            Some(identity) => Signer {
                id: identity.certificate().serial().to_string(),
                key: identity.private_key().clone(),
            },
        }
    }

    /// The key of the other kind than `signer`'s.
    pub(super) fn other_than(&self, signer: &Signer) -> Signer {
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
    pub(super) fn is_public_key(&self) -> bool {
        self.id.starts_with(PUBLIC_KEY_ID)
    }
}
