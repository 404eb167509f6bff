//! The wire protocol of WeChat Pay APIv3, without I/O: bytes in, bytes out.
//!
//! No sockets, no clock (times are passed in), nothing global. The facts of the protocol are in
//! [the protocol pages](crate::docs::protocol), to which the documentation of the items leads.

pub mod aead;
pub mod digest;
#[cfg(feature = "sandbox")]
pub mod issuing;
pub mod message;
pub mod notification;
pub mod platform_certificates;

mod apiv2_key;
mod apiv3_key;
mod asn1;
mod authorization;
pub(crate) mod bill_decryption;
mod certificate;
mod envelope;
pub(crate) mod excerpt;
mod freshness;
pub(crate) mod gcm;
mod key_error;
mod key_item;
mod key_problem;
pub(crate) mod key_text;
pub(crate) mod lossy_json;
mod merchant;
mod misdelivery;
mod nonce;
mod pem;
mod private_key;
mod public_key;
mod rsa;
mod scheme;
mod sealing;
mod secret;
mod serial;
#[cfg(feature = "sm")]
mod sm2;
#[cfg(feature = "sm")]
mod sm4;
mod statement;
mod unknown_key;
pub(crate) mod verification;
pub(crate) mod wechatpay_keys;
#[cfg(not(feature = "sm"))]
mod without_sm;

pub use aead::{AeadError, EncryptedResource};
pub use apiv2_key::ApiV2Key;
pub use apiv3_key::ApiV3Key;
pub use authorization::{Authorization, AuthorizationError};
pub use bill_decryption::{BillDecryption, BillDecryptionError};
pub use certificate::Certificate;
pub use envelope::{Envelope, EnvelopeError};
pub use key_error::KeyError;
pub use key_item::KeyItem;
pub use key_problem::KeyProblem;
pub use merchant::Merchant;
pub(crate) use merchant::{Identification, Owner};
pub use misdelivery::Misdelivery;
pub use nonce::{InvalidNonce, Nonce};
pub use notification::{Decrypted, NotificationError};
pub use platform_certificates::PlatformCertificateError;
pub use private_key::{CryptoError, PrivateKey};
pub use public_key::PublicKey;
pub use scheme::Scheme;
pub use sealing::{DecryptError, EncryptError, EncryptionKey, NoEncryptionKey};
pub use secret::{Secret, SecretBytes};
pub use serial::Serial;
pub use statement::StatementDigest;
pub use unknown_key::{DownloadFailure, UnknownKeySituation};
pub use verification::{SignedHeaders, VerificationError, verify};
pub use wechatpay_keys::WechatPayKeys;
pub(crate) use wechatpay_keys::is_public_key_id;
#[cfg(not(feature = "sm"))]
use without_sm::{sm2, sm4};
