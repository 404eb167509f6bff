//! A WeChat Pay on this machine, for tests without money.
//!
//! [`Sandbox::start`] listens on a free port of 127.0.0.1. The sandbox verifies the signature of
//! every request, checks each value against the operation's descriptor, and decrypts secrets. It
//! remembers orders, refunds and all else that has a lifecycle. Their notifications go to the
//! `notify_url` by themselves. Other operations get signed examples that contain the request's own values.
//!
//! ```
//! # #[cfg(feature = "pay")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use wxpay_api::sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start().await?;
//! let wx = sandbox.client()?;
//! let order = wx.v3().pay().transactions().native().post(|r| {
//!     r.appid("wxd678efh567hg6787").mchid(wx.id()).description("QQ公仔").out_trade_no("order-1")
//!         .amount(|a| a.total(100)).notify_url("https://shop.example/notify") // fen
//! });
//! order.await?;
//! sandbox.order("order-1")?.pay()?;
//!
//! let order = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
//! assert_eq!(order.get(|r| r.mchid(wx.id())).await?.trade_state.as_str(), "SUCCESS");
//! assert_eq!(sandbox.received()[0].target, "/v3/pay/transactions/native");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "pay"))]
//! # fn main() {}
//! ```
//!
//! What a test can do:
//!
//! * Find a resource and let an event happen: [`Sandbox::order`], [`SandboxResource::pay`], [`SandboxResource::event`].
//! * Pay with what a front end is given: [`Sandbox::open_payment`].
//! * Move the business clock, which fires timers: [`Sandbox::advance`].
//! * Choose what is unknown of WeChat Pay: [`Sandbox::switch`].
//! * Remember after a restart: [`SandboxBuilder::storage`].
//! * Inject faults and plan other responses: [`Sandbox::inject_fault`], [`Sandbox::inject_notification_fault`],
//!   [`Sandbox::respond`].
//! * See why a signature was refused: [`ReceivedRequest::diagnosis`].
//! * See what happened: [`Sandbox::received`], [`Sandbox::executions`], [`Sandbox::sent_notifications`].
//! * Send copies and other notifications: [`SandboxResource::notify_again`], [`Account::notify`], [`Account::deliver`].
//!
//! The control surface offers the same over HTTP, as JSON below `/_sandbox`. `/_sandbox/openapi.json` describes it.
//! [`SandboxBuilder::examples`] starts a sandbox that remembers nothing.

// An exchange goes through `request`, `check`, `decide`, `respond` and `journal`, in this order. `docs/architecture.md`
// has the layers.
mod account;
mod bills;
mod book;
mod builder;
mod check;
mod control;
mod decide;
mod error;
mod exchange;
mod fault;
mod fit;
mod front_end;
mod handle;
mod journal;
mod keys;
mod lifecycle;
mod notifications;
mod planned_response;
mod refusal;
mod request;
mod respond;
mod server;
mod state;
mod storage;
mod suggestion;
mod watch;

pub use account::Account;
pub use bills::{BillDigest, BillFile};
pub use book::BookError;
pub use builder::SandboxBuilder;
pub use check::diagnosis::verdict::SignatureVerdict;
pub use check::diagnosis::{MessageDifference, SignatureDiagnosis};
pub use control::pages::PageFuture;
pub use error::SandboxError;
pub use fault::{Fault, SignatureFault, SignedHeader};
pub use front_end::{FrontEndError, FrontEndKind, FrontEndProblem, OpenedPayment};
pub use handle::Sandbox;
pub use journal::ReceivedRequest;
pub use keys::AccountKind;
pub use keys::keyring::KeyMode;
pub use keys::saved::{SavedAccount, SavedCertificate, SavedRotation};
pub use lifecycle::error::LifecycleError;
pub use lifecycle::resource::SandboxResource;
pub use lifecycle::show::journal::{NotificationAttempt, SentNotification};
pub use notifications::SandboxNotification;
pub use notifications::delivery::{Attempt, Delivery, DeliveryLog};
pub use notifications::fault::NotificationFault;
pub use notifications::schedule::Schedule;
pub use notifications::webhook_client::WebhookResponse;
pub use planned_response::PlannedResponse;
pub use request::origin::OfficialHost;
pub use server::SandboxConnections;
pub use storage::{SandboxStorage, StorageBatch, StorageError};
pub use watch::UnknownSender;
