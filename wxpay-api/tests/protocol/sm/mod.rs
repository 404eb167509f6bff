//! SM2, SM3 and SM4: keys and messages made by openssl, published examples, and the separation of
//! the families.

mod aead;
mod bill_decryption;
mod families;
mod garbage;
mod keys;
mod secrets;
mod signatures;
mod vectors;

use std::sync::LazyLock;

use wxpay_api::protocol::issuing::{Identity, Issue};
use wxpay_api::protocol::{Merchant, PrivateKey, PublicKey, WechatPayKeys};

use crate::support::{MCHID, PUBLIC_KEY_ID};

/// Each file names the command of openssl 3.0 that made it.
pub(super) const PRIVATE_KEY: &str = include_str!("openssl/private_key.pem");
pub(super) const PRIVATE_KEY_ALONE: &str = include_str!("openssl/private_key_alone.pem");
pub(super) const PUBLIC_KEY: &str = include_str!("openssl/public_key.pem");
pub(super) const PUBLIC_KEY_COMPRESSED: &str = include_str!("openssl/public_key_compressed.pem");
pub(super) const CERTIFICATE: &str = include_str!("openssl/certificate.pem");

static PLATFORM: LazyLock<Identity> =
    LazyLock::new(|| Issue::platform().sm2().unwrap().build().unwrap());

/// WeChat Pay, of the SM2 family.
pub(super) fn platform() -> &'static Identity {
    &PLATFORM
}

pub(super) fn private_key() -> PrivateKey {
    PrivateKey::from_pem(PRIVATE_KEY).unwrap()
}

pub(super) fn public_key() -> PublicKey {
    PublicKey::from_pem(PUBLIC_KEY).unwrap()
}

pub(super) fn merchant() -> Merchant {
    Merchant::from_pem(MCHID, CERTIFICATE, PRIVATE_KEY).unwrap()
}

pub(super) fn keys() -> WechatPayKeys {
    WechatPayKeys::new()
        .with_public_key(PUBLIC_KEY_ID, platform().public_key_pem())
        .unwrap()
        .with_certificate(platform().certificate_pem())
        .unwrap()
}
