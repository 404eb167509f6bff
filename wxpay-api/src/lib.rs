//! WeChat Pay APIv3 for Rust: every operation typed, every request signed, every response verified.
//!
//! The URL is the API: the official page of an operation says how the call is written. An order from its
//! creation to the bill:
//!
//! ```
//! use http::HeaderMap;
//! use wxpay_api::compare::ExpectedPayment;
//! use wxpay_api::v3::pay::types::Transaction;
//! use wxpay_api::{Client, Present};
//!
//! type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
//!
//! // 1. Create the order. The mini program passes the returned object to `wx.requestPayment`.
//! async fn prepay(wx: &Client, openid: &str) -> Result<String> {
//!     let order = wx
//!         .v3().pay().transactions().jsapi()
//!         .post(|r| {
//!             r.appid("wxd678efh567hg6787").mchid(wx.id()).description("QQ公仔")
//!                 .out_trade_no("order-1")
//!                 .amount(|a| a.total(100)) // fen
//!                 .notify_url("https://example.com/wechatpay/notify")
//!                 .payer(|p| p.openid(openid))
//!         })
//!         .await?;
//!     let prepay_id = order.prepay_id.present().ok_or("no prepay_id")?;
//!     let payment = wx.invoke().mini_program("wxd678efh567hg6787", prepay_id)?;
//!     Ok(serde_json::to_string(&payment)?)
//! }
//!
//! // 2. Verify and decrypt the notification, and compare the payment with your order.
//! async fn notified(wx: &Client, headers: &HeaderMap, body: &[u8]) -> Result<bool> {
//!     let payment = wx.notification(headers, body).await?.resource::<Transaction>()?;
//!     let order = ExpectedPayment::direct(wx.id(), "order-1", 100).appid("wxd678efh567hg6787");
//!     Ok(order.check(&payment)?.is_success())
//! }
//!
//! // 3. Query the order where no notification arrives.
//! async fn query(wx: &Client) -> wxpay_api::Result<Transaction> {
//!     let order = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
//!     order.get(|r| r.mchid(wx.id())).await
//! }
//!
//! // 4. Refund it. The refund's own number makes a retry harmless.
//! async fn refund(wx: &Client) -> wxpay_api::Result<()> {
//!     let call = wx.v3().refund().domestic().refunds().post(|r| {
//!         r.out_refund_no("refund-1")
//!             .amount(|a| a.refund(100).total(100).currency("CNY"))
//!             .out_trade_no("order-1")
//!     });
//!     println!("{}", call.await?.status);
//!     Ok(())
//! }
//!
//! // 5. Download the bill of a day. The client compares the file with its announced digest.
//! async fn bill(wx: &Client) -> wxpay_api::Result<()> {
//!     let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await?;
//!     wx.download_url(&bill).stream().await?.save_to("bill.csv").await?;
//!     Ok(())
//! }
//! ```
//!
//! A missing required field does not compile, an optional field has a setter, and fields are named as on
//! the wire.
//!
//! # A client
//!
//! ```toml
//! [dependencies]
//! wxpay-api = { path = "../wxpay/wxpay-api" } # a clone of the repository: the crate is not on crates.io yet
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! The crate needs Rust 1.89 or newer, a C compiler and the Tokio runtime. [`Core`] works without Tokio.
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
//! * A merchant without a WeChat Pay public key has platform certificates. The client
//!   [downloads](ClientBuilder::download_certificates) them and keeps them current. During a migration,
//!   give both.
//! * A brand calls the operations under `/brand/`: see [`Merchant::brand_from_files`].
//! * With the feature `sm`, an SM2 key makes an SM2 merchant.
//! * [`Client::self_test`] checks the keys, and [`Client::reload`] replaces them without a restart.
//! * [`Clients`] holds the clients of many merchants.
//!
//! The guide has an example for each subject: `docs/guide.md` in the repository, in Chinese
//! `docs/guide.zh-CN.md`.
//!
//! # Features
//!
//! Each product is a feature, named as in the URL: `/v3/profitsharing/…` is `profitsharing`. A large product
//! has several, such as `marketing` and `marketing-favor`. `default` has what ordinary payments need, and
//! `full` has every product. The reference in the repository (`docs/reference/README.md`) names the feature
//! of each operation.
//!
//! Further features:
//!
//! * `sandbox`: an in-process WeChat Pay for tests, which remembers orders.
//! * `axum`: notifications as arguments of handlers.
//! * `redis`: a [`replay`] guard for services that run more than once.
//! * `bills`: bill files as typed rows.
//! * `sm`: SM2 and SM4, for merchants for whom WeChat Pay enabled them (国密).
//! * `time`, `jiff`, `chrono`: conversions of timestamps.
//!
//! # When a call fails
//!
//! [`Error::outcome`] says what is known of the order: nothing was sent, WeChat Pay refused it, it may have
//! happened, or WeChat Pay accepted it and only the response is unreadable. After an unknown outcome, never
//! try again with a new order number. [`ApiError::advice`] says whether the same request may be retried.
//!
//! The client retries a request by itself where its [`Endpoint`] says that this is harmless. [`Retries`] sets
//! how often and how soon, for a client or for one call.
//!
//! # Files
//!
//! A [`File`] to upload comes from bytes, a path or a reader. [`Client::download_url`] takes a response with
//! a link and returns the file as a stream, uncompressed and compared with its digest.
//! [`Client::download_encrypted`] also decrypts. The feature `bills` reads rows from either.
//!
//! # Notifications
//!
//! [`Client::notification`] verifies and decrypts a notification, and [`notifications::Event`] says what it
//! is. An [`Acknowledgement`] is the response to it. [`compare`] compares it with your own order, and a
//! [`replay`] guard prevents acting on it twice. With the feature `axum`, a handler takes it as an argument.
//!
//! # In the app, the mini program or the browser
//!
//! [`invoke`] makes the signed object that the front end needs from an order's `prepay_id`. A service
//! provider's client makes it for its sub-merchants.
//!
//! # Tests
//!
//! With the feature `sandbox`, a WeChat Pay runs in your test. It verifies and signs everything, and remembers what it
//! is told: an order is made, the user pays it, your server is notified, a query finds it.
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! #[tokio::main] // or #[tokio::test]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     use wxpay_api::sandbox::Sandbox;
//!
//!     let sandbox = Sandbox::start().await?;
//!     let wx = sandbox.client()?;
//!     let order = wx.v3().pay().transactions().native().post(|r| {
//!         r.appid("wxd678efh567hg6787").mchid(wx.id()).description("QQ公仔").out_trade_no("order-1")
//!             .amount(|a| a.total(100)).notify_url("https://shop.example/notify") // fen
//!     });
//!     sandbox.open_payment(&order.await?.code_url)?.pay()?; // the user scans the code and pays
//!
//!     let order = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
//!     assert_eq!(order.get(|r| r.mchid(wx.id())).await?.trade_state.as_str(), "SUCCESS");
//!     Ok(())
//! }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! # Without this client
//!
//! Each operation is also a value, such as
//! `v3::payscore::serviceorder::_out_order_no_::cancel::post::operation`. [`Core`] signs it and checks the
//! response. Any HTTP stack sends the bytes, with or without an async runtime. [`Operation::prepare`] and
//! [`protocol`] are the parts of [`Core`].

#![cfg_attr(docsrs, feature(doc_cfg))]
// With every product, the sources would add 65 MB to the documentation (docs/compile-cost.md).
#![cfg_attr(feature = "full", doc(html_no_source))]

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
pub mod dynamic;
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

// rustdoc writes a redirect page for each item that is re-exported from a private module. So these modules are not
// inside `generated`.
//
// Generated modules. `cargo xtask regen` writes these lines.
#[rustfmt::skip]
#[path = "generated/brand/mod.rs"]
pub mod brand;
#[rustfmt::skip]
#[path = "generated/global/mod.rs"]
pub mod global;
#[rustfmt::skip]
#[path = "generated/hk/mod.rs"]
pub mod hk;
#[rustfmt::skip]
#[path = "generated/notifications/mod.rs"]
pub mod notifications;
#[rustfmt::skip]
#[path = "generated/v3/mod.rs"]
pub mod v3;
// The end of the generated modules.

pub use acknowledgement::Acknowledgement;
pub use client::{
    Advice, ApiError, BuildError, Call, CertificateDownload, CertificateError, Check, CheckOutcome,
    Client, ClientBuilder, Clients, Core, DigestCheck, Download, DownloadCall, DownloadStream,
    EncryptedBill, EncryptedDownloadCall, EncryptedFile, Endpoint, Error, ErrorDetail, ErrorKind,
    FileLink, FromResponse, Idempotency, InputError, Integrity, InternalCode, Items, LinkedFile,
    NoContent, Notification, NotificationShape, Operation, Outcome, PageError, PagePosition, Paged,
    Pages, PathValues, Payload, Prepared, RawResponse, Reply, Resource, ResourceError, Result,
    Retries, SelfTest, Sent, SignDifference, Signed, TargetChange, Transport, TransportBuildError,
    TransportBuilder, TransportError, Unsigned, UntypedCall, error_code,
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
    Correction, CorrectionKind, Decode, DecodeError, Encode, EncodeError, EncryptedLinesError,
    File, Json, List, OpenEnum, Present, Timestamp, Unknown, WhenSome, decode, encode,
};
