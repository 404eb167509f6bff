//! A WeChat Pay on this machine, for tests without money.
//!
//! [`Sandbox::start`] listens on a free port of 127.0.0.1. The sandbox verifies the signature of
//! every request, checks each value against the operation's descriptor, and decrypts secrets. It
//! remembers what it is told: orders, refunds and all else that has a lifecycle. Other operations
//! get signed examples that contain the request's own values.
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
//! A test lets events happen ([`Sandbox::order`], [`SandboxResource::event`]), moves the clock ([`Sandbox::advance`]),
//! injects faults ([`Sandbox::inject_fault`]), plans other responses ([`Sandbox::respond`]) and sends other
//! notifications ([`Account::notify`], [`Account::deliver`]). [`SandboxBuilder::examples`] remembers nothing.

// An exchange goes through `request`, `check`, `decide`, `respond` and `journal`, in this order.
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
#[allow(dead_code, reason = "the control surface over HTTP uses the rest of it")]
mod lifecycle;
mod notifications;
mod planned_response;
mod refusal;
mod request;
mod respond;
mod server;
mod state;

pub use account::Account;
pub use bills::{BillDigest, BillFile};
pub use book::BookError;
pub use builder::SandboxBuilder;
pub use error::SandboxError;
pub use fault::{Fault, SignatureFault, SignedHeader};
pub use front_end::{FrontEndError, FrontEndKind, FrontEndProblem, OpenedPayment};
pub use handle::Sandbox;
pub use journal::ReceivedRequest;
pub use keys::keyring::KeyMode;
pub use lifecycle::error::LifecycleError;
pub use lifecycle::resource::SandboxResource;
pub use lifecycle::show::journal::{NotificationAttempt, SentNotification};
pub use notifications::SandboxNotification;
pub use notifications::delivery::{Attempt, Delivery, DeliveryLog};
pub use notifications::schedule::Schedule;
pub use notifications::webhook_client::WebhookResponse;
pub use planned_response::PlannedResponse;
