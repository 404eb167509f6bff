//! WeChat Pay APIv3 for Rust: every operation typed, every request signed, every answer verified.
//!
//! The URL is the API. Whoever can read the official page can write the call:
//!
//! ```
//! # async fn cancel(wx: wxpay_api::Client) -> wxpay_api::Result<()> {
//! let cancelled = wx
//!     .v3().payscore().serviceorder().out_order_no("2304203423948239423").cancel()
//!     .post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"))
//!     .await?;
//! println!("{}", cancelled.order_id);
//! # Ok(())
//! # }
//! ```
//!
//! # A client
//!
//! ```toml
//! [dependencies]
//! wxpay-api = { path = "../wxpay/wxpay-api" } # a clone of the repository: the crate is not on crates.io yet
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! It takes Rust 1.89 or newer, a C compiler and the Tokio runtime; [`Core`] alone does without the last.
//!
//! ```no_run
//! use wxpay_api::{Client, Merchant};
//!
//! # fn client() -> Result<Client, Box<dyn std::error::Error>> {
//! let merchant = Merchant::from_files("1900000109", "apiclient_cert.pem", "apiclient_key.pem")?;
//! let wx = Client::builder(merchant)
//!     .wechatpay_public_key_file("PUB_KEY_ID_0119000001092024", "pub_key.pem")
//!     .apiv3_key(std::env::var("WXPAY_APIV3_KEY")?)
//!     .build()?;
//! # Ok(wx)
//! # }
//! ```
//!
//! Merchants without a WeChat Pay public key have platform certificates, which the client
//! [downloads](ClientBuilder::download_certificates) and keeps current; both may be given during a migration. A brand,
//! which calls what is under `/brand/`, is a [`Merchant::brand_from_files`]. An SM2 key makes an SM2 merchant, with the
//! feature `sm`. [`Client::self_test`] says whether the keys work, [`Client::reload`] replaces them without a restart,
//! and [`Clients`] holds those of many merchants.
//!
//! A guide with an example for each subject is in the repository: `docs/guide.md`, in Chinese `docs/guide.zh-CN.md`.
//!
//! # Features
//!
//! One feature per product, named as in the URL: `/v3/profitsharing/…` is `profitsharing`. Large
//! products are several, such as `marketing` and `marketing-favor`. `default` is what a merchant with
//! ordinary payments needs, `full` is every product; the reference in the repository
//! (`docs/reference/README.md`) names the feature of each operation. Besides, `sandbox` is an
//! in-process WeChat Pay for tests, `axum` hands notifications to handlers, `redis` is a [`replay`] guard for
//! services that run more than once, `bills` reads bill files as typed rows, `sm` brings SM2 and SM4 for
//! merchants for whom WeChat Pay enabled them (国密), and `time`, `jiff` and `chrono` convert timestamps.
//!
//! # When a call fails
//!
//! [`Error::outcome`] says what is known of the order: nothing was sent, it was refused, it may
//! have happened, or it was accepted and only the answer is unreadable. Never repeat an unknown
//! outcome with a new order number. Where WeChat Pay itself refused, [`ApiError::advice`] says whether the
//! same request may be sent again.
//!
//! A request is sent again by itself where its [`Endpoint`] says that this is harmless; [`Retries`] says how often and
//! how soon, for a client or for one call.
//!
//! # Files
//!
//! A [`File`] to upload comes from bytes, a path or a reader. [`Client::download_url`] takes an answer that carries a
//! link, and gives the file while it arrives, unpacked and compared with its digest;
//! [`Client::download_encrypted`] decrypts besides, and the feature `bills` makes rows of it.
//!
//! # Notifications
//!
//! [`Client::notification`] verifies and decrypts what came, [`notifications::Event`] tells what it is, an
//! [`Acknowledgement`] answers it, [`compare`] holds it against your own order, and a guard of [`replay`] lets nobody
//! act upon it twice. With the feature `axum` it is an argument of handlers.
//!
//! # In the app, the mini program or the browser
//!
//! [`invoke`] makes what the front end needs out of an order's `prepay_id`, signed; a service provider's client does so
//! for its sub-merchants.
//!
//! # Without this client
//!
//! Every operation is a value too, such as
//! `v3::payscore::serviceorder::_out_order_no_::cancel::post::operation`. [`Core`] signs it and checks the answer, and
//! any HTTP stack carries the bytes, with or without an async runtime. [`Operation::prepare`] and [`protocol`] are the
//! parts that it is made of.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated code names this crate by its public name, so that it compiles here and elsewhere.
extern crate self as wxpay_api;

mod acknowledgement;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "bills")]
pub mod bills;
mod client;
#[doc(hidden)]
pub mod codegen;
pub mod compare;
mod config;
#[cfg(doc)]
pub mod docs;
#[rustfmt::skip]
mod generated;
pub mod invoke;
// Their blocks need all of these.
#[cfg(all(
    doctest,
    feature = "axum",
    feature = "bills",
    feature = "full",
    feature = "redis",
    feature = "sandbox"
))]
mod pages;
pub mod protocol;
pub mod replay;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod wire;

pub use acknowledgement::{Acknowledgement, Retention};
pub use client::{
    Advice, ApiError, BuildError, Call, CertificateDownload, CertificateError, Check, CheckOutcome,
    Client, ClientBuilder, Clients, Core, DigestCheck, Download, DownloadCall, DownloadStream,
    EncryptedBill, EncryptedDownloadCall, EncryptedFile, Endpoint, Error, ErrorDetail, ErrorKind,
    FileLink, FromResponse, Idempotency, InputError, Integrity, InternalCode, LinkedFile,
    NoContent, Notification, NotificationShape, Operation, Outcome, PathValues, Payload, Prepared,
    RawResponse, Reply, Resource, ResourceError, Result, Retries, SelfTest, Sent, SignDifference,
    Signed, TargetChange, Transport, TransportBuildError, TransportBuilder, TransportError,
    Unsigned, UntypedCall, error_code,
};
pub use config::{Config, ConfigError};
pub use generated::*;
pub use protocol::{
    ApiV2Key, ApiV3Key, KeyError, Merchant, NotificationError, Secret, SecretBytes,
    UnknownKeySituation, VerificationError, WechatPayKeys,
};
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
pub use wire::TimestampError;
pub use wire::{
    Correction, CorrectionKind, Decode, DecodeError, Encode, EncodeError, File, Json, List,
    OpenEnum, Present, SealedLinesError, Timestamp, Unknown, WhenSome, decode, encode,
};
