//! The wire protocol of WeChat Pay APIv3, without I/O: bytes in, bytes out.
//!
//! Nothing here opens a socket, reads a clock or keeps global state: callers pass the time in. The facts of the
//! protocol are in [the protocol pages](crate::docs::protocol); the documentation of each item links to its section.

mod encrypt;
mod keys;
mod sign;
mod verify;

pub mod digest;
pub(crate) mod excerpt;
#[cfg(feature = "sandbox")]
pub mod issuing;
pub(crate) mod lossy_json;
mod merchant;
pub mod notification;
pub mod platform_certificates;
mod scheme;
mod wechatpay_keys;

pub use encrypt::aead::{self, AeadError, EncryptedResource};
pub use encrypt::bill::{BillDecryption, BillDecryptionError};
pub use encrypt::secret::{Secret, SecretBytes};
pub use keys::api_keys::{ApiV2Key, ApiV3Key};
pub use keys::certificate::Certificate;
pub use keys::cipher_error::{CryptoError, DecryptError, EncryptError};
pub use keys::private_key::PrivateKey;
pub use keys::public_key::PublicKey;
pub use keys::read::error::{KeyError, KeyItem};
pub use keys::read::problem::KeyProblem;
pub use keys::serial::Serial;
pub use keys::unknown_key::{DownloadFailure, UnknownKeySituation};
pub use merchant::Merchant;
pub use notification::envelope::{Envelope, EnvelopeError};
pub use notification::misdelivery::Misdelivery;
pub use notification::{Decrypted, NotificationError};
pub use platform_certificates::PlatformCertificateError;
#[cfg(feature = "sandbox")]
pub(crate) use scheme::BRAND_PATHS;
pub use scheme::Scheme;
pub use sign::authorization::{Authorization, AuthorizationError};
pub use sign::message;
pub use sign::nonce::{InvalidNonce, Nonce};
pub use verify::statement::StatementDigest;
pub use verify::{SignedHeaders, VerificationError, verify};
pub use wechatpay_keys::{EncryptionKey, NoEncryptionKey, WechatPayKeys};

#[cfg(feature = "sandbox")]
pub(crate) use encrypt::{bill::bill_cipher, gcm::StreamingGcm};
pub(crate) use keys::public_key_id::is_public_key_id;
pub(crate) use keys::read as key_text;
pub(crate) use merchant::{Identification, Owner};
pub(crate) use verify::{SERIAL, SIGNATURE, required_header};
