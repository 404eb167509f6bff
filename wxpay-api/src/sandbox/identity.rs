//! The test keys: the merchant's, and WeChat Pay's.

use std::sync::OnceLock;

use crate::protocol::issuing::{Identity, Issue, IssuingError};
use crate::protocol::{ApiV3Key, Merchant, Nonce, PrivateKey, Serial};

use super::SandboxError;

/// The merchant number of the descriptors' examples, so that answers and requests agree.
pub(super) const MCHID: &str = "1230000109";

const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0112300001092025010100000000000001";
const MERCHANTS: &str = "微信商户系统";

/// Three RSA keys. Making them takes about a second, so that one set serves a whole process.
#[derive(Clone, Debug)]
struct KeySet {
    merchant: Identity,
    public_key: Identity,
    platform: Identity,
}

impl KeySet {
    fn generate() -> Result<Self, IssuingError> {
        Ok(Self {
            merchant: Identity::merchant(MCHID)?,
            public_key: Identity::platform()?,
            platform: Identity::platform()?,
        })
    }

    fn shared() -> Result<Self, IssuingError> {
        static SHARED: OnceLock<Result<KeySet, IssuingError>> = OnceLock::new();
        SHARED.get_or_init(Self::generate).clone()
    }
}

/// Which of its keys WeChat Pay uses with the merchant (PROTOCOL §3.4).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum KeyMode {
    /// The public key and the certificates, as while a merchant migrates.
    Both,
    PublicKeyOnly,
    CertificatesOnly,
}

/// The merchant of a sandbox.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) identity: Identity,
    pub(super) merchant: Merchant,
    pub(super) apiv3_key: ApiV3Key,
    pub(super) apiv3_key_text: String,
}

/// WeChat Pay's keys.
#[derive(Clone, Debug)]
pub(super) struct Keyring {
    mode: KeyMode,
    public_key: Identity,
    /// The oldest first.
    certificates: Vec<Identity>,
}

/// The key that signs an answer, and its id.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    pub(super) id: String,
    pub(super) key: PrivateKey,
}

/// Makes or takes the keys of a sandbox; slow the first time.
pub(super) fn issue(
    mchid: Option<&str>,
    fresh: bool,
    mode: KeyMode,
) -> Result<(Customer, Keyring), SandboxError> {
    let keys = if fresh { KeySet::generate()? } else { KeySet::shared()? };
    let identity = match mchid {
        None => keys.merchant,
        Some(mchid) => {
            Issue::new(mchid, MERCHANTS).key(keys.merchant.private_key().clone()).build()?
        }
    };
    let mchid = mchid.unwrap_or(MCHID);
    let merchant =
        Merchant::from_pem(mchid, identity.certificate_pem(), identity.private_key_pem()?)?;
    let apiv3_key_text = Nonce::random()?.as_str().to_owned();
    let apiv3_key = ApiV3Key::new(&apiv3_key_text)?;
    let customer = Customer { identity, merchant, apiv3_key, apiv3_key_text };
    let certificates = vec![keys.platform];
    Ok((customer, Keyring { mode, public_key: keys.public_key, certificates }))
}

impl Keyring {
    pub(super) fn mode(&self) -> KeyMode {
        self.mode
    }

    pub(super) fn public_key_id(&self) -> &'static str {
        PUBLIC_KEY_ID
    }

    pub(super) fn public_key(&self) -> &Identity {
        &self.public_key
    }

    pub(super) fn certificates(&self) -> &[Identity] {
        &self.certificates
    }

    /// The certificate that signs.
    pub(super) fn newest_certificate(&self) -> Option<&Identity> {
        self.certificates.last()
    }

    pub(super) fn add_certificate(&mut self, identity: Identity) {
        self.certificates.push(identity);
    }

    /// The private half of the key that a `Wechatpay-Serial` names.
    pub(super) fn find(&self, id: &str) -> Option<&PrivateKey> {
        if id == PUBLIC_KEY_ID {
            return (self.mode != KeyMode::CertificatesOnly).then(|| self.public_key.private_key());
        }
        let serial = Serial::parse(id).ok().filter(|_| self.mode != KeyMode::PublicKeyOnly)?;
        let named = self.certificates.iter().find(|held| *held.certificate().serial() == serial);
        named.map(Identity::private_key)
    }

    /// Who signs the answer to a request that names `id`: the same kind of key, and of the
    /// certificates the newest, whichever was named (PROTOCOL §3.3).
    pub(super) fn signer(&self, id: Option<&str>) -> Signer {
        match id {
            Some(id) if id != PUBLIC_KEY_ID && self.find(id).is_some() => self.by_certificate(),
            None | Some(_) if self.mode == KeyMode::CertificatesOnly => self.by_certificate(),
            None | Some(_) => self.by_public_key(),
        }
    }

    pub(super) fn by_public_key(&self) -> Signer {
        Signer { id: PUBLIC_KEY_ID.to_owned(), key: self.public_key.private_key().clone() }
    }

    pub(super) fn by_certificate(&self) -> Signer {
        match self.newest_certificate() {
            None => self.by_public_key(),
            Some(identity) => Signer {
                id: identity.certificate().serial().to_string(),
                key: identity.private_key().clone(),
            },
        }
    }

    /// The key of the other kind than `signer`'s.
    pub(super) fn other_than(&self, signer: &Signer) -> Signer {
        if signer.id == PUBLIC_KEY_ID { self.by_certificate() } else { self.by_public_key() }
    }
}
