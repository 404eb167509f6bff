//! Front ends: verifies what a mini program, a web page or an app is given, as WeChat does, and pays with it.
//!
//! Responses give merchants credentials such as `prepay_id`. The merchant signs them for its front end
//! ([`crate::invoke`]), and the front end passes them to WeChat. The sandbox is WeChat here.

pub(super) mod api;
mod apiv2_sign;
mod check;
pub(super) mod credentials;
mod error;
mod jumps;
mod kind;
mod open;
pub(super) mod page;
mod pay_sign;
mod payments;

pub use error::{FrontEndError, FrontEndProblem};
pub use kind::FrontEndKind;
pub use open::OpenedPayment;
