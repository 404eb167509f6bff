//! The keys that WeChat Pay uses with one account.

use crate::protocol::issuing::Identity;
use crate::protocol::{PrivateKey, Serial};
use crate::sandbox::error::SandboxError;

const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_";

/// Which of its keys WeChat Pay uses with a merchant ([protocol §3.4]).
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyMode {
    /// The public key and the certificates: the merchant is migrating.
    Both,
    /// The public key only, without platform certificates: all new merchants.
    PublicKeyOnly,
    /// The certificates only: merchants that did not migrate.
    CertificatesOnly,
}

/// The WeChat Pay public key and the platform certificates of an account.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct PlatformKeyring {
    pub(in crate::sandbox) mode: KeyMode,
    public_key_id: String,
    public_key: Identity,
    /// In order of issue.
    certificates: Vec<Identity>,
    /// The certificate that signs. If it was withdrawn, the last one signs.
    signing: Serial,
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
        Self { mode, public_key_id, public_key, certificates: vec![certificate], signing }
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
        self.certificate(&self.signing).or(self.certificates.last())
    }

    /// Adds a certificate to the list. It does not sign yet.
    pub(in crate::sandbox) fn add(&mut self, identity: Identity) {
        self.certificates.push(identity);
    }

    /// Lets a certificate sign from now on.
    pub(in crate::sandbox) fn sign_by(&mut self, serial: &str) -> Result<(), SandboxError> {
        self.signing = self.known(serial)?;
        Ok(())
    }

    /// Removes a certificate.
    pub(in crate::sandbox) fn withdraw(&mut self, serial: &str) -> Result<(), SandboxError> {
        let serial = self.known(serial)?;
        self.certificates.retain(|held| *held.certificate().serial() != serial);
        Ok(())
    }

    /// Returns the private half of the key that a `Wechatpay-Serial` names.
    pub(in crate::sandbox) fn find(&self, id: &str) -> Option<&PrivateKey> {
        if id == self.public_key_id {
            return (self.mode != KeyMode::CertificatesOnly).then(|| self.public_key.private_key());
        }
        let serial = Serial::from_text(id).filter(|_| self.mode != KeyMode::PublicKeyOnly)?;
        self.certificate(&serial).map(Identity::private_key)
    }

    /// Returns the signer of the response to a request that names `id`.
    ///
    /// The signer has the same kind of key as `id`. Among certificates, the current one signs, whichever was
    /// named (docs/protocol/keys.md §3.3).
    pub(in crate::sandbox) fn signer(&self, id: Option<&str>) -> Signer {
        match id {
            Some(id) if id != self.public_key_id && self.find(id).is_some() => {
                self.by_certificate()
            }
            None | Some(_) if self.mode == KeyMode::CertificatesOnly => self.by_certificate(),
            None | Some(_) => self.by_public_key(),
        }
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
